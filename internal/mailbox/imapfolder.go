package mailbox

import (
	"bytes"
	"context"
	"errors"
	"slices"

	"github.com/emersion/go-imap/v2"

	"rimbalzo/internal/bounce"
)

// How many messages are asked about at once. A set of 500 UIDs is at most 5.5 KB long; Dovecot refuses lines over 8 KB. What is held
// in memory at a time stays below some megabytes.
const (
	headChunk  = 500
	headChunks = 4 // commands under way
	bodyChunk  = 50
	// markStep is after how many visited messages a mark is handed out.
	markStep = 100
)

// errEmptyHanded is a server that lists many messages and hands over none of them.
var errEmptyHanded = errors.New("no message of many was handed over")

// errMoved is a folder that was made anew while it was read: its UIDs name other messages now.
var errMoved = errors.New("the folder was made anew in the meantime")

// fetched is what came of one message, put together for the visitor.
type fetched struct {
	answer
	text  []byte // header, or the message's beginning
	parts []bounce.Part
}

// rest reads the messages that were not visited as bounces, and then what is older than the mark goes back to.
func (w *folderReading) rest(ctx context.Context) error {
	if w.refused {
		return nil
	}
	todo := slices.DeleteFunc(slices.Clone(w.uids), func(uid imap.UID) bool { return w.visited[uid] })
	err := w.look(ctx, todo, func(uid imap.UID) error {
		w.pass(uid)
		return w.mayMark(ctx)
	})
	if errors.Is(err, errEmptyHanded) {
		return w.giveUp(err)
	}
	if err != nil {
		return err
	}
	w.mark.Next = max(w.mark.Next, uint32(w.next))
	w.mark.Hits, w.mark.Digest = w.mark.Next, 0
	if err := w.handMark(); err != nil {
		return err
	}
	return w.older(ctx)
}

// giveUp leaves the folder to itself.
func (w *folderReading) giveUp(err error) error {
	w.note(w.name, whyFolderRefused, err)
	w.refused = true
	return nil
}

// pass moves the mark behind a message. Hits that lie before it leave the digest.
func (w *folderReading) pass(uid imap.UID) {
	for at, _ := slices.BinarySearch(w.uids, imap.UID(w.mark.Next)); at < len(w.uids) && w.uids[at] <= uid; at++ {
		if w.visited[w.uids[at]] {
			w.mark.Digest -= fingerprint(w.uids[at])
			delete(w.visited, w.uids[at])
		}
	}
	w.mark.Next = uint32(uid) + 1
	if w.mark.Hits < w.mark.Next {
		w.mark.Hits, w.mark.Digest = w.mark.Next, 0
	}
}

// mayMark tells progress and hands out a mark now and then.
func (w *folderReading) mayMark(ctx context.Context) error {
	if w.looked-w.told < markStep {
		return nil
	}
	w.tell()
	if err := w.handMark(); err != nil {
		return err
	}
	return ctx.Err()
}

func (w *folderReading) tell() {
	w.told = w.looked
	if w.cfg.Progress != nil {
		left := max(len(w.uids)-w.recalled-w.looked, 0)
		w.cfg.Progress(Progress{Folder: w.name, Role: w.role, Looked: w.looked, Found: w.found, Left: left})
	}
}

func (w *folderReading) handMark() error {
	if w.cfg.Marked == nil || w.validity == 0 || w.mark == w.handed {
		return nil
	}
	w.handed = w.mark
	return w.cfg.Marked(w.mark)
}

// look reads messages of any sort and hands them on in their order; passed is told of each that is done with. They are handed on when
// the server's answer is complete: a slow visitor must not make a server wait.
func (w *folderReading) look(ctx context.Context, uids []imap.UID, passed func(imap.UID) error) error {
	size := headChunk * headChunks
	if w.role == RoleSent {
		size = bodyChunk
	}
	for chunk := range slices.Chunk(uids, size) {
		heads, err := w.heads(ctx, chunk)
		if err != nil {
			return err
		}
		if len(chunk) >= bodyChunk && len(heads) == 0 {
			return errEmptyHanded
		}
		if err := w.handChunk(ctx, chunk, heads, passed); err != nil {
			return err
		}
	}
	w.tell()
	return nil
}

