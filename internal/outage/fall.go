package outage

import "time"

// Fall says where an instant falls in an outage. Phase and Other are indexes of Outage.Phases, -1 for none.
//
// Other is a second phase that the sources allow as well, because the instant lies inside the span of a boundary.
// Before and After say that the likeliest reading puts the instant outside the outage; with Other set they are not sure.
// Without Phase, Before and After the instant lies in a pause between two phases.
type Fall struct {
	Phase, Other  int
	Before, After bool
	// Unexplained is true when no phase that the instant may belong to explains how the attempt ended.
	Unexplained bool
}

// PhaseAt says which phase t falls in, by the clock alone: the likeliest by the boundaries' At, and the other one while t
// is inside a boundary's span (DESIGN.md, "Which phase a bounce falls in", rule 3).
func (o *Outage) PhaseAt(t time.Time) Fall {
	f := Fall{Phase: -1, Other: -1}
	edges := o.edges()
	if len(edges) == 0 {
		return f
	}
	f.Phase = likeliest(edges, t)
	if f.Phase < 0 {
		f.Before = t.Before(edges[0].start.At)
		f.After = !f.Before && !edges[len(edges)-1].end.Open() && !t.Before(edges[len(edges)-1].end.At)
	}
	first, last := window(edges, t)
	f.Other = neighbour(edges, t, f.Phase, first, last)
	return f
}

// PhaseFor says which phase an attempt at t falls in, given how it ended: code is the SMTP reply code or 0, failure the
// ending ("reply", "refused", "timeout", "unreachable", "dns", "tls", "expired" or ""). Inside a boundary's span the
// reply decides; where it cannot, both phases are kept; an ending that no phase explains is kept and flagged (rules 3, 4).
//
// Explaining comes in two strengths (see Phase.explains): a phase that consists in this ending beats one in which it
// merely happened too. That is how a 452 of 30 January 2023 is judged: the end of partial-452 was never published, only
// that it lies between 28 January and 3 February; aftermath lists the 452 among its replies, partial-452 is that 452.
// So partial-452 is the likeliest and aftermath the other, whatever the clock alone would say.
func (o *Outage) PhaseFor(t time.Time, code int, failure string) Fall {
	f := o.PhaseAt(t)
	attempt := attemptOf(code, failure)
	edges := o.edges()
	first, last := window(edges, t)
	if attempt == silent || first > last {
		return f
	}
	best, second := o.rank(attempt, code, first, last, max(f.Phase, first))
	if best < 0 {
		f.Unexplained = true
		return f
	}
	return Fall{Phase: best, Other: second}
}

// DisputedAt reports whether t lies inside the span of a boundary on which sources contradict each other.
func (o *Outage) DisputedAt(t time.Time) bool {
	for _, e := range o.edges() {
		for _, b := range []Boundary{e.start, e.end} {
			if b.Disputed && !t.Before(b.Earliest) && t.Before(b.Latest) {
				return true
			}
		}
	}
	return false
}

// edge is a phase's start and end; where two phases touch, the end of one and the start of the next are one boundary
// with the span of both.
type edge struct{ start, end Boundary }

func (o *Outage) edges() []edge {
	edges := make([]edge, len(o.Phases))
	for i := range o.Phases {
		edges[i] = edge{start: spanned(o.Phases[i].From), end: spanned(o.Phases[i].To)}
		if i == 0 {
			continue
		}
		before := &edges[i-1]
		if before.end.Open() || !before.end.At.Before(edges[i].start.At) {
			shared := joined(before.end, edges[i].start)
			before.end, edges[i].start = shared, shared
		}
	}
	return edges
}

// spanned gives a boundary without a stated span the span of an instant.
func spanned(b Boundary) Boundary {
	if b.Earliest.IsZero() {
		b.Earliest = b.At
	}
	if b.Latest.IsZero() {
		b.Latest = b.At
	}
	return b
}

// joined is the boundary between two phases that touch: it lies where the later phase says, in the span of both.
func joined(end, start Boundary) Boundary {
	if end.Open() {
		return start
	}
	if end.Earliest.Before(start.Earliest) {
		start.Earliest = end.Earliest
	}
	if end.Latest.After(start.Latest) {
		start.Latest = end.Latest
	}
	start.Disputed = start.Disputed || end.Disputed
	return start
}

// likeliest is the phase that holds t by the boundaries' At, or -1.
func likeliest(edges []edge, t time.Time) int {
	for i := len(edges) - 1; i >= 0; i-- {
		if !t.Before(edges[i].start.At) {
			if edges[i].end.Open() || t.Before(edges[i].end.At) {
				return i
			}
			return -1
		}
	}
	return -1
}

// window is the first and the last phase that t may belong to, first > last where there is none. Both only grow with t,
// which is what makes the look-ups monotone.
func window(edges []edge, t time.Time) (first, last int) {
	first, last = len(edges), -1
	for i := range edges {
		if first == len(edges) && (edges[i].end.Open() || t.Before(edges[i].end.Latest)) {
			first = i
		}
		if !t.Before(edges[i].start.Earliest) {
			last = i
		}
	}
	return first, last
}

// neighbour is the other phase of the window: the one whose boundary with phase is nearest to t, or -1.
func neighbour(edges []edge, t time.Time, phase, first, last int) int {
	if first > last {
		return -1
	}
	if phase < 0 {
		return nearest(edges, t, first, last)
	}
	earlier, later := phase > first, phase < last
	switch {
	case earlier && later:
		if t.Sub(edges[phase].start.At) <= edges[phase].end.At.Sub(t) {
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

// nearest is the phase of the window that a t outside all of them is nearest to.
func nearest(edges []edge, t time.Time, first, last int) int {
	if t.Before(edges[first].start.At) || first == last {
		return first
	}
	if t.Sub(edges[first].end.At) <= edges[last].start.At.Sub(t) {
		return first
	}
	return last
}
