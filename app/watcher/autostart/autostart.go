// Package autostart has the watcher start when the person logs in, or not: an XDG autostart entry on Linux, a value of the
// Run key on Windows, a launch agent on macOS. Off unless the person switches it on.
package autostart

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
)

// Entry is what is started.
type Entry struct {
	ID, Name string   // of FyneApp.toml
	Comment  string   // in the person's language
	Command  []string // the program's absolute path, then its arguments
	// Config is the folder for the settings of programs, os.UserConfigDir at the program's start: the window's toolkit changes
	// it later. Only Linux uses it.
	Config string
}

// ErrCommand means that a command cannot be written down as an entry.
var ErrCommand = errors.New("not a command that can be started at login")

func (e Entry) check() error {
	if len(e.Command) == 0 || !filepath.IsAbs(e.Command[0]) {
		return fmt.Errorf("%w: %q", ErrCommand, e.Command)
	}
	for _, s := range append([]string{e.ID, e.Name, e.Comment}, e.Command...) {
		if strings.ContainsAny(s, "\x00\r\n") {
			return fmt.Errorf("%w: %q", ErrCommand, s)
		}
	}
	return nil
}
