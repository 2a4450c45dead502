// Package internal_test holds the walls of the house: what may import what, and what nothing may call. They look at
// direct imports and calls, by syntax alone, so that they need neither a network nor a build. Every wall comes with
// small wrong sources that it has to catch: a wall that cannot fail is no wall.
package internal_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// source is one Go file of the house.
type source struct {
	path    string // from the module's root, in slashes
	file    *ast.File
	set     *token.FileSet
	imports map[string]string // import path by the name it has in this file
}

func (s source) test() bool   { return strings.HasSuffix(s.path, "_test.go") }
func (s source) dir() string  { return path.Dir(s.path) }
func (s source) room() string { return roomOf(s.dir()) }

// in reports whether the file lies in folder or below it.
func (s source) in(folder string) bool {
	return s.dir() == folder || strings.HasPrefix(s.dir(), folder+"/")
}

// breach words a breach at a place of the file.
func (s source) breach(at ast.Node, format string, args ...any) string {
	return fmt.Sprintf("%s:%d: ", s.path, s.set.Position(at.Pos()).Line) + fmt.Sprintf(format, args...)
}

// call reports what an expression such as time.Now names: the import path and the name; "" where it is no import.
func (s source) call(e ast.Expr) (pkg, name string) {
	sel, ok := e.(*ast.SelectorExpr)
	if !ok {
		return "", ""
	}
	if id, ok := sel.X.(*ast.Ident); ok {
		return s.imports[id.Name], sel.Sel.Name
	}
	return "", sel.Sel.Name
}

// roomOf gives the room that a folder belongs to: "internal/bounce" for "internal/bounce/x", "app" for app itself.
func roomOf(dir string) string {
	parts := strings.Split(dir, "/")
	return strings.Join(parts[:min(2, len(parts))], "/")
}

// parse reads one file.
func parse(name string, text []byte) (source, error) {
	s := source{path: name, set: token.NewFileSet(), imports: map[string]string{}}
	var err error
	if s.file, err = parser.ParseFile(s.set, name, text, parser.SkipObjectResolution); err != nil {
		return s, fmt.Errorf("reading %s: %w", name, err)
	}
	for _, spec := range s.file.Imports {
		target, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return s, fmt.Errorf("reading the imports of %s: %w", name, err)
		}
		local := packageName(target)
		if spec.Name != nil {
			local = spec.Name.Name
		}
		s.imports[local] = target
	}
	return s, nil
}

// packageName is the usual name of the package at an import path: go-smtp is smtp, go-imap/v2 is imap.
func packageName(target string) string {
	base := path.Base(target)
	if len(base) > 1 && base[0] == 'v' && strings.Trim(base[1:], "0123456789") == "" {
		base = path.Base(path.Dir(target))
	}
	return strings.TrimPrefix(base, "go-")
}

// readHouse reads every Go file of the program and of its tools.
func readHouse(t *testing.T) []source {
	t.Helper()
	root := moduleRoot(t)
	var house []source
	for _, wing := range []string{"app", "internal", "icons", "packaging"} {
		err := filepath.WalkDir(filepath.Join(root, wing), func(file string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() && d.Name() == "testdata" {
				return skipped(err)
			}
			if d.IsDir() || filepath.Ext(file) != ".go" {
				return nil
			}
			text, err := os.ReadFile(file)
			if err != nil {
				return err
			}
			name, err := filepath.Rel(root, file)
			if err != nil {
				return err
			}
			s, err := parse(filepath.ToSlash(name), text)
			house = append(house, s)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return house
}

func skipped(err error) error {
	if err != nil {
		return err
	}
	return fs.SkipDir
}

func moduleRoot(t *testing.T) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		if dir == filepath.Dir(dir) {
			t.Fatal("no go.mod above the working folder")
		}
	}
}

// TestWalls holds every wall against the house, and then against sources that are wrong on purpose.
func TestWalls(t *testing.T) {
	house := readHouse(t)
	if len(house) < 10 {
		t.Fatalf("only %d Go files were found: the walls would hold by seeing nothing", len(house))
	}
	for _, w := range walls {
		t.Run(w.name, func(t *testing.T) {
			for _, b := range w.breaches(house) {
				t.Errorf("%s\n\t%s", b, w.why)
			}
			if len(w.wrong) == 0 {
				t.Error("nothing shows that this wall can fail")
			}
			for _, ex := range w.wrong {
				if len(w.breaches(ex.sources(t))) == 0 {
					t.Errorf("the wall does not see what is wrong with %s:\n%s", ex.path, ex.text)
				}
			}
			for _, ex := range w.right {
				for _, b := range w.breaches(ex.sources(t)) {
					t.Errorf("the wall complains about what is right: %s\n%s", b, ex.text)
				}
			}
		})
	}
}

// example is a small file with nothing but imports and a body.
type example struct{ path, imports, text string }

func (ex example) sources(t *testing.T) []source {
	t.Helper()
	var b strings.Builder
	b.WriteString("package example\n")
	for _, imported := range strings.Fields(ex.imports) {
		fmt.Fprintf(&b, "import %q\n", imported)
	}
	b.WriteString(ex.text + "\n")
	s, err := parse(ex.path, []byte(b.String()))
	if err != nil {
		t.Fatal(err)
	}
	return []source{s}
}

// topLevel are the entries that the top of the house may hold.
var topLevel = map[string]bool{
	"app": true, "internal": true, "icons": true, "packaging": true, "go.mod": true, "go.sum": true, "FyneApp.toml": true,
	"README.md": true, "LICENSE": true, ".ci": true, ".github": true, ".gitignore": true, ".gitattributes": true,
}

// TestTopLevel: nothing lies at the top of the house that has a place elsewhere.
func TestTopLevel(t *testing.T) {
	list, err := exec.Command("git", "-C", moduleRoot(t), "ls-files", "-co", "--exclude-standard").Output()
	if err != nil {
		t.Skipf("this is no git checkout, so its own files cannot be told from others: %v", err)
	}
	for name, want := range map[string]int{"app/main.go\nREADME.md\n": 0, "util/x.go\n": 1, "notes.txt\ndocs/a\ndocs/b\n": 2} {
		if got := strangers(name); len(got) != want {
			t.Errorf("%q: strangers %v, want %d", name, got, want)
		}
	}
	for _, entry := range strangers(string(list)) {
		t.Errorf("%s lies at the top of the house, which does not know it", entry)
	}
}

// strangers gives the top-level entries of a list of files that the house does not know, each once.
func strangers(list string) []string {
	var found []string
	seen := map[string]bool{}
	for line := range strings.Lines(list) {
		entry, _, _ := strings.Cut(strings.TrimSpace(line), "/")
		if entry != "" && !topLevel[entry] && !seen[entry] {
			seen[entry] = true
			found = append(found, entry)
		}
	}
	return found
}
