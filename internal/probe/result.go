// Package probe makes one check of one endpoint, stage by stage: DNS, TCP, TLS, greeting, capabilities, login, mailbox.
//
// A check looks and never touches: it says EHLO, STARTTLS, AUTH, QUIT to mail servers, CAPABILITY, EXAMINE and a peek at
// the newest header to mailboxes, HEAD and GET to web servers; never MAIL, RCPT, VRFY or DATA. It ends within
// [Limits.Whole], leaves no goroutine behind, and every way in which it can end has a name, an [Ending].
//
// How often to check is not decided here but by the caller. A provider's MX is to be asked at most twice an hour
// ([MinPauseMX]): nobody but other mail servers has business there.
package probe

import (
	"context"
	"crypto/x509"
	"net"
	"net/netip"
	"time"

	"rimbalzo/internal/mailbox"
)

// Kind is the protocol that an endpoint speaks, as a check speaks to it.
type Kind string

// The kinds of endpoint.
const (
	KindIMAP Kind = "imap" // reading mail: with a login to the newest header, without one to the capabilities
	KindSMTP Kind = "smtp" // submission: where a person's program hands over mail (RFC 6409)
	KindPOP3 Kind = "pop3" // reading mail by POP3: bare, no login
	KindWeb  Kind = "web"  // the webmail's page over HTTPS: bare, no login
	KindMX   Kind = "mx"   // the servers that take in mail for a domain, port 25: greeting and EHLO
)

// Direction is what a person wants of a provider; each fails and comes back on its own.
type Direction string

// The directions.
const (
	Receive Direction = "receive" // reading one's mail
	Send    Direction = "send"    // handing mail over to be sent
	Web     Direction = "web"     // reading it in the browser
	Accept  Direction = "accept"  // mail from other providers is taken in
)

// Direction gives what a check of this kind says something about, "" for an unknown kind.
func (k Kind) Direction() Direction {
	switch k {
	case KindIMAP, KindPOP3:
		return Receive
	case KindSMTP:
		return Send
	case KindWeb:
		return Web
	case KindMX:
		return Accept
	}
	return ""
}

// MinPauseMX is the least time between two checks of one provider's MX.
const MinPauseMX = 30 * time.Minute

// Security is how a connection becomes a secure one.
type Security string

// The ways to a secure connection; the empty one is for [KindMX], where nothing secret is said.
const (
	SecurityTLS      Security = "tls"      // from the first byte (RFC 8314)
	SecurityStartTLS Security = "starttls" // by STARTTLS or STLS, required: without it nothing secret is said
)

// Target is what is checked. The zero values of Port and Security mean the usual ones of the kind.
type Target struct {
	Kind Kind
	// Account is the id of the account that the check belongs to, "" for none; it is only handed through.
	Account string
	// Host is a host name or an address; for KindMX the mail domain whose servers are looked up, or, with a Port, one
	// server; for KindWeb the https URL.
	Host     string
	Port     int
	Security Security
	// Roots are the authorities that are believed; nil for the system's.
	Roots *x509.CertPool
	// Login says who logs in; nil for a bare check. KindIMAP and KindSMTP only.
	Login *Login
	// Others are mail domains of other operators that the person has configured, for KindMX: where nothing answers on
	// port 25, one of them is asked, to tell a provider in trouble from a line that blocks the port. No stranger's host
	// is asked: where the list is empty, a port 25 that does not answer ends as EndingUnseen.
	Others []string
	// LineOpen says that a server answered on port 25 over this same line before, so that it is known not to block it.
	LineOpen bool
	// LineBlocked says that this line was seen to block port 25: where nothing answers, nobody else is asked again.
	LineBlocked bool
}

// Login is who logs in and with what. Its functions are called only once the connection is secure, at most once each
// in a check (Token a second time when the first was refused), and must obey their context.
type Login struct {
	User     string
	Password func(ctx context.Context) (string, error)
	// Token gives an OAuth2 access token (RFC 7628); refused says that the one given before was refused. nil: Password.
	Token func(ctx context.Context, refused bool) (string, error)
}

// StageName is one step of a check.
type StageName string

