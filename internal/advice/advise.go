package advice

import (
	"sort"
	"time"

	"rimbalzo/internal/bounce"
	"rimbalzo/internal/outage"
)

// advisor holds one run's indexes. It lives as long as Advise does.
type advisor struct {
	ev           Evidence
	messages     []*message
	byID         map[string]*message
	byRecipient  map[string][]*thread
	own          map[string]int  // the person's addresses, and how often he wrote from them
	ownIDDomains map[string]bool // right-hand sides of the message ids that his programs write
	ownHosts     map[string]bool // hosts and addresses from which his own mail set out
	heard        map[string]bool // who wrote to the person up to the moment
	notYours     []Note
	history      map[string]*history
	habits       habits
	earliest     time.Time // the oldest thing found in the folders where bounces arrive
}

// Advise gives the advice for all evidence. It is a pure function: the same evidence in any order gives the same advice.
func Advise(ev Evidence) Result {
	a := &advisor{
		ev: ev, byID: map[string]*message{}, byRecipient: map[string][]*thread{}, own: map[string]int{},
		ownIDDomains: map[string]bool{}, ownHosts: map[string]bool{}, history: map[string]*history{}, heard: map[string]bool{},
	}
	if a.ev.Zone == nil {
		a.ev.Zone = time.UTC
	}
	for _, account := range ev.Accounts {
		a.own[key(account)]++
	}
	for i := range ev.Incoming {
		if in := &ev.Incoming[i]; !in.At.After(ev.At) {
			a.heard[in.From] = true
		}
	}
	a.buildMessages()
	a.takeReports()
	a.takeReplies()
	a.takeQueue()
	a.sortEvents()
	a.learnHabits()
	a.learnHistory()
	a.findCopies()
	return a.result()
}

// takeReports hands every report to the threads it speaks of.
func (a *advisor) takeReports() {
	reports := make([]*Reported, 0, len(a.ev.Reports))
	for i := range a.ev.Reports {
		rep := &a.ev.Reports[i]
		if at := a.arrival(rep); at.After(a.ev.At) {
			continue
		}
		reports = append(reports, rep)
	}
	// Order of arrival, and of source where two arrive together, so that the order of reading changes nothing.
	sort.SliceStable(reports, func(i, j int) bool {
		x, y := a.arrival(reports[i]), a.arrival(reports[j])
		if !x.Equal(y) {
			return x.Before(y)
		}
		return reports[i].Source < reports[j].Source
	})
	var strangers []*Reported
	for _, rep := range reports {
		a.noteEarliest(a.arrival(rep))
		if m, loose := a.find(rep); m != nil {
			a.attach(m, rep, loose)
			a.learnHosts(rep)
		} else {
			strangers = append(strangers, rep)
		}
	}
	for _, rep := range strangers {
		a.takeStranger(rep)
	}
}

func (a *advisor) noteEarliest(t time.Time) {
	if !t.IsZero() && (a.earliest.IsZero() || t.Before(a.earliest)) {
		a.earliest = t
	}
}

// attach files what a report says under the threads of m.
func (a *advisor) attach(m *message, rep *Reported, loose bool) {
	m.list = m.list || rep.Report.ListMail
	if kind, ok := proofKind(rep.Report.Kind); ok {
		a.attachProof(m, rep, kind)
		return
	}
	for _, rec := range rep.Report.Recipients {
		for _, t := range a.threadsFor(m, rep, rec) {
			a.attachRecipient(t, rep, rec, loose)
		}
	}
}

func proofKind(k bounce.Kind) (Proof, bool) {
	switch k {
	case bounce.KindReadReceipt:
		return ProofReceipt, true
	case bounce.KindAutoReply:
		return ProofVacation, true
	}
	return "", false
}

// attachProof files a receipt or an automatic answer: it speaks for the recipient who sent it.
func (a *advisor) attachProof(m *message, rep *Reported, kind Proof) {
	p := proof{kind: kind, at: a.arrival(rep), source: rep.Source}
	froms := []string{rep.Traits.From}
	for _, r := range rep.Report.Recipients {
		froms = append(froms, r.Address, r.OriginalAddress)
	}
	for _, from := range froms {
		if t := m.thread(from); t != nil {
			t.proofs = append(t.proofs, p)
			return
		}
	}
	if t := a.answeringFor(m, froms[0]); t != nil {
		t.proofs = append(t.proofs, p)
	}
}

// answeringFor finds the thread for whom an address answers that the person never wrote to: the one whose bounces named
// it, or the only recipient there is.
func (a *advisor) answeringFor(m *message, from string) *thread {
	for _, t := range m.recipients {
		for _, e := range t.events {
			if key(e.rec.Address) == key(from) && from != "" {
				return t
			}
		}
	}
	if len(m.recipients) == 1 && a.own[key(from)] == 0 {
		return m.recipients[0]
	}
	return nil
}

