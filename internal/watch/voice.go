package watch

import (
	"context"
	"slices"
	"time"
)

// voice is what the telling remembers. It belongs to the goroutine of Run.
type voice struct {
	paused  bool
	snoozed time.Time
	claimed map[string]bool      // the keys that were claimed, as far as the items of now ask for them
	found   map[string]time.Time // by bounce: when this process met it first
	refused map[string]time.Time // by account: since when its login is refused
	told    []Told               // of the last day
	lost    []Told               // of those, what the last process claimed and perhaps did not show
	waits   bool                 // bounces wait for more of their kind
	held    bool                 // until now nothing was told: what is due now is told together
	out     chan Notice
}

// Quiet is what the person does not want to be told, and when. The zero Quiet keeps nothing back.
type Quiet struct {
	// From and To are the quiet hours, by the clock on the wall: from one time of day to another, counted from midnight, over
	// midnight where From is the later one; none where both are the same. What comes meanwhile is told at their end.
	From, To time.Duration
	// Mute are kinds of notices that are not told, neither then nor later.
	Mute []Kind
}

// holds reports whether t lies in the quiet hours. Hours and minutes are the wall's also on the days when clocks change.
func (q Quiet) holds(t time.Time) bool {
	at := time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute
	if q.From <= q.To {
		return at >= q.From && at < q.To
	}
	return at >= q.From || at < q.To
}

// Snooze tells nothing until an instant; one in the past ends it. It survives a restart.
func (w *Watcher) Snooze(ctx context.Context, until time.Time) error {
	return w.ask(ctx, func() {
		w.voice.snoozed = until
		w.remember("keeping the snooze", w.p.History.Set(w.ctx, "snoozed", until.UTC().Format(time.RFC3339)))
		w.judge()
	})
}

// Saw takes in that the person has the window before him: what is due now need not be told any more.
func (w *Watcher) Saw(ctx context.Context) error {
	return w.ask(ctx, func() {
		v := w.view(w.p.Wall())
		v.found, v.told = nil, nil // nothing waits for more of its kind
		for _, n := range v.due() {
			w.claim(n, KindSeen)
		}
		w.publish(v.now)
	})
}

// quiet gives what the person wants not to be told at this moment.
func (w *Watcher) quiet() Quiet {
	if w.p.Quiet == nil {
		return Quiet{}
	}
	return w.p.Quiet()
}

func (w *Watcher) view(now time.Time) *view {
	v := &view{
		now: now, incidents: w.incidents, claimed: w.voice.claimed, found: w.voice.found, told: w.voice.told, courses: map[string]course{},
		quiet: func(t time.Time) bool { return w.quiet().holds(t.In(w.p.Zone)) },
	}
	for _, a := range w.p.Accounts {
		if m := w.mail[a.ID]; m != nil {
			v.items = append(v.items, m.items...)
			if !v.reads || m.at.Before(v.reviewed) {
				v.reviewed = m.at
			}
			v.reads = true
		}
	}
	for _, i := range w.incidents {
		if i.Open() || now.Sub(i.End) <= oldBack {
			v.courses[i.ID] = courseOf(i, w.endpoints, now)
		}
	}
	for _, e := range w.endpoints {
		why := e.standing.Why
		if e.standing.State != Suspect || why != WhyPassword && (why != WhyLong || w.openIncident(e.operator) != nil) {
			continue
		}
		if !slices.ContainsFunc(v.refused, func(r refusedLogin) bool { return r.account == e.account }) {
			v.refused = append(v.refused, refusedLogin{e.account, e.name, w.voice.refused[e.account], why})
		}
	}
	return v
}

// episode keeps since when an account's login is refused: the looks that tell it are forgotten after some days, and the
// same refusal must not be told anew then.
func (w *Watcher) episode(account string) {
	refused, works := false, false
	var since time.Time
	for _, e := range w.endpoints {
		if e.account != account || e.target.Login == nil {
			continue
		}
		if st := e.standing; st.State == Suspect {
			if refused = true; since.IsZero() || st.Since.Before(since) {
				since = st.Since
			}
		} else if st.State == Up || st.State == Degraded {
			works = true
		}
	}
	known, ok := w.voice.refused[account]
	switch {
	case refused && !ok:
		w.voice.refused[account] = since
		w.remember("keeping a refusal", w.p.History.Set(w.ctx, "refused/"+account, since.UTC().Format(time.RFC3339Nano)))
	case refused:
		for _, e := range w.endpoints {
			if e.account == account && e.standing.State == Suspect {
				e.standing.Since = known
			}
		}
	case works && ok:
		delete(w.voice.refused, account)
		w.remember("keeping the end of a refusal", w.p.History.Set(w.ctx, "refused/"+account, ""))
	}
}

