package queue

import (
	"fmt"
	"math/rand"
	"reflect"
	"testing"
	"time"
)

// printed is one of n messages, the first of them called by a number; they arrive an hour apart from an instant on.
func printed(source string, made time.Time, first, n int, since time.Time) Listing {
	l := Listing{Source: source, Taken: made}
	for i := range n {
		l.Entries = append(l.Entries, Entry{ID: fmt.Sprintf("%s%d", source[:1], first+i), Recipient: "a@libero.it", Arrived: since.Add(time.Duration(i) * time.Hour)})
	}
	return l
}

func TestNewest(t *testing.T) {
	day := 24 * time.Hour
	start := taken.Add(-5 * day)
	// before is so many hours before the first of two listings that lie two days apart.
	before := func(hours int) time.Time { return taken.Add(-2*day - time.Duration(hours)*time.Hour) }
	for name, tc := range map[string]struct {
		list   []Listing
		newest string
		trends []Trend
	}{
		"one": {[]Listing{printed("a1", taken, 0, 3, start)}, "[a1]", nil},
		"it grew": {
			[]Listing{printed("a1", taken.Add(-2*day), 0, 3, before(3)), printed("a2", taken, 0, 13, before(3))},
			"[a2]",
			[]Trend{{taken.Add(-2 * day), taken, 3, 13, 5}},
		},
		"given the other way round": {
			[]Listing{printed("a2", taken, 0, 13, before(3)), printed("a1", taken.Add(-2*day), 0, 3, before(3))},
			"[a2]",
			[]Trend{{taken.Add(-2 * day), taken, 3, 13, 5}},
		},
		"it shrank": {
			[]Listing{printed("a1", taken.Add(-12*time.Hour), 0, 10, start), printed("a2", taken, 4, 6, start.Add(4*time.Hour))},
			"[a2]",
			[]Trend{{taken.Add(-12 * time.Hour), taken, 10, 6, -8}},
		},
		"it is empty now": {
			[]Listing{printed("a1", taken.Add(-day), 0, 10, start), {Source: "a2", Taken: taken}},
			"[a2]",
			[]Trend{{taken.Add(-day), taken, 10, 0, -10}},
		},
		"three of one server": {
			[]Listing{printed("a1", taken.Add(-2*day), 0, 2, before(2)), printed("a2", taken.Add(-day), 0, 9, before(2)), printed("a3", taken, 0, 4, before(2))},
			"[a3]",
			[]Trend{{taken.Add(-2 * day), taken, 2, 4, 1}},
		},
		"two servers":                 {[]Listing{printed("a1", taken.Add(-day), 0, 3, start), printed("b1", taken, 0, 3, start)}, "[a1 b1]", nil},
		"the same file twice":         {[]Listing{printed("a1", taken, 0, 3, start), printed("a1", taken, 0, 3, start)}, "[a1]", nil},
		"two servers at one time":     {[]Listing{printed("a1", taken, 0, 3, taken.Add(-3*time.Hour)), printed("b1", taken, 0, 3, taken.Add(-3*time.Hour))}, "[a1 b1]", nil},
		"files copied years later":    {[]Listing{printed("a1", taken.Add(900*day), 0, 25, start), printed("a2", taken.Add(900*day), 0, 49, start)}, "[a2]", []Trend{{start.Add(day), start.Add(2 * day), 25, 49, 24}}},
		"files of one time":           {[]Listing{printed("a1", taken, 0, 25, start), printed("a2", taken, 0, 49, start)}, "[a2]", []Trend{{start.Add(day), start.Add(2 * day), 25, 49, 24}}},
		"two recipients of a message": {[]Listing{{Source: "a1", Taken: taken.Add(-day)}, {Source: "a2", Taken: taken, Entries: []Entry{{ID: "1", Recipient: "a@x", Arrived: taken}, {ID: "1", Recipient: "b@x", Arrived: taken}}}}, "[a2]", []Trend{{taken.Add(-day), taken, 0, 1, 1}}},
	} {
		newest, trends := Newest(tc.list)
		var sources []string
		for _, l := range newest {
			sources = append(sources, l.Source)
		}
		if fmt.Sprint(sources) != tc.newest || !same(trends, tc.trends) {
			t.Errorf("%s: newest %v, trends %+v, want %s, %+v", name, sources, trends, tc.newest, tc.trends)
		}
		rand.New(rand.NewSource(1)).Shuffle(len(tc.list), func(i, j int) { tc.list[i], tc.list[j] = tc.list[j], tc.list[i] })
		if again, _ := Newest(tc.list); !reflect.DeepEqual(again, newest) {
			t.Errorf("%s: the order in which they are given changes the result", name)
		}
	}
}

func same(x, y []Trend) bool {
	if len(x) != len(y) {
		return false
	}
	for i := range x {
		if !x[i].From.Equal(y[i].From) || !x[i].To.Equal(y[i].To) || x[i].Before != y[i].Before || x[i].After != y[i].After || x[i].PerDay != y[i].PerDay {
			return false
		}
	}
	return true
}