// The stages, in the order in which a check passes them; each kind passes some of them.
const (
	StageMX           StageName = "mx"           // the domain's mail exchangers are looked up
	StageA            StageName = "dns-a"        // IPv4 addresses
	StageAAAA         StageName = "dns-aaaa"     // IPv6 addresses
	StageTCP          StageName = "tcp"          // a connection is made
	StageTLS          StageName = "tls"          // it is secured, the certificate looked at; with STARTTLS after its greeting
	StageGreeting     StageName = "greeting"     // the server's first words
	StageCapabilities StageName = "capabilities" // EHLO, CAPABILITY, CAPA
	StageLogin        StageName = "login"
	StageExamine      StageName = "examine" // the inbox is opened for reading only
	StageNewest       StageName = "newest"  // the header of its newest message
	StageHTTP         StageName = "http"    // a page is asked for, redirects followed
	StageQuit         StageName = "quit"    // the goodbye; how it goes never decides a check
	StageLine         StageName = "line"    // another operator's port 25, to tell a line that blocks it
)

// Stage is how one step went.
type Stage struct {
	Name   StageName
	Took   time.Duration
	Ending Ending // EndingOK where it was passed
	// Detail is a short technical remark, one line without control characters, at most 200 bytes: addresses, the TLS
	// version, a status code, an error. It is for the curious and for logs, and is not translated.
	Detail string
}

// Result is how one check went.
type Result struct {
	Target
	At     time.Time // when it began
	Took   time.Duration
	Ending Ending
	Stages []Stage // those that were tried, in their order
	// CertificateUntil is when the first certificate of the chain ends that ends; zero where none was seen.
	CertificateUntil time.Time
	// Newest is when the inbox's newest message arrived; zero where none was seen.
	Newest time.Time
	// Code is the SMTP reply code or HTTP status that decided, 0 for none.
	Code int
	// Said are the server's words that decided, one line without control characters, at most 200 bytes; "" for none.
	// They are a stranger's words: they are never to reach a shell, a page or a notification unescaped.
	Said string
	// RetryAfter is when a web server asks to come back; zero where it does not say (RFC 9110 section 10.2.3).
	RetryAfter time.Time
	// Peer is the address that the check spoke to; the zero value where no connection was made.
	Peer netip.AddrPort
}

// Direction gives what the result says something about.
func (r Result) Direction() Direction { return r.Kind.Direction() }

// Class gives what the result means to whoever counts failures, see [Ending.Class].
func (r Result) Class() Class { return r.Ending.Class() }

// DaysLeft gives how many whole days the certificate is still good for at an instant, and whether one was seen.
func (r Result) DaysLeft(at time.Time) (int, bool) {
	if r.CertificateUntil.IsZero() {
		return 0, false
	}
	return int(r.CertificateUntil.Sub(at) / (24 * time.Hour)), true
}

// Resolver asks the DNS. [net.Resolver] is one; tests bring their own. Errors are [net.DNSError].
type Resolver interface {
	LookupNetIP(ctx context.Context, network, host string) ([]netip.Addr, error)
	LookupMX(ctx context.Context, name string) ([]*net.MX, error)
	LookupNS(ctx context.Context, name string) ([]*net.NS, error)
}

// Deps is the world around a check. The zero value is the real one.
type Deps struct {
	Resolver Resolver                                                             // nil: the system's
	Dial     func(ctx context.Context, network, address string) (net.Conn, error) // nil: [net.Dialer]
	Now      func() time.Time                                                     // nil: time.Now
	Limits   Limits                                                               // zero fields: [DefaultLimits]
	// IMAP holds the conversation with a mailbox; nil: [mailbox.Check]. It resolves names and dials by itself.
	IMAP func(ctx context.Context, cfg mailbox.IMAPConfig, report func(mailbox.StageResult)) error
	// Name is what the check calls itself in EHLO; "": "[127.0.0.1]". The name of the person's machine is nobody's
	// business.
	Name string
}

// Limits are the longest that the stages of a check may take. No stage outlives the whole check.
type Limits struct {
	Whole    time.Duration // the whole check
	DNS      time.Duration // one look-up
	TCP      time.Duration // one connection, all addresses
	TLS      time.Duration // the handshake
	Greeting time.Duration // the first words: some servers let senders wait on purpose
	Command  time.Duration // any other answer
	Login    time.Duration // the answer to a login: failures are delayed on purpose
	Quit     time.Duration // the goodbye
}

// DefaultLimits are the limits where Deps says nothing else.
var DefaultLimits = Limits{
	Whole: 20 * time.Second, DNS: 5 * time.Second, TCP: 6 * time.Second, TLS: 6 * time.Second, Greeting: 12 * time.Second,
	Command: 6 * time.Second, Login: 10 * time.Second, Quit: time.Second,
}
