package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
)

// The linters, each at a fixed version, built outside the module so that go.mod knows nothing of them.
const (
	gofumptModule     = "mvdan.cc/gofumpt@v0.12.0"
	staticcheckModule = "honnef.co/go/tools/cmd/staticcheck@v0.8.2"
	deadcodeModule    = "golang.org/x/tools/cmd/deadcode@v0.52.0"
	actionlintModule  = "github.com/rhysd/actionlint/cmd/actionlint@v1.7.12"
)

// target is a configuration that the program is built for.
type target struct {
	name string
	env  []string
}

// targets are looked at by every linter. The window, which needs each system's own headers, is seen on this machine.
func targets() []target {
	return []target{
		{"this machine", []string{"CGO_ENABLED=1"}},
		{"without the window", []string{"CGO_ENABLED=0"}},
		{"Windows without the window", []string{"CGO_ENABLED=0", "GOOS=windows", "GOARCH=amd64"}},
	}
}

// lint runs the linters; any output of theirs fails.
func lint(w *workshop) error {
	dir, err := workFolder()
	if err != nil {
		return err
	}
	tool := func(module string) string {
		path, _, _ := strings.Cut(module, "@")
		name := filepath.Base(path)
		if w.host.goos == "windows" {
			name += ".exe"
		}
		return filepath.Join(dir, name)
	}
	if err := w.do("linters", func() error { return installLinters(w, dir) }); err != nil {
		return w.sum()
	}
	_ = w.do("gofumpt", func() error { return w.silent(nil, tool(gofumptModule), "-l", ".") })
	_ = w.do("actionlint", func() error { return w.silent(nil, tool(actionlintModule)) })
	_ = w.do("vet, macOS without the window", func() error { return vetWithoutWindow(w) })
	for _, t := range targets() {
		_ = w.do("vet, "+t.name, func() error { return w.silent(t.env, "go", "vet", "./...") })
		_ = w.do("staticcheck, "+t.name, func() error { return w.silent(t.env, tool(staticcheckModule), "./...") })
	}
	_ = w.do("deadcode", func() error { return deadcode(w, tool(deadcodeModule)) })
	return w.sum()
}

func installLinters(w *workshop, dir string) error {
	if err := w.ensure(windowNeeds(w.host.goos)); err != nil {
		return err
	}
	for _, module := range []string{gofumptModule, staticcheckModule, deadcodeModule, actionlintModule} {
		if err := w.run([]string{"GOBIN=" + dir, "GOFLAGS="}, "go", "install", module); err != nil {
			return err
		}
	}
	return nil
}

// vetWithoutWindow looks at macOS's part of everything that knows no Fyne, whose own code for macOS takes that system's headers.
func vetWithoutWindow(w *workshop) error {
	env := []string{"CGO_ENABLED=0", "GOOS=darwin", "GOARCH=arm64"}
	said, err := w.read(env, "go", "list", "-e", "-f", "{{.ImportPath}} {{join .Deps \" \"}}", "./...")
	if err != nil {
		return err
	}
	args := []string{"vet"}
	for line := range strings.Lines(said) {
		if !strings.Contains(line, " fyne.io/fyne/v2") {
			args = append(args, strings.Fields(line)[0])
		}
	}
	return w.silent(env, "go", args...)
}

var errFindings = errors.New("there are findings")

// silent runs a linter that is to say nothing on standard output; what it says is shown.
func (w *workshop) silent(env []string, name string, args ...string) error {
	said, err := w.read(env, name, args...)
	fmt.Fprint(w.out, said)
	if err != nil {
		return err
	}
	if strings.TrimSpace(said) != "" {
		return errFindings
	}
	return nil
}
