package advice

import (
	"sort"
	"time"
)

// copyWindow is how long after the original a second sending may lie: a bounce can take a week, and people get round to it later.
// It stays under a month: a monthly invoice with the same words is no copy.
const copyWindow = 21 * 24 * time.Hour

// findCopies finds, thread by thread, the later messages to the same person that carry the same thing again.
func (a *advisor) findCopies() {
	for _, threads := range a.byRecipient {
		if len(threads) < 2 {
			continue
		}
		sort.SliceStable(threads, func(i, j int) bool { return threads[i].msg.at.Before(threads[j].msg.at) })
		a.findCopiesAmong(threads)
	}
}

// findCopiesAmong compares only messages of one subject: an empty subject, or one shared by many, leaves the text to decide.
func (a *advisor) findCopiesAmong(threads []*thread) {
	bySubject := map[string][]*thread{}
	for _, t := range threads {
		if t.msg.fromSent {
			bySubject[t.msg.parts.base] = append(bySubject[t.msg.parts.base], t)
		}
	}
	for _, same := range bySubject {
		for i, original := range same {
			for _, later := range same[i+1:] {
				if later.msg.at.Sub(original.msg.at) > copyWindow {
					break
				}
				switch {
				case later.msg == original.msg:
				case isCopy(original, later):
					original.copies = append(original.copies, later)
				case bareCopy(original, later):
					original.bare = later
				}
			}
		}
	}
}

// answerWindow is how soon after a failure notice people send a message again.
const answerWindow = 10 * 24 * time.Hour

// isCopy reports whether later sends original again. Both went to the same person, and have the same subject but for
// marks. "Re:" or an equal subject alone is conversation and never enough.
func isCopy(original, later *thread) bool {
	o, l := original.msg, later.msg
	switch {
	case !l.at.After(o.at):
		return false
	case l.resent:
		return true
	case l.parts.again && !o.parts.again, l.parts.forward > o.parts.forward:
		// Marked as sent again or forwarded: by its mark alone, unless there is no subject to know it by.
		return o.parts.base != "" || sameText(o, l) || sameAttachments(o, l)
	case l.parts.reply > o.parts.reply:
		return false
	case len(o.text.Attachments) > 0 && !mostly(o.text.Attachments, l.text.Attachments):
		// It lacks what the original carried: whatever it says, that has not been sent again.
		return false
	case sameText(o, l):
		return o.parts.base != "" || len(o.text.Own) > 2 || len(o.text.Attachments) > 0
	case sameAttachments(o, l):
		return o.parts.base != ""
	}
	return o.parts.base != "" && !l.text.Asks && failedBefore(original, l.at)
}

// bareCopy reports whether later would be a copy but for the attachments, which it lacks.
func bareCopy(original, later *thread) bool {
	o, l := original.msg, later.msg
	return l.at.After(o.at) && l.parts.reply <= o.parts.reply && len(l.text.Attachments) == 0 && !l.text.Asks && failedBefore(original, l.at)
}

func sameText(original, later *message) bool {
	return mostly(original.text.Own, append(append([]uint64{}, later.text.Own...), later.text.Quoted...))
}

func sameAttachments(original, later *message) bool {
	return len(original.text.Attachments) == len(later.text.Attachments) && mostly(original.text.Attachments, later.text.Attachments)
}

// failedBefore reports whether the person had been told of a failure shortly before at: who then writes to the same
// person under the very same subject, and does not ask whether the first one came, is sending it again.
func failedBefore(t *thread, at time.Time) bool {
	for _, e := range t.events {
		if d := at.Sub(e.arrived); e.rec.Action == actionFailed && d >= 0 && d <= answerWindow {
			return true
		}
	}
	return false
}
