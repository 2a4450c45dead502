package cli

import (
	"context"

	"rimbalzo/app/accounts"
	"rimbalzo/internal/account"
	"rimbalzo/internal/account/oauth"
)

// signIn lets the person sign in with the account's provider, in the browser, and gives what goes into the keyring.
func (a *app) signIn(ctx context.Context, acc *account.Account) (string, error) {
	desk, err := a.desk()
	if err != nil {
		return "", err
	}
	p, client, ok, err := desk.Client(*acc)
	if !ok {
		return "", errUsage{a.words.T("cli.account.error.no-sign-in")}
	}
	if err != nil {
		return "", err
	}
	a.note("cli.account.signing-in", "Name", p.Name)
	return accounts.SignIn(ctx, acc, p, client, a.openBrowser, a.words)
}

// openBrowser opens an address, and shows it as well: a browser may be there that cannot be started from here.
func (a *app) openBrowser(address string) error {
	a.note("cli.account.address", "Address", clean(address))
	if err := oauth.OpenBrowser(address); err != nil {
		a.note("cli.account.no-browser")
	}
	return nil
}
