package mailbox

import (
	"context"
	"errors"
	"sync/atomic"
	"time"
)

// Held is a connection that a check has left open: a sign of life, new mail, and what that mail says are all asked for over it, so that
// an account needs one connection and one login. One at a time has it: a wait gives way to a reading (see [IMAPConfig].Held).
type Held struct {
	course *course
	guard  *guard
	turn   chan struct{} // full while somebody has the connection
	wanted chan struct{} // a reading asks for it
	closed atomic.Bool

	// What follows belongs to whoever has the connection.
	talk  *talk     // until the library takes over
	watch *watching // from then on
}

func (c *course) hold(t *talk) *Held {
	c.tell = func(StageResult) {} // the check is over
	c.limit = func(Stage) time.Duration { return checkLimits.Dial }
	return &Held{course: c, guard: t.guard, talk: t, turn: make(chan struct{}, 1), wanted: make(chan struct{}, 1)}
}

// errGone is a connection that was closed before.
var errGone = errors.New("the connection is closed")

// take waits for the connection.
func (h *Held) take(ctx context.Context) error {
	select {
	case h.turn <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	if h.closed.Load() {
		h.give()
		return errGone
	}
	return nil
}

func (h *Held) give() { <-h.turn }

// Noop asks the server for a sign of life (RFC 9051 section 6.1.2). Its error is an [*Error] or the context's; after it the
// connection is of no more use. While a reading has the connection nothing is asked: that notices itself when the server is gone.
func (h *Held) Noop(ctx context.Context) error {
	select {
	case h.turn <- struct{}{}:
		defer h.give()
	default:
		return nil
	}
	if h.talk == nil {
		return h.watch.s.noop(ctx)
	}
	return h.course.step(ctx, StageNoop, func(ctx context.Context, _ *StageResult) error {
		return h.talk.command(ctx, verbNoop, "", nil, nil)
	})
}

// Wait waits until something has come into the inbox or into junk since the last wait, and gives nil then; at the first wait, since it
// began. Where the server can, it says itself when mail comes into the inbox (IDLE, RFC 2177); it is asked for the rest now and
// then. When ctx ends, its error is given and the connection is still good; after any other error, an [*Error], it is of no more use.
func (h *Held) Wait(ctx context.Context) error {
	for {
		if err := h.take(ctx); err != nil {
			return err
		}
		news, err := h.wait(ctx)
		h.give()
		if news || err != nil {
			return err
		}
	}
}

// wait looks once at the folders and waits, until mail comes, or it is time to look again, or a reading wants the connection.
func (h *Held) wait(ctx context.Context) (news bool, err error) {
	select {
	case <-h.wanted: // it was had in the meantime
	default:
	}
	// What is asked meanwhile is not broken off when ctx ends: that would cost the connection.
	calm := context.WithoutCancel(ctx)
	w, err := h.handOver(calm)
	if err != nil {
		return false, err
	}
	w.s.limits = h.course.cfg.Timeouts
	if news, err = w.look(calm); news || err != nil {
		return news, err
	}
	return false, w.wait(ctx)
}

// handOver gives the connection to the library, once.
func (h *Held) handOver(ctx context.Context) (*watching, error) {
	if h.talk != nil {
		s, err := h.course.handOver(ctx, h.talk, false)
		if err != nil {
			return nil, err
		}
		// Whoever holds the connection says when there is to be a new one: a reading over it does not connect by itself.
		r := &imapReading{account: h.course.account, cfg: h.course.cfg, s: s, lost: maxLost, cov: Coverage{Roles: map[Role]bool{}}}
		h.talk, h.watch = nil, &watching{imapReading: r, wanted: h.wanted}
	}
	h.guard.renew()
	return h.watch, nil
}

// lend gives the connection to a reading, which gives it back with [Held.give].
func (h *Held) lend(ctx context.Context, limits Timeouts) (*session, error) {
	select {
	case h.wanted <- struct{}{}:
	default: // somebody asked before
	}
	if err := h.take(ctx); err != nil {
		return nil, err
	}
	w, err := h.handOver(ctx)
	if err != nil {
		h.give()
		return nil, err
	}
	w.s.limits = limits
	return w.s, nil
}

// logoutLimit is how long a server may take to say goodbye.
const logoutLimit = 2 * time.Second

// Close ends the connection, with a LOGOUT as far as nobody reads over it and the server takes part.
func (h *Held) Close() {
	ctx, cancel := context.WithTimeout(context.Background(), logoutLimit)
	defer cancel()
	select {
	case h.turn <- struct{}{}:
	default:
		// Whoever reads finds it closed, and the last to have it ends it.
		h.closed.Store(true)
		h.guard.abort()
		return
	}
	defer h.give()
	h.closed.Store(true)
	if h.talk == nil {
		h.watch.s.logout(ctx)
		return
	}
	// What the server answers, or that it does not, changes nothing any more.
	_ = h.talk.command(ctx, verbLogout, "", nil, nil)
	h.guard.abort()
}
