package session

import (
	"cmp"
	"slices"
	"sort"
	"strings"
	"time"

	"rimbalzo/internal/probe"
	"rimbalzo/internal/watch"
)

// Sight is what was seen of a service for a while, from the least telling to the worst.
type Sight int8

// The sights. What was not looked at is not known to have worked.
const (
	NotLooked Sight = iota // the computer was off or asleep, or the watcher did not run
	Offline                // this computer itself was not on the internet
	Works
	Refused // logins were refused, and nobody knows that the provider was the reason
	Partly  // some looks passed, or it asked to come back later
	Broken
)

// Stretch is a time in which one thing was seen.
type Stretch struct {
	From, To time.Time
	Sight    Sight
	// Worked is the part of it in which the service worked, from 0 to 1; it counts for Works, Partly and Broken alone.
	Worked float64
	Mixed  bool // it stands for several short ones, of which Sight is the worst
}

// Series is what was seen of one direction of an account; Account is "" for what belongs to none.
type Series struct {
	Operator, Account string
	Direction         probe.Direction
	looks             []watch.Seen
	sums              []watch.Sum
	troubles          troubles
}

type seriesKey struct {
	operator, account string
	direction         probe.Direction
}

// Series sorts what was seen by account and direction; order within each is by time.
func (p Past) Series() []Series {
	of := map[seriesKey]*Series{}
	var first time.Time
	get := func(k seriesKey) *Series {
		s := of[k]
		if s == nil {
			s = &Series{Operator: k.operator, Account: k.account, Direction: k.direction, troubles: p.troubles(k.operator)}
			of[k] = s
		}
		return s
	}
	for _, l := range p.Looks {
		if l.Direction == "" {
			continue
		}
		if first.IsZero() || l.At.Before(first) {
			first = l.At
		}
		s := get(seriesKey{l.Operator, l.Account, l.Direction})
		s.looks = append(s.looks, l)
	}
	for _, sum := range p.Sums {
		d := directionOf(sum.Endpoint)
		if d == "" || !first.IsZero() && sum.Hour.Add(time.Hour).After(first) {
			continue // single looks tell more
		}
		s := get(seriesKey{sum.Operator, sum.Account, d})
		s.sums = append(s.sums, sum)
	}
	list := make([]Series, 0, len(of))
	for _, s := range of {
		slices.SortStableFunc(s.looks, func(a, b watch.Seen) int { return a.At.Compare(b.At) })
		slices.SortStableFunc(s.sums, func(a, b watch.Sum) int { return a.Hour.Compare(b.Hour) })
		s.sums = sameHour(s.sums)
		list = append(list, *s)
	}
	slices.SortFunc(list, func(a, b Series) int {
		return cmp.Or(strings.Compare(a.Account, b.Account), cmp.Compare(place(a.Direction), place(b.Direction)), strings.Compare(a.Operator, b.Operator))
	})
	return list
}

// sameHour adds up the sums of several endpoints in one hour.
func sameHour(list []watch.Sum) []watch.Sum {
	kept := list[:0]
	for _, s := range list {
		n := len(kept)
		if n == 0 || !kept[n-1].Hour.Equal(s.Hour) {
			kept = append(kept, s)
			continue
		}
		k := &kept[n-1]
		k.Pass, k.Busy, k.Refusal, k.Failure, k.Took = k.Pass+s.Pass, k.Busy+s.Busy, k.Refusal+s.Refusal, k.Failure+s.Failure, k.Took+s.Took
	}
	return kept
}

// directions are in the order in which people ask for them.
var directions = []probe.Direction{probe.Receive, probe.Send, probe.Web, probe.Accept}

func place(d probe.Direction) int {
	if i := slices.Index(directions, d); i >= 0 {
		return i
	}
	return len(directions)
}

// directionOf gives the direction of an endpoint's key such as "imap imapmail.libero.it:993".
func directionOf(endpoint string) probe.Direction {
	kind, _, _ := strings.Cut(endpoint, " ")
	return probe.Kind(kind).Direction()
}

