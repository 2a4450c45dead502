package cli

import (
	"context"
	"slices"

	"rimbalzo/internal/account"
	"rimbalzo/internal/account/autoconfig"
	"rimbalzo/internal/account/oauth"
)

// signIn lets the person sign in with the account's provider, in the browser, and gives what goes into the keyring.
func (a *app) signIn(ctx context.Context, acc *account.Account) (string, error) {
	p, ok := oauth.ByID(acc.Operator)
	if !ok {
		return "", errUsage{a.words.T("cli.account.error.no-sign-in")}
	}
	dir, err := a.dataDir()
	if err != nil {
		return "", err
	}
	client, err := oauth.ClientFor(dir, p)
	if err != nil {
		return "", err
	}
	a.note("cli.account.signing-in", "Name", p.Name)
	grant, err := oauth.SignIn(ctx, p, client, a.openBrowser, a.words)
	if err != nil {
		return "", err
	}
	acc.Auth = p.ID
	return grant.Encode(), nil
}

// openBrowser opens an address, and shows it as well: a browser may be there that cannot be started from here.
func (a *app) openBrowser(address string) error {
	a.note("cli.account.address", "Address", clean(address))
	if err := oauth.OpenBrowser(address); err != nil {
		a.note("cli.account.no-browser")
	}
	return nil
}

// runBy notes who runs the servers that were found, and that they take no password but a sign-in, where that is so.
func (n *adding) runBy(c autoconfig.Candidate, acc *account.Account) {
	if acc.Operator == "" {
		acc.Operator = c.Operator
	}
	if _, ok := oauth.ByID(acc.Operator); ok && !slices.Contains(c.IMAP[0].Auth, "password") {
		n.signIn = true
	}
}
