package watch

import (
	"slices"
	"time"

	"rimbalzo/internal/probe"
)

// ofIncident: a provider went, or is back.
func (v *view) ofIncident(i Incident) []Notice {
	if v.relapse(i) {
		return nil
	}
	down := "down/" + i.ID
	if i.Open() {
		return v.of(KindDown, say("watch.notice.down").about("Name", text(i.Name)), []string{down},
			say("watch.notice.down.since").about("Time", i.Begin).about("List", directions(i.Directions)), say("watch.notice.down.body"))
	}
	if !v.isBack(i) {
		return nil
	}
	keys, length := []string{"back/" + i.ID}, say("watch.notice.back.after")
	if !v.claimed[down] {
		// Whoever was not told that it went need not be told that it is back, unless it was to be told later.
		if v.quiet == nil || !v.quiet(i.End) {
			return nil
		}
		keys, length = append(keys, down), say("watch.notice.back.quiet").about("Time", i.Begin)
	}
	body := []Sentence{length.about("Duration", i.End.Sub(i.Begin))}
	switch n := v.meanwhile(i); {
	case n > 0:
		body = append(body, sayN("watch.notice.back.bounces", n))
	case v.reviewed.After(v.courses[i.ID].unread):
		body = append(body, say("watch.notice.back.none"))
	case v.reads:
		body = append(body, say("watch.notice.back.later"))
	}
	return v.of(KindBack, say("watch.notice.back").about("Name", text(i.Name)), keys, body...)
}

// isBack reports whether it is time to tell that an incident has ended: the provider has worked for a while, the longer the
// more it came and went, and what came back meanwhile is known, where it is known soon.
func (v *view) isBack(i Incident) bool {
	c, age := v.courses[i.ID], v.now.Sub(i.End)
	wait := steady
	if c.swings {
		wait = steadyAfterSwings
	}
	if !c.works || age < wait || v.now.Sub(c.failed) < wait || age > oldBack {
		return false
	}
	return !v.reads || v.reviewed.After(c.unread) || age >= backPatience
}

// relapse reports whether an incident is nothing to tell: the person was told a short while before that the provider is
// back, and it has not been gone again for long. What comes and goes would be told again and again.
func (v *view) relapse(i Incident) bool {
	if v.claimed["down/"+i.ID] || !slices.ContainsFunc(v.incidents, func(before Incident) bool {
		return before.Operator == i.Operator && before.ID != i.ID && !before.Open() && !i.Begin.Before(before.Begin) &&
			v.claimed["back/"+before.ID] && i.Begin.Sub(before.End) < soonAgain
	}) {
		return false
	}
	begin := i.Begin
	if p := v.courses[i.ID].passed; p.After(begin) {
		begin = p
	}
	return !i.Open() || v.now.Sub(begin) < lasts
}

// meanwhile counts the messages that came back during an incident.
func (v *view) meanwhile(i Incident) int {
	n := 0
	for _, it := range v.items {
		if slices.ContainsFunc(it.Bounces, func(b ItemBounce) bool { return !b.At.Before(i.Begin) && !b.At.After(i.End) }) {
			n++
		}
	}
	return n
}

func directions(list []probe.Direction) []Sentence {
	var all []Sentence
	for _, d := range list {
		all = append(all, say("watch.direction."+string(d)))
	}
	return all
}

// courseOf tells how the endpoints of an incident have been, by their looks of late.
func courseOf(i Incident, endpoints []*endpoint, now time.Time) course {
	c := course{works: true}
	for _, e := range endpoints {
		if e.operator != i.Operator || !slices.Contains(i.Endpoints, e.key) || e.account != "" && !slices.Contains(i.Accounts, e.account) {
			continue
		}
		works, switches, last := true, 0, Class("")
		for _, s := range e.looks {
			class := s.class()
			if s.Look == LookDrop {
				class = ClassFailure // whether it works, the next look tells
			}
			if s.Line != LineUp || class == ClassNothing {
				continue
			}
			works = class != ClassFailure
			switch class {
			case ClassPass:
				c.passed = latest(c.passed, s.At)
			case ClassFailure:
				c.failed = latest(c.failed, s.At)
				if e.direction == probe.Receive {
					c.unread = latest(c.unread, s.At)
				}
			default:
				continue // it answers, and nothing swings
			}
			if s.Look == LookDrop {
				continue
			}
			if last != "" && last != class && now.Sub(s.At) < spanOfSwings {
				switches++
			}
			last = class
		}
		c.works = c.works && works
		c.swings = c.swings || switches >= switchesForSwings
	}
	return c
}

// A provider came and went where one of its endpoints changed between answering and not so often in so much time.
const (
	switchesForSwings = 3
	spanOfSwings      = 3 * time.Hour
)

func latest(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
