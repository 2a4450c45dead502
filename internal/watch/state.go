package watch

import (
	"slices"
	"time"

	"rimbalzo/internal/probe"
)

// State is what the recent looks at an endpoint, a direction or a provider add up to.
type State string

// The states.
const (
	Unknown    State = "unknown"    // not looked at yet, or too long ago
	Offline    State = "offline"    // this machine's own internet is gone: nothing counts against the provider
	Up         State = "up"         //
	Degraded   State = "degraded"   // slow, or only a part of it works
	Suspect    State = "suspect"    // a login was refused, which is not a wrong password yet
	Down       State = "down"       //
	Flapping   State = "flapping"   // it comes and goes
	Recovering State = "recovering" // it answered once after a trouble, and has to do so again
)

// Why says more about a state.
type Why string

// The reasons; "" where there is nothing to add.
const (
	WhyLine     Why = "line"      // Offline: this machine has no network
	WhyPortal   Why = "portal"    // Offline: a captive portal answers in everybody's name
	WhyNobody   Why = "nobody"    // Offline: nobody at all answers, so it is likely the line
	WhySlow     Why = "slow"      // Degraded: it takes long to answer
	WhyBusy     Why = "busy"      // Degraded: it answers, and asks to come back later
	WhySome     Why = "some"      // Degraded: some accounts or directions work
	WhyRefused  Why = "refused"   // Suspect: a login was refused, and it is too early to say why
	WhyPassword Why = "password"  // Suspect: it is the password, see passwordIsWrong
	WhyLong     Why = "long"      // Suspect: for days, without a reason, and everything else works, see refusedForLong
	WhyAll      Why = "all"       // Down: it refuses the logins of all accounts at once
	WhyTLS      Why = "tls"       // Down: its certificate or its encryption is not as it should be
	WhyNoSecret Why = "no-secret" // Unknown: the password is in a keyring that is locked
	WhyUnseen   Why = "unseen"    // Unknown: it cannot be seen from this line
)

// Standing is a state with its reason.
type Standing struct {
	State State
	Why   Why
	Since time.Time // when what made the state began; zero with Unknown
}

// Figures of the decisions.
const (
	failuresForDown = 3
	spanForDown     = 2 * time.Minute
	passesForUp     = 2
	slowness        = 8 * time.Second // a pass that took longer is a slow one
	slowOf          = 3               // of so many passes two slow ones make it degraded

	switchesForFlapping = 4 // between answering and not
	spanOfFlapping      = 90 * time.Minute
	calmAfterFlapping   = 30 * time.Minute

	stale        = 3 * time.Hour  // a look that is older says nothing about now
	staleRefusal = 26 * time.Hour // refused logins are repeated a few times a day only

	// clockSlack is how far a look may lie in the future and still count: clocks are set now and then.
	clockSlack = 5 * time.Second
)

// Decide says what the looks at one endpoint by one account add up to. around are the looks of all accounts at the same
// operator's endpoints, among which own may be: they tell a wrong password from a provider in trouble. It is a pure and
// total function: the order of the looks and duplicates do not matter, looks of the future are not looked at, and without
// looks there is no state but Unknown.
func Decide(own, around []Seen, now time.Time) Standing {
	own = sorted(own, now)
	if n := len(own); n > 0 && own[n-1].Line != LineUp {
		return offline(own)
	}
	var f fold
	for _, s := range own {
		f.logsIn = f.logsIn || s.Look == LookLogin && s.Line == LineUp
	}
	for _, s := range own {
		if s.Line == LineUp {
			f.take(s)
		}
	}
	return f.standing(own, around, now)
}

// offline is the state while the newest look says that the line is gone: since the first of such looks in a row.
func offline(own []Seen) Standing {
	first := len(own) - 1
	for first > 0 && own[first-1].Line != LineUp {
		first--
	}
	why := WhyLine
	switch own[len(own)-1].Line {
	case LinePortal:
		why = WhyPortal
	case LineSilent:
		why = WhyNobody
	}
	return Standing{State: Offline, Why: why, Since: own[first].At}
}

// fold goes through the looks from the oldest to the newest.
type fold struct {
	now       Standing
	logsIn    bool // among the looks are logins: a bare look proves nothing then
	fails     int  // failures without a pass between them
	firstFail time.Time
	passes    int       // passes without a failure between them
	firstPass time.Time // of those
	busy      bool      // the last answer was "later"
	tookLong  []bool    // of the last passes
	refusals  []Seen    // refused logins since the last pass
	last      Seen      // the last look that said something
	swing     Class     // the last of pass and failure
	switches  []time.Time
}

