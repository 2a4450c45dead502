package kit

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"fyne.io/fyne/v2/theme"
	"golang.org/x/image/font/sfnt"
)

// TestEveryGlyphIsOurs: what the program itself writes in the window is in the font that it brings. Anything else would look, and be
// as wide, as the fonts of the machine have it, or be a box.
func TestEveryGlyphIsOurs(t *testing.T) {
	font, err := sfnt.Parse(theme.DefaultTextFont().Content())
	if err != nil {
		t.Fatal(err)
	}
	var buf sfnt.Buffer
	check := func(where, text string) {
		for _, r := range text {
			if at, err := font.GlyphIndex(&buf, r); r > 0x7f && (err != nil || at == 0) && r != '⌘' { // a Mac has that
				t.Errorf("%s: %q is not in the font", where, r)
			}
		}
	}
	root := filepath.Join("..", "..", "..")
	for _, dir := range []string{"internal/words/locale", "app/help", "app/window"} {
		err := filepath.WalkDir(filepath.Join(root, filepath.FromSlash(dir)), func(path string, d fs.DirEntry, err error) error {
			switch {
			case err != nil || d.IsDir() || strings.HasSuffix(path, "_test.go"):
				return err
			case strings.HasSuffix(path, ".toml"), strings.HasSuffix(path, ".md"):
				text, err := os.ReadFile(path)
				check(path, string(text))
				return err
			case strings.HasSuffix(path, ".go"):
				return eachString(path, func(text string) { check(path, text) })
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// eachString visits the texts in a source file.
func eachString(path string, visit func(string)) error {
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
	if err != nil {
		return err
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			if text, err := strconv.Unquote(lit.Value); err == nil {
				visit(text)
			}
		}
		return true
	})
	return nil
}
