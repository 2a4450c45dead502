package probe

// Ending is how a check, or a stage of one, ended. The ids are kept in histories and spoken in JSON: they do not change.
// Each has a sentence "probe.ending.ID" and a next step "probe.next.ID" in internal/words.
type Ending string

// The endings.
const (
	EndingOK Ending = "ok"

	// The names: what the DNS says.
	EndingDNSUnknown Ending = "dns-unknown" // there is no such name (NXDOMAIN), or it has no address
	EndingDNS        Ending = "dns"         // the name servers fail (SERVFAIL), or answer nonsense
	EndingDNSTimeout Ending = "dns-timeout" // nobody answers
	EndingNoMX       Ending = "no-mx"       // the domain is there, but no server for its mail
	EndingNullMX     Ending = "null-mx"     // the domain says that it takes no mail (RFC 7505)

	// The way there.
	EndingRefused     Ending = "refused"     // the port is closed
	EndingTimeout     Ending = "timeout"     // nobody answers on it
	EndingUnreachable Ending = "unreachable" // there is no way there
	EndingConnect     Ending = "connect"     // no connection, for another reason
	EndingUnseen      Ending = "unseen"      // port 25 cannot be seen from here; says nothing about the provider

	// The secure connection.
	EndingTLSStripped  Ending = "tls-stripped"   // STARTTLS is not offered, or refused: somebody may have taken it away
	EndingTLSHost      Ending = "tls-host"       // the certificate is for another name
	EndingTLSExpired   Ending = "tls-expired"    // it has ended
	EndingTLSEarly     Ending = "tls-early"      // it has not begun: the clock here is probably wrong
	EndingTLSUnknownCA Ending = "tls-unknown-ca" // nobody whom this computer knows vouches for it
	EndingTLSInvalid   Ending = "tls-invalid"    // it is not good for a server, or broken
	EndingTLSOld       Ending = "tls-old"        // no common version: the server knows only old ones
	EndingTLSPlain     Ending = "tls-plain"      // what answers does not speak TLS
	EndingTLSFailed    Ending = "tls-failed"     // the handshake fails for another reason

	// The first words.
	EndingGreeting421 Ending = "greeting-421" // SMTP: not now
	EndingGreeting554 Ending = "greeting-554" // SMTP: no service here
	EndingGreeting4xx Ending = "greeting-4xx" // SMTP: another temporary refusal; POP3: -ERR [SYS/TEMP]
	EndingGreeting5xx Ending = "greeting-5xx" // SMTP: another permanent refusal; POP3: a bare -ERR
	EndingPolicy      Ending = "policy"       // it refuses this line (a block list, a home address), not everybody
	EndingBye         Ending = "bye"          // IMAP: BYE
	EndingSilent      Ending = "silent"       // connected, and not a word

	// Later words.
	EndingReply4xx Ending = "reply-4xx" // EHLO and others: not now
	EndingReply5xx Ending = "reply-5xx" // EHLO and others: no
	EndingStalled  Ending = "stalled"   // it stopped answering in the middle
	EndingCut      Ending = "cut"       // it closed the connection in the middle
	EndingGarbage  Ending = "garbage"   // what it says is not this protocol
	EndingIsSMTP   Ending = "is-smtp"   // asked for IMAP, it speaks SMTP
	EndingIsPOP3   Ending = "is-pop3"   // asked for IMAP, it speaks POP3
	EndingIsHTTP   Ending = "is-http"   // asked for IMAP, it is a web server
	EndingFlood    Ending = "flood"     // it says more than any server has to say

	// IMAP's response codes (RFC 5530 section 3), and the refusals without one.
	EndingUnavailable  Ending = "unavailable"   // [UNAVAILABLE]; POP3's [SYS/TEMP]
	EndingLimit        Ending = "limit"         // [LIMIT]: too many connections
	EndingInUse        Ending = "inuse"         // [INUSE]; POP3's [IN-USE]
	EndingServerBug    Ending = "serverbug"     // [SERVERBUG]
	EndingAuthFailed   Ending = "auth-failed"   // [AUTHENTICATIONFAILED]
	EndingRefusedLogin Ending = "refused-login" // a bare NO to a login
	EndingNotAllowed   Ending = "not-allowed"   // [AUTHORIZATIONFAILED], [CONTACTADMIN], SMTP 534 and 538
	EndingPassExpired  Ending = "pass-expired"  // [EXPIRED]
	EndingAppPassword  Ending = "app-password"  // it wants an app password
	EndingNoLogin      Ending = "no-login"      // it offers no login that this program can use
	EndingNoSecret     Ending = "no-secret"     // the password or token could not be had here
	EndingRefusedOpen  Ending = "refused-open"  // logged in, and the inbox is not opened

	// SMTP's answers to a login (RFC 4954 section 6).
	EndingTempAuth Ending = "temp-auth" // 454, and other 4xx
	EndingAuth     Ending = "auth"      // 535, and other 5xx

	// The webmail.
	EndingMaintenance Ending = "maintenance" // 503, or an error with Retry-After
	EndingWeb4xx      Ending = "web-4xx"
	EndingWeb5xx      Ending = "web-5xx"
	EndingWebInsecure Ending = "web-insecure" // it leads away from https
	EndingWebLoop     Ending = "web-loop"     // it leads on and on

	EndingTarget    Ending = "target"    // what to check makes no sense
	EndingCancelled Ending = "cancelled" // the caller called it off
)

