package mailbox

import (
	"bytes"
	"strings"

	"rimbalzo/internal/bounce"
)

// interest is how much of a message is needed beyond its header.
type interest int

const (
	interestNone interest = iota
	interestReply
	interestBounce
)

// ordinaryMail is what [bounce.Decode] says of a message whose header alone shows that its body tells nothing of a delivery.
const ordinaryMail = "ordinary"

// interestOf judges a message by its header. The decoder itself is asked, so that no bounce is left unread that it would
// have understood.
func interestOf(header []byte) interest {
	if rep, err := bounce.Decode(bytes.NewReader(header)); err != nil || rep.Why != ordinaryMail {
		return interestBounce
	}
	for len(header) > 0 {
		line, rest, _ := bytes.Cut(header, newline)
		name, value, _ := bytes.Cut(line, []byte(":"))
		switch strings.ToLower(string(bytes.TrimSpace(name))) {
		case "in-reply-to", "references":
			return interestReply
		case "subject":
			if isReplySubject(string(bytes.TrimSpace(value))) {
				return interestReply
			}
		}
		header = rest
	}
	return interestNone
}

// isReplySubject reports whether a subject begins as answers do: "Re:" everywhere, "R:" and "RIF:" from Italian programs,
// "AW:" from German ones, "SV:" from the Nordic ones.
func isReplySubject(subject string) bool {
	prefix, _, found := strings.Cut(subject, ":")
	if !found {
		return false
	}
	switch strings.ToLower(strings.TrimSpace(prefix)) {
	case "re", "r", "rif", "aw", "antw", "sv":
		return true
	}
	return false
}
