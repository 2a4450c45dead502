package advice

import (
	"time"

	"rimbalzo/internal/bounce"
	"rimbalzo/internal/outage"
)

const (
	actionFailed  = bounce.ActionFailed
	actionDelayed = bounce.ActionDelayed
)

// attemptTime is the time that decides the phase: for a bounce by the recipient's own operator when it accepted the
// message, else the last attempt (Last-Attempt-Date, else the bounce's own Date); see DESIGN.md, "Which phase a bounce falls in".
func (a *advisor) attemptTime(t *thread, e *event) time.Time {
	rep := e.rep.Report
	if a.byRecipientSide(t, e) {
		if !rep.ArrivalAt.IsZero() {
			return rep.ArrivalAt.In(a.ev.Zone)
		}
		if !t.msg.sentAt.IsZero() {
			return t.msg.at
		}
	}
	if !e.rec.AttemptAt.IsZero() {
		return e.rec.AttemptAt.In(a.ev.Zone)
	}
	if !rep.BouncedAt.IsZero() {
		return rep.BouncedAt.In(a.ev.Zone)
	}
	return e.arrived
}

// byRecipientSide reports whether the recipient's own operator wrote the bounce: it had accepted the message.
func (a *advisor) byRecipientSide(t *thread, e *event) bool {
	host := e.rep.Report.ReportedBy.Host
	if op := a.struckOperator(e.rec.Remote); op != "" && !a.ev.Directory.RunsHost(op, host) {
		// Somebody else's server was answered by the struck operator: it stands on the sender's side, also where it passes on
		// the recipient's mail.
		return false
	}
	for _, address := range []string{e.rec.Address, t.recipient} {
		if address != "" && a.sameOperator(domainOf(address), host) {
			return true
		}
	}
	return host == "" && e.rep.Report.ReportedBy.Side == bounce.SideRecipient
}

// struckOperator is the operator of an outage in the catalogue that runs a host; "" for none.
func (a *advisor) struckOperator(host string) string {
	if host == "" {
		return ""
	}
	for i := range a.ev.Catalogue.Outages {
		if op := a.ev.Catalogue.Outages[i].Operator; op != "" && a.ev.Directory.RunsHost(op, host) {
			return op
		}
	}
	return ""
}

// struck gives the outage that an event belongs to: by the domain written to, by the one behind a forwarding, or by the
// operator whose host answered.
func (a *advisor) struck(t *thread, e *event) *outage.Outage {
	for _, address := range []string{t.recipient, e.rec.Address} {
		if o := a.outageFor(domainOf(address), e.attempt); o != nil {
			return o
		}
	}
	return a.outageOfHost(e.rec.Remote, e.attempt)
}

// fallOf says which phase an event falls in; nil outage when none.
func (a *advisor) fallOf(t *thread, e *event) (*outage.Outage, outage.Fall) {
	o := a.struck(t, e)
	if o == nil {
		return nil, outage.Fall{Phase: -1, Other: -1}
	}
	byClock := o.PhaseAt(e.attempt)
	if a.byRecipientSide(t, e) {
		return o, byClock
	}
	switch e.class {
	case classSenderBlocked, classPolicy, classSize:
		// Such a refusal belongs to no phase: the clock alone says where it lies.
		return o, byClock
	}
	code, failure := e.rec.ReplyCode, string(e.rec.Failure)
	untold := e.class == classExpired || e.class == classUnknown
	if untold {
		// Who keeps trying, or has only run out of time, was refused by nobody for good: "not available" is what he met.
		code, failure = notAvailable, ""
	}
	fall := o.PhaseFor(e.attempt, code, failure)
	if !fall.Unexplained || (!untold && !e.borrowed) {
		return o, fall
	}
	if e.rec.Action == actionDelayed && e.rec.AttemptAt.IsZero() && fallsIn(o, byClock, outage.RejectPermanentFalse) && byClock.Phase > 0 {
		// A message that is still being tried was not tried yet while everybody was refused for good: its last attempt lies before.
		return o, outage.Fall{Phase: byClock.Phase - 1, Other: byClock.Phase}
	}
	// The cause is not told, or was told earlier, in a phase that may have been another.
	return o, byClock
}

