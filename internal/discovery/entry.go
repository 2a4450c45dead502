package discovery

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"rimbalzo/internal/outage"
	"rimbalzo/internal/provider"
	"rimbalzo/internal/words"
)

// entries turns proposals into outages with ids of their own.
func (m *mail) entries(found []proposal, zone *time.Location) []outage.Outage {
	var list []outage.Outage
	taken := map[string]bool{}
	for i := range found {
		o, ok := found[i].entry(zone)
		if !ok {
			continue
		}
		o.Access = found[i].access(m, zone)
		base := o.ID
		for n := 2; taken[o.ID]; n++ {
			o.ID = fmt.Sprintf("%s-%d", base, n)
		}
		taken[o.ID] = true
		list = append(list, o)
	}
	return list
}

// Catalogue holds found outages with the one source that they have: the mail itself.
func Catalogue(found []outage.Outage) *outage.Catalogue {
	c := &outage.Catalogue{Outages: found}
	if len(found) > 0 {
		source := inBoth(func(w *words.Words) string { return w.T("discovery.source") })
		c.Sources = map[string]string{sourceKey: source.It + " / " + source.En}
	}
	return c
}

// both are the languages of the program.
var both = sync.OnceValues(func() (it, en *words.Words) { return words.New("it"), words.New("en") })

// inBoth says a sentence in both languages.
func inBoth(say func(*words.Words) string) outage.Text {
	it, en := both()
	return outage.Text{It: say(it), En: say(en)}
}

// aDomain is what a catalogue takes for a mail domain.
var aDomain = regexp.MustCompile(`^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$`)

// Bounds of a catalogue's lists and ids.
const (
	mostDomains = 200
	longestName = 40
)

// entry makes a catalogue entry; false where none of the domains could be one.
func (p *proposal) entry(zone *time.Location) (outage.Outage, bool) {
	g, first := p.group, p.first().In(zone)
	var domains []string
	for _, d := range g.struck() {
		if len(d) < 254 && aDomain.MatchString(d) && len(domains) < mostDomains {
			domains = append(domains, d)
		}
	}
	if len(domains) == 0 {
		return outage.Outage{}, false
	}
	who := domains[0]
	if g.operator.ID != "" {
		// People know the domain in their addresses, not always the company behind it.
		who = g.operator.Domains[0] + " (" + g.operator.Name + ")"
	}
	o := outage.Outage{
		ID: prefix + slug(g.id) + first.Format("-2006-01"), Operator: g.operator.ID, Zone: zoneName(zone), Domains: domains, Sources: []string{sourceKey},
		Name: inBoth(func(w *words.Words) string { return w.T("discovery.name", "Operator", who, "Day", w.Day(first)) }),
	}
	if p.cuts[0].kind != late {
		o.Phases = append(o.Phases, p.eve(zone))
	}
	ids := map[string]int{}
	for i := range p.cuts {
		ph := p.phase(i, zone)
		if ids[ph.ID]++; ids[ph.ID] > 1 {
			ph.ID = fmt.Sprintf("%s-%d", ph.ID, ids[ph.ID])
		}
		o.Phases = append(o.Phases, ph)
	}
	o.Start, o.End = p.start(0, zone), o.Phases[len(o.Phases)-1].To
	o.Start.Earliest = o.Phases[0].From.Earliest
	return o, true
}

// eve is the day before the first failure: a provider that breaks down may have taken messages that it could no longer
// deliver, so that their silence proves nothing before senders, too, would have given up.
func (p *proposal) eve(zone *time.Location) outage.Phase {
	to := p.start(0, zone)
	begin := p.first().Add(-longestGuess)
	if after := p.proven.Add(time.Second); after.After(begin) {
		begin = after
	}
	from := boundary(begin, p.first(), zone)
	from.At = from.Earliest
	return outage.Phase{
		ID: "eve", Behaviour: outage.AcceptAndQueue, BounceBy: "recipient", Fate: []string{"unknown"}, Basis: "derived", Confidence: "low",
		Title:     inBoth(func(w *words.Words) string { return w.T("discovery.title.eve") }),
		ForSender: inBoth(func(w *words.Words) string { return w.T("discovery.sender.eve") }),
		Hold:      outage.Hold{Until: whole(p.first().Add(provider.FallbackGiveUp), zone), Known: true, Sources: []string{sourceKey}},
		From:      from, To: to, Sources: []string{sourceKey},
	}
}

// slug is a domain in the letters that ids have.
func slug(s string) string {
	s = strings.Trim(notInIDs.ReplaceAllString(strings.ToLower(s), "-"), "-")
	return strings.Trim(s[:min(len(s), longestName)], "-")
}

var notInIDs = regexp.MustCompile(`[^a-z0-9]+`)

