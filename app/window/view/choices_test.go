package view

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"

	"rimbalzo/app/settings"
	"rimbalzo/app/window/kit"
)

// TestChoicesCountAtOnce: language, looks and scale change the window that is open, and the system's come back.
func TestChoicesCountAtOnce(t *testing.T) {
	t.Setenv(scaleVariable, "")
	a := test.NewApp()
	a.Settings().SetTheme(kit.NewLook())
	f, win := still(params("it"), sample(t, 6))
	defer f.Close()
	win.Resize(fyne.NewSize(1200, 740))
	ground := func() any { return a.Settings().Theme().Color(theme.ColorNameBackground, theme.VariantLight) }
	light := ground()
	f.apply(settings.Settings{Language: "en", Theme: "dark", Scale: 200})
	if got := shownIn(win); !strings.Contains(got, "Send again") || f.p.Words.Lang() != "en" {
		t.Errorf("still speaks %s", got)
	}
	if ground() == light {
		t.Error("it is still light")
	}
	if size := win.Canvas().Size(); os.Getenv(scaleVariable) != "2.00" || size.Width > 700 {
		t.Errorf("scale %q, and the window has %v: twice the room on the screen", os.Getenv(scaleVariable), size)
	}
	f.apply(settings.Settings{})
	if f.p.Words.Lang() != "it" || ground() != light || os.Getenv(scaleVariable) != "1.00" || win.Canvas().Size().Width < 1100 {
		t.Errorf("the system's do not come back: %s, %v, %q, %v", f.p.Words.Lang(), ground(), os.Getenv(scaleVariable), win.Canvas().Size())
	}
}

// TestDropped: mail that is dropped onto the window is read; what cannot be read is answered with what to do instead.
func TestDropped(t *testing.T) {
	test.NewApp().Settings().SetTheme(kit.NewLookIn(theme.VariantLight))
	dir := t.TempDir()
	mbox, msg := filepath.Join(dir, "a.eml"), filepath.Join(dir, "b.MSG")
	for _, path := range []string{mbox, msg} {
		if err := os.WriteFile(path, []byte("Subject: x\n\nx\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, tc := range map[string]struct {
		paths []string
		want  string // what is said; "" where it is read
	}{
		"a message":      {[]string{mbox}, ""},
		"a folder":       {[]string{dir}, ""},
		"Outlook's":      {[]string{mbox, msg}, "Save as"},
		"gone meanwhile": {[]string{filepath.Join(dir, "gone")}, "There is nothing"},
		"too many":       {strings.Split(strings.Repeat(mbox+"\n", mostDropped)+mbox, "\n"), "Drop their folder"},
	} {
		t.Run(name, func(t *testing.T) {
			desk, _ := newDesk(t)
			f, win, pump := pumped(t, ownParams(desk))
			pump(func() bool { return f.own.clients != nil })
			var dropped []fyne.URI
			for _, p := range tc.paths {
				dropped = append(dropped, storage.NewFileURI(p))
			}
			f.dropped(dropped)
			if tc.want == "" {
				pump(func() bool { return f.reviewed })
				return
			}
			pump(func() bool { return win.Canvas().Overlays().Top() != nil })
			if got := strings.ReplaceAll(texts(win.Canvas().Overlays().Top()), "\n", " "); !strings.Contains(got, tc.want) || f.request != nil {
				t.Errorf("says %s", got)
			}
		})
	}
}
