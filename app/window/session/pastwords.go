package session

import (
	"strings"
	"time"

	"rimbalzo/internal/words"
)

// mostRows bounds how many rows of availability are shown; nobody has that many accounts.
const mostRows = 60

// AvailabilityRow is how one direction of an account did, in words.
type AvailabilityRow struct {
	Name    string // whose it is, and which direction
	Percent string
	Facts   []string // sentences: the longest break, how long answers took, how much was looked at
	Bars    []BarPiece
	Words   string // all of it, read aloud
}

// BarPiece is a bar with its words. Part is which part it worked, -1 where that is not known.
type BarPiece struct {
	Part  float64
	Sight Sight
	Words string
}

// AvailabilityRows words how everything that was watched did in a period that ends with now, and how many rows are left out.
func (e Explainer) AvailabilityRows(seen []Series, p Period, now time.Time) (rows []AvailabilityRow, more int) {
	edges := p.Edges(now, e.Zone)
	for _, s := range seen {
		if len(rows) == mostRows {
			return rows, len(seen) - len(rows)
		}
		rows = append(rows, e.availabilityRow(s, s.Availability(edges), p))
	}
	return rows, 0
}

func (e Explainer) availabilityRow(s Series, a Availability, p Period) AvailabilityRow {
	w := e.Words
	whose := Line(s.Account, MaxAddress)
	if whose == "" {
		whose = Line(s.Operator, MaxAddress)
	}
	r := AvailabilityRow{Name: w.T("outagepage.row", "Whose", whose, "Direction", w.T("watch.direction."+string(s.Direction))), Percent: w.T("outagepage.not-known")}
	if a.Part >= 0 {
		decimals := 1
		if a.Part >= 1 {
			decimals = 0
		}
		r.Percent = w.T("outagepage.percent", "Figure", e.Figure(100*a.Part, decimals))
		r.Facts = append(r.Facts, e.longestWords(a))
	}
	if a.Answers > 0 {
		r.Facts = append(r.Facts, w.T("outagepage.answers", "Median", e.Seconds(a.Median), "P95", e.Seconds(a.P95)))
	}
	r.Facts = append(r.Facts, w.T("outagepage.looked", "Figure", e.Figure(100*a.Looked, 0)))
	if a.Refused > 0 {
		r.Facts = append(r.Facts, w.T("outagepage.refused", "Length", e.Length(a.Refused)))
	}
	if a.Offline > 0 {
		r.Facts = append(r.Facts, w.T("outagepage.offline", "Length", e.Length(a.Offline)))
	}
	for _, b := range a.Bars {
		r.Bars = append(r.Bars, e.barPiece(b, p))
	}
	r.Words = strings.Join(append([]string{w.T("outagepage.row-words", "Name", r.Name, "Percent", r.Percent)}, r.Facts...), " ")
	return r
}

func (e Explainer) longestWords(a Availability) string {
	if a.Longest.From.IsZero() {
		return e.Words.T("outagepage.no-break")
	}
	return e.Words.T("outagepage.longest", "Length", e.Length(a.Longest.To.Sub(a.Longest.From)), "When", e.fromTo(a.Longest.From, a.Longest.To))
}

func (e Explainer) barPiece(b Bar, p Period) BarPiece {
	w := e.Words
	piece := BarPiece{Part: b.Part()}
	var what string
	switch {
	case b.Broken == 0 && b.Works > 0:
		piece.Sight = Works
	case b.Works == 0 && b.Broken > 0:
		piece.Sight = Broken
	case b.Works > 0:
		piece.Sight = Partly
		what = w.T("outagepage.worked-part", "Figure", e.Figure(100*piece.Part, 1), "Length", e.Length(b.Broken))
	case b.Refused > 0:
		piece.Sight = Refused
	case b.Offline > 0:
		piece.Sight = Offline
	}
	if what == "" {
		what = e.SightWords(piece.Sight)
	}
	piece.Words = sentence(w.T("outagepage.bar", "When", e.barWhen(b, p), "What", what))
	return piece
}

func (e Explainer) barWhen(b Bar, p Period) string {
	from, to := b.From.In(e.Zone), b.To.In(e.Zone)
	switch p {
	case LastDay:
		return e.fromTo(from, to)
	case LastMonth:
		return shortDay(from, e.Words)
	}
	return e.Words.T("outagepage.from-to", "From", shortDay(from, e.Words), "To", shortDay(to.Add(-time.Second), e.Words))
}

// Seconds words how long an answer took.
func (e Explainer) Seconds(d time.Duration) string {
	decimals := 2
	if d >= 10*time.Second {
		decimals = 0
	} else if d >= time.Second {
		decimals = 1
	}
	return e.Words.T("outagepage.seconds", "Figure", e.Figure(max(d.Seconds(), 0.01), decimals))
}

// PeriodWords names a period.
func PeriodWords(p Period, w *words.Words) string { return w.T("outagepage.period." + string(p)) }
