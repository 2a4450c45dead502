// Package autostart has the watcher start when the person logs in, or not: an XDG autostart entry on Linux, a value of the
// Run key on Windows, a launch agent on macOS. Off unless the person switches it on.
package autostart

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
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

// writeWhole writes a small file whole or not at all.
func writeWhole(path, text string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("switch on the start at login: %w", err)
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".rimbalzo-*")
	if err != nil {
		return fmt.Errorf("switch on the start at login: %w", err)
	}
	defer os.Remove(f.Name())
	_, err = f.WriteString(text)
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("switch on the start at login: %w", err)
	}
	return nil
}

// remove takes a file away; one that is not there is gone already.
func remove(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("switch off the start at login: %w", err)
	}
	return nil
}

// holds reports whether a file holds a text.
func holds(path, text string) (bool, error) {
	data, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return false, nil
	case err != nil:
		return false, fmt.Errorf("look at the start at login: %w", err)
	}
	return string(data) == text, nil
}
