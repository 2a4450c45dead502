package internal_test

import (
	"go/ast"
	"go/token"
	"path"
	"slices"
	"strings"
)

var walls = slices.Concat(importWalls, callWalls, probeWalls, networkWalls)

// inspect calls visit for every node of the files that keep keeps.
func inspect(house []source, keep func(source) bool, visit func(source, ast.Node) string) []string {
	var breaches []string
	for _, s := range house {
		if !keep(s) {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			if n != nil {
				if why := visit(s, n); why != "" {
					breaches = append(breaches, s.breach(n, "%s", why))
				}
			}
			return true
		})
	}
	return breaches
}

// program are the files that a person runs.
func program(s source) bool { return !s.test() && (s.in("app") || s.in("internal")) }

var callWalls = []wall{
	{
		name: "pure rooms never ask what time it is", why: "instants are arguments (DESIGN.md, wall 2)",
		breaches: func(house []source) []string { return inspect(house, pureRoom, asksTheClock) },
		wrong: []example{
			{"internal/bounce/x.go", "time", "var t = time.Now()"},
			{"internal/advice/x.go", "time", "func f(t time.Time) time.Duration { return time.Since(t) }"},
			{"internal/outage/x.go", "time", "func f(t time.Time) time.Duration { return time.Until(t) }"},
			{"internal/checklist/x.go", "time", "var clock = time.Now"},
			{"internal/words/x.go", "time", "func f(t time.Time) time.Time { return t.In(time.Local) }"},
			{"internal/bounce/x.go", "time", "func f(t time.Time) time.Time { return t.Local() }"},
		},
		right: []example{
			{"internal/bounce/x.go", "time", "var t = time.Date(2023, 1, 26, 18, 0, 0, 0, time.UTC)"},
			{"internal/review/x.go", "time", "var t = time.Now()"},
			{"internal/bounce/x_test.go", "time", "var t = time.Now()"},
		},
	},
	{
		name: "no mailbox is changed", why: "the program reads mail; it never changes a mailbox (DESIGN.md, wall 3)",
		breaches: func(house []source) []string {
			return inspect(house, talking(house, client), changesAMailbox())
		},
		wrong: []example{
			{"internal/mailbox/x.go", client, "func f(c *imapclient.Client) { c.Store(nil, nil, nil) }"},
			{"internal/mailbox/x.go", client, "func f(c *imapclient.Client) { c.Expunge() }"},
			{"internal/mailbox/x.go", client, "func f(c *imapclient.Client) { c.UIDExpunge(nil) }"},
			{"internal/mailbox/x.go", client, "func f(c *imapclient.Client) { c.Append(``, 0, nil) }"},
			{"internal/mailbox/x.go", client, "func f(c *imapclient.Client) { c.Copy(nil, ``) }"},
			{"internal/mailbox/x.go", client, "type s struct{ c *imapclient.Client }\nfunc (s s) f() { s.c.Move(nil, ``).Wait() }"},
			{"internal/mailbox/x.go", client, "func f(c *imapclient.Client) { c.Create(``, nil) }"},
			{"internal/mailbox/x.go", client, "func f(c *imapclient.Client) { c.Delete(``) }"},
			{"internal/mailbox/x.go", client, "func f(c *imapclient.Client) any { return c.Rename }"},
			{"internal/mailbox/x.go", client, "var change = (*imapclient.Client).Store"},
			{"internal/mailbox/x.go", client, "func f(c *imapclient.Client) { c.Select(``, nil) }"},
			{"internal/mailbox/x.go", client + " github.com/emersion/go-imap/v2", "func f(c *imapclient.Client) { c.Select(``, &imap.SelectOptions{CondStore: true}) }"},
			{"internal/mailbox/x.go", client + " github.com/emersion/go-imap/v2", "func f(c *imapclient.Client) { c.Select(``, &imap.SelectOptions{ReadOnly: false}) }"},
			{"internal/mailbox/x.go", client + " github.com/emersion/go-imap/v2", "var s = imap.FetchItemBodySection{}"},
			{"internal/mailbox/x.go", client + " github.com/emersion/go-imap/v2", "var s = []*imap.FetchItemBodySection{{Part: nil}}"},
			{"internal/mailbox/x.go", client, "var line = `a1 UID STORE 1 +FLAGS (\\Deleted)`"},
			{"internal/mailbox/x.go", client, "var line = \"a1 SELECT INBOX\\r\\n\""},
		},
		right: []example{
			{"internal/mailbox/x.go", client + " github.com/emersion/go-imap/v2", "func f(c *imapclient.Client) { c.Select(``, &imap.SelectOptions{ReadOnly: true}) }"},
			{"internal/mailbox/x.go", client + " github.com/emersion/go-imap/v2", "var s = []*imap.FetchItemBodySection{{Peek: true}}"},
			{"internal/mailbox/x.go", client + " io", "func f(w io.Writer, r io.Reader) { io.Copy(w, r) }"},
			{"internal/mailbox/x.go", client, "var line = `a1 EXAMINE INBOX`"},
			{"internal/mailbox/x.go", client + " sync/atomic", "var n atomic.Int64\nfunc f() { n.Store(1) }"},
			{"internal/words/x.go", "sync", "var m sync.Map\nfunc f() { m.Store(1, 2) }"},
			{"internal/demo/x.go", client, "func f(c *imapclient.Client) { c.Store(nil, nil, nil) }"},
			{"internal/mailbox/x_test.go", client, "func f(c *imapclient.Client) { c.Append(``, 0, nil) }"},
		},
	},
	{
		name: "nothing is sent", why: "sending again is the person's own act, in their mail program (DESIGN.md, wall 3)",
		breaches: func(house []source) []string {
			return inspect(house, talking(house, smtp, "net/smtp"), sends)
		},
		wrong: []example{
			{"internal/probe/x.go", smtp, "func f(c *smtp.Client) { c.Mail(``, nil) }"},
			{"internal/probe/x.go", smtp, "func f(c *smtp.Client) { c.Rcpt(``, nil) }"},
			{"internal/probe/x.go", smtp, "func f(c *smtp.Client) { c.Data() }"},
			{"internal/probe/x.go", smtp, "func f(c *smtp.Client) { c.Verify(``, nil) }"},
			{"internal/probe/x.go", smtp, "func f() { smtp.SendMail(``, nil, ``, nil, nil) }"},
			{"app/cli/x.go", "net/smtp", "func f() { smtp.SendMail(``, nil, ``, nil, nil) }"},
			{"internal/probe/x.go", smtp, "var line = \"RCPT TO:<a@b.example>\\r\\n\""},
		},
		right: []example{
			{"internal/probe/x.go", smtp, "func f(c *smtp.Client) { c.Hello(``); c.Auth(nil); c.Quit() }"},
			{"internal/demo/x.go", smtp, "func f(c *smtp.Client) { c.Mail(``, nil) }"},
		},
	},
	{
		name: "no shell", why: "text from mail is hostile and must never meet a shell (DESIGN.md, Rules with a reason)",
		breaches: func(house []source) []string { return inspect(house, program, runsAShell) },
		wrong: []example{
			{"app/cli/x.go", "os/exec", "var c = exec.Command(\"sh\", \"-c\", \"open\")"},
			{"internal/watch/x.go", "os/exec context", "var c = exec.CommandContext(context.Background(), `powershell.exe`, `-Command`)"},
			{"app/window/x.go", "os/exec", "var c = exec.Command(\"/bin/bash\")"},
			{"app/window/x.go", "fyne.io/fyne/v2", "func f(a fyne.App) { a.SendNotification(nil) }"},
		},
		right: []example{{"app/cli/x.go", "os/exec", "var c = exec.Command(\"xdg-open\", \"--\")"}},
	},
	{
		name: "no way to die but an error", why: "no panic reaches a person, and only main ends the process",
		breaches: func(house []source) []string { return inspect(house, program, dies()) },
		wrong: []example{
			{"internal/bounce/x.go", "", "func f() { panic(1) }"},
			{"app/window/x.go", "", "func f(x any) { r := recover(); if r != nil { panic(x) } }"},
			{"app/cli/x.go", "log", "func f() { log.Fatalf(``) }"},
			{"app/cli/x.go", "os", "func f() { os.Exit(1) }"},
		},
		right: []example{
			{"app/main.go", "os", "func main() { os.Exit(1) }"},
			{"internal/bounce/x_test.go", "", "func f() { panic(1) }"},
			{"app/window/x.go", "", "func f() { r := recover(); if r != nil { panic(r) } }"},
		},
	},
	{
		name: "certificates are looked at", why: "a password must not be handed to whoever answers",
		breaches: func(house []source) []string { return inspect(house, program, trustsAnyone) },
		wrong: []example{
			{"internal/mailbox/x.go", "crypto/tls", "var c = tls.Config{InsecureSkipVerify: true}"},
			{"internal/probe/x.go", "crypto/tls", "func f(c *tls.Config, b bool) { c.InsecureSkipVerify = b }"},
		},
		right: []example{{"internal/mailbox/x.go", "crypto/tls", "var c = tls.Config{ServerName: ``}"}},
	},
}

