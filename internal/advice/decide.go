package advice

import (
	"time"

	"rimbalzo/internal/bounce"
	"rimbalzo/internal/outage"
)

// fate is what became of one thread, as far as can be told, copies apart.
type fate struct {
	verdict    Verdict
	cause      Cause
	proof      Proof
	when       When
	after      time.Time
	wait       time.Time
	confidence Confidence
	reasons    []Reason
	deciding   int    // index of the deciding event, -1 for none
	judged     *event // the deciding event as it was judged, with the cause that another told
}

func (f *fate) because(rule string, args ...any) {
	var m map[string]any
	if len(args) > 0 {
		m = make(map[string]any, len(args)/2)
	}
	for i := 0; i+1 < len(args); i += 2 {
		m[args[i].(string)] = args[i+1]
	}
	f.reasons = append(f.reasons, Reason{Rule: rule, Args: m})
}

// decide weighs a thread's evidence in the order of its strength: proof of delivery, the person's
// word, failure, warning, queue, silence.
func (a *advisor) decide(t *thread) *fate {
	if t.fate != nil {
		return t.fate
	}
	f := &fate{deciding: -1, confidence: unsure}
	t.fate = f
	last := t.last()
	failed := last >= 0 && t.events[last].rec.Action == actionFailed
	if last >= 0 {
		f.deciding = last
		judged := a.explained(t, last)
		f.judged = &judged
	}
	switch p := t.bestProof(); {
	case p != nil && !p.weak && failed && a.otherMember(t, p):
		a.failed(t, f, true)
	case p != nil && !p.weak:
		a.delivered(f, p, failed)
	case a.bySaid(t, f, failed):
	case failed:
		a.failed(t, f, a.isList(t))
	case t.queued != nil:
		f.verdict, f.confidence, f.deciding, f.judged = Wait, certain, -1, nil
		f.because("queued", "Reason", t.queued.Reason)
	case last >= 0:
		a.delayed(t, f)
	default:
		a.silent(t, f)
		if p != nil {
			f.because("reply-in-thread", "Time", p.at)
		}
	}
	return f
}

// otherMember reports whether somebody else than the one who failed has answered: the address stands for both.
func (a *advisor) otherMember(t *thread, p *proof) bool {
	failing := key(t.events[t.last()].rec.Address)
	return p.from != "" && p.from != t.key && failing != "" && failing != t.key && p.from != failing
}

// last is the index of the event that counts: the last failure, else the last warning. A warning that comes after a
// failure is another server's, still trying for somebody behind the same address; the failure stands.
func (t *thread) last() int {
	warning := -1
	for i := len(t.events) - 1; i >= 0; i-- {
		if t.events[i].rec.Action == actionFailed {
			return i
		}
		if warning < 0 {
			warning = i
		}
	}
	return warning
}

// bestProof is the strongest proof of delivery: strong before weak, early before late.
func (t *thread) bestProof() *proof {
	var best *proof
	for i := range t.proofs {
		if p := &t.proofs[i]; best == nil || p.before(best) {
			best = p
		}
	}
	return best
}

func (p *proof) before(o *proof) bool {
	switch {
	case p.weak != o.weak:
		return o.weak
	case !p.at.Equal(o.at):
		return p.at.Before(o.at)
	case p.kind != o.kind:
		return p.kind < o.kind
	}
	return p.from < o.from
}

func (a *advisor) delivered(f *fate, p *proof, failed bool) {
	f.verdict, f.proof, f.confidence = Delivered, p.kind, certain
	f.because("proof-"+string(p.kind), "Time", p.at)
	if failed {
		// It reached somebody and failed for somebody: a forwarding, or a list.
		f.confidence = likely
		f.because("proof-against-bounce")
	}
}

// delayed judges a thread of which only warnings tell.
func (a *advisor) delayed(t *thread, f *fate) {
	e, term := f.judged, a.giveUp(t)
	f.proof = ProofWarning
	f.cause = CauseUnknown
	if o, fall := a.fallOf(t, e); o != nil && likelyPhase(fall) >= 0 {
		f.cause = CauseOutage
	}
	f.because("warned", "Time", e.written, "Host", e.rep.Report.ReportedBy.Host)
	if a.ev.At.Before(term.until.Add(expiryGrace)) {
		a.wait(f, term)
		if term.rule == "said" && !e.loose && a.ev.At.Before(term.until) {
			f.confidence = certain
		}
		return
	}
	f.cause = ""
	f.because("term-over", "Time", term.until)
	if a.bounceWouldBeSeen(t) {
		f.verdict, f.proof, f.confidence = Delivered, ProofSilence, likely
		f.because("expiry-would-be-told")
		return
	}
	f.verdict, f.confidence = Check, unsure
	f.because("bounce-may-be-unseen")
}

