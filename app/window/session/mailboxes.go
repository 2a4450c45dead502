package session

import (
	"context"
	"errors"
	"maps"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"rimbalzo/app/accounts"
	"rimbalzo/internal/account"
	"rimbalzo/internal/checklist"
	"rimbalzo/internal/mailbox"
	"rimbalzo/internal/missing"
	"rimbalzo/internal/review"
	"rimbalzo/internal/store"
)

// Mailboxes reviews the accounts that the person has set up, out of the store.
type Mailboxes struct {
	Desk   *accounts.Desk
	Review func(ctx context.Context, req review.Request) (checklist.Report, error)
}

// Trouble is an account that could not be read.
type Trouble struct {
	Account string
	Last    time.Time // when it was last read to its end; zero for never
	Err     error
}

// Reading is what a review of the accounts came to.
type Reading struct {
	Report checklist.Report
	// Oldest is when the account that was read the longest ago was last read to its end; zero where none was.
	Oldest   time.Time
	Troubles []Trouble
	Asides   []store.Aside // files that were damaged, to be told
	Unsent   []string      // accounts in which no folder of sent mail was found
}

// Looked is how far a reading of all accounts is, in messages.
type Looked struct{ Looked, Found, Left int }

// ErrNothingSetUp means that there is no account whose mail could be read.
var ErrNothingSetUp = errors.New("no account is set up")

// Readable gives the accounts that mail is read of.
func (m *Mailboxes) Readable() ([]account.Account, error) {
	list, _, err := m.Desk.List()
	return slices.DeleteFunc(list, func(a account.Account) bool { return a.Kind == account.Watched }), err
}

