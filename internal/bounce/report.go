// Package bounce reads one message and says what it reports about the delivery of another one.
//
// It knows no network, no clock and no disk: a message comes in as a stream, a [Report] goes out.
// Delivery status notifications (RFC 3464), read receipts (RFC 8098), feedback reports (RFC 5965),
// the Italian PEC receipts and free-text bounces come through the same door, [Decode].
package bounce

import "time"

// Kind says what a message is, as a whole.
type Kind string

// The kinds of message that [Decode] tells apart.
const (
	KindFailed      Kind = "failed"
	KindDelayed     Kind = "delayed"
	KindDelivered   Kind = "delivered"
	KindRelayed     Kind = "relayed"
	KindExpanded    Kind = "expanded"
	KindMixed       Kind = "mixed" // recipients with different actions
	KindAutoReply   Kind = "auto-reply"
	KindReadReceipt Kind = "read-receipt"
	KindFeedback    Kind = "feedback"
	KindNotABounce  Kind = "not-a-bounce"
	KindUnreadable  Kind = "unreadable"
)

// Action is what became of a message for one recipient (RFC 3464 section 2.3.3).
type Action string

// The actions of RFC 3464 section 2.3.3.
const (
	ActionFailed    Action = "failed"
	ActionDelayed   Action = "delayed"
	ActionDelivered Action = "delivered"
	ActionRelayed   Action = "relayed"
	ActionExpanded  Action = "expanded"
)

// Failure is how the last attempt ended, as the bounce tells it.
type Failure string

// The endings of an attempt. FailureExpired stands only where no cause is told.
const (
	FailureReply       Failure = "reply"       // a server answered with a refusal
	FailureRefused     Failure = "refused"     // the connection was refused
	FailureTimeout     Failure = "timeout"     // no answer in time, at connect or later
	FailureUnreachable Failure = "unreachable" // no route to host or network
	FailureDNS         Failure = "dns"         // the name could not be resolved
	FailureTLS         Failure = "tls"         // the secure connection could not be made
	FailureExpired     Failure = "expired"     // given up, cause untold
)

// Side is which side of the transfer reports.
type Side string

// The sides; the empty Side is "cannot be told".
const (
	SideSender    Side = "sender"
	SideRecipient Side = "recipient"
)

// Confidence is how sure a reading is.
type Confidence string

// The degrees of confidence, strongest first.
const (
	Certain Confidence = "certain"
	Likely  Confidence = "likely"
	Unsure  Confidence = "unsure"
)

// Stamp is an instant as a message states it. A message may give a time without a zone; then Zoned is false and
// At holds the wall clock as if it were UTC. The zero Stamp means that no time was stated.
type Stamp struct {
	At    time.Time
	Zoned bool
}

// IsZero reports whether no time was stated.
func (s Stamp) IsZero() bool { return s.At.IsZero() }

// In returns the instant, taking a stamp without a zone as wall clock in loc.
func (s Stamp) In(loc *time.Location) time.Time {
	if s.IsZero() || s.Zoned {
		return s.At
	}
	y, m, d := s.At.Date()
	h, min, sec := s.At.Clock()
	return time.Date(y, m, d, h, min, sec, 0, loc)
}

// String gives the stamp in RFC 3339, without an offset where none was stated; "" for the zero Stamp.
func (s Stamp) String() string {
	switch {
	case s.IsZero():
		return ""
	case !s.Zoned:
		return s.At.Format("2006-01-02T15:04:05")
	}
	return s.At.Format(time.RFC3339)
}

// Report is what one message says about the delivery of another.
type Report struct {
	Kind       Kind
	ReportedBy Reporter
	BouncedAt  Stamp // the bounce's own Date (RFC 5322 section 3.6.1)
	ArrivalAt  Stamp // Arrival-Date (RFC 3464 section 2.2.5)
	EnvelopeID string
	Recipients []Recipient
	Original   Original
	// Why is the id of the rule that spoke, for people who ask how the reading came about.
	Why        string
	Confidence Confidence
	// ListMail is true where the returned message carries List-* fields (RFC 2369, RFC 2919).
	ListMail bool
	// Text is the beginning of the human-readable part, at most 1 KB, control characters removed.
	Text string
}

// Reporter is who reports.
type Reporter struct {
	Host string // a domain name, "" when untold
	Side Side
}

// Recipient is what a report says of one recipient.
type Recipient struct {
	// Address is the Final-Recipient: the address the reporter failed to serve; its domain in lower case.
	Address string
	// OriginalAddress is the Original-Recipient (RFC 3461 ORCPT, xtext decoded), "" when untold.
	OriginalAddress string
	Action          Action
	Status          string // enhanced status such as "5.1.1" (RFC 3463), "" when untold
	ReplyCode       int    // SMTP reply code such as 550 (RFC 5321), 0 when untold
	Reply           string // the words of the refusal on one line, at most 1,000 bytes
	Failure         Failure
	Remote          string // the host that answered or was tried, "" when untold
	AttemptAt       Stamp  // Last-Attempt-Date
	RetryUntil      Stamp  // Will-Retry-Until
	// MaybeDelivered is true when the connection was lost after the end of the data: it may have arrived.
	MaybeDelivered bool
}

// Original is the message that the report is about.
type Original struct {
	MessageID string // without angle brackets, "" when untold
	SentAt    Stamp
	Subject   string // decoded
	From      string // bare address
	To        string // the To field's addresses, bare, joined by ", "
	// Received are the hosts named in the returned Received and Message-ID fields, nearest to the author last.
	Received []string
}