// notAvailable is the reply of a server that cannot serve now (RFC 5321 section 3.8).
const notAvailable = 421

// explained gives the event with the cause that its report leaves out, where an earlier warning about the same message told
// it: Exim's expiry says no more than that its time is over. Its phase is that of its own time, or of the warning where its
// own lies in none.
func (a *advisor) explained(t *thread, i int) event {
	e := t.events[i]
	if e.class != classExpired && e.class != classUnknown {
		return e
	}
	for j := i - 1; j >= 0; j-- {
		w := &t.events[j]
		if w.rec.Action != actionDelayed || w.class == classExpired || w.class == classUnknown || key(w.rec.Address) != key(e.rec.Address) {
			continue
		}
		e.class, e.borrowed = w.class, true
		e.rec.ReplyCode, e.rec.Failure = w.rec.ReplyCode, w.rec.Failure
		if e.rec.Remote == "" {
			e.rec.Remote = w.rec.Remote
		}
		if o, f := a.fallOf(t, &e); o == nil || likelyPhase(f) < 0 {
			e.attempt = w.attempt
		}
		return e
	}
	return e
}

// behaviours gives what the servers did in the phases a fall allows, the likeliest first.
func behaviours(o *outage.Outage, f outage.Fall) []outage.Behaviour {
	var list []outage.Behaviour
	for _, i := range []int{f.Phase, f.Other} {
		if o != nil && i >= 0 && i < len(o.Phases) {
			list = append(list, o.Phases[i].Behaviour)
		}
	}
	return list
}

func fallsIn(o *outage.Outage, f outage.Fall, b ...outage.Behaviour) bool {
	for _, have := range behaviours(o, f) {
		for _, want := range b {
			if have == want {
				return true
			}
		}
	}
	return false
}

// falsePermanent reports whether an "unknown user" fell where the operator's servers said so of everybody.
func (a *advisor) falsePermanent(t *thread, e *event) bool {
	o, f := a.fallOf(t, e)
	return fallsIn(o, f, outage.RejectPermanentFalse, outage.RefuseUnknown) || (a.byRecipientSide(t, e) && fallsIn(o, f, outage.AcceptAndQueue, outage.AcceptAndHold))
}

// falselyUnknown reports whether an "unknown user" says nothing about the address: said of everybody, or a "not now" while
// some mailboxes were closed. Where nobody published how servers refused, it counts as true of an address that never wrote.
func (a *advisor) falselyUnknown(t *thread, e *event) bool {
	o, f := a.fallOf(t, e)
	switch {
	case fallsIn(o, f, outage.RejectPermanentFalse), a.byRecipientSide(t, e) && fallsIn(o, f, outage.AcceptAndQueue, outage.AcceptAndHold):
		return true
	case fallsIn(o, f, outage.RefuseUnknown):
		return a.historyOf(t.recipient).alive()
	}
	return saysLater(e.rec) && fallsIn(o, f, outage.RejectTemporarySome)
}

func phaseID(o *outage.Outage, i int) string {
	if o == nil || i < 0 || i >= len(o.Phases) {
		return ""
	}
	return o.Phases[i].ID
}

// phaseTitle names a phase for a person, in both languages; empty for none.
func phaseTitle(o *outage.Outage, i int) outage.Text {
	if o == nil || i < 0 || i >= len(o.Phases) {
		return outage.Text{}
	}
	return o.Phases[i].Title
}

// likelyPhase is the phase of a fall, or the only one it may belong to.
func likelyPhase(f outage.Fall) int {
	if f.Phase >= 0 {
		return f.Phase
	}
	return f.Other
}