// How long a look speaks for the time after it, where no other follows: a little more than the watcher's own longest pause
// (package watch, endpoint.go and pace.go). After that nobody looked.
const (
	reachOften   = 40 * time.Minute // what is read: kept connections every 12 minutes, others every 25
	reachSeldom  = 75 * time.Minute // sending and the taking in of mail, and everything in trouble: up to 70 minutes
	reachRefused = 9 * time.Hour    // a refused login is tried again after up to 8 hours

	// beforeGap is which part of that a look speaks for where nobody looked afterwards: the computer may have gone to sleep at
	// any moment since.
	beforeGap = 4
)

func reach(l watch.Seen, s Sight) time.Duration {
	switch {
	case s == Refused:
		return reachRefused
	case s == Works && (l.Direction == probe.Receive || l.Direction == probe.Web):
		return reachOften
	}
	return reachSeldom
}

// troubles are the incidents of one operator, by their beginning: a login that is refused within one of them is its doing.
type troubles []watch.Incident

func (p Past) troubles(operator string) (list troubles) {
	for _, i := range p.Incidents {
		if i.Operator == operator {
			list = append(list, i)
		}
	}
	return list
}

func (t troubles) at(when time.Time) bool {
	return slices.ContainsFunc(t, func(i watch.Incident) bool {
		return !when.Before(i.Begin) && (i.Open() || when.Before(i.End))
	})
}

// sight says what one look means; false for one that tells nothing.
func (t troubles) sight(l watch.Seen) (Sight, bool) {
	if l.Line != watch.LineUp {
		return Offline, true
	}
	var sum watch.Sum // the one place where the meaning of an ending is decided
	sum.Add(l)
	switch {
	case sum.Pass > 0:
		return Works, true
	case sum.Busy > 0:
		return Partly, true
	case sum.Failure > 0, sum.Refusal > 0 && t.at(l.At):
		return Broken, true
	case sum.Refusal > 0:
		return Refused, true
	}
	return NotLooked, l.Look == watch.LookLine // the line is back; of the provider nothing is known yet
}

// telling is a look that tells something, with what it tells.
type telling struct {
	watch.Seen
	sight Sight
}

func (t troubles) telling(looks []watch.Seen) []telling {
	list := make([]telling, 0, len(looks))
	for _, l := range looks {
		if sight, tells := t.sight(l); tells {
			list = append(list, telling{l, sight})
		}
	}
	return list
}

// hour says what the sum of an hour means, and which part of it worked.
func (t troubles) hour(s watch.Sum) (Sight, float64) {
	bad := s.Failure + s.Busy
	if s.Refusal > 0 && t.at(s.Hour.Add(30*time.Minute)) {
		bad += s.Refusal
	}
	switch {
	case s.Pass+bad == 0 && s.Refusal > 0:
		return Refused, 0
	case s.Pass+bad == 0:
		return NotLooked, 0
	case bad == 0:
		return Works, 1
	case s.Pass+s.Busy == 0:
		return Broken, 0
	}
	return Partly, float64(s.Pass) / float64(s.Pass+bad)
}

// Stretches lays out what was seen from an instant to another without a gap: what nobody looked at is a stretch, too.
func (s Series) Stretches(from, to time.Time) []Stretch {
	t := s.troubles
	b := stretches{from: from, to: to, end: from}
	// What ended before, or begins after, tells nothing of this time; a year of looks need not be gone through for a day.
	sums := s.sums[sort.Search(len(s.sums), func(i int) bool { return s.sums[i].Hour.Add(time.Hour).After(from) }):]
	looks := s.looks[sort.Search(len(s.looks), func(i int) bool { return s.looks[i].At.Add(reachRefused).After(from) }):]
	// The first one after it tells whether the last within it was followed by another.
	looks = looks[:min(len(looks), 1+sort.Search(len(looks), func(i int) bool { return looks[i].At.After(to) }))]
	for _, sum := range sums {
		sight, worked := t.hour(sum)
		b.add(Stretch{From: sum.Hour, To: sum.Hour.Add(time.Hour), Sight: sight, Worked: worked})
	}
	told := t.telling(looks)
	for i, l := range told {
		long := reach(l.Seen, l.sight)
		end := l.At.Add(long)
		switch {
		case i+1 == len(told):
		case told[i+1].At.After(end):
			end = l.At.Add(long / beforeGap)
		default:
			end = told[i+1].At
		}
		one := Stretch{From: l.At, To: end, Sight: l.sight}
		if l.sight == Works {
			one.Worked = 1
		}
		b.add(one)
	}
	b.add(Stretch{From: to, To: to})
	return b.list
}

