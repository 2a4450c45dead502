package advice

import "time"

// copyWindow is how long after the original a second sending may lie: a bounce can take a week, and people get round to it later.
// It stays under a month: a monthly invoice with the same words is no copy.
const copyWindow = 21 * 24 * time.Hour

// mostCopies bounds how many later messages of one subject to one person are compared with each: only robots write more.
const mostCopies = 50

// findCopies finds, thread by thread, the later messages to the same person that carry the same thing again. It compares only
// messages of one subject, marks apart.
func (a *advisor) findCopies() {
	for _, list := range a.byRecipient {
		if len(list.sent) < 2 {
			continue
		}
		bySubject := map[string][]*thread{}
		for _, t := range list.sent {
			bySubject[t.msg.parts.base] = append(bySubject[t.msg.parts.base], t)
		}
		for _, same := range bySubject {
			for i := range same {
				a.findCopiesOf(same, i)
			}
		}
	}
}

// findCopiesOf finds those of the i-th of the threads to one person under one subject, which are in the order of time.
func (a *advisor) findCopiesOf(same []*thread, i int) {
	original, earlier, later := same[i], same[:i], same[i+1:min(len(same), i+1+mostCopies)]
	if len(later) == 0 || !a.wanted(original) {
		return
	}
	series := a.inSeries(original, earlier)
	for _, t := range later {
		switch {
		case t.msg == original.msg:
		case t.msg.at.Sub(original.msg.at) > copyWindow:
			return
		case isCopy(original, t, series), bareCopy(original, t, series):
			original.copies = append(original.copies, t)
			t.copyOf = append(t.copyOf, original)
		}
	}
}

// inSeries reports whether the person writes to this one under this subject again and again, as with a monthly invoice: an
// earlier message has it, which this one does not send again.
func (a *advisor) inSeries(original *thread, earlier []*thread) bool {
	for i := len(earlier) - 1; i >= 0 && i >= len(earlier)-mostCopies; i-- {
		if e := earlier[i]; e.msg != original.msg && !failedBefore(e, original) && !isCopy(e, original, true) {
			return true
		}
	}
	return false
}

// answerWindow is how soon after a failure notice people send a message again.
const answerWindow = 10 * 24 * time.Hour

// isCopy reports whether later sends original again. Both went to the same person, and have the same subject but for
// marks. "Re:" or an equal subject alone is conversation and never enough.
func isCopy(original, later *thread, series bool) bool {
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
	return o.parts.base != "" && !series && !l.text.Asks && failedBefore(original, later)
}

// bareCopy reports whether later would be a copy but for the attachments, which it lacks: the person may have put what
// mattered into the text. The advice says what is missing.
func bareCopy(original, later *thread, series bool) bool {
	o, l := original.msg, later.msg
	return o.parts.base != "" && !series && l.at.After(o.at) && l.parts.reply <= o.parts.reply && l.lacksAttachments(o) && !l.text.Asks && failedBefore(original, later)
}

// lacksAttachments reports whether a copy comes with nothing attached, although the original did not.
func (m *message) lacksAttachments(original *message) bool {
	return len(original.text.Attachments) > 0 && len(m.text.Attachments) == 0
}

func sameText(original, later *message) bool {
	return mostly(original.text.Own, append(append([]uint64{}, later.text.Own...), later.text.Quoted...))
}

func sameAttachments(original, later *message) bool {
	return len(original.text.Attachments) == len(later.text.Attachments) && mostly(original.text.Attachments, later.text.Attachments)
}

// failedBefore reports whether the person had been told shortly before later that the original had failed, for its
// recipient or for another to whom later went too: who then writes to the same person under the very same subject, and does
// not ask whether the first one came, is sending it again.
func failedBefore(original, later *thread) bool {
	if original.toldOfFailure(later.msg.at) {
		return true
	}
	for _, t := range original.msg.recipients[:min(len(original.msg.recipients), mostCopies)] {
		if t.toldOfFailure(later.msg.at) && later.msg.thread(t.recipient) != nil {
			return true
		}
	}
	return false
}

func (t *thread) toldOfFailure(at time.Time) bool {
	for i := range t.events {
		if d := at.Sub(t.events[i].arrived); t.events[i].rec.Action == actionFailed && d >= 0 && d <= answerWindow {
			return true
		}
	}
	return false
}
