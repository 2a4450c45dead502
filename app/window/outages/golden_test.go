package outages

import (
	"testing"

	"fyne.io/fyne/v2"

	"rimbalzo/app/window/golden"
	"rimbalzo/internal/outage"
	"rimbalzo/internal/words"
)

// TestGolden: nothing known and nothing seen; one outage and one service; all that there can be.
func TestGolden(t *testing.T) {
	golden.Page(t, "outages", func(w *words.Words, fill golden.Fill) fyne.CanvasObject {
		switch fill {
		case golden.Small:
			p := past(services[0])
			g := New(params(w, &p))
			g.Load(report(t, 9, "libero-2023-01"), nil)
			return g.Root()
		case golden.Full:
			p := past()
			g := New(params(w, &p))
			g.Load(report(t, 400, "libero-2023-01", "libero-2023-06"), outage.Builtin())
			return g.Root()
		}
		g := New(params(w, nil))
		g.Load(report(t, 0), nil)
		return g.Root()
	})
}
