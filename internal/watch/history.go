package watch

import (
	"context"
	"time"

	"rimbalzo/internal/probe"
)

// How long a [History] keeps what.
const (
	KeepLooks = 30 * 24 * time.Hour  // single looks
	KeepSums  = 365 * 24 * time.Hour // their hourly sums
)

// History is what has to outlive the process. All times are those of the machine's clock. It is safe for concurrent use;
// what a call added is on the disk when it returns, for [History.Claim] and [History.Set] also after a power cut.
type History interface {
	// Note adds looks, and each of them to the sum of its hour. Single looks older than [KeepLooks] and sums older than
	// [KeepSums] may go.
	Note(ctx context.Context, looks ...Seen) error
	// Looks gives the looks since an instant, the oldest first.
	Looks(ctx context.Context, since time.Time) ([]Seen, error)
	// Sums gives the hourly sums since an instant, the oldest first.
	Sums(ctx context.Context, since time.Time) ([]Sum, error)

	// PutIncident adds an incident, or replaces the one of the same id. Incidents are kept for ever.
	PutIncident(ctx context.Context, i Incident) error
	// Incidents gives those that ended at an instant or later, and those that have not ended, by their beginning.
	Incidents(ctx context.Context, since time.Time) ([]Incident, error)

	// Knock counts a contact with a server.
	Knock(ctx context.Context, k Knock) error
	// Knocks gives the sums of one day, "2006-01-02".
	Knocks(ctx context.Context, day string) ([]Knock, error)

	// Claim keeps a notice before it is told. It is all or nothing: false, and nothing kept, where its id or one of its keys
	// was claimed before.
	Claim(ctx context.Context, t Told) (bool, error)
	// Shown marks a claimed notice as handed over to the desktop.
	Shown(ctx context.Context, id string) error
	// Claimed reports which of the keys were claimed.
	Claimed(ctx context.Context, keys []string) (map[string]bool, error)
	// Told gives the notices claimed since an instant, the oldest first, without those of [KindSeen] and [KindMark].
	Told(ctx context.Context, since time.Time) ([]Told, error)

	// Set keeps a small value under a name: snooze, pause, what the first review found. An empty one takes it away.
	Set(ctx context.Context, name, value string) error
	// Get gives a value, "" for none.
	Get(ctx context.Context, name string) (string, error)
}

// Sum is what the looks at one endpoint came to in one hour.
type Sum struct {
	Hour     time.Time // its beginning
	Operator string
	Account  string
	Endpoint string
	Pass     int
	Busy     int
	Refusal  int
	Failure  int
	Took     time.Duration // of all passes together
}

// Add counts a look in. What taught nothing about the provider is not counted.
func (s *Sum) Add(l Seen) {
	if l.Line != LineUp {
		return
	}
	switch l.class() {
	case ClassPass:
		s.Pass++
		s.Took += l.Took
	case ClassBusy:
		s.Busy++
	case ClassRefusal:
		s.Refusal++
	case ClassFailure:
		s.Failure++
	}
}

// Incident gathers the checks of one provider during a trouble.
type Incident struct {
	ID         string // never changes; made of the operator and the beginning
	Operator   string
	Name       string // what a person calls the provider, such as "libero.it"
	Begin, End time.Time
	Directions []probe.Direction
	Accounts   []string // ids
	Endpoints  []string
	Endings    map[probe.Ending]int // how often each was seen; no EndingOK
	Passes     int                  // looks that passed meanwhile: some mailboxes, or now and then
	Outage     string               // id of the catalogued outage that covers it, "" for none
}

// Open reports whether the incident has not ended.
func (i Incident) Open() bool { return i.End.IsZero() }

// Knock is how often a host was contacted on one day for one reason.
type Knock struct {
	Day   string // "2006-01-02" by the machine's clock
	Host  string // with the port
	Why   Reason
	Times int
	Last  time.Time
}

// Reason is why a host was contacted.
type Reason string

// The reasons for a contact.
const (
	ForCheck   Reason = "check"   // the schedule
	ForHand    Reason = "hand"    // a person pressed "check now"
	ForWitness Reason = "witness" // another provider did not answer: is it this machine's line?
	ForAgain   Reason = "again"   // a NOOP on the connection that is kept
	ForMail    Reason = "mail"    // new mail was read
)

// Told is a notice that was claimed.
type Told struct {
	ID    string
	Kind  Kind
	At    time.Time
	Shown bool     // it was handed over to the desktop; false after a crash in between, and then it is not told again
	Keys  []string // what it told of
}
