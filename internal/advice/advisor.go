package advice

import (
	"slices"
	"sort"
	"time"
)

// Piece is one more piece of evidence: [Reported], [Incoming], [Outgoing] or [Said].
type Piece interface{ addTo(ev *Evidence) }

func (r Reported) addTo(ev *Evidence)  { ev.Reports = append(ev.Reports, r) }
func (in Incoming) addTo(ev *Evidence) { ev.Incoming = append(ev.Incoming, in) }
func (o Outgoing) addTo(ev *Evidence)  { ev.Sent = append(ev.Sent, o) }
func (s Said) addTo(ev *Evidence)      { ev.Said = append(ev.Said, s) }

// Advisor gives the advice of [Advise] for evidence that grows. What it gives always equals Advise from scratch.
//
// It keeps the indexes of a reading and judges anew only the threads that a new piece touches: those of the message it is
// about, those to an address whose history it changes, and those whose copies it concerns. Some pieces teach something that
// any thread may depend on; then it reads everything again:
//   - a bounce that was written before others that were taken already, since what bounces that return little are about
//     depends on their order;
//   - the first bounce by a server that reports for the person, and what else shows that a message taken for somebody else's
//     may be the person's;
//   - what changes the habits of the person's service: how long it tries, when it warns, what it is;
//   - a message sent before others, or under a new address, or that a bounce which was matched by its time or address alone
//     might be about;
//   - the oldest thing in the mailbox, which says from when on silence counts.
//
// It is not safe for concurrent use.
type Advisor struct {
	ev      Evidence
	added   []Piece // not in ev yet
	waiting []Piece // added since the last Result
	a       *advisor
	list    []*thread // in the order of items
	items   []Item
	shared  bool // items were handed out
	touched touches
	changed map[*thread]bool
	named   map[string][]*Incoming // replies by the ids they name, once they were needed
	quoting time.Time              // the latest reply that names none and quotes; with named
	anew    int                    // how often everything was read
}

// NewAdvisor begins with what is known, which must not be changed any more.
func NewAdvisor(ev Evidence) *Advisor {
	// Clipped, so that what is appended later goes to copies.
	ev.Sent, ev.Reports = slices.Clip(ev.Sent), slices.Clip(ev.Reports)
	ev.Incoming, ev.Said = slices.Clip(ev.Incoming), slices.Clip(ev.Said)
	return &Advisor{ev: ev}
}

// Add takes one more piece of evidence into account, from the next Result on.
func (ad *Advisor) Add(p Piece) {
	ad.added = append(ad.added, p)
	ad.waiting = append(ad.waiting, p)
}

// Result gives the advice. It stays as it is whatever is added later.
func (ad *Advisor) Result() Result {
	if ad.a == nil || !ad.take() || !ad.judge() {
		ad.read()
	}
	ad.waiting, ad.shared = nil, true
	return Result{Items: ad.items, NotYours: slices.Clone(ad.a.notYours), Outages: ad.touched.list(ad.ev.Catalogue)}
}

// read reads everything from the beginning.
func (ad *Advisor) read() {
	for _, p := range ad.added {
		p.addTo(&ad.ev)
	}
	ad.added = nil
	ad.a = read(ad.ev)
	ad.named, ad.changed = nil, map[*thread]bool{}
	ad.list = ad.a.list()
	ad.items, ad.touched = make([]Item, len(ad.list)), touches{}
	for i, t := range ad.list {
		ad.touched.add(ad.a.item(t, &ad.items[i]), &ad.items[i])
	}
	ad.anew++
}

// take files the pieces that wait, each kind in its order. It reports whether that was all; if not, nothing is as it should
// be and everything has to be read again.
func (ad *Advisor) take() bool {
	if len(ad.waiting) > 0 {
		ad.index()
	}
	var sent []*Outgoing
	var reports []*Reported
	var rest []func() bool
	for _, p := range ad.waiting {
		switch p := p.(type) {
		case Outgoing:
			sent = append(sent, &p)
		case Reported:
			reports = append(reports, &p)
		case Incoming:
			rest = append(rest, func() bool { return ad.takeIncoming(&p) })
		case Said:
			rest = append(rest, func() bool { return ad.takeSaid(&p) })
		}
	}
	sort.SliceStable(sent, func(i, j int) bool { return ad.a.sentBefore(sent[i], sent[j]) })
	sort.SliceStable(reports, func(i, j int) bool { return ad.a.reportBefore(reports[i], reports[j]) })
	for _, out := range sent {
		if !ad.takeSent(out) {
			return false
		}
	}
	for _, rep := range reports {
		if !ad.takeReport(rep) {
			return false
		}
	}
	for _, file := range rest {
		if !file() {
			return false
		}
	}
	return true
}

// judge judges anew what changed, and whatever has a changed thread among its copies.
func (ad *Advisor) judge() bool {
	if len(ad.changed) == 0 {
		return true
	}
	var todo []*thread
	for t := range ad.changed {
		todo = append(todo, t)
	}
	for i := 0; i < len(todo); i++ {
		todo[i].fate, todo[i].outcome = nil, nil
		for _, original := range todo[i].copyOf {
			if !ad.changed[original] {
				ad.changed[original] = true
				todo = append(todo, original)
			}
		}
	}
	if ad.shared {
		ad.items, ad.shared = slices.Clone(ad.items), false
	}
	for _, t := range todo {
		if !ad.place(t) {
			return false
		}
	}
	clear(ad.changed)
	return true
}

// place writes the item of a thread where it belongs.
func (ad *Advisor) place(t *thread) bool {
	at := sort.Search(len(ad.list), func(i int) bool { return !ad.a.less(ad.list[i], t) })
	alike := at < len(ad.list) && !ad.a.less(t, ad.list[at])
	for alike && ad.list[at] != t {
		at++
		alike = at < len(ad.list) && !ad.a.less(t, ad.list[at])
	}
	switch wanted := ad.a.wanted(t); {
	case alike && !wanted:
		return false // it belongs to no outage that was asked for, now that there is a bounce
	case alike:
		ad.touched.drop(&ad.items[at])
	case !wanted:
		return true
	case at > 0 && !ad.a.less(ad.list[at-1], t):
		return false // two that nothing tells apart stand in the order of reading
	default:
		ad.list = slices.Insert(ad.list, at, t)
		ad.items = slices.Insert(ad.items, at, Item{})
	}
	ad.touched.add(ad.a.item(t, &ad.items[at]), &ad.items[at])
	return true
}
