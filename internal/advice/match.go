package advice

import (
	"cmp"
	"slices"
	"sort"
	"strings"
	"time"

	"rimbalzo/internal/bounce"
	"rimbalzo/internal/provider"
)

// message is one sent message with what is known of it, from Sent or, where no copy was kept, from what came back.
type message struct {
	id         string
	from       string
	subject    string
	parts      subjectParts
	sentAt     bounce.Stamp
	at         time.Time // sentAt as an instant; zero when unknown
	source     string
	refs       []string
	text       Text
	traits     *provider.Traits // nil where Sent shows none
	resent     bool
	fromSent   bool
	list       bool
	sameID     *message // an earlier one of the same id
	recipients []*thread
	byAddress  map[string]*thread // the same by key, where there are many
	answers    []answer           // which replies name it
}

// answer is a reply that names a message, and the thread that it was filed under.
type answer struct {
	in   *Incoming
	weak bool
	to   *thread
}

// thread is one message on its way to one recipient: the unit of advice.
type thread struct {
	msg       *message
	recipient string
	key       string  // recipient as addresses are compared
	events    []event // failures and warnings, by time
	proofs    []proof
	accepted  []event // relayed, expanded, or delivered said by somebody who cannot know
	ambiguous bool    // a bounce names somebody behind one of several recipients
	queued    *Queued
	copies    []*thread
	copyOf    []*thread // those that have it among their copies
	outcome   *fate     // fate in the light of the copies
	fate      *fate
}

// event is one report about one recipient.
type event struct {
	rep *Reported
	rec bounce.Recipient
	// written is when the report was made, arrived when the person got it, attempt the deciding attempt's time.
	written, arrived, attempt time.Time
	class                     class
	loose                     bool // matched by address and time alone
	borrowed                  bool // its cause is an earlier warning's
}

type proof struct {
	kind   Proof
	at     time.Time
	source string
	from   string // whose word it is, as addresses are compared; "" for the recipient's server
	weak   bool
}

// buildMessages lays out what was sent up to the moment.
func (a *advisor) buildMessages() {
	sent := make([]*Outgoing, 0, len(a.ev.Sent))
	for i := range a.ev.Sent {
		if out := &a.ev.Sent[i]; !out.SentAt.In(a.ev.Zone).After(a.ev.At) {
			sent = append(sent, out)
		}
	}
	sort.SliceStable(sent, func(i, j int) bool { return a.sentBefore(sent[i], sent[j]) })
	a.messages = make([]*message, 0, len(sent))
	a.sentTimes = make([]time.Time, 0, len(sent))
	var last *Outgoing
	for _, out := range sent {
		a.sentTimes = append(a.sentTimes, out.SentAt.In(a.ev.Zone))
		m := a.addSent(out, last)
		if out.MessageID != "" {
			a.ownIDDomains[domainOf(out.MessageID)] = true
		}
		if out.From != "" {
			a.addOwn(out.From)
		}
		if m != nil {
			last = out
		}
	}
	a.inSent = len(a.messages)
	if len(sent) > 0 {
		a.trail.lastSent = sent[len(sent)-1]
	}
}

// sentBefore is a full order, so that the order of reading changes nothing.
func (a *advisor) sentBefore(x, y *Outgoing) bool {
	s, u := x.SentAt.In(a.ev.Zone), y.SentAt.In(a.ev.Zone)
	if !s.Equal(u) {
		return s.Before(u)
	}
	if c := strings.Compare(x.MessageID, y.MessageID); c != 0 {
		return c < 0
	}
	if c := strings.Compare(x.Subject, y.Subject); c != 0 {
		return c < 0
	}
	if c := strings.Compare(strings.Join(x.Recipients, ","), strings.Join(y.Recipients, ",")); c != 0 {
		return c < 0
	}
	return x.Source < y.Source
}

