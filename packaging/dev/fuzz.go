package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
)

// fuzzTarget is one fuzz test of a parser.
type fuzzTarget struct{ pkg, name string }

var fuzzFunc = regexp.MustCompile(`(?m)^func (Fuzz\w+)\(\w+ \*testing\.F\)`)

// fuzzFor is the command "fuzz": every parser for the time that args name.
func fuzzFor(w *workshop, args []string) error {
	if len(args) == 1 {
		if each, err := time.ParseDuration(args[0]); err == nil && each > 0 {
			return fuzz(w, each)
		}
	}
	return errors.New("for how long each? Say a time such as 30s or 1m")
}

// fuzz runs every fuzz target found in the project for a while, one after the other.
func fuzz(w *workshop, each time.Duration) error {
	targets, err := fuzzTargets(os.DirFS(w.root))
	if err != nil {
		return err
	}
	if len(targets) == 0 {
		return errors.New("no fuzz target was found")
	}
	var failed []string
	for _, t := range targets {
		fmt.Fprintf(w.out, "-- %s in %s, %s\n", t.name, t.pkg, each)
		err := w.run([]string{"CGO_ENABLED=0"}, "go", "test", "-run=^$", "-fuzz=^"+t.name+"$", "-fuzztime="+each.String(), t.pkg)
		if err != nil {
			failed = append(failed, t.name)
		}
	}
	if len(failed) > 0 {
		return fmt.Errorf("fuzzing found something in %s; the input is in testdata/fuzz there", strings.Join(failed, ", "))
	}
	return nil
}

// fuzzTargets finds the fuzz targets of a module's tests, sorted by package and name.
func fuzzTargets(module fs.FS) ([]fuzzTarget, error) {
	var found []fuzzTarget
	err := fs.WalkDir(module, ".", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && path != "." && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata"):
			return fs.SkipDir
		case d.IsDir() || !strings.HasSuffix(path, "_test.go"):
			return nil
		}
		source, err := fs.ReadFile(module, path)
		if err != nil {
			return err
		}
		for _, m := range fuzzFunc.FindAllSubmatch(source, -1) {
			found = append(found, fuzzTarget{"./" + filepath.ToSlash(filepath.Dir(path)), string(m[1])})
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("looking for fuzz targets: %w", err)
	}
	slices.SortFunc(found, func(a, b fuzzTarget) int {
		return strings.Compare(a.pkg+" "+a.name, b.pkg+" "+b.name)
	})
	return found, nil
}
