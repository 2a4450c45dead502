package kit

import (
	"runtime"

	"fyne.io/fyne/v2"
)

// Presses reports whether a key presses what has the focus.
func Presses(e *fyne.KeyEvent) bool {
	return e.Name == fyne.KeySpace || e.Name == fyne.KeyReturn || e.Name == fyne.KeyEnter
}

// PassOn gives a key that o has no use for to the window: the toolkit tells a window of keys only while nothing has the focus,
// and F1 and Escape are for everywhere.
func PassOn(o fyne.CanvasObject, e *fyne.KeyEvent) {
	c := fyne.CurrentApp().Driver().CanvasForObject(o)
	if c == nil {
		return
	}
	if typed := c.OnTypedKey(); typed != nil {
		typed(e)
	}
}

// Chord is a key together with the system's key for commands, as it stands on the keyboard.
func Chord(key string) string {
	if runtime.GOOS == "darwin" {
		return "⌘" + key
	}
	return "Ctrl+" + key
}
