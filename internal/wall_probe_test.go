package internal_test

import (
	"go/ast"
	"go/token"
	"slices"
	"strings"
)

// mayBeSaid is all that a check may say to a mail server over a connection: what looks, and nothing that names an address,
// hands over mail or changes anything.
var mayBeSaid = []string{"EHLO", "HELO", "STARTTLS", "AUTH", "*", "QUIT", "CAPA", "STLS"}

var probeWalls = []wall{
	{
		name: "a check says only what looks", why: "who says MAIL, RCPT or VRFY without mail to hand over is a nuisance (DESIGN.md, wall 3)",
		breaches: func(house []source) []string {
			return append(
				inspect(house, aCheck, saysMore),
				eachImport(house, aCheck, func(s source, target string) string {
					if target == smtp || target == "net/smtp" || target == "net/textproto" {
						return "imports " + target + ": what is said goes through the one list of words"
					}
					return ""
				})...,
			)
		},
		wrong: []example{
			{"internal/probe/x.go", "", "type word string\nconst sayMail word = `MAIL`"},
			{"internal/probe/x.go", "", "type word string\nvar w = word(`RCPT`)"},
			{"internal/probe/x.go", "", "type word string\nvar w word = `VRFY`"},
			{"internal/probe/x.go", "", "func f(d *dialogue) { d.say(`DATA`, ``) }"},
			{"internal/probe/x.go", "", "func f(r *run) { r.ask(nil, nil, `MAIL`, ``) }"},
			{"internal/probe/x.go", "io", "func f(w io.Writer) { io.WriteString(w, ``) }"},
			{"internal/probe/x.go", "fmt io", "func f(w io.Writer) { fmt.Fprintf(w, ``) }"},
			{"internal/probe/x.go", "net", "func f(c net.Conn) { c.Write(nil) }"},
			{"internal/probe/x.go", "net/http", "func f() { http.Post(``, ``, nil) }"},
			{"internal/probe/x.go", "net/http", "var m = http.MethodDelete"},
			{"internal/probe/x.go", smtp, ""},
		},
		right: []example{
			{"internal/probe/x.go", "", "type word string\nconst sayEHLO word = `EHLO`\nfunc f(d *dialogue) { d.say(sayEHLO, ``) }"},
			{"internal/probe/dialogue.go", "io", "func (d *dialogue) write(w io.Writer) { io.WriteString(w, ``) }"},
			{"internal/probe/web.go", "net/http io", "func f(r *http.Request, w io.Writer) { r.Write(w) }\nvar m = http.MethodHead"},
			{"internal/probe/x_test.go", "net", "func f(c net.Conn) { c.Write(nil) }"},
		},
	},
}

func aCheck(s source) bool { return s.in("internal/probe") && !s.test() }

// saysMore looks at one node: a word that is not on the list, a command that is no word, or a way to a connection past
// the one function that writes words.
func saysMore(s source, n ast.Node) string {
	switch n := n.(type) {
	case *ast.ValueSpec:
		if isWord(n.Type) {
			for _, v := range n.Values {
				if !allowed(v) {
					return "a word that is not on the list"
				}
			}
		}
	case *ast.CallExpr:
		if isWord(n.Fun) {
			return "makes a word out of something"
		}
		if sel, ok := n.Fun.(*ast.SelectorExpr); ok && slices.Contains([]string{"say", "ask", "quit"}, sel.Sel.Name) && literalArgument(n) {
			return "says a command that is no word of the list"
		}
	case *ast.SelectorExpr:
		return writesPast(s, n)
	}
	return ""
}

func isWord(t ast.Expr) bool {
	id, ok := t.(*ast.Ident)
	return ok && id.Name == "word"
}

func allowed(v ast.Expr) bool {
	lit, ok := v.(*ast.BasicLit)
	return ok && lit.Kind == token.STRING && slices.Contains(mayBeSaid, strings.Trim(lit.Value, "`\""))
}

// literalArgument reports whether one of the arguments is a text with something in it.
func literalArgument(call *ast.CallExpr) bool {
	return slices.ContainsFunc(call.Args, func(e ast.Expr) bool {
		lit, ok := e.(*ast.BasicLit)
		return ok && lit.Kind == token.STRING && strings.Trim(lit.Value, "`\"") != ""
	})
}

// writesPast catches what could write to a connection elsewhere than in the file of the one function that does. The web's
// one request is written in a file of its own.
func writesPast(s source, sel *ast.SelectorExpr) string {
	pkg, name := s.call(sel)
	if pkg == "net/http" && slices.Contains([]string{
		"Post", "PostForm", "Get", "Head", "Client", "DefaultClient", "Transport", "MethodPost", "MethodPut", "MethodDelete", "MethodPatch",
	}, name) {
		return "asks more of a web server than a page: " + name
	}
	writes := []string{"Write", "WriteString", "WriteTo", "ReadFrom", "Copy", "CopyN", "CopyBuffer", "Fprint", "Fprintf", "Fprintln"}
	if !slices.Contains(writes, name) || strings.HasSuffix(s.path, "/dialogue.go") || (strings.HasSuffix(s.path, "/web.go") && name == "Write") {
		return ""
	}
	return "could write to a connection: " + name
}
