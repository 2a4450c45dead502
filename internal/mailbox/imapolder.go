package mailbox

import (
	"context"
	"slices"
	"time"

	"github.com/emersion/go-imap/v2"
)

// Windows in which older mail is read, the newest first. They grow, so that twenty years are a handful.
const (
	firstWindow = 32 * 24 * time.Hour
	lastWindow  = 40 * 365 * 24 * time.Hour
)

// older reads what arrived before the mark's day, where more is asked for now than was then. It goes back window by window, and the
// mark with it: whatever ends the reading, only one window is read twice.
func (w *folderReading) older(ctx context.Context) error {
	since := dayOf(w.cfg.Since)
	for window := firstWindow; begins(since, w.mark.Since) && !w.refused; window *= 2 {
		from := dayOf(w.mark.Since.Add(-window))
		if !begins(since, from) || window > lastWindow {
			from = since
		}
		uids, err := w.between(ctx, from)
		if err != nil {
			return err
		}
		w.uids = append(w.uids, uids...) // for progress
		if err := w.look(ctx, uids, func(imap.UID) error { return ctx.Err() }); err != nil {
			return err
		}
		w.mark.Since = from
		if err := w.handMark(); err != nil {
			return err
		}
	}
	return nil
}

// between finds what arrived from that day up to the mark's.
func (w *folderReading) between(ctx context.Context, from time.Time) (uids []imap.UID, err error) {
	if w.mark.Next <= 1 {
		return nil, nil
	}
	all := imap.UIDSet{{Start: 1, Stop: imap.UID(w.mark.Next) - 1}}
	err = w.try(ctx, func() error {
		if err := w.reopen(ctx); err != nil {
			return err
		}
		lists, refused, err := w.s.search(ctx, &imap.SearchCriteria{UID: []imap.UIDSet{all}, Since: from, Before: w.mark.Since})
		if err != nil {
			return err
		}
		if uids = lists[0]; refused[0] == nil {
			return nil
		}
		uids = nil
		return w.s.dates(ctx, 1, w.messages, func(uid imap.UID, at time.Time) {
			if day := dayOf(at); !begins(day, from) && begins(day, w.mark.Since) && len(uids) < maxFiles {
				uids = append(uids, uid)
			}
		})
	})
	uids = slices.DeleteFunc(uids, func(uid imap.UID) bool { return uid >= imap.UID(w.mark.Next) })
	slices.Sort(uids)
	return slices.Compact(uids), err
}
