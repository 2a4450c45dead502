package advice

import "time"

// history is what is known of an address apart from the message in question.
type history struct {
	wrote []time.Time // when its owner wrote to the person, or answered automatically
	// unknown are the times at which a server said that there is no such address, in no phase that explains it.
	unknown []time.Time
}

func (a *advisor) historyOf(address string) *history {
	k := key(address)
	h := a.history[k]
	if h == nil {
		h = &history{}
		a.history[k] = h
	}
	return h
}

// learnHistory collects, address by address, signs of life and refusals that no outage explains.
func (a *advisor) learnHistory() {
	for _, m := range a.messages {
		for _, t := range m.recipients {
			for _, p := range t.proofs {
				if !p.weak {
					h := a.historyOf(t.recipient)
					h.wrote = append(h.wrote, p.at)
				}
			}
		}
	}
	// Only with all signs of life can a refusal be weighed.
	for _, m := range a.messages {
		for _, t := range m.recipients {
			for i := range t.events {
				if e := &t.events[i]; e.rec.Action == actionFailed && e.class == classAddress {
					a.weigh(t, e, a.historyOf(t.recipient))
				}
			}
		}
	}
}

// weigh notes a refusal in the history of its address, unless the outage explains it.
func (a *advisor) weigh(t *thread, e *event, h *history) {
	if e.rec.Action == actionFailed && e.class == classAddress && !a.falselyUnknown(t, e) {
		h.unknown = append(h.unknown, e.attempt)
	}
}

// alive reports whether the address has shown a sign of life.
func (h *history) alive() bool { return len(h.wrote) > 0 }

// deadElsewhere reports whether the address was refused as unknown outside the outage, and nobody wrote from it since.
func (h *history) deadElsewhere() bool {
	var last time.Time
	for _, t := range h.unknown {
		if t.After(last) {
			last = t
		}
	}
	if last.IsZero() {
		return false
	}
	for _, t := range h.wrote {
		if t.After(last) {
			return false
		}
	}
	return true
}
