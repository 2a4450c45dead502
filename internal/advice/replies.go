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
		if a.own[key(in.From)] > 0 || in.List {
			continue
		}
		h := a.historyOf(in.From)
		h.wrote = append(h.wrote, in.At)
		a.takeReply(in)
	}
}

// takeReplyTo gives the proof of a reply to a message that was laid out after the reply was taken.
func (a *advisor) takeReplyTo(in *Incoming, m *message) {
	if a.names(in.InReplyTo, m, in.At) {
		a.proveReply(m, in, false)
	} else if a.names(in.References, m, in.At) {
		a.proveReply(m, in, a.carriedBy(m, in))
	}
}

// names reports whether one of the ids that an answer names is that of m and of no other message.
func (a *advisor) names(ids []string, m *message, at time.Time) bool {
	for _, id := range ids {
		if list := a.answered(id, at); len(list) == 1 && list[0] == m {
			return true
		}
	}
	return false
}

// takeReply gives its proof to the message that In-Reply-To names, to those in References, and to the one it quotes.
func (a *advisor) takeReply(in *Incoming) {
	direct := map[*message]bool{}
	for _, id := range in.InReplyTo {
		for _, m := range a.answered(id, in.At) {
			direct[m] = true
			a.proveReply(m, in, false)
		}
	}
	for _, id := range in.References {
		for _, m := range a.answered(id, in.At) {
			if !direct[m] {
				a.proveReply(m, in, a.carriedBy(m, in))
			}
		}
	}
	if len(in.InReplyTo) == 0 && len(in.References) == 0 {
		if m := a.quoted(in); m != nil {
			a.proveReply(m, in, false)
		}
	}
}

// answered gives the message of an id that an answer names; of several with one id (passed on unchanged, RFC 5322 section
// 3.6.6) it cannot be told which, and none is proven.
func (a *advisor) answered(id string, at time.Time) []*message {
	var list []*message
	for m := a.byID[idKey(id)]; m != nil && len(list) < 2; m = m.sameID {
		if !m.at.After(at.Add(time.Hour)) {
			list = append(list, m)
		}
	}
	if len(list) > 1 {
		return nil
	}
	return list
}

// carriedBy reports whether m's id may stand in a reply's References although the one who replies never got m: because a
// later message of the person's own carried it there ("did you get it?", answered with "no", names both, RFC 5322 section
// 3.6.4), or because another recipient of m answered to all.
func (a *advisor) carriedBy(m *message, in *Incoming) bool {
	between := len(m.recipients) > 1
	for _, id := range append(append([]string{}, in.InReplyTo...), in.References...) {
		for later := a.byID[idKey(id)]; later != nil; later = later.sameID {
			if later == m || !later.at.After(m.at) {
				continue
			}
			for _, ref := range later.refs {
				if idKey(ref) == idKey(m.id) {
					return true
				}
			}
		}
	}
	return between
}

func (a *advisor) proveReply(m *message, in *Incoming, weak bool) {
	if in.At.Before(m.at.Add(-time.Hour)) {
		return
	}
	t := a.answering(m, in)
	m.answers = append(m.answers, answer{in: in, weak: weak, to: t})
	if t != nil {
		a.trail.proven = append(a.trail.proven, t)
		t.proofs = append(t.proofs, replyProof(in, weak))
	}
}

// answering gives the thread for whom a reply to m speaks, nil for none.
func (a *advisor) answering(m *message, in *Incoming) *thread {
	if t := m.thread(in.From); t != nil {
		return t
	}
	return a.answeringFor(m, in.From)
}

func replyProof(in *Incoming, weak bool) proof {
	return proof{kind: ProofReply, at: in.At, source: in.Source, from: key(in.From), weak: weak}
}

// quoted finds the one message whose text a reply without threading fields quotes: same subject, to that person, before
// it, and most of its lines there. Two such messages prove nothing.
func (a *advisor) quoted(in *Incoming) *message {
	if len(in.Text.Quoted) == 0 {
		return nil
	}
	base := splitSubject(in.Subject).base
	var found *message
	for _, t := range a.byRecipient[key(in.From)].between(in.At.Add(-copyWindow), in.At, true) {
		m := t.msg
		if !m.fromSent || base == "" || m.parts.base != base || !mostly(m.text.Own, in.Text.Quoted) {
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
