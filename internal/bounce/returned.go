package bounce

import (
	"bytes"
	"strings"
)

// splitOriginal separates the text proper from a returned message that stands in it, whose first line it gives.
func splitOriginal(lines []string) ([]string, int) {
	for i := range lines {
		n, strong := headerBlock(lines[i:])
		if n == 0 || !strong && !announced(lines, i) {
			continue
		}
		rest := lines[:i]
		if !hasAddress(rest) && i+n < len(lines) { // the report stands behind what it returns
			rest = append(rest[:len(rest):len(rest)], lines[i+n:]...)
		} else if j := sessionAt(lines[i+n:]); j >= 0 {
			rest = append(rest[:len(rest):len(rest)], lines[i+n+j:min(len(lines), i+n+j+80)]...)
		}
		return rest, i
	}
	return lines, len(lines)
}

// sessionAt finds the record of an SMTP session behind a returned header, as MDaemon appends it; -1 where there is none.
func sessionAt(lines []string) int {
	for i, l := range lines[:min(len(lines), 100)] {
		if strings.IndexByte(l, '>') >= 0 && (strings.Contains(l, "->") || strings.Contains(l, ">>>")) && indexFold(l, "rcpt to:") >= 0 {
			return i
		}
	}
	return -1
}

func hasAddress(lines []string) bool {
	for _, l := range lines {
		if strings.IndexByte(l, '@') >= 0 {
			return true
		}
	}
	return false
}

// dedent takes the first line's indent, or its quoting, off every line, so that indented headers read as headers and folded lines stay folded.
func dedent(lines []string) string {
	indent := len(lines[0]) - len(strings.TrimLeft(lines[0], " \t"))
	quoted := strings.HasPrefix(lines[0], ">")
	var b strings.Builder
	for _, l := range lines {
		if quoted {
			l = strings.TrimPrefix(strings.TrimPrefix(l, ">"), " ")
		}
		if n := len(l) - len(strings.TrimLeft(l, " \t")); n >= indent {
			l = l[indent:]
		}
		b.WriteString(l)
		b.WriteByte('\n')
	}
	return b.String()
}

// headerNames are the fields by which a returned header is known; true for those that no report writes about its own message.
var headerNames = map[string]bool{
	"received": true, "return-path": true, "message-id": true, "mime-version": true, "content-type": true, "delivered-to": true, "x-mailer": true, "dkim-signature": true, "x-originating-ip": true, "user-agent": true, "domainkey-signature": true,
	"content-transfer-encoding": true, "x-spam-status": true, "in-reply-to": true, "references": true, "x-priority": true, "envelope-to": true,
	"from": false, "to": false, "subject": false, "date": false, "cc": false, "reply-to": false, "sender": false, "x-sender": false, "organization": false, "errors-to": false, "precedence": false, "list-id": false,
}

// headerBlock tells how many lines from the first on are fields of a returned header; strong when some of them are sure to be.
func headerBlock(lines []string) (n int, strong bool) {
	known, sure := 0, 0
	for n < len(lines) && n < 300 {
		l := strings.TrimPrefix(strings.TrimPrefix(lines[n], "> "), ">")
		trimmed := strings.TrimLeft(l, " \t")
		if trimmed == "" {
			break
		}
		if n == 0 && !isLetter(trimmed[0]|0x20) {
			return 0, false
		}
		colon := strings.IndexByte(trimmed, ':')
		if n == 0 && colon < 2 {
			return 0, false // most lines of most texts
		}
		var lower [60]byte // the name in lower case, without an allocation for every line of every text
		name := lower[:0]
		if colon > 0 && colon < len(lower) {
			name = lower[:copy(lower[:], strings.TrimRight(trimmed[:colon], " "))]
			for i, c := range name {
				if c >= 'A' && c <= 'Z' {
					name[i] = c + 'a' - 'A'
				}
			}
		}
		isSure, isKnown := headerNames[string(name)]
		switch {
		case isKnown:
			known++
			if isSure {
				sure++
			}
		case n == 0:
			return 0, false
		case colon > 0 && bytes.HasPrefix(name, []byte("x-")):
		case len(trimmed) < len(l):
		case colon > 0 && bytes.IndexByte(name, ' ') < 0:
		default:
			return 0, false
		}
		n++
	}
	if known < 2 {
		return 0, false
	}
	return n, sure >= 1 && known >= 3 || sure >= 2
}

// announced reports whether the line before a block of fields says that the original follows.
func announced(lines []string, i int) bool {
	for j := i - 1; j >= 0 && j >= i-4; j-- {
		if l := strings.ToLower(lines[j]); strings.TrimSpace(l) != "" {
			return phrases().hear(l)&saysOriginal != 0
		}
	}
	return false
}
