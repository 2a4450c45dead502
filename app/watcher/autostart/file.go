//go:build !windows

package autostart

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

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
