package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

// machine is what this program asks of the computer it runs on; tests put their own in its place.
type machine struct {
	goos, arch string
	root       bool // may install without sudo
	// find reports where a program is, "" when it is nowhere.
	find func(program string) string
	// works runs a program silently and reports whether it ended well; stdin may be "".
	works func(stdin, program string, args ...string) bool
	env   func(string) string
}

func thisMachine() machine {
	return machine{
		goos: runtime.GOOS, arch: runtime.GOARCH,
		root: os.Geteuid() == 0,
		find: findProgram,
		works: func(stdin, program string, args ...string) bool {
			c := exec.Command(program, args...)
			c.Stdin = strings.NewReader(stdin)
			return c.Run() == nil
		},
		env: os.Getenv,
	}
}

// findProgram looks in PATH and, since servers live there and a person's PATH often does not say so, in /usr/sbin.
func findProgram(name string) string {
	if p, err := exec.LookPath(name); err == nil {
		return p
	}
	p, err := exec.LookPath(filepath.Join("/usr/sbin", name))
	if err != nil {
		return ""
	}
	return p
}

// display reports whether a window can be shown.
func (m machine) display() bool {
	if m.goos == "windows" || m.goos == "darwin" {
		return true
	}
	return m.env("DISPLAY") != "" || m.env("WAYLAND_DISPLAY") != ""
}

// inCI reports whether a CI system runs this, by the variable that all of them set.
func (m machine) inCI() bool { return m.env("CI") != "" }
