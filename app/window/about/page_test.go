package about

import (
	"errors"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	facts "rimbalzo/app/about"
	"rimbalzo/app/licences"
	"rimbalzo/app/window/golden"
	"rimbalzo/app/window/kit"
	"rimbalzo/app/window/session"
	"rimbalzo/internal/outage"
	"rimbalzo/internal/words"
)

// opened gives the page when the licences are read.
func opened(t *testing.T, text func() (string, error), c *outage.Catalogue) (*Page, *[]string) {
	t.Helper()
	test.NewTempApp(t).Settings().SetTheme(kit.NewLookIn(theme.VariantLight))
	var copied []string
	handed := make(chan func(), 10)
	p := Params{
		Words: words.New("en"), Version: "1.2.3", Homepage: "https://home.example/rimbalzo", Catalogue: c, Licences: text,
		Errands: session.NewErrands(func(f func()) { handed <- f }), Copied: func(s string) { copied = append(copied, s) },
		Explain: func(err error) string { return "Because " + err.Error() + "." },
	}
	t.Cleanup(func() { p.Errands.Close(time.Second) })
	g := New(p)
	win := test.NewTempWindow(t, g.Root())
	win.Resize(fyne.NewSize(900, 3000))
	select {
	case f := <-handed:
		f()
	case <-time.After(10 * time.Second):
		t.Fatal("the licences are not read")
	}
	return g, &copied
}

func pill(t *testing.T, g *Page, text string) *kit.Pill {
	t.Helper()
	for _, o := range test.LaidOutObjects(g.Root()) {
		if p, ok := o.(*kit.Pill); ok && p.Visible() && p.Text == text {
			return p
		}
	}
	t.Fatalf("there is no %q in\n%s", text, golden.Shown(g.Root()))
	return nil
}

func TestAbout(t *testing.T) {
	g, copied := opened(t, licences.Text, outage.Builtin())
	text := golden.Shown(g.Root())
	for _, want := range append(facts.Promises(g.Words), "Rimbalzo 1.2.3", "MIT licence", "https://home.example/rimbalzo", "parts written by others") {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if strings.Contains(text, "fyne.io/fyne") {
		t.Error("the parts are not folded away")
	}
	test.Tap(pill(t, g, "Copy the link"))
	if strings.Join(*copied, " ") != "https://home.example/rimbalzo" {
		t.Errorf("copied %q", *copied)
	}
	test.Tap(pill(t, g, "Show the list"))
	if text := golden.Shown(g.Root()); !strings.Contains(text, "fyne.io/fyne/v2 v2.8.0 · BSD-3-Clause") || !strings.Contains(text, "Choose a part") {
		t.Errorf("the parts are not shown:\n%s", text)
	}
	g.list.Select(0)
	if text := golden.Shown(g.Root()); !strings.Contains(text, "Copyright (C) 2018 Fyne.io developers") {
		t.Errorf("the licence is not shown:\n%.2000s", text)
	}
	test.Tap(pill(t, g, "Hide the list"))
	if strings.Contains(golden.Shown(g.Root()), "fyne.io/fyne") {
		t.Error("the parts are still shown")
	}
	for _, o := range test.LaidOutObjects(g.Root()) {
		if _, ok := o.(*widget.Hyperlink); ok {
			t.Error("a link can be opened")
		}
	}
}

func TestSources(t *testing.T) {
	c := &outage.Catalogue{Sources: map[string]string{"A": "Paper\u202e, 2 May, https://paper.example/1", "B": "[x](javascript:1)"}, Outages: []outage.Outage{{
		ID: "x", Name: outage.Text{En: "Example, May\n2024"}, Sources: []string{"A", "B"},
	}}}
	g, copied := opened(t, licences.Text, c)
	var choice *widget.Select
	for _, o := range test.LaidOutObjects(g.Root()) {
		if s, ok := o.(*widget.Select); ok && choice == nil {
			choice = s
		}
	}
	choice.SetSelected("Example, May 2024")
	if text := golden.Shown(g.Root()); !strings.Contains(text, "Paper, 2 May https://paper.example/1") || !strings.Contains(text, "[x](javascript:1)") || strings.Contains(text, "\u202e") {
		t.Errorf("shows\n%s", text)
	}
	pills := 0
	for _, o := range test.LaidOutObjects(g.Root()) {
		if p, ok := o.(*kit.Pill); ok && p.Text == "Copy the link" {
			p.Tapped(nil)
			pills++
		}
	}
	if pills != 2 || (*copied)[1] != "https://paper.example/1" {
		t.Errorf("%d pills copied %q", pills, *copied)
	}
}

func TestNoLicences(t *testing.T) {
	g, _ := opened(t, func() (string, error) { return "", errors.New("it is damaged") }, outage.Builtin())
	if text := golden.Shown(g.Root()); !strings.Contains(text, "Because it is damaged.") || strings.Contains(text, "Show the list") {
		t.Errorf("shows\n%s", text)
	}
}

func TestGolden(t *testing.T) {
	golden.Page(t, "about", func(w *words.Words, fill golden.Fill) fyne.CanvasObject {
		p := Params{
			Words: w, Version: "1.2.3", Homepage: "https://home.example/rimbalzo", Catalogue: outage.Builtin(), Errands: session.NewErrands(func(func()) {}),
			Licences: func() (string, error) { return "", nil }, Copied: func(string) {}, Explain: error.Error,
		}
		if fill == golden.Empty {
			p.Homepage, p.Catalogue = "", &outage.Catalogue{}
		}
		g := New(p)
		if fill != golden.Empty {
			g.take([]facts.Part{{Name: "module.example/a", Version: "v1.2.3", Licences: "MIT", Text: "MIT License\n\nCopyright"}, {Name: "module.example/b", Version: "v0.1.0", Licences: "BSD-3-Clause, MIT"}}, nil)
		}
		if fill == golden.Full {
			g.unfold()
			g.list.Select(0)
		}
		return g.Root()
	})
}
