package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// wineRooms are the rooms with code of their own for Windows.
var wineRooms = []string{
	"app/watcher/ipc", "app/watcher/notice", "app/watcher/autostart", "app/watcher/logfile", "internal/account", "internal/store",
}

// randomShim is the one function of a library of Windows 10 that Go programs need to start and that older wines lack
// (ProcessPrng of bcryptprimitives.dll, since Go 1.22); SystemFunction036 is RtlGenRandom.
const randomShim = `#include <windows.h>
BOOLEAN NTAPI SystemFunction036(PVOID, ULONG);
__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE to, SIZE_T left) {
  for (ULONG n; left > 0; to += n, left -= n) {
    n = left < 65536 ? (ULONG)left : 65536;
    if (!SystemFunction036(to, n)) return FALSE;
  }
  return TRUE;
}
`

// readersShim stands for the library through which screen readers see the window, of which older wines have the name only: a
// program that calls it there is ended. It says that nobody listens (learn.microsoft.com, "UI Automation Provider Functions").
const readersShim = `#include <windows.h>
#define EXPORT __declspec(dllexport)
EXPORT LRESULT WINAPI UiaReturnRawElementProvider(HWND w, WPARAM p, LPARAM l, void *e) { return 0; }
EXPORT HRESULT WINAPI UiaHostProviderFromHwnd(HWND w, void **p) { if (p) *p = 0; return E_NOTIMPL; }
EXPORT HRESULT WINAPI UiaDisconnectProvider(void *p) { return S_OK; }
EXPORT HRESULT WINAPI UiaRaiseAutomationEvent(void *p, int e) { return S_OK; }
EXPORT HRESULT WINAPI UiaRaiseStructureChangedEvent(void *p, int t, int *id, int n) { return S_OK; }
EXPORT BOOL WINAPI UiaClientsAreListening(void) { return FALSE; }
`

// wine runs the tests of the rooms that have code for Windows, built for Windows, under wine with a prefix of its own.
func wine(w *workshop) error {
	dir, env, err := winePrefix(w)
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	overlay, err := removingOverlay(w, dir)
	if err != nil {
		return err
	}
	var failed []error
	for _, room := range wineRooms {
		failed = append(failed, wineRoom(w, env, dir, overlay, room))
	}
	return w.close("wine", errors.Join(failed...))
}

// winePrefix makes a Windows of its own below a folder that the caller removes, and gives the environment in which programs see it.
func winePrefix(w *workshop) (dir string, env []string, err error) {
	if dir, err = os.MkdirTemp("", "rimbalzo-wine-"); err != nil {
		return "", nil, fmt.Errorf("making a folder for wine: %w", err)
	}
	prefix := filepath.Join(dir, "prefix")
	env = []string{"WINEPREFIX=" + prefix, "WINEDEBUG=-all", "WINEARCH=win64", "WINEDLLOVERRIDES=mscoree,mshtml=;uiautomationcore=n", "RIMBALZO_SLOW=1"}
	if err := w.run(env, "wine", "wineboot", "--init"); err != nil {
		return dir, env, err
	}
	for library, source := range map[string]string{"bcryptprimitives": randomShim, "uiautomationcore": readersShim} {
		from := filepath.Join(dir, library+".c")
		if err := os.WriteFile(from, []byte(source), 0o600); err != nil {
			return dir, env, fmt.Errorf("writing what wine lacks: %w", err)
		}
		to := filepath.Join(prefix, "drive_c", "windows", "system32", library+".dll")
		if err := w.run(nil, "x86_64-w64-mingw32-gcc", "-shared", "-O2", "-o", to, from, "-ladvapi32"); err != nil {
			return dir, env, err
		}
	}
	return dir, env, nil
}

// removingOverlay has the standard library remove files as before Windows 10 where wine says that it does not know the newer
// way: Go expects other words for that, and no test could clear its folder away.
func removingOverlay(w *workshop, dir string) (string, error) {
	root, err := w.read(nil, "go", "env", "GOROOT")
	if err != nil {
		return "", err
	}
	original := filepath.Join(strings.TrimSpace(root), "src", "internal", "syscall", "windows", "at_windows.go")
	text, err := os.ReadFile(original)
	if err != nil {
		return "", fmt.Errorf("reading how Go removes files: %w", err)
	}
	const known, notImplemented = "\t\tSTATUS_NOT_SUPPORTED:", "\t\tNTStatus(0xC0000002), STATUS_NOT_SUPPORTED:"
	patched := filepath.Join(dir, "at_windows.go")
	rules, err := json.Marshal(map[string]any{"Replace": map[string]string{original: patched}})
	if err != nil {
		return "", err
	}
	overlay := filepath.Join(dir, "overlay.json")
	return overlay, errors.Join(
		os.WriteFile(patched, []byte(strings.Replace(string(text), known, notImplemented, 1)), 0o600), os.WriteFile(overlay, rules, 0o600),
	)
}

// wineRoom runs one room's tests in the room's folder, where their data is.
func wineRoom(w *workshop, env []string, dir, overlay, room string) error {
	fmt.Fprintf(w.out, "-- %s\n", room)
	exe := filepath.Join(dir, filepath.Base(room)+".test.exe")
	if err := w.run([]string{"GOOS=windows", "CGO_ENABLED=0"}, "go", "test", "-c", "-overlay", overlay, "-o", exe, "./"+room); err != nil {
		return err
	}
	var seen bytes.Buffer
	c := w.command(env, "wine", exe, "-test.v", "-test.timeout=10m")
	c.Dir = filepath.Join(w.root, filepath.FromSlash(room))
	c.Stdout = io.MultiWriter(&seen, w.out)
	if err := c.Run(); err != nil {
		return fmt.Errorf("the tests of %s under wine: %w", room, err)
	}
	if !anyPassed(seen.Bytes()) {
		return fmt.Errorf("%s: %w", room, errNoTest)
	}
	return nil
}
