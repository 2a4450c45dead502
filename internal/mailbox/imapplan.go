package mailbox

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"github.com/emersion/go-imap/v2"
)

// folderReading reads the messages of one folder.
type folderReading struct {
	*imapReading
	place
	opened
	mark   Mark // how far the folder has been read by now
	handed Mark // the last one that was handed out
	// uids are the messages to be looked at, hits those among them that a search takes for bounces; both ascending.
	uids, hits []imap.UID
	// visited are the hits that were visited, in this reading or in an earlier one.
	visited map[imap.UID]bool
	// blind is set where the server did not search for bounces.
	blind         bool
	looked, found int
	recalled      int  // how many of uids an earlier reading visited
	told          int  // how many messages had been looked at when progress was told
	refused       bool // the server lists messages and hands over none
	asked         bool // how the folder stands was asked without opening it
}

// plan opens the folder and finds out what of it is to be read.
func (w *folderReading) plan(ctx context.Context) error {
	return w.try(ctx, func() (err error) {
		if still, err := w.standsStill(ctx); still || err != nil {
			return err
		}
		if w.opened, err = w.s.examine(ctx, w.name); err != nil {
			return err
		}
		w.mark = resume(w.cfg.Marks, w.place, w.opened, dayOf(w.cfg.Since))
		w.uids, w.hits, w.visited, w.recalled = nil, nil, map[imap.UID]bool{}, 0
		if slices.Contains(w.cfg.Marks, w.mark) {
			w.handed = w.mark
		}
		if w.messages == 0 || w.next != 0 && imap.UID(w.mark.Next) >= w.next {
			return nil
		}
		return w.search(ctx)
	})
}

// newSince is the day from which on messages are wanted that came after the mark: the earlier one of the mark's and of that asked for
// now. A message may arrive with an old date, and the mark must not say less than it did.
func (w *folderReading) newSince() time.Time {
	if since := dayOf(w.cfg.Since); begins(since, w.mark.Since) {
		return since
	}
	return w.mark.Since
}

// search fills in what is to be looked at.
func (w *folderReading) search(ctx context.Context) error {
	wanted := imap.SearchCriteria{Since: w.newSince()}
	if w.mark.Next > 1 {
		// "n:*" means the last message too, whatever its number (RFC 9051 section 6.4.8); what is below n is dropped.
		wanted.UID = []imap.UIDSet{{{Start: imap.UID(w.mark.Next)}}}
	}
	uids, hits, err := w.searchBoth(ctx, &wanted)
	if err != nil {
		return err
	}
	if len(uids) >= maxFiles {
		w.note(w.name, whyTooMany, errTooMany)
	}
	w.uids = w.within(uids)
	if w.next == 0 {
		w.next = imap.UID(w.mark.Next)
		if n := len(w.uids); n > 0 {
			w.next = w.uids[n-1] + 1
		}
	}
	w.recall(w.within(hits))
	return nil
}

// searchBoth searches for all messages that are wanted and for the bounces among them. A server that does not search, or whose answer
// leaves out the folder's last message, is asked when its messages arrived instead. One that breaks off over the search for bounces is
// not asked again. Searching in headers is what servers do worst, and nothing rests on it: what it misses, the pass over all headers
// finds.
//
//   - Yahoo answers NO [SERVERBUG], or nothing (https://github.com/mscdex/node-imap/issues/737, https://github.com/MailCore/mailcore2/issues/823).
//   - Gmail compares whole words (https://github.com/MailCore/mailcore2/issues/229) and takes "" for any message (https://github.com/mscdex/node-imap/issues/770).
//   - iCloud leaves out "* SEARCH" where there is nothing (https://github.com/Wh1isper/mcp-email-server/pull/237).
//   - Winmail and 163.com say no UIDNEXT (https://github.com/modern-email/defects/issues/43).
func (w *folderReading) searchBoth(ctx context.Context, wanted *imap.SearchCriteria) (uids, hits []imap.UID, err error) {
	criteria := []*imap.SearchCriteria{wanted}
	bounces, err := bounceSearch()
	if err != nil {
		return nil, nil, err
	}
	bounces.UID, bounces.Since = wanted.UID, wanted.Since
	if w.blind = w.noHits || w.role == RoleSent || w.few(); !w.blind {
		criteria = append(criteria, &bounces)
		w.noHits = true // until the answer is there
	}
	lists, refused, err := w.s.search(ctx, criteria...)
	if err != nil {
		return nil, nil, err
	}
	if !w.blind {
		w.noHits = false
		hits, w.blind = lists[1], refused[1] != nil
		if len(hits) > fewMessages && len(hits) > len(lists[0])/2 {
			hits, w.blind = nil, true // it took most mail for bounces: it did not search
		}
	}
	uids = lists[0]
	lies := false
	if refused[0] == nil {
		if lies, err = w.leavesOutLast(ctx, uids); err != nil {
			return nil, nil, err
		}
	}
	if refused[0] != nil || lies {
		uids, err = w.scan(ctx)
	}
	return uids, hits, err
}

