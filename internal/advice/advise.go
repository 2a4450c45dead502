package advice

import (
	"sort"
	"strings"
	"time"

	"rimbalzo/internal/bounce"
	"rimbalzo/internal/outage"
	"rimbalzo/internal/provider"
)

// advisor holds one run's indexes. It lives as long as Advise does, or is kept up to date by an [Advisor].
type advisor struct {
	ev           Evidence
	messages     []*message
	inSent       int                  // how many of them, the first ones, are in Sent; these are in order of time
	byID         map[string]*message  // the last of each id; the others hang on it
	bySecond     map[int64][]*message // those that only reports tell of, by the second of sending
	byRecipient  map[string]*addressed
	own          map[string]int  // the person's addresses, and how often he wrote from them
	ownDomains   map[string]bool // their domains
	ownIDDomains map[string]bool // right-hand sides of the message ids that his programs write
	ownHosts     map[string]bool // hosts and addresses from which his own mail set out
	ownReporters map[string]bool // organisations whose servers report on what he sent
	heard        map[string]bool // who wrote to the person up to the moment
	sentTimes    []time.Time     // of the messages in Sent, ascending
	notYours     []Note
	said         saidWords
	history      map[string]*history
	alive        []string // see living
	habits       habits
	services     map[string]provider.Sender // by the domain of message ids
	classes      map[string]class           // what refusals mean by their words: most are said again and again
	outages      map[string][]*outage.Outage
	earliest     time.Time // the oldest thing found in the folders where bounces arrive
	learned      learned   // what habits were learned from
	trail        trail     // what an Advisor has to know of the course of the reading
}

// Advise gives the advice for all evidence. It is a pure function: the same evidence in any order gives the same advice.
func Advise(ev Evidence) Result {
	a := read(ev)
	r := Result{NotYours: a.notYours}
	list := a.list()
	r.Items = make([]Item, len(list))
	touched := touches{}
	for i, t := range list {
		touched.add(a.item(t, &r.Items[i]), &r.Items[i])
	}
	r.Outages = touched.list(a.ev.Catalogue)
	return r
}

