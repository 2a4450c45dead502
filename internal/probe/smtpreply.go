package probe

import (
	"fmt"
	"strings"
)

// reply is one reply of an SMTP server (RFC 5321 section 4.2).
type reply struct {
	code     int
	enhanced string   // RFC 3463, such as "5.7.1"; "" for none
	lines    []string // the texts, without code; the enhanced code stays in them
}

// text gives the reply's words as one line.
func (r reply) text() string { return strings.Join(r.lines, " ") }

// lastReplyLine reports whether a line is the last one of a reply: its code is followed by anything but a hyphen. A line
// without a code ends the reply too: it is no reply.
func lastReplyLine(line string) bool {
	_, more, _, ok := splitReplyLine(line)
	return !ok || !more
}

// splitReplyLine parts "250-SIZE 1000" into 250, true and "SIZE 1000".
func splitReplyLine(line string) (code int, more bool, text string, ok bool) {
	if len(line) < 3 {
		return 0, false, "", false
	}
	for _, c := range []byte(line[:3]) {
		if c < '0' || c > '9' {
			return 0, false, "", false
		}
		code = code*10 + int(c-'0')
	}
	if code < 200 || code > 599 {
		return 0, false, "", false
	}
	if len(line) == 3 { // "a client should be prepared" (RFC 5321 section 4.2.1)
		return code, false, "", true
	}
	if line[3] != ' ' && line[3] != '-' && line[3] != '\t' {
		return 0, false, "", false
	}
	return code, line[3] == '-', strings.TrimSpace(line[4:]), true
}

// parseReply reads the lines of one reply. That the codes of its lines differ is a fault that the last one decides
// (RFC 5321 section 4.2.1).
func parseReply(lines []string) (reply, error) {
	var r reply
	for i, line := range lines {
		code, more, text, ok := splitReplyLine(line)
		if !ok || more == (i == len(lines)-1) {
			return reply{}, &failure{ending: EndingGarbage, said: line, err: fmt.Errorf("%w: no SMTP reply", errGarbage)}
		}
		r.code = code
		r.lines = append(r.lines, text)
		if e := enhancedOf(code, text); e != "" {
			r.enhanced = e
		}
	}
	if len(r.lines) == 0 {
		return reply{}, fail(EndingGarbage, errGarbage)
	}
	return r, nil
}

// enhancedOf gives the enhanced status code that a text begins with (RFC 2034 section 4), "" for none or one of another
// class than the reply's.
func enhancedOf(code int, text string) string {
	first, _, _ := strings.Cut(text, " ")
	parts := strings.Split(first, ".")
	if len(parts) != 3 || len(parts[0]) != 1 || int(parts[0][0]-'0') != code/100 {
		return ""
	}
	for _, p := range parts {
		if p == "" || len(p) > 3 || strings.Trim(p, "0123456789") != "" {
			return ""
		}
	}
	return first
}

// greetingFailure tells what a first reply means that is not 220; nil for 220.
func (r reply) greetingFailure() error {
	if r.code == 220 {
		return nil
	}
	f := &failure{code: r.code, said: r.text(), err: fmt.Errorf("greeted with %d", r.code)}
	switch known := r.sign(); {
	case known != "":
		f.ending = known
	case r.code == 421:
		f.ending = EndingGreeting421
	case r.code == 554:
		f.ending = EndingGreeting554
	case r.code/100 == 4:
		f.ending = EndingGreeting4xx
	case r.code/100 == 5:
		f.ending = EndingGreeting5xx
	default:
		f.ending = EndingGarbage // 2xx and 3xx that are no greeting
	}
	return f
}

// failure tells what a later reply means that is not as hoped for; nil for 2xx.
func (r reply) failure(to word) error {
	if r.code/100 == 2 {
		return nil
	}
	f := &failure{code: r.code, said: r.text(), err: fmt.Errorf("%d to %s", r.code, to)}
	switch known := r.sign(); {
	case known != "":
		f.ending = known
	case r.code/100 == 4:
		f.ending = EndingReply4xx
	case r.code/100 == 5:
		f.ending = EndingReply5xx
	default:
		f.ending = EndingGarbage
	}
	return f
}

// authFailure tells what a reply to a login means; nil for 235 (RFC 4954 section 6).
func (r reply) authFailure() error {
	if r.code/100 == 2 {
		return nil
	}
	f := &failure{code: r.code, said: r.text(), err: fmt.Errorf("%d to %s", r.code, sayAuth)}
	known := loginSign(r.text())
	switch {
	case known != "":
		f.ending = known
	case r.code/100 == 4:
		f.ending = EndingTempAuth
	case r.code == 534, r.code == 538: // "mechanism is too weak", "encryption required": a matter of settings
		f.ending = EndingNotAllowed
	case r.code >= 500 && r.code <= 504: // the command or the mechanism is not known
		f.ending = EndingNoLogin
	case r.code/100 == 5:
		f.ending = EndingAuth
	default:
		f.ending = EndingGarbage
	}
	return f
}

// sign gives what the words of a refusal tell beyond its code: that it is about this line, or about too many
// connections from it. "" for nothing.
func (r reply) sign() Ending {
	if r.code/100 == 2 || r.code/100 == 3 {
		return ""
	}
	if e := lineSign(r.text()); e != "" {
		return e
	}
	// 5.7.x is "security or policy" (RFC 3463 section 3.8); 4.7.0 is used for overload as well, and counts by its words.
	if strings.HasPrefix(r.enhanced, "5.7.") {
		return EndingPolicy
	}
	return ""
}

// maxExtensions bounds how many extensions are kept.
const maxExtensions = 100

// extensions gives what a reply to EHLO offers, in capitals, with their arguments (RFC 5321 section 4.1.1.1). "AUTH=" is how
// servers of before RFC 2554 write it.
func (r reply) extensions() map[string]string {
	found := map[string]string{}
	for _, line := range r.lines[1:] {
		name, args, _ := strings.Cut(strings.ToUpper(line), " ")
		if rest, old := strings.CutPrefix(name, "AUTH="); old {
			name, args = "AUTH", strings.TrimSpace(rest+" "+args)
		}
		if name == "" || len(found) >= maxExtensions {
			continue
		}
		if before := found[name]; before != "" {
			args = before + " " + args
		}
		found[name] = strings.TrimSpace(args)
	}
	return found
}