func asksTheClock(s source, n ast.Node) string {
	sel, ok := n.(*ast.SelectorExpr)
	if !ok {
		if call, isCall := n.(*ast.CallExpr); isCall && len(call.Args) == 0 {
			if pkg, name := s.call(call.Fun); pkg == "" && name == "Local" {
				return "takes the machine's zone: .Local()"
			}
		}
		return ""
	}
	pkg, name := s.call(sel)
	clock := []string{"Now", "Since", "Until", "Local", "After", "AfterFunc", "Tick", "NewTimer", "NewTicker", "Sleep"}
	if pkg == "time" && slices.Contains(clock, name) {
		return "asks the machine for the time: time." + name
	}
	return ""
}

// talking keeps the files of the packages in which some file imports one of targets, but for the demonstration's.
func talking(house []source, targets ...string) func(source) bool {
	dirs := map[string]bool{}
	for _, s := range house {
		for _, target := range s.imports {
			if !s.test() && slices.Contains(targets, target) {
				dirs[s.dir()] = true
			}
		}
	}
	return func(s source) bool { return dirs[s.dir()] && !s.test() && !s.in("internal/demo") }
}

// method gives the name of a method or field that is taken of something other than an imported package; what the
// client's own package holds counts, as in imapclient.Client.Store.
func (s source) method(n ast.Node) string {
	sel, ok := n.(*ast.SelectorExpr)
	if !ok {
		return ""
	}
	if pkg, name := s.call(sel); pkg == "" || pkg == client || pkg == smtp || pkg == "net/smtp" {
		return name
	}
	return ""
}

