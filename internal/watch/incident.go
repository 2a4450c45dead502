package watch

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"rimbalzo/internal/outage"
	"rimbalzo/internal/probe"
)

// Combine says what several states come to: of accounts in one direction, or of the directions of one provider. The order
// does not matter. What nobody knows does not count, where something is known.
func Combine(states ...State) State {
	count := map[State]int{}
	for _, s := range states {
		count[s]++
	}
	known := len(states) - count[Unknown] - count[Offline]
	switch {
	case len(states) == 0:
		return Unknown
	case known == 0:
		if count[Offline] > 0 {
			return Offline
		}
		return Unknown
	case count[Flapping] > 0:
		return Flapping
	case count[Suspect] == known:
		return Suspect
	case count[Down] > 0 && count[Down]+count[Suspect] == known:
		return Down
	case count[Down] > 0:
		return Degraded
	case count[Recovering] > 0:
		return Recovering
	case count[Suspect] > 0 || count[Degraded] > 0:
		return Degraded
	}
	return Up
}

// struck reports whether an endpoint is part of a trouble of its provider.
func struck(st Standing) bool { return st.State == Down || st.State == Flapping }

// over reports whether an endpoint that was struck is no longer: it works, or the trouble is of another kind. A provider's
// MX is asked so rarely that one answer is enough.
func over(d probe.Direction, st Standing) bool {
	return d == probe.Accept && st.State == Recovering || st.State == Up || st.State == Degraded || (st.State == Suspect && st.Why == WhyPassword)
}

func (i Incident) clone() Incident {
	i.Directions, i.Accounts, i.Endpoints = slices.Clone(i.Directions), slices.Clone(i.Accounts), slices.Clone(i.Endpoints)
	i.Endings = maps.Clone(i.Endings)
	return i
}

// begin makes an incident.
func begin(operator, name string, at time.Time) Incident {
	return Incident{
		ID: operator + "-" + at.UTC().Format("20060102T150405Z"), Operator: operator, Name: name, Begin: at,
		Endings: map[probe.Ending]int{},
	}
}

// strike takes an endpoint into the incident, with the looks that led to it. It reports whether it is new in it.
func (i *Incident) strike(e *endpoint) bool {
	if slices.Contains(i.Endpoints, e.key) && (e.account == "" || slices.Contains(i.Accounts, e.account)) {
		return false
	}
	i.Endpoints = with(i.Endpoints, e.key)
	i.Directions = with(i.Directions, e.direction)
	if e.account != "" {
		i.Accounts = with(i.Accounts, e.account)
	}
	for _, s := range e.looks {
		if !s.At.Before(e.standing.Since) {
			i.saw(s)
		}
	}
	return true
}

// saw counts a look into the incident.
func (i *Incident) saw(s Seen) {
	switch c := s.class(); {
	case s.Line != LineUp || c == ClassNothing:
	case c == ClassPass:
		i.Passes++
	default:
		i.Endings[s.Ending]++
	}
}

// with gives a sorted list with one more member.
func with[T cmp.Ordered](list []T, member T) []T {
	at, found := slices.BinarySearch(list, member)
	if found {
		return list
	}
	return slices.Insert(list, at, member)
}

// catalogued gives the id of the outage that covers the incident at the moment now, "" for none: of the same operator, at
// a time that overlaps.
func catalogued(c *outage.Catalogue, i Incident, now time.Time) string {
	if c == nil {
		return ""
	}
	end := i.End
	if i.Open() {
		end = now
	}
	for n := range c.Outages {
		o := &c.Outages[n]
		if o.Operator == "" || o.Operator != i.Operator || end.Before(o.Start.Earliest) {
			continue
		}
		if o.End.Open() || !i.Begin.After(o.End.Latest) {
			return o.ID
		}
	}
	return ""
}
