package advice

import (
	"time"

	"rimbalzo/internal/outage"
)

// bounceWouldBeSeen reports whether a failure notice for t, had there been one, would have been seen: the folders where
// it could lie were read, from the sending on.
func (a *advisor) bounceWouldBeSeen(t *thread) bool {
	r := a.ev.Read
	if !r.Inbox || (!r.Junk && !r.Whole) {
		return false
	}
	if !r.Since.IsZero() && r.Since.After(t.msg.at) {
		return false
	}
	// A mailbox whose oldest message is younger than the sending was emptied or begun since.
	return !a.earliest.IsZero() && a.earliest.Before(t.msg.at.Add(coverSlack))
}

// coverSlack allows for a mailbox that got no mail on the first day.
const coverSlack = 36 * time.Hour

// warnSlack is how much later than usual a warning may come: queues are looked through now and then.
const warnSlack = 2 * time.Hour

// silent judges a thread of which nothing tells.
func (a *advisor) silent(t *thread, f *fate) {
	f.proof = ProofSilence
	if o := a.strickenSender(t); o != nil {
		f.verdict, f.proof, f.confidence = Check, "", unsure
		f.because("sent-from-struck-mailbox", "Outage", o.Name)
		return
	}
	o := a.outageFor(domainOf(t.recipient), t.msg.at)
	if o == nil {
		*f = a.silentOutside(t)
		return
	}
	fall := o.PhaseAt(t.msg.at)
	readings := a.readings(t, o, fall)
	*f = readings[0]
	if len(readings) < 2 || readings[1].verdict == f.verdict {
		return
	}
	// Two readings of the same moment, two verdicts. Where sources contradict each other neither is told as known; where the
	// hour is merely unsharp the likelier one is, as far as it goes.
	f.confidence = unsure
	switch {
	case o.DisputedAt(t.msg.at):
		f.verdict, f.wait, f.reasons = Check, time.Time{}, nil
		f.because("disputed-boundary", "Phase", phaseTitle(o, fall.Phase), "Other", phaseTitle(o, fall.Other))
	case fall.Phase < 0:
		f.because("edge-of-outage", "Phase", phaseTitle(o, fall.Other))
	default:
		f.because("between-phases", "Phase", phaseTitle(o, fall.Phase), "Other", phaseTitle(o, fall.Other))
	}
}

// readings gives the verdict of silence for each phase that the moment of sending may belong to.
func (a *advisor) readings(t *thread, o *outage.Outage, fall outage.Fall) []fate {
	var list []fate
	for _, i := range []int{fall.Phase, fall.Other} {
		if i >= 0 {
			list = append(list, a.silentIn(t, &o.Phases[i]))
		}
	}
	if fall.Phase < 0 {
		list = append([]fate{a.silentOutside(t)}, list...)
	}
	return list
}

// strickenSender gives the outage that struck the mailbox from which the message was sent, at that time.
func (a *advisor) strickenSender(t *thread) *outage.Outage {
	if t.msg.from == "" || t.msg.at.IsZero() {
		return nil
	}
	o := a.outageFor(domainOf(t.msg.from), t.msg.at)
	if o == nil || t.msg.at.Before(o.Start.Earliest) {
		return nil
	}
	return o
}

// silentOutside: sent while the provider worked. Had the sender's server met trouble then, it would have warned or failed.
func (a *advisor) silentOutside(t *thread) fate {
	f := fate{deciding: -1, proof: ProofSilence, verdict: Delivered, confidence: likely}
	if !a.bounceWouldBeSeen(t) {
		f.verdict, f.confidence = Check, unsure
		f.because("bounce-may-be-unseen")
		return f
	}
	f.because("sent-while-up")
	return f
}

func (a *advisor) silentIn(t *thread, p *outage.Phase) fate {
	if p.Behaviour == outage.NormalDegraded {
		return a.silentOutside(t) // the service was open again
	}
	f := fate{deciding: -1, proof: ProofSilence, confidence: likely}
	term := a.giveUp(t)
	if p.Behaviour.AcceptLike() {
		if !p.Hold.Known || p.Hold.Until.IsZero() {
			f.verdict, f.confidence = Check, unsure
			f.because("held-without-end", "Phase", p.Title)
			return f
		}
		if p.Hold.Until.After(term.until) {
			term.until, term.rule = p.Hold.Until, "held"
		}
	} else if a.wouldHaveWarned(t, p, &f) {
		f.verdict = Delivered
		f.because("would-have-warned", "Age", a.habits.warn.Round(time.Hour))
		return f
	}
	if a.ev.At.Before(term.until.Add(expiryGrace)) {
		f.because("may-be-queued", "Phase", p.Title)
		a.wait(&f, term)
		return f
	}
	f.because("term-over", "Time", term.until)
	if !a.bounceWouldBeSeen(t) {
		f.verdict, f.confidence = Check, unsure
		f.because("bounce-may-be-unseen")
		return f
	}
	f.verdict = Delivered
	f.because("no-failure-came")
	return f
}

// wouldHaveWarned reports whether the person's server, which has warned of every other delay, is silent although the
// time for a warning is past: it holds the message no more. Not in phases in which nothing got through.
func (a *advisor) wouldHaveWarned(t *thread, p *outage.Phase, f *fate) bool {
	switch p.Behaviour {
	case outage.RefuseConnection, outage.RejectPermanentFalse, outage.RefuseUnknown:
		return false
	}
	w := a.habits.warn
	return w > 0 && a.bounceWouldBeSeen(t) && !a.ev.At.Before(t.msg.at.Add(w+warnSlack+time.Nanosecond))
}
