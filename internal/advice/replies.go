package advice

import "time"

// takeReplies files what people answered under what they answered to.
func (a *advisor) takeReplies() {
	for i := range a.ev.Incoming {
		in := &a.ev.Incoming[i]
		if in.At.After(a.ev.At) {
			continue
		}
		a.noteEarliest(in.At)
		if a.own[in.From] > 0 || in.List {
			continue
		}
		h := a.historyOf(in.From)
		h.wrote = append(h.wrote, in.At)
		a.takeReply(in)
	}
}

// takeReply gives its proof to the message that In-Reply-To names, to those in References, and to the one it quotes.
func (a *advisor) takeReply(in *Incoming) {
	direct := map[*message]bool{}
	for _, id := range in.InReplyTo {
		if m := a.byID[idKey(id)]; m != nil && m.fromSent {
			direct[m] = true
			a.proveReply(m, in, false)
		}
	}
	for _, id := range in.References {
		if m := a.byID[idKey(id)]; m != nil && m.fromSent && !direct[m] {
			a.proveReply(m, in, a.carriedBy(m, in))
		}
	}
	if len(in.InReplyTo) == 0 && len(in.References) == 0 {
		if m := a.quoted(in); m != nil {
			a.proveReply(m, in, false)
		}
	}
}

// carriedBy reports whether m's id may stand in a reply's References only because a later message of the person's own
// carried it there: "did you get it?", answered with "no", names both (RFC 5322 section 3.6.4).
func (a *advisor) carriedBy(m *message, in *Incoming) bool {
	for _, id := range append(append([]string{}, in.InReplyTo...), in.References...) {
		later := a.byID[idKey(id)]
		if later == nil || later == m || !later.at.After(m.at) {
			continue
		}
		for _, ref := range later.refs {
			if idKey(ref) == idKey(m.id) {
				return true
			}
		}
	}
	return false
}

func (a *advisor) proveReply(m *message, in *Incoming, weak bool) {
	if in.At.Before(m.at.Add(-time.Hour)) {
		return
	}
	t := m.thread(in.From)
	if t == nil {
		t = a.answeringFor(m, in.From)
	}
	if t != nil {
		t.proofs = append(t.proofs, proof{kind: ProofReply, at: in.At, source: in.Source, weak: weak})
	}
}

// quoted finds the one message whose text a reply without threading fields quotes: same subject, to that person, before
// it, and most of its lines there. Two such messages prove nothing.
func (a *advisor) quoted(in *Incoming) *message {
	if len(in.Text.Quoted) == 0 {
		return nil
	}
	base := splitSubject(in.Subject).base
	var found *message
	for _, t := range a.byRecipient[in.From] {
		m := t.msg
		if !m.fromSent || m.at.After(in.At) || base == "" || m.parts.base != base || !mostly(m.text.Own, in.Text.Quoted) {
			continue
		}
		if found != nil {
			return nil
		}
		found = m
	}
	return found
}

// mostly reports whether at least nine tenths of part stand in whole, and part is not empty.
func mostly(part, whole []uint64) bool {
	if len(part) == 0 {
		return false
	}
	have := make(map[uint64]bool, len(whole))
	for _, w := range whole {
		have[w] = true
	}
	n := 0
	for _, p := range part {
		if have[p] {
			n++
		}
	}
	return n*10 >= len(part)*9
}
