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
	var room [roomFor]edge
	return o.edges(room[:0]).at(t.Unix())
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
	var room [roomFor]edge
	edges, now := o.edges(room[:0]), t.Unix()
	f := edges.at(now)
	attempt := attemptOf(code, failure)
	if attempt == noAnswer || attempt == tooSlow {
		code = 0 // it is the sender's own, not an answer
	}
	first, last := edges.window(now)
	if attempt == silent || first > last {
		return f
	}
	best, second := o.rank(attempt, code, first, last, max(edges.begun(now), first))
	if best < 0 {
		f.Unexplained = true
		return f
	}
	return Fall{Phase: best, Other: second}
}

// DisputedAt reports whether t lies inside the span of a boundary on which sources contradict each other.
func (o *Outage) DisputedAt(t time.Time) bool {
	var room [roomFor]edge
	now := t.Unix()
	for _, e := range o.edges(room[:0]) {
		if e.start.disputedAt(now) || e.end.disputedAt(now) {
			return true
		}
	}
	return false
}