func (f *fold) take(s Seen) {
	c := s.class()
	switch c {
	case ClassNothing:
		if s.Look != LookLine {
			f.nothing(s)
		}
		return
	case ClassPass:
		// Without a login the server stands, and that is all; after a login that passed it is proof that it still does.
		if f.logsIn && s.Look == LookBare && f.passes == 0 {
			return
		}
		f.pass(s)
	case ClassBusy:
		f.busy, f.passes, f.fails = true, 0, 0
		f.refusals = nil
		if f.now.State != Down && f.now.State != Recovering {
			f.become(Degraded, WhyBusy, s.At)
		}
	case ClassRefusal:
		f.fails, f.passes, f.busy = 0, 0, false
		f.refusals = append(f.refusals, s)
		f.become(Suspect, WhyRefused, s.At)
	case ClassFailure:
		f.fail(s)
	}
	f.last = s
	f.swings(c, s.At)
}

// nothing takes a look that taught nothing: it is told while nothing else is known.
func (f *fold) nothing(s Seen) {
	if f.now.State != "" && f.now.State != Unknown {
		return
	}
	switch s.Ending {
	case probe.EndingNoSecret:
		f.become(Unknown, WhyNoSecret, s.At)
	case probe.EndingUnseen:
		f.become(Unknown, WhyUnseen, s.At)
	}
}

func (f *fold) pass(s Seen) {
	if f.passes == 0 {
		f.firstPass = s.At
		// A NOOP proves the second time what a login proved the first time; alone it proves that the connection lives.
		if f.logsIn && s.Look == LookAgain && f.now.State != Up && f.now.State != Degraded {
			return
		}
	}
	f.passes++
	f.fails, f.busy, f.refusals = 0, false, nil
	f.tookLong = append(f.tookLong, s.Took > slowness)
	f.tookLong = f.tookLong[max(0, len(f.tookLong)-slowOf):]
	switch {
	case f.passes >= passesForUp:
		f.works(s.At)
	case f.now.State == Down || f.now.State == Suspect:
		f.become(Recovering, "", s.At)
	}
}

// works is the state of what answers: up, or degraded while it is slow.
func (f *fold) works(at time.Time) {
	since := f.firstPass
	if f.now.State == Up || f.now.State == Degraded {
		since = at // from one to the other
	}
	slow := 0
	for _, long := range f.tookLong {
		if long {
			slow++
		}
	}
	if slow >= 2 {
		f.become(Degraded, WhySlow, since)
		return
	}
	f.become(Up, "", since)
}

func (f *fold) fail(s Seen) {
	if f.fails == 0 {
		f.firstFail = s.At
	}
	f.fails++
	f.passes, f.busy = 0, false
	why := Why("")
	if secured(s.Ending) {
		why = WhyTLS
	}
	switch {
	case f.now.State == Down:
		f.now.Why = why
	case f.now.State == Recovering:
		// It was not up again yet: the trouble goes on, and has not begun anew.
		f.become(Down, why, s.At)
	case f.fails >= failuresForDown && s.At.Sub(f.firstFail) >= spanForDown:
		f.become(Down, why, f.firstFail)
	}
}

func (f *fold) become(state State, why Why, since time.Time) {
	if f.now.State != state {
		f.now.Since = since
	}
	f.now.State, f.now.Why = state, why
}

// swings notes a change between answering and not answering.
func (f *fold) swings(c Class, at time.Time) {
	if c != ClassPass && c != ClassFailure {
		return
	}
	if f.swing != "" && f.swing != c {
		f.switches = append(f.switches, at)
	}
	f.swing = c
}

// standing is what the looks come to at the end.
func (f *fold) standing(own, around []Seen, now time.Time) Standing {
	if f.now.State == "" {
		return Standing{State: Unknown}
	}
	limit := stale
	if f.last.class() == ClassRefusal {
		limit = staleRefusal
	}
	if f.now.State == Unknown || now.Sub(f.last.At) > limit {
		return Standing{State: Unknown, Why: f.unknownWhy()}
	}
	if at, ok := f.flaps(now); ok {
		return Standing{State: Flapping, Since: at}
	}
	if f.now.State == Suspect {
		return f.suspect(own, around, now)
	}
	return f.now
}

func (f *fold) unknownWhy() Why {
	if f.now.State == Unknown {
		return f.now.Why
	}
	return ""
}

// flaps reports whether the endpoint comes and goes, and since when.
func (f *fold) flaps(now time.Time) (time.Time, bool) {
	recent := f.switches[slices.IndexFunc(append(f.switches, now), func(t time.Time) bool { return now.Sub(t) <= spanOfFlapping }):]
	if len(recent) < switchesForFlapping || now.Sub(recent[len(recent)-1]) > calmAfterFlapping {
		return time.Time{}, false
	}
	return recent[0], true
}

// secured reports whether an ending is about the secure connection.
func secured(e probe.Ending) bool {
	return slices.Contains([]probe.Ending{
		probe.EndingTLSHost, probe.EndingTLSExpired, probe.EndingTLSUnknownCA, probe.EndingTLSInvalid, probe.EndingTLSOld,
		probe.EndingTLSPlain, probe.EndingTLSFailed, probe.EndingTLSStripped,
	}, e)
}
