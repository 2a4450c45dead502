package outages

import (
	"context"
	"testing"

	"fyne.io/fyne/v2"

	"rimbalzo/app/window/golden"
	"rimbalzo/internal/demo"
	"rimbalzo/internal/outage"
	"rimbalzo/internal/review"
	"rimbalzo/internal/words"
)

// TestGoldenFound: an outage that no catalogue has, found in the demo's mail, is drawn with what is concluded of it.
func TestGoldenFound(t *testing.T) {
	s, err := demo.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	r, err := review.Run(t.Context(), review.Request{
		IMAP: s.IMAPURL, Roots: s.CA, Password: func(context.Context) (string, error) { return s.Password, nil },
		At: january(30, 18, 0), Catalogue: new(outage.Catalogue), Zone: rome, Discover: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Found) == 0 {
		t.Fatal("nothing was found in the mail of an outage")
	}
	golden.Page(t, "found", func(w *words.Words, fill golden.Fill) fyne.CanvasObject {
		g := New(params(w, nil))
		shown := r
		if fill == golden.Empty { // what was found and touched none of the mail that is left
			shown.Outages, shown.Items = nil, nil
		}
		g.Load(shown, nil)
		return g.Root()
	})
}