// changesAMailbox gives a look at one node after the other. By syntax alone the client's Store, which takes three
// arguments, is told from an atomic value's, which takes one, where it is called.
func changesAMailbox() func(source, ast.Node) string {
	atomic := map[ast.Node]bool{}
	return func(s source, n ast.Node) string {
		if call, ok := n.(*ast.CallExpr); ok && len(call.Args) == 1 && s.method(call.Fun) == "Store" {
			atomic[call.Fun] = true
		}
		verbs := []string{"Store", "Expunge", "UIDExpunge", "Append", "Copy", "Move", "Create", "Delete", "Rename"}
		if name := s.method(n); slices.Contains(verbs, name) && !atomic[n] {
			return "could change a mailbox: " + name
		}
		return opensForWriting(s, n)
	}
}

func opensForWriting(s source, n ast.Node) string {
	if said := says(n, "STORE", "EXPUNGE", "APPEND", "COPY", "MOVE", "CREATE", "DELETE", "RENAME", "SELECT"); said != "" {
		return "writes a command that could change a mailbox: " + said
	}
	switch n := n.(type) {
	case *ast.CallExpr:
		if sel, ok := n.Fun.(*ast.SelectorExpr); ok && s.method(sel) == "Select" && (len(n.Args) != 2 || !sets(n.Args[1], "ReadOnly")) {
			return "opens a folder for writing: Select wants &imap.SelectOptions{ReadOnly: true} in the call itself"
		}
	case *ast.CompositeLit:
		return marksAsRead(s, n)
	}
	return ""
}

// marksAsRead catches a body fetched without PEEK, which would set \Seen (RFC 9051 section 6.4.5).
func marksAsRead(s source, lit *ast.CompositeLit) string {
	body := func(t ast.Expr) bool {
		if star, ok := t.(*ast.StarExpr); ok {
			t = star.X
		}
		_, name := s.call(t)
		return name == "FetchItemBodySection" || name == "FetchItemBinarySection"
	}
	const why = "fetches a body without Peek: true"
	if body(lit.Type) && !sets(lit, "Peek") {
		return why
	}
	list, ok := lit.Type.(*ast.ArrayType)
	if !ok || !body(list.Elt) {
		return ""
	}
	for _, e := range lit.Elts {
		if inner, ok := e.(*ast.CompositeLit); ok && inner.Type == nil && !sets(inner, "Peek") {
			return why
		}
	}
	return ""
}

