package outage

import (
	"cmp"
	"strings"
	"time"
)

// phases reads the [[outage.phase]] tables and checks that they follow each other.
func (n *node) phases(zone *time.Location) []Phase {
	tables := n.tables("phase", maxPhases)
	if len(tables) == 0 {
		n.rd.report(n.rd.places.line(n.path), "no-phases")
		return nil
	}
	phases := make([]Phase, 0, len(tables))
	first := map[string]int{}
	for _, t := range tables {
		p := t.phase(zone)
		if at, twice := first[p.ID]; twice && p.ID != "" {
			t.wrong("id", "duplicate-id", "Value", p.ID, "First", at)
		}
		first[p.ID] = t.line("id")
		phases = append(phases, p)
	}
	for i := 1; i < len(phases); i++ {
		// A phase without an end lasts until the next one begins.
		if _, given := tables[i-1].table["to"]; !given {
			phases[i-1].To = phases[i].From
		}
		tables[i].follows(phases[i-1], phases[i])
	}
	return phases
}

// phase reads one [[outage.phase]].
func (n *node) phase(zone *time.Location) Phase {
	n.need("title", `title = { it = "…", en = "…" }`)
	n.need("behaviour", `behaviour = "refuse-connection"`)
	p := Phase{
		ID: n.id("refuse"), Title: n.text("title"),
		From: n.start(zone), To: n.boundary("to", zone),
		Behaviour: Behaviour(n.word("behaviour", behaviours...)),
		BounceBy:  cmp.Or(n.word("bounce_by", "sender", "recipient", "either", "none"), "either"),
		Hold:      n.hold(zone),
		Fate:      n.fates(),
		ForSender: n.text("for_sender"), ForOwner: n.text("for_owner"),
		Confidence: n.word("confidence", "high", "medium", "low"),
		Basis:      n.word("basis", "official", "press", "postmaster", "derived"),
		Note:       n.text("note"),
		Sources:    n.citations(),
	}
	for _, t := range n.tables("replies", maxList) {
		p.Replies = append(p.Replies, t.reply())
	}
	p.LocalState = n.statuses("local_status")
	n.inTime(p.From, p.To)
	n.done()
	return p
}

// behaviours is the vocabulary of Phase.Behaviour.
var behaviours = []string{
	string(AcceptAndQueue), string(AcceptAndHold), string(RefuseConnection), string(RejectPermanentFalse),
	string(RejectTemporarySome), string(RefuseUnknown), string(Reopening), string(NormalDegraded), string(AccessDown),
}

// fates is what became of the mail; unknown where nobody wrote it.
func (n *node) fates() []string {
	fates := n.strs("fate")
	if len(fates) == 0 {
		return []string{"unknown"}
	}
	for _, f := range fates {
		switch f {
		case "delivered", "delivered-late", "delivered-on-retry", "bounced-by-sender", "bounced-by-recipient", "unknown":
		default:
			n.wrong("fate", "unknown-value", "Value", f,
				"Known", "delivered, delivered-late, delivered-on-retry, bounced-by-sender, bounced-by-recipient, unknown")
		}
	}
	return fates
}

func (n *node) hold(zone *time.Location) Hold {
	t := n.sub("hold")
	if t == nil {
		return Hold{}
	}
	until := inZone(t.instant("until"), zone)
	h := Hold{Until: until, Known: !until.IsZero(), Sources: t.citations()}
	t.done()
	return h
}

func (n *node) reply() Reply {
	r := Reply{Enhanced: n.statuses("enhanced")}
	if n.need("code", "code = 550") {
		code, ok := n.table["code"].(int64)
		if !ok || code < 200 || code > 599 {
			n.wrong("code", "bad-code")
		}
		r.Code = int(min(max(code, 0), 599))
	}
	n.get("code")
	for _, text := range n.strs("texts") {
		r.Texts = append(r.Texts, strings.ToLower(text))
	}
	n.done()
	return r
}

// statuses is a list of enhanced status codes.
func (n *node) statuses(key string) []string {
	list := n.strs(key)
	for _, s := range list {
		if !statusShape.MatchString(s) {
			n.wrong(key, "bad-status", "Value", s)
		}
	}
	return list
}

// start is the boundary "from", which must be there.
func (n *node) start(zone *time.Location) Boundary {
	n.need("from", "from = 2023-01-23T16:00:00+01:00")
	return n.boundary("from", zone)
}

// boundary reads a boundary: a table, or a bare time, which is exact. An absent one is open.
// "About" without earliest and latest is an hour to either side, as people mean it who say "about four".
func (n *node) boundary(key string, zone *time.Location) Boundary {
	v := n.get(key)
	if v == nil {
		return Boundary{}
	}
	if _, table := v.(map[string]any); !table {
		at := inZone(n.asInstant(key, v), zone)
		return Boundary{At: at, Earliest: at, Latest: at, Precision: Exact}
	}
	t := &node{rd: n.rd, path: child(n.path, key), table: v.(map[string]any)}
	t.need("at", "at = 2023-01-23T16:00:00+01:00")
	before := len(n.rd.problems)
	b := Boundary{
		At:        inZone(t.instant("at"), zone),
		Precision: Precision(t.word("precision", string(Exact), string(About), string(Bound))),
		Earliest:  inZone(t.instant("earliest"), zone),
		Latest:    inZone(t.instant("latest"), zone),
		Disputed:  t.flag("disputed"),
		Sources:   t.citations(),
	}
	t.done()
	b.complete()
	if len(n.rd.problems) == before && !b.Open() {
		t.inSpan(b)
	}
	return b
}

// complete fills in what was not written.
func (b *Boundary) complete() {
	if b.Precision == "" {
		b.Precision = Exact
		if !b.Earliest.IsZero() || !b.Latest.IsZero() {
			b.Precision = About
		}
	}
	if b.Open() {
		return
	}
	margin := time.Duration(0)
	if b.Precision == About {
		margin = time.Hour
	}
	if b.Earliest.IsZero() {
		b.Earliest = b.At.Add(-margin)
	}
	if b.Latest.IsZero() {
		b.Latest = b.At.Add(margin)
	}
}

// inSpan reports a boundary whose times contradict each other.
func (n *node) inSpan(b Boundary) {
	switch {
	case b.Earliest.After(b.Latest):
		n.wrong("earliest", "earliest-after-latest")
	case b.At.Before(b.Earliest) || b.At.After(b.Latest):
		n.wrong("at", "at-outside-span")
	case b.Precision == Exact && !b.Earliest.Equal(b.Latest):
		n.wrong("precision", "exact-with-span")
	}
}

// inTime reports an end that comes before its start.
func (n *node) inTime(from, to Boundary) {
	if !from.Open() && !to.Open() && to.At.Before(from.At) {
		n.wrong("to", "to-before-from")
	}
}

// follows reports a phase that begins before the one written above it, or overlaps it by more than their spans allow.
func (n *node) follows(above, p Phase) {
	switch {
	case above.From.Open() || p.From.Open():
	case p.From.At.Before(above.From.At):
		n.wrong("from", "phases-out-of-order", "Phase", p.ID, "Above", above.ID)
	case !above.To.Open() && p.From.Latest.Before(above.To.Earliest):
		n.wrong("from", "phases-overlap", "Phase", p.ID, "Above", above.ID)
	}
}
