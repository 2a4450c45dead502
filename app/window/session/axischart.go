package session

import (
	"strings"
	"time"

	"rimbalzo/internal/advice"
	"rimbalzo/internal/checklist"
	"rimbalzo/internal/outage"
)

// Chart is an outage, or a stretch of one's own checks, laid out along time from 0 to 1, each thing on it with its words.
type Chart struct {
	Outage   string // its id; "" for own checks alone
	Name     string
	Dates    string
	From, To time.Time
	Days     []Tick
	Now      float32 // -1 outside
	Lanes    []Lane
}

// Tick is the beginning of a day.
type Tick struct {
	At   float32
	Text string
}

// LaneKind says how a lane is drawn.
type LaneKind string

// The lanes.
const (
	LaneSaid      LaneKind = "said"      // what the provider said, as flags
	LanePhases    LaneKind = "phases"    // as the provider and the press said
	LaneBounces   LaneKind = "bounces"   // the person's own notices
	LaneIncidents LaneKind = "incidents" // troubles that this computer saw
	LaneOwn       LaneKind = "own"       // what its checks saw
)

// Lane is one line of the chart.
type Lane struct {
	Kind   LaneKind
	Name   string
	Pieces []Piece // by time
	None   string  // what is said where there is no piece
}

// Piece is one thing on a lane.
type Piece struct {
	From, To float32
	Soft     []Soft // where its edges are not sharp
	Label    string // short
	Words    string // all of it, as a screen reader would say it
	Phase    string // the phase whose messages Enter shows; "" for none
	// What decides the drawing, by kind of lane.
	Behaviour      outage.Behaviour
	Sight          Sight
	Mixed          bool
	Kept           string // "yes", "no", ""
	Failed, Warned int    // notices
	// What Enter tells beside the words.
	Sources []Citation // of a statement
	Mail    []string   // the messages that notices are about, a line each
	More    int        // how many more notices there are, about other messages
	items   []*advice.Item
}

// Soft is a span in which an edge lies, nobody knows where.
type Soft struct {
	From, To float32
	Disputed bool // sources contradict each other
}

// Bounds of a chart, against catalogues and mailboxes of any size.
const (
	mostPieces = 400
	mostDays   = 12
	// lateBounces is how long after an outage its notices come: senders give up after seven days at the latest (qmail).
	lateBounces = 8 * 24 * time.Hour
	longestAxis = 400 * 24 * time.Hour
	bounceBins  = 160
	// brief is which part of the axis a stretch may be that is still told apart from its neighbours.
	brief = 250
)

// Chart lays out an outage: with what fell in it, what was noticed of it in the mail, and what this computer saw.
func (e Explainer) Chart(o *checklist.OutageCount, mail []Noticed, seen []Series, now time.Time) Chart {
	c := Chart{Outage: o.Outage.ID, Name: Line(o.Outage.Name.In(e.Words.Lang()), MaxSubject), Now: -1}
	c.Dates = opening(e.Between(o.Outage.Start, o.Outage.End))
	c.From, c.To = extent(&o.Outage, mail, now)
	c.Lanes = []Lane{e.saidLane(&o.Outage, &c), e.phaseLane(o, &c), e.bounceLane(mail, &c)}
	c.Lanes = append(c.Lanes, e.ownLanes(ofOutage(seen, &o.Outage), &c, now)...)
	e.finish(&c, now)
	return c
}

// OwnChart lays out what this computer saw in the last 30 days, whatever is known of outages.
func (e Explainer) OwnChart(seen []Series, now time.Time) Chart {
	c := Chart{Name: e.Words.T("outagepage.own"), From: now.AddDate(0, 0, -30), To: now, Now: -1}
	c.Dates = opening(e.Words.T("outagepage.from-to", "From", e.Words.Day(c.From.In(e.Zone)), "To", e.Words.Day(now.In(e.Zone))))
	c.Lanes = e.ownLanes(seen, &c, now)
	e.finish(&c, now)
	return c
}

func (e Explainer) finish(c *Chart, now time.Time) {
	if !now.Before(c.From) && !now.After(c.To) {
		c.Now = c.at(now)
	}
	step := 1 + int(c.To.Sub(c.From)/(24*time.Hour))/mostDays
	for t := midnight(c.From.In(e.Zone)).AddDate(0, 0, 1); t.Before(c.To); t = t.AddDate(0, 0, step) {
		c.Days = append(c.Days, Tick{c.at(t), shortDay(t, e.Words)})
	}
}

// at gives the place of an instant; what lies outside the axis stands at its end.
func (c *Chart) at(t time.Time) float32 {
	x := float64(t.Sub(c.From)) / float64(c.To.Sub(c.From))
	return float32(min(max(x, 0), 1))
}

