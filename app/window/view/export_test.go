package view

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"rimbalzo/app/window/session"
)

// button finds a button of the dialog on top by what stands on it.
func button(t *testing.T, win fyne.Window, label string) *widget.Button {
	t.Helper()
	top := win.Canvas().Overlays().Top()
	if top == nil {
		t.Fatal("no dialog is open")
	}
	for _, o := range test.LaidOutObjects(top) {
		if b, ok := o.(*widget.Button); ok && b.Text == label {
			return b
		}
	}
	t.Fatalf("no button %q among\n%s", label, texts(top))
	return nil
}

// TestExport goes the whole way of a click on the button: the form, the file, the file's content.
func TestExport(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("USERPROFILE", home)
	f, win := window(t, "it", theme.VariantLight, 9)
	handed := make(chan func(), 10)
	f.errands = session.NewErrands(func(do func()) { handed <- do })
	f.p.Ticks.Set(&f.report.Items[0], january(27, 18, 0))
	f.export()
	test.Tap(button(t, win, "Avanti"))
	test.Tap(button(t, win, "Salva"))
	(<-handed)() // what was written elsewhere is told here
	if s := texts(win.Canvas().Overlays().Top()); !strings.Contains(s, "Fatto") {
		t.Errorf("says\n%s", s)
	}
	data, err := os.ReadFile(filepath.Join(home, "rimbalzo-lista.html"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"<html", "marta.esposito@libero.it", "Rispedisci"} {
		if !strings.Contains(string(data), want) {
			t.Errorf("the page has no %q", want)
		}
	}
}

// TestChoosing: the dialogs for files and folders open in the person's language, at a size that fits the window.
func TestChoosing(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("USERPROFILE", home)
	for name, tc := range map[string]struct {
		open func(*Frame, *widget.Entry)
		want string
	}{
		"a file":   {(*Frame).chooseFile, "Quale file?"},
		"a folder": {(*Frame).chooseFolder, "Quale cartella?"},
	} {
		t.Run(name, func(t *testing.T) {
			f, win := window(t, "it", theme.VariantLight, 3)
			entry := widget.NewEntry()
			tc.open(f, entry)
			s := texts(win.Canvas().Overlays().Top())
			for _, want := range []string{tc.want, "Annulla", "Scegli"} {
				if !strings.Contains(s, want) {
					t.Errorf("does not say %q:\n%s", want, s)
				}
			}
			for _, foreign := range []string{"Open", "Cancel", "Favourites", "Show Hidden"} {
				if strings.Contains(s, foreign) {
					t.Errorf("says %q", foreign)
				}
			}
			test.Tap(button(t, win, "Annulla"))
			if entry.Text != "" {
				t.Errorf("a choice called off gives %q", entry.Text)
			}
		})
	}
}