// learn looks up what was told of an account's items. At the first review of an account nothing is news: the person is
// setting it up and has the list in front of him.
func (w *Watcher) learn(m *mailbox, now time.Time) {
	for _, it := range m.items {
		for _, b := range it.Bounces {
			if _, ok := w.voice.found[b.Key]; !ok {
				w.voice.found[b.Key] = now
			}
		}
	}
	v := &view{now: now, items: m.items}
	claimed, err := w.p.History.Claimed(w.ctx, v.keys())
	if err != nil {
		// Nothing is told of what may have been told.
		w.remember("looking up what was told", err)
		m.items = nil
		return
	}
	for key := range claimed {
		w.voice.claimed[key] = true
	}
	name := "reviewed/" + m.account
	before, err := w.p.History.Get(w.ctx, name)
	w.remember("looking up the first review", err)
	if before != "" || err != nil {
		return
	}
	v.claimed = w.voice.claimed
	for _, n := range v.due() {
		w.claim(n, KindSeen)
	}
	w.remember("keeping the first review", w.p.History.Set(w.ctx, name, now.UTC().Format(time.RFC3339)))
}

// speak tells what is due, the important first, within what a day allows. What came while nothing was to be told is told
// together.
func (w *Watcher) speak(now time.Time) {
	vo := &w.voice
	vo.told = slices.DeleteFunc(vo.told, func(t Told) bool { return now.Sub(t.At) >= 24*time.Hour })
	quiet := w.quiet()
	if vo.paused || now.Before(vo.snoozed) || quiet.holds(now.In(w.p.Zone)) {
		vo.held, vo.waits = true, false
		return
	}
	var list []Notice
	v := w.view(now)
	vo.waits = v.unsettled()
	for _, n := range v.due() {
		if slices.Contains(quiet.Mute, n.Kind) {
			w.claim(n, KindSeen)
			continue
		}
		list = append(list, n)
	}
	if vo.held && len(list) > 1 {
		list = []Notice{inOne(list, now)}
	}
	vo.held = false
	for _, n := range list {
		if len(vo.told) >= mostADay || (n.Kind.ofMail() && w.toldOfMail() >= mostOfMail) {
			continue
		}
		if len(vo.out) < cap(vo.out) && w.claim(n, n.Kind) {
			vo.told = append(vo.told, Told{ID: n.ID, Kind: n.Kind, At: now})
			vo.out <- n
		}
	}
}

// mostTogether is how many notices one names that tells of several.
const mostTogether = 5

// inOne makes one notice of several.
func inOne(list []Notice, now time.Time) Notice {
	one := Notice{Kind: KindTogether, At: now, Title: sayN("watch.notice.together", len(list))}
	var titles []Sentence
	for _, n := range list {
		titles = append(titles, n.Title)
		one.Keys, one.Marks = append(one.Keys, n.Keys...), append(one.Marks, n.Marks...)
	}
	if more := len(titles) - mostTogether; more > 0 {
		titles = append(titles[:mostTogether:mostTogether], sayN("watch.notice.together.more", more))
	}
	one.Body = []Sentence{say("watch.notice.parts").about("List", titles)}
	one.ID = noticeID(one.Kind, one.Keys)
	return one
}

func (w *Watcher) toldOfMail() int {
	n := 0
	for _, t := range w.voice.told {
		if t.Kind.ofMail() {
			n++
		}
	}
	return n
}

// claim keeps what a notice tells before it is told. False means that it must not be told: it was told before, or nobody
// knows whether it can be kept.
func (w *Watcher) claim(n Notice, kind Kind) bool {
	for _, mark := range n.Marks {
		_, err := w.p.History.Claim(w.ctx, Told{ID: "mark-" + mark, Kind: KindMark, At: n.At, Keys: []string{mark}})
		w.remember("keeping what is to come", err)
		w.voice.claimed[mark] = true
	}
	fresh, err := w.p.History.Claim(w.ctx, Told{ID: n.ID, Kind: kind, At: n.At, Keys: n.Keys})
	w.remember("keeping what is told", err)
	if err != nil {
		return false
	}
	for _, key := range n.Keys {
		w.voice.claimed[key] = true
	}
	return fresh
}

// tell hands notices to the desktop, one after the other.
func (w *Watcher) tell(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case n := <-w.voice.out:
			err := w.p.Notify(ctx, n)
			if err == nil {
				err = w.p.History.Shown(ctx, n.ID)
			}
			if err != nil {
				w.post(ctx, func() { w.remember("telling", err) })
			}
		}
	}
}
