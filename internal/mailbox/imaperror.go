package mailbox

import (
	"context"
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

// The stages, in their order; with STARTTLS the greeting comes before TLS. [StageA] and [StageAAAA] run side by side.
const (
	StageURL          Stage = "url"
	StageA            Stage = "dns-a"
	StageAAAA         Stage = "dns-aaaa"
	StageConnect      Stage = "connect"
	StageTLS          Stage = "tls"
	StageGreeting     Stage = "greeting"
	StageCapabilities Stage = "capabilities"
	StageLogin        Stage = "login"
	StageList         Stage = "list"
	StageOpen         Stage = "open"
	StageSearch       Stage = "search"
	StageFetch        Stage = "fetch"
	StageNewest       Stage = "newest"
	StageNoop         Stage = "noop"
)

// Error is what went wrong with an IMAP account. It never holds a password or a token, nor words of the server's that do.
type Error struct {
	Stage Stage
	// Kind is one of the Kind constants, and the last part of the id of its sentence: "mailbox.error." + Kind.
	Kind   string
	Host   string // with port
	User   string
	Folder string // where one was open
	// Server is what the server said, at most 200 bytes, without control characters; "" when it said nothing.
	Server string
	// Withheld is true when the server's words repeated a secret, and were left out for it.
	Withheld bool
	Err      error

	bad bool // the answer was BAD, not NO
}

// Error gives it in English, for logs; people read [Describe].
func (e *Error) Error() string {
	whose := ""
	if e.User != "" {
		whose = "of " + e.User + " "
	}
	text := fmt.Sprintf("read mail %sat %s: %s: %s", whose, e.Host, e.Stage, e.Kind)
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

// Kinds of [Error]. Those from [KindInUse] to [KindLimit] are the response codes of RFC 5530 section 3.
const (
	KindURL         = "url"
	KindURLPassword = "url-password"

	KindDNS           = "dns"
	KindRefused       = "refused" // the connection
	KindUnreachable   = "unreachable"
	KindTimeout       = "timeout" // while connecting or securing
	KindConnectFailed = "connect-failed"

	KindNoStartTLS     = "no-starttls"        // not offered, or taken out on the way
	KindPreauthClear   = "preauth-clear"      // let in before TLS, which leaves no way to it
	KindInjected       = "starttls-injection" // clear text behind the agreement to TLS
	KindNotTLS         = "not-tls"
	KindTLSOld         = "tls-old" // TLS 1.1 or older
	KindTLSFailed      = "tls-failed"
	KindCertHost       = "cert-host"
	KindCertExpired    = "cert-expired"
	KindCertNotYet     = "cert-not-yet"
	KindCertSelfSigned = "cert-self-signed"
	KindCertUnknown    = "cert-unknown" // authority
	KindCertInvalid    = "cert-invalid" // in another way

	KindNotIMAP = "not-imap"
	KindIsSMTP  = "is-smtp"
	KindIsPOP3  = "is-pop3"
	KindIsHTTP  = "is-http"
	KindSilent  = "silent" // after connecting
	// KindTLSFirst is the silence of a server that waits for TLS on the port where it comes first, and was not asked for it.
	KindTLSFirst = "tls-first"

	KindBye           = "bye"     // the server ended the conversation
	KindDropped       = "dropped" // the connection was lost
	KindCut           = "cut"     // the connection was lost in the middle of an answer
	KindStalled       = "stalled" // the server fell silent
	KindBroken        = "broken"  // an answer that is not IMAP
	KindHostile       = "hostile" // an answer beyond every bound
	KindServerRefused = "server-refused"

	KindInUse           = "in-use"
	KindServerBug       = "server-bug"
	KindUnavailable     = "unavailable"
	KindNotAllowed      = "not-allowed"
	KindPasswordExpired = "password-expired"
	KindPassword        = "password" // AUTHENTICATIONFAILED
	KindLimit           = "limit"

	KindLoginDisabled = "login-disabled"
	KindLoginRefused  = "login-refused" // without a reason
	KindAppPassword   = "app-password"
	KindNoPassword    = "no-password"
	KindPasswordNUL   = "password-nul"
	KindOAuthOnly     = "oauth-only" // a password is no way in, a sign-in is
	KindNoOAuth       = "no-oauth"
	KindTokenRefused  = "token-refused"
	KindSignInRefused = "sign-in-refused" // a token, without a reason

	KindFolderRenewed = "folder-renewed"
)

// another reports whether a new connection may get further.
func (e *Error) another() bool {
	switch e.Kind {
	case KindBroken, KindHostile, KindDropped, KindCut, KindStalled, KindBye:
		switch e.Stage {
		case StageList, StageOpen, StageSearch, StageFetch:
			return true
		}
	}
	return false
}

// Windows names these errors differently (winsock2.h); the numbers mean nothing elsewhere.
const (
	wsaRefused     = syscall.Errno(10061)
	wsaNetUnreach  = syscall.Errno(10051)
	wsaHostUnreach = syscall.Errno(10065)
)

// dialKind says why a connection was not made; late, that the time for it was over.
func dialKind(err error, late bool) string {
	switch {
	case errors.Is(err, syscall.ECONNREFUSED), errors.Is(err, wsaRefused):
		return KindRefused
	case errors.Is(err, syscall.ENETUNREACH), errors.Is(err, syscall.EHOSTUNREACH),
		errors.Is(err, wsaNetUnreach), errors.Is(err, wsaHostUnreach):
		return KindUnreachable
	case late:
		return KindTimeout
	}
	return KindConnectFailed
}

func isTimeout(err error) bool {
	return errors.Is(err, os.ErrDeadlineExceeded) || errors.Is(err, context.DeadlineExceeded) || isNetTimeout(err)
}

func isNetTimeout(err error) bool {
	var ne net.Error
	return errors.As(err, &ne) && ne.Timeout()
}

// statusKind says what a refusal with a response code means (RFC 5530 section 3). A refused login without a code is not
// taken for a wrong password: during an outage servers refuse right ones.
func statusKind(stage Stage, code, text string) string {
	switch strings.ToUpper(code) {
	case "UNAVAILABLE":
		return KindUnavailable
	case "INUSE":
		return KindInUse
	case "SERVERBUG":
		return KindServerBug
	case "LIMIT", "OVERQUOTA":
		return KindLimit
	case "CONTACTADMIN", "AUTHORIZATIONFAILED", "NOPERM":
		return KindNotAllowed
	case "EXPIRED":
		return KindPasswordExpired
	case "AUTHENTICATIONFAILED":
		return KindPassword
	}
	if stage == StageLogin {
		if strings.Contains(strings.ToLower(text), "application-specific password") {
			return KindAppPassword
		}
		return KindLoginRefused
	}
	return KindServerRefused
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