// addSent adds a message, or its recipients to the one that it is a second copy of: the same id and the same second, or no
// id and everything else the same. A message passed on unchanged keeps its id (RFC 5322 section 3.6.6), but not its time.
func (a *advisor) addSent(out, last *Outgoing) *message {
	at := out.SentAt.In(a.ev.Zone)
	if out.MessageID == "" && last != nil && last.MessageID == "" && last.Subject == out.Subject && out.SentAt == last.SentAt &&
		strings.Join(last.Recipients, ",") == strings.Join(out.Recipients, ",") {
		return nil
	}
	if out.MessageID != "" {
		// They come in order of time: an earlier one of this very time is the last one of this id.
		if twin := a.byID[idKey(out.MessageID)]; twin != nil && twin.at.Equal(at) {
			a.addRecipients(twin, out.Recipients)
			return nil
		}
	}
	m := &message{
		id: out.MessageID, from: key(out.From), subject: out.Subject, parts: splitSubject(out.Subject), sentAt: out.SentAt, at: at,
		source: out.Source, refs: out.References, text: out.Text, resent: out.Resent, fromSent: true, traits: &out.Traits,
	}
	a.addMessage(m)
	a.addRecipients(m, out.Recipients)
	return m
}

// addMessage files a message where it is looked for.
func (a *advisor) addMessage(m *message) {
	a.messages = append(a.messages, m)
	if m.id != "" {
		k := idKey(m.id)
		m.sameID = a.byID[k]
		a.byID[k] = m
	}
	if !m.fromSent && !m.sentAt.IsZero() {
		a.bySecond[m.at.Unix()] = append(a.bySecond[m.at.Unix()], m)
	}
}

// sentBetween gives the messages of Sent from one second to another, and those that only reports tell of.
func (a *advisor) sentBetween(from, to int64) []*message {
	sent := a.messages[:a.inSent]
	first := sort.Search(len(sent), func(i int) bool { return sent[i].at.Unix() >= from })
	end := sort.Search(len(sent), func(i int) bool { return sent[i].at.Unix() > to })
	list := append([]*message{}, sent[first:end]...)
	for second := from; second <= to && !a.trail.sentOnly; second++ {
		list = append(list, a.bySecond[second]...)
	}
	return list
}

// manyRecipients is from how many recipients on a table finds one faster than a walk.
const manyRecipients = 16

// addRecipients adds the threads that m does not have yet.
func (a *advisor) addRecipients(m *message, list []string) {
	for _, r := range list {
		if strings.Contains(r, "@") && m.thread(r) == nil {
			a.addThread(m, r)
		}
	}
}

func (a *advisor) addThread(m *message, address string) *thread {
	t := &thread{msg: m, recipient: canonical(address), key: key(address)}
	m.recipients = append(m.recipients, t)
	list := a.byRecipient[t.key]
	if list == nil {
		list = &addressed{}
		a.byRecipient[t.key] = list
	}
	if m.fromSent {
		list.file(t)
	} else {
		list.other = append(list.other, t)
	}
	if m.byAddress == nil && len(m.recipients) > manyRecipients {
		m.byAddress = map[string]*thread{}
		for _, other := range m.recipients {
			m.byAddress[other.key] = other
		}
	}
	if m.byAddress != nil {
		m.byAddress[t.key] = t
	}
	return t
}

// thread gives the thread of an address, nil when the message did not go there.
func (m *message) thread(address string) *thread {
	k := key(address)
	if k == "" {
		return nil
	}
	if m.byAddress != nil {
		return m.byAddress[k]
	}
	for _, t := range m.recipients {
		if t.key == k {
			return t
		}
	}
	return nil
}

// find looks for the message that a report is about: by its id; else by what was returned of it; nil when it cannot be told.
func (a *advisor) find(rep *Reported) (m *message, loose bool) {
	o := rep.Report.Original
	if o.MessageID != "" {
		if m := a.withID(rep); m != nil {
			return m, false
		}
	}
	if m := a.findByDate(rep); m != nil {
		return m, false
	}
	// An id that is in no Sent copy belongs to a message of its own.
	if o.MessageID != "" || !o.SentAt.IsZero() {
		return nil, false
	}
	if m := a.findByRecipient(rep); m != nil {
		return m, true
	}
	return a.findByForwarder(rep), true
}

