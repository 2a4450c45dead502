package main

import (
	"fmt"
	"slices"
	"strings"
)

// manager is a package manager and how it is asked.
type manager struct {
	program string
	refresh []string // brings its list of packages up to date; nil where installing does so
	install []string
	byHand  []string // what a person should type instead, nil for the same
	rpm     bool     // knows capabilities such as pkgconfig(gl)
	root    bool     // installs for the whole machine
}

var managers = []manager{
	{
		program: "apt-get", root: true,
		refresh: []string{"update", "-q"},
		install: []string{"install", "-y", "-q", "--no-install-recommends"},
	},
	{program: "dnf", root: true, rpm: true, install: []string{"install", "-y"}},
	// A refresh without a full upgrade is what Arch warns of, so it is left to the person.
	{program: "pacman", root: true, install: []string{"-S", "--needed", "--noconfirm"}, byHand: []string{"-Syu", "--needed"}},
	{program: "zypper", root: true, rpm: true, install: []string{"--non-interactive", "install", "--no-recommends"}},
	{program: "apk", root: true, install: []string{"add"}},
	{program: "brew", install: []string{"install"}},
}

// windowsAdvice names what to install where no package manager may be presumed.
const windowsAdvice = `Rimbalzo's window needs a C compiler, a MinGW-w64 gcc. Type one of these, then open a new terminal:
  winget install --exact --id BrechtSanders.WinLibs.POSIX.UCRT
  choco install mingw`

// darwinAdvice names Apple's own compiler, which brings the frameworks of the window with it.
const darwinAdvice = `Rimbalzo's window needs Apple's command line tools. Type this, and answer its window:
  xcode-select --install`

// missing gives the needs that the machine does not meet.
func (m machine) missing(needs []need) []need {
	return slices.DeleteFunc(slices.Clone(needs), func(n need) bool { return n.there(m) })
}

// manager gives the first package manager found on the machine.
func (m machine) manager() (manager, bool) {
	for _, pm := range managers {
		if m.find(pm.program) != "" {
			return pm, true
		}
	}
	return manager{}, false
}

// packages gives what pm is to be asked for, each once, in order.
func (pm manager) packages(needs []need) []string {
	var names []string
	for _, n := range needs {
		want := n.packages[pm.program]
		if pm.rpm && n.capability != "" {
			want = []string{n.capability}
		}
		for _, name := range want {
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return names
}

// typed is the command with which a person installs names by hand.
func (pm manager) typed(m machine, names []string) string {
	args := pm.install
	if pm.byHand != nil {
		args = pm.byHand
	}
	words := append([]string{pm.program}, args...)
	if pm.root && !m.root {
		words = append([]string{"sudo"}, words...)
	}
	for _, name := range names {
		if strings.ContainsAny(name, "()") {
			name = "'" + name + "'"
		}
		words = append(words, name)
	}
	return strings.Join(words, " ")
}

// ensure brings what is missing of needs, saying first what it installs. Its error says what to type.
func (w *workshop) ensure(needs []need) error {
	missing := w.host.missing(needs)
	if len(missing) == 0 {
		return nil
	}
	var whats []string
	for _, n := range missing {
		whats = append(whats, n.what)
	}
	lacking := strings.Join(whats, ", ")
	pm, ok := w.host.manager()
	names := pm.packages(missing)
	switch {
	case w.host.goos == "windows":
		return fmt.Errorf("missing: %s\n%s", lacking, windowsAdvice)
	case w.host.goos == "darwin" && slices.ContainsFunc(missing, func(n need) bool { return n.what == compilerNeed.what }):
		return fmt.Errorf("missing: %s\n%s", lacking, darwinAdvice)
	case !ok || len(names) == 0:
		return fmt.Errorf("missing: %s; no package manager that I know is here to install it", lacking)
	}
	if err := w.install(pm, names); err != nil {
		return fmt.Errorf("missing: %s (%w)\nTo install it, type:\n  %s", lacking, err, pm.typed(w.host, names))
	}
	if still := w.host.missing(needs); len(still) > 0 {
		return fmt.Errorf("still missing after installing: %s", still[0].what)
	}
	return nil
}

func (w *workshop) install(pm manager, names []string) error {
	prefix := []string{}
	if pm.root && !w.host.root {
		if w.host.find("sudo") == "" {
			return fmt.Errorf("installing needs root, and sudo is not here")
		}
		prefix = []string{"sudo"}
	}
	fmt.Fprintf(w.out, "Installing with %s, because it is missing here: %s\n", strings.Join(append(prefix, pm.program), " "), strings.Join(names, " "))
	ask := func(args []string) error {
		line := append(append(slices.Clone(prefix), pm.program), args...)
		if pm.program == "apt-get" {
			// In the command itself, because sudo drops the environment.
			line = append(append(slices.Clone(prefix), "env", "DEBIAN_FRONTEND=noninteractive", pm.program), args...)
		}
		return w.run(nil, line[0], line[1:]...)
	}
	if pm.refresh != nil {
		if err := ask(pm.refresh); err != nil {
			fmt.Fprintf(w.err, "The list of packages could not be renewed (%v); trying with the one at hand.\n", err)
		}
	}
	return ask(append(slices.Clone(pm.install), names...))
}