// fewMessages is up to how many messages a folder is read straight away: their headers come as quickly as the answer to a search.
const fewMessages = 500

// few reports whether a search for bounces would save nothing.
func (w *folderReading) few() bool {
	few := cmp.Or(w.cfg.few, fewMessages)
	started := w.mark.Hits > w.mark.Next
	return !started && (int(w.messages) <= few || w.next != 0 && int64(w.next)-int64(w.mark.Next) <= int64(few))
}

// within drops numbers that were not asked for.
func (w *folderReading) within(uids []imap.UID) []imap.UID {
	return slices.DeleteFunc(uids, func(uid imap.UID) bool {
		return uid < imap.UID(w.mark.Next) || w.next != 0 && uid >= w.next
	})
}

// leavesOutLast reports whether an answer to a search is without the folder's last message though that is wanted. The server is asked
// only where its number alone does not tell.
func (w *folderReading) leavesOutLast(ctx context.Context, uids []imap.UID) (bool, error) {
	if n := len(uids); w.messages == 0 || n >= int(w.messages) || n > 0 && w.next != 0 && uids[n-1] == w.next-1 {
		return false, nil
	}
	lies := false
	err := w.s.dates(ctx, w.messages, w.messages, func(uid imap.UID, at time.Time) {
		_, listed := slices.BinarySearch(uids, uid)
		// A day's difference may come from the server's zone.
		lies = !listed && uid >= imap.UID(w.mark.Next) && !at.IsZero() && at.After(w.newSince().AddDate(0, 0, 2))
	})
	var e *Error
	if errors.As(err, &e) { // it may be that very message that the server stumbles over
		if e.another() {
			w.lost++
			w.drop()
		}
		return false, nil
	}
	return lies, err
}

// scan finds the messages that are wanted by asking when each arrived.
func (w *folderReading) scan(ctx context.Context) (uids []imap.UID, err error) {
	since := w.newSince()
	err = w.s.dates(ctx, 1, w.messages, func(uid imap.UID, at time.Time) {
		if !begins(dayOf(at), since) && len(uids) < maxFiles {
			uids = append(uids, uid)
		}
	})
	slices.Sort(uids)
	return slices.Compact(uids), err
}

// recall takes the hits, and finds out which of them an earlier reading visited: all below its mark, if the search found the same
// ones then. If not, they are visited again rather than lost.
func (w *folderReading) recall(hits []imap.UID) {
	w.hits = slices.DeleteFunc(hits, func(uid imap.UID) bool { _, wanted := slices.BinarySearch(w.uids, uid); return !wanted })
	var digest uint64
	before, _ := slices.BinarySearch(w.hits, imap.UID(w.mark.Hits))
	for _, uid := range w.hits[:before] {
		digest += fingerprint(uid)
	}
	if digest != w.mark.Digest {
		w.mark.Hits, w.mark.Digest = w.mark.Next, 0
		return
	}
	for _, uid := range w.hits[:before] {
		w.visited[uid] = true
	}
	w.recalled, w.hits = before, w.hits[before:]
}

// isRefusal reports whether a server said no and goes on.
func isRefusal(err error) bool {
	var e *Error
	return errors.As(err, &e) && !e.another() && (e.Stage == StageSearch || e.Stage == StageFetch)
}
