package session

import (
	"context"
	"sync"
	"time"
)

// Errands are what may take a while and is done on goroutines of its own: what the network, the keyring and the disk are asked.
// Its methods are called from the window's goroutine.
type Errands struct {
	deliver func(func()) // runs a function on the window's goroutine, without waiting for it
	life    context.Context
	end     context.CancelFunc
	running sync.WaitGroup
}

// NewErrands gives Errands that hand everything back through deliver (fyne.Do).
func NewErrands(deliver func(func())) *Errands {
	e := &Errands{deliver: deliver}
	e.life, e.end = context.WithCancel(context.Background())
	return e
}

// Errand is one of them.
type Errand struct {
	ctx     context.Context
	cancel  context.CancelFunc
	deliver func(func())
	over    bool // read and written on the window's goroutine alone
}

// Go begins an errand. What do gives back is called on the window's goroutine when it is done, and never after the errand was
// stopped; do must end soon after its context.
func (e *Errands) Go(do func(r *Errand) (done func())) *Errand {
	ctx, cancel := context.WithCancel(e.life)
	r := &Errand{ctx: ctx, cancel: cancel, deliver: e.deliver}
	e.running.Go(func() {
		done := do(r)
		r.Hand(done)
		// Stopping is only for what still runs; the context's end frees what hangs on it.
		cancel()
	})
	return r
}

// Context ends when the errand is stopped.
func (r *Errand) Context() context.Context { return r.ctx }

// Hand runs f on the window's goroutine, unless the errand was stopped before. It may be called from any goroutine.
func (r *Errand) Hand(f func()) {
	if f == nil {
		return
	}
	r.deliver(func() {
		if !r.over {
			f()
		}
	})
}

// Stop ends an errand at once: nothing more comes of it. A nil errand is none.
func (r *Errand) Stop() {
	if r != nil {
		r.over = true
		r.cancel()
	}
}

// Close stops all of them and waits until none runs any more, at most patience.
func (e *Errands) Close(patience time.Duration) {
	e.end()
	ended := make(chan struct{})
	go func() {
		e.running.Wait()
		close(ended)
	}()
	select {
	case <-ended:
	case <-time.After(patience):
	}
}
