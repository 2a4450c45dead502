// Command dev holds the developers' commands: it brings what a bare machine lacks, builds, and runs.
//
//	go run ./packaging/dev demo [ARGS]                 builds the program and shows its demonstration
//	go run ./packaging/dev test [--slow] [SUITE...]    runs the tests
//	go run ./packaging/dev lint                        runs the linters; any output of theirs fails
//	go run ./packaging/dev package SYSTEM              makes what people install, in dist
//	go run ./packaging/dev pictures                    draws the documents' pictures anew, from the real program
//	go run ./packaging/dev licences                    collects the licences of all that is linked into the program
//	go run ./packaging/dev fuzz TIME                   fuzzes every parser for a while
//	go run ./packaging/dev identity KEY                prints what the program is called, for scripts
//
// It imports the standard library only and uses no cgo, so that it starts wherever Go does.
package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
)

const usage = `Usage, from the project's folder:

  go run ./packaging/dev demo [ARGS]       build the program and show its demonstration
  go run ./packaging/dev test              run the tests
  go run ./packaging/dev test --slow       run the long suites as well
  go run ./packaging/dev test --changed    run the long suites whose inputs have changed since they last passed
  go run ./packaging/dev test SUITE...     run these suites only, with --slow in their long form
  go run ./packaging/dev lint              run the linters
  go run ./packaging/dev package SYSTEM    make packages in dist: linux, windows, macos or all
  go run ./packaging/dev install --prefix DIR [--destdir DIR] [--cli]
                                           install the program below a folder, such as /usr/local; "uninstall" takes it away
  go run ./packaging/dev pictures          draw the documents' pictures anew, after a change of the window
  go run ./packaging/dev licences          collect the licences of what is linked, after a change of go.mod
  go run ./packaging/dev fuzz TIME         fuzz every parser for TIME each, such as 1m
  go run ./packaging/dev identity KEY      print name, id, version or website of FyneApp.toml

What is missing on this machine is installed first, and said before it is.

`

func main() {
	// Ctrl-C is for the command that runs at the moment; this one then tells how it ended.
	signal.Notify(make(chan os.Signal, 1), os.Interrupt)
	err := dispatch(os.Args[1:])
	var exit *exec.ExitError
	switch {
	case err == nil:
	case errors.As(err, &exit) && errors.Is(err, errDemo):
		os.Exit(exit.ExitCode())
	default:
		fmt.Fprintln(os.Stderr, "dev:", err)
		os.Exit(1)
	}
}

func dispatch(args []string) error {
	root, err := projectRoot()
	if err != nil {
		return err
	}
	w := &workshop{root: root, out: os.Stdout, err: os.Stderr, host: thisMachine()}
	if len(args) > 0 {
		switch args[0] {
		case "demo":
			return demo(w, args[1:])
		case "test":
			return test(w, args[1:])
		case "lint":
			return lint(w)
		case "package":
			return pack(w, args[1:])
		case "install":
			return installHere(w, args[1:])
		case "uninstall":
			return uninstall(w, args[1:])
		case "pictures":
			return pictures(w)
		case "licences":
			return licences(w)
		case "fuzz":
			return fuzzFor(w, args[1:])
		case "identity":
			return tellIdentity(w, args[1:])
		}
	}
	fmt.Fprint(os.Stderr, usage)
	describe(os.Stderr, suites())
	return errors.New("say demo, test, lint, package, install, uninstall, pictures, licences, fuzz or identity")
}

// projectRoot finds the folder that holds go.mod, from the working folder upwards.
func projectRoot() (string, error) {
	start, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("finding the working folder: %w", err)
	}
	for dir := start; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		if dir == filepath.Dir(dir) {
			return "", fmt.Errorf("no go.mod in %s or above it: run this in the project's folder", start)
		}
	}
}
