package advice

import (
	"sort"
	"strings"
	"time"

	"rimbalzo/internal/bounce"
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
	resent     bool
	fromSent   bool
	list       bool
	recipients []*thread
}

// thread is one message on its way to one recipient: the unit of advice.
type thread struct {
	msg       *message
	recipient string
	events    []event // failures and warnings, by time
	proofs    []proof
	accepted  []event // relayed, expanded, or delivered said by somebody who cannot know
	ambiguous bool    // a bounce names somebody behind one of several recipients
	queued    *Queued
	copies    []*thread
	bare      *thread // a later message like a copy, without the attachments
	fate      *fate
}

// event is one report about one recipient.
type event struct {
	rep *Reported
	rec bounce.Recipient
	// arrived is when the person got it, attempt the deciding attempt's time.
	arrived, attempt time.Time
	class            class
	loose            bool // matched by address and time alone
}

type proof struct {
	kind   Proof
	at     time.Time
	source string
	weak   bool
}

// buildMessages lays out what was sent up to the moment.
func (a *advisor) buildMessages() {
	for i := range a.ev.Sent {
		out := &a.ev.Sent[i]
		at := out.SentAt.In(a.ev.Zone)
		if at.After(a.ev.At) {
			continue
		}
		m := &message{
			id: out.MessageID, from: key(out.From), subject: out.Subject, parts: splitSubject(out.Subject), sentAt: out.SentAt, at: at,
			source: out.Source, refs: out.References, text: out.Text, resent: out.Resent, fromSent: true,
		}
		if out.MessageID != "" {
			if twin := a.byID[idKey(out.MessageID)]; twin != nil {
				twin.addRecipients(out.Recipients)
				continue
			}
			a.byID[idKey(out.MessageID)] = m
			a.ownIDDomains[domainOf(out.MessageID)] = true
		}
		m.addRecipients(out.Recipients)
		a.addMessage(m)
	}
	sort.SliceStable(a.messages, func(i, j int) bool { return a.messages[i].at.Before(a.messages[j].at) })
}

func (a *advisor) addMessage(m *message) {
	a.messages = append(a.messages, m)
	for _, t := range m.recipients {
		a.indexThread(t)
	}
	if m.from != "" && m.fromSent {
		a.own[m.from]++
	}
}

func (a *advisor) indexThread(t *thread) {
	k := key(t.recipient)
	a.byRecipient[k] = append(a.byRecipient[k], t)
}

func (m *message) addRecipients(list []string) {
	for _, r := range list {
		if m.thread(r) == nil && strings.Contains(r, "@") {
			m.recipients = append(m.recipients, &thread{msg: m, recipient: canonical(r)})
		}
	}
}

// thread gives the thread of an address, nil when the message did not go there.
func (m *message) thread(address string) *thread {
	k := key(address)
	if k == "" {
		return nil
	}
	for _, t := range m.recipients {
		if key(t.recipient) == k {
			return t
		}
	}
	return nil
}

// find looks for the message that a report is about: by its id; else by what was returned of it; nil when it cannot be told.
func (a *advisor) find(rep *Reported) (m *message, loose bool) {
	o := rep.Report.Original
	if o.MessageID != "" {
		if m := a.byID[idKey(o.MessageID)]; m != nil {
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
	return a.findByRecipient(rep), true
}

// findByDate looks for a message without id, or whose id a server rewrote: the same second and one of the recipients, or the same subject.
func (a *advisor) findByDate(rep *Reported) *message {
	o := rep.Report.Original
	if o.SentAt.IsZero() {
		return nil
	}
	at, base := o.SentAt.In(a.ev.Zone), splitSubject(o.Subject).base
	first := sort.Search(len(a.messages), func(i int) bool { return !a.messages[i].at.Before(at.Add(-time.Second)) })
	for _, m := range a.messages[first:] {
		if m.at.After(at.Add(time.Second)) {
			return nil
		}
		if o.MessageID != "" && m.id != "" && idKey(m.id) != idKey(o.MessageID) && m.fromSent && base != m.parts.base {
			continue
		}
		if base != "" && base == m.parts.base {
			return m
		}
		for _, r := range rep.Report.Recipients {
			if m.thread(r.Address) != nil || m.thread(r.OriginalAddress) != nil {
				return m
			}
		}
	}
	return nil
}

// findByRecipient is for bounces that return nothing: the last message to that address before the bounce, within the longest queue time.
func (a *advisor) findByRecipient(rep *Reported) *message {
	when := a.arrival(rep)
	var best *message
	for _, r := range rep.Report.Recipients {
		for _, address := range []string{r.OriginalAddress, r.Address} {
			for _, t := range a.byRecipient[key(address)] {
				age := when.Sub(t.msg.at)
				if address == "" || t.msg.at.IsZero() || age < 0 || age > longestQueue {
					continue
				}
				if best == nil || t.msg.at.After(best.at) {
					best = t.msg
				}
			}
		}
	}
	return best
}

// longestQueue is the longest that a sending server in use keeps a message: 12 days (Oracle Messaging Server's default notices).
const longestQueue = 12 * 24 * time.Hour

// arrival is when a report reached the person.
func (a *advisor) arrival(rep *Reported) time.Time {
	if !rep.ArrivedAt.IsZero() {
		return rep.ArrivedAt
	}
	return rep.Report.BouncedAt.In(a.ev.Zone)
}

// threadsFor gives the threads of m that a report's recipient speaks of: by the address written to; behind a forwarding by what is left.
func (a *advisor) threadsFor(m *message, rep *Reported, r bounce.Recipient) []*thread {
	for _, address := range []string{r.OriginalAddress, r.Address} {
		if t := m.thread(address); t != nil {
			return []*thread{t}
		}
	}
	if len(m.recipients) == 0 || !m.fromSent {
		address := r.OriginalAddress
		if address == "" {
			address = r.Address
		}
		if address == "" {
			return nil
		}
		t := &thread{msg: m, recipient: canonical(address)}
		m.recipients = append(m.recipients, t)
		a.indexThread(t)
		return []*thread{t}
	}
	return a.behindForwarding(m, rep)
}

// behindForwarding narrows down which recipient forwards to an address that the person never wrote to: the one whose
// server reports or is named on the way, else every one that no other evidence speaks of.
func (a *advisor) behindForwarding(m *message, rep *Reported) []*thread {
	if len(m.recipients) == 1 {
		return m.recipients
	}
	hosts := append([]string{rep.Report.ReportedBy.Host}, rep.Report.Original.Received...)
	var byHost, rest []*thread
	for _, t := range m.recipients {
		d := domainOf(t.recipient)
		for _, h := range hosts {
			if h = strings.ToLower(h); h == d || strings.HasSuffix(h, "."+d) {
				byHost = append(byHost, t)
				break
			}
		}
		if len(t.events) == 0 && len(t.proofs) == 0 {
			rest = append(rest, t)
		}
	}
	if len(byHost) == 1 {
		return byHost
	}
	if len(rest) == 0 {
		rest = m.recipients
	}
	if len(rest) > 1 {
		for _, t := range rest {
			t.ambiguous = true
		}
	}
	return rest
}
