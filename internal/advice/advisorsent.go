package advice

import (
	"slices"
	"time"
)

// takeSent files one more message that the person sent; false where it teaches something that others depend on.
func (ad *Advisor) takeSent(out *Outgoing) bool {
	a := ad.a
	at := out.SentAt.In(a.ev.Zone)
	if at.After(a.ev.At) {
		return true
	}
	switch {
	case a.trail.lastSent == nil || !a.sentBefore(a.trail.lastSent, out):
		return false // not the last
	case out.MessageID == "" || a.byID[idKey(out.MessageID)] != nil || ad.named[idKey(out.MessageID)] != nil || a.trail.strange[idKey(out.MessageID)]:
		return false // a second copy, or something came back before it was seen
	case out.From == "" || a.own[key(out.From)] == 0 || !a.ownIDDomains[domainOf(out.MessageID)]:
		return false // a new address or program of the person's own
	case len(a.ev.Queued) > 0 || !at.After(a.trail.loose.Add(max(queueSlack, dateSlack*time.Second))) || !at.After(ad.quoting):
		return false // something that is matched by its time might be about it
	}
	for _, t := range a.trail.uncovered {
		if at.Sub(t) <= sentWindow {
			return false // Sent covers that day now
		}
	}
	for _, r := range out.Recipients {
		if a.trail.foreignTo[key(r)] {
			return false // the person knows that address after all
		}
	}
	m := a.addSent(out, nil)
	a.trail.lastSent = out
	a.addOwn(out.From)
	a.sentTimes = append(a.sentTimes, at)
	// It was filed behind the strangers' messages, and belongs before them.
	copy(a.messages[a.inSent+1:], a.messages[a.inSent:])
	a.messages[a.inSent] = m
	a.inSent++
	for _, t := range m.recipients {
		ad.changed[t] = true
		ad.findCopies(t, mostCopies)
	}
	return true
}

// takeIncoming files one more message that somebody wrote to the person.
func (ad *Advisor) takeIncoming(in *Incoming) bool {
	a := ad.a
	if in.At.After(a.ev.At) {
		return true
	}
	from := key(in.From)
	if a.earliest.IsZero() || in.At.Before(a.earliest) || (!a.heard[from] && a.trail.foreignTo[from]) {
		return false
	}
	a.heard[from] = true
	if a.own[from] > 0 || in.List {
		return true
	}
	ad.note(in)
	if !ad.lives(in.From, in.At) {
		return false
	}
	a.trail.proven = nil
	a.takeReply(in)
	for _, t := range a.trail.proven {
		ad.changed[t] = true
		for i := range t.proofs {
			if p := &t.proofs[i]; p.source == in.Source && !p.weak && !ad.lives(t.recipient, p.at) {
				return false
			}
		}
	}
	return true
}

// index makes the replies findable by the ids they name.
func (ad *Advisor) index() {
	if ad.named != nil {
		return
	}
	ad.named, ad.quoting = map[string][]*Incoming{}, time.Time{}
	for i := range ad.a.ev.Incoming {
		if in := &ad.a.ev.Incoming[i]; !in.At.After(ad.a.ev.At) && !in.List && ad.a.own[key(in.From)] == 0 {
			ad.note(in)
		}
	}
}

func (ad *Advisor) note(in *Incoming) {
	for _, id := range slices.Concat(in.InReplyTo, in.References) {
		k := idKey(id)
		if list := ad.named[k]; len(list) == 0 || list[len(list)-1] != in {
			ad.named[k] = append(list, in)
		}
	}
	if len(in.InReplyTo) == 0 && len(in.References) == 0 && len(in.Text.Quoted) > 0 && in.At.After(ad.quoting) {
		ad.quoting = in.At
	}
}

// takeSaid files the person's word.
func (ad *Advisor) takeSaid(w *Said) bool {
	if w.MessageID == "" {
		return false
	}
	ad.a.said.add(w)
	for m := ad.a.byID[idKey(w.MessageID)]; m != nil; m = m.sameID {
		for _, t := range m.recipients {
			ad.changed[t] = true
		}
	}
	return true
}
