package view

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"

	topics "rimbalzo/app/help"
	"rimbalzo/app/settings"
	"rimbalzo/app/window/kit"
)

// TestHelpFromEverywhere: F1 leads to the help from every page, whatever on it has the keys at first, or Ctrl+0 does where
// typing goes into a field.
func TestHelpFromEverywhere(t *testing.T) {
	test.NewApp().Settings().SetTheme(kit.NewLookIn(theme.VariantLight))
	p := params("it")
	p.SaveSettings = func(settings.Settings) error { return nil }
	f, win := still(p, sample(t, 60))
	defer f.Close()
	win.Resize(fyne.NewSize(640, 400))
	for _, at := range f.places() {
		at.open()
		if focus := win.Canvas().Focused(); focus != nil {
			focus.TypedKey(&fyne.KeyEvent{Name: fyne.KeyF1})
		} else {
			win.Canvas().OnTypedKey()(&fyne.KeyEvent{Name: fyne.KeyF1})
		}
		if f.at != atHelp {
			t.Errorf("F1 leads from %s to %s", at.id, f.at)
		}
		if f.leavePage(); at.id != atHelp && f.left.help.Topic != topics.ForPage(at.id) {
			t.Errorf("F1 on %s explains %s", at.id, f.left.help.Topic)
		}
	}
	chords, _ := f.chords()
	f.visit(atNow)
	chords[fyne.Key0]()
	if f.at != atHelp {
		t.Errorf("Ctrl+0 leads to %s", f.at)
	}
}

// TestTheWindowStaysOnTheScreen: no page makes the window larger than 1280x800 at 200 %.
func TestTheWindowStaysOnTheScreen(t *testing.T) {
	test.NewApp().Settings().SetTheme(kit.NewLookIn(theme.VariantLight))
	for _, lang := range []string{"it", "en"} {
		f, win := still(params(lang), sample(t, 60))
		for _, at := range f.places() {
			at.open()
			if size := win.Content().MinSize(); size.Width > 640 || size.Height > 340 {
				t.Errorf("%s: %s wants %v", lang, at.id, size)
			}
		}
		f.Close()
	}
}