// Known reviews what is kept of the accounts, and reads nothing. known is false where nothing was ever read.
func (m *Mailboxes) Known(ctx context.Context, base review.Request) (r Reading, known bool, err error) {
	list, err := m.Readable()
	if err != nil || len(list) == 0 {
		return r, false, err
	}
	s, err := store.Open(ctx, m.Desk.Data, store.Options{})
	if err != nil {
		return r, false, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	r, err = m.known(ctx, s, base, list, nil)
	return r, !r.Oldest.IsZero(), err
}

// Missing looks in what is kept of the accounts for what never arrived, and reads nothing. known is false where nothing was
// ever read.
func (m *Mailboxes) Missing(ctx context.Context, base review.Request, find func(context.Context, review.Request) (missing.Result, error)) (r missing.Result, known bool, err error) {
	list, err := m.Readable()
	if err != nil || len(list) == 0 {
		return r, false, err
	}
	s, err := store.Open(ctx, m.Desk.Data, store.Options{})
	if err != nil {
		return r, false, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	if err := m.prepare(ctx, s, &base, list, nil, &Reading{}); err != nil || len(base.Accounts) == 0 {
		return r, false, err
	}
	r, err = find(ctx, base)
	return r, true, err
}

// known reviews what is kept; failed are the accounts that could not be read just before.
func (m *Mailboxes) known(ctx context.Context, s *store.Store, base review.Request, list []account.Account, failed map[string]error) (Reading, error) {
	var r Reading
	if err := m.prepare(ctx, s, &base, list, failed, &r); err != nil {
		return r, err
	}
	r.Asides = s.SetAside()
	if len(base.Accounts) == 0 {
		return r, nil
	}
	var err error
	r.Report, err = m.Review(ctx, base)
	debug.FreeOSMemory() // a review takes several times what it comes to, and the window stays for long
	return r, err
}

// prepare makes base a request for what is kept of the accounts, of those that were ever read, and notes in r how they stand.
func (m *Mailboxes) prepare(ctx context.Context, s *store.Store, base *review.Request, list []account.Account, failed map[string]error, r *Reading) error {
	readings, err := s.Accounts(ctx)
	if err != nil {
		return err
	}
	last := map[string]time.Time{}
	for _, a := range readings {
		last[a.Name] = a.At
	}
	base.Store, base.Accounts = s, nil
	base.Stale = func(string, time.Time, error) {} // known by failed
	base.Unsent = func(account string) { r.Unsent = append(r.Unsent, account) }
	for _, acc := range list {
		at, err := last[acc.ID], failed[acc.ID]
		if err != nil {
			r.Troubles = append(r.Troubles, Trouble{acc.ID, at, err})
		}
		if at.IsZero() {
			continue
		}
		if r.Oldest.IsZero() || at.Before(r.Oldest) {
			r.Oldest = at
		}
		kept := review.LocalAccount(acc.ID, nil)
		if acc.Kind == account.IMAP {
			kept = review.IMAPAccount(acc.ID, mailbox.IMAPConfig{})
		}
		base.Accounts = append(base.Accounts, kept.Known(err))
	}
	return nil
}

// mostAtOnce is how many accounts are read at the same time.
const mostAtOnce = 4

// Read reads what is new in all accounts and reviews them. An account that cannot be read does not keep the others from being
// shown; where none could ever be read, the first one's error is the review's.
func (m *Mailboxes) Read(ctx context.Context, base review.Request, progress func(Looked)) (r Reading, err error) {
	list, err := m.Readable()
	if err != nil {
		return r, err
	}
	if len(list) == 0 {
		return r, ErrNothingSetUp
	}
	s, err := store.Open(ctx, m.Desk.Data, store.Options{})
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	failed := m.readAll(ctx, s, base, list, progress)
	if ctx.Err() != nil {
		return r, ctx.Err()
	}
	r, err = m.known(ctx, s, base, list, failed)
	if err == nil && r.Oldest.IsZero() && len(r.Troubles) > 0 {
		err = r.Troubles[0].Err
	}
	return r, err
}

// readAll reads the accounts, a few at a time, and gives why some could not be.
func (m *Mailboxes) readAll(ctx context.Context, s *store.Store, base review.Request, list []account.Account, progress func(Looked)) map[string]error {
	failed, places := map[string]error{}, make(chan struct{}, mostAtOnce)
	count := &counter{tell: progress, folders: map[string]mailbox.Progress{}}
	var mu sync.Mutex
	var all sync.WaitGroup
	for _, acc := range list {
		all.Go(func() {
			places <- struct{}{}
			defer func() { <-places }()
			if err := m.readOne(ctx, s, base, acc, count); err != nil {
				mu.Lock()
				defer mu.Unlock()
				failed[acc.ID] = err
			}
		})
	}
	all.Wait()
	return failed
}

func (m *Mailboxes) readOne(ctx context.Context, s *store.Store, base review.Request, acc account.Account, count *counter) error {
	access := account.Access{Vault: m.Desk.Vault, Data: m.Desk.Data}
	reading, err := accounts.Remembered(ctx, acc, access, func(p mailbox.Progress) { count.folder(acc.ID, p) })
	if err != nil {
		return err
	}
	if acc.Kind == account.Local {
		base.Progress = func(done int) { count.folder(acc.ID, mailbox.Progress{Looked: done}) }
	}
	base.Store, base.Accounts, base.Stale = s, []review.Account{reading}, nil
	base.Unsent = nil // told once, when all are known
	_, err = m.Review(ctx, base)
	return err
}

// counter adds up how far the readings of all folders of all accounts are.
type counter struct {
	mu      sync.Mutex
	tell    func(Looked)
	last    time.Time
	folders map[string]mailbox.Progress
}

func (c *counter) folder(id string, p mailbox.Progress) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.folders[id+"\x00"+p.Folder] = p
	now := time.Now()
	if now.Sub(c.last) < progressEvery {
		return
	}
	c.last = now
	var sum Looked
	for p := range maps.Values(c.folders) {
		sum.Looked, sum.Found, sum.Left = sum.Looked+p.Looked, sum.Found+p.Found, sum.Left+p.Left
	}
	c.tell(sum)
}