// sets reports whether e is a literal, or the address of one, that sets field to true.
func sets(e ast.Expr, field string) bool {
	if addr, ok := e.(*ast.UnaryExpr); ok {
		e = addr.X
	}
	lit, ok := e.(*ast.CompositeLit)
	if !ok {
		return false
	}
	return slices.ContainsFunc(lit.Elts, func(e ast.Expr) bool {
		kv, ok := e.(*ast.KeyValueExpr)
		if !ok {
			return false
		}
		key, keyOK := kv.Key.(*ast.Ident)
		value, valueOK := kv.Value.(*ast.Ident)
		return keyOK && valueOK && key.Name == field && value.Name == "true"
	})
}

// says gives the command that a string literal holds as a word of its own in capitals, followed by something, "" for none.
func says(n ast.Node, commands ...string) string {
	lit, ok := n.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return ""
	}
	words := strings.FieldsFunc(lit.Value, func(r rune) bool { return r == ' ' || r == '"' || r == '`' || r == '\\' })
	for i, word := range words {
		if slices.Contains(commands, strings.TrimSuffix(word, ":")) && i+1 < len(words) {
			return word
		}
	}
	return ""
}

func sends(s source, n ast.Node) string {
	if name := s.method(n); slices.Contains([]string{"Mail", "Rcpt", "Data", "LMTPData", "Verify", "SendMail", "SendMailTLS"}, name) {
		return "could send or ask for an address: " + name
	}
	if said := says(n, "MAIL", "RCPT", "DATA", "VRFY", "EXPN", "BDAT"); said != "" {
		return "writes a command that could send: " + said
	}
	return ""
}

func runsAShell(s source, n ast.Node) string {
	call, ok := n.(*ast.CallExpr)
	if !ok {
		return ""
	}
	pkg, name := s.call(call.Fun)
	if pkg == "" && name == "SendNotification" {
		return "calls Fyne's notification, which hands its text to PowerShell on Windows"
	}
	if pkg != "os/exec" || (name != "Command" && name != "CommandContext") {
		return ""
	}
	for _, arg := range call.Args[:min(2, len(call.Args))] {
		lit, ok := arg.(*ast.BasicLit)
		if !ok || lit.Kind != token.STRING {
			continue
		}
		shell := strings.TrimSuffix(strings.ToLower(path.Base(strings.Trim(lit.Value, "`\""))), ".exe")
		if slices.Contains([]string{"sh", "bash", "dash", "zsh", "cmd", "powershell", "pwsh", "osascript"}, shell) {
			return "starts a shell: " + shell
		}
		break // the program is the first literal; the rest are its arguments
	}
	return ""
}

// dies gives a look at one node after the other. What a function has just recovered it may raise again: it was somebody else's.
func dies() func(source, ast.Node) string {
	again := map[*ast.CallExpr]bool{}
	return func(s source, n ast.Node) string {
		if f, ok := n.(*ast.FuncDecl); ok {
			raisedAgain(f, again)
		}
		call, ok := n.(*ast.CallExpr)
		if !ok || s.path == "app/main.go" || again[call] {
			return ""
		}
		if id, ok := call.Fun.(*ast.Ident); ok && id.Name == "panic" {
			return "panics"
		}
		switch pkg, name := s.call(call.Fun); {
		case pkg == "log" && (strings.HasPrefix(name, "Fatal") || strings.HasPrefix(name, "Panic")):
			return "ends the process: log." + name
		case pkg == "os" && name == "Exit":
			return "ends the process: os.Exit"
		}
		return ""
	}
}

// raisedAgain finds the calls panic(r) of a function that says r := recover().
func raisedAgain(f *ast.FuncDecl, again map[*ast.CallExpr]bool) {
	named := func(e ast.Expr) string {
		if id, ok := e.(*ast.Ident); ok {
			return id.Name
		}
		return ""
	}
	recovered := map[string]bool{}
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			if call, ok := n.Rhs[0].(*ast.CallExpr); ok && named(call.Fun) == "recover" {
				recovered[named(n.Lhs[0])] = true
			}
		case *ast.CallExpr:
			if named(n.Fun) == "panic" && len(n.Args) == 1 && recovered[named(n.Args[0])] {
				again[n] = true
			}
		}
		return true
	})
}

func trustsAnyone(_ source, n ast.Node) string {
	if id, ok := n.(*ast.Ident); ok && id.Name == "InsecureSkipVerify" {
		return "names InsecureSkipVerify"
	}
	return ""
}
