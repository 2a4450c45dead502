package mailbox

import (
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
)

// peeked finds what a FETCH asks for: the section's number, its kind, the fields left out, the bytes wanted.
var peeked = regexp.MustCompile(`BODY\.PEEK\[([0-9.]*)(HEADER|TEXT)?(\.FIELDS\.NOT \(([^)]*)\))?\]<0\.(\d+)>`)

// fetchResponse writes an ordinary answer about one message of text alone: of whatever is asked of it.
func fetchResponse(w io.Writer, uid int, command, text string) {
	structure := fmt.Sprintf("(\"text\" \"plain\" NIL NIL NIL \"7bit\" %d %d)", len(text), strings.Count(text, "\n"))
	fetchMessage(w, uid, command, text, structure)
}

// asksStructure reports whether a command asks what messages are made of.
func asksStructure(command string) bool {
	return strings.Contains(command, " BODY ") || strings.Contains(command, " BODY)")
}

// fetchMessage writes what is asked of a message of that structure.
func fetchMessage(w io.Writer, uid int, command, text, structure string) {
	fmt.Fprintf(w, "* %d FETCH (UID %d FLAGS () INTERNALDATE \"23-Jan-2023 11:00:00 +0100\"", uid, uid)
	if asksStructure(command) {
		fmt.Fprintf(w, " BODY %s", structure)
	}
	for _, m := range peeked.FindAllStringSubmatch(command, -1) {
		item := &imap.FetchItemBodySection{Specifier: imap.PartSpecifier(m[2])}
		for number := range strings.SplitSeq(strings.Trim(m[1], "."), ".") {
			if n, err := strconv.Atoi(number); err == nil {
				item.Part = append(item.Part, n)
			}
		}
		for name := range strings.FieldsSeq(m[4]) {
			item.HeaderFieldsNot = append(item.HeaderFieldsNot, strings.Trim(name, `"`))
		}
		limit, _ := strconv.Atoi(m[5])
		body := imapserver.ExtractBodySection(strings.NewReader(text), item)
		body = body[:min(len(body), limit)]
		fmt.Fprintf(w, " BODY[%s%s%s]<0> {%d}\r\n%s", m[1], m[2], m[3], len(body), body)
	}
	io.WriteString(w, ")\r\n")
}
