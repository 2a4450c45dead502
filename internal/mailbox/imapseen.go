package mailbox

import (
	"bytes"
	"hash/maphash"
	"slices"
	"strings"
)

// tellingFields tell one message from another, and are in a header whatever was left out of it.
var tellingFields = []string{"message-id", "date", "from", "to", "cc", "subject", "x-failed-recipients", "content-type"}

// headerHash is the same for the same message wherever it shows up, from its header or a part of it or from its beginning.
func (r *imapReading) headerHash(text []byte) uint64 {
	header, _, _ := bytes.Cut(text, []byte("\r\n\r\n"))
	var h maphash.Hash
	h.SetSeed(r.seed)
	telling := false
	for line := range bytes.SplitSeq(header, newline) {
		if folded := len(line) > 0 && (line[0] == ' ' || line[0] == '\t'); !folded {
			name, _, _ := bytes.Cut(line, []byte(":"))
			telling = slices.Contains(tellingFields, strings.ToLower(string(bytes.TrimSpace(name))))
		}
		if telling {
			h.Write(bytes.TrimRight(line, "\r"))
			h.WriteByte('\n')
		}
	}
	return h.Sum64()
}