// wait is the verdict while somebody's server may still hold the message. The end of the trying is told, and once it is past,
// until when word of it may take.
func (a *advisor) wait(f *fate, term term) {
	f.verdict, f.confidence, f.wait = Wait, likely, term.until
	f.because("wait-until-"+term.rule, "Time", term.until, "Service", term.name)
	if !a.ev.At.Before(term.until) {
		f.wait = term.until.Add(expiryGrace)
	}
}

// expiryGrace is how long after the give-up time the notice of it may take: queue runs are up to an hour or so apart, Exim's six.
const expiryGrace = 7 * time.Hour

// failed judges a thread whose last word is a failure. list says that the address stands for several people.
func (a *advisor) failed(t *thread, f *fate, list bool) {
	e := f.judged
	f.proof, f.confidence = ProofBounce, certain
	o, fall := a.fallOf(t, e)
	if e.loose || e.rep.Report.Confidence == unsure {
		f.confidence = likely
	}
	switch {
	case e.rec.MaybeDelivered:
		f.verdict, f.cause, f.confidence = Check, CauseUnknown, unsure
		f.because("lost-after-data")
	case t.ambiguous:
		f.verdict, f.cause, f.confidence = Check, CauseUnknown, unsure
		f.because("one-of-several", "Address", e.rec.Address)
	case list:
		f.verdict, f.cause, f.confidence = Check, CauseUnknown, likely
		f.because("list-member", "Address", e.rec.Address)
	default:
		a.failedByClass(t, f, e, o, fall)
	}
	a.quote(t, f, e)
	if f.verdict == Resend {
		a.whenToResend(t, f, e)
	}
}

// quote adds what the bounce says, in words for its kind.
func (a *advisor) quote(t *thread, f *fate, e *event) {
	at := e.attempt
	switch {
	case a.byRecipientSide(t, e):
		f.because("bounce-by-provider", "Host", e.rep.Report.ReportedBy.Host, "Time", at)
	case e.borrowed:
		f.because("bounce-cause-told-before", "Time", e.written)
	case e.rec.Reply != "" && e.rec.ReplyCode > 0:
		f.because("bounce-reply", "Code", e.rec.ReplyCode, "Time", at)
	case e.class == classConnection:
		f.because("bounce-no-connection", "Time", at)
	default:
		f.because("bounce", "Time", at)
	}
	if key(e.rec.Address) != t.key && e.rec.Address != "" {
		f.because("forwarded", "Address", e.rec.Address)
	}
}

// isList reports whether the recipient stands for several people of whom only some failed: sending again would reach the others twice.
func (a *advisor) isList(t *thread) bool {
	members := map[string]bool{}
	for i := range t.events {
		if k := key(t.events[i].rec.Address); k != "" && k != t.key {
			members[k] = true
		}
	}
	if len(members) == 0 {
		return false
	}
	if len(members) > 1 || t.msg.list {
		return true
	}
	for _, e := range t.accepted {
		if e.rec.Action == bounce.ActionExpanded {
			return true
		}
	}
	return false
}

func (a *advisor) failedByClass(t *thread, f *fate, e *event, o *outage.Outage, fall outage.Fall) {
	inPhase := o != nil && (fall.Phase >= 0 || fall.Other >= 0)
	switch e.class {
	case classSenderBlocked:
		f.verdict, f.cause = Fix, CauseSenderBlocked
		f.because("sender-blocked")
	case classPolicy:
		f.verdict, f.cause = Fix, CausePolicy
		f.because("policy")
	case classSize:
		f.verdict, f.cause = Fix, CauseSize
		f.because("too-large")
	case classMailboxFull:
		a.mailboxFull(f, o, fall)
	case classAddress:
		a.unknownAddress(t, f, e, o, fall)
	case classNoMailDomain:
		if e.rec.ReplyCode >= 500 && a.falsePermanent(t, e) {
			a.notItsDomain(t, f, e, o, fall) // the provider's own server said so of its own domain
			return
		}
		a.noMailDomain(t, f, e, inPhase)
	case classRelay:
		a.notItsDomain(t, f, e, o, fall)
	case classRefused, classUnknown:
		a.unexplained(t, f, e, o, fall)
	default:
		a.gaveUp(f, o, fall, inPhase, e.class)
	}
}

func (a *advisor) mailboxFull(f *fate, o *outage.Outage, fall outage.Fall) {
	if fallsIn(o, fall, outage.RejectTemporarySome) {
		f.verdict, f.cause = Resend, CauseOutage
		f.because("full-in-outage", "Phase", phaseTitle(o, likelyPhase(fall)))
		return
	}
	f.verdict, f.cause = Fix, CauseMailboxFull
	f.because("mailbox-full")
}

