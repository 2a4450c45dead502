//go:build !windows

package autostart

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
)

// place gives the entry's file and its text.
func place(e Entry) (path, text string, err error) {
	if err := e.check(); err != nil {
		return "", "", err
	}
	if runtime.GOOS == "darwin" {
		home, err := os.UserHomeDir()
		return filepath.Join(home, "Library", "LaunchAgents", e.ID+".watcher.plist"), launchAgent(e), err
	}
	if !filepath.IsAbs(e.Config) {
		return "", "", fmt.Errorf("%w: no folder for settings", ErrCommand)
	}
	return filepath.Join(e.Config, "autostart", e.ID+".desktop"), desktopEntry(e), nil
}

// Enable has the entry start at every login from the next one on.
func Enable(e Entry) error {
	path, text, err := place(e)
	if err != nil {
		return err
	}
	return writeWhole(path, text)
}

// Disable takes the entry away.
func Disable(e Entry) error {
	path, _, err := place(e)
	if err != nil {
		return err
	}
	return remove(path)
}

// Enabled reports whether just this entry starts at login; one that was changed by hand, or starts a program of another
// place, does not count.
func Enabled(e Entry) (bool, error) {
	path, text, err := place(e)
	if err != nil {
		return false, err
	}
	return holds(path, text)
}