func (a *advisor) attachRecipient(t *thread, rep *Reported, rec bounce.Recipient, loose bool) {
	e := event{rep: rep, rec: rec, arrived: a.arrival(rep), loose: loose, class: classify(rec)}
	switch rec.Action {
	case bounce.ActionFailed, bounce.ActionDelayed:
		e.attempt = a.attemptTime(t, e)
		t.events = append(t.events, e)
	case bounce.ActionDelivered:
		if a.byMailboxHost(t, rep) {
			t.proofs = append(t.proofs, proof{kind: ProofDSN, at: e.arrived, source: rep.Source})
			return
		}
		t.accepted = append(t.accepted, e)
	case bounce.ActionRelayed, bounce.ActionExpanded:
		t.accepted = append(t.accepted, e)
	}
}

// byMailboxHost reports whether a success DSN comes from the server of the recipient's own operator, and not while that
// one was queuing what it accepted: others prove acceptance only (RFC 3461 section 6.2.7.2).
func (a *advisor) byMailboxHost(t *thread, rep *Reported) bool {
	d, host := domainOf(t.recipient), rep.Report.ReportedBy.Host
	if !a.sameOperator(d, host) {
		return false
	}
	if o := a.outageFor(d, t.msg.at); o != nil {
		f := o.PhaseAt(t.msg.at)
		for _, i := range []int{f.Phase, f.Other} {
			if i >= 0 && o.Phases[i].Behaviour.AcceptLike() {
				return false
			}
		}
	}
	return true
}

// sameOperator reports whether host belongs to whoever runs domain d.
func (a *advisor) sameOperator(d, host string) bool {
	if host == "" {
		return false
	}
	if op, ok := a.ev.Directory.OperatorOf(d); ok {
		return a.ev.Directory.RunsHost(op.ID, host)
	}
	return hostUnder(host, d)
}

// sortEvents puts each thread's evidence in the order of time and drops what was said twice by the same report.
func (a *advisor) sortEvents() {
	for _, m := range a.messages {
		for _, t := range m.recipients {
			sort.SliceStable(t.events, func(i, j int) bool { return t.events[i].before(t.events[j]) })
			t.events = distinct(t.events)
		}
	}
}

func (e event) before(o event) bool {
	x, y := e.rep.Report.BouncedAt.At, o.rep.Report.BouncedAt.At
	if !x.Equal(y) {
		return x.Before(y)
	}
	if !e.arrived.Equal(o.arrived) {
		return e.arrived.Before(o.arrived)
	}
	return e.rep.Source < o.rep.Source
}

// distinct keeps one of each report: the same bounce may lie in two folders.
func distinct(events []event) []event {
	kept := events[:0]
	for _, e := range events {
		if n := len(kept); n > 0 && e.sameAs(kept[n-1]) {
			continue
		}
		kept = append(kept, e)
	}
	return kept
}

func (e event) sameAs(o event) bool {
	x, y := e.rec, o.rec
	return e.rep.Report.BouncedAt == o.rep.Report.BouncedAt && x == y && e.rep.Report.ReportedBy == o.rep.Report.ReportedBy
}

// outageFor gives the outage that struck domain d around t: from the longest queue before its start to its end.
func (a *advisor) outageFor(d string, t time.Time) *outage.Outage {
	return a.around(a.ev.Catalogue.ByDomain(d), t)
}

// outageOfHost gives the outage around t of the operator who runs a mail server: behind a forwarding the address written
// to is nobody's that was struck, and the host that answered tells.
func (a *advisor) outageOfHost(host string, t time.Time) *outage.Outage {
	if host == "" {
		return nil
	}
	var list []*outage.Outage
	for i := range a.ev.Catalogue.Outages {
		if o := &a.ev.Catalogue.Outages[i]; a.ev.Directory.RunsHost(o.Operator, host) {
			list = append(list, o)
		}
	}
	return a.around(list, t)
}

func (a *advisor) around(list []*outage.Outage, t time.Time) *outage.Outage {
	var found *outage.Outage
	for _, o := range list {
		if a.ev.Outage != "" && o.ID != a.ev.Outage {
			continue
		}
		from, to := o.Start.Earliest, o.End.Latest
		if t.Before(from.Add(-longestQueue)) || (!to.IsZero() && t.After(to)) {
			continue
		}
		// Two outages may overlap with the queue time before one: the one that holds the instant wins.
		if found == nil || !t.Before(from) {
			found = o
		}
	}
	return found
}
