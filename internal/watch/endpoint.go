package watch

import (
	"context"
	"net"
	"slices"
	"strconv"
	"strings"
	"time"

	"rimbalzo/internal/probe"
)

// endpoint is one endpoint as one account sees it. It belongs to the goroutine of Run.
type endpoint struct {
	target    probe.Target
	account   string // "" for one that belongs to no account
	operator  string
	name      string
	key       string
	direction probe.Direction
	pace      Pace
	due       time.Time // of the next check, by the monotonic clock
	reason    Reason
	running   bool
	tries     bool      // a login is under way
	waiting   bool      // its last look waits for a witness
	knocked   time.Time // by the monotonic clock
	poke      chan struct{}
	linked    time.Time // since when its connection is kept; zero for not
	looks     []Seen    // of late, the oldest first
	standing  Standing
	hangUp    func()  // ends the kept connection; nil where none is kept
	local     bool    // on this very machine: no line leads there
	struck    bool    // part of the open incident of its operator
	week      float64 // which part of the week's looks passed, -1 for none
}

// How often an endpoint without trouble is checked: a random time between the two.
var every = map[probe.Kind][2]time.Duration{
	probe.KindIMAP: {10 * time.Minute, 15 * time.Minute}, // where no connection is kept
	probe.KindPOP3: {10 * time.Minute, 15 * time.Minute},
	probe.KindSMTP: {50 * time.Minute, 70 * time.Minute},
	probe.KindWeb:  {30 * time.Minute, 40 * time.Minute},
	probe.KindMX:   {40 * time.Minute, 60 * time.Minute},
}

const (
	// The kept connection is renewed: IDLE ends, a NOOP follows, IDLE begins anew. Servers may end an IDLE of half an
	// hour (RFC 2177), home routers forget a silent connection after some minutes.
	renewFrom, renewTo = 8 * time.Minute, 12 * time.Minute
	// The second pass that makes it up follows the first in this time.
	secondFrom, secondTo = 30 * time.Second, time.Minute
	// firstFrom, firstTo: the first checks after a start that follows no trouble.
	firstFrom, firstTo = 0 * time.Second, 20 * time.Second
	// A connection that lived for so long ended as connections do; a younger one was ended by a trouble.
	ripe = 10 * time.Minute

	keepRecent  = 48 * time.Hour
	mostRecent  = 160
	budgetHour  = 3 // refused logins
	budgetDay   = 6
	mostPatient = 24 * time.Hour // Retry-After is believed up to this
)

// keyOf names an endpoint.
func keyOf(t probe.Target) string {
	host := t.Host
	if t.Port != 0 {
		host = net.JoinHostPort(t.Host, strconv.Itoa(t.Port))
	}
	return string(t.Kind) + " " + host
}

// isLocal reports whether a host is this machine itself.
func isLocal(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}

// kept reports whether the endpoint's connection is to be kept.
func (w *Watcher) kept(e *endpoint) bool {
	return w.p.Open != nil && e.target.Kind == probe.KindIMAP && e.target.Login != nil
}

// mayStart reports whether a check of the endpoint may begin at all, once it is due.
func (w *Watcher) mayStart(e *endpoint) bool {
	return !e.running && !e.waiting && e.poke == nil && (w.line.up || e.local) && !w.voice.paused
}

// start begins a check.
func (w *Watcher) start(e *endpoint, reason Reason) {
	now := time.Now()
	t := e.target
	if w.confirms(e) || w.yields(e) || reason == ForWitness {
		// The second look needs no login: it is to show that the server still stands, not to knock at its heaviest door again.
		t.Login = nil
	}
	if t.Login != nil {
		if free := w.loginFree(e.account); free > 0 {
			e.due = now.Add(free)
			return
		}
	}
	w.line.port25.Apply(&t, Network{Up: w.line.up, Sign: w.line.sign}, w.p.Wall())
	look := LookBare
	if t.Login != nil {
		look = LookLogin
	}
	e.running, e.knocked, e.reason, e.tries = true, now, ForCheck, look == LookLogin
	w.knock(e, reason)
	ctx := w.ctx
	w.wg.Go(func() {
		limited, cancel := context.WithTimeout(ctx, checkDeadline)
		defer cancel()
		var link Link
		var res probe.Result
		if look == LookLogin && w.kept(e) {
			res, link = w.p.Open(limited, t)
		} else {
			res = w.p.Check(limited, t)
		}
		if !w.post(ctx, func() { w.checked(e, res, look, link) }) && link != nil {
			link.Close()
		}
	})
}

// yields reports whether the endpoint leaves the few logins that may be refused to the one by which mail is read: while
// that one's are refused, and while it was dropped and has not knocked again.
func (w *Watcher) yields(e *endpoint) bool {
	return e.direction != probe.Receive && slices.ContainsFunc(w.endpoints, func(other *endpoint) bool {
		return other.account == e.account && other.target.Login != nil && other.direction == probe.Receive &&
			(other.standing.State == Suspect || other.pace.Troubled() && !failing(other.looks))
	})
}

