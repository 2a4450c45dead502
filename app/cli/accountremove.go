package cli

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	"rimbalzo/internal/account"
	"rimbalzo/internal/store"
)

// removeAccount takes an account and its secret away; what was read of it stays.
func (a *app) removeAccount(ctx context.Context, name string) error {
	acc, err := a.takeAway(ctx, name)
	if err != nil {
		return err
	}
	return a.say("cli.account.removed", "Name", clean(acc.ID))
}

// forgetAccount takes every trace of an account away that can be told to be its own.
func (a *app) forgetAccount(ctx context.Context, name string) error {
	dir, err := a.dataDir()
	if err != nil {
		return err
	}
	book, err := a.book()
	if err != nil {
		return err
	}
	acc, err := book.Get(name)
	removed := errors.Is(err, account.ErrNoAccount)
	if err != nil && !removed {
		return err
	}
	if removed && nothingRead(dir) {
		return err
	}
	if removed {
		acc.ID = name // removed before; what was read of it is still there
	}
	// What was read goes first: while the account is there, forgetting can be taken up again.
	if err := forgetRead(ctx, dir, acc.ID); err != nil {
		return err
	}
	said := "cli.account.forgotten-rest"
	if !removed {
		said = "cli.account.forgotten"
		if _, err := a.takeAway(ctx, acc.ID); err != nil {
			return err
		}
	}
	if err := a.say(said, "Name", clean(acc.ID)); err != nil {
		return err
	}
	return a.say("cli.account.stays", "Path", clean(dir))
}

// takeAway deletes an account's secret and then the account. A keyring that cannot be reached does not stop it where it
// cannot hold anything; a locked one does, since the secret would be left behind.
func (a *app) takeAway(ctx context.Context, name string) (account.Account, error) {
	book, err := a.book()
	if err != nil {
		return account.Account{}, err
	}
	acc, err := book.Get(name)
	if err != nil {
		return acc, err
	}
	if acc.NeedsSecret() {
		err := a.vault().Delete(ctx, acc.ID)
		nowhere := errors.Is(err, account.ErrNoBus) || errors.Is(err, account.ErrNoService) || errors.Is(err, account.ErrNoKeyring)
		switch {
		case nowhere:
			a.note("cli.account.keyring-away", "Name", clean(acc.ID))
		case err != nil:
			return acc, err
		}
	}
	return acc, book.Remove(acc.ID)
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
