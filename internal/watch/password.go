package watch

import (
	"slices"
	"time"

	"rimbalzo/internal/probe"
)

// When a refused login is a wrong password. Servers in trouble say "authentication failed" to everybody, so that a refusal
// proves nothing by itself. It becomes a wrong password when the server said so in so many words (not a bare NO), several
// times spread over hours, each time outside any trouble of that provider, and when a witness shows that others get in:
// another account of the same provider that logged in at that time; or, weaker, so that it takes a day, the provider's other
// doors that were open. Without a witness it stays suspect, and nobody is asked to type anything; after a day and a half in
// which everything else of the provider worked the person is told, and pointed to the provider.
const (
	refusalsWithWitness = 3
	spanWithWitness     = 2 * time.Hour
	refusalsWithDoors   = 5
	spanWithDoors       = 24 * time.Hour
	refusalsForLong     = 6
	spanForLong         = 36 * time.Hour
	// nearby is how long before now a witness counts.
	nearby = 2 * time.Hour
	// together is how long before now another account's refusal counts: refused logins are repeated rarely.
	together = 12 * time.Hour
	// trouble: two failures of the provider in the hours before a refusal, or in the hour after it.
	troubleBefore   = 6 * time.Hour
	troubleAfter    = time.Hour
	troubleFailures = 2
)

// suspect tells apart what refused logins mean: too early to say, everybody's trouble, or this account's password.
func (f *fold) suspect(own, around []Seen, now time.Time) Standing {
	around = sorted(around, now)
	st := f.now
	switch {
	case f.everybody(own, around, now):
		return Standing{State: Down, Why: WhyAll, Since: st.Since}
	case f.passwordIsWrong(own, around):
		st.Why = WhyPassword
	case f.refusedForLong(own, around):
		st.Why = WhyLong
	}
	return st
}

// everybody reports whether several accounts of the operator are refused at once, and nobody gets in: passwords do not
// go wrong together.
func (f *fold) everybody(own, around []Seen, now time.Time) bool {
	me := own[0].Account
	refusals, others := len(f.refusals), false
	first, last := f.refusals[0].At, f.refusals[len(f.refusals)-1].At
	for _, s := range around {
		if s.Account == me || s.Account == "" || s.Line != LineUp || s.At.Before(now.Add(-together)) {
			continue
		}
		switch s.class() {
		case ClassRefusal:
			others = true
			refusals++
			if s.At.Before(first) {
				first = s.At
			}
			if s.At.After(last) {
				last = s.At
			}
		case ClassPass:
			if s.Look != LookBare && !s.At.Before(f.refusals[0].At) {
				return false
			}
		}
	}
	return others && refusals >= failuresForDown && last.Sub(first) >= spanForDown
}

func (f *fold) passwordIsWrong(own, around []Seen) bool {
	var said []Seen
	for _, s := range f.refusals {
		if explicit(s.Ending) && !troubled(s.At, around) {
			said = append(said, s)
		}
	}
	if len(said) < refusalsWithWitness {
		return false
	}
	last := said[len(said)-1].At
	span := last.Sub(said[0].At)
	account, door := witnesses(own[0], around, last)
	return account && span >= spanWithWitness ||
		door && len(said) >= refusalsWithDoors && span >= spanWithDoors
}

// refusedForLong reports whether logins were refused for so long, with every other sign of the provider good, that a person
// wants to know of it.
func (f *fold) refusedForLong(own, around []Seen) bool {
	first, last := f.refusals[0].At, f.refusals[len(f.refusals)-1].At
	if len(f.refusals) < refusalsForLong || last.Sub(first) < spanForLong {
		return false
	}
	if slices.ContainsFunc(around, func(s Seen) bool {
		return s.class() == ClassFailure && s.Line == LineUp && s.Look != LookAgain && !s.At.Before(first)
	}) {
		return false
	}
	account, door := witnesses(own[0], around, last)
	return account || door
}

// troubled reports whether the provider failed around an instant.
func troubled(at time.Time, around []Seen) bool {
	n := 0
	for _, s := range around {
		if s.class() == ClassFailure && s.Line == LineUp && s.At.After(at.Add(-troubleBefore)) && s.At.Before(at.Add(troubleAfter)) {
			n++
		}
	}
	return n >= troubleFailures
}

// witnesses looks for others who got in around an instant: another account, or another door of the same provider.
func witnesses(me Seen, around []Seen, at time.Time) (account, door bool) {
	for _, s := range around {
		if s.class() != ClassPass || s.Line != LineUp || s.At.Before(at.Add(-nearby)) || s.At.After(at.Add(nearby)) {
			continue
		}
		switch {
		case s.Account != "" && s.Account != me.Account && s.Look != LookBare:
			account = true
		case s.Direction == probe.Web, s.Direction == probe.Accept, s.Endpoint != me.Endpoint:
			door = true
		}
	}
	return account, door
}
