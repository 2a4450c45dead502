package mailbox

import (
	"cmp"
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/emersion/go-imap/v2"
)

// lookEvery is how often a folder is asked about that says nothing by itself: junk, and the inbox where there is no IDLE. It is a STATUS
// of some hundred bytes.
const lookEvery = 4 * time.Minute

// watching waits for new mail over a connection.
type watching struct {
	*imapReading
	wanted  <-chan struct{} // somebody else wants the connection
	folders []watched       // nil before the first look
}

// watched is a folder with how it stood when it was last looked at.
type watched struct {
	place
	opened
}

// look asks how the inbox and junk stand. It reports whether one is not as it was at the last look.
func (w *watching) look(ctx context.Context) (news bool, err error) {
	if w.folders == nil {
		places, err := w.places(ctx)
		if err != nil {
			return false, err
		}
		for _, p := range places {
			if p.role == RoleInbox || p.role == RoleJunk {
				w.folders = append(w.folders, watched{place: p})
			}
		}
	}
	for i := range w.folders {
		changed, err := w.lookAt(ctx, &w.folders[i])
		if err != nil {
			return false, err
		}
		news = news || changed
	}
	return news, nil
}

// lookAt asks how a folder stands, with one STATUS. Of the open folder Exchange's STATUS tells how it stood when it was opened
// (https://github.com/smiley22/S22.Imap/issues/31): that is opened anew.
func (w *watching) lookAt(ctx context.Context, f *watched) (changed bool, err error) {
	ask := w.s.status
	if w.s.folder == f.name {
		ask = w.s.examine
	}
	now, err := ask(ctx, f.name)
	if isRefusal(err) && f.role != RoleInbox {
		return false, nil // the inbox can still be watched
	}
	if err != nil {
		return false, err
	}
	before := f.opened
	f.opened = now
	// Some servers say EXISTS though nothing came.
	return before.validity != 0 && (before.validity != now.validity || before.next != now.next), nil
}

// wait waits until it is time to look again, the server says that mail came, or somebody wants the connection.
func (w *watching) wait(ctx context.Context) error {
	every := cmp.Or(w.cfg.lookEvery, lookEvery)
	every -= rand.N(every/4 + 1) // not all programs at the same time
	caps := w.s.client.Caps()
	if caps.Has(imap.CapIdle) || caps.Has(imap.CapIMAP4rev2) {
		return w.idle(ctx, every)
	}
	return w.pause(ctx, every, nil)
}

// idle has the server say when mail comes into the inbox, for a while.
func (w *watching) idle(ctx context.Context, d time.Duration) error {
	// It ends in order when ctx ends, so that the connection stays good.
	calm := context.WithoutCancel(ctx)
	if w.s.folder != "INBOX" {
		// What came just before goes unsaid afterwards (https://github.com/chatmail/core/issues/4926): it is looked at next.
		_, err := w.s.examine(calm, "INBOX")
		return err
	}
	stop, err := w.s.idle(calm)
	if err != nil {
		return err
	}
	err = w.pause(ctx, d, w.s.arrivals)
	if err != nil && ctx.Err() == nil {
		return err
	}
	w.s.limits.Idle = min(w.s.limits.Idle, doneLimit)
	if ended := stop(calm); ended != nil {
		return ended
	}
	return err
}

// doneLimit is how long a server may take to end an IDLE: little, since a machine that wakes up wants to know soon whether a
// connection still lives.
const doneLimit = 5 * time.Second

// errAsleep is a connection that was lost while nothing was asked of it.
var errAsleep = errors.New("the connection was lost while waiting for mail")

// pause waits. Word of an arrival ends it.
func (w *watching) pause(ctx context.Context, d time.Duration, arrivals <-chan uint32) error {
	end := time.NewTimer(d)
	defer end.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-w.s.client.Closed():
		return w.s.explain(ctx, ctx, StageSearch, errAsleep)
	case <-arrivals:
	case <-w.wanted:
	case <-end.C:
	}
	return nil
}
