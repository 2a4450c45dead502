package mailbox

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/emersion/go-imap/v2"
)

// News is a folder into which something may have come that no reading has seen.
type News struct {
	Folder string
	Role   Role
}

// Watch waits for new mail in the inbox and in junk over one connection that it keeps, and tells of it, until ctx ends or the
// connection is lost: when to try again is the caller's to decide. What cfg.Marks cover is not new; a folder without a mark counts as
// read. Where the server can, it says itself when mail comes (IDLE, RFC 2177); every is how often it is asked what it does not say, at
// least a minute. After a suspend, in which connections die unnoticed, it connects anew. Its error is told's, an [*Error], or ctx's.
func Watch(ctx context.Context, cfg IMAPConfig, every time.Duration, told func(News) error) error {
	cfg.Timeouts = cfg.Timeouts.orDefault()
	r := &imapReading{cfg: &cfg, cov: Coverage{Roles: map[Role]bool{}}}
	var err error
	if r.account, err = parseURL(cfg.URL); err != nil {
		return err
	}
	w := &watching{imapReading: r, every: max(every, cfg.leastPause()), told: told, clocks: cfg.clocks}
	if w.clocks == nil {
		start := time.Now()
		w.clocks = func() (wall, mono time.Duration) {
			now := time.Now()
			return now.Round(0).Sub(start.Round(0)), now.Sub(start) // Round strips the monotonic reading
		}
	}
	err = w.watch(ctx)
	r.hangUp(ctx)
	return err
}

// leastPause keeps a mistaken caller from asking a server without end; tests are in more of a hurry.
func (cfg *IMAPConfig) leastPause() time.Duration {
	if cfg.clocks != nil {
		return time.Millisecond
	}
	return time.Minute
}

// watching is one watch over an account.
type watching struct {
	*imapReading
	every   time.Duration
	told    func(News) error
	clocks  func() (wall, mono time.Duration)
	folders []watched
}

// watched is a folder with how it stood when it was last looked at.
type watched struct {
	place
	opened
}

// Servers may end a connection on which nothing was said for half an hour (RFC 9051 section 5.4), so IDLE is renewed before 29 minutes
// (RFC 2177), not by all programs at the same time. Clocks are compared every half minute: those that part by more than 5 s have been
// through a suspend, in which the monotonic one stands still on Linux.
const (
	longestIdle = 28 * time.Minute
	clockCheck  = 30 * time.Second
	mostParted  = 5 * time.Second
)

func (w *watching) watch(ctx context.Context) error {
	places, err := w.places(ctx)
	if err != nil {
		return err
	}
	for _, p := range places {
		if p.role == RoleInbox || p.role == RoleJunk {
			w.folders = append(w.folders, watched{place: p, opened: w.marked(p)})
		}
	}
	for {
		for i := range w.folders {
			if err := w.look(ctx, &w.folders[i]); err != nil {
				return err
			}
		}
		slept, err := w.wait(ctx)
		if err != nil {
			return err
		}
		if slept {
			w.drop()
			if err := w.connect(ctx); err != nil {
				return err
			}
		}
	}
}

// marked is how a folder stood when it was last read.
func (w *watching) marked(p place) opened {
	for _, m := range w.cfg.Marks {
		if m.Folder == p.name {
			return opened{validity: m.Validity, next: imap.UID(m.Next)}
		}
	}
	return opened{}
}

// look asks how a folder stands, with one STATUS, and tells when it is not as it was. Of the open folder Exchange's STATUS tells how it
// stood when it was opened (https://github.com/smiley22/S22.Imap/issues/31): that is opened anew.
func (w *watching) look(ctx context.Context, f *watched) error {
	ask := w.s.status
	if w.s.folder == f.name {
		ask = w.s.examine
	}
	now, err := ask(ctx, f.name)
	if isRefusal(err) && f.role != RoleInbox {
		return nil // the inbox can still be watched
	}
	if err != nil {
		return err
	}
	before := f.opened
	f.opened = now
	if before.validity == 0 || before.validity == now.validity && before.next == now.next {
		return nil // some servers say EXISTS though nothing came
	}
	return w.told(News{Folder: f.name, Role: f.role})
}

// wait waits until it is time to look again, or until the server says that mail came. slept says that the machine was suspended.
func (w *watching) wait(ctx context.Context) (slept bool, err error) {
	caps := w.s.client.Caps()
	if caps.Has(imap.CapIdle) || caps.Has(imap.CapIMAP4rev2) {
		return w.idle(ctx)
	}
	return w.pause(ctx, jittered(w.every), nil)
}

// jittered is up to a quarter less.
func jittered(d time.Duration) time.Duration { return d - rand.N(d/4+1) }

// idle has the server say when mail comes into the inbox, for as long as the pause between two looks at the other folders.
func (w *watching) idle(ctx context.Context) (slept bool, err error) {
	if w.s.folder != "INBOX" {
		// What came just before goes unsaid afterwards (https://github.com/chatmail/core/issues/4926): look at it now.
		if _, err := w.s.examine(ctx, "INBOX"); err != nil {
			return false, err
		}
		return false, nil
	}
	stop, err := w.s.idle(ctx)
	if err != nil {
		return false, err
	}
	if slept, err = w.pause(ctx, jittered(min(w.every, longestIdle)), w.s.arrivals); slept || err != nil {
		return slept, err
	}
	return false, stop(ctx)
}

// errAsleep is a connection that was lost while nothing was asked of it.
var errAsleep = errors.New("the connection was lost while waiting for mail")

// pause waits, and looks at the clocks meanwhile. Word of an arrival ends it.
func (w *watching) pause(ctx context.Context, d time.Duration, arrivals <-chan uint32) (slept bool, err error) {
	wall0, mono0 := w.clocks()
	parted := func() bool {
		wall, mono := w.clocks()
		return ((wall - wall0) - (mono - mono0)).Abs() > mostParted
	}
	end := time.NewTimer(d)
	defer end.Stop()
	check := time.NewTicker(min(clockCheck, d))
	defer check.Stop()
	for {
		select {
		case <-ctx.Done():
			return false, ctx.Err()
		case <-w.s.client.Closed():
			if parted() {
				return true, nil
			}
			return false, w.s.explain(ctx, ctx, StageSearch, errAsleep)
		case <-arrivals:
			return false, nil
		case <-end.C:
			return parted(), nil
		case <-check.C:
			if parted() {
				return true, nil
			}
		}
	}
}
