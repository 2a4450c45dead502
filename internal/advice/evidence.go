package advice

import (
	"time"

	"rimbalzo/internal/bounce"
	"rimbalzo/internal/outage"
	"rimbalzo/internal/provider"
)

// Evidence is everything that a mailbox lets one know, and what is known besides.
type Evidence struct {
	At        time.Time      // the moment for which advice is given; what came later is ignored
	Zone      *time.Location // for times that a message states without a zone
	Catalogue *outage.Catalogue
	Directory *provider.Directory
	Outage    string   // the only outage to look at, "" for all that the mail touches
	Accounts  []string // the person's own addresses as far as known, lower case
	Sent      []Outgoing
	Incoming  []Incoming
	Reports   []Reported
	Queued    []Queued
	Said      []Said
	Read      Read
}

// Read says which folders were read, so that silence can be weighed.
type Read struct {
	Sent  bool
	Inbox bool
	Junk  bool
	// Whole is true when every folder that the mailbox has was read: what is not there then does not exist.
	Whole bool
	// Since is the instant from which the folders were read; zero for "from their beginning".
	Since time.Time
}

// Outgoing is a message that the person sent.
type Outgoing struct {
	Source     string
	MessageID  string // without angle brackets
	From       string // bare address, lower case
	Recipients []string
	Subject    string
	SentAt     bounce.Stamp
	References []string // ids in References and In-Reply-To, without angle brackets
	Resent     bool     // carries Resent-* fields (RFC 5322 section 3.6.6)
	Text       Text
	Traits     provider.Traits
}

// Incoming is a message that somebody wrote to the person, and that reports nothing.
type Incoming struct {
	Source     string
	MessageID  string // without angle brackets, "" where there is none
	From       string // bare address, lower case
	To         []string
	At         time.Time    // when it arrived
	SentAt     bounce.Stamp // what it says of when it was written
	Subject    string
	InReplyTo  []string // ids, without angle brackets
	References []string // ids, oldest first
	List       bool     // carries List-* fields
	ListID     string   // the id in List-Id (RFC 2919), without angle brackets, lower case; "" where there is none
	Junk       bool     // lay in the junk folder
	Text       Text
}

// Reported is a decoded report with where and when it was found.
type Reported struct {
	Source    string
	ArrivedAt time.Time // zero when unknown
	To        []string  // whom the report was sent to
	Report    bounce.Report
	Traits    provider.Traits
}

// Queued is one message and recipient in a mail server's queue listing.
type Queued struct {
	Source    string
	Sender    string
	Recipient string
	Arrived   time.Time
	Reason    string
}

// Text is what a message's text and attachments are recognised by; no words are kept.
type Text struct {
	Own         []uint64 // digests of the author's lines, at most 200
	Quoted      []uint64 // digests of quoted lines, at most 200
	Attachments []uint64 // digests of attachments
	Asks        bool     // asks whether an earlier message came
}

// Result is the advice for all evidence.
type Result struct {
	Items    []Item
	NotYours []Note
	Outages  []Touched
}

// Touched is an outage that the mail touches, and what fell in each of its phases.
type Touched struct {
	Outage   *outage.Outage
	Bounces  []int // per phase
	Messages []int // items per phase
}
