package mailbox

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/emersion/go-imap/v2"
)

// attempt asks for many things at once. What does not come of it, for a refusal or a lost connection, is left to [insist].
func (w *folderReading) attempt(ctx context.Context, asks []ask, got func(answer)) error {
	if len(asks) == 0 {
		return nil
	}
	came := false
	err := w.reopen(ctx)
	if err == nil {
		err = w.s.fetch(ctx, asks, func(a answer) { came = true; got(a) })
	}
	switch {
	case err == nil, isRefusal(err):
		return nil
	case w.mayTryAgain(err):
		if slices.ContainsFunc(asks, func(a ask) bool { return a.structure }) {
			w.blame(err, came)
		}
		return w.reconnect(ctx, err)
	}
	return err
}

// blame takes note that structures of messages, which servers garble most, may have cost a connection. A server that had begun to
// answer stumbled over a message and need not be left in peace; a silence is not risked twice.
func (w *folderReading) blame(err error, came bool) {
	var e *Error
	if errors.As(err, &e) && e.Kind == KindStalled {
		w.trouble = maxTrouble
		return
	}
	w.trouble++
	w.stumbled = came
}

// insist fetches messages into got over however many connections it takes. An answer that ends the connection costs only the message
// it is about: what came before it is kept, the first one missing is tried alone, and the rest in halves. What does not come at all
// is listed as unreadable.
func (w *folderReading) insist(ctx context.Context, a ask, take func(answer), got map[imap.UID]fetched) error {
	todo := [][]imap.UID{a.uids}
	suspect := map[imap.UID]bool{}
	for len(todo) > 0 {
		set := missing(todo[len(todo)-1], got)
		todo = todo[:len(todo)-1]
		if len(set) == 0 {
			continue
		}
		if len(set) > headChunk {
			todo = append(todo, set[headChunk:])
			set = set[:headChunk]
		}
		a.uids = set
		err := w.reopen(ctx)
		if err == nil {
			err = w.s.fetch(ctx, []ask{a}, take)
		}
		if err == nil || isRefusal(err) { // "NO some messages could not be fetched"
			w.noteMissing(set, got, err)
			continue
		}
		if !w.mayTryAgain(err) {
			return err
		}
		if bad := w.reconnect(ctx, err); bad != nil {
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
	o, err := w.s.examine(ctx, w.name)
	if err != nil {
		return err
	}
	if o.validity != w.validity {
		return w.account.found(StageFetch, &Error{Kind: KindFolderRenewed, Folder: w.name, Err: fmt.Errorf("open %q: %w", w.name, errMoved)})
	}
	return nil
}

// noteMissing lists what a server did not hand over though it said that all is well: deleted meanwhile, or lost to it,
// as at Exchange Online, which finds messages by a search and answers nothing about them (https://github.com/jstedfast/MailKit/issues/1615).
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

// coax asks something about messages, and where no whole answer came once more about each of which nothing did. It fails only
// when ctx ends.
func (w *folderReading) coax(ctx context.Context, uids []imap.UID, ask func([]imap.UID) error, has func(imap.UID) bool) error {
	if !w.dare(ctx, func() error { return ask(uids) }) && len(uids) > 1 {
		for _, uid := range uids {
			if !has(uid) {
				w.dare(ctx, func() error { return ask([]imap.UID{uid}) })
			}
		}
	}
	return ctx.Err()
}

// maxTrouble is how many failures one reading puts up with before it asks for no more parts. Structures of messages are
// what servers garble most, GMX and Exchange Online among them (https://github.com/jstedfast/MailKit/issues/878 and 1446), and each
// such answer costs a login.
const maxTrouble = 10

// dare asks something that may well end the connection, unless it has gone wrong too often, and reports whether there is
// nothing more to try. A silence is not risked twice: each costs a minute.
func (w *folderReading) dare(ctx context.Context, ask func() error) bool {
	if w.trouble >= maxTrouble {
		return true
	}
	err := w.reopen(ctx)
	if err == nil {
		err = ask()
	}
	var e *Error
	switch {
	case err == nil:
		return true
	case !errors.As(err, &e): // the end of ctx
		return true
	case isRefusal(err):
		w.trouble++
	case e.another() && e.Kind != KindStalled:
		w.trouble++
		w.stumbled = w.trouble > 1 // the first may be the server's own trouble
		if err := w.reconnect(ctx, err); err != nil {
			w.trouble = maxTrouble
		}
		w.lost-- // what is lost here has a bound of its own
	default:
		w.trouble = maxTrouble
		w.drop()
	}
	return false
}
