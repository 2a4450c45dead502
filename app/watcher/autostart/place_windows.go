package autostart

import (
	"errors"
	"fmt"
	"syscall"

	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/registry"
)

// runKey holds what starts at a person's login
// (https://learn.microsoft.com/windows/win32/setupapi/run-and-runonce-registry-keys).
const runKey = `Software\Microsoft\Windows\CurrentVersion\Run`

// maxCommand is the longest command there.
const maxCommand = 260

func line(e Entry) (string, error) {
	if err := e.check(); err != nil {
		return "", err
	}
	s := windows.ComposeCommandLine(e.Command)
	if len(s) > maxCommand {
		return "", fmt.Errorf("%w: longer than %d characters", ErrCommand, maxCommand)
	}
	return s, nil
}

// Enable has the entry start at every login from the next one on.
func Enable(e Entry) error {
	command, err := line(e)
	if err != nil {
		return err
	}
	key, _, err := registry.CreateKey(registry.CURRENT_USER, runKey, registry.SET_VALUE)
	if err != nil {
		return fmt.Errorf("switch on the start at login: %w", err)
	}
	defer key.Close()
	if err := key.SetStringValue(e.ID, command); err != nil {
		return fmt.Errorf("switch on the start at login: %w", err)
	}
	return nil
}

// Disable takes the entry away.
func Disable(e Entry) error {
	key, err := registry.OpenKey(registry.CURRENT_USER, runKey, registry.SET_VALUE)
	if errors.Is(err, syscall.ERROR_FILE_NOT_FOUND) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("switch off the start at login: %w", err)
	}
	defer key.Close()
	if err := key.DeleteValue(e.ID); err != nil && !errors.Is(err, syscall.ERROR_FILE_NOT_FOUND) {
		return fmt.Errorf("switch off the start at login: %w", err)
	}
	return nil
}

// Enabled reports whether just this entry starts at login.
func Enabled(e Entry) (bool, error) {
	command, err := line(e)
	if err != nil {
		return false, err
	}
	key, err := registry.OpenKey(registry.CURRENT_USER, runKey, registry.QUERY_VALUE)
	if errors.Is(err, syscall.ERROR_FILE_NOT_FOUND) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("look at the start at login: %w", err)
	}
	defer key.Close()
	found, _, err := key.GetStringValue(e.ID)
	if err != nil && !errors.Is(err, syscall.ERROR_FILE_NOT_FOUND) {
		return false, fmt.Errorf("look at the start at login: %w", err)
	}
	return found == command, nil
}
