package missing

import (
	"time"

	"rimbalzo/internal/outage"
	"rimbalzo/internal/provider"
)

// Slack around an outage: mail written shortly before may have waited in a queue, and what is repaired is slow at first.
const (
	slackBefore = 12 * time.Hour
	slackAfter  = 24 * time.Hour
)

// window is the time in which an outage swallowed mail.
type window struct {
	outage *outage.Outage
	// from and to are the widest reading of the sources; back is when most of the mail came through again.
	from, to, back time.Time
	over           bool      // at the moment, mail comes through again
	settled        time.Time // until then a sending server may still be trying, or the provider deliver what it held
	falseRefusals  bool      // senders were told, wrongly, that addresses do not exist
	refusals       bool      // senders may have been told so: nobody published what they were told
}

// windowOf gives the window of an outage as seen at a moment; false where nothing was lost or it has not begun. One whose
// end nobody knows is not over.
func windowOf(o *outage.Outage, at time.Time) (window, bool) {
	w := window{outage: o, from: earliest(o.Start)}
	lost, open := len(o.Phases) == 0, false
	for i := range o.Phases {
		p := &o.Phases[i]
		if p.Behaviour == outage.AccessDown { // people could not log in, but their mail came in
			continue
		}
		lost = true
		if w.from.IsZero() {
			w.from = earliest(p.From)
		}
		w.to = later(w.to, latest(p.To))
		w.falseRefusals = w.falseRefusals || p.Behaviour == outage.RejectPermanentFalse
		w.refusals = w.refusals || p.Behaviour == outage.RefuseUnknown
		if p.Hold.Known {
			w.settled = later(w.settled, p.Hold.Until)
		}
		if p.Behaviour != outage.NormalDegraded && p.Behaviour != outage.Reopening {
			w.back = later(w.back, p.To.At)
			open = open || p.To.Open()
		}
	}
	if open || w.back.IsZero() {
		w.back = o.End.At
	}
	if !lost || w.from.IsZero() || !at.After(w.from) {
		return w, false
	}
	w.to = later(w.to, w.back)
	w.over = !w.back.IsZero() && !at.Before(w.back)
	w.settled = later(w.settled, w.back.Add(provider.FallbackGiveUp))
	w.from, w.to = w.from.Add(-slackBefore), w.to.Add(slackAfter)
	return w, true
}

func earliest(b outage.Boundary) time.Time {
	if !b.Earliest.IsZero() {
		return b.Earliest
	}
	return b.At
}

func latest(b outage.Boundary) time.Time { return later(b.At, b.Latest) }

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// place says where a span of time lies.
type place int

const (
	beside  place = iota // partly inside, too little to say
	outside              // certainly not in the window
	touched              // partly inside
	inside               // inside, or nearly
)

// A span of which a quarter lies in the window speaks of it; of three quarters, clearly.
const (
	someShare = 0.25
	mostShare = 0.75
)

// afterRoot is how soon after a window the first known message of a thread must follow for what it answers to be counted.
const afterRoot = 7 * 24 * time.Hour

// of places something written between two instants; a zero first one is not known.
func (w *window) of(first, last time.Time) place {
	if first.IsZero() {
		if last.Before(w.from) || last.After(w.to.Add(afterRoot)) {
			return outside
		}
		return touched
	}
	switch {
	case last.Before(w.from) || first.After(w.to):
		return outside
	case first.After(w.back.Add(slackAfter)):
		return beside // most came through by then
	}
	span := last.Sub(first)
	common := minTime(last, w.to).Sub(later(first, w.from))
	switch {
	case float64(common) >= mostShare*float64(span):
		return inside
	case float64(common) >= someShare*float64(span):
		return touched
	}
	return beside
}

func minTime(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}
