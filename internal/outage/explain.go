package outage

import "slices"

// ending is how an attempt ended, as far as it tells phases apart.
type ending int

const (
	silent    ending = iota // tells nothing about the servers: expired, no name, no TLS, or untold
	noAnswer                // the connection was refused, or led nowhere
	tooSlow                 // no answer in time
	temporary               // a 4xx reply (RFC 5321 section 4.2.1)
	permanent               // a 5xx reply
	accepted                // a 2xx reply
)

// attemptOf reads an ending. A connection that failed counts as such even where the sender's server wrote a code of its
// own beside it. Name resolution and TLS fail for reasons that no phase speaks of, so they decide nothing.
func attemptOf(code int, failure string) ending {
	switch failure {
	case "refused", "unreachable":
		return noAnswer
	case "timeout":
		return tooSlow
	case "dns", "tls":
		return silent
	}
	switch code / 100 {
	case 2:
		return accepted
	case 4:
		return temporary
	case 5:
		return permanent
	}
	return silent
}

// How well a phase explains an ending.
const (
	no     = 0
	partly = 1 // it happened too
	fully  = 2 // the phase consists in it
)

// explains says how well the phase explains that an attempt ended so; code is the reply code, or 0.
func (p *Phase) explains(a ending, code int) int {
	listed := slices.ContainsFunc(p.Replies, func(r Reply) bool { return r.Code == code && code != 0 })
	switch p.Behaviour {
	case RefuseConnection:
		// 421 is the refusal of a server that still says so much (RFC 5321 section 3.8).
		return graded(a == noAnswer || a == tooSlow, listed || code == 421)
	case RejectPermanentFalse:
		return graded(a == permanent && (listed || len(p.Replies) == 0), listed)
	case RejectTemporarySome:
		// A 452 where the phase lists 452, but also the 421s and 451s and the time-outs of servers under the same load.
		return graded(a == temporary && (listed || len(p.Replies) == 0), listed || a == temporary || a == tooSlow)
	case RefuseUnknown, Reopening:
		// No reply was published, so each refusal fits and none of them says which of the two it was.
		return graded(false, a != accepted)
	case NormalDegraded:
		return graded(false, listed || a == temporary || a == tooSlow)
	case AcceptAndQueue, AcceptAndHold, AccessDown:
		return graded(a == accepted, listed)
	}
	return no
}

// graded is the strength of an explanation.
func graded(full, part bool) int {
	switch {
	case full:
		return fully
	case part:
		return partly
	}
	return no
}

// rank chooses among the phases first..last the one that explains the ending best, and a second one that explains it too.
// Among equals the clock chooses: the last of them not after the phase likely, else the first after it.
func (o *Outage) rank(a ending, code, first, last, likely int) (best, second int) {
	best = o.pick(a, code, first, last, likely, -1)
	if best < 0 {
		return -1, -1
	}
	return best, o.pick(a, code, first, last, likely, best)
}

// pick is one choice of rank, leaving out the phase except; -1 where no phase explains the ending.
func (o *Outage) pick(a ending, code, first, last, likely, except int) int {
	best, strength := -1, no
	for i := first; i <= last; i++ {
		if i == except {
			continue
		}
		s := o.Phases[i].explains(a, code)
		if s > strength || (s == strength && s > no && i <= likely) {
			best, strength = i, s
		}
	}
	return best
}
