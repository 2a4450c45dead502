package watcher

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"rimbalzo/internal/watch"
)

// Contact is one server that the program talks to, and how often it did today. Its JSON keys do not change.
type Contact struct {
	Host    string               `json:"host"`    // as the watcher names it: "imap imapmail.libero.it:993"
	Today   int                  `json:"today"`   // how often it was contacted
	Why     map[watch.Reason]int `json:"why"`     // the same, by reason
	Passed  int                  `json:"passed"`  // how often it answered as it should
	Busy    int                  `json:"busy"`    // how often it asked to come back later
	Refused int                  `json:"refused"` // how often it refused a login
	Failed  int                  `json:"failed"`  // how often it did not answer, or not as it should
	Last    time.Time            `json:"last,omitzero"`
	Next    time.Time            `json:"next,omitzero"` // zero while a connection is kept, and where nobody knows
}

// Contacts are those of one day.
type Contacts struct {
	Day string `json:"day"` // "2006-01-02"
	// Running says that a watcher runs; else nothing is planned.
	Running  bool      `json:"running"`
	Paused   bool      `json:"paused"`
	Contacts []Contact `json:"contacts"` // those contacted most come first
}

// ContactsOf puts together what is kept of a day, what a running watcher says (nil where none runs), and the servers of the
// accounts, of which some were perhaps not contacted yet.
func ContactsOf(day string, knocks []watch.Knock, sums []watch.Sum, running *Status, planned []string) Contacts {
	all := map[string]*Contact{}
	of := func(host string) *Contact {
		if all[host] == nil {
			all[host] = &Contact{Host: host, Why: map[watch.Reason]int{}}
		}
		return all[host]
	}
	for _, k := range knocks {
		c := of(k.Host)
		c.Today += k.Times
		c.Why[k.Why] += k.Times
		c.Last = later(c.Last, k.Last)
	}
	for _, s := range sums {
		c := of(s.Endpoint)
		c.Passed, c.Busy, c.Refused, c.Failed = c.Passed+s.Pass, c.Busy+s.Busy, c.Refused+s.Refusal, c.Failed+s.Failure
	}
	for _, host := range planned {
		of(host)
	}
	got := Contacts{Day: day, Contacts: []Contact{}}
	if running != nil {
		got.Running, got.Paused = true, running.Paused
		for _, r := range running.Connections {
			c := of(r.Host)
			// Servers without an account are only in the watcher's memory; of the others it says the same as the store.
			if r.Today > c.Today {
				c.Today, c.Why = r.Today, maps.Clone(r.Why)
			}
			c.Last, c.Next = later(c.Last, r.Last), r.Next
		}
	}
	for _, host := range slices.Sorted(maps.Keys(all)) {
		got.Contacts = append(got.Contacts, *all[host])
	}
	slices.SortStableFunc(got.Contacts, func(a, b Contact) int { return cmp.Compare(b.Today, a.Today) })
	return got
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
