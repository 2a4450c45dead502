package advice

import (
	"slices"
	"sort"
	"strings"
	"time"

	"rimbalzo/internal/outage"
)

// list gives the threads that advice is given for, in the order of sending.
func (a *advisor) list() []*thread {
	var list []*thread
	for _, m := range a.messages {
		for _, t := range m.recipients {
			if a.wanted(t) {
				list = append(list, t)
			}
		}
	}
	sort.SliceStable(list, func(i, j int) bool { return a.less(list[i], list[j]) })
	return list
}

func (a *advisor) less(x, y *thread) bool {
	s, u := x.msg.sentAt.In(a.ev.Zone), y.msg.sentAt.In(a.ev.Zone)
	if !s.Equal(u) {
		return s.Before(u)
	}
	if c := strings.Compare(x.msg.id, y.msg.id); c != 0 {
		return c < 0
	}
	return x.recipient < y.recipient
}

// item writes the advice for a thread, and gives the outage that it belongs to.
func (a *advisor) item(t *thread, item *Item) *outage.Outage {
	f := a.withCopies(t)
	*item = Item{
		MessageID: t.msg.id, Recipient: t.recipient, Subject: t.msg.subject, SentAt: t.msg.sentAt,
		Verdict: f.verdict, Cause: f.cause, Proof: f.proof, ResendWhen: f.when, ResendAfter: f.after, WaitUntil: f.wait,
		Confidence: f.confidence, Reasons: f.reasons,
	}
	for i := range t.events {
		item.Bounces = append(item.Bounces, bounceOf(&t.events[i], i == f.deciding))
	}
	return a.place(t, f, item)
}

func bounceOf(e *event, deciding bool) Bounce {
	return Bounce{
		Source: e.rep.Source, Address: e.rec.Address, Action: e.rec.Action, Failure: e.rec.Failure, ReplyCode: e.rec.ReplyCode,
		Status: e.rec.Status, Reply: e.rec.Reply, AttemptAt: e.rec.AttemptAt, BouncedAt: e.rep.Report.BouncedAt,
		RetryUntil: e.rec.RetryUntil, ReportedBy: e.rep.Report.ReportedBy, Deciding: deciding, Text: e.rep.Report.Text,
	}
}

// wanted: whom the outage may have struck, whom a bounce names, and what was sent from a struck mailbox.
func (a *advisor) wanted(t *thread) bool {
	if len(t.events) > 0 {
		for i := range t.events {
			if a.ev.Outage == "" || a.struck(t, &t.events[i]) != nil {
				return true
			}
		}
		return false
	}
	if t.queued != nil {
		return true
	}
	if t.msg.at.IsZero() || !t.msg.fromSent {
		return false
	}
	if a.strickenSender(t) != nil {
		return true
	}
	o := a.outageFor(domainOf(t.recipient), t.msg.at)
	return o != nil && !t.msg.at.Before(o.Start.Earliest.Add(-a.queueTime(t)))
}

// queueTime is how long the message's sending service keeps trying.
func (a *advisor) queueTime(t *thread) time.Duration { return a.giveUp(t).until.Sub(t.msg.at) }

// place writes the outage and the phases into the item: by the deciding attempt; without one by the sending.
func (a *advisor) place(t *thread, f *fate, item *Item) *outage.Outage {
	var o *outage.Outage
	fall := outage.Fall{Phase: -1, Other: -1}
	if f.judged != nil {
		o, fall = a.fallOf(t, f.judged)
	}
	sentOutage := o
	if sentOutage == nil {
		sentOutage = a.outageFor(domainOf(t.recipient), t.msg.at)
	}
	if sentOutage == nil {
		sentOutage = a.strickenSender(t)
	}
	if sentOutage != nil && !t.msg.at.IsZero() {
		sent := sentOutage.PhaseAt(t.msg.at)
		item.SentPhase = phaseID(sentOutage, sent.Phase)
		if f.judged == nil {
			o, fall = sentOutage, sent
		}
	}
	if o == nil || (fall.Phase < 0 && fall.Other < 0) {
		item.SentPhase = ""
		return nil
	}
	item.Outage, item.Phase, item.PhaseOther = o.ID, phaseID(o, fall.Phase), phaseID(o, fall.Other)
	if item.Phase == "" {
		item.Phase, item.PhaseOther = item.PhaseOther, ""
	}
	return o
}

