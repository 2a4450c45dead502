package session

import (
	"context"
	"sync"
	"time"

	"rimbalzo/internal/checklist"
	"rimbalzo/internal/review"
)

// progressEvery is how often the count of messages read is handed over: often enough to look alive.
const progressEvery = 100 * time.Millisecond

// Reviewer runs one review at a time on a goroutine of its own. Starting another cancels the one before, whose results
// are then dropped. Its methods are called from one goroutine, the window's.
type Reviewer struct {
	review  func(ctx context.Context, req review.Request) (checklist.Report, error)
	deliver func(func()) // runs a function on the window's goroutine, without waiting for it

	cancel  context.CancelFunc
	current int // number of the review whose results still matter
	running sync.WaitGroup
}

// NewReviewer gives a Reviewer that hands everything back through deliver (fyne.Do).
func NewReviewer(run func(context.Context, review.Request) (checklist.Report, error), deliver func(func())) *Reviewer {
	return &Reviewer{review: run, deliver: deliver}
}

// Start begins a review. progress gets the number of messages read, now and then; done gets the result, once, and
// neither is called after the review is superseded, stopped or closed.
func (r *Reviewer) Start(req review.Request, progress func(int), done func(checklist.Report, error)) {
	r.Stop()
	number := r.current
	ctx, cancel := context.WithCancel(context.Background())
	r.cancel = cancel
	hand := func(f func()) {
		r.deliver(func() {
			if r.current == number {
				f()
			}
		})
	}
	var last time.Time
	req.Progress = func(n int) {
		if now := time.Now(); now.Sub(last) >= progressEvery {
			last = now
			hand(func() { progress(n) })
		}
	}
	r.running.Go(func() {
		defer cancel()
		report, err := r.review(ctx, req)
		hand(func() { done(report, err) })
	})
}

// Stop cancels the running review, if any; nothing more comes of it.
func (r *Reviewer) Stop() {
	r.current++
	if r.cancel != nil {
		r.cancel()
		r.cancel = nil
	}
}

// Close stops and waits until no review runs any more, at most patience.
func (r *Reviewer) Close(patience time.Duration) {
	r.Stop()
	ended := make(chan struct{})
	go func() {
		r.running.Wait()
		close(ended)
	}()
	select {
	case <-ended:
	case <-time.After(patience):
	}
}
