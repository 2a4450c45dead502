package advice

import (
	"rimbalzo/internal/bounce"
	"rimbalzo/internal/outage"
)

const (
	certain = bounce.Certain
	likely  = bounce.Likely
	unsure  = bounce.Unsure
)

// whenToResend says when sending again has a chance, by the state that the catalogue gives the provider at the moment: of
// whichever of its outages the moment lies in.
func (a *advisor) whenToResend(t *thread, f *fate, e *event) {
	f.when = Now
	now := *e
	now.attempt = a.ev.At
	o := a.struck(t, &now)
	if o == nil {
		return
	}
	fall := o.PhaseAt(a.ev.At)
	if fallsIn(o, fall, outage.AcceptAndQueue, outage.AcceptAndHold, outage.RefuseConnection, outage.RejectPermanentFalse, outage.RefuseUnknown) {
		f.when = WhenBack
		f.because("resend-when-back")
		return
	}
	if fall.Phase < 0 {
		return
	}
	// While only some mailboxes answer, one that was put off in this very phase is likely not open yet; the others take mail again.
	p := o.Phases[fall.Phase]
	_, then := a.fallOf(t, e)
	if p.Behaviour == outage.Reopening || (p.Behaviour == outage.RejectTemporarySome && then.Phase == fall.Phase) {
		if !p.To.At.IsZero() && p.To.At.After(a.ev.At) {
			f.when, f.after = At, p.To.At
			f.because("resend-at", "Time", p.To.At)
		}
	}
}
