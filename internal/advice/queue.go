package advice

import (
	"sort"
	"time"
)

// takeQueue files the lines of a mail queue under the messages they hold: sender and recipient, and the time of arrival
// where the listing tells it. A line about nobody's message makes one of its own, for the postmaster.
func (a *advisor) takeQueue() {
	queued := append([]Queued{}, a.ev.Queued...)
	sort.SliceStable(queued, func(i, j int) bool {
		if !queued[i].Arrived.Equal(queued[j].Arrived) {
			return queued[i].Arrived.Before(queued[j].Arrived)
		}
		return queued[i].Source < queued[j].Source
	})
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
		a.messages = append(a.messages, m)
		a.addThread(m, q.Recipient).queued = q
	}
}

// queueSlack is how far the Date of a message and its arrival in the queue may lie apart.
const queueSlack = 5 * time.Minute

// queuedThread gives the thread whose message arrived in the queue just then; of several the nearest.
func (a *advisor) queuedThread(q *Queued) *thread {
	var free []*thread
	for _, t := range a.byRecipient[key(q.Recipient)].between(q.Arrived.Add(-queueSlack), q.Arrived.Add(queueSlack), false) {
		if t.queued == nil && (t.msg.from == "" || q.Sender == "" || t.msg.from == key(q.Sender)) {
			free = append(free, t)
		}
	}
	return nearest(free, q.Arrived)
}
