package watch

import (
	"context"
	"time"
)

// mailbox is what the watcher knows of one account's mail. It belongs to the goroutine of Run.
type mailbox struct {
	account string
	due     time.Time // of the next review, by the monotonic clock
	running bool
	again   bool // something new came while a review was under way
	items   []Item
	err     error // of the last review
	at      time.Time
	ended   time.Time // when it was last reviewed, well or not, by the monotonic clock
}

const (
	// newMailFrom, newMailTo: mail comes in bursts, so that a review waits a moment for the rest.
	newMailFrom, newMailTo = 3 * time.Second, 8 * time.Second
	// firstReview follows the start.
	firstReview = 20 * time.Second
	// burstPause is the least time between two reviews because of new mail.
	burstPause = 10 * time.Second
	// reviewFrom, reviewTo: mail is reviewed in this time without a sign of anything new. Not every folder gives one, and
	// waiting times run out.
	reviewFrom, reviewTo = 2 * time.Hour, 3 * time.Hour
	// reviewPause follows a review that failed.
	reviewPause = 30 * time.Minute
	// reviewLeast is the least time between two reviews.
	reviewLeast = time.Minute
)

// newMail: there may be something new in an account.
func (w *Watcher) newMail(account string) {
	if m := w.mail[account]; m != nil {
		m.again = m.running
		m.soon(within(newMailFrom, newMailTo, w.p.Dice))
	}
}

// soon brings the next review nearer.
func (m *mailbox) soon(d time.Duration) {
	at := time.Now().Add(d)
	if free := m.ended.Add(burstPause); at.Before(free) {
		at = free
	}
	if at.Before(m.due) {
		m.due = at
	}
}

// followAll has the mail on this computer followed as it changes, each account by a goroutine of its own.
func (w *Watcher) followAll(ctx context.Context) {
	for _, a := range w.p.Accounts {
		if w.p.Follow == nil || w.mail[a.ID] == nil || len(a.Targets) > 0 {
			continue
		}
		w.wg.Go(func() {
			err := w.p.Follow(ctx, a.ID, func() { w.post(ctx, func() { w.newMail(a.ID) }) })
			w.post(ctx, func() { w.remember("following mail on this computer", err) })
		})
	}
}

// ease puts off the review of an account that has only just come back.
func (w *Watcher) ease(e *endpoint, wait time.Duration) {
	if m := w.mail[e.account]; m != nil && wait > 0 {
		m.due = time.Now().Add(wait)
	}
}

// reviewWhatIsDue begins the reviews that are due, of accounts that can be read now.
func (w *Watcher) reviewWhatIsDue(now time.Time) {
	for _, m := range w.mail {
		if !m.due.After(now) && w.mayReview(m) {
			w.review(m)
		}
	}
}

// mayReview reports whether a review may begin at all, once it is due.
func (w *Watcher) mayReview(m *mailbox) bool {
	return !m.running && !w.voice.paused && w.readable(m.account)
}

// readable reports whether nothing speaks against reading an account's mail: nobody reads from a server that is down.
func (w *Watcher) readable(account string) bool {
	for _, e := range w.endpoints {
		if e.account == account && e.direction == "receive" {
			line := e.local || w.line.up && w.line.state == LineUp
			if w.kept(e) && e.poke == nil {
				return false // reading would take a login of its own
			}
			return line && (e.standing.State == Up || e.standing.State == Degraded)
		}
	}
	return true // mail on this computer
}

func (w *Watcher) review(m *mailbox) {
	m.running = true
	for _, e := range w.endpoints {
		if e.account == m.account && e.direction == "receive" {
			w.knock(e, ForMail)
		}
	}
	ctx, account := w.ctx, m.account
	w.wg.Go(func() {
		items, err := w.p.Review(ctx, account)
		w.post(ctx, func() { w.reviewed(m, items, err) })
	})
}

// reviewed takes the outcome of a review.
func (w *Watcher) reviewed(m *mailbox, items []Item, err error) {
	now := time.Now()
	m.running, m.err, m.ended = false, err, now
	m.due = now.Add(reviewPause)
	if err == nil {
		wall := w.p.Wall()
		m.items, m.at = items, wall
		m.due = now.Add(untilNext(items, wall, within(reviewFrom, reviewTo, w.p.Dice)))
		w.learn(m, wall)
	}
	if m.again && err == nil {
		m.again = false
		m.soon(0)
	}
	w.judge()
}

// untilNext is the time until the next review: when the next waiting time runs out, at most d.
func untilNext(items []Item, now time.Time, d time.Duration) time.Duration {
	for _, it := range items {
		for _, t := range []time.Time{it.WaitUntil, it.ResendAfter} {
			if until := t.Sub(now); !t.IsZero() && until > 0 && until < d {
				d = until
			}
		}
	}
	return d + reviewLeast
}
