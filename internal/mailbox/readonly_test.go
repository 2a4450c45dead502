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
	"New", "Closed", "Logout", "WaitGreeting", "State", "Caps", "Authenticate", "Login", "List", "Select", "UIDSearch", "Fetch",
}

// TestOneFileKnowsTheClient looks at the program's imports: one file of this room uses the IMAP client, beside the checks of
// internal/probe, and it calls only what reads.
func TestOneFileKnowsTheClient(t *testing.T) {
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
	if !slices.Equal(importers, []string{"internal/mailbox/imapsession.go"}) {
		t.Errorf("the IMAP client is used by %q", importers)
	}
}

func TestClientOnlyReads(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "imapsession.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	ast.Inspect(file, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		sel, ok := call.Fun.(*ast.SelectorExpr)
		if !ok || !isClient(sel.X) {
			return true
		}
		seen[sel.Sel.Name] = true
		if !slices.Contains(readingCalls, sel.Sel.Name) {
			t.Errorf("the session calls %s", sel.Sel.Name)
		}
		if sel.Sel.Name == "Select" && !opensForReading(call) {
			t.Error("a folder is opened for writing")
		}
		return true
	})
	if len(seen) < len(readingCalls)-1 {
		t.Errorf("only %v was found: does this test still see the calls?", seen)
	}
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
