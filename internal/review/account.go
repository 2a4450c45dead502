package review

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"rimbalzo/internal/mailbox"
	"rimbalzo/internal/store"
)

// Account is a mailbox that is read as far as it is new, and remembered. [IMAPAccount] and [LocalAccount] make one.
type Account struct {
	id    string
	whole bool                               // all folders that a bounce may lie in are read
	dated bool                               // what arrived before a day is left out
	open  func(r *resumption) mailbox.Source // nil: it is not read

	failed error // why it could not be read just before
}

// IMAPAccount is an account on an IMAP server, remembered under an id. Of cfg, what says where to go on is the review's.
func IMAPAccount(id string, cfg mailbox.IMAPConfig) Account {
	return Account{id: id, whole: true, dated: true, open: func(r *resumption) mailbox.Source {
		c := cfg
		if c.RoleOf == nil {
			c.RoleOf = roleOf
		}
		c.Since, c.Marked = r.since, func(m mailbox.Mark) error { return r.marked(m.Folder, m.Validity, m) }
		for _, kept := range r.marks {
			if m, ok := r.mark(kept); ok {
				c.Marks = append(c.Marks, m)
			}
		}
		return mailbox.IMAP(c)
	}}
}

// mark is a mark on an IMAP server as it was kept; false for none that helps. What was read from a later day on has to be read again
// from the day that matters now.
func (r *resumption) mark(kept store.Mark) (m mailbox.Mark, ok bool) {
	ok = json.Unmarshal(kept.Data, &m) == nil && m.Folder == kept.Place && !m.Since.After(r.since)
	return m, ok
}

// LocalAccount is mail kept on this computer, remembered under an id. One folder with all folders of a mailbox in it is taken
// for the whole of it, as [Request].Mailboxes are.
func LocalAccount(id string, paths []mailbox.LocalPath) Account {
	whole := len(paths) == 1 && len(mailbox.Unfold(paths)) > 1
	return Account{id: id, whole: whole, open: func(r *resumption) mailbox.Source {
		cfg := mailbox.LocalConfig{Paths: paths, Marked: func(m mailbox.LocalMark) error { return r.marked(m.Path, 0, m) }}
		for _, kept := range r.marks {
			var m mailbox.LocalMark
			if json.Unmarshal(kept.Data, &m) == nil && m.Path == kept.Place {
				cfg.Marks = append(cfg.Marks, m)
			}
		}
		return mailbox.Local(cfg)
	}}
}

// Known is the same account, of which nothing is read now: what is kept of it has to do. One that was never read gives nothing.
// With an error that a reading ended with, it is an account that could not be read now (see [Request].Stale).
func (a Account) Known(failed error) Account {
	a.open, a.failed = nil, failed
	return a
}

func (req *Request) whole(id string) bool {
	for _, a := range req.Accounts {
		if a.id == id {
			return a.whole
		}
	}
	return false
}

// remember reads what is new in the accounts, and gives all that is kept of them, with those that could not be read now.
func (req *Request) remember(ctx context.Context, zone *time.Location) (kept *store.Kept, stale map[string]bool, err error) {
	failed := map[string]error{}
	var ids []string
	for _, a := range req.Accounts {
		ids = append(ids, a.id)
		if a.open == nil {
			if a.failed != nil && req.Stale != nil {
				failed[a.id] = a.failed
			}
			continue
		}
		var outer *readError
		err := req.follow(ctx, a, zone)
		if errors.As(err, &outer) && ctx.Err() == nil && req.Stale != nil {
			failed[a.id] = outer.err
		} else if err != nil {
			return nil, nil, err
		}
	}
	kept, err = req.Store.Evidence(ctx, ids)
	if err != nil {
		return nil, nil, err
	}
	there := map[string]bool{}
	stale = map[string]bool{}
	for _, a := range kept.Accounts {
		there[a.Name] = true
		err, isStale := failed[a.Name]
		if isStale && a.At.IsZero() {
			return nil, nil, err
		}
		if isStale {
			req.Stale(a.Name, a.At, err)
			stale[a.Name] = true
		}
	}
	req.tellUnsent(kept.Accounts)
	for _, a := range req.Accounts {
		if a.open != nil && !there[a.id] {
			return nil, nil, fmt.Errorf("review an account: %w", store.ErrRebuilt)
		}
	}
	return kept, stale, nil
}

