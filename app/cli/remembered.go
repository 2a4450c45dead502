package cli

import (
	"context"
	"fmt"
	"time"

	"rimbalzo/app/accounts"
	"rimbalzo/internal/account"
	"rimbalzo/internal/mailbox"
	"rimbalzo/internal/review"
)

// addAccounts takes the accounts that the flags name into a review; without a name and without another source, all that
// there are.
func (a *app) addAccounts(ctx context.Context, s *sources, req *review.Request) error {
	if len(s.accounts) == 0 && s.given() {
		return nil
	}
	book, err := a.book()
	if err != nil {
		return err
	}
	var chosen []account.Account
	for _, name := range s.accounts {
		acc, err := book.Get(name)
		if err != nil {
			return err
		}
		if acc.Kind == account.Watched {
			return errUsage{a.words.T("store.error.watched", "Name", clean(acc.ID))}
		}
		chosen = append(chosen, acc)
	}
	if len(s.accounts) == 0 {
		if chosen, err = book.List(); err != nil {
			return err
		}
	}
	for _, acc := range chosen {
		if acc.Kind == account.Watched {
			continue
		}
		r, err := a.remembered(ctx, s, acc)
		if err != nil {
			return err
		}
		req.Accounts = append(req.Accounts, r)
	}
	if len(req.Accounts) == 0 {
		return errUsage{a.words.T("cli.error.no-source")}
	}
	req.Stale, req.Unsent = a.stale, a.unsent
	return nil
}

// remembered is an account as a review takes it.
func (a *app) remembered(ctx context.Context, s *sources, acc account.Account) (review.Account, error) {
	dir, err := a.dataDir()
	if err != nil {
		return review.Account{}, err
	}
	access := account.Access{Vault: a.vault(), Data: dir, Ask: a.askFor(acc)}
	if s.passwordStdin && acc.Kind != account.Local {
		secret, err := a.readSecret(true, acc)
		if err != nil {
			return review.Account{}, err
		}
		s.typed = secret
		access.Vault = accounts.Memory{acc.ID: secret}
	}
	return accounts.Remembered(ctx, acc, access, a.looking())
}

// looking shows on a terminal how far the reading of a server's folder is; nil where there is none.
func (a *app) looking() func(mailbox.Progress) {
	if !a.env.Terminal {
		return nil
	}
	return func(p mailbox.Progress) {
		a.looked = true
		_, _ = fmt.Fprintf(a.env.Stderr, "\r%s\033[K", a.words.T("review.progress", "Looked", p.Looked, "Found", p.Found, "Left", p.Left))
	}
}

// stale says that an account could not be read now, and what the review rests on. The exit status tells of it too.
func (a *app) stale(id string, last time.Time, err error) {
	a.complain(a.described(err))
	a.complain(a.words.T("store.stale", "Name", clean(id), "Time", last.In(a.zone)))
	a.status = exitFailed
}

// unsent says that what was sent from an account is not seen, and how to help it.
func (a *app) unsent(id string) {
	a.complain(a.words.T("review.unsent", "Name", clean(id)))
}

// withStore runs f with what is remembered of the request's accounts.
func (a *app) withStore(ctx context.Context, req *review.Request, f func() error) error {
	if len(req.Accounts) == 0 {
		return f()
	}
	s, err := a.openStore(ctx)
	if err != nil {
		return err
	}
	req.Store = s
	return a.closeStore(s, f())
}
