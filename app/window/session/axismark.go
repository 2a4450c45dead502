package session

import (
	"time"

	"rimbalzo/internal/outage"
	"rimbalzo/internal/words"
)

// softFrom is the width of a boundary from which on it is told as a stretch and not as a moment.
const softFrom = 90 * time.Minute

// Mark is a boundary in few words: a day and a time of day, or a span.
type Mark struct {
	Day, Clock string
	Soft       bool // nobody knows it better than to a span
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
