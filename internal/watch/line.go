package watch

import (
	"slices"
	"time"

	"rimbalzo/internal/probe"
)

// line is what is known of this machine's own way to the internet.
type line struct {
	up      bool      // there is an interface and a route
	state   Line      // LineUp, or why nothing counts against anybody
	sign    string    // of the last look at the network
	changed time.Time // when the network last changed, by the monotonic clock
	own     time.Time // until when a lost connection is this machine's own doing, by the monotonic clock
	waiting []waiting // looks of which it is not clear whether the line was up
	port25  Port25
}

// waiting is a look that waits for a witness.
type waiting struct {
	e *endpoint
	s Seen
}

const (
	// ownDoing is how long after a sleep or a change of network a lost connection is laid to it.
	ownDoing = time.Minute
	// lately is how long an answer proves that the line is up.
	lately = 2 * time.Minute
	// portalTime is how long after a change of network strange certificates are laid to a captive portal.
	portalTime = 30 * time.Minute
	// witnessPause is how long a provider is left alone that was asked because another one did not answer.
	witnessPause = 10 * time.Minute
)

// took takes a look and finds out whether it says something about the provider, or about this machine's line. No stranger
// is asked: first what was seen of the other providers in these minutes, then one of them, by the connection that is kept.
func (w *Watcher) took(e *endpoint, s Seen) {
	switch {
	case e.local:
	case !w.line.up:
		s.Line = LineGone
	case w.portal(e, s):
		s.Line = LinePortal
	case unanswered(s.Ending):
		if w.answeredLately(e, s.At) {
			break
		}
		e.waiting = true
		w.line.waiting = append(w.line.waiting, waiting{e, s})
		if !w.askWitness(e) {
			w.decideLine(w.silence())
		}
		return
	case s.class() == ClassNothing:
		w.settled(e, s)
		w.decideLine(w.silence())
		return
	default:
		// It answered: so did the line.
		w.lineIs(LineUp, e)
		w.settled(e, s)
		w.decideLine(false)
		return
	}
	if s.Line != LineUp {
		w.lineIs(s.Line, e)
	}
	w.settled(e, s)
	w.decideLine(w.silence())
}

// answers reports whether a look proves that somebody answered; met is false where it proves neither that nor the contrary.
func answers(s Seen) (answered, met bool) {
	if s.Look == LookDrop || s.Look == LookLine || s.Ending == "" {
		return false, false
	}
	if s.Look == LookAgain || unanswered(s.Ending) {
		return s.Ending == probe.EndingOK, true
	}
	return s.Line == LineUp, s.class() != ClassNothing
}

// answeredLately reports whether anybody but the endpoint itself answered in the last minutes.
func (w *Watcher) answeredLately(but *endpoint, now time.Time) bool {
	for _, e := range w.endpoints {
		for _, s := range slices.Backward(e.looks) {
			if now.Sub(s.At) > lately {
				break
			}
			if answered, _ := answers(s); answered && e != but && !e.local {
				return true
			}
		}
	}
	return false
}

// silence reports whether, by the last contact with each, no provider answers. With a single provider nobody can say.
func (w *Watcher) silence() bool {
	last := map[string]Seen{}
	for _, e := range w.endpoints {
		if e.local {
			continue
		}
		for _, s := range slices.Backward(e.looks) {
			if _, met := answers(s); met {
				if s.At.After(last[e.operator].At) {
					last[e.operator] = s
				}
				break
			}
		}
	}
	for _, each := range w.line.waiting {
		last[each.e.operator] = each.s
	}
	for _, s := range last {
		if answered, _ := answers(s); answered {
			return false
		}
	}
	return len(last) > 1
}

// askWitness asks another provider, or waits for one that is being asked. False where there is none to ask.
func (w *Watcher) askWitness(e *endpoint) bool {
	now := time.Now()
	var free *endpoint
	for _, other := range w.endpoints {
		switch {
		case other.operator == e.operator || other.waiting || other.local:
		case other.poke != nil:
			other.pokeNow()
			return true
		case other.running:
			return true
		case free == nil && other.target.Kind != probe.KindMX && now.Sub(other.knocked) >= witnessPause && w.mayStart(other):
			free = other
		}
	}
	if free == nil {
		return false
	}
	w.start(free, ForWitness)
	return free.running
}

// decideLine settles the looks that waited. silent says that the witness did not answer either. Where there was no
// witness, a provider of which not even the name is found is laid to the line: nothing counts against anybody then.
func (w *Watcher) decideLine(silent bool) {
	list := w.line.waiting
	w.line.waiting = nil
	for _, each := range list {
		each.e.waiting = false
		alone := nameless(each.s.Ending) && !w.hasOthers(each.e.operator)
		if silent || alone {
			each.s.Line = LineSilent
		}
		w.lineIs(each.s.Line, each.e)
		w.settled(each.e, each.s)
	}
}

