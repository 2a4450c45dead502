package accounts

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	"rimbalzo/internal/account"
	"rimbalzo/internal/store"
)

// Remove deletes an account's secret and then the account; what was read of it stays. A keyring that cannot be reached does
// not stop it where it cannot hold anything, and unreached says so; a locked one does, since the secret would be left behind.
func (d *Desk) Remove(ctx context.Context, name string) (acc account.Account, unreached bool, err error) {
	book, err := d.Book()
	if err != nil {
		return acc, false, err
	}
	if acc, err = book.Get(name); err != nil {
		return acc, false, err
	}
	if acc.NeedsSecret() {
		err := d.Vault.Delete(ctx, acc.ID)
		unreached = errors.Is(err, account.ErrNoBus) || errors.Is(err, account.ErrNoService) || errors.Is(err, account.ErrNoKeyring)
		if err != nil && !unreached {
			return acc, false, err
		}
	}
	return acc, unreached, book.Remove(acc.ID)
}

// Forgotten says what forgetting took away.
type Forgotten struct {
	Name      string
	Account   bool // the account itself; it may have been removed before
	Unreached bool // see [Desk.Remove]
}

// Forget takes every trace of an account away that can be told to be its own: what was read of it, its secret, the account. It
// fails with [account.ErrNoAccount] where nothing of that name was ever there.
func (d *Desk) Forget(ctx context.Context, name string) (Forgotten, error) {
	done := Forgotten{Name: name}
	book, err := d.Book()
	if err != nil {
		return done, err
	}
	acc, err := book.Get(name)
	removed := errors.Is(err, account.ErrNoAccount)
	if (err != nil && !removed) || (removed && nothingRead(d.Data)) {
		return done, err
	}
	if !removed {
		done.Name = acc.ID
	}
	// What was read goes first: while the account is there, forgetting can be taken up again.
	if err := forgetRead(ctx, d.Data, done.Name); err != nil || removed {
		return done, err
	}
	done.Account = true
	_, done.Unreached, err = d.Remove(ctx, acc.ID)
	return done, err
}

// nothingRead reports whether nothing that was read was ever kept in the data folder.
func nothingRead(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, "mail.db"))
	return errors.Is(err, os.ErrNotExist)
}

// forgetRead drops what was read of an account.
func forgetRead(ctx context.Context, dir, id string) error {
	if nothingRead(dir) {
		return nil
	}
	s, err := store.Open(ctx, dir, store.Options{})
	if err != nil {
		return err
	}
	return errors.Join(s.Forget(ctx, id), s.Close())
}