// heads gets the headers of messages, of those that were sent the beginnings.
func (w *folderReading) heads(ctx context.Context, uids []imap.UID) (map[imap.UID]fetched, error) {
	first, again := fewFields, wholeHeader
	if w.role == RoleSent {
		first, again = beginning, beginning
	}
	got := map[imap.UID]fetched{}
	take := func(s section) func(answer) {
		return func(a answer) {
			if text := a.body(s); text != nil {
				got[a.uid] = fetched{answer: a, text: text}
			}
		}
	}
	var asks []ask
	for set := range slices.Chunk(uids, headChunk) {
		asks = append(asks, ask{uids: set, sections: []section{first}, flags: w.role == RoleAll})
	}
	if err := w.attempt(ctx, asks, take(first)); err != nil {
		return nil, err
	}
	// Whatever did not come is asked for once more, in the plainest way.
	return got, w.insist(ctx, ask{uids: uids, sections: []section{again}, flags: w.role == RoleAll}, take(again), got)
}

// handChunk hands on what came. Of what may be a bounce more is fetched first, some at a time.
func (w *folderReading) handChunk(ctx context.Context, uids []imap.UID, heads map[imap.UID]fetched, passed func(imap.UID) error) error {
	interests, bounces := map[imap.UID]interest{}, []imap.UID(nil)
	for _, uid := range uids {
		f, came := heads[uid]
		if !came || w.role == RoleSent || w.role == RoleAll && (f.draft || w.seen[headerDigest(f.text)]) {
			continue
		}
		if interests[uid] = interestOf(f.text); interests[uid] == interestBounce {
			bounces = append(bounces, uid)
		}
	}
	if err := w.addReplies(ctx, uids, interests, heads); err != nil {
		return err
	}
	for len(uids) > 0 {
		// Up to the next bounce, the messages are there.
		n := slices.IndexFunc(uids, func(uid imap.UID) bool { return interests[uid] == interestBounce })
		if n < 0 {
			n = len(uids)
		}
		for _, uid := range uids[:n] {
			f, came := heads[uid]
			if err := w.hand(ctx, uid, f, came); err != nil {
				return err
			}
			if err := passed(uid); err != nil {
				return err
			}
		}
		uids = uids[n:]
		if len(uids) == 0 {
			break
		}
		some := bounces[:min(len(bounces), hitChunk)]
		bounces = bounces[len(some):]
		if err := w.gather(ctx, some, func(uid imap.UID, f fetched, came bool) error {
			if came {
				heads[uid] = f
			}
			interests[uid] = interestNone
			w.found++
			return nil
		}); err != nil {
			return err
		}
	}
	return nil
}

// addReplies fetches the beginning of answers that only their text can tie to a message.
func (w *folderReading) addReplies(ctx context.Context, uids []imap.UID, interests map[imap.UID]interest, heads map[imap.UID]fetched) error {
	replies := slices.DeleteFunc(slices.Clone(uids), func(uid imap.UID) bool { return interests[uid] != interestReply })
	for set := range slices.Chunk(replies, bodyChunk) {
		got := map[imap.UID]fetched{}
		err := w.insist(ctx, ask{uids: set, sections: []section{replyStart}}, func(a answer) {
			if text := a.body(replyStart); text != nil {
				a.draft = heads[a.uid].draft
				got[a.uid] = fetched{answer: a, text: text}
			}
		}, got)
		if err != nil {
			return err
		}
		for uid, f := range got {
			heads[uid] = f
		}
	}
	return nil
}

// hand gives a message to the visitor, unless all mail only repeats it or it is a draft there, which was never sent. It remembers
// every message.
func (w *folderReading) hand(ctx context.Context, uid imap.UID, f fetched, came bool) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	w.looked++
	if !came {
		return nil
	}
	hash := headerDigest(f.text)
	repeated := w.seen[hash]
	w.seen[hash] = true
	if w.role == RoleAll && (repeated || f.draft) {
		return nil
	}
	w.cov.Messages++
	return w.visit(Message{
		Source: w.source(uid), Folder: w.name, Role: w.role, ArrivedAt: f.at, Body: bytes.NewReader(f.text), Parts: f.parts,
		UID: uint32(uid), Validity: w.validity, Digest: hash,
	})
}
