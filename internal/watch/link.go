package watch

import (
	"context"
	"errors"
	"time"

	"rimbalzo/internal/probe"
)

// keep keeps a connection: a goroutine waits on it for new mail, and now and then asks whether it still lives.
func (w *Watcher) keep(e *endpoint, link Link) {
	poke := make(chan struct{}, 1)
	e.poke, e.linked = poke, time.Now()
	ctx, cancel := context.WithCancel(w.ctx)
	e.hangUp = cancel
	first := within(secondFrom, secondTo, w.p.Dice)
	w.wg.Go(func() {
		defer link.Close()
		defer cancel()
		for pause := first; ; {
			if err := waitOn(ctx, link, pause, poke); ctx.Err() != nil {
				return
			} else if err == nil {
				if !w.post(ctx, func() { w.newMail(e.account) }) {
					return
				}
				pause = secondTo
				continue
			} else if !errors.Is(err, errRenew) {
				w.post(ctx, func() { w.dropped(e, probe.EndingCut) })
				return
			}
			var good bool
			if good, pause = w.again(ctx, e, link); !good {
				return
			}
		}
	})
}

// errRenew means that it is time to ask whether the connection lives.
var errRenew = errors.New("time for a NOOP")

// waitOn waits on a connection for new mail, at most for pause, and not longer than until somebody pokes.
func waitOn(ctx context.Context, link Link, pause time.Duration, poke <-chan struct{}) error {
	limited, cancel := context.WithTimeout(ctx, pause)
	defer cancel()
	poked := make(chan struct{})
	go func() {
		defer close(poked)
		select {
		case <-poke:
			cancel()
		case <-limited.Done():
		}
	}()
	err := link.Wait(limited)
	over := limited.Err() != nil
	cancel()
	<-poked
	if err != nil && over {
		return errRenew
	}
	return err
}

// again sends a NOOP. It reports whether the connection is good, and how long to wait until the next one.
func (w *Watcher) again(ctx context.Context, e *endpoint, link Link) (bool, time.Duration) {
	limited, cancel := context.WithTimeout(ctx, pokeDeadline)
	defer cancel()
	res := link.Again(limited)
	if ctx.Err() != nil {
		return false, 0
	}
	pause := make(chan time.Duration, 1)
	if !w.post(ctx, func() { pause <- w.noop(e, res) }) {
		return false, 0
	}
	return res.Ending == probe.EndingOK, <-pause
}

// noop takes the answer to a NOOP, and gives the time until the next.
func (w *Watcher) noop(e *endpoint, res probe.Result) time.Duration {
	w.knock(e, ForAgain)
	if res.Ending != probe.EndingOK {
		w.dropped(e, res.Ending)
		return 0
	}
	w.took(e, e.seen(res, LookAgain, w.wall()))
	return within(renewFrom, renewTo, w.p.Dice)
}

// dropped takes the end of a kept connection.
func (w *Watcher) dropped(e *endpoint, ending probe.Ending) {
	now, dice := time.Now(), w.p.Dice
	age := now.Sub(e.linked)
	e.unlink()
	s := e.seen(probe.Result{Ending: ending}, LookAgain, w.wall())
	if now.Before(w.line.own) || w.line.state != LineUp && !e.local {
		// This machine slept or went to another network: nobody ended the connection.
		s.Look, s.Line = LookDrop, w.line.state
		w.note(e, s)
		e.due = now.Add(within(0, ownTrouble, dice))
		w.judge()
		return
	}
	if age >= ripe && (ending == probe.EndingCut || ending == probe.EndingBye) {
		s.Look = LookDrop
	}
	w.note(e, s)
	w.decideLine(w.silence()) // it may have been asked because another provider did not answer
	e.due = now.Add(e.pace.Dropped(now, dice))
	w.bucket(e.account).Dropped(w.p.Wall(), dice)
	for _, other := range w.endpoints {
		// What else the account has there is looked at as well, each at a moment of its own.
		if other.account == e.account && other != e && !other.pace.Troubled() && other.poke == nil {
			if soon := now.Add(other.pace.Dropped(now, dice)); soon.Before(other.due) {
				other.due = soon
			}
		}
	}
	w.judge()
}

// unlink forgets the kept connection, and ends it where it still lives.
func (e *endpoint) unlink() {
	if e.hangUp != nil {
		e.hangUp()
	}
	e.poke, e.hangUp, e.linked = nil, nil, time.Time{}
}

// pokeAll asks every kept connection whether it still lives.
func (w *Watcher) pokeAll() {
	for _, e := range w.endpoints {
		e.pokeNow()
	}
}

func (e *endpoint) pokeNow() {
	select {
	case e.poke <- struct{}{}:
	default: // none is kept, or it was asked already
	}
}
