package main

import (
	"net"
	"path/filepath"
	"testing"
)

func TestDisplays(t *testing.T) {
	dir := t.TempDir()
	live := filepath.Join(dir, "wayland-7")
	l, err := net.Listen("unix", live)
	if err != nil {
		t.Skipf("no Unix sockets here: %v", err)
	}
	t.Cleanup(func() { _ = l.Close() })
	for name, tc := range map[string]struct{ got, want bool }{
		"wayland by name":              {waylandAnswers("wayland-7", dir), true},
		"wayland by path":              {waylandAnswers(live, ""), true},
		"wayland, nobody there":        {waylandAnswers("wayland-8", dir), false},
		"wayland without a folder":     {waylandAnswers("wayland-7", ""), false},
		"no wayland":                   {waylandAnswers("", dir), false},
		"no X":                         {x11Answers(""), false},
		"X without a number":           {x11Answers("localhost"), false},
		"X with a number that is none": {x11Answers(":a.0"), false},
		"X beyond all ports":           {x11Answers(":70000"), false},
		"a dead X":                     {x11Answers(":4711"), false},
		"a dead X over TCP":            {x11Answers("127.0.0.1:4711.0"), false},
		"X by a path":                  {x11Answers(filepath.Join(dir, "x:0")), false},
	} {
		if tc.got != tc.want {
			t.Errorf("%s: %v, want %v", name, tc.got, tc.want)
		}
	}
}
