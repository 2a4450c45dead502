package mailbox

import (
	"errors"
	"fmt"
	"strings"
)

// errNotIMAP is an answer that no IMAP server gives.
var errNotIMAP = errors.New("the answer is not IMAP")

// maxGreeting bounds the first line.
const maxGreeting = 8 << 10

// tooLong is the error about a line that does not end.
func tooLong(limit int) error {
	return fmt.Errorf("%w: a line of more than %d bytes", errHostile, limit)
}

func trimCR(line string) string { return strings.TrimRight(line, "\r") }

// readGreeting checks the first line that a server says (RFC 9051 section 7.1) and gives it back when the conversation can
// go on.
func readGreeting(line string) (string, error) {
	fields := strings.Fields(line)
	if len(fields) >= 2 && fields[0] == "*" {
		switch strings.ToUpper(fields[1]) {
		case "OK", "PREAUTH":
			return line, nil
		case "BYE":
			return "", farewell(strings.Join(fields[2:], " "))
		}
	}
	return "", &Error{Kind: strangerKind(line), Server: cleanText(line), Err: errNotIMAP}
}

func isPreauth(greeting string) bool {
	_, rest, _ := strings.Cut(greeting, " ")
	return strings.HasPrefix(strings.ToUpper(rest), "PREAUTH")
}

// farewell is the error about a BYE with this text behind it.
func farewell(text string) *Error {
	code, rest := responseCode(text)
	kind := statusKind(StageGreeting, code, rest)
	if kind == KindServerRefused {
		kind = KindBye
	}
	return &Error{Kind: kind, Server: cleanText(rest)}
}

// strangerKind names what speaks on a port where IMAP was expected, from the first bytes that it says: the greetings of SMTP
// (RFC 5321 section 4.2: three digits), POP3 (RFC 1939 section 4: "+OK"), HTTP (RFC 9112 section 4: the status line).
func strangerKind(line string) string {
	upper := strings.ToUpper(line)
	switch {
	case strings.HasPrefix(upper, "+OK"), strings.HasPrefix(upper, "-ERR"):
		return KindIsPOP3
	case strings.HasPrefix(upper, "HTTP/"):
		return KindIsHTTP
	case strings.HasPrefix(upper, "SSH-"), strings.Contains(upper, "FTP"):
		return KindNotIMAP
	case len(line) >= 3 && strings.Trim(line[:3], "0123456789") == "" && (len(line) == 3 || line[3] == ' ' || line[3] == '-'):
		return KindIsSMTP
	}
	return KindNotIMAP
}

// responseCode parts "[UNAVAILABLE] try later" into its code and its text (RFC 9051 section 7.1).
func responseCode(text string) (code, rest string) {
	inner, after, found := strings.Cut(strings.TrimPrefix(text, "["), "]")
	if !found || !strings.HasPrefix(text, "[") {
		return "", text
	}
	code, _, _ = strings.Cut(inner, " ")
	return code, strings.TrimSpace(after)
}
