package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// Field is a field of one line. What it does not know itself goes on to the window: the toolkit's own would keep the window's
// shortcuts to itself, and whoever types could not go elsewhere.
type Field struct{ widget.Entry }

// NewField gives an empty field.
func NewField() *Field {
	f := &Field{}
	f.ExtendBaseWidget(f)
	return f
}

// TypedShortcut takes a shortcut that has been pressed: those of the program's own go to the window.
func (f *Field) TypedShortcut(s fyne.Shortcut) { TypedShortcut(f, &f.Entry, s) }

// TypedShortcut hands a shortcut to the field, or to the window where it is the program's own and not one of writing.
func TypedShortcut(o fyne.CanvasObject, field *widget.Entry, s fyne.Shortcut) {
	if !forWindow(s) {
		field.TypedShortcut(s)
		return
	}
	if c, ok := fyne.CurrentApp().Driver().CanvasForObject(o).(fyne.Shortcutable); ok {
		c.TypedShortcut(s)
	}
}

// forWindow reports whether a shortcut is one that no field has a use for.
func forWindow(s fyne.Shortcut) bool {
	own, ok := s.(*desktop.CustomShortcut)
	return ok && own.Modifier == fyne.KeyModifierShortcutDefault && !writes(own.KeyName)
}

// writes reports whether a key with the system's key for commands moves or takes back in a text.
func writes(key fyne.KeyName) bool {
	switch key {
	case fyne.KeyLeft, fyne.KeyRight, fyne.KeyUp, fyne.KeyDown, fyne.KeyHome, fyne.KeyEnd, fyne.KeyBackspace, fyne.KeyDelete, fyne.KeyA, fyne.KeyZ, fyne.KeyY:
		return true
	}
	return false
}

// TypedShortcut takes a shortcut that has been pressed: those of the program's own go to the window.
func (l *Lines) TypedShortcut(s fyne.Shortcut) { TypedShortcut(l, &l.Entry, s) }
