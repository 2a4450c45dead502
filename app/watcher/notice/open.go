package notice

import (
	"os"
	"runtime"
)

// Open gives the desktop of this system, or [ErrNoDesktop]. Buttons are for D-Bus alone: on Windows they would need a COM
// server of our own, and osascript knows none.
func Open(p Params) (Desktop, error) {
	switch runtime.GOOS {
	case "windows":
		return script{p, toast}, nil
	case "darwin":
		return script{p, appleNotice}, nil
	}
	_, err := os.Stat("/.flatpak-info") // there inside Flatpak only (flatpak-metadata(5))
	return openBus(p, err == nil)
}
