package onpath

import (
	"errors"
	"fmt"
	"syscall"
	"unsafe"

	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/registry"
)

// Add puts dir at the end of the person's PATH. Programs that start from now on see it.
func Add(dir string) error { return change(dir, with) }

// Remove takes dir off the person's PATH.
func Remove(dir string) error { return change(dir, without) }

// change edits the person's own part of PATH, keeping its kind: folders may be named by variables there.
func change(dir string, edit func(list, dir string) string) error {
	key, _, err := registry.CreateKey(registry.CURRENT_USER, "Environment", registry.QUERY_VALUE|registry.SET_VALUE)
	if err != nil {
		return fmt.Errorf("open the person's environment: %w", err)
	}
	defer key.Close()
	list, kind, err := key.GetStringValue("Path")
	if err != nil && !errors.Is(err, syscall.ERROR_FILE_NOT_FOUND) {
		return fmt.Errorf("read the person's PATH: %w", err)
	}
	now := edit(list, dir)
	if now == list {
		return nil
	}
	if kind == registry.SZ {
		err = key.SetStringValue("Path", now)
	} else {
		err = key.SetExpandStringValue("Path", now)
	}
	if err != nil {
		return fmt.Errorf("change the person's PATH: %w", err)
	}
	tell()
	return nil
}

// tell has the desktop take notice, so that the next console sees the change
// (https://learn.microsoft.com/windows/win32/procthread/environment-variables). A program that does not answer is not waited for.
func tell() {
	const broadcast, settingChange, abortIfHung, milliseconds = 0xffff, 0x001A, 0x0002, 1000
	what, err := windows.UTF16PtrFromString("Environment")
	if err != nil {
		return
	}
	_, _, _ = windows.NewLazySystemDLL("user32.dll").NewProc("SendMessageTimeoutW").Call(
		broadcast, settingChange, 0, uintptr(unsafe.Pointer(what)), abortIfHung, milliseconds, 0)
}
