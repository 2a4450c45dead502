package kit

import (
	"runtime"

	"fyne.io/fyne/v2"
)

// Presses reports whether a key presses what has the focus.
func Presses(e *fyne.KeyEvent) bool {
	return e.Name == fyne.KeySpace || e.Name == fyne.KeyReturn || e.Name == fyne.KeyEnter
}

// Chord is a key together with the system's key for commands, as it stands on the keyboard.
func Chord(key string) string {
	if runtime.GOOS == "darwin" {
		return "⌘" + key
	}
	return "Ctrl+" + key
}
