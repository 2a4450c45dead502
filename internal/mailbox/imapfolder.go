package mailbox

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/emersion/go-imap/v2"
)

// How much is fetched at once and of each message. A set of 250 UIDs is at most 2.8 KB long; Dovecot refuses lines
// over 8 KB.
const (
	headerChunk = 250
	bodyChunk   = 50
	headerLimit = 64 << 10
	wholeLimit  = 64 << 10
	replyLimit  = 16 << 10
)

// errEmptyHanded is a server that lists many messages and hands over none of them.
var errEmptyHanded = errors.New("no message of many was handed over")

// folderReading reads the messages of one folder.
type folderReading struct {
	*imapReading
	place
	validity uint32
}

// errMoved is a folder that was made anew while it was read: its UIDs name other messages now.
var errMoved = errors.New("the folder was made anew in the meantime")

// chunk fetches what is needed of some messages and hands them on in their order. They are handed on when the server's
// answer is complete: a slow visitor must not make a server wait.
func (w *folderReading) chunk(ctx context.Context, uids []imap.UID) error {
	heads := map[imap.UID]fetched{}
	if w.role != RoleSent { // there the whole message is wanted anyway
		if err := w.fetchAll(ctx, uids, false, headerLimit, heads); err != nil {
			return err
		}
	}
	whole, replies := w.wanted(uids, heads)
	texts := map[imap.UID]fetched{}
	for _, want := range []struct {
		uids  []imap.UID
		limit int64
	}{{whole, wholeLimit}, {replies, replyLimit}} {
		for len(want.uids) > 0 {
			n := min(bodyChunk, len(want.uids))
			if err := w.fetchAll(ctx, want.uids[:n], true, want.limit, texts); err != nil {
				return err
			}
			want.uids = want.uids[n:]
		}
	}
	if len(uids) >= bodyChunk && len(heads)+len(texts) == 0 {
		return errEmptyHanded
	}
	if err := w.addParts(ctx, whole, texts); err != nil {
		return err
	}
	for _, uid := range uids {
		f, ok := texts[uid]
		if !ok {
			f, ok = heads[uid]
		}
		if !ok || w.leftOut(f) {
			continue
		}
		if err := w.hand(ctx, uid, f); err != nil {
			return err
		}
	}
	return nil
}

// wanted picks the messages of which more than the header is needed.
func (w *folderReading) wanted(uids []imap.UID, heads map[imap.UID]fetched) (whole, replies []imap.UID) {
	if w.role == RoleSent {
		return uids, nil
	}
	for _, uid := range uids {
		f, ok := heads[uid]
		if !ok || w.role == RoleAll && (f.draft || w.seen[w.headerHash(f.text)]) {
			continue
		}
		switch interestOf(f.text) {
		case interestBounce:
			whole = append(whole, uid)
		case interestReply:
			replies = append(replies, uid)
		}
	}
	return whole, replies
}

// leftOut reports whether a message is not handed on: one that all mail only repeats, or a draft there, which was never
// sent. It remembers every message.
func (w *folderReading) leftOut(f fetched) bool {
	hash := w.headerHash(f.text)
	repeated := w.seen[hash]
	w.seen[hash] = true
	return w.role == RoleAll && (repeated || f.draft)
}

func (w *folderReading) hand(ctx context.Context, uid imap.UID, f fetched) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	w.cov.Messages++
	return w.visit(Message{
		Source: w.source(uid), Folder: w.name, Role: w.role, ArrivedAt: f.at, Body: bytes.NewReader(f.text), Parts: f.parts,
		UID: uint32(uid), Validity: w.validity,
	})
}

// fetchAll fetches messages into got over however many connections it takes. An answer that ends the connection costs only
// the message it is about: what came before it is kept, the first one missing is tried alone, and the rest in halves.
func (w *folderReading) fetchAll(ctx context.Context, uids []imap.UID, whole bool, limit int64, got map[imap.UID]fetched) error {
	todo := [][]imap.UID{uids}
	suspect := map[imap.UID]bool{}
	var bad error
	for len(todo) > 0 {
		set := missing(todo[len(todo)-1], got)
		todo = todo[:len(todo)-1]
		if len(set) == 0 {
			continue
		}
		err := w.fetchOnce(ctx, set, whole, limit, got)
		if err == nil {
			w.noteMissing(set, got, nil)
			continue
		}
		var e *Error
		if errors.As(err, &e) && e.Kind == KindServerRefused {
			w.noteMissing(set, got, err) // "NO some messages could not be fetched"
			continue
		}
		if !w.mayTryAgain(err) {
			return err
		}
		if bad = w.reconnect(ctx, err); bad != nil {
			return bad
		}
		left := missing(set, got)
		w.fruitful = len(left) < len(set)
		if len(left) == 1 && suspect[left[0]] {
			w.note(w.source(left[0]), whyOf(err), err)
			continue
		}
		todo = append(todo, narrow(left, suspect)...)
	}
	return nil
}

// narrow splits what is left after a lost connection; the last set is tried first: the message that was due, alone.
func narrow(left []imap.UID, suspect map[imap.UID]bool) [][]imap.UID {
	if len(left) == 0 {
		return nil
	}
	suspect[left[0]] = true
	rest := left[1:]
	return [][]imap.UID{rest[len(rest)/2:], rest[:len(rest)/2], left[:1]}
}

func whyOf(err error) string {
	var e *Error
	if errors.As(err, &e) {
		switch e.Kind {
		case KindHostile:
			return whyHostile
		case KindBroken:
			return whyGarbled
		}
	}
	return whyNotHandedOver
}

// reopen sees to it that the folder is open, on a new connection where there is none.
func (w *folderReading) reopen(ctx context.Context) error {
	if err := w.connect(ctx); err != nil {
		return err
	}
	if w.s.folder == w.name {
		return nil
	}
	validity, _, err := w.s.examine(ctx, w.name)
	if err != nil {
		return err
	}
	if validity != w.validity {
		return w.found(StageFetch, &Error{Kind: KindFolderRenewed, Folder: w.name, Err: fmt.Errorf("open %q: %w", w.name, errMoved)})
	}
	return nil
}

// fetchOnce fetches on one connection, opening the folder where that is needed.
func (w *folderReading) fetchOnce(ctx context.Context, uids []imap.UID, whole bool, limit int64, got map[imap.UID]fetched) error {
	if err := w.reopen(ctx); err != nil {
		return err
	}
	wanted := map[imap.UID]bool{}
	for _, uid := range uids {
		wanted[uid] = true
	}
	return w.s.fetch(ctx, uids, whole, limit, func(uid imap.UID, f fetched) {
		if wanted[uid] {
			got[uid] = f
		}
	})
}

// noteMissing lists what a server did not hand over though it said that all is well: deleted meanwhile, or lost to it.
func (w *folderReading) noteMissing(set []imap.UID, got map[imap.UID]fetched, err error) {
	for _, uid := range missing(set, got) {
		w.note(w.source(uid), whyNotHandedOver, err)
	}
}

func missing(uids []imap.UID, got map[imap.UID]fetched) (left []imap.UID) {
	for _, uid := range uids {
		if _, ok := got[uid]; !ok {
			left = append(left, uid)
		}
	}
	return left
}
