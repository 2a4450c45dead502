package icons

import "embed"

//go:embed tray-*.png tray-*.ico
var tray embed.FS

// Tray gives the tray's icon for a state ("up", "trouble", "down", "unknown", "paused"), as PNG of 64 pixels, and as .ico for
// Windows; nil for a state that has none.
func Tray(state string, windows bool) []byte {
	ext := ".png"
	if windows {
		ext = ".ico"
	}
	data, err := tray.ReadFile("tray-" + state + ext)
	if err != nil {
		return nil
	}
	return data
}