// isKnown reports whether the id of a report's message is known.
func (a *advisor) isKnown(rep *Reported) bool {
	id := rep.Report.Original.MessageID
	return id != "" && a.byID[idKey(id)] != nil
}

// withID gives the message of the returned id. Where several wear it (passed on unchanged, or by a program that counts
// badly) it is the last one sent before the server took the message, or before the report.
func (a *advisor) withID(rep *Reported) *message {
	newest := a.byID[idKey(rep.Report.Original.MessageID)]
	if newest == nil || (a.trail.sentOnly && !newest.fromSent) {
		return nil
	}
	if newest.sameID == nil {
		return newest
	}
	taken := rep.Report.ArrivalAt.In(a.ev.Zone)
	if taken.IsZero() {
		taken = a.reportTime(rep)
	}
	best, oldest := (*message)(nil), newest
	for m, n := newest, 0; m != nil && n < mostBetween; m, n = m.sameID, n+1 {
		oldest = m
		if m.at.After(taken.Add(queueSlack)) || !m.names(rep) {
			continue
		}
		if best == nil || m.at.After(best.at) {
			best = m
		}
	}
	if best == nil {
		return oldest
	}
	return best
}

// names reports whether the report speaks of one of the message's recipients.
func (m *message) names(rep *Reported) bool { return m.named(rep) > 0 }

// failedFor reports whether a recipient that the report names is known to have failed already.
func (m *message) failedFor(rep *Reported) bool {
	for i := range rep.Report.Recipients {
		r := &rep.Report.Recipients[i]
		for _, address := range []string{r.Address, r.OriginalAddress} {
			if t := m.thread(address); t != nil && r.Action == actionFailed && t.failedOnce() {
				return true
			}
		}
	}
	return false
}

// dateSlack is how far the Date of the copy in Sent and that of the message sent may lie apart, where one of the two has no
// Message-ID: some programs write each by itself.
const dateSlack = 90

// findByDate looks for a message without id, or whose id a server rewrote: the same second, and one of the recipients or the
// same subject; or nearly the same time, and both.
func (a *advisor) findByDate(rep *Reported) *message {
	o := rep.Report.Original
	if o.SentAt.IsZero() {
		return nil
	}
	at, base := o.SentAt.In(a.ev.Zone).Unix(), splitSubject(o.Subject).base
	var named, bySubject *message
	several := false
	for _, m := range a.sentBetween(at-1, at+1) {
		same := base != "" && base == m.parts.base
		if o.MessageID != "" && m.id != "" && !same {
			continue
		}
		if m.names(rep) && (named == nil || named.failedFor(rep)) {
			// Of two messages of one second the one that has not failed yet.
			named = m
		}
		if same {
			several = bySubject != nil
			bySubject = m
		}
	}
	if named != nil {
		return named
	}
	if bySubject != nil && !several {
		return bySubject
	}
	return a.findNearDate(rep, at, base)
}

// findNearDate gives the nearest of those.
func (a *advisor) findNearDate(rep *Reported, at int64, base string) *message {
	if base == "" {
		return nil
	}
	var best *message
	for _, m := range a.sentBetween(at-dateSlack, at+dateSlack) {
		if (m.id != "" && rep.Report.Original.MessageID != "") || m.parts.base != base || !m.names(rep) {
			continue
		}
		if best == nil || distance(m.at.Unix(), at) < distance(best.at.Unix(), at) {
			best = m
		}
	}
	return best
}

func distance(x, y int64) int64 { return max(x-y, y-x) }

