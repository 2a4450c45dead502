package kit

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
)

// TestShortcutsLeaveFields: the window's shortcuts are for the window while one types, and those of writing for the field.
func TestShortcutsLeaveFields(t *testing.T) {
	with := func(key fyne.KeyName) fyne.Shortcut {
		return &desktop.CustomShortcut{KeyName: key, Modifier: fyne.KeyModifierShortcutDefault}
	}
	for _, s := range []fyne.Shortcut{with(fyne.Key1), with(fyne.Key0), with(fyne.KeyE), with(fyne.KeyK), with(fyne.KeyR)} {
		if !forWindow(s) {
			t.Errorf("%v stays in the field", s)
		}
	}
	for _, s := range []fyne.Shortcut{
		with(fyne.KeyLeft), with(fyne.KeyBackspace), with(fyne.KeyZ), &fyne.ShortcutSelectAll{}, &fyne.ShortcutPaste{},
		&desktop.CustomShortcut{KeyName: fyne.KeyLeft, Modifier: fyne.KeyModifierShift | fyne.KeyModifierShortcutDefault},
	} {
		if forWindow(s) {
			t.Errorf("%v leaves the field", s)
		}
	}
	test.NewApp()
	field := NewField()
	field.SetText("some words")
	if field.TypedShortcut(&fyne.ShortcutSelectAll{}); field.SelectedText() != "some words" {
		t.Errorf("selected is %q", field.SelectedText())
	}
}
