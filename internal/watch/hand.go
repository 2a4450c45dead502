package watch

import (
	"context"
	"time"
)

// Hand is the answer to "check now".
type Hand struct {
	Begun bool      // a check was begun; its outcome comes with the status
	Next  time.Time // when the next one is possible
}

// CheckNow checks an account because a person asked: once a minute, once in 10 minutes while there is trouble. Until
// then the last result stands, see [Watcher.Status]. "" stands for all accounts.
func (w *Watcher) CheckNow(ctx context.Context, account string) (Hand, error) {
	var h Hand
	err := w.ask(ctx, func() { h = w.hand(account) })
	return h, err
}

func (w *Watcher) hand(account string) Hand {
	now := w.p.Wall()
	var h Hand
	for _, a := range w.p.Accounts {
		if account != "" && a.ID != account {
			continue
		}
		ok, next := w.bucket(a.ID).Take(now, w.troubledAccount(a))
		if h.Next.IsZero() || next.Before(h.Next) {
			h.Next = next
		}
		if ok {
			h.Begun = w.byHand(a) || h.Begun
		}
	}
	w.publish(now)
	return h
}

// byHand begins the checks of one account. A provider's MX keeps its own pause, whoever asks.
func (w *Watcher) byHand(a Account) bool {
	begun := false
	now := time.Now()
	for _, e := range w.endpoints {
		if !e.of(a) || e.running {
			continue
		}
		switch {
		case e.poke != nil:
			e.pokeNow()
			begun = true
		case !w.mayStart(e):
		case e.direction == "accept" && now.Sub(e.knocked) < every[e.target.Kind][0]:
		default:
			w.start(e, ForHand)
			begun = begun || e.running
		}
	}
	return begun
}

// of reports whether the account has a part in the endpoint: its own, or one that it shares.
func (e *endpoint) of(a Account) bool {
	return e.account == a.ID || e.account == "" && e.operator == a.Operator && e.name == a.Name
}

// troubledAccount reports whether anything of the account's is in trouble.
func (w *Watcher) troubledAccount(a Account) bool {
	for _, e := range w.endpoints {
		if e.of(a) && e.direction != "accept" && e.pace.Troubled() {
			return true
		}
	}
	return false
}

func (w *Watcher) bucket(account string) *Bucket {
	b := w.buckets[account]
	if b == nil {
		b = &Bucket{}
		w.buckets[account] = b
	}
	return b
}

// troubledHand makes "check now" wait for the longer pause, after a contact that failed.
func (w *Watcher) troubledHand(e *endpoint) {
	if e.account != "" {
		w.bucket(e.account).Troubled(w.p.Wall())
	}
}

// Pause stops all contacts and notices, or lets them go on; it survives a restart.
func (w *Watcher) Pause(ctx context.Context, on bool) error {
	return w.ask(ctx, func() {
		w.voice.paused = on
		value := ""
		if on {
			value = "on"
		}
		w.remember("keeping the pause", w.p.History.Set(w.ctx, "paused", value))
		for _, e := range w.endpoints {
			if on && e.poke != nil {
				e.unlink()
				e.due = time.Now().Add(within(0, ownTrouble, w.p.Dice))
			}
		}
		w.publish(w.p.Wall())
	})
}