// findByRecipient is for bounces that return nothing: the message that went to that address when the server says it took it,
// else the one that went to most of those it names, else the last to that address before the bounce, within the longest
// queue time, of the subject that the bounce names, and not yet bounced.
func (a *advisor) findByRecipient(rep *Reported) *message {
	when := a.reportTime(rep)
	base := splitSubject(rep.Report.Original.Subject).base
	var best *message
	hits := 0
	for _, r := range rep.Report.Recipients {
		for _, address := range []string{r.OriginalAddress, r.Address} {
			if address == "" {
				continue
			}
			list := a.byRecipient[key(address)]
			if taken := rep.Report.ArrivalAt.In(a.ev.Zone); !taken.IsZero() {
				if t := nearest(list.between(taken.Add(-queueSlack), taken.Add(queueSlack), a.trail.sentOnly), taken); t != nil {
					return t.msg
				}
			}
			for _, t := range list.between(when.Add(-longestQueue), when, a.trail.sentOnly) {
				if (base != "" && t.msg.parts.base != base) || (r.Action == actionFailed && t.failedOnce()) {
					continue
				}
				if n := t.msg.named(rep); best == nil || n > hits || (n == hits && t.msg.at.After(best.at)) {
					best, hits = t.msg, n
				}
			}
		}
	}
	return best
}

// named counts how many of the report's recipients the message went to.
func (m *message) named(rep *Reported) int {
	n := 0
	for i := range rep.Report.Recipients {
		if r := &rep.Report.Recipients[i]; m.thread(r.Address) != nil || m.thread(r.OriginalAddress) != nil {
			n++
		}
	}
	return n
}

// nearest gives the thread whose message was sent nearest to an instant, nil of none.
func nearest(list []*thread, at time.Time) *thread {
	var best *thread
	for _, t := range list {
		if best == nil || at.Sub(t.msg.at).Abs() < at.Sub(best.msg.at).Abs() {
			best = t
		}
	}
	return best
}

// addressed are the threads to one address: those of the messages in Sent, by time, and those that only reports tell of.
type addressed struct{ sent, other []*thread }

// file puts a thread of Sent where its time is. Nearly all come in that order; a recipient whom only a bounce names does not.
func (l *addressed) file(t *thread) {
	at := len(l.sent)
	for at > 0 && t.msg.before(l.sent[at-1].msg) {
		at--
	}
	l.sent = slices.Insert(l.sent, at, t)
}

func (m *message) before(o *message) bool {
	if !m.at.Equal(o.at) {
		return m.at.Before(o.at)
	}
	return cmp.Or(strings.Compare(m.id, o.id), strings.Compare(m.subject, o.subject)) < 0
}

// mostBetween bounds how many messages to one address are looked at for one report or reply: only robots write more.
const mostBetween = 200

// between gives the threads whose message was sent from one instant to another, at most the last 200 of each kind; of those in Sent alone
// where sentOnly says so.
func (l *addressed) between(from, to time.Time, sentOnly bool) []*thread {
	if l == nil {
		return nil
	}
	first := sort.Search(len(l.sent), func(i int) bool { return !l.sent[i].msg.at.Before(from) })
	end := sort.Search(len(l.sent), func(i int) bool { return l.sent[i].msg.at.After(to) })
	list := append([]*thread{}, l.sent[max(first, end-mostBetween):max(first, end)]...)
	for i := len(l.other) - 1; !sentOnly && i >= 0 && i >= len(l.other)-mostBetween; i-- {
		if t := l.other[i]; !t.msg.at.Before(from) && !t.msg.at.After(to) {
			list = append(list, t)
		}
	}
	return list
}

func (t *thread) failedOnce() bool {
	for i := range t.events {
		if t.events[i].rec.Action == actionFailed {
			return true
		}
	}
	return false
}

// longestQueue is the longest that a sending server in use keeps a message: 12 days (Oracle Messaging Server's default notices).
const longestQueue = 12 * 24 * time.Hour

// reportTime is when a report was written, which fetching it again does not change; its arrival where it does not say.
func (a *advisor) reportTime(rep *Reported) time.Time {
	written, arrived := rep.Report.BouncedAt.In(a.ev.Zone), a.arrival(rep)
	if written.IsZero() || written.After(arrived) {
		return arrived
	}
	return written
}

// arrival is when a report reached the person.
func (a *advisor) arrival(rep *Reported) time.Time {
	if !rep.ArrivedAt.IsZero() {
		return rep.ArrivedAt
	}
	return rep.Report.BouncedAt.In(a.ev.Zone)
}