// read lays out all evidence, up to where single threads can be judged.
func read(ev Evidence) *advisor {
	a := &advisor{
		ev: ev, byID: make(map[string]*message, len(ev.Sent)), bySecond: map[int64][]*message{}, byRecipient: make(map[string]*addressed, len(ev.Sent)/8), own: map[string]int{},
		ownDomains: map[string]bool{}, ownIDDomains: map[string]bool{}, ownHosts: map[string]bool{}, ownReporters: map[string]bool{},
		heard: map[string]bool{}, said: saidWords{}, history: map[string]*history{}, services: map[string]provider.Sender{}, classes: map[string]class{}, outages: map[string][]*outage.Outage{},
	}
	if a.ev.Zone == nil {
		a.ev.Zone = time.UTC
	}
	for _, account := range ev.Accounts {
		a.addOwn(account)
	}
	for i := range ev.Said {
		a.said.add(&ev.Said[i])
	}
	for i := range ev.Incoming {
		if in := &ev.Incoming[i]; !in.At.After(ev.At) {
			a.heard[key(in.From)] = true
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
	sort.SliceStable(a.notYours, func(i, j int) bool { return a.notYours[i].Source < a.notYours[j].Source })
	return a
}

func (a *advisor) addOwn(address string) {
	a.own[key(address)]++
	a.ownDomains[domainOf(address)] = true
}

// takeReports hands every report to the threads it speaks of.
func (a *advisor) takeReports() {
	reports := a.reports()
	a.learnReporters(reports)
	var strangers []*Reported
	for _, rep := range reports {
		a.noteEarliest(a.arrival(rep))
		if m, loose := a.find(rep); m != nil {
			a.attach(m, rep, loose)
			a.learnHosts(rep)
			if !a.isKnown(rep) {
				a.trail.loosely(a, rep)
			}
		} else {
			strangers = append(strangers, rep)
		}
	}
	for _, rep := range strangers {
		a.trail.stranger(a, rep)
		a.takeStranger(rep)
	}
}

// reports gives the reports up to the moment, each once, in an order that the order of reading does not change: by when they
// were written.
func (a *advisor) reports() []*Reported {
	reports := make([]*Reported, 0, len(a.ev.Reports))
	for i := range a.ev.Reports {
		if rep := &a.ev.Reports[i]; !a.arrival(rep).After(a.ev.At) {
			reports = append(reports, rep)
		}
	}
	sort.SliceStable(reports, func(i, j int) bool { return a.reportBefore(reports[i], reports[j]) })
	seen := make(map[string]bool, len(reports))
	kept := reports[:0]
	for _, rep := range reports {
		if id := rep.identity(); !seen[id] {
			seen[id] = true
			kept = append(kept, rep)
		}
	}
	a.trail.seen = seen
	if len(kept) > 0 {
		a.trail.last = kept[len(kept)-1]
	}
	return kept
}

func (a *advisor) reportBefore(x, y *Reported) bool {
	if s, u := a.reportTime(x), a.reportTime(y); !s.Equal(u) {
		return s.Before(u)
	}
	if s, u := a.arrival(x), a.arrival(y); !s.Equal(u) {
		return s.Before(u)
	}
	return x.Source < y.Source
}

// identity is what two readings of one report share: the same bounce may lie in two folders, or have been fetched twice.
func (rep *Reported) identity() string {
	r := &rep.Report
	var b strings.Builder
	for _, s := range []string{string(r.Kind), r.BouncedAt.String(), r.ReportedBy.Host, rep.Traits.MessageID, rep.Traits.From, r.Original.MessageID, r.Original.SentAt.String(), r.Original.Subject} {
		b.WriteString(s)
		b.WriteByte(0)
	}
	for i := range r.Recipients {
		rec := &r.Recipients[i]
		for _, s := range []string{rec.Address, rec.OriginalAddress, string(rec.Action), rec.Status, rec.Reply, rec.AttemptAt.String()} {
			b.WriteString(s)
			b.WriteByte(0)
		}
	}
	return b.String()
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
		if loose && m.fromSent && m.thread(rec.Address) == nil && m.thread(rec.OriginalAddress) == nil && !a.passedOnBy(m, rep.Report.ReportedBy.Host) {
			continue // the message is a guess; whom else it concerns would be another
		}
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
	froms := []string{rep.Traits.From}
	for _, r := range rep.Report.Recipients {
		froms = append(froms, r.Address, r.OriginalAddress)
	}
	p := proof{kind: kind, at: a.arrival(rep), source: rep.Source, from: key(bareFrom(rep.Traits.From))}
	for _, from := range froms {
		if t := m.thread(bareFrom(from)); t != nil {
			p.from = t.key
			t.proofs = append(t.proofs, p)
			return
		}
	}
	if t := a.answeringFor(m, p.from); t != nil {
		t.proofs = append(t.proofs, p)
	}
}

// bareFrom takes the address out of a From field.
func bareFrom(field string) string {
	if i := strings.LastIndexByte(field, '<'); i >= 0 {
		field, _, _ = strings.Cut(field[i+1:], ">")
	}
	return strings.TrimSpace(field)
}

// answeringFor finds the thread for whom an address answers that the person never wrote to: the one whose bounces named
// it, or the only recipient there is.
func (a *advisor) answeringFor(m *message, from string) *thread {
	if from == "" || a.own[key(from)] > 0 {
		return nil
	}
	for _, t := range m.recipients {
		for i := range t.events {
			if key(t.events[i].rec.Address) == key(from) {
				return t
			}
		}
	}
	// Of a message that Sent does not show there may be recipients that nothing names.
	if len(m.recipients) == 1 && m.fromSent {
		return m.recipients[0]
	}
	return nil
}

func (a *advisor) attachRecipient(t *thread, rep *Reported, rec bounce.Recipient, loose bool) {
	e := event{rep: rep, rec: rec, written: a.reportTime(rep), arrived: a.arrival(rep), loose: loose, class: a.classify(rec)}
	switch rec.Action {
	case bounce.ActionFailed, bounce.ActionDelayed:
		e.attempt = a.attemptTime(t, &e)
		t.events = append(t.events, e)
	case bounce.ActionDelivered:
		if a.byMailboxHost(t, rep, &e) {
			t.proofs = append(t.proofs, proof{kind: ProofDSN, at: e.arrived, source: rep.Source, from: t.key})
			return
		}
		t.accepted = append(t.accepted, e)
	case bounce.ActionRelayed, bounce.ActionExpanded:
		t.accepted = append(t.accepted, e)
	}
}

// byMailboxHost reports whether a success DSN comes from the server of the recipient's own operator, and not while that
// one was queuing what it accepted: others prove acceptance only (RFC 3461 section 6.2.7.2).
func (a *advisor) byMailboxHost(t *thread, rep *Reported, e *event) bool {
	d, host := domainOf(t.recipient), rep.Report.ReportedBy.Host
	if !a.sameOperator(d, host) {
		return false
	}
	if o := a.outageFor(d, e.written); o != nil {
		return !fallsIn(o, o.PhaseAt(e.written), outage.AcceptAndQueue, outage.AcceptAndHold)
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

// sortEvents puts each thread's evidence in the order of time.
func (a *advisor) sortEvents() {
	for _, m := range a.messages {
		m.sortEvents()
	}
}

func (m *message) sortEvents() {
	for _, t := range m.recipients {
		sort.SliceStable(t.events, func(i, j int) bool { return t.events[i].before(&t.events[j]) })
	}
}

func (e *event) before(o *event) bool {
	if !e.written.Equal(o.written) {
		return e.written.Before(o.written)
	}
	if !e.arrived.Equal(o.arrived) {
		return e.arrived.Before(o.arrived)
	}
	if e.rep.Source != o.rep.Source {
		return e.rep.Source < o.rep.Source
	}
	return key(e.rec.Address) < key(o.rec.Address)
}

// outageFor gives the outage that struck domain d around t: from the longest queue before its start to its end.
func (a *advisor) outageFor(d string, t time.Time) *outage.Outage {
	list, known := a.outages[d]
	if !known {
		list = a.ev.Catalogue.ByDomain(d)
		a.outages[d] = list
	}
	return a.around(list, t)
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
