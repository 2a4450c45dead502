package advice

import (
	"slices"
	"sort"
	"strings"
	"time"
)

// takeReport files one more report; false where it teaches something that others depend on.
func (ad *Advisor) takeReport(rep *Reported) bool {
	a := ad.a
	if a.arrival(rep).After(a.ev.At) {
		return true
	}
	if a.trail.late || a.earliest.IsZero() || a.arrival(rep).Before(a.earliest) {
		return false
	}
	if a.trail.last != nil && !a.reportBefore(a.trail.last, rep) {
		return false
	}
	a.trail.last = rep
	id := rep.identity()
	if a.trail.seen[id] {
		return true // it is the later of two, and the first one counts
	}
	a.trail.seen[id] = true
	a.trail.sentOnly = true
	m, loose := a.find(rep)
	a.trail.sentOnly = false
	if m == nil {
		return ad.takeStranger(rep)
	}
	byID := a.isKnown(rep)
	if host := organisation(rep.Report.ReportedBy.Host); host != "" && !a.ownReporters[host] && (!byID || a.reportsFor(m, rep, loose)) {
		return false
	}
	if !ad.learnHost(rep) || !a.plainly(m, rep) {
		return false
	}
	if !byID {
		a.trail.loosely(a, rep)
	}
	return ad.attach(m, rep, loose)
}

// learnHost notes where the person's mail sets out from; false where a message was taken for somebody else's that set out
// from there, too.
func (ad *Advisor) learnHost(rep *Reported) bool {
	if via := rep.Report.Original.Received; len(via) > 0 && ad.a.trail.foreignVia[strings.ToLower(via[len(via)-1])] {
		return false
	}
	ad.a.learnHosts(rep)
	return true
}

// plainly reports whether the threads that a report speaks of are there already and no other evidence has a say in which
// they are.
func (a *advisor) plainly(m *message, rep *Reported) bool {
	if _, ok := proofKind(rep.Report.Kind); ok || !m.fromSent {
		return true
	}
	for i := range rep.Report.Recipients {
		r := &rep.Report.Recipients[i]
		known := m.thread(r.OriginalAddress) != nil || m.thread(r.Address) != nil
		if !known && (len(m.recipients) != 1 || a.hiddenRecipient(m, rep, *r)) {
			return false
		}
	}
	return true
}

// takeStranger files a report about a message that Sent does not show.
func (ad *Advisor) takeStranger(rep *Reported) bool {
	a := ad.a
	a.trail.stranger(a, rep)
	if _, ok := proofKind(rep.Report.Kind); ok {
		return ad.lives(bareFrom(rep.Traits.From), a.arrival(rep))
	}
	if len(a.ev.Queued) > 0 {
		return false // a queue's lines are filed after the strangers'
	}
	notes := len(a.notYours)
	m, loose := a.layOut(rep)
	if len(a.notYours) > notes {
		sort.SliceStable(a.notYours, func(i, j int) bool { return a.notYours[i].Source < a.notYours[j].Source })
	}
	if m == nil {
		return true
	}
	return !m.fromSent && ad.attach(m, rep, loose)
}

// attach files a report under a message, and looks at everything that the message has a say in.
func (ad *Advisor) attach(m *message, rep *Reported, loose bool) bool {
	a := ad.a
	before := m.reporters(a)
	proofs := make([]int, len(m.recipients))
	for i, t := range m.recipients {
		proofs[i] = len(t.proofs)
	}
	a.attach(m, rep, loose)
	m.sortEvents()
	switch grown := len(m.recipients) > len(proofs); {
	case grown && len(m.answers) > 0:
		return false // what a reply proves depends on who else got the message
	case grown:
		// It may have been laid out just now: then replies to it were taken before.
		for _, in := range ad.named[idKey(m.id)] {
			a.takeReplyTo(in, m)
		}
	}
	for i := range m.answers {
		// A bounce may tell whose the address is from which somebody answered.
		answer := &m.answers[i]
		to := a.answering(m, answer.in)
		switch {
		case to == answer.to:
		case answer.to != nil:
			return false
		default:
			answer.to = to
			to.proofs = append(to.proofs, replyProof(answer.in, answer.weak))
		}
	}
	return ad.learnHabits(m, rep, before) && ad.learnHistory(m, rep, proofs) && ad.touch(m)
}

