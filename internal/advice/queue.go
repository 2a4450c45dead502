package advice

import (
	"sort"
	"strings"
	"time"
)

// takeQueue files the lines of a mail queue under the messages they hold: sender and recipient, and the time of arrival
// where the listing tells it. A line about nobody's message makes one of its own, for the postmaster.
func (a *advisor) takeQueue() {
	queued := append([]Queued{}, a.ev.Queued...)
	sort.SliceStable(queued, func(i, j int) bool { return queued[i].Arrived.Before(queued[j].Arrived) })
	for i := range queued {
		q := &queued[i]
		if q.Arrived.After(a.ev.At) {
			continue
		}
		if t := a.queuedThread(q); t != nil {
			t.queued = q
			continue
		}
		m := &message{from: key(q.Sender), at: q.Arrived, source: q.Source}
		m.sentAt.At, m.sentAt.Zoned = q.Arrived, true
		t := &thread{msg: m, recipient: canonical(q.Recipient), queued: q}
		m.recipients = []*thread{t}
		a.messages = append(a.messages, m)
	}
}

// queueSlack is how far the Date of a message and its arrival in the queue may lie apart.
const queueSlack = 5 * time.Minute

func (a *advisor) queuedThread(q *Queued) *thread {
	for _, t := range a.byRecipient[key(q.Recipient)] {
		d := q.Arrived.Sub(t.msg.at)
		if t.queued == nil && d > -queueSlack && d < queueSlack && (t.msg.from == "" || q.Sender == "" || strings.EqualFold(t.msg.from, q.Sender)) {
			return t
		}
	}
	return nil
}
