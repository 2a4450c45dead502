package help

import (
	"os"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"rimbalzo/app/window/golden"
	"rimbalzo/app/window/kit"
	"rimbalzo/internal/outage"
	"rimbalzo/internal/words"
)

func TestMain(m *testing.M) {
	// The toolkit complains of LANG=C.
	if err := os.Setenv("LANG", "en_US.UTF-8"); err != nil {
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// opened shows the help in a window of a size.
func opened(t *testing.T, lang string, c *outage.Catalogue, size fyne.Size) (*Page, *[]string) {
	t.Helper()
	test.NewApp().Settings().SetTheme(kit.NewLookIn(theme.VariantLight))
	var copied []string
	p := New(Params{Words: words.New(lang), Zone: time.UTC, Catalogue: c, Copied: func(s string) { copied = append(copied, s) }})
	win := test.NewWindow(p.Root())
	t.Cleanup(win.Close)
	win.Resize(size)
	return p, &copied
}

func TestSearchAndRead(t *testing.T) {
	p, _ := opened(t, "it", outage.Builtin(), fyne.NewSize(1024, 420))
	if p.State().Topic != "start" || p.First() != fyne.Focusable(p.search) {
		t.Errorf("it begins with %v, and typing goes into %T", p.State(), p.First())
	}
	test.Type(p.search, "ccn")
	if got := golden.Shown(p.Root()); p.State().Topic != "missing-mail" || !strings.Contains(got, "1 argomento") || !strings.Contains(got, "copia nascosta (Ccn)") {
		t.Errorf("%v shows\n%s", p.State(), got)
	}
	if p.scroll.Offset.Y < 100 {
		t.Errorf("what was looked for is not in view: %v", p.scroll.Offset)
	}
	test.Type(p.search, "zzz")
	if got := golden.Shown(p.Root()); !strings.Contains(got, "Nessun argomento contiene «ccnzzz».") || p.State().Topic != "missing-mail" {
		t.Errorf("%v shows\n%s", p.State(), got)
	}
	p.Open("keys")
	if got := golden.Shown(p.Root()); !strings.Contains(got, "F1: l'aiuto") || p.search.Text != "" {
		t.Errorf("the topic that was asked for is not shown:\n%s", got)
	}
	p.Open("no such topic")
	if p.State().Topic != "keys" {
		t.Errorf("a topic that is not there leads to %v", p.State())
	}
}

// TestLanguageKeepsThePlace: the page built anew in the other language shows the same topic.
func TestLanguageKeepsThePlace(t *testing.T) {
	p, _ := opened(t, "it", outage.Builtin(), fyne.NewSize(1024, 700))
	p.Open("verdicts")
	again, _ := opened(t, "en", outage.Builtin(), fyne.NewSize(562, 380))
	again.Restore(p.State())
	if got := golden.Shown(again.Root()); !strings.Contains(got, "What the verdicts mean") || strings.Contains(got, "consigli") {
		t.Errorf("shows\n%s", got)
	}
}

func TestCopy(t *testing.T) {
	p, copied := opened(t, "en", outage.Builtin(), fyne.NewSize(1024, 3000))
	p.Open("missing-mail")
	for _, o := range test.LaidOutObjects(p.Root()) {
		if pill, ok := o.(*kit.Pill); ok {
			pill.TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace})
			if pill.Text != "Copied" {
				t.Errorf("the pill says %q", pill.Text)
			}
		}
	}
	if strings.Join(*copied, ";") != "rimbalzo missing" {
		t.Errorf("copied %q", *copied)
	}
}

// TestHostileCatalogue: an outage that somebody else wrote is shown as text, and nothing in it can be opened.
func TestHostileCatalogue(t *testing.T) {
	c := &outage.Catalogue{Sources: map[string]string{"A": "[x](https://evil.example) <b>https://evil.example/1"}, Outages: []outage.Outage{{
		ID: "x", Name: outage.Text{En: "**bold** [click](https://evil.example)\u202e\n# head"}, Domains: []string{"a.example"},
		Phases: []outage.Phase{{Title: outage.Text{En: "p"}, Behaviour: outage.Reopening, Sources: []string{"A"}}},
	}}}
	p, _ := opened(t, "en", c, fyne.NewSize(1024, 3000))
	p.Open("what-happened")
	if got := golden.Shown(p.Root()); !strings.Contains(got, "**bold** [click](https://evil.example) # head") || strings.Contains(got, "\u202e") {
		t.Errorf("shows\n%s", got)
	}
	for _, o := range test.LaidOutObjects(p.Root()) {
		if _, ok := o.(*widget.Hyperlink); ok {
			t.Errorf("%T can be opened", o)
		}
	}
}

// TestSizes: at every size that a window may have, the topic's title is in view.
func TestSizes(t *testing.T) {
	for _, size := range []fyne.Size{{Width: 1100, Height: 700}, {Width: 846, Height: 610}, {Width: 562, Height: 380}, {Width: 434, Height: 300}} {
		p, _ := opened(t, "it", outage.Builtin(), size)
		p.Open("never")
		if p.Root().MinSize().Width > size.Width || p.Root().MinSize().Height > size.Height {
			t.Errorf("%v: it wants %v", size, p.Root().MinSize())
		}
		at := fyne.CurrentApp().Driver().AbsolutePositionForObject(p.text)
		if at.X < 0 || at.Y > size.Height-40 {
			t.Errorf("%v: the text begins at %v", size, at)
		}
	}
}

func TestGolden(t *testing.T) {
	golden.Page(t, "help", func(w *words.Words, fill golden.Fill) fyne.CanvasObject {
		p := New(Params{Words: w, Zone: time.UTC, Catalogue: outage.Builtin(), Copied: func(string) {}})
		switch fill {
		case golden.Empty:
			p.search.SetText("zzzz")
		case golden.Small:
			p.Open("helping")
		case golden.Full:
			p.search.SetText("IMAP")
			p.Open("providers")
		}
		return p.Root()
	})
}
