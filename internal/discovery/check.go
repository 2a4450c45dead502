package discovery

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"rimbalzo/internal/outage"
)

// Check is what one look at a provider's servers found, of those that were made while the person's own line worked.
type Check struct {
	Domain    string    // a mail domain of the provider, or the host that was looked at
	Direction Direction // what was tried
	At        time.Time
	Ending    Ending
}

// Direction is what a person wants of a provider; each fails and comes back on its own.
type Direction string

// The directions.
const (
	Receive Direction = "receive" // reading one's mail
	Send    Direction = "send"    // handing mail over to be sent
	Web     Direction = "web"     // reading it in the browser
	Accept  Direction = "accept"  // mail from other providers is taken in
)

// Ending is how a check ended, as far as it tells phases apart.
type Ending string

// The endings. Others, such as a wrong password, tell nothing and are left out.
const (
	Fine    Ending = "ok"
	Refused Ending = "refused" // refused, timed out, unreachable
	Later   Ending = "4xx"     // a reply that says "not now" (RFC 5321 section 4.2.1)
	Never   Ending = "5xx"     // a reply that says "no"
)

// endings says what the endings of checks of incoming servers say, beside those of messages.
var endings = map[Ending]kind{Refused: noAnswer, Later: temporary, Never: permanent}

// checkEvery is how far apart two checks must lie to count for two: a moment's trouble is seen by any number of them.
const checkEvery = 30 * time.Minute

// checkMark begins what stands in the place of an address where a check failed; no address begins so.
const checkMark = "\x00check "

// look is a check of servers that answered or not, of one group.
type look struct {
	domain    string
	direction Direction
	at        time.Time
	fine      bool
}

// readChecks takes the checks up to the moment as signs: those of the servers that take mail in tell phases, the others what
// people could reach.
func (m *mail) readChecks(checks []Check) {
	for _, c := range checks {
		domain := strings.ToLower(strings.Trim(strings.TrimSpace(c.Domain), "."))
		kind, failed := endings[c.Ending]
		if domain == "" || !sane(c.At) || c.At.After(m.at) || (!failed && c.Ending != Fine) {
			continue
		}
		domain = m.mailDomain(domain)
		m.looks = append(m.looks, look{domain: domain, direction: c.Direction, at: c.At, fine: !failed})
		if failed && c.Direction == Accept {
			m.add(sign{address: fmt.Sprint(checkMark, c.At.Unix()/int64(checkEvery/time.Second)), domain: domain, at: c.At, kind: kind})
		}
	}
	slices.SortFunc(m.looks, func(x, y look) int { return x.at.Compare(y.at) })
}

// mailDomain gives the mail domain whose servers a host belongs to, as far as the directory knows; else the name itself.
func (m *mail) mailDomain(name string) string {
	for rest, n := name, 0; strings.Contains(rest, ".") && n < 10; n++ {
		if op, ok := m.dir.OperatorOf(rest); ok {
			if rest == name {
				return name
			}
			return op.Domains[0]
		}
		_, rest, _ = strings.Cut(rest, ".")
	}
	return name
}

// isCheck reports whether a sign is a check's and no message's.
func (s *sign) isCheck() bool { return strings.HasPrefix(s.address, checkMark) }

// looked gives the looks at a group in one direction, by time.
func (m *mail) looked(g *group, d Direction) []look {
	var list []look
	struck := g.struck()
	for _, l := range m.looks {
		if l.direction == d && slices.Contains(struck, l.domain) {
			list = append(list, l)
		}
	}
	return list
}

// fineAround gives the last look before a stretch that found incoming servers taking mail, and the first one after it; zero
// where there was none.
func (m *mail) fineAround(g *group, begin, end time.Time) (before, after time.Time) {
	for _, l := range m.looked(g, Accept) {
		switch {
		case !l.fine:
		case l.at.Before(begin):
			before = l.at
		case l.at.After(end) && after.IsZero():
			after = l.at
		}
	}
	return before, after
}

// channels are what catalogues call what the directions are for.
var channels = []struct {
	direction Direction
	channel   string
}{{Receive, "imap"}, {Send, "smtp"}, {Web, "webmail"}}

// access tells what people could not reach in the days of an outage, by the looks at it.
func (p *proposal) access(m *mail, zone *time.Location) []outage.Access {
	var list []outage.Access
	for _, c := range channels {
		var before, after time.Time
		var down span
		for _, l := range m.looked(p.group, c.direction) {
			switch near := l.at.After(p.first().Add(-coreWidth)) && l.at.Before(p.last().Add(coreWidth)); {
			case !near:
			case !l.fine:
				down, after = down.with(l.at), time.Time{}
			case down.first.IsZero():
				before = l.at
			case after.IsZero():
				after = l.at
			}
		}
		if down.last.Sub(down.first) < checkEvery {
			continue // a moment's trouble, or none
		}
		a := outage.Access{Channel: c.channel, State: "down", Sources: []string{sourceKey}}
		a.From = boundary(later(before, down.first.Add(-longestGuess)), down.first, zone)
		if !after.IsZero() {
			a.To = boundary(down.last, after, zone)
		}
		list = append(list, a)
	}
	return list
}

func later(x, y time.Time) time.Time {
	if x.After(y) {
		return x
	}
	return y
}
