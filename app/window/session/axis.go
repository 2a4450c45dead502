package session

import (
	"math"
	"time"

	"rimbalzo/internal/checklist"
	"rimbalzo/internal/outage"
	"rimbalzo/internal/words"
)

// softFrom is the width of a boundary from which on it is drawn as a stretch and not as a line.
const softFrom = 90 * time.Minute

// Axis is an outage laid along the time axis, in words.
type Axis struct {
	Name, Dates string
	Segments    []Segment // one per phase
	Marks       []Mark    // one more than segments: the boundaries, in order
	// Now is the segment in which the report's moment lies, and Part how far into it, from 0 to 1; Now is -1 outside.
	Now  int
	Part float32
}

// Segment is a phase on the axis.
type Segment struct {
	ID        string
	Title     string
	Counts    string
	Behaviour outage.Behaviour
	Length    time.Duration
	Empty     bool // nothing of the person's mail fell in it
}

// Mark is a boundary on the axis: a day over a time of day, or a span.
type Mark struct {
	Day, Clock string
	Soft       bool // nobody knows it better than to a span
}

// NewAxis lays out an outage with what fell in its phases, seen from the moment at; times are shown in zone.
func NewAxis(o checklist.OutageCount, at time.Time, w *words.Words, zone *time.Location) Axis {
	a := Axis{
		Now:   -1,
		Name:  o.Outage.Name.In(w.Lang()),
		Dates: w.T("window.since", "From", w.Day(o.Outage.Start.At.In(zone))),
	}
	if end := o.Outage.End; !end.Open() {
		a.Dates = w.T("window.from-to", "From", w.Day(o.Outage.Start.At.In(zone)), "To", w.Day(end.At.In(zone)))
	}
	for i, p := range o.Outage.Phases {
		var n checklist.PhaseCount
		if i < len(o.Phases) {
			n = o.Phases[i]
		}
		length := p.To.At.Sub(p.From.At)
		if p.To.Open() {
			length = 0
		}
		a.Segments = append(a.Segments, Segment{
			ID: p.ID, Title: p.Title.In(w.Lang()), Behaviour: p.Behaviour, Length: length,
			Counts: w.N("window.messages", n.Messages) + " · " + w.N("window.bounces", n.Bounces),
		})
		if s := &a.Segments[i]; n == (checklist.PhaseCount{}) {
			s.Empty, s.Counts = true, w.T("window.none-fell")
		}
		if since := at.Sub(p.From.At); !p.To.Open() && since >= 0 && at.Before(p.To.At) {
			a.Now, a.Part = i, float32(since)/float32(p.To.At.Sub(p.From.At))
		}
		a.Marks = append(a.Marks, newMark(p.From, w, zone))
		if i == len(o.Outage.Phases)-1 {
			a.Marks = append(a.Marks, newMark(p.To, w, zone))
		}
	}
	return a
}

func newMark(b outage.Boundary, w *words.Words, zone *time.Location) Mark {
	if b.Open() {
		return Mark{Day: w.T("window.open-end"), Soft: true}
	}
	at := b.At.In(zone)
	m := Mark{Day: shortDay(at, w), Clock: w.Clock(at)}
	early, late := b.Earliest.In(zone), b.Latest.In(zone)
	switch {
	case late.Sub(early) >= softFrom:
		m.Soft = true
		m.Day, m.Clock = span(early, late, w)
	case b.Precision == outage.About:
		m.Clock = w.T("window.about", "Clock", m.Clock)
	case b.Precision == outage.Bound:
		m.Clock = w.T("window.by", "Clock", m.Clock)
	}
	return m
}

// span words a stretch: a day over two times of it, or two days over each other. A stretch that fills a day has no times.
func span(early, late time.Time, w *words.Words) (first, second string) {
	day := func(t time.Time) time.Time { return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, t.Location()) }
	end := w.Clock(late)
	last := late.Add(-time.Second) // midnight still belongs to the day that it ends
	if day(last).Equal(late.AddDate(0, 0, -1)) {
		end = "24:00"
	}
	switch {
	case !day(early).Equal(day(last)):
		return shortDay(early, w) + " –", shortDay(last, w)
	case early.Equal(day(early)) && late.Sub(early) >= 23*time.Hour+59*time.Minute:
		return shortDay(early, w), ""
	}
	return shortDay(early, w), w.Clock(early) + "–" + end
}

// shortDay is ShortTime without its clock: "26 gen".
func shortDay(t time.Time, w *words.Words) string {
	s := w.ShortTime(t)
	return s[:len(s)-len(" 15:04")]
}

// Heights shares total among the segments: each gets at least its least, the rest goes by the square root of its length, so
// that a phase of hours stays readable beside one of days. least has one height per segment.
func (a Axis) Heights(total float32, least []float32) []float32 {
	heights := make([]float32, len(a.Segments))
	rest := total
	var sum float64
	for i, s := range a.Segments {
		rest -= least[i]
		sum += weight(s.Length)
	}
	for i, s := range a.Segments {
		heights[i] = least[i]
		if sum > 0 && rest > 0 {
			heights[i] += rest * float32(weight(s.Length)/sum)
		}
	}
	return heights
}

func weight(d time.Duration) float64 { return math.Sqrt(max(0, d.Hours())) }
