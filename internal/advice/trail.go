package advice

import (
	"strings"
	"time"
)

// trail is what an [Advisor] has to know of the course of a reading, to tell whether one more piece of evidence would have
// changed it elsewhere than where it belongs.
type trail struct {
	seen map[string]bool // the reports taken, by identity
	last *Reported       // the last of them in their order
	// lastSent is the last message of Sent in its order.
	lastSent *Outgoing
	// loose is the latest time that a report speaks of which was matched by time or address, or by nothing: a message sent
	// before it might have been the one.
	loose time.Time
	// strange are the ids of messages that only reports tell of.
	strange map[string]bool
	// uncovered are the times of strangers' messages of whose days Sent shows nothing.
	uncovered []time.Time
	// foreignTo and foreignVia are whom the reports that are not the person's name, and where their messages set out from.
	foreignTo, foreignVia map[string]bool
	late                  bool // a stranger's report was filed under a message of Sent after all
	sentOnly              bool // while a report is looked for among what is in Sent alone
	proven                []*thread
	asked                 map[*thread]bool // the threads for which a similar address was looked for
}

// loosely notes a report that was not matched by its id.
func (l *trail) loosely(a *advisor, rep *Reported) {
	for _, at := range []time.Time{a.reportTime(rep), rep.Report.Original.SentAt.In(a.ev.Zone), rep.Report.ArrivalAt.In(a.ev.Zone)} {
		if at.After(l.loose) {
			l.loose = at
		}
	}
}

// stranger notes a report about no message that Sent shows.
func (l *trail) stranger(a *advisor, rep *Reported) {
	l.loosely(a, rep)
	if id := rep.Report.Original.MessageID; id != "" {
		if l.strange == nil {
			l.strange = map[string]bool{}
		}
		l.strange[idKey(id)] = true
	}
}

// foreign notes a report that is not the person's.
func (l *trail) foreign(rep *Reported) {
	if l.foreignTo == nil {
		l.foreignTo, l.foreignVia = map[string]bool{}, map[string]bool{}
	}
	for i := range rep.Report.Recipients {
		r := &rep.Report.Recipients[i]
		l.foreignTo[key(r.Address)], l.foreignTo[key(r.OriginalAddress)] = true, true
	}
	if via := rep.Report.Original.Received; len(via) > 0 {
		l.foreignVia[strings.ToLower(via[len(via)-1])] = true
	}
}

func (l *trail) asks(t *thread) {
	if l.asked == nil {
		l.asked = map[*thread]bool{}
	}
	l.asked[t] = true
}
