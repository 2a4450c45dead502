package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	heldBy    = regexp.MustCompile("((?:`Test\\w+`, )*`Test\\w+`) in `([\\w/]+)`")
	testNames = regexp.MustCompile(`Test\w+`)
)

// TestPromisesAreHeld: every promise to the people who use the program names tests, and they exist.
func TestPromisesAreHeld(t *testing.T) {
	root := filepath.Join("..", "..")
	page, err := os.ReadFile(filepath.Join(root, "packaging", "PROMISES.md"))
	if err != nil {
		t.Fatal(err)
	}
	rows := 0
	for line := range strings.Lines(string(page)) {
		promise, held, ok := strings.Cut(strings.Trim(strings.TrimSpace(line), "|"), "|")
		if !ok || strings.HasPrefix(promise, "---") || strings.TrimSpace(held) == "held by" {
			continue
		}
		rows++
		named := heldBy.FindAllStringSubmatch(held, -1)
		if len(named) == 0 {
			t.Errorf("nothing holds %q", strings.TrimSpace(promise))
		}
		for _, m := range named {
			source := testsIn(t, filepath.Join(root, filepath.FromSlash(m[2])))
			for _, name := range testNames.FindAllString(m[1], -1) {
				if !strings.Contains(source, "func "+name+"(") {
					t.Errorf("%q is said to be held by %s in %s, which does not exist", strings.TrimSpace(promise), name, m[2])
				}
			}
		}
	}
	if rows < 8 {
		t.Errorf("%d promises were found", rows)
	}
}

// testsIn gives the text of the test files of one folder.
func testsIn(t *testing.T, dir string) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(text)
	}
	return all.String()
}