// unknownAddress: a 550 is not always a wrong address, and not every 550 of those days is the outage.
func (a *advisor) unknownAddress(t *thread, f *fate, e *event, o *outage.Outage, fall outage.Fall) {
	h := a.historyOf(t.recipient)
	falsely := a.falselyUnknown(t, e)
	switch {
	case falsely && h.deadElsewhere():
		f.verdict, f.cause = Fix, CauseAddress
		f.confidence = likely
		f.because("unknown-elsewhere-too")
	case falsely:
		f.verdict, f.cause = Resend, CauseOutage
		f.because("false-unknown", "Phase", phaseTitle(o, likelyPhase(fall)))
		if h.alive() {
			f.because("address-alive")
		} else {
			f.confidence = likely
			f.because("look-at-spelling")
		}
		if fallsIn(o, fall, outage.RefuseUnknown) {
			f.confidence = unsure
		}
	case h.alive():
		f.verdict, f.cause, f.confidence = Check, CauseAddress, likely
		f.because("unknown-but-alive")
	default:
		f.verdict, f.cause = Fix, CauseAddress
		if o != nil && likelyPhase(fall) >= 0 {
			// A refusal that no source tells of for that time: most likely a wrong address, all the same.
			f.confidence = likely
		}
		f.because("unknown-address")
		a.hintSimilar(t, f)
	}
}

// hintSimilar names the address that was probably meant.
func (a *advisor) hintSimilar(t *thread, f *fate) {
	a.trail.asks(t)
	if meant := a.similar(t.recipient); meant != "" {
		f.because("similar-address", "Address", meant)
	}
}

// noMailDomain: of a struck domain it is part of the outage; of any other a misspelt or dead domain.
func (a *advisor) noMailDomain(t *thread, f *fate, e *event, inPhase bool) {
	switch {
	case inPhase:
		f.verdict, f.cause, f.confidence = Resend, CauseOutage, likely
		f.because("domain-in-outage")
	case a.historyOf(t.recipient).alive():
		f.verdict, f.cause, f.confidence = Check, CauseUnknown, likely
		f.because("domain-but-alive")
	default:
		f.verdict, f.cause = Fix, CauseAddress
		if saysLater(e.rec) {
			f.confidence = likely // its name servers may have been out of order
		}
		f.because("no-such-domain", "Domain", domainOf(t.recipient))
		a.hintSimilar(t, f)
	}
}

// notItsDomain: the server that answered says that it does not take mail for this domain. The struck operator's said so
// of its own domains; anybody else's means it.
func (a *advisor) notItsDomain(t *thread, f *fate, e *event, o *outage.Outage, fall outage.Fall) {
	if a.falsePermanent(t, e) {
		f.verdict, f.cause = Resend, CauseOutage
		f.because("false-domain", "Phase", phaseTitle(o, likelyPhase(fall)))
		if fallsIn(o, fall, outage.RefuseUnknown) {
			f.confidence = unsure
		}
		return
	}
	f.verdict, f.cause, f.confidence = Fix, CausePolicy, likely
	f.because("not-its-domain", "Host", e.rec.Remote)
}

// unexplained: a permanent refusal that does not say why.
func (a *advisor) unexplained(t *thread, f *fate, e *event, o *outage.Outage, fall outage.Fall) {
	switch {
	case a.falsePermanent(t, e):
		f.verdict, f.cause, f.confidence = Resend, CauseOutage, likely
		f.because("refused-in-outage", "Phase", phaseTitle(o, likelyPhase(fall)))
	case fallsIn(o, fall, outage.RefuseConnection, outage.RejectTemporarySome, outage.Reopening):
		f.verdict, f.cause, f.confidence = Resend, CauseOutage, unsure
		f.because("refused-near-outage", "Phase", phaseTitle(o, likelyPhase(fall)))
	case e.class == classUnknown:
		// It failed, and why is not told: of an address known to be good nothing speaks against sending again.
		f.verdict, f.cause, f.confidence = Check, CauseUnknown, unsure
		f.because("failed-untold")
		if a.historyOf(t.recipient).alive() {
			f.verdict = Resend
			f.because("address-alive")
		}
	default:
		f.verdict, f.cause, f.confidence = Fix, CauseUnknown, unsure
		f.because("refused-untold")
	}
}

// gaveUp: no answer, a "later" that never came, or an expiry: it was not delivered and will not be.
func (a *advisor) gaveUp(f *fate, o *outage.Outage, fall outage.Fall, inPhase bool, c class) {
	f.verdict = Resend
	if !inPhase {
		f.cause, f.confidence = CauseUnknown, likely
		f.because("gave-up-outside")
		return
	}
	f.cause = CauseOutage
	switch {
	case fallsIn(o, fall, outage.AcceptAndQueue, outage.AcceptAndHold):
		f.because("provider-gave-up", "Phase", phaseTitle(o, likelyPhase(fall)))
	case fall.Unexplained:
		f.confidence = likely
		f.because("unexplained-in-phase", "Phase", phaseTitle(o, likelyPhase(fall)))
	case c == classConnection && !fallsIn(o, fall, outage.RejectTemporarySome, outage.NormalDegraded, outage.Reopening):
		f.because("refused-in-phase", "Phase", phaseTitle(o, likelyPhase(fall)))
	default:
		f.because("gave-up-in-phase", "Phase", phaseTitle(o, likelyPhase(fall)))
	}
}
