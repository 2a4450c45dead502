package mailbox

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"syscall"
	"unicode"
)

// Stage is how far a conversation with an IMAP server had come.
type Stage string

// The stages, in their order.
const (
	StageURL      Stage = "url"
	StageConnect  Stage = "connect"
	StageTLS      Stage = "tls"
	StageGreeting Stage = "greeting"
	StageLogin    Stage = "login"
	StageList     Stage = "list"
	StageOpen     Stage = "open"
	StageSearch   Stage = "search"
	StageFetch    Stage = "fetch"
)

// Error is what went wrong with an IMAP account. It never holds the password.
type Error struct {
	Stage Stage
	// Kind is the last part of the id of its sentence: "mailbox.error." + Kind.
	Kind   string
	Host   string // with port
	User   string
	Folder string // where one was open
	// Server is what the server said, at most 200 bytes, without control characters; "" when it said nothing.
	Server string
	Err    error
}

// Error gives it in English, for logs; people read [Describe].
func (e *Error) Error() string {
	text := fmt.Sprintf("read mail of %s at %s: %s: %s", e.User, e.Host, e.Stage, e.Kind)
	if e.Server != "" {
		text += fmt.Sprintf(" (server: %s)", e.Server)
	}
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text
}

// Unwrap gives the cause, nil where the server's words are all there is.
func (e *Error) Unwrap() error { return e.Err }

// Kinds of [Error] that are decided upon here; the others are only worded.
const (
	kindBroken  = "broken"  // an answer that is not IMAP
	kindHostile = "hostile" // an answer beyond every bound
	kindDropped = "dropped" // the connection was lost
	kindStalled = "stalled" // the server fell silent
	kindBye     = "bye"     // the server ended the conversation
	kindRefused = "server-refused"
)

// another reports whether a new connection may get further.
func (e *Error) another() bool {
	switch e.Kind {
	case kindBroken, kindHostile, kindDropped, kindStalled, kindBye:
		return e.Stage != StageURL && e.Stage != StageLogin && e.Stage != StageGreeting
	}
	return false
}

// Windows names these errors differently (winsock2.h); the numbers mean nothing elsewhere.
const (
	wsaRefused     = syscall.Errno(10061)
	wsaNetUnreach  = syscall.Errno(10051)
	wsaHostUnreach = syscall.Errno(10065)
)

// dialKind says why a connection was not made.
func dialKind(err error) string {
	var dns *net.DNSError
	switch {
	case errors.As(err, &dns):
		return "dns"
	case errors.Is(err, syscall.ECONNREFUSED), errors.Is(err, wsaRefused):
		return "refused"
	case errors.Is(err, syscall.ENETUNREACH), errors.Is(err, syscall.EHOSTUNREACH),
		errors.Is(err, wsaNetUnreach), errors.Is(err, wsaHostUnreach):
		return "unreachable"
	case isTimeout(err):
		return "timeout"
	}
	return "connect-failed"
}

func isTimeout(err error) bool {
	return errors.Is(err, os.ErrDeadlineExceeded) || errors.Is(err, context.DeadlineExceeded) || isNetTimeout(err)
}

func isNetTimeout(err error) bool {
	var ne net.Error
	return errors.As(err, &ne) && ne.Timeout()
}

// tlsKind says why the connection could not be secured.
func tlsKind(err error) string {
	var (
		host    x509.HostnameError
		unknown x509.UnknownAuthorityError
		roots   x509.SystemRootsError
		invalid x509.CertificateInvalidError
		record  tls.RecordHeaderError
	)
	switch {
	case errors.As(err, &host):
		return "cert-host"
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return "cert-expired"
	case errors.As(err, &unknown), errors.As(err, &roots):
		return "cert-unknown"
	case errors.As(err, &invalid):
		return "cert-invalid"
	case errors.As(err, &record):
		return "not-tls"
	case isTimeout(err):
		return "timeout"
	case strings.Contains(err.Error(), "protocol version"):
		// Neither the alert of the other side nor crypto/tls's own refusal has a type.
		return "tls-old"
	}
	return "tls-failed"
}

// statusKind says what a refusal with a response code means (RFC 5530 section 3). A refused login without a code is not
// taken for a wrong password: during an outage servers refuse right ones.
func statusKind(stage Stage, code, text string) string {
	switch strings.ToUpper(code) {
	case "UNAVAILABLE", "INUSE", "SERVERBUG":
		return "unavailable"
	case "LIMIT", "OVERQUOTA":
		return "limit"
	case "CONTACTADMIN", "AUTHORIZATIONFAILED", "NOPERM":
		return "not-allowed"
	case "EXPIRED":
		return "password-expired"
	case "AUTHENTICATIONFAILED":
		return "password"
	}
	if stage == StageLogin {
		if strings.Contains(strings.ToLower(text), "application-specific password") {
			return "app-password"
		}
		return "login-refused"
	}
	return kindRefused
}

// maxServerText bounds what is kept of a server's words.
const maxServerText = 200

// cleanText makes a server's words fit to be shown: one line, no control or formatting characters, short.
func cleanText(text string) string {
	text = strings.ToValidUTF8(text, "?")
	text = strings.Map(func(c rune) rune {
		if unicode.IsSpace(c) {
			return ' '
		}
		if !unicode.IsPrint(c) {
			return -1
		}
		return c
	}, text)
	text = strings.Join(strings.Fields(text), " ")
	if len(text) <= maxServerText {
		return text
	}
	return strings.ToValidUTF8(text[:maxServerText-3], "") + "…"
}
