package mailbox

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"
)

var (
	errNotIMAP = errors.New("the greeting is not IMAP")
	errNoTLS   = errors.New("the server offers no STARTTLS")
)

// dial makes a TLS connection to an IMAP server, up to and with the greeting. The conversation before TLS (RFC 9051
// section 6.2.1) is held here, byte by byte: nothing that came in clear text is left over for what follows, and the
// library, which has no deadline there, sees only the secured connection. Nothing secret is known here.
func dial(ctx context.Context, a account, roots *x509.CertPool, limit time.Duration) (*guard, error) {
	dialer := net.Dialer{Timeout: limit}
	raw, err := dialer.DialContext(ctx, "tcp", a.address())
	if err != nil {
		return nil, a.failed(ctx, StageConnect, dialKind(err), err)
	}
	defer context.AfterFunc(ctx, func() { raw.Close() })()
	g, err := a.secure(ctx, raw, roots, limit)
	if err != nil {
		raw.Close()
		return nil, err
	}
	return g, nil
}

// secure brings TLS up and reads the greeting.
func (a account) secure(ctx context.Context, raw net.Conn, roots *x509.CertPool, limit time.Duration) (*guard, error) {
	ahead := []byte("* OK ready\r\n") // after STARTTLS a server sends no second greeting
	if !a.implicit {
		raw.SetDeadline(time.Now().Add(limit))
		if err := a.startTLS(ctx, raw); err != nil {
			return nil, err
		}
	}
	raw.SetDeadline(time.Now().Add(limit))
	conn := tls.Client(raw, &tls.Config{ServerName: a.host, RootCAs: roots, MinVersion: tls.VersionTLS12})
	if err := conn.HandshakeContext(ctx); err != nil {
		kind := tlsKind(err)
		if errors.Is(err, io.EOF) {
			kind = kindDropped
		}
		return nil, a.failed(ctx, StageTLS, kind, err)
	}
	if a.implicit {
		raw.SetDeadline(time.Now().Add(limit))
		greeting, err := a.greeting(ctx, conn)
		if err != nil {
			return nil, err
		}
		ahead = []byte(greeting + "\r\n")
	}
	raw.SetDeadline(time.Time{})
	return newGuard(conn, raw, ahead), nil
}

// startTLS asks for TLS on a plain connection. A server that says PREAUTH there leaves no way to it and is refused.
func (a account) startTLS(ctx context.Context, raw net.Conn) error {
	greeting, err := a.greeting(ctx, raw)
	if err != nil {
		return err
	}
	if !strings.HasPrefix(strings.ToUpper(greeting), "* OK") {
		return a.failed(ctx, StageTLS, "no-starttls", errNoTLS)
	}
	if _, err := io.WriteString(raw, "S1 STARTTLS\r\n"); err != nil {
		return a.failed(ctx, StageTLS, kindDropped, err)
	}
	for range 100 { // untagged lines may come before the answer, but not for ever
		line, err := readLine(raw)
		if err != nil {
			return a.lost(ctx, StageTLS, err)
		}
		if rest, tagged := strings.CutPrefix(line, "S1 "); tagged {
			if strings.HasPrefix(strings.ToUpper(rest), "OK") {
				return nil
			}
			e := a.failed(ctx, StageTLS, "no-starttls", errNoTLS)
			return withServer(e, rest)
		}
	}
	return a.failed(ctx, StageTLS, "no-starttls", errNoTLS)
}

// greeting reads the first line that a server says (RFC 9051 section 7.1).
func (a account) greeting(ctx context.Context, conn net.Conn) (string, error) {
	line, err := readLine(conn)
	if err != nil {
		return "", a.lost(ctx, StageGreeting, err)
	}
	fields := strings.Fields(line)
	if len(fields) < 2 || fields[0] != "*" {
		return "", withServer(a.failed(ctx, StageGreeting, "not-imap", errNotIMAP), line)
	}
	switch strings.ToUpper(fields[1]) {
	case "OK", "PREAUTH":
		return line, nil
	case "BYE":
		code, text := responseCode(strings.Join(fields[2:], " "))
		kind := statusKind(StageGreeting, code, text)
		if kind == kindRefused {
			kind = kindBye
		}
		return "", withServer(a.failed(ctx, StageGreeting, kind, nil), text)
	}
	return "", withServer(a.failed(ctx, StageGreeting, "not-imap", errNotIMAP), line)
}

// responseCode parts "[UNAVAILABLE] try later" into its code and its text.
func responseCode(text string) (code, rest string) {
	inner, after, found := strings.Cut(strings.TrimPrefix(text, "["), "]")
	if !found || !strings.HasPrefix(text, "[") {
		return "", text
	}
	code, _, _ = strings.Cut(inner, " ")
	return code, strings.TrimSpace(after)
}

// readLine reads one line without its end, a byte at a time, so that nothing behind it is taken.
func readLine(r io.Reader) (string, error) {
	var line []byte
	var c [1]byte
	for len(line) < 8<<10 {
		if _, err := io.ReadFull(r, c[:]); err != nil {
			return "", err
		}
		if c[0] == '\n' {
			return strings.TrimRight(string(line), "\r"), nil
		}
		line = append(line, c[0])
	}
	return "", fmt.Errorf("%w: a line of more than %d bytes", errHostile, len(line))
}

// lost says why no line came.
func (a account) lost(ctx context.Context, stage Stage, err error) error {
	switch {
	case errors.Is(err, errHostile):
		return a.failed(ctx, stage, "not-imap", err)
	case isTimeout(err) && stage == StageGreeting:
		return a.failed(ctx, stage, "silent", err)
	case isTimeout(err):
		return a.failed(ctx, stage, kindStalled, err)
	}
	return a.failed(ctx, stage, kindDropped, err)
}

// failed makes an error about this account; when the context is over, that is the error.
func (a account) failed(ctx context.Context, stage Stage, kind string, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return &Error{Stage: stage, Kind: kind, Host: a.address(), User: a.user, Err: err}
}

// withServer adds the server's words to an error of this room.
func withServer(err error, text string) error {
	var e *Error
	if errors.As(err, &e) {
		e.Server = cleanText(text)
	}
	return err
}
