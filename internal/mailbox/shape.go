package mailbox

import (
	"bytes"
	"strings"
)

// shape is what a file's first bytes look like.
type shape int

const (
	shapeOther shape = iota
	shapeMessage
	shapeMbox
	shapeEmpty
	shapeBinary
	shapePacked
	shapeOutlook
)

// why is the reason why a file of that shape is no mail.
func (s shape) why() string {
	switch s {
	case shapeEmpty:
		return whyEmpty
	case shapeBinary:
		return whyBinary
	case shapePacked:
		return whyPacked
	case shapeOutlook:
		return whyOutlook
	}
	return whyNotMail
}

var byteOrderMark = []byte("\xef\xbb\xbf")

// signatures of files that people take for mail files: archives, and Outlook's own formats
// (compound file, [MS-CFB] section 2.2; PST, [MS-PST] section 2.2.2.6).
var signatures = []struct {
	start string
	shape shape
}{
	{"PK\x03\x04", shapePacked},
	{"\x1f\x8b", shapePacked},
	{"BZh", shapePacked},
	{"\xfd7zXZ\x00", shapePacked},
	{"7z\xbc\xaf\x27\x1c", shapePacked},
	{"\x28\xb5\x2f\xfd", shapePacked},
	{"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", shapeOutlook},
	{"!BDN", shapeOutlook},
}

// shapeOf tells what a file is from its beginning (up to [bufferSize] bytes of it).
func shapeOf(head []byte) shape {
	if len(bytes.TrimSpace(bytes.TrimPrefix(head, byteOrderMark))) == 0 {
		return shapeEmpty
	}
	for _, s := range signatures {
		if bytes.HasPrefix(head, []byte(s.start)) {
			return s.shape
		}
	}
	start := trimBlankLines(bytes.TrimPrefix(head, byteOrderMark))
	if isFromLine(start) {
		return shapeMbox
	}
	if startsLikeMessage(start) {
		return shapeMessage
	}
	// The beginning of an mbox may be lost or overwritten, with zero bytes say: whole messages can follow.
	if hasSeparator(head) {
		return shapeMbox
	}
	if bytes.IndexByte(head[:min(len(head), 1024)], 0) >= 0 {
		return shapeBinary
	}
	return shapeOther
}

func trimBlankLines(b []byte) []byte {
	return bytes.TrimLeft(b, "\r\n")
}

// isFromLine reports whether b starts with the line that starts an mbox (RFC 4155 appendix A), be its date odd or absent.
func isFromLine(b []byte) bool {
	if !bytes.HasPrefix(b, fromSpace) {
		return false
	}
	line, rest, found := bytes.Cut(b, newline)
	if !found {
		_, dated := fromLineDate(line)
		return dated
	}
	if _, dated := fromLineDate(line); dated {
		return true
	}
	return startsLikeMessage(rest)
}

// knownFields are names of fields of which a message has at least one (RFC 5322 section 3.6, RFC 2045 section 3, and
// what mail systems add). /etc/passwd has lines that look like fields; it has none of these names.
var knownFields = map[string]bool{}

func init() {
	for _, name := range strings.Fields(`from to cc bcc subject date message-id received return-path delivered-to
		envelope-to delivery-date reply-to sender mime-version content-type in-reply-to references auto-submitted
		x-original-to authentication-results received-spf dkim-signature arc-seal x-mailer user-agent list-id
		x-mozilla-status x-gmail-labels x-account-key x-uidl resent-from x-failed-recipients`) {
		knownFields[name] = true
	}
}

// startsLikeMessage reports whether b starts with a message's fields. Real bounces have bad lines among their fields, so
// a first line that is none is forgiven where two known fields follow.
func startsLikeMessage(b []byte) bool {
	need := 1
	if fieldName(b) == nil {
		need = 2
	}
	for lines := 0; len(b) > 0 && lines < 1000; lines++ {
		line, rest, _ := bytes.Cut(b, newline)
		if len(bytes.TrimRight(line, "\r")) == 0 {
			return false
		}
		if knownField(line) {
			if need--; need == 0 {
				return true
			}
		}
		b = rest
	}
	return false
}

// knownField reports whether b starts with a field that mail has.
func knownField(b []byte) bool {
	name := strings.ToLower(string(fieldName(b)))
	return knownFields[name] || strings.HasPrefix(name, "x-")
}

// maxFieldName bounds the search for a field's colon; RFC 5322 has no limit below the line's 998 octets.
const maxFieldName = 200

// fieldName gives the name of the header field that b starts with (RFC 5322 section 2.2: printable ASCII without colon;
// blanks before the colon are obsolete and met), or nil.
func fieldName(b []byte) []byte {
	for i := 0; i < len(b) && i < maxFieldName; i++ {
		switch c := b[i]; {
		case c == ':':
			name := bytes.TrimRight(b[:i], " \t")
			if len(name) == 0 || bytes.ContainsAny(name, " \t") {
				return nil
			}
			return name
		case c == ' ' || c == '\t':
			if i == 0 {
				return nil
			}
		case c < 33 || c > 126:
			return nil
		}
	}
	return nil
}
