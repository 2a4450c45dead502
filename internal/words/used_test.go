package words

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// speaker is a function that takes the id of a sentence and its arguments as key and value pairs.
type speaker struct {
	dir    string // the folder whose functions of this name are meant, "" for everywhere
	name   string
	prefix string   // what the function puts before the id
	id     int      // which argument is the id; the pairs begin at args
	args   int      //
	given  []string // what the function adds of its own
}

var speakers = []speaker{
	{name: "T", id: 0, args: 1},
	{name: "N", id: 0, args: 2, given: []string{"N"}},
	{dir: "internal/advice", name: "because", prefix: "rule.", id: 0, args: 1},
	{dir: "internal/outage", name: "report", prefix: "outage.problem.", id: 1, args: 2, given: []string{"File", "Line"}},
}

// typed are the kinds of id that are constants of a type; each of them wants the sentence prefix + value + suffix.
var typed = []struct{ dir, kind, prefix, suffix string }{
	{"internal/advice", "Verdict", "verdict.", ""},
	{"internal/advice", "Verdict", "verdict.", ".what"},
	{"internal/advice", "Cause", "cause.", ""},
	{"internal/advice", "Proof", "proof.", ""},
	{"internal/advice", "When", "when.", ""},
	{"internal/bounce", "Confidence", "confidence.", ""},
}

// code is what the program's sources say about sentences.
type code struct {
	literals map[string]bool // every string literal, and every id in the program's data and templates
	prefixes map[string]bool // beginnings that are completed when the program runs, such as "rule." and "copy-"
	wrong    []string
}

// scan reads the program's files.
func scan(program fs.FS, known map[string]sentence) (code, error) {
	c := code{literals: map[string]bool{}, prefixes: map[string]bool{}}
	err := fs.WalkDir(program, ".", func(p string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "testdata" || p == "internal/words/locale"):
			return fs.SkipDir
		case d.IsDir() || strings.HasSuffix(p, "_test.go"):
			return nil
		}
		text, err := fs.ReadFile(program, p)
		if err != nil {
			return err
		}
		switch path.Ext(p) {
		case ".go":
			return c.goFile(p, text, known)
		case ".toml", ".html", ".tmpl", ".gohtml":
			for _, word := range quotedID.FindAllStringSubmatch(string(text), -1) {
				c.literals[word[1]] = true
			}
		}
		return nil
	})
	return c, err
}

// quotedID is how ids stand in the program's data and templates.
var quotedID = regexp.MustCompile("[\"'`]([a-z0-9]+(?:[.-][a-z0-9]+)*)[\"'`]")

func (c *code) goFile(p string, text []byte, known map[string]sentence) error {
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, p, text, parser.SkipObjectResolution)
	if err != nil {
		return fmt.Errorf("reading %s: %w", p, err)
	}
	ast.Inspect(file, func(n ast.Node) bool {
		at := func() string { return fmt.Sprintf("%s:%d", p, set.Position(n.Pos()).Line) }
		switch n := n.(type) {
		case *ast.BasicLit:
			if s, ok := literal(n); ok {
				c.literals[s] = true
				if begin, _, _ := strings.Cut(s, "%"); begin != "" && strings.ContainsAny(begin[len(begin)-1:], ".-") {
					c.prefixes[begin] = true
				}
			}
		case *ast.CallExpr:
			c.call(path.Dir(p), at, n, known)
		case *ast.CompositeLit:
			c.note(at, n, known)
		case *ast.ValueSpec:
			c.constant(path.Dir(p), at, n, known)
		}
		return true
	})
	return nil
}

func literal(e ast.Expr) (string, bool) {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	s, err := strconv.Unquote(lit.Value)
	return s, err == nil
}

