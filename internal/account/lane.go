package account

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// How long a keyring may take for one call, and for one in which the system asks the person for something.
const (
	callLimit   = 5 * time.Second
	promptLimit = time.Minute
)

// windUp is how long a call that was given up may take to come back by itself, such as for taking its prompt away.
const windUp = 300 * time.Millisecond

// lane lets one call at a time through to a keyring, each in a goroutine of its own. A call that never comes back keeps
// the lane, so there is never more than one of them; those that follow are given up in their turn.
type lane struct {
	turn          chan struct{}
	limit, prompt time.Duration
}

func newLane() lane { return lane{make(chan struct{}, 1), callLimit, promptLimit} }

// do runs call and comes back when it is done, or when its time is over, or with ctx. call is given a context that ends
// then, and asking, to be called when the system begins to ask the person: from then on it has a minute.
func (l lane) do(ctx context.Context, call func(ctx context.Context, asking func()) error) error {
	ctx, end := context.WithCancelCause(ctx)
	defer end(nil)
	limit := time.AfterFunc(l.limit, func() { end(ErrMute) })
	defer limit.Stop()
	select {
	case l.turn <- struct{}{}:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	asked := make(chan struct{}, 1)
	done := make(chan error, 1)
	go func() {
		defer func() { <-l.turn }()
		done <- guarded(ctx, call, func() {
			select {
			case asked <- struct{}{}:
			default: // it is known already, or nobody waits any more
			}
		})
	}()
	for {
		select {
		case err := <-done:
			return orCause(ctx, err)
		case <-asked:
			limit.Stop()
			limit = time.AfterFunc(l.prompt, func() { end(ErrPromptOpen) })
		case <-ctx.Done():
			return givenUp(ctx, done)
		}
	}
}

// givenUp waits a moment for a call that should be coming back.
func givenUp(ctx context.Context, done <-chan error) error {
	moment := time.NewTimer(windUp)
	defer moment.Stop()
	select {
	case err := <-done:
		return orCause(ctx, err)
	case <-moment.C:
		return context.Cause(ctx)
	}
}

// orCause tells why the context ended where that is all that the call has to say.
func orCause(ctx context.Context, err error) error {
	if err != nil && ctx.Err() != nil && (errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)) {
		return context.Cause(ctx)
	}
	return err
}

// guarded keeps a panic of a keyring's library from ending the program.
func guarded(ctx context.Context, call func(context.Context, func()) error, asking func()) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%w: panic: %v", ErrRefused, r)
		}
	}()
	return call(ctx, asking)
}