// stretches puts stretches side by side, in the order of time.
type stretches struct {
	from, to, end time.Time
	list          []Stretch
}

func (b *stretches) add(s Stretch) {
	if s.From.Before(b.end) {
		s.From = b.end
	}
	if s.To.After(b.to) {
		s.To = b.to
	}
	if s.From.After(b.end) && b.end.Before(b.to) {
		gap := Stretch{From: b.end, To: s.From}
		if gap.To.After(b.to) {
			gap.To = b.to
		}
		b.put(gap)
	}
	if s.From.Before(s.To) {
		b.put(s)
	}
}

// put joins a stretch to one before it that says the same.
func (b *stretches) put(s Stretch) {
	b.end = s.To
	if n := len(b.list); n > 0 {
		if last := &b.list[n-1]; last.Sight == s.Sight && last.Worked == s.Worked && last.To.Equal(s.From) {
			last.To = s.To
			return
		}
	}
	b.list = append(b.list, s)
}

// Together says what several accounts' stretches of the same time come to: where some saw it work and others not, it worked
// in part. All lists reach from the same instant to the same.
func Together(lists [][]Stretch) []Stretch {
	if len(lists) == 0 {
		return nil
	}
	if len(lists) == 1 {
		return lists[0]
	}
	var cuts []time.Time
	for _, l := range lists {
		for _, s := range l {
			cuts = append(cuts, s.From, s.To)
		}
	}
	slices.SortFunc(cuts, time.Time.Compare)
	cuts = slices.CompactFunc(cuts, time.Time.Equal)
	if len(cuts) < 2 {
		return nil
	}
	at := make([]int, len(lists))
	b := stretches{from: cuts[0], to: cuts[len(cuts)-1], end: cuts[0]}
	for i, from := range cuts[:len(cuts)-1] {
		one := Stretch{From: from, To: cuts[i+1]}
		counted := 0
		for n, l := range lists {
			for at[n] < len(l) && !l[at[n]].To.After(from) {
				at[n]++
			}
			if at[n] < len(l) {
				one.meet(l[at[n]], &counted)
			}
		}
		if counted > 1 {
			one.Worked /= float64(counted)
		}
		b.add(one)
	}
	return b.list
}

// meet takes another account's sight of the same time in.
func (s *Stretch) meet(o Stretch, counted *int) {
	decides := func(x Sight) bool { return x == Works || x == Partly || x == Broken }
	switch {
	case decides(o.Sight) && *counted > 0 && o.Sight != s.Sight:
		s.Sight = Partly
	case decides(o.Sight), *counted == 0 && o.Sight > s.Sight:
		s.Sight = o.Sight
	}
	if decides(o.Sight) {
		*counted++
		s.Worked += o.Worked
	}
}

// Readable joins neighbours that are too short to be seen, each such group under its worst, or as working in part; the others stay as they are.
func Readable(list []Stretch, least time.Duration) []Stretch {
	var out []Stretch
	for _, s := range list {
		n := len(out)
		if n == 0 || s.To.Sub(s.From) >= least || out[n-1].To.Sub(out[n-1].From) >= least {
			out = append(out, s)
			continue
		}
		last := &out[n-1]
		last.Mixed = last.Mixed || last.Sight != s.Sight
		if last.Sight != s.Sight && max(last.Sight, s.Sight) == Broken && min(last.Sight, s.Sight) >= Works {
			last.Sight = Partly
		} else {
			last.Sight = max(last.Sight, s.Sight)
		}
		last.To = s.To
	}
	return out
}
