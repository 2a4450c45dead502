package internal_test

import (
	"go/ast"
	"slices"
)

// mayConnect are the folders whose code opens connections, with whom to. Nothing else can reach a network, so nothing else
// can tell anybody anything.
var mayConnect = map[string]string{
	"internal/mailbox":            "the person's own mail server",
	"internal/probe":              "the servers that the person has watched",
	"internal/watch":              "nobody: it asks the system for the machine's own addresses and routes",
	"internal/account/oauth":      "the provider that the person signs in with",
	"internal/account/autoconfig": "who knows a domain's mail servers, after the person has agreed",
	"internal/demo":               "itself",
	"app/watcher/ipc":             "the person's own processes, over a socket that is theirs alone",
	"app":                         "the display, over its local socket",
}

var networkWalls = []wall{{
	name: "few may open a connection", why: "no telemetry: nobody is told anything but the person's own servers",
	breaches: func(house []source) []string {
		return inspect(house, func(s source) bool {
			_, may := mayConnect[s.dir()]
			return program(s) && !may
		}, connects)
	},
	wrong: []example{
		{"internal/review/x.go", "net", "func f() { net.Dial(``, ``) }"},
		{"app/cli/x.go", "net", "var d = net.Dialer{}"},
		{"app/cli/x.go", "crypto/tls", "func f() { tls.Dial(``, ``, nil) }"},
		{"app/window/about/x.go", "net/http", "func f() { http.Get(``) }"},
		{"internal/store/x.go", "net/http", "var c = &http.Client{}"},
		{"app/watcher/x.go", "net/http", "var t = http.DefaultTransport"},
		{"app/accounts/x.go", "net", "func f(r *net.Resolver) { net.LookupHost(``) }"},
		{"internal/checklist/x.go", "net/smtp", ""},
	},
	right: []example{
		{"internal/mailbox/x.go", "net", "var d = net.Dialer{}"},
		{"app/cli/x.go", "net", "var a = net.JoinHostPort(``, ``)"},
		{"app/cli/x.go", "net/http", "var code = http.StatusOK"},
		{"app/cli/x_test.go", "net", "func f() { net.Dial(``, ``) }"},
	},
}}

// connects looks for what reaches a network by the standard library's ways.
func connects(s source, n ast.Node) string {
	if spec, ok := n.(*ast.ImportSpec); ok && spec.Path.Value == `"net/smtp"` {
		return "imports net/smtp"
	}
	sel, ok := n.(*ast.SelectorExpr)
	if !ok {
		return ""
	}
	pkg, name := s.call(sel)
	reaches := map[string][]string{
		"net": {
			"Dial", "DialTimeout", "DialTCP", "DialUDP", "DialIP", "DialUnix", "Dialer", "Resolver", "DefaultResolver", "LookupHost", "LookupIP", "LookupAddr",
			"LookupMX", "LookupTXT", "LookupSRV", "LookupNS", "LookupCNAME",
		},
		"crypto/tls": {"Dial", "DialWithDialer", "Dialer"},
		"net/http":   {"Get", "Post", "PostForm", "Head", "Client", "DefaultClient", "Transport", "DefaultTransport"},
	}
	if slices.Contains(reaches[pkg], name) {
		return "could reach a network: " + pkg + "." + name
	}
	return ""
}
