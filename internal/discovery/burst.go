package discovery

import (
	"slices"
	"strings"
	"time"
)

// What it takes to speak of an outage: so many addresses that fail within so short a time.
const (
	leastAddresses = 3
	coreWidth      = 48 * time.Hour
)

// settled is how old a message must be for its silence to say that it was taken: servers that warn do so within a day.
const settled = 26 * time.Hour

// mostPhases is more than an outage has; what changes more often is none that could be told in phases.
const mostPhases = 12

// proposal is a burst that is taken for an outage.
type proposal struct {
	group  *group
	signs  []sign // those that count, by time; never empty
	cuts   []cut
	before time.Time // when mail was last seen to go through before; zero where it was not
	proven time.Time // when the last message was sent that somebody had answered before
	after  time.Time // when mail is first seen to go through again; zero while it is not
	until  time.Time // the moment up to which the mail was read
}

func (p *proposal) first() time.Time { return p.signs[0].at }
func (p *proposal) last() time.Time  { return p.signs[len(p.signs)-1].at }

// propose weighs a burst; nil where it is no outage.
func (m *mail) propose(g *group, burst []sign) *proposal {
	end := burst[len(burst)-1].at
	var strong []sign
	fenced := map[string]bool{}
	for _, s := range burst {
		switch {
		case s.kind == blocked:
			fenced[s.address] = true
		case s.kind != permanent || s.isCheck() || m.worksApart(s.address, s.at, s.at):
			strong = append(strong, s)
		}
	}
	core, struck := densest(strong)
	if len(struck) < leastAddresses || 2*len(fenced) > len(struck) {
		return nil
	}
	if fine := reached(g.trips, core, m.at, struck); fine > len(struck) {
		return nil
	}
	p := &proposal{group: g, signs: strong, until: m.at, before: g.fineBefore(strong[0].at), after: g.backAfter(end, m.at)}
	before, after := m.fineAround(g, strong[0].at, end)
	p.before = later(p.before, before)
	if taken := strong[len(strong)-1].kind == late; !taken && !after.IsZero() && (p.after.IsZero() || after.Before(p.after)) {
		p.after = after // of mail that is taken and kept, a server that takes mail says nothing
	}
	p.proven = m.provenBefore(g, strong[0].at)
	if g.lone() && (p.after.IsZero() || m.lively(struck, burst[0].at, end) < leastAddresses) {
		return nil
	}
	if !m.answeredItself(g, strong) && m.sendersFault(g, core) {
		return nil
	}
	if p.cuts = cutPhases(strong); len(p.cuts) > mostPhases {
		return nil
	}
	return p
}

// recent is how long ago an address must have worked for its failure to be news: people do close their mailboxes.
const recent = 180 * 24 * time.Hour

// worksApart reports whether mail to or from an address was seen to work shortly before an instant, or at any time after one.
func (m *mail) worksApart(address string, before, after time.Time) bool {
	times := m.alive[address]
	if len(times) == 0 {
		return false
	}
	i, _ := slices.BinarySearchFunc(times, before, time.Time.Compare)
	return (i > 0 && before.Sub(times[i-1]) <= recent) || times[len(times)-1].After(after)
}

// densest finds the stretch of coreWidth in which the most addresses fail, the first of them, and those addresses. What was
// merely not taken at once is not counted.
func densest(signs []sign) (core span, struck map[string]bool) {
	count := map[string]int{}
	best, from, to := 0, 0, 0
	begin := 0
	for i, s := range signs {
		if s.kind == held {
			continue
		}
		count[s.address]++
		for s.at.Sub(signs[begin].at) > coreWidth {
			if old := signs[begin]; old.kind != held {
				if count[old.address]--; count[old.address] == 0 {
					delete(count, old.address)
				}
			}
			begin++
		}
		if len(count) > best {
			best, from, to = len(count), begin, i
		}
	}
	struck = map[string]bool{}
	if best == 0 {
		return core, struck
	}
	for _, s := range signs[from : to+1] {
		if s.kind != held {
			struck[s.address] = true
			core = core.with(s.at)
			if !s.sent.After(s.at) && core.first.Sub(s.sent) < coreWidth {
				core = core.with(s.sent) // what was sent beside it and did not fail counts against it
			}
		}
	}
	return core, struck
}

