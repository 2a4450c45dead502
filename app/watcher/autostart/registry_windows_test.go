package autostart

import (
	"errors"
	"strings"
	"testing"

	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/registry"
)

// TestRunKey writes the real Run key of whoever runs it, under a name of its own.
func TestRunKey(t *testing.T) {
	e := Entry{ID: "io.github.rimbalzo.Test", Name: "Rimbalzo", Command: []string{`C:\Program Files\100% Rim\rimbalzo.exe`, "watch", "--data", `D:\my data\`}}
	expect := func(e Entry, want bool) {
		t.Helper()
		if on, err := Enabled(e); err != nil || on != want {
			t.Errorf("enabled: %t, %v; want %t", on, err, want)
		}
	}
	t.Cleanup(func() { _ = Disable(e) })
	if err := Disable(e); err != nil {
		t.Errorf("switching off what is off: %v", err)
	}
	expect(e, false)
	if err := Enable(e); err != nil {
		t.Fatal(err)
	}
	expect(e, true)
	moved := e
	moved.Command = []string{`C:\elsewhere\rimbalzo.exe`}
	expect(moved, false)

	key, err := registry.OpenKey(registry.CURRENT_USER, runKey, registry.QUERY_VALUE)
	if err != nil {
		t.Fatal(err)
	}
	defer key.Close()
	value, _, err := key.GetStringValue(e.ID)
	if err != nil {
		t.Fatal(err)
	}
	read, err := windows.DecomposeCommandLine(value)
	if err != nil || strings.Join(read, "\n") != strings.Join(e.Command, "\n") {
		t.Errorf("Windows would start %q, want %q, %v", read, e.Command, err)
	}
	if err := Disable(e); err != nil {
		t.Fatal(err)
	}
	expect(e, false)
	for _, command := range [][]string{nil, {"rimbalzo"}, {`C:\x`, "a\x00b"}, {`C:\` + strings.Repeat("x", maxCommand)}} {
		if err := Enable(Entry{ID: e.ID, Command: command}); !errors.Is(err, ErrCommand) {
			t.Errorf("%.40q: %v", command, err)
		}
	}
	expect(e, false)
}
