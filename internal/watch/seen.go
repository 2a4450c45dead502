package watch

import (
	"cmp"
	"slices"
	"time"

	"rimbalzo/internal/probe"
)

// Look is how an endpoint was looked at.
type Look string

// The looks.
const (
	LookLogin Look = "login" // a whole check, with a login
	LookBare  Look = "bare"  // a whole check without a login
	LookAgain Look = "again" // a NOOP on a connection that a login made
	LookDrop  Look = "drop"  // a connection that was good for long ended: servers may do that, and nothing was learned yet
	LookLine  Look = "line"  // a look at this machine's own line alone
)

// Line is this machine's own way to the internet.
type Line string

// The lines.
const (
	LineUp     Line = ""
	LineGone   Line = "gone"   // no interface, or no route
	LineSilent Line = "silent" // there are routes, and nobody at all answers
	LinePortal Line = "portal" // a captive portal answers in everybody's name
)

// Seen is what one look at one endpoint said, short enough to be kept for 30 days.
type Seen struct {
	At        time.Time
	Operator  string // the provider's id, or the host where nobody knows the provider; never ""
	Account   string // id; "" for a look that belongs to no account
	Endpoint  string // such as "imap imapmail.libero.it:993"; never ""
	Direction probe.Direction
	Look      Look
	Ending    probe.Ending // "" with LookLine
	Took      time.Duration
	Line      Line
}

// Class is what a look means for the state.
type Class string

// The classes.
const (
	ClassPass    Class = "pass"
	ClassBusy    Class = "busy"    // it answers, and asks to come back later
	ClassRefusal Class = "refusal" // a login was refused
	ClassFailure Class = "failure"
	ClassNothing Class = "nothing" // nothing was learned about the provider
)

// class gives what the look means. An ending that this program does not know means nothing.
func (s Seen) class() Class {
	if s.Look == LookDrop || s.Look == LookLine {
		return ClassNothing
	}
	switch s.Ending {
	case probe.EndingOK:
		return ClassPass
	case probe.EndingLimit, probe.EndingInUse:
		return ClassBusy
	case probe.EndingPolicy:
		// It refuses this line, and so it is there: other people's mail servers are not refused.
		if s.Direction == probe.Accept {
			return ClassPass
		}
		return ClassBusy
	case probe.EndingAuthFailed, probe.EndingAuth, probe.EndingRefusedLogin, probe.EndingNotAllowed, probe.EndingPassExpired, probe.EndingAppPassword:
		return ClassRefusal
	case probe.EndingTLSEarly:
		return ClassNothing // the clock of this machine is wrong
	case probe.EndingWeb4xx:
		return ClassNothing // the webmail is there, and does not want this program: it may want browsers only
	case probe.EndingDNSTimeout:
		return ClassFailure // the watcher has looked at the line before it says that it is up
	}
	if s.Ending.Severity() == probe.SeverityCritical {
		return ClassFailure
	}
	return ClassNothing
}

// explicit reports whether a server said that the login is wrong, and not merely no.
func explicit(e probe.Ending) bool {
	return e == probe.EndingAuthFailed || e == probe.EndingAuth || e == probe.EndingPassExpired || e == probe.EndingAppPassword
}

// asksForQuiet reports whether the server itself wants to be left alone for a while.
func asksForQuiet(e probe.Ending) bool {
	switch e {
	case probe.EndingLimit, probe.EndingInUse, probe.EndingGreeting421, probe.EndingGreeting4xx, probe.EndingBye, probe.EndingTempAuth,
		probe.EndingMaintenance, probe.EndingUnavailable:
		return true
	}
	return false
}

// unanswered reports whether nothing of the provider was met: it may be this machine's own line.
func unanswered(e probe.Ending) bool {
	switch e {
	case probe.EndingDNS, probe.EndingDNSTimeout, probe.EndingDNSUnknown, probe.EndingUnreachable, probe.EndingTimeout, probe.EndingConnect:
		return true
	}
	return false
}

// nameless reports whether not even the name was found.
func nameless(e probe.Ending) bool {
	return e == probe.EndingDNS || e == probe.EndingDNSTimeout || e == probe.EndingDNSUnknown || e == probe.EndingUnreachable
}

// impostor reports whether somebody else may have answered: what a captive portal does to secure connections.
func impostor(e probe.Ending) bool {
	switch e {
	case probe.EndingTLSHost, probe.EndingTLSUnknownCA, probe.EndingTLSPlain, probe.EndingGarbage, probe.EndingIsHTTP, probe.EndingWebInsecure:
		return true
	}
	return false
}

func (s Seen) compare(t Seen) int {
	return cmp.Or(
		s.At.Compare(t.At), cmp.Compare(s.Operator, t.Operator), cmp.Compare(s.Account, t.Account), cmp.Compare(s.Endpoint, t.Endpoint),
		cmp.Compare(s.Direction, t.Direction), cmp.Compare(s.Look, t.Look), cmp.Compare(s.Ending, t.Ending), cmp.Compare(s.Took, t.Took),
		cmp.Compare(s.Line, t.Line),
	)
}

// sorted gives the looks up to now in one order, each once.
func sorted(list []Seen, now time.Time) []Seen {
	list = slices.DeleteFunc(slices.Clone(list), func(s Seen) bool { return s.At.After(now.Add(clockSlack)) })
	slices.SortFunc(list, Seen.compare)
	return slices.CompactFunc(list, func(a, b Seen) bool { return a.compare(b) == 0 })
}
