package watch

import (
	"slices"
	"time"
)

// judge decides anew what all looks add up to, keeps the incidents, tells what is due and publishes the status.
func (w *Watcher) judge() {
	w.judged = time.Now()
	now := w.wall()
	around := map[string][]Seen{}
	for _, e := range w.endpoints {
		// What others saw tells refused logins apart, and nothing else.
		if len(w.refusals[e.account]) > 0 && around[e.operator] == nil {
			around[e.operator] = w.looksAt(e.operator)
		}
	}
	for _, e := range w.endpoints {
		was := e.standing
		e.standing = Decide(e.looks, around[e.operator], now)
		if struck(was) && e.standing.State == Up {
			w.hint(e)
		}
	}
	for _, a := range w.p.Accounts {
		w.episode(a.ID)
	}
	for _, operator := range w.operators() {
		w.incident(operator, now)
	}
	w.speak(now)
	w.publish(now)
}

// looksAt gives all recent looks at a provider, sorted once for all who look around.
func (w *Watcher) looksAt(operator string) []Seen {
	var list []Seen
	for _, e := range w.endpoints {
		if e.operator == operator {
			list = append(list, e.looks...)
		}
	}
	slices.SortFunc(list, Seen.compare)
	return list
}

// hint brings the next login of a refused account nearer, where its provider works again: still at a random moment, and
// within what refused logins are allowed.
func (w *Watcher) hint(e *endpoint) {
	now := time.Now()
	for _, other := range w.endpoints {
		if other.operator == e.operator && other.standing.State == Suspect && other.poke == nil {
			if soon := now.Add(max(within(0, firstContact, w.p.Dice), w.loginFree(other.account))); soon.Before(other.due) {
				other.due = soon
			}
		}
	}
}

// operators lists the providers that are watched.
func (w *Watcher) operators() []string {
	var list []string
	for _, e := range w.endpoints {
		list = with(list, e.operator)
	}
	return list
}

func (w *Watcher) openIncident(operator string) *Incident {
	for i := range w.incidents {
		if w.incidents[i].Operator == operator && w.incidents[i].Open() {
			return &w.incidents[i]
		}
	}
	return nil
}

// relapse opens the provider's last incident again where it ended a short while before, and nobody was told that it had.
func (w *Watcher) relapse(operator string, since time.Time) *Incident {
	for n := range w.incidents {
		i := &w.incidents[n]
		if i.Operator == operator && since.Sub(i.End) <= soonAgain && !w.voice.claimed["back/"+i.ID] {
			i.End = time.Time{}
			return i
		}
	}
	return nil
}

// endBefore gives when the incident before one of the same provider ended; zero for none.
func (w *Watcher) endBefore(i *Incident) (end time.Time) {
	for _, before := range w.incidents {
		if before.Operator == i.Operator && !before.Open() && before.ID != i.ID {
			end = latest(end, before.End)
		}
	}
	return end
}

// incident begins, feeds and ends the incident of a provider.
func (w *Watcher) incident(operator string, now time.Time) {
	open := w.openIncident(operator)
	changed, lasting := false, false
	var end time.Time
	for _, e := range w.endpoints {
		if e.operator != operator {
			continue
		}
		if struck(e.standing) {
			if open == nil {
				open = w.relapse(operator, e.standing.Since)
			}
			if open == nil {
				w.incidents = append(w.incidents, begin(operator, e.name, e.standing.Since))
				open = &w.incidents[len(w.incidents)-1]
			}
			if since := latest(e.standing.Since, w.endBefore(open)); since.Before(open.Begin) && !e.struck {
				open.Begin = since
			}
			changed = open.strike(e) || changed
			e.struck = true
		}
		if e.struck && !over(e.direction, e.standing) {
			lasting = true
		}
		if e.struck && e.standing.Since.After(end) {
			end = e.standing.Since
		}
	}
	if open == nil {
		return
	}
	if !lasting {
		open.End = now
		if end.After(open.Begin) {
			open.End = end
		}
		changed = true
		for _, e := range w.endpoints {
			e.struck = e.struck && e.operator != operator
		}
	}
	if id := catalogued(w.p.Catalogue, *open, now); id != open.Outage {
		open.Outage, changed = id, true
	}
	if changed {
		w.remember("keeping an incident", w.p.History.PutIncident(w.ctx, *open))
	}
	w.incidents = slices.DeleteFunc(w.incidents, func(i Incident) bool { return !i.Open() && now.Sub(i.End) > oldNews })
}