// hasOthers reports whether another provider is watched.
func (w *Watcher) hasOthers(operator string) bool {
	for _, e := range w.endpoints {
		if e.operator != operator && !e.local {
			return true
		}
	}
	return false
}

// portal reports whether somebody else answers in the provider's name: strange certificates after a change of network, or
// at several providers at once.
func (w *Watcher) portal(e *endpoint, s Seen) bool {
	if !impostor(s.Ending) {
		return false
	}
	if w.line.state == LinePortal || (!w.line.changed.IsZero() && time.Since(w.line.changed) <= portalTime) {
		return true
	}
	for _, other := range w.endpoints {
		if n := len(other.looks); n > 0 && other.operator != e.operator {
			if last := other.looks[n-1]; impostor(last.Ending) && s.At.Sub(last.At) <= portalTime {
				return true
			}
		}
	}
	return false
}

// lineIs notes a change of the line at every endpoint but the one that is settled anyway.
func (w *Watcher) lineIs(state Line, but *endpoint) {
	if state == w.line.state {
		return
	}
	was := w.line.state
	w.line.state = state
	now := time.Now()
	for _, e := range w.endpoints {
		if e.local {
			continue
		}
		if e != but {
			s := Seen{At: w.p.Wall(), Operator: e.operator, Account: e.account, Endpoint: e.key, Direction: e.direction, Look: LookLine, Line: state}
			w.note(e, s)
		}
		if was != LineUp && state == LineUp && e != but {
			// What the line cost is made good for soon; a provider that was in trouble before keeps its pause.
			if e.standing.State == Offline && e.poke == nil && !failing(e.looks) {
				e.pace = Pace{}
				e.due = now.Add(within(0, ownTrouble, w.p.Dice))
				e.sparing()
			}
		}
	}
}

// failing reports whether the last look that said something about the provider was a failure.
func failing(looks []Seen) bool {
	for i := len(looks) - 1; i >= 0; i-- {
		s := looks[i]
		if c := s.class(); s.Line == LineUp && c != ClassNothing {
			return c == ClassFailure || c == ClassRefusal || c == ClassBusy
		}
	}
	return false
}

// lookAtNetwork looks at interfaces and routes, and at what changed.
func (w *Watcher) lookAtNetwork(now time.Time) {
	n := w.p.Network()
	if n.Up == w.line.up && n.Sign == w.line.sign {
		return
	}
	w.line.up, w.line.sign = n.Up, n.Sign
	w.line.changed, w.line.own = now, now.Add(ownDoing)
	if n.Up {
		w.lineIs(LineUp, nil) // another network has its own merits
	} else {
		w.lineIs(LineGone, nil)
	}
	w.pokeAll()
}

// clock compares the machine's clock with the time that has really passed: they part when the machine sleeps, and when
// somebody sets the clock.
type clock struct {
	looked time.Time // by the monotonic clock
	wall   time.Time // then
	ticks  int       // looks so far, up to 2
}

// jump is from which difference on the clock has jumped: slewing and slow looks make less.
const jump = 5 * time.Second

// wall gives the time by the machine's clock, after the clock was looked at where it has just been set: what was seen before
// must not lie in the future of what is seen now.
func (w *Watcher) wall() time.Time {
	now, wall := time.Now(), w.p.Wall()
	if d := wall.Sub(w.clock.wall) - now.Sub(w.clock.looked); w.clock.ticks > 0 && (d >= jump || d <= -jump) {
		w.lookAtClock(now)
	}
	return wall
}

// lookAtClock finds sleeps and set clocks.
func (w *Watcher) lookAtClock(now time.Time) {
	wall := w.p.Wall()
	c := &w.clock
	d := wall.Sub(c.wall) - now.Sub(c.looked)
	first := c.ticks == 0
	c.looked, c.wall, c.ticks = now, wall, min(c.ticks+1, 2)
	if first || (d < jump && d > -jump) {
		return
	}
	// A sleep or a set clock? By the two clocks alone nobody can say, so that both are taken for the worse: connections are
	// looked at, and refused logins are not forgotten for time that may not have passed.
	w.line.own = now.Add(ownDoing)
	for account, list := range w.refusals {
		for i := range list {
			list[i] = list[i].Add(d)
		}
		w.refusals[account] = list
	}
	if d < 0 {
		// What was seen before the clock was put back would lie in the future.
		for _, e := range w.endpoints {
			for i := range e.looks {
				e.looks[i].At = e.looks[i].At.Add(d)
			}
		}
		for _, b := range w.buckets {
			b.next = b.next.Add(d)
		}
	}
	w.pokeAll()
}
