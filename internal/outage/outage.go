package outage

import "time"

// Text is a sentence in the languages of the program.
type Text struct {
	It string `toml:"it"`
	En string `toml:"en"`
}

// In gives the text in lang ("it" or "en"), the other language where it is missing.
func (t Text) In(lang string) string {
	if (lang == "it" && t.It != "") || t.En == "" {
		return t.It
	}
	return t.En
}

// Precision says how sure a boundary is.
type Precision string

// The precisions: exact; about ("circa" or a part of the day in the source); bound (only a limit is known).
const (
	Exact Precision = "exact"
	About Precision = "about"
	Bound Precision = "bound"
)

// Boundary is an instant that may be unsharp: it lies between Earliest and Latest, most likely At.
// Disputed is true when two sources contradict each other, and not merely say it roughly. The zero Boundary is an open
// end: nobody knows, or it never came.
type Boundary struct {
	At        time.Time
	Precision Precision
	Earliest  time.Time
	Latest    time.Time
	Disputed  bool
	Sources   []string // keys of Catalogue.Sources
}

// Open reports whether the boundary is not known at all.
func (b Boundary) Open() bool { return b.At.IsZero() }

// Behaviour is what the provider's incoming servers did in a phase.
type Behaviour string

// The behaviours of incoming servers.
const (
	AcceptAndQueue       Behaviour = "accept-and-queue" // accepted, delivered later or bounced by the provider later
	AcceptAndHold        Behaviour = "accept-and-hold"  // accepted, held without a promised end
	RefuseConnection     Behaviour = "refuse-connection"
	RejectPermanentFalse Behaviour = "reject-permanent-false" // a 5xx that was not true
	RejectTemporarySome  Behaviour = "reject-temporary-some"  // a 4xx for some mailboxes
	RefuseUnknown        Behaviour = "refuse-unknown"         // refused or put off, codes never published
	Reopening            Behaviour = "reopening"
	NormalDegraded       Behaviour = "normal-degraded"
	AccessDown           Behaviour = "access-down" // people could not log in; incoming mail flowed
)

// AcceptLike reports whether servers took the mail and answered 250 although it was not delivered then.
func (b Behaviour) AcceptLike() bool { return b == AcceptAndQueue || b == AcceptAndHold }

// Catalogue is a set of outages with their sources.
type Catalogue struct {
	Outages []Outage
	Sources map[string]string // key to citation (URL and what it says)
}

// Outage is one provider's outage, a sequence of phases.
type Outage struct {
	ID          string // such as "libero-2023-01"
	Operator    string // key of provider's operators, such as "italiaonline"
	Name        Text
	Zone        string // IANA name in which the sources speak
	Start, End  Boundary
	Domains     []string // affected, lower case
	NotAffected []Text
	Cause       Text
	Phases      []Phase
	Access      []Access
	Statements  []Statement
	Conflicts   []Conflict
	HelpLine    string
	NoticePage  string
	Warning     Text // of phishing and the like
	Sources     []string
}

// Phase is a stretch of an outage in which servers behaved in one way.
type Phase struct {
	ID         string
	Title      Text
	From, To   Boundary
	Behaviour  Behaviour
	BounceBy   string   // "sender", "recipient", "either" or "none"
	Replies    []Reply  // what is known of the servers' answers; empty where nothing was published
	LocalState []string // enhanced statuses a sender's own server notes where no server answered, such as "4.4.1"
	// Hold is how long mail accepted in this phase was held before being delivered or bounced, as far as known.
	Hold Hold
	Fate []string // what became of the mail: "delivered", "delivered-late", "delivered-on-retry",
	// "bounced-by-sender", "bounced-by-recipient", "unknown"
	ForSender  Text   // advice, in words
	ForOwner   Text   // for the owner of a struck mailbox
	Confidence string // "high", "medium" or "low"
	Basis      string // "official", "press", "postmaster" or "derived" (our reasoning)
	Note       Text
	Sources    []string
}

// Hold is how long the provider kept what it had accepted.
type Hold struct {
	// Until is the latest instant by which such mail had been delivered or bounced; zero when nobody said.
	Until   time.Time
	Known   bool
	Sources []string
}

// Reply is an answer that servers gave in a phase.
type Reply struct {
	Code     int
	Enhanced []string
	Texts    []string // fragments in lower case
}

// Access is what account owners could reach, and when.
type Access struct {
	Channel  string // "webmail", "app", "app-android", "app-ios", "imap", "pop" or "smtp"
	State    string // "down", "partial", "restored"
	From, To Boundary
	Note     Text
	Sources  []string
}

// Statement is something the provider said, paraphrased.
type Statement struct {
	At      Boundary
	Text    Text
	Kept    string // "yes", "no", "" when nobody knows
	Sources []string
}

// Conflict is a point on which sources contradict each other.
type Conflict struct {
	Topic   Text
	Values  []Text
	Chosen  Text
	Sources []string
}
