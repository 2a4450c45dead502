package mailbox

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const clientLibrary = "github.com/emersion/go-imap/v2/imapclient"

// reading methods of the library's client, and those of its commands. What is not here could change a mailbox.
var readingCalls = []string{
	"New", "Closed", "Logout", "WaitGreeting", "Caps", "List", "Status", "Select", "UIDSearch", "Fetch", "Idle", "Noop",
}

// readingVerbs are the commands that may be said by hand; AUTHENTICATE and LOGIN let in, COMPRESS changes the wire.
var readingVerbs = []string{
	"CAPABILITY", "AUTHENTICATE", "LOGIN", "EXAMINE", "FETCH", "STATUS", "NOOP", "IDLE", "COMPRESS DEFLATE", "LOGOUT",
}

// TestOneRoomKnowsTheClient looks at the program's imports: this room alone uses the IMAP client, beside the checks of
// internal/probe, and it calls only what reads.
func TestOneRoomKnowsTheClient(t *testing.T) {
	root := moduleRoot(t)
	var importers []string
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return nil // a file that somebody is writing
		}
		for _, spec := range file.Imports {
			if name, _ := strconv.Unquote(spec.Path.Value); name == clientLibrary {
				rel, _ := filepath.Rel(root, path)
				importers = append(importers, filepath.ToSlash(rel))
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	importers = slices.DeleteFunc(importers, func(path string) bool {
		return strings.HasPrefix(path, "internal/demo/") || strings.HasPrefix(path, "internal/probe/")
	})
	if elsewhere := slices.DeleteFunc(importers, func(path string) bool { return filepath.Dir(path) == "internal/mailbox" }); len(elsewhere) > 0 {
		t.Errorf("the IMAP client is used by %q", elsewhere)
	}
}

func TestClientOnlyReads(t *testing.T) {
	seen := map[string]bool{}
	look := func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok {
			if sel, ok := call.Fun.(*ast.SelectorExpr); ok && isClient(sel.X) && sel.Sel.Name == "Select" && !opensForReading(call) {
				t.Error("a folder is opened for writing")
			}
		}
		if sel, ok := n.(*ast.SelectorExpr); ok && isClient(sel.X) {
			seen[sel.Sel.Name] = true
			if ast.IsExported(sel.Sel.Name) && !slices.Contains(readingCalls, sel.Sel.Name) && !isType(sel) {
				t.Errorf("the session uses %s of the client", sel.Sel.Name)
			}
		}
		return true
	}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, look)
	}
	for _, name := range []string{"New", "Closed", "Logout", "WaitGreeting", "Caps", "List", "Select", "UIDSearch"} {
		if !seen[name] {
			t.Errorf("%s was not found: does this test still see the calls?", name)
		}
	}
}

// isType tells the client library's types from what it does: "imapclient.FetchItemDataUID".
func isType(sel *ast.SelectorExpr) bool {
	x, ok := sel.X.(*ast.Ident)
	return ok && x.Name == "imapclient" && sel.Sel.Name != "New"
}

// TestVerbsOnlyRead looks at what is said by hand: every constant of the type verb, and that no verb comes from elsewhere.
func TestVerbsOnlyRead(t *testing.T) {
	files, err := filepath.Glob("imap*.go")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok {
				if to, ok := call.Fun.(*ast.Ident); ok && to.Name == "verb" {
					t.Errorf("%s makes a verb of something else", name)
				}
			}
			spec, ok := n.(*ast.ValueSpec)
			if kind, is := specType(spec, ok); !is || kind != "verb" {
				return true
			}
			for _, value := range spec.Values {
				text, _ := strconv.Unquote(value.(*ast.BasicLit).Value)
				if found++; !slices.Contains(readingVerbs, text) {
					t.Errorf("%s: %q is no reading verb", name, text)
				}
			}
			return true
		})
	}
	if found < 7 {
		t.Errorf("only %d verbs were found", found)
	}
}

func specType(spec *ast.ValueSpec, ok bool) (string, bool) {
	if !ok {
		return "", false
	}
	kind, is := spec.Type.(*ast.Ident)
	if !is {
		return "", false
	}
	return kind.Name, true
}

// isClient tells "s.client" and "imapclient".
func isClient(x ast.Expr) bool {
	switch x := x.(type) {
	case *ast.SelectorExpr:
		return x.Sel.Name == "client"
	case *ast.Ident:
		return x.Name == "imapclient" || x.Name == "client"
	}
	return false
}

func opensForReading(call *ast.CallExpr) bool {
	reading := false
	ast.Inspect(call, func(n ast.Node) bool {
		if kv, ok := n.(*ast.KeyValueExpr); ok {
			key, _ := kv.Key.(*ast.Ident)
			value, _ := kv.Value.(*ast.Ident)
			reading = reading || key != nil && value != nil && key.Name == "ReadOnly" && value.Name == "true"
		}
		return true
	})
	return reading
}

// moduleRoot walks up to go.mod.
func moduleRoot(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for dir != filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		dir = filepath.Dir(dir)
	}
	t.Fatal("no go.mod above")
	return ""
}
