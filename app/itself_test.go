package main

import "testing"

func TestCounterpart(t *testing.T) {
	const bundle, nested = "/Applications/Rimbalzo.app/Contents/MacOS/rimbalzo", "/Applications/Rimbalzo.app/" + watcherApp
	for name, c := range map[string]struct {
		exe, goos string
		watcher   bool
		missing   bool
		want      string
	}{
		"a typed command starts no console":   {exe: `C:\Users\anna\Rimbalzo\rimbalzo.com`, goos: "windows", want: `C:\Users\anna\Rimbalzo\rimbalzo.exe`},
		"whatever the case":                   {exe: `C:\R\RIMBALZO.COM`, goos: "windows", want: `C:\R\RIMBALZO.exe`},
		"the window starts itself":            {exe: `C:\R\rimbalzo.exe`, goos: "windows", watcher: true, want: `C:\R\rimbalzo.exe`},
		"a program by itself":                 {exe: `C:\R\rimbalzo.com`, goos: "windows", missing: true, want: `C:\R\rimbalzo.com`},
		"a watcher of the bundle":             {exe: bundle, goos: "darwin", watcher: true, want: nested},
		"a window of the bundle":              {exe: bundle, goos: "darwin", want: bundle},
		"the watcher opens the window":        {exe: nested, goos: "darwin", want: bundle},
		"the watcher starts anew":             {exe: nested, goos: "darwin", watcher: true, want: nested},
		"a bundle that somebody has thinned":  {exe: bundle, goos: "darwin", watcher: true, missing: true, want: bundle},
		"a program of Homebrew, or built":     {exe: "/opt/homebrew/bin/rimbalzo", goos: "darwin", watcher: true, want: "/opt/homebrew/bin/rimbalzo"},
		"a file that is called so, elsewhere": {exe: "/home/anna/rimbalzo.com", goos: "linux", want: "/home/anna/rimbalzo.com"},
	} {
		if got := counterpart(c.exe, c.goos, c.watcher, func(string) bool { return !c.missing }); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}
