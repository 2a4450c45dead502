package cli

import (
	"context"

	"rimbalzo/app/watcher"
)

// removeAccount takes an account and its secret away; what was read of it stays.
func (a *app) removeAccount(ctx context.Context, name string) error {
	desk, err := a.desk()
	if err != nil {
		return err
	}
	acc, unreached, err := desk.Remove(ctx, name)
	if err != nil {
		return err
	}
	a.tellAccounts(ctx)
	if unreached {
		a.note("cli.account.keyring-away", "Name", clean(acc.ID))
	}
	return a.say("cli.account.removed", "Name", clean(acc.ID))
}

// forgetAccount takes every trace of an account away that can be told to be its own.
func (a *app) forgetAccount(ctx context.Context, name string) error {
	desk, err := a.desk()
	if err != nil {
		return err
	}
	done, err := desk.Forget(ctx, name)
	if err != nil {
		return err
	}
	a.tellAccounts(ctx)
	if done.Unreached {
		a.note("cli.account.keyring-away", "Name", clean(done.Name))
	}
	said := "cli.account.forgotten-rest"
	if done.Account {
		said = "cli.account.forgotten"
	}
	if err := a.say(said, "Name", clean(done.Name)); err != nil {
		return err
	}
	return a.say("cli.account.stays", "Path", clean(desk.Data))
}

// tellAccounts tells the watcher that accounts came or went. Where none runs, the next one reads them anyway.
func (a *app) tellAccounts(ctx context.Context) {
	_ = a.ask(ctx, watcher.VerbAccounts, nil, nil)
}
