package advice

import (
	_ "embed"
	"regexp"
	"strings"
	"sync"

	"github.com/BurntSushi/toml"

	"rimbalzo/internal/bounce"
)

// class is what a refusal means by its codes and words alone, before phase and history are asked.
type class string

const (
	classAddress       class = "address"
	classNoMailDomain  class = "no-mail-domain" // the domain takes no mail or does not exist
	classRelay         class = "relay"          // the server says that the domain is none of its own
	classMailboxFull   class = "mailbox-full"
	classSize          class = "size"
	classPolicy        class = "policy"
	classSenderBlocked class = "sender-blocked"
	classConnection    class = "connection" // refused, timed out, unreachable, TLS
	classTemporary     class = "temporary"  // a 4xx that means "later"
	classExpired       class = "expired"    // given up, cause untold
	classRefused       class = "refused"    // a 5xx that does not say why
	classUnknown       class = "unknown"
)

//go:embed causes.toml
var causesTOML string

type causeWords struct {
	ID     class    `toml:"id"`
	Text   []string `toml:"text"`
	Source string   `toml:"source"`
}

// causes are read once; a test reads the same file and fails on any error, so that none can reach a person.
var causes = sync.OnceValue(func() []causeWords {
	var file struct {
		Cause []causeWords `toml:"cause"`
	}
	if _, err := toml.Decode(causesTOML, &file); err != nil {
		return nil
	}
	return file.Cause
})

// enhanced is an enhanced status code inside a reply (RFC 3463 section 2).
var enhanced = regexp.MustCompile(`\b[245]\.\d{1,3}\.\d{1,3}\b`)

// byStatus gives the class of an enhanced status by subject and detail, the class digit apart (RFC 3463 section 3).
var byStatus = map[string]class{
	"1.1": classAddress, "1.3": classAddress, "1.6": classAddress, "1.10": classAddress,
	"1.2": classNoMailDomain, "4.4": classNoMailDomain,
	"2.1": classAddress, "2.2": classMailboxFull, "2.3": classSize, "3.4": classSize,
	"4.1": classConnection, "4.2": classConnection, "4.316": classConnection,
	"4.7": classExpired, "4.300": classExpired,
	"5.3": classTemporary, "3.1": classTemporary, "3.2": classTemporary, "4.5": classTemporary,
	"1.8": classSenderBlocked, "1.7": classSenderBlocked, "7.25": classSenderBlocked,
	"7.1": classPolicy, "7.23": classPolicy, "7.26": classPolicy, "7.0": classPolicy, "7.5": classPolicy, "7.7": classPolicy,
	"6.0": classPolicy, "6.1": classPolicy,
}

// classify reads codes and words of one recipient's failure.
func (a *advisor) classify(r bounce.Recipient) class {
	switch r.Failure {
	case bounce.FailureRefused, bounce.FailureTimeout, bounce.FailureUnreachable, bounce.FailureTLS:
		return classConnection
	}
	text := wordsOf(r.Reply)
	byText, known := a.classes[text]
	if !known {
		byText = textClass(text)
		a.classes[text] = byText
	}
	// Blocks of a sender and "not my domain" wear every code; their words outrank it.
	if byText == classSenderBlocked || byText == classRelay {
		return byText
	}
	later := saysLater(r)
	if byText == classAddress && later && strings.Contains(text, "mailbox unavailable") {
		byText = classTemporary // RFC 5321 section 4.2.3: of a 450 it means "busy"
	}
	if c := statusClass(r, text, byText, later); c != "" {
		return c
	}
	switch {
	case byText == classTemporary && r.ReplyCode >= 500 && r.Failure != bounce.FailureExpired:
		return classRefused // whatever the words, the code is final
	case byText != "":
		return byText
	case r.Failure == bounce.FailureDNS:
		return classNoMailDomain
	case r.Failure == bounce.FailureExpired:
		return classExpired
	case r.ReplyCode == 552:
		return classSize
	case later:
		return classTemporary
	case r.ReplyCode >= 500:
		return classRefused
	}
	return classUnknown
}

// saysLater reports whether the last answer was a "not now": a 4xx reply, or without one a 4.x.x status.
func saysLater(r bounce.Recipient) bool {
	if r.ReplyCode != 0 {
		return r.ReplyCode >= 400 && r.ReplyCode < 500
	}
	return strings.HasPrefix(r.Status, "4.")
}

// anAddress is left out of a reply before its words are looked at: people are called all sorts of things.
var anAddress = regexp.MustCompile(`\S+@\S+`)

func wordsOf(reply string) string {
	if strings.Contains(reply, "@") {
		reply = anAddress.ReplaceAllString(reply, " ")
	}
	return strings.ToLower(reply)
}

// statusClass reads the enhanced codes: the reply's own before the report's, which some servers fill with 5.0.0 whatever was
// said; "" where they do not tell.
func statusClass(r bounce.Recipient, text string, byText class, later bool) class {
	clear := byText != "" && byText != classTemporary
	expired := false
	for _, s := range append(enhanced.FindAllString(text, 3), r.Status) {
		_, rest, _ := strings.Cut(s, ".")
		c := byStatus[rest]
		if c == "" && strings.HasPrefix(rest, "7.") {
			c = classPolicy
		}
		switch {
		case c == "":
			continue
		case c == classExpired:
			expired = true // whatever else is said tells more
			continue
		// 5.7.1 is used for everything by somebody, 5.4.4 and 5.1.2 for unreachable hosts, 5.4.1 for unknown addresses: clear words decide.
		case clear && (c == classPolicy || c == classNoMailDomain || c == classConnection):
			return byText
		// Greylisting wears 4.7.1, a mailbox that is being moved 4.2.1: "not now" is what they say.
		case later && !clear && (c == classPolicy || c == classAddress):
			return classTemporary
		}
		return c
	}
	if expired && !clear {
		return classExpired
	}
	return ""
}

func textClass(text string) class {
	for _, c := range causes() {
		for _, fragment := range c.Text {
			if says(text, fragment) {
				return c.ID
			}
		}
	}
	return ""
}

// says reports whether a text has a fragment where a word begins: "lock" is not in "block".
func says(text, fragment string) bool {
	for from := 0; ; {
		i := strings.Index(text[from:], fragment)
		if i < 0 {
			return false
		}
		at := from + i
		if at == 0 || !isWord(text[at-1]) {
			return true
		}
		from = at + 1
	}
}

func isWord(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= '0' && c <= '9'
}
