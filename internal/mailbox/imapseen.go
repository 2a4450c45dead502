package mailbox

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"slices"
	"strings"
)

// tellingFields tell one message from another, and are in a header whatever was left out of it.
var tellingFields = []string{"message-id", "date", "from", "to", "cc", "subject", "x-failed-recipients", "content-type"}

// Gmail's own numbers of messages (X-GM-MSGID, https://developers.google.com/workspace/gmail/imap/imap-extensions) would tell copies
// as well. They are not asked for: other servers have a folder of all mail too (RFC 6154 section 2), and the header is fetched anyway.

// headerDigest is the same for the same message wherever it shows up, from its header or a part of it or from its beginning. It is kept
// from one reading to the next, so what goes into it must not change. It is never 0.
func headerDigest(text []byte) uint64 {
	header, _, _ := bytes.Cut(text, []byte("\r\n\r\n"))
	h := sha256.New()
	telling := false
	for line := range bytes.SplitSeq(header, newline) {
		if folded := len(line) > 0 && (line[0] == ' ' || line[0] == '\t'); !folded {
			name, _, _ := bytes.Cut(line, []byte(":"))
			telling = slices.Contains(tellingFields, strings.ToLower(string(bytes.TrimSpace(name))))
		}
		if telling {
			h.Write(bytes.TrimRight(line, "\r"))
			h.Write(newline)
		}
	}
	return binary.BigEndian.Uint64(h.Sum(nil)) | 1
}
