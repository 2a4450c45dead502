package account

import (
	"regexp"
	"strconv"
	"strings"
)

// lines knows on which line of the file each key stands. The TOML library tells no positions, and it takes its time over
// nesting without end; so every line is looked at first, and only the few forms that this file has get through to it.
type lines map[string]int

// where names a key's place: the account's number, the table inside it ("" for the account itself), and the key.
func where(n int, table, key string) string { return strconv.Itoa(n) + "/" + table + "/" + key }

// of is the line of a key, or of what it is in: a table of its own, one written in a line, the account.
func (l lines) of(n int, table, key string) int {
	for _, place := range []string{where(n, table, key), where(n, table, ""), where(n, "", table), where(n, "", "")} {
		if line, ok := l[place]; ok {
			return line
		}
	}
	return 1
}

var (
	// pairLine is a plain key with a text, number, list or inline table.
	pairLine = regexp.MustCompile(`^([A-Za-z0-9_-]{1,32})[ \t]*=[ \t]*(\S.*)$`)
	// listLine is a line inside a list that is written over several.
	listLine = regexp.MustCompile(`^(["'\]]|\{)`)
)

// headers are the tables that the file may have, with the name of the one inside an account.
var headers = map[string]string{"[[account]]": "", "[account.imap]": "imap", "[account.smtp]": "smtp", "[[account.paths]]": "paths"}

// maxInline bounds what nests in one line: an inline table's keys, a list's lists.
const maxInline = 2000

// findLines looks at every line; one of a form that this file does not have is a problem.
func findLines(text string, wrong *problems) lines {
	found := lines{}
	account, table := -1, ""
	number, open := 0, false
	for line := range strings.Lines(text) {
		number++
		line, _, _ = strings.Cut(line, "\n")
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		header, _, _ := strings.Cut(line, "#")
		if name, ok := headers[strings.TrimSpace(header)]; ok {
			if table, open = name, false; name == "" {
				account++
			}
			found.note(where(account, table, ""), number)
			continue
		}
		pair := pairLine.FindStringSubmatch(line)
		switch {
		case open && listLine.MatchString(line) && len(line) <= maxInline:
		case pair == nil || nests(pair[2]):
			wrong.add(number, "form", "Text", line)
		default:
			found.note(where(account, table, pair[1]), number)
			open = pair[2][0] == '['
		}
	}
	return found
}

// nests reports whether a value may hold more tables and lists than are worth looking into.
func nests(value string) bool {
	return (value[0] == '[' || value[0] == '{') && len(value) > maxInline
}

func (l lines) note(place string, number int) {
	if _, ok := l[place]; !ok {
		l[place] = number
	}
}