// zoneName is the zone's name where a catalogue can hold it.
func zoneName(zone *time.Location) string {
	if name := zone.String(); name != "Local" && name != "" {
		if _, err := time.LoadLocation(name); err == nil {
			return name
		}
	}
	return "UTC"
}

// enough is from how many addresses on a phase is told with some confidence.
const enough = 5

// phase describes one cut.
func (p *proposal) phase(i int, zone *time.Location) outage.Phase {
	c := &p.cuts[i]
	ph := looks[c.kind].phase
	ph.Title = inBoth(func(w *words.Words) string { return w.T("discovery.title." + looks[c.kind].word) })
	ph.ForSender = inBoth(func(w *words.Words) string { return w.T("discovery.sender." + looks[c.kind].word) })
	ph.Fate = slices.Clone(ph.Fate)
	ph.Basis, ph.Confidence, ph.Sources = "derived", "low", []string{sourceKey}
	addresses, checks := map[string]bool{}, 0
	for i := range c.signs {
		if s := &c.signs[i]; !s.isCheck() {
			addresses[s.address] = true
		} else if s.kind == c.kind {
			checks++
		}
	}
	if len(addresses)+checks >= enough {
		ph.Confidence = "medium"
	}
	n := len(addresses)
	ph.Note = inBoth(func(w *words.Words) string {
		var parts []string
		if n > 0 {
			parts = append(parts, w.N("discovery.note", n))
		}
		if checks > 0 {
			parts = append(parts, w.N("discovery.note-checks", checks))
		}
		return strings.Join(parts, " ")
	})
	for _, code := range c.codes() {
		ph.Replies = append(ph.Replies, outage.Reply{Code: code})
	}
	if back := c.back(); c.kind == late && !back.IsZero() {
		ph.Hold = outage.Hold{Until: whole(back, zone), Known: true, Sources: []string{sourceKey}}
	}
	ph.From, ph.To = p.start(i, zone), p.end(i, zone)
	return ph
}

// looks say what the phases of each kind are in a catalogue.
var looks = [kinds]struct {
	word  string
	phase outage.Phase
}{
	late:      {"late", outage.Phase{ID: "accept-queue", Behaviour: outage.AcceptAndQueue, BounceBy: "recipient", Fate: []string{"delivered-late", "bounced-by-recipient"}}},
	noAnswer:  {"no-answer", outage.Phase{ID: "refuse", Behaviour: outage.RefuseConnection, BounceBy: "sender", Fate: []string{"bounced-by-sender", "delivered-on-retry"}}},
	temporary: {"temporary", outage.Phase{ID: "not-now", Behaviour: outage.RejectTemporarySome, BounceBy: "sender", Fate: []string{"delivered-on-retry", "bounced-by-sender"}}},
	permanent: {"permanent", outage.Phase{ID: "false-refusals", Behaviour: outage.RejectPermanentFalse, BounceBy: "sender", Fate: []string{"bounced-by-sender"}}},
}

// longestGuess is how far before the first failure an outage may have begun, where no message of those hours tells.
const longestGuess = 24 * time.Hour

// start is the boundary at which a phase begins: after the last sign of the one before, up to the first of its own. The first
// begins after the last message that went through.
func (p *proposal) start(i int, zone *time.Location) outage.Boundary {
	first := p.cuts[i].span().first
	if i > 0 {
		return boundary(p.cuts[i-1].span().last, first, zone)
	}
	first = p.first()
	earliest := first.Add(-longestGuess)
	if after := p.before.Add(time.Second); after.After(earliest) && !after.After(first) {
		earliest = after
	}
	b := boundary(earliest, first, zone)
	b.At = b.Latest
	return b
}

// end is the boundary at which a phase ends; open while nothing tells that mail goes through again.
func (p *proposal) end(i int, zone *time.Location) outage.Boundary {
	if i+1 < len(p.cuts) {
		return p.start(i+1, zone)
	}
	last, after := p.last().Add(time.Second), p.after
	if after.IsZero() {
		if p.until.Sub(last) < around {
			return outage.Boundary{}
		}
		after = last.Add(around)
	}
	b := boundary(last, after, zone)
	b.At = b.Earliest
	return b
}

// boundary lies between two instants, nobody knows where: it is put in the middle.
func boundary(earliest, latest time.Time, zone *time.Location) outage.Boundary {
	b := outage.Boundary{Precision: outage.Bound, Earliest: whole(earliest, zone), Latest: whole(latest, zone), Sources: []string{sourceKey}}
	if b.Latest.Before(b.Earliest) {
		b.Latest = b.Earliest
	}
	b.At = whole(b.Earliest.Add(b.Latest.Sub(b.Earliest)/2), zone)
	return b
}

// whole gives an instant as catalogues hold it: in whole seconds, by the clocks of the zone.
func whole(t time.Time, zone *time.Location) time.Time { return t.Truncate(time.Second).In(zone) }