// touches counts, by the ids of outages, what fell in them.
type touches map[string]*touch

type touch struct {
	Touched
	items int // also those in no phase of it
}

// add counts an item into the outage it belongs to, nil for none.
func (t touches) add(o *outage.Outage, item *Item) {
	if o == nil {
		return
	}
	c := t[o.ID]
	if c == nil {
		c = &touch{Touched: Touched{Outage: o, Bounces: make([]int, len(o.Phases)), Messages: make([]int, len(o.Phases))}}
		t[o.ID] = c
	}
	c.count(item, 1)
}

// drop takes an item out again.
func (t touches) drop(item *Item) {
	if c := t[item.Outage]; c != nil && item.Outage != "" {
		c.count(item, -1)
	}
}

func (c *touch) count(item *Item, by int) {
	c.items += by
	for i := range c.Outage.Phases {
		if c.Outage.Phases[i].ID == item.Phase {
			c.Messages[i] += by
			c.Bounces[i] += by * len(item.Bounces)
		}
	}
}

// list gives the outages that something fell in, in the order of the catalogue.
func (t touches) list(c *outage.Catalogue) []Touched {
	var list []Touched
	for i := range c.Outages {
		if n := t[c.Outages[i].ID]; n != nil && n.items > 0 {
			list = append(list, Touched{Outage: n.Outage, Bounces: slices.Clone(n.Bounces), Messages: slices.Clone(n.Messages)})
		}
	}
	return list
}

// withCopies gives a thread's fate in the light of later copies: the copy's own fate carries the advice. A copy is later than
// its original, so the walk along copies of copies ends.
func (a *advisor) withCopies(t *thread) *fate {
	if t.outcome != nil {
		return t.outcome
	}
	f := a.decide(t)
	t.outcome = f
	// Of what was never in doubt, is known to have arrived, or is settled by the person's word, the copies say nothing.
	undoubted := f.proof == ProofPerson || f.proof == ProofSilence && len(t.events) == 0 && f.verdict != Check
	if undoubted || (f.verdict == Delivered && f.proof != ProofSilence) || len(t.copies) == 0 {
		return f
	}
	c := a.bestCopy(t)
	cf := a.withCopies(c)
	arrived := cf.verdict == Delivered || cf.verdict == Resent
	switch {
	case f.verdict == Wait && !arrived, f.verdict != Resend && cf.verdict == Fix, f.verdict == Delivered && cf.verdict == Resend:
		return f
	}
	again := *f
	again.verdict, again.proof, again.when, again.after, again.wait = Resent, ProofCopy, "", time.Time{}, time.Time{}
	again.confidence = weaker(f.confidence, cf.confidence)
	again.reasons = nil
	again.because("copy-sent", "Time", c.msg.at, "Subject", c.msg.subject)
	again.because("copy-" + string(cf.verdict))
	if c.msg.lacksAttachments(t.msg) {
		again.confidence = unsure
		again.because("copy-without-attachment")
	}
	for _, r := range f.reasons {
		switch r.Rule {
		case "resend-when-back", "resend-at", "look-at-spelling":
			// Hints for sending again, which has been done.
		default:
			again.reasons = append(again.reasons, r)
		}
	}
	t.outcome = &again
	return t.outcome
}

// bestCopy is the copy that counts: the first that is known to have arrived, else one under way, else the last.
func (a *advisor) bestCopy(t *thread) *thread {
	for _, want := range []Verdict{Delivered, Resent, Wait} {
		for _, c := range t.copies {
			if a.withCopies(c).verdict == want {
				return c
			}
		}
	}
	return t.copies[len(t.copies)-1]
}

// weaker gives the lesser of two confidences.
func weaker(x, y Confidence) Confidence {
	for _, c := range []Confidence{unsure, likely} {
		if x == c || y == c {
			return c
		}
	}
	return certain
}