// reached counts the addresses that were written to within a stretch without any failure.
func reached(trips []trip, core span, now time.Time, struck map[string]bool) int {
	fine := map[string]bool{}
	for _, t := range between(trips, core.first, core.last) {
		if now.Sub(t.at) > settled && !struck[t.address] {
			fine[t.address] = true
		}
	}
	return len(fine)
}

// backAfter is when the first message that did not fail was sent after the last failure; zero where none was, or too short
// a time ago to say so.
func (g *group) backAfter(end, now time.Time) time.Time {
	if later := between(g.trips, end.Add(1), now.Add(-settled)); len(later) > 0 {
		return later[0].at
	}
	return time.Time{}
}

// fineBefore is when the last message that did not fail was sent before the first failure; zero where none was.
func (g *group) fineBefore(begin time.Time) time.Time {
	if earlier := between(g.trips, time.Time{}, begin.Add(-1)); len(earlier) > 0 {
		return earlier[len(earlier)-1].at
	}
	return time.Time{}
}

// provenBefore is when the last message to the group was sent that was answered before an instant; zero where none was.
func (m *mail) provenBefore(g *group, begin time.Time) time.Time {
	var last time.Time
	for _, a := range m.answers {
		if a.answered.Before(begin) && a.at.After(last) && slices.Contains(g.struck(), a.domain) {
			last = a.at
		}
	}
	return last
}

// between gives the trips that began from one instant to another, both included.
func between(trips []trip, from, to time.Time) []trip {
	i, _ := slices.BinarySearchFunc(trips, from, func(t trip, at time.Time) int { return t.at.Compare(at) })
	j, _ := slices.BinarySearchFunc(trips, to.Add(1), func(t trip, at time.Time) int { return t.at.Compare(at) })
	return trips[i:max(i, j)]
}

// lively counts the addresses that were seen to work before a burst or after it.
func (m *mail) lively(struck map[string]bool, begin, end time.Time) int {
	n := 0
	for address := range struck {
		if strings.HasPrefix(address, checkMark) || m.worksApart(address, begin, end) {
			n++
		}
	}
	return n
}

// answeredItself reports whether the operator's own servers said of enough addresses that something was wrong: then it is
// not the person's server that reaches nobody.
func (m *mail) answeredItself(g *group, signs []sign) bool {
	said := map[string]bool{}
	for _, s := range signs {
		own := s.host != "" && (m.dir.RunsHost(g.operator.ID, s.host) || under(s.host, g.id))
		if s.isCheck() || s.kind == late || (s.code != 0 && own) {
			said[s.address] = true
		}
	}
	return len(said) >= leastAddresses
}

// sendersFault reports whether mail to everybody else failed at the same time, too: then the trouble is the person's own
// server's or line's.
func (m *mail) sendersFault(g *group, core span) bool {
	failing, fine := map[string]bool{}, map[string]bool{}
	begin, end := core.first.Add(-time.Hour), core.last.Add(time.Hour)
	for i := m.from(begin); i < len(m.signs) && !m.signs[i].at.After(end); i++ {
		if s := m.signs[i]; (s.kind == noAnswer || s.kind == temporary) && !g.domains[s.domain] {
			failing[s.address] = true
		}
	}
	own := map[string]bool{}
	for _, d := range g.struck() {
		own[d] = true
	}
	for _, t := range between(m.trips, begin, end) {
		if !own[t.domain] && !failing[t.address] {
			fine[t.address] = true
		}
	}
	return len(failing) > 1 && len(failing) >= len(fine)
}

// from is the index of the first sign not before t.
func (m *mail) from(t time.Time) int {
	i, _ := slices.BinarySearchFunc(m.signs, t, func(s sign, t time.Time) int { return s.at.Compare(t) })
	return i
}