// Class is what an ending means to whoever counts failures beside those that bounces tell.
type Class string

// The classes.
const (
	ClassOK      Class = "ok"
	ClassRefused Class = "refused" // nothing answers: refused, timed out, unreachable, silent, cut
	Class4xx     Class = "4xx"     // it answers: not now
	Class5xx     Class = "5xx"     // it answers: no
	ClassOther   Class = "other"   // says nothing either way: names, certificates, wrong passwords, this side's own trouble
)

// Severity is how bad an ending is for whoever watches the endpoint; the numbers are those of Nagios plugins.
type Severity int

// The severities (https://nagios-plugins.org/doc/guidelines.html#AEN78).
const (
	SeverityOK       Severity = 0
	SeverityWarning  Severity = 1 // it answers, and something is not as it should be
	SeverityCritical Severity = 2 // it does not work
	SeverityUnknown  Severity = 3 // nothing was learned
)

// meaning is what the house knows of an ending.
type meaning struct {
	class    Class
	severity Severity
}

// meanings has a row for every ending.
var meanings = map[Ending]meaning{
	EndingOK: {ClassOK, SeverityOK},

	EndingDNSUnknown: {ClassOther, SeverityCritical}, EndingDNS: {ClassOther, SeverityCritical},
	EndingDNSTimeout: {ClassOther, SeverityUnknown}, EndingNoMX: {ClassOther, SeverityCritical},
	EndingNullMX: {ClassOther, SeverityCritical},

	EndingRefused: {ClassRefused, SeverityCritical}, EndingTimeout: {ClassRefused, SeverityCritical},
	EndingUnreachable: {ClassRefused, SeverityCritical}, EndingConnect: {ClassOther, SeverityCritical},
	EndingUnseen: {ClassOther, SeverityUnknown},

	EndingTLSStripped: {ClassOther, SeverityCritical}, EndingTLSHost: {ClassOther, SeverityCritical},
	EndingTLSExpired: {ClassOther, SeverityCritical}, EndingTLSEarly: {ClassOther, SeverityCritical},
	EndingTLSUnknownCA: {ClassOther, SeverityCritical}, EndingTLSInvalid: {ClassOther, SeverityCritical},
	EndingTLSOld: {ClassOther, SeverityCritical}, EndingTLSPlain: {ClassOther, SeverityCritical},
	EndingTLSFailed: {ClassOther, SeverityCritical},

	EndingGreeting421: {Class4xx, SeverityCritical}, EndingGreeting554: {Class5xx, SeverityCritical},
	EndingGreeting4xx: {Class4xx, SeverityCritical}, EndingGreeting5xx: {Class5xx, SeverityCritical},
	EndingPolicy: {ClassOther, SeverityWarning}, EndingBye: {Class4xx, SeverityCritical},
	EndingSilent: {ClassRefused, SeverityCritical},

	EndingReply4xx: {Class4xx, SeverityCritical}, EndingReply5xx: {Class5xx, SeverityCritical},
	EndingStalled: {ClassRefused, SeverityCritical}, EndingCut: {ClassRefused, SeverityCritical},
	EndingGarbage: {ClassOther, SeverityCritical}, EndingFlood: {ClassOther, SeverityCritical},
	EndingIsSMTP: {ClassOther, SeverityCritical}, EndingIsPOP3: {ClassOther, SeverityCritical}, EndingIsHTTP: {ClassOther, SeverityCritical},

	EndingUnavailable: {Class4xx, SeverityCritical}, EndingLimit: {Class4xx, SeverityWarning},
	EndingInUse: {Class4xx, SeverityWarning}, EndingServerBug: {Class4xx, SeverityCritical},
	EndingAuthFailed: {ClassOther, SeverityCritical}, EndingRefusedLogin: {ClassOther, SeverityCritical},
	EndingNotAllowed: {ClassOther, SeverityCritical}, EndingPassExpired: {ClassOther, SeverityCritical},
	EndingAppPassword: {ClassOther, SeverityCritical}, EndingNoLogin: {ClassOther, SeverityCritical},
	EndingNoSecret: {ClassOther, SeverityUnknown}, EndingRefusedOpen: {Class4xx, SeverityCritical},

	EndingTempAuth: {Class4xx, SeverityCritical}, EndingAuth: {ClassOther, SeverityCritical},

	EndingMaintenance: {Class4xx, SeverityCritical}, EndingWeb4xx: {Class5xx, SeverityCritical},
	EndingWeb5xx: {Class4xx, SeverityCritical}, EndingWebInsecure: {ClassOther, SeverityCritical},
	EndingWebLoop: {ClassOther, SeverityCritical},

	EndingTarget: {ClassOther, SeverityUnknown}, EndingCancelled: {ClassOther, SeverityUnknown},
}

// Class gives what the ending means to whoever counts failures; ClassOther for an unknown one.
func (e Ending) Class() Class {
	if m, ok := meanings[e]; ok {
		return m.class
	}
	return ClassOther
}

// Severity gives how bad the ending is; SeverityUnknown for an unknown one.
func (e Ending) Severity() Severity {
	if m, ok := meanings[e]; ok {
		return m.severity
	}
	return SeverityUnknown
}
