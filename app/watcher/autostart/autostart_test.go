//go:build linux

package autostart

import (
	"encoding/xml"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

var entry = Entry{ID: "app.id", Name: "Rimbalzo", Comment: "Guarda la posta", Command: []string{"/opt/my programs/100% $HOME/rim`bal\"zo\\x", "watch", "--delay"}}

func TestOnAndOff(t *testing.T) {
	home := t.TempDir()
	entry := entry
	entry.Config = home
	expect := func(want bool) {
		t.Helper()
		if on, err := Enabled(entry); err != nil || on != want {
			t.Errorf("enabled: %t, %v; want %t", on, err, want)
		}
	}
	expect(false)
	if err := Disable(entry); err != nil {
		t.Errorf("switching off what is off: %v", err)
	}
	if err := Enable(entry); err != nil {
		t.Fatal(err)
	}
	expect(true)
	moved := entry
	moved.Command = []string{"/elsewhere/rimbalzo"}
	if on, err := Enabled(moved); err != nil || on {
		t.Errorf("a program of another place counts as switched on: %v", err)
	}
	if err := Disable(entry); err != nil {
		t.Fatal(err)
	}
	expect(false)
	left, err := os.ReadDir(filepath.Join(home, "autostart"))
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// TestTheDesktopStartsJustThat has a real reader of desktop entries start one. Its path has no "%": glib looks whether the
// program is there before it reads "%%" as "%".
func TestTheDesktopStartsJustThat(t *testing.T) {
	gio, err := exec.LookPath("gio")
	if err != nil {
		t.Skip("gio, of glib, is not installed")
	}
	dir := filepath.Join(t.TempDir(), "my programs $HOME `x` \"y\" \\z")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	program, out := filepath.Join(dir, "program"), filepath.Join(dir, "out")
	if err := os.WriteFile(program, []byte("#!/bin/sh\nfor a; do printf '%s\\n' \"$a\"; done > \"$(dirname \"$0\")/out\"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	args := []string{"watch", "a b", `\`, `"`, "$x", "%f", "`"}
	path := filepath.Join(t.TempDir(), "x.desktop")
	if err := os.WriteFile(path, []byte(desktopEntry(Entry{ID: "x", Name: "x", Comment: "x", Command: append([]string{program}, args...)})), 0o600); err != nil {
		t.Fatal(err)
	}
	if said, err := exec.Command(gio, "launch", path).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	// gio does not wait for what it starts; a file that is there may not be whole yet.
	got, err := os.ReadFile(out)
	for range 100 {
		if err == nil && strings.Count(string(got), "\n") == len(args) {
			break
		}
		time.Sleep(50 * time.Millisecond)
		got, err = os.ReadFile(out)
	}
	if want := strings.Join(args, "\n") + "\n"; err != nil || string(got) != want {
		t.Errorf("started with %q, want %q, %v", got, want, err)
	}
}

func TestLaunchAgentIsXML(t *testing.T) {
	text := launchAgent(Entry{ID: "app.id", Command: []string{"/a & b/<rimbalzo>", "watch"}})
	d := xml.NewDecoder(strings.NewReader(text))
	var strs []string
	for {
		token, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if s, ok := token.(xml.StartElement); ok && s.Name.Local == "string" {
			var v string
			if err := d.DecodeElement(&v, &s); err != nil {
				t.Fatal(err)
			}
			strs = append(strs, v)
		}
	}
	if got := strings.Join(strs, "|"); got != "app.id.watcher|/a & b/<rimbalzo>|watch|Background" {
		t.Errorf("read back: %q", got)
	}
}

func TestCommandsThatCannotBeWritten(t *testing.T) {
	for _, command := range [][]string{nil, {"rimbalzo"}, {"/x\nExec=evil"}, {"/x", "a\x00b"}} {
		if err := Enable(Entry{ID: "x", Command: command, Config: t.TempDir()}); !errors.Is(err, ErrCommand) {
			t.Errorf("%q: %v", command, err)
		}
	}
}

// TestOthersAcceptTheEntries holds both texts against programs that others wrote for checking such.
func TestOthersAcceptTheEntries(t *testing.T) {
	e := Entry{
		ID: "io.github.rimbalzo.Rimbalzo", Name: "Rimbalzo", Comment: "Keeps an eye on the mail & tells <you>",
		Command: []string{"/opt/my programs/50% $x `y` \"z\" \\/rimbalzo", "watch", "--background", "--delayed", "--lang", "it"},
	}
	for name, c := range map[string]struct {
		file, text string
		args       []string
	}{
		"desktop-file-validate": {"x.desktop", desktopEntry(e), nil},
		"xmllint":               {"x.plist", launchAgent(e), []string{"--noout", "--nonet"}},
	} {
		t.Run(name, func(t *testing.T) {
			checker, err := exec.LookPath(name)
			if err != nil {
				t.Skipf("%s is not installed here", name)
			}
			path := filepath.Join(t.TempDir(), c.file)
			if err := os.WriteFile(path, []byte(c.text), 0o600); err != nil {
				t.Fatal(err)
			}
			if said, err := exec.Command(checker, append(c.args, path)...).CombinedOutput(); err != nil || len(said) > 0 {
				t.Errorf("%v: %s\n%s", err, said, c.text)
			}
		})
	}
}
