package outage

import "math"

// span is a boundary in seconds since 1970, ready for the look-ups: a mailbox asks for hundreds of thousands of instants.
type span struct {
	at, earliest, latest int64
	disputed             bool
}

// never is the end of a phase that has none.
const never = math.MaxInt64

func spanOf(b Boundary) span {
	if b.Open() {
		return span{at: never, earliest: never, latest: never}
	}
	s := span{at: b.At.Unix(), earliest: b.At.Unix(), latest: b.At.Unix(), disputed: b.Disputed}
	if !b.Earliest.IsZero() {
		s.earliest = b.Earliest.Unix()
	}
	if !b.Latest.IsZero() {
		s.latest = b.Latest.Unix()
	}
	return s
}

func (s span) disputedAt(now int64) bool { return s.disputed && now >= s.earliest && now < s.latest }

// edge is a phase's start and end. Where two phases touch, the end of one and the start of the next are one boundary: it
// lies where the later phase says, in the span of both.
type edge struct{ start, end span }

type edges []edge

// roomFor is how many phases fit without taking memory from the heap.
const roomFor = 8

// edges appends the outage's edges to a list.
func (o *Outage) edges(list edges) edges {
	for i := range o.Phases {
		list = append(list, edge{start: spanOf(o.Phases[i].From), end: spanOf(o.Phases[i].To)})
		if i == 0 || list[i-1].end.at < list[i].start.at {
			continue
		}
		before, shared := &list[i-1].end, &list[i].start
		if before.at != never {
			shared.earliest = min(shared.earliest, before.earliest)
			shared.latest = max(shared.latest, before.latest)
			shared.disputed = shared.disputed || before.disputed
		}
		*before = *shared
	}
	return list
}

// at is the look-up by the clock alone.
func (list edges) at(now int64) Fall {
	f := Fall{Phase: list.likeliest(now), Other: -1}
	if len(list) == 0 {
		return f
	}
	if f.Phase < 0 {
		f.Before = now < list[0].start.at
		f.After = !f.Before && now >= list[len(list)-1].end.at
	}
	if first, last := list.window(now); first <= last {
		f.Other = list.neighbour(now, f.Phase, first, last)
	}
	return f
}

// begun is the last phase that has begun by the boundaries' At, or -1.
func (list edges) begun(now int64) int {
	i := len(list) - 1
	for i >= 0 && now < list[i].start.at {
		i--
	}
	return i
}

// likeliest is the phase that holds the instant by the boundaries' At, or -1.
func (list edges) likeliest(now int64) int {
	if i := list.begun(now); i >= 0 && now < list[i].end.at {
		return i
	}
	return -1
}

// window is the first and the last phase that the instant may belong to, first > last where there is none. Both only grow
// with time, which is what makes the look-ups monotone.
func (list edges) window(now int64) (first, last int) {
	first, last = len(list), -1
	for i := range list {
		if first == len(list) && now < list[i].end.latest {
			first = i
		}
		if now >= list[i].start.earliest {
			last = i
		}
	}
	return first, last
}

// neighbour is the other phase of the window: the one whose boundary with phase is nearest, or -1.
func (list edges) neighbour(now int64, phase, first, last int) int {
	if phase < 0 {
		return list.nearest(now, first, last)
	}
	earlier, later := phase > first, phase < last
	switch {
	case earlier && later:
		if now-list[phase].start.at <= list[phase].end.at-now {
			return phase - 1
		}
		return phase + 1
	case earlier:
		return phase - 1
	case later:
		return phase + 1
	}
	return -1
}

// nearest is the phase of the window that an instant outside all of them is nearest to.
func (list edges) nearest(now int64, first, last int) int {
	if now < list[first].start.at || first == last {
		return first
	}
	if now-list[first].end.at <= list[last].start.at-now {
		return first
	}
	return last
}
