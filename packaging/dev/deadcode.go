package main

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
)

// deadFunc is a function that no program reaches, as the linter deadcode tells it.
type deadFunc struct {
	Name     string
	Position struct {
		File string
		Line int
	}
}

// look is what deadcode says of one target: the files that are part of it, and the functions in them that are dead.
type look struct {
	files map[string]bool
	dead  map[string]deadFunc // by "file:line name"
}

// deadcode fails on functions that no program reaches in any target that they are part of: what only the window calls
// is alive, although a build without the window does not call it. Its exit status says nothing, so its output is read.
func deadcode(w *workshop, tool string) error {
	var looks []look
	for _, t := range targets() {
		l, err := lookForDead(w, t, tool)
		if err != nil {
			return err
		}
		looks = append(looks, l)
	}
	dead := deadEverywhere(looks)
	for _, line := range dead {
		fmt.Fprintln(w.out, line)
	}
	if len(dead) > 0 {
		return errFindings
	}
	return nil
}

func lookForDead(w *workshop, t target, tool string) (look, error) {
	l := look{files: map[string]bool{}, dead: map[string]deadFunc{}}
	said, err := w.read(t.env, tool, "-json", "./...")
	if err != nil {
		return l, err
	}
	var packages []struct{ Funcs []deadFunc }
	if err := json.Unmarshal([]byte(said), &packages); err != nil {
		return l, fmt.Errorf("reading what deadcode says of %s: %w", t.name, err)
	}
	for _, p := range packages {
		for _, f := range p.Funcs {
			f.Position.File = relative(w.root, f.Position.File)
			l.dead[fmt.Sprintf("%s:%d %s", f.Position.File, f.Position.Line, f.Name)] = f
		}
	}
	list, err := w.read(t.env, "go", "list", "-e", "-f", `{{$d := .Dir}}{{range .GoFiles}}{{$d}}/{{.}}{{"\n"}}{{end}}{{range .CgoFiles}}{{$d}}/{{.}}{{"\n"}}{{end}}`, "./...")
	if err != nil {
		return l, err
	}
	for file := range strings.Lines(list) {
		l.files[relative(w.root, strings.TrimSpace(file))] = true
	}
	return l, nil
}

// relative names a file from the project's folder, in slashes.
func relative(root, file string) string {
	if rel, err := filepath.Rel(root, file); filepath.IsAbs(file) && err == nil {
		file = rel
	}
	return filepath.ToSlash(file)
}

// forTests are packages that only tests import, which deadcode takes for dead as a whole.
var forTests = []string{"app/window/golden/"}

// ofTests reports whether a file is there for tests.
func ofTests(file string) bool {
	return slices.ContainsFunc(forTests, func(dir string) bool { return strings.HasPrefix(file, dir) })
}

// deadEverywhere gives the functions that are dead in every look their file is part of, sorted.
func deadEverywhere(looks []look) []string {
	var dead []string
	for _, l := range looks {
		for key, f := range l.dead {
			alive := slices.ContainsFunc(looks, func(o look) bool {
				_, isDead := o.dead[key]
				return o.files[f.Position.File] && !isDead
			})
			line := fmt.Sprintf("%s:%d: nothing reaches %s", f.Position.File, f.Position.Line, f.Name)
			if !alive && !ofTests(f.Position.File) && !slices.Contains(dead, line) {
				dead = append(dead, line)
			}
		}
	}
	slices.Sort(dead)
	return dead
}