// confirms reports whether a check is the second look after a login that passed, on an endpoint without a kept connection.
func (w *Watcher) confirms(e *endpoint) bool {
	n := len(e.looks)
	if w.kept(e) || e.target.Kind == probe.KindMX || n == 0 || e.looks[n-1].class() != ClassPass {
		return false
	}
	return e.standing.State == Recovering || e.standing.State == Unknown
}

// checked takes the result of a whole check.
func (w *Watcher) checked(e *endpoint, res probe.Result, look Look, link Link) {
	e.running, e.tries = false, false
	if link != nil {
		if w.keep(e, link); !e.pace.Troubled() {
			w.newMail(e.account) // while nobody waited for it
		}
	}
	s := e.seen(res, look, w.wall())
	if res.Ending == probe.EndingCancelled {
		w.schedule(e, s)
		w.decideLine(w.silence())
		return
	}
	w.took(e, s)
	if wait := res.RetryAfter.Sub(w.p.Wall()); !res.RetryAfter.IsZero() && s.class() != ClassPass {
		e.notBefore(time.Now().Add(min(wait, mostPatient)))
	}
}

// seen makes a look of a result.
func (e *endpoint) seen(res probe.Result, look Look, now time.Time) Seen {
	return Seen{
		At: now, Operator: e.operator, Account: e.account, Endpoint: e.key, Direction: e.direction,
		Look: look, Ending: res.Ending, Took: res.Took,
	}
}

// add keeps a look among the recent ones.
func (e *endpoint) add(s Seen) {
	e.looks = slices.DeleteFunc(append(e.looks, s), func(old Seen) bool { return s.At.Sub(old.At) > keepRecent })
	if extra := len(e.looks) - mostRecent; extra > 0 {
		e.looks = slices.Delete(e.looks, 0, extra)
	}
}

// settled takes a look of which it is clear whether the line was up.
func (w *Watcher) settled(e *endpoint, s Seen) {
	w.note(e, s)
	w.learnPort25(e, s)
	w.schedule(e, s)
	w.judge()
}

// note keeps a look.
func (w *Watcher) note(e *endpoint, s Seen) {
	e.add(s)
	w.remember("keeping a look", w.p.History.Note(w.ctx, s))
	if i := w.openIncident(e.operator); i != nil && e.struck {
		i.saw(s)
		w.remember("keeping an incident", w.p.History.PutIncident(w.ctx, *i))
	}
}

// schedule says when the endpoint is checked next, after a look.
func (w *Watcher) schedule(e *endpoint, s Seen) {
	now, dice := time.Now(), w.p.Dice
	bounds := every[e.target.Kind]
	pause := within(bounds[0], bounds[1], dice)
	switch c := s.class(); {
	case s.Line != LineUp:
		pause = e.pace.Failed(now, false, dice)
	case c == ClassPass:
		// How long reading new mail has to wait after a trouble.
		w.ease(e, e.pace.Passed(dice))
		if w.unproven(e) {
			pause = within(secondFrom, secondTo, dice)
		}
	case c == ClassRefusal:
		pause = e.pace.Refused(now, dice)
		w.refusals[e.account] = append(w.refusals[e.account], s.At)
		pause = max(pause, w.loginFree(e.account))
		w.troubledHand(e)
	case c == ClassBusy, c == ClassFailure:
		pause = e.pace.Failed(now, asksForQuiet(s.Ending), dice)
		w.troubledHand(e)
	}
	e.due = now.Add(pause)
	e.sparing()
}

// sparing keeps the pause that a provider's MX is owed.
func (e *endpoint) sparing() {
	if e.target.Kind == probe.KindMX && !e.knocked.IsZero() {
		e.notBefore(e.knocked.Add(probe.MinPauseMX))
	}
}

// unproven reports whether one more pass is needed, now that one is there.
func (w *Watcher) unproven(e *endpoint) bool {
	st := Decide(e.looks, nil, w.p.Wall())
	return st.State == Unknown || st.State == Recovering
}

func (e *endpoint) notBefore(t time.Time) {
	if t.After(e.due) {
		e.due = t
	}
}

// loginFree is how long the account has to wait until a login may be refused again: at most 3 in an hour and 6 in a day.
func (w *Watcher) loginFree(account string) time.Duration {
	now := w.p.Wall()
	list := slices.DeleteFunc(w.refusals[account], func(t time.Time) bool { return now.Sub(t) >= 24*time.Hour })
	w.refusals[account] = list
	for _, e := range w.endpoints {
		if e.account == account && e.tries {
			list = append(list, now) // it may be refused
		}
	}
	free := time.Duration(0)
	if len(list) >= budgetDay {
		free = list[len(list)-budgetDay].Add(24 * time.Hour).Sub(now)
	}
	if len(list) >= budgetHour {
		free = max(free, list[len(list)-budgetHour].Add(time.Hour).Sub(now))
	}
	return max(free, 0)
}
