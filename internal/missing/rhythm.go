package missing

import (
	"slices"
	"time"
)

// rhythm is how regularly somebody writes.
type rhythm struct {
	usual   time.Duration // the median interval
	longest time.Duration
	n       int // intervals looked at
}

// What counts as a rhythm. An ordinary correspondence has none; a daily letter that rests on Sundays has one.
const (
	fewestIntervals = 6
	mostIntervals   = 60 // the newest: habits change
	shortestUsual   = 2 * time.Hour
	longestUsual    = 40 * 24 * time.Hour
	steadyShare     = 0.75
)

// rhythmOf finds a rhythm in instants of writing, ascending and each an hour or more after the last; false for none.
func rhythmOf(times []time.Time) (rhythm, bool) {
	times = times[max(0, len(times)-mostIntervals-1):]
	if len(times) <= fewestIntervals {
		return rhythm{}, false
	}
	intervals := make([]time.Duration, 0, len(times)-1)
	for i := 1; i < len(times); i++ {
		intervals = append(intervals, times[i].Sub(times[i-1]))
	}
	slices.Sort(intervals)
	r := rhythm{usual: intervals[len(intervals)/2], longest: intervals[len(intervals)-1], n: len(intervals)}
	if r.usual < shortestUsual || r.usual > longestUsual {
		return r, false
	}
	steady := 0
	for _, d := range intervals {
		if d >= r.usual/2 && d <= r.usual*8/5 {
			steady++
		}
	}
	return r, float64(steady) >= steadyShare*float64(r.n)
}

// series is what one list or correspondent wrote to the person.
type series struct {
	from  string // the address of its newest letter
	list  string
	last  int32 // its newest letter
	times []time.Time
	bulk  bool
	other bool // it is written to another address of the person's
}

// together is how close letters count as one: a service may send several at a time.
const together = time.Hour

// writers collects the regular and irregular writers, in the order of their first letters.
func (v *view) writers() []*series {
	by := map[string]*series{}
	var list []*series
	for i := range v.letters {
		l := &v.letters[i]
		if l.mine || l.junk || l.from == "" || l.at.IsZero() {
			continue
		}
		key := l.from
		if l.list != "" {
			key = listPrefix + l.list
		}
		s := by[key]
		if s == nil {
			s = &series{list: l.list}
			by[key] = s
			list = append(list, s)
		}
		s.from, s.last = l.from, int32(i)
		s.bulk = s.bulk || l.bulk
		s.other = s.other || v.elsewhere(l)
		if n := len(s.times); n == 0 || l.at.Sub(s.times[n-1]) >= together {
			s.times = append(s.times, l.at)
		}
	}
	return list
}

// elsewhere reports whether a letter went to an address of the person's that was not struck.
func (v *view) elsewhere(l *letter) bool {
	other := false
	for _, a := range l.to {
		if slices.Contains(v.mailboxes, a) {
			return false
		}
		other = other || v.own[a]
	}
	return other
}

// regular finds gaps in what comes regularly, and what has not come since.
func (v *view) regular() []Finding {
	var found []Finding
	for _, s := range v.writers() {
		if s.other || len(s.times) <= fewestIntervals {
			continue
		}
		if f, ok := v.gap(s); ok {
			found = append(found, f)
		} else if f, ok := v.struckOff(s); ok {
			found = append(found, f)
		}
	}
	return found
}