// tellUnsent tells of the accounts on servers in which no folder of sent mail was found.
func (req *Request) tellUnsent(kept []store.Account) {
	for _, a := range kept {
		server := slices.ContainsFunc(req.Accounts, func(of Account) bool { return of.id == a.Name && of.dated })
		if server && !a.At.IsZero() && !slices.Contains(a.Roles, string(mailbox.RoleSent)) && req.Unsent != nil {
			req.Unsent(a.Name)
		}
	}
}

// readError is what ended the reading of an account: its server, the network, the disk that the mail is on.
type readError struct{ err error }

func (e *readError) Error() string { return e.err.Error() }
func (e *readError) Unwrap() error { return e.err }

// follow reads what is new in one account and keeps it.
func (req *Request) follow(ctx context.Context, a Account, zone *time.Location) error {
	began := time.Now()
	reading, err := req.Store.Begin(ctx, a.id)
	if err != nil {
		return err
	}
	in := &intake{zone: zone}
	r := &resumption{ctx: ctx, since: req.since(), marks: reading.Marks(), in: in, reading: reading}
	cover, err := in.drain(ctx, a.open(r), func(done int) {
		r.relieve()
		if req.Progress != nil {
			req.Progress(done)
		}
	})
	// What was read is kept, however the reading ended; without a mark it may be read again.
	unread := notesOf(cover)
	kept := r.keep(nil, unread)
	switch {
	case kept != nil:
		return kept
	case err != nil && ctx.Err() != nil:
		return err
	case err != nil:
		return &readError{err}
	}
	c := store.Covered{At: began, Own: cover.Accounts, Unread: unread, Anew: mailbox.TriedAgain()}
	if a.dated {
		c.Since = r.since
	}
	for role, read := range cover.Roles {
		if read {
			c.Roles = append(c.Roles, string(role))
		}
	}
	return reading.Finish(ctx, c)
}

func notesOf(cover mailbox.Coverage) (list []store.Unread) {
	for _, u := range cover.Unreadable {
		list = append(list, store.Unread{Source: u.Source, Why: u.Why, Folder: mailbox.MissesFolder(u)})
	}
	return list
}

// resumption is a reading of an account on its way into the store: where it goes on, and how far it got. Its methods are
// called from the goroutine that reads.
type resumption struct {
	ctx     context.Context // of the reading; it ends before its caller returns
	since   time.Time
	marks   []store.Mark
	in      *intake
	reading *store.Reading
	failed  error // why something could not be kept
}

// marked keeps all that was visited, with the mark that covers it.
func (r *resumption) marked(place string, validity uint32, mark any) error {
	data, err := json.Marshal(mark)
	if err != nil {
		return fmt.Errorf("note how far %q was read: %w", place, err)
	}
	return r.keep(&store.Mark{Place: place, Validity: validity, Data: data}, nil)
}

// crowd is how many records may wait for their mark.
const crowd = 2000

// relieve keeps what waits for a mark that is long in coming, so that memory does not grow with the mailbox. An error shows at
// the mark.
func (r *resumption) relieve() {
	r.in.mu.Lock()
	waiting := len(r.in.records)
	r.in.mu.Unlock()
	if waiting > crowd {
		_ = r.keep(nil, nil) // r.failed has it
	}
}

func (r *resumption) keep(mark *store.Mark, unread []store.Unread) error {
	if r.failed != nil {
		return r.failed
	}
	r.in.pending.Wait()
	records, own := r.in.taken()
	if len(records)+len(own)+len(unread) == 0 && mark == nil {
		return nil
	}
	// A reading that is cancelled keeps what it has: that is quickly done.
	r.failed = r.reading.Keep(context.WithoutCancel(r.ctx), store.Chunk{Records: records, Own: own, Unread: unread, Mark: mark})
	return r.failed
}