// call checks a call of a speaker whose id is a literal: the sentence is there, and gets every argument it takes.
func (c *code) call(dir string, at func() string, call *ast.CallExpr, known map[string]sentence) {
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return
	}
	for _, s := range speakers {
		if s.name != sel.Sel.Name || (s.dir != "" && s.dir != dir) || len(call.Args) <= s.id {
			continue
		}
		id, ok := literal(call.Args[s.id])
		if !ok || (s.prefix == "" && !strings.Contains(id, ".")) {
			continue
		}
		given, complete := slices.Clone(s.given), !call.Ellipsis.IsValid()
		for i := s.args; i < len(call.Args); i += 2 {
			key, ok := literal(call.Args[i])
			complete = complete && ok
			given = append(given, key)
		}
		c.spoken(at(), s.prefix+id, given, complete, known)
		if found, ok := known[s.prefix+id]; ok && s.prefix == "" && found.plural() != (s.name == "N") {
			c.wrong = append(c.wrong, fmt.Sprintf("%s: %q is said with %s; N is for sentences with plurals, T for the others", at(), id, s.name))
		}
	}
}

// spoken notes that a sentence is used, with the arguments given to it.
func (c *code) spoken(at, id string, given []string, complete bool, known map[string]sentence) {
	c.literals[id] = true
	s, ok := known[id]
	if !ok {
		c.wrong = append(c.wrong, fmt.Sprintf("%s: there is no sentence %q", at, id))
		return
	}
	names, err := s.variables()
	if err != nil || !complete {
		return // a broken template is told elsewhere; arguments made at run time cannot be seen
	}
	for _, name := range names {
		if !slices.Contains(given, name) {
			c.wrong = append(c.wrong, fmt.Sprintf("%s: %q takes %s, which is not given here", at, id, name))
		}
	}
}

// note checks a literal such as advice.Note{Why: "backscatter"} or mailbox.Unreadable{Why: "…"}.
func (c *code) note(at func() string, lit *ast.CompositeLit, known map[string]sentence) {
	name := ""
	switch t := lit.Type.(type) {
	case *ast.Ident:
		name = t.Name
	case *ast.SelectorExpr:
		name = t.Sel.Name
	}
	if name != "Note" && name != "Unreadable" {
		return
	}
	for _, e := range lit.Elts {
		kv, ok := e.(*ast.KeyValueExpr)
		if !ok {
			continue
		}
		key, isIdent := kv.Key.(*ast.Ident)
		if why, ok := literal(kv.Value); ok && isIdent && key.Name == "Why" {
			c.spoken(at(), "note."+why, nil, false, known)
		}
	}
}

// constant checks typed ids, and the constants why… of the rooms that read mail, which end as notes.
func (c *code) constant(dir string, at func() string, spec *ast.ValueSpec, known map[string]sentence) {
	for i, value := range spec.Values {
		s, ok := literal(value)
		if !ok || i >= len(spec.Names) {
			continue
		}
		if (dir == "internal/mailbox" || dir == "internal/review") && strings.HasPrefix(spec.Names[i].Name, "why") {
			c.spoken(at(), "note."+s, nil, false, known)
		}
		kind, ok := spec.Type.(*ast.Ident)
		for _, t := range typed {
			if ok && t.dir == dir && t.kind == kind.Name {
				c.spoken(at(), t.prefix+s+t.suffix, nil, false, known)
			}
		}
	}
}

// unused gives the sentences that nothing says: neither named whole, nor completed from a prefix with a word that the
// program knows.
func (c *code) unused(known map[string]sentence) []string {
	var rest []string
	for _, id := range slices.Sorted(maps.Keys(known)) {
		if !c.said(id) {
			rest = append(rest, fmt.Sprintf("%s.toml: nothing says %q", known[id].room, id))
		}
	}
	return rest
}

// said reports whether the program can put the words of id together: whole, from a prefix and the rest, or with a
// suffix such as ".what" after what it knows.
func (c *code) said(id string) bool {
	if c.literals[id] {
		return true
	}
	for prefix := range c.prefixes {
		if rest, ok := strings.CutPrefix(id, prefix); ok && rest != "" && c.said(rest) {
			return true
		}
	}
	cut := strings.LastIndexByte(id, '.')
	return cut > 0 && c.literals[id[cut:]] && c.said(id[:cut])
}

// TestEverySentenceIsSaid: the program says only sentences that there are, with all their arguments, and every one of
// them.
func TestEverySentenceIsSaid(t *testing.T) {
	known := read(locale, "en", t.Errorf)
	c, err := scan(moduleFiles(t), known)
	if err != nil {
		t.Fatal(err)
	}
	for _, wrong := range append(c.wrong, c.unused(known)...) {
		t.Error(wrong)
	}
}

