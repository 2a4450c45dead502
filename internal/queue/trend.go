package queue

import (
	"slices"
	"strings"
	"time"
)

// Listing is what one server printed of its queue at one time.
type Listing struct {
	Source  string
	Taken   time.Time
	Entries []Entry
}

// Trend is how a queue grew, or shrank, from its first listing to its last.
type Trend struct {
	From, To      time.Time
	Before, After int     // messages in the queue
	PerDay        float64 // how many more a day; negative where the queue shrinks
}

// Bounds of listings that are compared: nearer ones tell nothing, farther ones are two stories.
const (
	leastApart = 5 * time.Minute
	mostApart  = 60 * 24 * time.Hour
)

// Newest puts listings of one server together and gives, for each server, its newest one, in the order of their times, and how
// each queue of which there are several listings grew. What stands in an older listing alone has left the queue.
func Newest(listings []Listing) (newest []Listing, trends []Trend) {
	list := slices.Clone(listings)
	sameTime := map[time.Time]int{}
	for i := range list {
		sameTime[list[i].Taken.UTC()]++
	}
	for i := range list {
		list[i].Taken = madeAt(&list[i], sameTime[list[i].Taken.UTC()] > 1)
	}
	slices.SortStableFunc(list, func(x, y Listing) int {
		if c := x.Taken.Compare(y.Taken); c != 0 {
			return c
		}
		return strings.Compare(x.Source, y.Source)
	})
	var series [][]Listing
	for _, l := range list {
		i := slices.IndexFunc(series, func(s []Listing) bool { return follows(&s[len(s)-1], &l) })
		if i < 0 {
			series = append(series, []Listing{l})
		} else {
			series[i] = append(series[i], l)
		}
	}
	for _, s := range series {
		newest = append(newest, s[len(s)-1])
		if t, ok := trendOf(&s[0], &s[len(s)-1]); ok {
			trends = append(trends, t)
		}
	}
	return newest, trends
}

// madeAt is when a listing was made: as it was said to be, and where that is doubtful, since another one claims the same time or
// everything in it is far older, as in files that were copied, the time of the last message that it holds.
func madeAt(l *Listing, doubtful bool) time.Time {
	var last time.Time
	for i := range l.Entries {
		if at := l.Entries[i].Arrived; at.After(last) {
			last = at
		}
	}
	if !last.IsZero() && last.Before(l.Taken) && (doubtful || l.Taken.Sub(last) > mostApart) {
		return last
	}
	return l.Taken
}

// follows reports whether later is another listing of the same queue: whatever in it is older than the first listing was in
// that one already.
func follows(first, later *Listing) bool {
	if d := later.Taken.Sub(first.Taken); d < 0 || d > mostApart {
		return false
	}
	had := map[string]bool{}
	for i := range first.Entries {
		had[first.Entries[i].name()] = true
	}
	shared := false
	for i := range later.Entries {
		e := &later.Entries[i]
		if had[e.name()] {
			shared = true
		} else if e.Arrived.Before(first.Taken.Add(-leastApart)) {
			return false
		}
	}
	// Two that share nothing may be two servers' all the same, unless one is empty.
	return shared || len(first.Entries) == 0 || len(later.Entries) == 0 || later.Taken.Sub(first.Taken) >= leastApart
}

// name is what one message and recipient is known by in a queue.
func (e *Entry) name() string { return e.ID + "\x00" + strings.ToLower(e.Recipient) }

func trendOf(first, last *Listing) (Trend, bool) {
	apart := last.Taken.Sub(first.Taken)
	if apart < leastApart {
		return Trend{}, false
	}
	t := Trend{From: first.Taken, To: last.Taken, Before: messages(first), After: messages(last)}
	t.PerDay = float64(t.After-t.Before) / (apart.Hours() / 24)
	return t, true
}

func messages(l *Listing) int {
	ids := map[string]bool{}
	for i := range l.Entries {
		ids[l.Entries[i].ID] = true
	}
	return len(ids)
}
