// Package advice decides, for each sent message and recipient, what the person should do. It is a pure function from
// evidence to verdicts; every rule has an id, and a reason is a rule's id with arguments, worded elsewhere.
package advice

import (
	"time"

	"rimbalzo/internal/bounce"
)

// Verdict is what the person is told to do about one message and recipient.
type Verdict string

// The verdicts.
const (
	Resend    Verdict = "resend"
	Wait      Verdict = "wait"
	Check     Verdict = "check"
	Fix       Verdict = "fix"
	Delivered Verdict = "delivered"
	Resent    Verdict = "resent"
)

// Cause is why a message did not arrive.
type Cause string

// The causes; "" where the message did not fail.
const (
	CauseOutage        Cause = "outage"
	CauseAddress       Cause = "address"
	CauseMailboxFull   Cause = "mailbox-full"
	CauseSize          Cause = "size"
	CausePolicy        Cause = "policy"
	CauseSenderBlocked Cause = "sender-blocked"
	CauseUnknown       Cause = "unknown"
)

// Proof is what a verdict rests on.
type Proof string

// The proofs; "" where there is none.
const (
	ProofDSN      Proof = "dsn"
	ProofReceipt  Proof = "receipt"
	ProofReply    Proof = "reply"
	ProofVacation Proof = "vacation"
	ProofBounce   Proof = "bounce"
	ProofWarning  Proof = "warning"
	ProofCopy     Proof = "copy"
	ProofPerson   Proof = "person"
	ProofSilence  Proof = "silence"
)

// When says when to send again.
type When string

// The moments to send again; "" when the verdict is not Resend.
const (
	Now      When = "now"
	At       When = "at" // then Item.ResendAfter
	WhenBack When = "when-back"
)

// Confidence is how sure a verdict is.
type Confidence = bounce.Confidence

// Item is the advice for one message and one recipient.
type Item struct {
	MessageID string // without angle brackets, "" where there is none
	Recipient string // what the person wrote to; domain in lower case
	Subject   string
	SentAt    bounce.Stamp
	// Outage, Phase, PhaseOther and SentPhase are ids of the catalogue, "" where none applies.
	Outage, Phase, PhaseOther, SentPhase string
	Verdict                              Verdict
	Cause                                Cause
	Proof                                Proof
	ResendWhen                           When
	ResendAfter                          time.Time // only with At
	WaitUntil                            time.Time // zero unless Verdict is Wait and an end is known
	Confidence                           Confidence
	Reasons                              []Reason
	Bounces                              []Bounce // in the order of BouncedAt
}

// Reason is one step of the reasoning: the id of a rule, and what it spoke of.
// Args hold strings, ints and time.Time; words gives the sentence under the key "rule."+Rule.
type Reason struct {
	Rule string
	Args map[string]any
}

// Bounce is what one bounce said of an item.
type Bounce struct {
	Source     string
	Address    string // the address the bounce names; another than Item.Recipient where mail was forwarded
	Action     bounce.Action
	Failure    bounce.Failure
	ReplyCode  int
	Status     string
	Reply      string
	AttemptAt  bounce.Stamp
	BouncedAt  bounce.Stamp
	RetryUntil bounce.Stamp
	ReportedBy bounce.Reporter
	Deciding   bool
	Text       string // the bounce's own words to a person, shortened
}

// Note is a message that yields no item: not the person's, or unreadable. Why is a rule id for words ("note."+Why).
type Note struct {
	Source string
	Why    string
	Args   map[string]any
}