// moduleFiles gives the files of the program: its rooms and what a person sees.
func moduleFiles(t *testing.T) fs.FS {
	t.Helper()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(root, "go.mod")); err != nil {
		t.Fatalf("the module's root is not where it was: %v", err)
	}
	return onlyProgram{os.DirFS(root)}
}

// onlyProgram shows app and internal at the top of a folder, and nothing else of it.
type onlyProgram struct{ fs.FS }

func (p onlyProgram) ReadDir(name string) ([]fs.DirEntry, error) {
	entries, err := fs.ReadDir(p.FS, name)
	if name == "." {
		entries = slices.DeleteFunc(entries, func(e fs.DirEntry) bool { return e.Name() != "app" && e.Name() != "internal" })
	}
	return entries, err
}

// TestWrongUseIsSeen: each of these sources has one fault, which the look above has to tell.
func TestWrongUseIsSeen(t *testing.T) {
	known := map[string]sentence{
		"a.plain":    {room: "a", forms: map[string]string{"": "hello"}},
		"a.name":     {room: "a", forms: map[string]string{"": "hello {{.Name}}"}},
		"a.count":    {room: "a", forms: map[string]string{"one": "{{.N}} x", "other": "{{.N}} xs"}},
		"rule.known": {room: "a", forms: map[string]string{"": "{{.Time}}"}},
	}
	const fine = "package p\nfunc f() { w.T(`a.plain`); w.T(`a.name`, `Name`, 1); w.N(`a.count`, 2); w.Map(`rule.` + r, nil); x(`known`) }\n"
	for name, tc := range map[string]struct{ file, text, want string }{
		"nothing wrong":       {"app/x.go", "package p", ""},
		"a fault in tests":    {"app/x_test.go", "package p\nfunc f() { w.T(`a.none`) }", ""},
		"no such sentence":    {"app/x.go", "package p\nfunc f() { w.T(`a.none`) }", `app/x.go:2: there is no sentence "a.none"`},
		"argument missing":    {"app/x.go", "package p\nfunc f() { w.T(`a.name`) }", "takes Name, which is not given"},
		"T for N":             {"app/x.go", "package p\nfunc f() { w.T(`a.count`, `N`, 2) }", "N is for sentences with plurals"},
		"N for T":             {"app/x.go", "package p\nfunc f() { w.N(`a.plain`, 2) }", "N is for sentences with plurals"},
		"rule without words":  {"internal/advice/x.go", "package p\nfunc f() { x.because(`unheard`) }", `no sentence "rule.unheard"`},
		"rule lacks argument": {"internal/advice/x.go", "package p\nfunc f() { x.because(`known`) }", "takes Time"},
		"note without words":  {"internal/review/x.go", "package p\nvar n = advice.Note{Why: `unheard`}", `no sentence "note.unheard"`},
		"constant, no words":  {"internal/mailbox/x.go", "package p\nconst whyOdd = `odd`", `no sentence "note.odd"`},
		"verdict, no words":   {"internal/advice/x.go", "package p\nconst Odd Verdict = `odd`", `no sentence "verdict.odd"`},
	} {
		t.Run(name, func(t *testing.T) {
			c, err := scan(mapFS(map[string]string{"app/fine.go": fine, tc.file: tc.text}), known)
			if err != nil {
				t.Fatal(err)
			}
			said := strings.Join(append(c.wrong, c.unused(known)...), "\n")
			if (tc.want == "") != (said == "") || !strings.Contains(said, tc.want) {
				t.Errorf("said %q, want %q", said, tc.want)
			}
		})
	}
	known["a.idle"], known["rule.idle"] = known["a.plain"], known["a.plain"]
	c, err := scan(mapFS(map[string]string{"app/fine.go": fine}), known)
	if err != nil {
		t.Fatal(err)
	}
	if got := c.unused(known); len(got) != 2 {
		t.Errorf("unused: %q, want a.idle and rule.idle", got)
	}
}
