package main

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// passedFile says on which inputs each long suite last passed: a name and a fingerprint on each line. It is committed
// with the change that it vouches for, so that CI runs the suites that nobody ran after their inputs changed.
const passedFile = "packaging/dev/passed.txt"

// fingerprint sums up the files that a suite depends on, by name and content, as git lists them.
func fingerprint(w *workshop, s suite) (string, error) {
	args := append([]string{"ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", "go.mod", "go.sum"}, s.inputs...)
	list, err := w.read(nil, "git", args...)
	if err != nil {
		return "", fmt.Errorf("asking git which files the suite %s depends on: %w", s.name, err)
	}
	names := strings.Split(strings.TrimSuffix(list, "\x00"), "\x00")
	slices.Sort(names)
	sum := sha256.New()
	for _, name := range slices.Compact(names) {
		content, err := os.ReadFile(filepath.Join(w.root, name))
		if errors.Is(err, fs.ErrNotExist) {
			continue // removed, and git not yet told
		}
		if err != nil {
			return "", fmt.Errorf("reading what the suite %s depends on: %w", s.name, err)
		}
		fmt.Fprintf(sum, "%s %d\n", name, len(content))
		sum.Write(content)
	}
	return fmt.Sprintf("%x", sum.Sum(nil)[:16]), nil
}

// readPassed reads the file of fingerprints; a file that is not there is an empty one.
func readPassed(path string) (map[string]string, error) {
	passed := map[string]string{}
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return passed, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading which suites passed: %w", err)
	}
	for line := range strings.Lines(string(text)) {
		if name, sum, ok := strings.Cut(strings.TrimSpace(line), " "); ok && !strings.HasPrefix(name, "#") {
			passed[name] = sum
		}
	}
	return passed, nil
}

// writePassed writes the file of fingerprints, sorted.
func writePassed(path string, passed map[string]string) error {
	var b strings.Builder
	b.WriteString("# On which inputs each long suite last passed. Written by `go run ./packaging/dev test --slow`; commit it.\n")
	for _, name := range slices.Sorted(maps.Keys(passed)) {
		fmt.Fprintf(&b, "%s %s\n", name, passed[name])
	}
	if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
		return fmt.Errorf("keeping which suites passed: %w", err)
	}
	return nil
}
