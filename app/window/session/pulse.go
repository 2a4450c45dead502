package session

import (
	"time"

	"rimbalzo/app/watcher"
	"rimbalzo/internal/watch"
	"rimbalzo/internal/words"
)

// Pulse is how one account's service is, on one line.
type Pulse struct {
	ID    string
	State watch.State
	Text  string // the state in words, since when
	Next  string // when it is looked at next; "" for not known
	// Check is what "check now" says: that, or from when on it is possible; CanCheck says which.
	Check    string
	CanCheck bool
}

// Pulses word what the watcher says; again is when they change by themselves, zero for never.
func Pulses(s watcher.Status, now time.Time, w *words.Words, zone *time.Location) (lines []Pulse, again time.Time) {
	for _, a := range s.Accounts {
		if len(a.Directions) == 0 {
			continue // mail kept on this computer has no service
		}
		p := Pulse{ID: a.ID, State: a.State, Text: Line(watcher.AccountWords(a, w, zone), 200), Check: w.T("watcher.check"), CanCheck: !s.Paused}
		switch {
		case s.Paused:
			p.Next = w.T("watcher.paused")
		case a.Next.After(now):
			p.Next = w.T("status.next", "At", w.Clock(a.Next.In(zone)))
		}
		if a.Hand.After(now) {
			p.CanCheck = false
			p.Check = w.T("watcher.check-from", "At", w.Clock(a.Hand.In(zone)))
			if again.IsZero() || a.Hand.Before(again) {
				again = a.Hand
			}
		}
		lines = append(lines, p)
	}
	return lines, again
}
