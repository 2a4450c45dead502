package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// workshop is where commands run: the project's folder, the streams they write to, and the machine below.
type workshop struct {
	root     string
	out, err io.Writer
	host     machine
	steps    []step
}

// step is one thing done, for the table of times at the end.
type step struct {
	name string
	took time.Duration
	err  error
}

// command prepares a program in the project's folder; env holds NAME=value pairs on top of the environment.
func (w *workshop) command(env []string, name string, args ...string) *exec.Cmd {
	c := exec.Command(name, args...)
	c.Dir, c.Env = w.root, append(os.Environ(), env...)
	c.Stdin, c.Stdout, c.Stderr = os.Stdin, w.out, w.err
	return c
}

// run runs a program, its output shown as it comes.
func (w *workshop) run(env []string, name string, args ...string) error {
	if err := w.command(env, name, args...).Run(); err != nil {
		return fmt.Errorf("%s: %w", shown(env, name, args), err)
	}
	return nil
}

// read runs a program and gives its standard output.
func (w *workshop) read(env []string, name string, args ...string) (string, error) {
	var out bytes.Buffer
	c := w.command(env, name, args...)
	c.Stdout = &out
	if err := c.Run(); err != nil {
		return "", fmt.Errorf("%s: %w", shown(env, name, args), err)
	}
	return out.String(), nil
}

// shown is a command as a person would type it.
func shown(env []string, name string, args []string) string {
	words := append(append([]string{}, env...), filepath.Base(name))
	return strings.Join(append(words, args...), " ")
}

// do runs one step under a heading and keeps its time; an error is kept and given back.
func (w *workshop) do(name string, work func() error) error {
	fmt.Fprintf(w.out, "\n== %s\n", name)
	start := time.Now()
	err := work()
	w.steps = append(w.steps, step{name, time.Since(start), err})
	return err
}

// sum prints the table of times and gives an error that names the steps that failed.
func (w *workshop) sum() error {
	var failed []string
	fmt.Fprintln(w.out, "\n== times")
	for _, s := range w.steps {
		how := "ok"
		if s.err != nil {
			how = "FAILED: " + s.err.Error()
			failed = append(failed, s.name)
		}
		fmt.Fprintf(w.out, "%8.1f s  %-28s %s\n", s.took.Seconds(), s.name, how)
	}
	if len(failed) > 0 {
		return fmt.Errorf("failed: %s", strings.Join(failed, ", "))
	}
	return nil
}

// workFolder is a folder outside the project for what is built, kept from one run to the next.
func workFolder() (string, error) {
	base, err := os.UserCacheDir()
	if err != nil {
		base = os.TempDir() // no HOME: a container, a bare service account
	}
	dir := filepath.Join(base, "rimbalzo-dev")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", fmt.Errorf("making a folder for what is built: %w", err)
	}
	return dir, nil
}

// build builds the program outside the project and gives its path; with the window where cgo is true.
func (w *workshop) build(cgo bool) (string, error) {
	dir, err := workFolder()
	if err != nil {
		return "", err
	}
	name := "rimbalzo-cli"
	env := []string{"CGO_ENABLED=0"}
	if cgo {
		name, env = "rimbalzo", []string{"CGO_ENABLED=1"}
	}
	if w.host.goos == "windows" {
		name += ".exe"
	}
	exe := filepath.Join(dir, name)
	return exe, w.run(env, "go", "build", "-o", exe, "./app")
}