// extent gives what the axis spans: the outage with all that its edges may be, and the notices that came late.
func extent(o *outage.Outage, mail []Noticed, now time.Time) (from, to time.Time) {
	take := func(b outage.Boundary) {
		for _, t := range []time.Time{b.Earliest, b.At, b.Latest} {
			if t.IsZero() {
				continue
			}
			if from.IsZero() || t.Before(from) {
				from = t
			}
			to = later(to, t)
		}
	}
	take(o.Start)
	take(o.End)
	for _, p := range o.Phases {
		take(p.From)
		take(p.To)
	}
	if from.IsZero() {
		from, to = now.AddDate(0, 0, -1), now
	}
	if o.End.Open() {
		to = later(to, earlier(now, to.Add(lateBounces)))
	}
	if n := len(mail); n > 0 {
		to = later(to, earlier(mail[n-1].At, to.Add(lateBounces)))
	}
	to = earlier(to, from.Add(longestAxis))
	room := max(to.Sub(from)/40, 30*time.Minute)
	return from.Add(-room), to.Add(room)
}

// Edge words a boundary with how exactly it is known.
func (e Explainer) Edge(b outage.Boundary) string {
	w := e.Words
	if b.Open() {
		return w.T("window.open-end")
	}
	when := func(t time.Time) string { return w.ShortTime(t.In(e.Zone)) }
	var text string
	switch b.Precision {
	case outage.Exact:
		text = w.T("outagepage.exactly", "Time", when(b.At))
	case outage.Bound:
		text = w.T("outagepage.no-later", "Time", when(b.At))
		if b.At.Before(b.Latest) {
			text = w.T("outagepage.perhaps", "Time", when(b.At), "Latest", when(b.Latest))
		}
	default:
		text = w.T("outagepage.about", "Time", when(b.At))
		if b.Earliest.Before(b.Latest) {
			text = w.T("outagepage.between", "About", text, "Earliest", when(b.Earliest), "Latest", when(b.Latest))
		}
	}
	if b.Disputed {
		text = w.T("outagepage.disputed", "Edge", text)
	}
	return text
}

// Between words a stretch with how exactly its ends are known.
func (e Explainer) Between(from, to outage.Boundary) string {
	switch {
	case from.Open() && to.Open():
		return e.Words.T("outagepage.times-unknown")
	case from.Open():
		return e.Words.T("outagepage.until-only", "To", e.Edge(to))
	case to.Open():
		return e.Words.T("outagepage.from-only", "From", e.Edge(from))
	}
	return e.Words.T("outagepage.from-to", "From", e.Edge(from), "To", e.Edge(to))
}

// soft gives where a boundary lies, if that is a span.
func (c *Chart) soft(b outage.Boundary, list []Soft) []Soft {
	if b.Open() || b.Precision == outage.Exact || !b.Earliest.Before(b.Latest) {
		return list
	}
	return append(list, Soft{c.at(b.Earliest), c.at(b.Latest), b.Disputed})
}

func (e Explainer) phaseLane(o *checklist.OutageCount, c *Chart) Lane {
	lane := Lane{Kind: LanePhases, Name: e.Words.T("outagepage.lane.phases"), None: e.Words.T("outagepage.no-phases")}
	for i, row := range e.PhaseRows(o) {
		if i == mostPieces {
			break
		}
		p := &o.Outage.Phases[i]
		piece := Piece{From: c.at(p.From.At), To: 1, Label: row.Number + " " + row.Title, Words: row.Words, Phase: p.ID, Behaviour: p.Behaviour}
		switch {
		case !p.To.Open():
			piece.To = max(piece.From, c.at(p.To.At))
		case i+1 < len(o.Outage.Phases) && !o.Outage.Phases[i+1].From.Open():
			piece.To = max(piece.From, c.at(o.Outage.Phases[i+1].From.At))
		default:
			piece.Soft = append(piece.Soft, Soft{From: max(piece.From, 0.97), To: 1})
		}
		piece.Soft = c.soft(p.From, piece.Soft)
		piece.Soft = c.soft(p.To, piece.Soft)
		lane.Pieces = append(lane.Pieces, piece)
	}
	return lane
}

func (e Explainer) saidLane(o *outage.Outage, c *Chart) Lane {
	w := e.Words
	lane := Lane{Kind: LaneSaid, Name: w.T("outagepage.lane.said"), None: w.T("outagepage.nothing-said")}
	for _, s := range o.Statements[:min(len(o.Statements), mostPieces)] {
		if s.At.Open() {
			continue
		}
		kept := w.T("outagepage.kept.unknown")
		if s.Kept != "" {
			kept = opening(w.T("outage.kept." + s.Kept))
		}
		lane.Pieces = append(lane.Pieces, Piece{
			From: c.at(s.At.At), To: c.at(s.At.At), Soft: c.soft(s.At, nil), Kept: s.Kept,
			Words:   w.T("outagepage.statement", "When", opening(e.Edge(s.At)), "Text", Lines(s.Text.In(w.Lang()), maxOwn), "Kept", kept),
			Sources: e.citations(s.Sources),
		})
	}
	return lane
}

// sentence puts parts one after the other, each with an end. Addresses and hosts stay as they are written.
func sentence(parts ...string) string {
	var list []string
	for _, p := range parts {
		if p = strings.TrimSpace(p); p == "" {
			continue
		}
		if first, _, _ := strings.Cut(p, " "); !strings.ContainsAny(strings.TrimRight(first, ".,:"), ".@") {
			p = opening(p)
		}
		if !strings.ContainsAny(p[len(p)-1:], ".!?") {
			p += "."
		}
		list = append(list, p)
	}
	return strings.Join(list, " ")
}
