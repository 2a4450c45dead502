package watch

import (
	"slices"
	"time"
)

// load makes the endpoints and takes up what the last process knew: looks, pauses, refused logins, incidents, what was
// told. Whoever starts the program again does not make it knock sooner.
func (w *Watcher) load() error {
	now := w.p.Wall()
	w.buckets, w.refusals, w.mail = map[string]*Bucket{}, map[string][]time.Time{}, map[string]*mailbox{}
	w.voice = voice{claimed: map[string]bool{}, found: map[string]time.Time{}, refused: map[string]time.Time{}, out: make(chan Notice, mostADay)}
	w.makeEndpoints()
	if err := w.loadLooks(now); err != nil {
		return err
	}
	if err := w.loadVoice(now); err != nil {
		return err
	}
	known, err := LoadPort25(w.ctx, w.p.History)
	if err != nil {
		return err
	}
	w.line.port25 = known
	n := w.p.Network()
	w.line.up, w.line.sign = n.Up, n.Sign
	w.clock.looked = time.Now().Add(-tickEvery)
	w.clock.wall = now.Add(-tickEvery)
	if !n.Up {
		w.lineIs(LineGone, nil)
	}
	return nil
}

func (w *Watcher) makeEndpoints() {
	shared := map[string]bool{}
	for _, a := range w.p.Accounts {
		for _, t := range a.Targets {
			e := &endpoint{
				target: t, account: a.ID, operator: a.Operator, name: a.Name, key: keyOf(t), direction: t.Kind.Direction(), reason: ForCheck,
				local: isLocal(t.Host), week: -1, standing: Standing{State: Unknown},
			}
			if t.Login == nil {
				// Whoever looks from outside sees the same for all accounts.
				e.account = ""
				if id := a.Operator + " " + a.Name + " " + e.key; shared[id] {
					continue
				} else {
					shared[id] = true
				}
			}
			w.endpoints = append(w.endpoints, e)
		}
		if a.Reads && w.p.Review != nil {
			w.mail[a.ID] = &mailbox{account: a.ID, due: time.Now().Add(firstReview)}
		}
	}
}

// loadLooks takes up the looks of the last days, and from them the pauses.
func (w *Watcher) loadLooks(now time.Time) error {
	looks, err := w.p.History.Looks(w.ctx, now.Add(-keepRecent))
	if err != nil {
		return err
	}
	incidents, err := w.p.History.Incidents(w.ctx, now.Add(-oldNews))
	if err != nil {
		return err
	}
	w.incidents = slices.DeleteFunc(incidents, func(i Incident) bool {
		return i.Open() && !slices.Contains(w.operators(), i.Operator) // nobody watches it any more
	})
	for _, e := range w.endpoints {
		for _, s := range looks {
			if s.Account == e.account && s.Endpoint == e.key && s.Operator == e.operator {
				e.add(s)
			}
		}
		for _, i := range w.incidents {
			mine := e.account == "" || slices.Contains(i.Accounts, e.account)
			e.struck = e.struck || i.Open() && i.Operator == e.operator && mine && slices.Contains(i.Endpoints, e.key)
		}
		w.resume(e, now)
	}
	return nil
}

// resume goes through the last looks again to find the pause that the last process was in.
func (w *Watcher) resume(e *endpoint, now time.Time) {
	mono := time.Now()
	e.due = mono.Add(within(firstFrom, firstTo, w.p.Dice))
	var next time.Time
	for _, s := range e.looks {
		if s.At.After(now) {
			continue
		}
		ago := mono.Add(s.At.Sub(now))
		switch c := s.class(); {
		case s.Look == LookDrop, s.Look == LookAgain && s.Line == LineUp && c == ClassFailure:
			// A connection that ended is no knock that failed: the first one follows it.
			next = ago.Add(e.pace.Dropped(ago, w.p.Dice))
			w.bucket(e.account).Dropped(s.At, w.p.Dice)
		case s.Line != LineUp:
		case c == ClassPass:
			e.pace.Passed(w.p.Dice)
			next = time.Time{}
		case c == ClassRefusal:
			w.refusals[e.account] = append(w.refusals[e.account], s.At)
			next = ago.Add(e.pace.Refused(ago, w.p.Dice))
		case c == ClassBusy, c == ClassFailure:
			next = ago.Add(e.pace.Failed(ago, asksForQuiet(s.Ending), w.p.Dice))
		}
		if s.Look != LookLine {
			e.knocked = ago
		}
		if e.pace.Troubled() && e.account != "" {
			w.bucket(e.account).Troubled(s.At)
		}
	}
	slices.SortFunc(w.refusals[e.account], time.Time.Compare)
	e.notBefore(next)
	e.sparing()
}

// weekOf counts how many of the week's looks passed.
func (e *endpoint) weekOf(sums []Sum) {
	passed, all := 0, 0
	for _, s := range sums {
		if s.Endpoint == e.key && s.Account == e.account {
			passed += s.Pass
			all += s.Pass + s.Busy + s.Refusal + s.Failure
		}
	}
	e.week = -1
	if all > 0 {
		e.week = float64(passed) / float64(all)
	}
}

// loadVoice takes up what was told, and what the person said about being told.
func (w *Watcher) loadVoice(now time.Time) error {
	h := w.p.History
	told, err := h.Told(w.ctx, now.Add(-24*time.Hour))
	if err != nil {
		return err
	}
	w.voice.told = told
	// Claimed, and then the process died: told or not, nobody knows.
	w.voice.lost = slices.DeleteFunc(slices.Clone(told), func(t Told) bool { return t.Shown })
	for _, a := range w.p.Accounts {
		value, err := h.Get(w.ctx, "refused/"+a.ID)
		if err != nil {
			return err
		}
		if t, err := time.Parse(time.RFC3339Nano, value); err == nil {
			w.voice.refused[a.ID] = t
		}
	}
	claimed, err := h.Claimed(w.ctx, (&view{incidents: w.incidents}).keys())
	if err != nil {
		return err
	}
	for key := range claimed {
		w.voice.claimed[key] = true
	}
	paused, err := h.Get(w.ctx, "paused")
	if err != nil {
		return err
	}
	w.voice.paused = paused != ""
	snoozed, err := h.Get(w.ctx, "snoozed")
	if err != nil {
		return err
	}
	if t, err := time.Parse(time.RFC3339, snoozed); err == nil {
		w.voice.snoozed = t
	}
	w.newDay(now)
	w.knocks.list, err = h.Knocks(w.ctx, w.knocks.day)
	return err
}