// learnHabits learns from a new report what a reading would have learned; false where that changes any habit.
func (ad *Advisor) learnHabits(m *message, rep *Reported, before map[string]bool) bool {
	a, l := ad.a, &ad.a.learned
	old := a.habits
	for host := range m.reporters(a) {
		if !before[host] {
			l.count[host]++
		}
	}
	if most(l.count) != old.organisation {
		return false
	}
	own := false
	for _, t := range m.recipients {
		for i := range t.events {
			e := &t.events[i]
			if e.rep != rep || !a.ownServer(t, e) {
				continue
			}
			own = true
			was, warned := l.first[m]
			a.learnFrom(m, e, l.first)
			is, warns := l.first[m]
			if warned && is != was {
				i, _ := slices.BinarySearch(l.ages, was)
				l.ages = slices.Delete(l.ages, i, i+1)
			}
			if warns && (!warned || is != was) {
				i, _ := slices.BinarySearch(l.ages, is)
				l.ages = slices.Insert(l.ages, i, is)
			}
		}
	}
	if !own {
		return true
	}
	a.habits.warn = l.warningAge()
	a.recogniseService()
	return a.habits.organisation == old.organisation && a.habits.giveUp == old.giveUp && a.habits.said == old.said && a.habits.known == old.known &&
		a.habits.sender.ID == old.sender.ID && a.habits.longest == old.longest && a.habits.warn == old.warn
}

// learnHistory notes what the evidence that is new to a message tells of the addresses it went to; proofs are how many each
// thread had.
func (ad *Advisor) learnHistory(m *message, rep *Reported, proofs []int) bool {
	for i, t := range m.recipients {
		first := 0
		if i < len(proofs) {
			first = proofs[i]
		}
		for _, p := range t.proofs[first:] {
			if !p.weak && !ad.lives(t.recipient, p.at) {
				return false
			}
		}
	}
	for _, t := range m.recipients {
		h := ad.a.historyOf(t.recipient)
		dead := h.deadElsewhere()
		for i := range t.events {
			if e := &t.events[i]; e.rep == rep {
				ad.a.weigh(t, e, h)
			}
		}
		if h.deadElsewhere() != dead {
			ad.rejudge(t.recipient)
		}
	}
	return true
}

// lives notes a sign of life of an address; false where it cannot be told whom else it concerns.
func (ad *Advisor) lives(address string, at time.Time) bool {
	a := ad.a
	h := a.historyOf(address)
	alive, dead := h.alive(), h.deadElsewhere()
	h.wrote = append(h.wrote, at)
	if !alive {
		// Whether an "unknown user" was true may depend on whether there ever was a sign of life.
		h.unknown = nil
		for _, t := range a.threadsTo(address) {
			for i := range t.events {
				a.weigh(t, &t.events[i], h)
			}
		}
		if !ad.similarTo(key(address)) {
			return false
		}
	}
	if !alive || h.deadElsewhere() != dead {
		ad.rejudge(address)
	}
	return true
}

// similarTo takes an address among the living, and judges anew what may have been meant for it.
func (ad *Advisor) similarTo(address string) bool {
	a := ad.a
	if a.alive == nil || a.own[address] > 0 {
		return true
	}
	if len(a.alive) >= maxLookedAt {
		return false // another one is no longer looked at
	}
	i, _ := slices.BinarySearch(a.alive, address)
	a.alive = slices.Insert(a.alive, i, address)
	for t := range a.trail.asked {
		if slips(t.recipient, address) <= maxSlips {
			ad.changed[t] = true
		}
	}
	return true
}

// rejudge judges anew what a bounce tells of messages to an address.
func (ad *Advisor) rejudge(address string) {
	for _, t := range ad.a.threadsTo(address) {
		if len(t.events) > 0 {
			ad.changed[t] = true
		}
	}
}

// threadsTo gives all threads to an address.
func (a *advisor) threadsTo(address string) []*thread {
	list := a.byRecipient[key(address)]
	if list == nil {
		return nil
	}
	return append(slices.Clone(list.sent), list.other...)
}

// touch marks the threads of a message as changed, and looks for copies again where its fate has a say.
func (ad *Advisor) touch(m *message) bool {
	for _, t := range m.recipients {
		ad.changed[t] = true
		if m.fromSent {
			ad.findCopies(t, 0)
		}
	}
	return true
}

// findCopies looks again for copies of a thread, of the later ones to the same person under the same subject, whose series
// it may belong to, and of as many earlier ones as are asked for.
func (ad *Advisor) findCopies(t *thread, earlier int) {
	var same []*thread
	at := 0
	for _, other := range ad.a.byRecipient[t.key].sent {
		if other.msg.parts.base != t.msg.parts.base {
			continue
		}
		if other == t {
			at = len(same)
		}
		same = append(same, other)
	}
	for i := max(0, at-earlier); i < len(same) && i <= at+mostCopies; i++ {
		original := same[i]
		old := original.copies
		original.copies = nil
		for _, c := range old {
			c.copyOf = slices.DeleteFunc(c.copyOf, func(o *thread) bool { return o == original })
		}
		ad.a.findCopiesOf(same, i)
		if !slices.Equal(old, original.copies) {
			ad.changed[original] = true
		}
	}
}
