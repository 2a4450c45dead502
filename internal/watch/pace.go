package watch

import "time"

// The figures of courtesy. A million copies of this program notice an outage within the same second and must not meet at
// the server that gets up again; doc.go shows what they add up to.
const (
	// firstContact is the time in which a dropped session knocks first, at a random moment.
	firstContact = 15 * time.Minute
	// firstPause is the least pause after the first failure; with its jitter it is up to twice that. It doubles with every
	// further one, up to longestPause in all, and to longestPauseLater once the trouble has lasted for later.
	firstPause        = 2 * time.Minute
	longestPause      = 30 * time.Minute
	longestPauseLater = time.Hour
	later             = 24 * time.Hour
	// ramp is the time in which, at a random moment, mail is read again after a recovery. It is read over the connection that
	// is there by then, so that it takes no login; but a server that is getting up need not find everybody's mail at once.
	ramp = 15 * time.Minute
	// ownTrouble is the time in which, at a random moment, a session is made again that this machine itself had lost (it
	// slept, or went to another network): no other copy lost its own at that moment.
	ownTrouble = 20 * time.Second
	// firstRefusal follows the first refused login; it doubles up to longestRefusal, so that the day's six tell of a whole
	// day and not of its first hour.
	firstRefusal   = 30 * time.Minute
	longestRefusal = 8 * time.Hour
)

// Dice gives random numbers from 0 up to, not including, 1. [math/rand/v2.Rand] is one.
type Dice interface{ Float64() float64 }

// Pace says when one connection may knock next by itself. The zero Pace is that of a connection without trouble.
type Pace struct {
	troubled time.Time // when the trouble began, zero for none
	step     uint8     // how often the pause has doubled
	refused  uint8     // logins refused in a row
}

// Dropped gives the pause after a session was dropped: a random moment of the next 15 minutes.
func (p *Pace) Dropped(now time.Time, dice Dice) time.Duration {
	p.begin(now)
	return within(0, firstContact, dice)
}

// Failed gives the pause after a failed contact: from 2 minutes, doubling to 30, to an hour after a day, with equal jitter
// (half of it fixed, half random: 2 to 4 minutes, 4 to 8, and so on to 15 to 30). asked says that the server itself asked for quiet ([LIMIT], 421, BYE): then it doubles twice.
func (p *Pace) Failed(now time.Time, asked bool, dice Dice) time.Duration {
	p.begin(now)
	p.refused = 0
	if asked {
		p.longer()
	}
	most := longestPause
	if now.Sub(p.troubled) >= later {
		most = longestPauseLater
	}
	d := min(2*firstPause<<p.step, most)
	p.longer()
	return within(d/2, d, dice)
}

// Refused gives the pause after a refused login: half an hour doubling to 8 hours, with equal jitter.
func (p *Pace) Refused(now time.Time, dice Dice) time.Duration {
	p.begin(now)
	d := min(firstRefusal<<p.refused, longestRefusal)
	if firstRefusal<<p.refused < longestRefusal {
		p.refused++
	}
	return within(d/2, d, dice)
}

// Passed ends the trouble. It gives how long heavy work has to wait: a random part of 15 minutes after a trouble, no time where
// there was none.
func (p *Pace) Passed(dice Dice) time.Duration {
	was := p.troubled
	*p = Pace{}
	if was.IsZero() {
		return 0
	}
	return within(time.Second, ramp, dice)
}

// Troubled reports whether the last contact failed, or the session was dropped since.
func (p *Pace) Troubled() bool { return !p.troubled.IsZero() }

func (p *Pace) begin(now time.Time) {
	if p.troubled.IsZero() {
		*p = Pace{troubled: now}
	}
}

// longer doubles the pause once more; beyond an hour there is nothing to double.
func (p *Pace) longer() {
	if 2*firstPause<<p.step < longestPauseLater {
		p.step++
	}
}

// within gives a random length of time from least up to most.
func within(least, most time.Duration, dice Dice) time.Duration {
	return least + time.Duration(dice.Float64()*float64(most-least))
}

// The pauses of "check now".
const (
	byHand         = time.Minute
	byHandTroubled = 10 * time.Minute
)

// Bucket is the leave to knock because a person asked: once a minute, once in 10 minutes while there is trouble. The zero
// Bucket is full.
type Bucket struct{ next time.Time }

// Dropped empties the bucket for a random part of 10 minutes: whoever sees the connection go presses the button, and all of
// them see it go at the same moment.
func (b *Bucket) Dropped(now time.Time, dice Dice) {
	b.until(now.Add(within(0, byHandTroubled, dice)))
}

// Take asks for leave to knock now. Without it, next says when it is to be had.
func (b *Bucket) Take(now time.Time, troubled bool) (ok bool, next time.Time) {
	if now.Before(b.next) {
		return false, b.next
	}
	b.next = now.Add(byHand)
	if troubled {
		b.next = now.Add(byHandTroubled)
	}
	return true, b.next
}

// Troubled makes the bucket wait for the longer pause, counted from the knock at the time at, which failed.
func (b *Bucket) Troubled(at time.Time) { b.until(at.Add(byHandTroubled)) }

// Next is when the next knock is to be had; in the past where it is to be had at once.
func (b *Bucket) Next() time.Time { return b.next }

func (b *Bucket) until(t time.Time) {
	if t.After(b.next) {
		b.next = t
	}
}
