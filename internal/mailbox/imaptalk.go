package mailbox

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// verb is a command of IMAP that is said here by hand. All of them only read; a test holds this list to that.
type verb string

const (
	verbCapability   verb = "CAPABILITY"
	verbAuthenticate verb = "AUTHENTICATE"
	verbLogin        verb = "LOGIN"
	verbExamine      verb = "EXAMINE"
	verbFetch        verb = "FETCH"
	verbNoop         verb = "NOOP"
	verbLogout       verb = "LOGOUT"
)

// talk is a conversation over a secured connection that is held by hand, command by command: the login, before the library
// takes over, and the whole of a check. By hand, because here each way of ending has to be told from the others, and because
// a password in the library's hands shows up in its errors and its debug output.
type talk struct {
	account
	guard *guard
	caps  capabilities
	// preauth is true when the server lets everybody in who gets this far.
	preauth bool
	said    int // commands
}

// maxTalk bounds what a server may say in answer to one command held by hand.
const maxTalk = 1 << 20

// newTalk begins with a greeting that was read before.
func newTalk(a account, g *guard, greeting string) *talk {
	t := &talk{account: a, guard: g, preauth: isPreauth(greeting)}
	_, rest, _ := strings.Cut(greeting, " ")
	_, text, _ := strings.Cut(rest, " ")
	t.caps.fromCode(text)
	return t
}

// command says a verb with its arguments and reads up to its answer. Untagged lines go to untagged; where the server asks to
// go on ("+"), reply gives the next line or literal, nil when there is nothing more to say. A refusal is an [*Error] with the
// server's words, which no longer hold a secret.
func (t *talk) command(ctx context.Context, v verb, args string, untagged func(line string), reply func(challenge string) []byte) error {
	defer context.AfterFunc(ctx, t.guard.abort)()
	t.said++
	tag := "C" + strconv.Itoa(t.said)
	line := tag + " " + string(v)
	if args != "" {
		line += " " + args
	}
	if _, err := io.WriteString(t.guard, line+"\r\n"); err != nil {
		return err
	}
	for size := 0; size <= maxTalk; {
		line, err := t.response()
		if err != nil {
			return err
		}
		size += len(line)
		kind, text, _ := strings.Cut(line, " ")
		switch {
		case kind == tag:
			return t.outcome(v, text)
		case kind == "+":
			if err := t.goOn(reply, text); err != nil {
				return err
			}
		case kind == "*":
			if word, rest, _ := strings.Cut(text, " "); strings.EqualFold(word, "BYE") && v != verbLogout {
				return t.bye(rest)
			}
			t.note(text)
			if untagged != nil {
				untagged(text)
			}
		default:
			return fmt.Errorf("%w: a line without its tag", errNotIMAP)
		}
	}
	return fmt.Errorf("%w: more than %d bytes for one command", errHostile, maxTalk)
}

// cutShort is the error of an answer that ended before its length.
func cutShort(err error) error {
	if errors.Is(err, errHostile) {
		return err
	}
	return errPartial
}

// response reads one response; literals in its data are passed over.
func (t *talk) response() (string, error) {
	whole := ""
	for len(whole) <= maxLine {
		line, err := readLine(t.guard, maxLine)
		if err != nil {
			return "", err
		}
		whole += line
		size, ok := literalAtEnd(whole)
		if !ok {
			return whole, nil
		}
		if _, err := io.CopyN(io.Discard, t.guard, size); err != nil {
			return "", cutShort(err)
		}
	}
	return "", tooLong(maxLine)
}

// literalAtEnd gives the length of the literal that a line of data announces (RFC 9051 section 4.3).
func literalAtEnd(line string) (int64, bool) {
	line = strings.TrimRight(line, " ")
	open := strings.LastIndexByte(line, '{')
	if open < 0 || !strings.HasSuffix(line, "}") || kindOfResponse([]byte(line[:min(len(line), headSize)])) != scanData {
		return 0, false
	}
	size, err := strconv.ParseInt(line[open+1:len(line)-1], 10, 64)
	return size, err == nil && size >= 0 && size <= maxLiteral
}

func (t *talk) goOn(reply func(string) []byte, challenge string) error {
	var next []byte
	if reply != nil {
		next = reply(challenge)
	}
	if next == nil {
		return fmt.Errorf("%w: it asks for more than there is to say", errNotIMAP)
	}
	_, err := t.guard.Write(append(next, '\r', '\n'))
	return err
}

// outcome reads a tagged answer.
func (t *talk) outcome(v verb, text string) error {
	word, rest, _ := strings.Cut(text, " ")
	switch strings.ToUpper(word) {
	case "OK":
		t.caps.fromCode(rest)
		return nil
	case "NO", "BAD":
		stage := StageOpen
		if v == verbLogin || v == verbAuthenticate {
			stage = StageLogin
		}
		code, said := responseCode(rest)
		e := &Error{Kind: statusKind(stage, code, said), bad: strings.EqualFold(word, "BAD")}
		t.guard.quote(e, said)
		return e
	}
	return fmt.Errorf("%w: a tagged line that says nothing", errNotIMAP)
}

// bye is the end of the conversation, with the server's words.
func (t *talk) bye(text string) error {
	e := farewell(text)
	_, said := responseCode(text)
	t.guard.quote(e, said)
	return e
}

// note takes capabilities from wherever a server says them.
func (t *talk) note(text string) {
	word, rest, _ := strings.Cut(text, " ")
	switch strings.ToUpper(word) {
	case "CAPABILITY":
		t.caps.set(rest)
	case "OK":
		t.caps.fromCode(rest)
	}
}

// askCapabilities asks what the server can do, unless it said so by itself.
func (t *talk) askCapabilities(ctx context.Context) error {
	if t.caps.known() {
		return nil
	}
	if err := t.command(ctx, verbCapability, "", nil, nil); err != nil {
		return err
	}
	if !t.caps.known() {
		return fmt.Errorf("%w: no capabilities", errNotIMAP)
	}
	return nil
}

// handOver gives the connection to the library, which is told that it is let in and what the server can do.
func (t *talk) handOver() *guard {
	t.guard.ahead = []byte("* PREAUTH [CAPABILITY " + t.caps.String() + "] ready\r\n")
	return t.guard
}

// capabilities are the words with which a server says what it can do (RFC 9051 section 7.2.2), in capitals.
type capabilities []string

// maxCapabilities bounds their number.
const maxCapabilities = 200

func (c capabilities) known() bool { return len(c) > 0 }

func (c capabilities) String() string { return strings.Join(c, " ") }

// has looks for one capability.
func (c capabilities) has(name string) bool {
	for _, have := range c {
		if have == name {
			return true
		}
	}
	return false
}

// set replaces them: what is said later counts (RFC 9051 section 6.2.2: not what was said before the login).
func (c *capabilities) set(list string) {
	*c = nil
	for word := range strings.FieldsSeq(strings.ToUpper(list)) {
		if len(*c) < maxCapabilities && len(word) <= 64 && strings.Trim(word, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-+=._/:&,") == "" {
			*c = append(*c, word)
		}
	}
}

// fromCode takes them from a response code.
func (c *capabilities) fromCode(text string) {
	if len(text) > 12 && strings.EqualFold(text[:12], "[CAPABILITY ") {
		inner, _, _ := strings.Cut(text[12:], "]")
		c.set(inner)
	}
}
