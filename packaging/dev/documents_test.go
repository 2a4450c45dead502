package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	devCommand = regexp.MustCompile(`go run \./packaging/dev(?: ([a-z]+))?(?: ([a-z]+))?`)
	leadsTo    = regexp.MustCompile(`\]\(([^)\s]+)\)|(?:src|srcset)="([^"]+)"`)
	heading    = regexp.MustCompile(`(?m)^#+ (.+)$`)
	notInName  = regexp.MustCompile(`[^\p{L}\p{N} -]`)
)

// documents are the project's pages, by their path from its root.
func documents(t *testing.T) map[string]string {
	t.Helper()
	root, pages := filepath.Join("..", ".."), map[string]string{}
	for _, pattern := range []string{"*.md", ".github/*.md", "packaging/*.md", "packaging/docs/*.md"} {
		found, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil || len(found) == 0 {
			t.Fatalf("no pages %s: %v", pattern, err)
		}
		for _, path := range found {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			name, err := filepath.Rel(root, path)
			if err != nil {
				t.Fatal(err)
			}
			pages[name] = string(text)
		}
	}
	return pages
}

// TestDocumentsShowCommandsOfTheirs: the developers' commands in the documents exist, with the suites and systems named.
func TestDocumentsShowCommandsOfTheirs(t *testing.T) {
	source, err := os.ReadFile("main.go")
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range documents(t) {
		for _, m := range devCommand.FindAllStringSubmatch(text, -1) {
			if m[1] != "" && !strings.Contains(string(source), `case "`+m[1]+`":`) {
				t.Errorf("%s: there is no %q", name, m[0])
			}
			if m[1] == "test" && m[2] != "" && !slices.ContainsFunc(suites(), func(s suite) bool { return s.name == m[2] }) {
				t.Errorf("%s: there is no suite %q", name, m[0])
			}
		}
	}
}

// TestDocumentsLeadSomewhere: what a page links to is there, and so is the heading.
func TestDocumentsLeadSomewhere(t *testing.T) {
	pages := documents(t)
	for name, text := range pages {
		for _, m := range leadsTo.FindAllStringSubmatch(text, -1) {
			link := m[1] + m[2]
			if strings.Contains(link, ":") {
				continue
			}
			path, part, _ := strings.Cut(link, "#")
			to := name
			if path != "" {
				to = filepath.Join(filepath.Dir(name), filepath.FromSlash(path))
				if _, err := os.Stat(filepath.Join("..", "..", to)); err != nil {
					t.Errorf("%s leads to %s, where nothing is", name, link)
					continue
				}
			}
			if part != "" && !slices.Contains(anchors(pages[to]), part) {
				t.Errorf("%s leads to %s, where no such heading is", name, link)
			}
		}
	}
}

// anchors are the names by which a page's headings are linked to.
func anchors(page string) (names []string) {
	for _, m := range heading.FindAllStringSubmatch(page, -1) {
		names = append(names, strings.ReplaceAll(notInName.ReplaceAllString(strings.ToLower(m[1]), ""), " ", "-"))
	}
	return names
}
