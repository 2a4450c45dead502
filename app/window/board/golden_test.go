package board

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"rimbalzo/app/window/golden"
	"rimbalzo/internal/advice"
	"rimbalzo/internal/outage"
	"rimbalzo/internal/words"
)

// page shows a sample of n messages.
func page(t testing.TB, w *words.Words, n int, a *asked) *Page {
	t.Helper()
	b := New(params(w, a))
	t.Cleanup(b.Close)
	b.Load(sample(t, n), outage.Builtin().Sources)
	return b
}

// TestGolden holds the page to what it looked like when somebody last looked at it.
func TestGolden(t *testing.T) {
	golden.Page(t, "board", func(w *words.Words, fill golden.Fill) fyne.CanvasObject {
		n := map[golden.Fill]int{golden.Empty: 0, golden.Small: 3, golden.Full: 60}[fill]
		b := page(t, w, n, newAsked())
		if fill == golden.Full {
			items := b.Sheet.Index.Items
			b.Sheet.Write(items[1:2], "telefonato, richiama giovedì", january(27, 17, 0))
			b.say(items[2:5], advice.SaidDone)
		}
		return b.Root()
	})
}

// TestSmallWindow: in a window of 1024x640 several messages are in view, and nothing is cut off or lies over another.
func TestSmallWindow(t *testing.T) {
	for _, lang := range words.Languages {
		for _, n := range []int{7, 300} {
			b, win, _ := shownPage(t, lang, n)
			win.Resize(fyne.NewSize(1024-(1280-golden.Room.Width), 640))
			win.Content().Refresh()
			golden.Check(t, win)
			rows := 0
			for _, o := range test.LaidOutObjects(b.List) {
				if r, ok := o.(*row); ok && r.Visible() && !r.entry.header && r.entry.subject != "" {
					rows++
				}
			}
			if rows < 3 {
				t.Errorf("%s: %d of %d messages are in view", lang, rows, n)
			}
		}
	}
}

// TestGoldenWhy holds the reasons to it, where they have the window to themselves or are about each verdict.
func TestGoldenWhy(t *testing.T) {
	for _, v := range []advice.Verdict{advice.Wait, advice.Check} {
		t.Run(string(v), func(t *testing.T) {
			golden.Page(t, "why-"+string(v), func(w *words.Words, fill golden.Fill) fyne.CanvasObject {
				b := page(t, w, map[golden.Fill]int{golden.Empty: 7, golden.Small: 7, golden.Full: 60}[fill], newAsked())
				b.Filter.Verdict = v
				b.fill()
				if fill != golden.Empty {
					b.both.show(true)
				}
				if fill == golden.Full {
					b.Why.again.open, b.Why.again.finding, b.Why.again.telling = v == advice.Check, true, true
					b.Why.again.rebuild()
				}
				return b.Root()
			})
		})
	}
}
