package session

import (
	"cmp"
	"slices"
	"time"

	"rimbalzo/internal/watch"
)

// Availability is how one direction of an account did in a span. Only what was looked at counts, and of that neither the time
// in which this computer was offline nor logins that were refused for a reason nobody knows.
type Availability struct {
	Part    float64       // of the time that counts, in which it worked; -1 where nothing counts
	Looked  float64       // which part of the span counts, from 0 to 1
	Refused time.Duration // logins refused
	Offline time.Duration
	// Longest is the longest time without a break in the trouble that was seen; zero for none. It ends where nobody looked.
	Longest Stretch
	// Median and P95 are how long an answer took: half of them no longer, and 19 of 20 no longer.
	Median, P95 time.Duration
	Answers     int // of so many answers; before the single looks, hours' averages stand for theirs
	Bars        []Bar
}

// Bar is what was seen in one part of a span.
type Bar struct {
	From, To                        time.Time
	Works, Broken, Refused, Offline time.Duration
}

// Part is which part of the time that counts it worked; -1 where nothing counts.
func (b Bar) Part() float64 {
	if b.Works+b.Broken == 0 {
		return -1
	}
	return float64(b.Works) / float64(b.Works+b.Broken)
}

// mostBars bounds how finely a span is cut.
const mostBars = 400

// Availability adds up what was seen between the edges, which rise; between two of them there is one bar.
func (s Series) Availability(edges []time.Time) Availability {
	a := Availability{Part: -1}
	if len(edges) < 2 || len(edges) > mostBars+1 {
		return a
	}
	from, to := edges[0], edges[len(edges)-1]
	for i, e := range edges[1:] {
		a.Bars = append(a.Bars, Bar{From: edges[i], To: e})
	}
	list := s.Stretches(from, to)
	var total Bar
	at := 0
	for _, one := range list {
		total.add(one, one.From, one.To)
		for at < len(a.Bars) && !a.Bars[at].To.After(one.From) {
			at++
		}
		for i := at; i < len(a.Bars) && a.Bars[i].From.Before(one.To); i++ {
			a.Bars[i].add(one, later(one.From, a.Bars[i].From), earlier(one.To, a.Bars[i].To))
		}
	}
	a.Part, a.Refused, a.Offline = total.Part(), total.Refused, total.Offline
	if span := to.Sub(from); span > 0 {
		a.Looked = float64(total.Works+total.Broken) / float64(span)
	}
	a.Longest = longest(list)
	a.answers(s, from, to)
	return a
}

func (b *Bar) add(s Stretch, from, to time.Time) {
	d := to.Sub(from)
	switch s.Sight {
	case Works, Partly, Broken:
		works := time.Duration(float64(d) * s.Worked)
		b.Works += works
		b.Broken += d - works
	case Refused:
		b.Refused += d
	case Offline:
		b.Offline += d
	}
}

// longest gives the longest trouble among stretches that follow each other.
func longest(list []Stretch) Stretch {
	var best, now Stretch
	for _, s := range list {
		if s.Sight != Broken && (s.Sight != Partly || s.Worked > 0) {
			now = Stretch{}
			continue
		}
		if now.From.IsZero() {
			now = s
		}
		now.To, now.Sight = s.To, max(now.Sight, s.Sight)
		if now.To.Sub(now.From) > best.To.Sub(best.From) {
			best = now
		}
	}
	return best
}

// answers finds how long answers took.
func (a *Availability) answers(s Series, from, to time.Time) {
	type answer struct {
		took  time.Duration
		times int
	}
	all := make([]answer, 0, len(s.sums)+len(s.looks))
	within := func(t time.Time) bool { return !t.Before(from) && t.Before(to) }
	for _, sum := range s.sums {
		if within(sum.Hour) && sum.Pass > 0 {
			all = append(all, answer{sum.Took / time.Duration(sum.Pass), sum.Pass})
			a.Answers += sum.Pass
		}
	}
	for _, l := range s.looks {
		var one watch.Sum
		if one.Add(l); one.Pass > 0 && within(l.At) && l.Took > 0 {
			all = append(all, answer{l.Took, 1})
			a.Answers++
		}
	}
	slices.SortFunc(all, func(x, y answer) int { return cmp.Compare(x.took, y.took) })
	seen := 0
	for _, one := range all {
		seen += one.times
		if a.Median == 0 && 2*seen >= a.Answers {
			a.Median = one.took
		}
		if a.P95 == 0 && 20*seen >= 19*a.Answers {
			a.P95 = one.took
		}
	}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// Period is a span for which availability is told.
type Period string

// The periods.
const (
	LastDay   Period = "day"
	LastMonth Period = "month" // 30 days
	LastYear  Period = "year"  // 365 days
)

// Periods are all of them, the shortest first.
var Periods = []Period{LastDay, LastMonth, LastYear}

// Edges cut the period that ends with now into hours, days or weeks of the person's zone; the first and the last may be
// shorter ones.
func (p Period) Edges(now time.Time, zone *time.Location) []time.Time {
	now = now.In(zone)
	begin, step := now.Add(-24*time.Hour), func(t time.Time) time.Time { return t.Add(time.Hour) }
	next := time.Date(now.Year(), now.Month(), now.Day(), now.Hour(), 0, 0, 0, now.Location()).Add(-23 * time.Hour)
	switch p {
	case LastMonth:
		begin = now.AddDate(0, 0, -30)
		next, step = midnight(begin), func(t time.Time) time.Time { return t.AddDate(0, 0, 1) }
	case LastYear:
		begin = now.AddDate(0, 0, -365)
		next, step = midnight(begin), func(t time.Time) time.Time { return t.AddDate(0, 0, 7) }
	}
	edges := []time.Time{begin}
	for ; next.Before(now); next = step(next) {
		if next.After(begin) {
			edges = append(edges, next)
		}
	}
	return append(edges, now)
}

func midnight(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, t.Location())
}
