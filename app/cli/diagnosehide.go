package cli

import (
	"fmt"
	"os"
	"os/user"
	"regexp"
	"strings"

	"rimbalzo/app/watcher/logfile"
	"rimbalzo/internal/account"
)

// shortestName is the length from which on a name is looked for in what is handed out: shorter ones are in every text.
const shortestName = 3

// hidden takes out of a text what tells who the person is, beyond what the log leaves out already: the names of accounts, which
// may be people's names, the home folder, and the name with which he logs in to this computer.
func hidden(dir string) func(text string) string {
	type name struct {
		find *regexp.Regexp
		with string
	}
	var names []name
	hide := func(text, with string) {
		if len([]rune(text)) >= shortestName {
			names = append(names, name{regexp.MustCompile(`(?i)(^|[^\pL\pN])` + regexp.QuoteMeta(text) + `($|[^\pL\pN])`), "${1}" + with + "${2}"})
		}
	}
	var list []account.Account
	if book, err := account.Open(dir); book != nil && err == nil {
		list, _ = book.List() // what is wrong with the file is told among the accounts
	}
	for i, acc := range list {
		hide(acc.ID, fmt.Sprintf("account-%d", i+1))
	}
	if home, err := os.UserHomeDir(); err == nil {
		hide(strings.TrimRight(home, `/\`), "~")
		hide(strings.ReplaceAll(home, `\`, `\\`), "~") // as in JSON
	}
	if u, err := user.Current(); err == nil && u.Username != "root" {
		hide(u.Username[strings.LastIndexByte(u.Username, '\\')+1:], "[user]")
	}
	return func(text string) string {
		for _, n := range names {
			for range 2 { // two that share a mark between them
				text = n.find.ReplaceAllString(text, n.with)
			}
		}
		return logfile.Redact(text)
	}
}
