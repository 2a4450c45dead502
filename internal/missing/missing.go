// Package missing finds mail that probably never reached a person because of an outage: messages that other messages
// name and that are nowhere, gaps in what used to come regularly, and lists that may have struck the address off. It is
// a pure function from evidence to findings; every reason is a rule's id, worded elsewhere.
//
// The owner of a struck mailbox lacks what others wrote to him. Everybody else lacks only what the owner of a struck
// mailbox wrote and could not send, and of that only the first kind leaves a sign.
package missing

import (
	"cmp"
	"slices"
	"time"

	"rimbalzo/internal/advice"
	"rimbalzo/internal/bounce"
	"rimbalzo/internal/outage"
)

// Kind is the sign by which something missing is known.
type Kind string

// The kinds, the strongest sign first.
const (
	Named     Kind = "named"      // a message that other messages name and that is nowhere
	Gap       Kind = "gap"        // somebody who wrote regularly before and after, and not in the outage
	StruckOff Kind = "struck-off" // a list or service that wrote regularly before, and never since
)

// Finding is something that probably never reached the person.
type Finding struct {
	Kind   Kind
	Outage string // the outage's id
	// Mailbox is the person's own struck address; "" where it was the writer's provider that was struck.
	Mailbox string
	// Who are bare addresses, the one to ask first: who wrote it or answered it, then the others in the thread.
	Who       []string
	List      string // the list's id, "" where it is none
	Subject   string // of the message that shows it, as it stands there
	MessageID string // without angle brackets; only with Named
	// From and To are the instants between which it was written: of the neighbours in the thread, or the last and the
	// next of a regular series. From is zero where nothing shows it; To is zero with StruckOff.
	From, To   time.Time
	Count      int // with Gap about how many messages are missing, else 0
	Confidence advice.Confidence
	Reasons    []advice.Reason // worded under "missing.rule."+Rule
	Source     string          // the message that shows it
}

// Result is everything found.
type Result struct {
	At        time.Time
	Mailboxes []string         // the person's own struck addresses, sorted
	Outages   []*outage.Outage // those looked at, the earliest first
	Findings  []Finding
	More      int             // findings left out, because nobody reads a list without end
	Notes     []advice.Reason // why little or nothing can be said, worded under "missing.note."+Rule
	// Unreadable is for whoever read the mail: what could not be read may hold what is missing.
	Unreadable []advice.Note
}

// maxFindings is more than a person asks for.
const maxFindings = 500

// Find looks for what never arrived. The order of the evidence does not matter; what came after ev.At is ignored.
func Find(ev advice.Evidence) Result {
	res := Result{At: ev.At}
	if ev.Catalogue == nil {
		return res
	}
	s := newSearch(ev)
	notes := noteSet{}
	struck := map[string]bool{}
	for i := range ev.Catalogue.Outages {
		o := &ev.Catalogue.Outages[i]
		if ev.Outage != "" && ev.Outage != o.ID {
			continue
		}
		w, ok := windowOf(o, ev.At)
		if !ok {
			continue
		}
		res.Outages = append(res.Outages, o)
		v := s.view(w)
		for _, a := range v.mailboxes {
			struck[a] = true
		}
		if !w.over {
			notes.add("not-over", "Name", o.Name)
			continue
		}
		res.Findings = append(res.Findings, v.named(notes)...)
		if len(v.mailboxes) > 0 {
			res.Findings = append(res.Findings, v.regular()...)
		}
	}
	slices.SortStableFunc(res.Outages, func(a, b *outage.Outage) int {
		return cmp.Or(a.Start.At.Compare(b.Start.At), cmp.Compare(a.ID, b.ID))
	})
	for a := range struck {
		res.Mailboxes = append(res.Mailboxes, a)
	}
	slices.Sort(res.Mailboxes)
	s.explain(res.Mailboxes, notes)
	res.Notes = notes.sorted()
	slices.SortFunc(res.Findings, order)
	if n := len(res.Findings); n > maxFindings {
		res.Findings, res.More = res.Findings[:maxFindings], n-maxFindings
	}
	return res
}

// explain notes what limits the whole search.
func (s *search) explain(mailboxes []string, notes noteSet) {
	switch {
	case len(s.own) == 0:
		notes.add("unknown-owner")
	case len(mailboxes) == 0:
		notes.add("not-struck")
	}
	if !s.sentRead {
		notes.add("no-sent")
	}
}

var rank = map[Kind]int{Named: 0, Gap: 1, StruckOff: 2}

// order puts the strongest first, then the oldest.
func order(a, b Finding) int {
	sure := func(f Finding) int {
		if f.Confidence == bounce.Likely {
			return 0
		}
		return 1
	}
	return cmp.Or(
		cmp.Compare(rank[a.Kind], rank[b.Kind]), cmp.Compare(sure(a), sure(b)), a.To.Compare(b.To), a.From.Compare(b.From),
		slices.Compare(a.Who, b.Who), cmp.Compare(a.List, b.List), cmp.Compare(a.MessageID, b.MessageID), cmp.Compare(a.Outage, b.Outage),
	)
}

// noteSet holds each note once.
type noteSet map[string]advice.Reason

func (n noteSet) add(rule string, args ...any) { n[rule] = because(rule, args...) }

func (n noteSet) sorted() []advice.Reason {
	var list []advice.Reason
	for _, r := range n {
		list = append(list, r)
	}
	slices.SortFunc(list, func(a, b advice.Reason) int { return cmp.Compare(a.Rule, b.Rule) })
	return list
}

// because makes a reason of a rule and its arguments as key and value pairs.
func because(rule string, args ...any) advice.Reason {
	r := advice.Reason{Rule: rule}
	for i := 0; i+1 < len(args); i += 2 {
		if r.Args == nil {
			r.Args = map[string]any{}
		}
		r.Args[args[i].(string)] = args[i+1]
	}
	return r
}
