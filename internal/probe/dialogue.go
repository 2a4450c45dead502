package probe

import (
	"bufio"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"
)

// word is a command that a check may say. This is the whole list: nothing else is ever written to a mail server, and a
// test looks that it stays so.
type word string

// The commands: all of them look, none of them changes anything or names an address.
const (
	sayEHLO     word = "EHLO"     // RFC 5321 section 4.1.1.1
	sayHELO     word = "HELO"     // the same, for servers older than EHLO
	sayStartTLS word = "STARTTLS" // RFC 3207
	sayAuth     word = "AUTH"     // RFC 4954
	sayCancel   word = "*"        // ends an AUTH (RFC 4954 section 4)
	sayQuit     word = "QUIT"     // SMTP and POP3
	sayCapa     word = "CAPA"     // POP3 (RFC 2449)
	sayPOPTLS   word = "STLS"     // POP3 (RFC 2595)
)

// Bounds on what a server may say at once.
const (
	maxLine  = 4 << 10 // RFC 5321 section 4.5.3.1.5 allows 512 bytes, some servers go beyond
	maxReply = 64 << 10
	maxLines = 200
)

// errGarbage is an answer that is not of the protocol.
var errGarbage = errors.New("this is not the protocol")

// dialogue is a conversation in lines with a server, in clear or within TLS.
type dialogue struct {
	conn  net.Conn
	wire  *wire
	lines *bufio.Reader
}

func newDialogue(conn net.Conn, w *wire) *dialogue {
	return &dialogue{conn: conn, wire: w, lines: bufio.NewReaderSize(conn, maxLine)}
}

// say says a command with at most one argument.
func (d *dialogue) say(w word, argument string) error {
	line := string(w)
	if argument != "" {
		line += " " + argument
	}
	if strings.ContainsAny(line, "\r\n\x00") {
		return fail(EndingTarget, fmt.Errorf("an argument of %s has more than one line", w))
	}
	return d.write(line)
}

// respond answers a challenge of AUTH. It is encoded here, so that it can be nothing else.
func (d *dialogue) respond(answer []byte) error {
	return d.write(base64.StdEncoding.EncodeToString(answer))
}

func (d *dialogue) write(line string) error {
	if _, err := io.WriteString(d.conn, line+"\r\n"); err != nil {
		return lost(err, true)
	}
	return nil
}

// within sets the deadline for the next answer, whole: a server that drips does not get more time by it.
func (d *dialogue) within(ctx context.Context, limit time.Duration) {
	d.wire.SetDeadline(soon(ctx, limit))
}

// line reads one line without its end.
func (d *dialogue) line() (string, error) {
	line, err := d.lines.ReadSlice('\n')
	switch {
	case errors.Is(err, bufio.ErrBufferFull):
		return "", fail(EndingFlood, errFlood)
	case err != nil:
		return "", lost(err, len(line) > 0)
	}
	return strings.TrimRight(string(line), "\r\n"), nil
}

// lost says why no line came; heard says whether a part of one did.
func lost(err error, heard bool) error {
	switch {
	case errors.Is(err, errFlood):
		return fail(EndingFlood, err)
	case isTimeout(err) && !heard:
		return fail(EndingSilent, err)
	case isTimeout(err):
		return fail(EndingStalled, err)
	}
	return fail(EndingCut, err)
}

// later turns the silence of a server that has spoken before into what it is: it stopped in the middle.
func later(err error) error {
	var f *failure
	if errors.As(err, &f) && f.ending == EndingSilent {
		f.ending = EndingStalled
	}
	return err
}

// gather reads lines until last says that a line is the last one.
func (d *dialogue) gather(last func(line string) bool) (lines []string, err error) {
	size := 0
	for {
		line, err := d.line()
		if err != nil {
			if len(lines) > 0 {
				err = later(err)
			}
			return lines, err
		}
		lines = append(lines, line)
		if size += len(line); size > maxReply || len(lines) > maxLines {
			return lines, fail(EndingFlood, errFlood)
		}
		if last(line) {
			return lines, nil
		}
	}
}

// upgrade brings TLS up on a conversation in clear. What the server said in clear after its consent is not believed: it
// may be anybody's (CVE-2011-0411).
func (r *run) upgrade(ctx context.Context, d *dialogue, host string) error {
	if n := d.lines.Buffered(); n > 0 {
		return r.stage(StageTLS, func() (string, error) {
			return "", fail(EndingTLSStripped, fmt.Errorf("%d bytes in clear where TLS begins", n))
		})
	}
	conn, err := r.secure(ctx, d.wire, host)
	if err != nil {
		return err
	}
	*d = *newDialogue(conn, d.wire)
	return nil
}
