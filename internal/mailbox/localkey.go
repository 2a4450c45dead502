package mailbox

import (
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"io"
	"mime"
	"strings"

	"rimbalzo/internal/provider"
)

// maxHead is how much of a message is looked at for its key: real headers are far shorter.
const maxHead = 64 << 10

// readHead reads a message up to the end of its header, or a little beyond; it uses buf's memory.
func readHead(r io.Reader, buf []byte) ([]byte, error) {
	buf = buf[:0]
	for len(buf) < cap(buf) {
		n, err := r.Read(buf[len(buf):min(len(buf)+4096, cap(buf))])
		from := max(len(buf)-3, 0)
		buf = buf[:len(buf)+n]
		if errors.Is(err, io.EOF) || headerEnd(buf[from:]) >= 0 {
			break
		}
		if err != nil {
			return nil, err
		}
	}
	return buf, nil
}

// headerEnd gives where a header's last line ends: before the first empty line; -1 where there is none.
func headerEnd(text []byte) int {
	lf, crlf := bytes.Index(text, []byte("\n\n")), bytes.Index(text, []byte("\n\r\n"))
	if lf < 0 || crlf >= 0 && crlf < lf {
		lf = crlf
	}
	if lf < 0 {
		return -1
	}
	return lf + 1
}

// changing are the fields that mail programs change after a message has come: read, answered, labelled, moved.
var changing = map[string]bool{
	"x-mozilla-status": true, "x-mozilla-status2": true, "x-mozilla-keys": true, "x-account-key": true, "x-uidl": true, "x-uid": true,
	"x-gmail-labels": true, "status": true, "x-status": true, "x-keywords": true, "x-imap": true, "x-imapbase": true, "content-length": true, "lines": true,
}

// keyOf is what tells a message from others: a digest of its header without the fields that change. The Received and
// Message-ID fields of no two messages are the same.
func keyOf(head []byte) string {
	if end := headerEnd(head); end >= 0 {
		head = head[:end]
	}
	sum, skip := sha256.New(), false
	for len(head) > 0 {
		line, rest, _ := bytes.Cut(head, newline)
		if folded := len(line) > 0 && (line[0] == ' ' || line[0] == '\t'); !folded {
			skip = changing[strings.ToLower(string(fieldName(line)))]
		}
		if !skip {
			sum.Write(bytes.TrimRight(line, "\r")) // a digest takes everything
			sum.Write(newline)
		}
		head = rest
	}
	return hex.EncodeToString(sum.Sum(nil)[:16])
}

// maxLabels bounds the field of labels, in bytes.
const maxLabels = 4 << 10

// labelsOf gives the labels that Gmail's export writes into each message, in the language of the account; none in other mail.
func labelsOf(head []byte) []string {
	value := ""
	for in := false; len(head) > 0; {
		line, rest, _ := bytes.Cut(head, newline)
		line = bytes.TrimRight(line, "\r")
		switch {
		case len(line) == 0 || len(value) > maxLabels:
			rest = nil
		case in && (line[0] == ' ' || line[0] == '\t'):
			value += string(line)
		default:
			if in = strings.EqualFold(string(fieldName(line)), "x-gmail-labels"); in {
				_, after, _ := bytes.Cut(line, []byte(":"))
				value = string(after)
			}
		}
		head = rest
	}
	if value = strings.TrimSpace(value); value == "" || len(value) > maxLabels {
		return nil
	}
	var words mime.WordDecoder
	if decoded, err := words.DecodeHeader(value); err == nil {
		value = decoded
	}
	list := csv.NewReader(strings.NewReader(value))
	list.LazyQuotes, list.TrimLeadingSpace = true, true
	labels, err := list.Read()
	if err != nil {
		return nil
	}
	return labels
}

// roleOfLabels is what a message with these labels is: where it lies counts before whose it is, as in folders. With labels
// none of which is a folder's it was archived.
func roleOfLabels(labels []string) Role {
	has := map[Role]bool{}
	for _, label := range labels {
		has[Role(provider.Builtin().RoleOf(label))] = true
	}
	for _, role := range []Role{RoleDrafts, RoleJunk, RoleTrash, RoleSent, RoleInbox} {
		if has[role] {
			return role
		}
	}
	return RoleAll
}
