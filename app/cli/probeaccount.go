package cli

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"

	"rimbalzo/internal/account"
	"rimbalzo/internal/account/oauth"
	"rimbalzo/internal/probe"
	"rimbalzo/internal/provider"
)

// accountList gives the accounts that the person has set up.
func (a *app) accountList() ([]account.Account, error) {
	dir, err := a.dataDir()
	if err != nil {
		return nil, err
	}
	book, err := account.Open(dir)
	if err != nil {
		return nil, err
	}
	return book.List()
}

// accountTargets are the servers of accounts. On a terminal somebody logs in; without one, as when another program runs the
// check, nobody does: a keyring must not ask for its password where nobody expects it.
func (a *app) accountTargets(ctx context.Context, names []string, book []account.Account) (list []probe.Target, err error) {
	for _, name := range names {
		acc, ok := find(book, name)
		if !ok {
			return nil, errUsage{a.words.T("cli.probe.error.account", "Name", clean(name))}
		}
		roots, err := privateRoots(acc)
		if err != nil {
			return nil, err
		}
		own := serversOf(acc)
		if len(own) == 0 {
			return nil, errUsage{a.words.T("cli.probe.error.no-server", "Name", clean(name))}
		}
		var login *probe.Login
		if acc.NeedsSecret() && a.env.ReadPassword != nil {
			if login, err = a.login(ctx, acc, account.Keyring(true)); err != nil {
				return nil, err
			}
		}
		for _, t := range own {
			t.Account, t.Roots = acc.ID, roots
			if t.Kind == probe.KindIMAP || t.Kind == probe.KindSMTP {
				t.Login = login
			}
			list = append(list, t)
		}
	}
	return list, nil
}

func find(book []account.Account, name string) (account.Account, bool) {
	for _, acc := range book {
		if acc.ID == name {
			return acc, true
		}
	}
	return account.Account{}, false
}

// privateRoots are the authorities that an account trusts instead of the system's; nil for the system's.
func privateRoots(acc account.Account) (*x509.CertPool, error) {
	if acc.CA == "" {
		return nil, nil
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM([]byte(acc.CA)) {
		return nil, fmt.Errorf("read the authority of account %s: no certificate in it", acc.ID)
	}
	return pool, nil
}

// serversOf are the servers that an account names; a watched provider that names none has those of its operator.
func serversOf(acc account.Account) (list []probe.Target) {
	for _, e := range []struct {
		kind probe.Kind
		at   account.Endpoint
	}{{probe.KindIMAP, acc.IMAP}, {probe.KindSMTP, acc.SMTP}} {
		if e.at.Host != "" {
			list = append(list, probe.Target{Kind: e.kind, Host: e.at.Host, Port: e.at.Port, Security: probe.Security(e.at.Security)})
		}
	}
	if len(list) > 0 || acc.Kind != account.Watched {
		return list
	}
	for _, p := range provider.Builtin().Presets() {
		if p.Operator == acc.Operator {
			list = append(list, presetTargets(p)...)
		}
	}
	return list
}

// login gets what it takes to log in before anything is checked: a person who is asked for a password may take longer than
// a check.
func (a *app) login(ctx context.Context, acc account.Account, vault account.Vault) (*probe.Login, error) {
	secret, err := vault.Get(ctx, acc.ID)
	if p, known := oauth.ByID(acc.Auth); known {
		if err != nil {
			return nil, err
		}
		return a.tokenLogin(acc, p, vault, secret)
	}
	if err != nil && !errors.Is(err, context.Canceled) {
		secret, err = a.env.ReadPassword(a.words.T("cli.password", "User", clean(acc.User), "Host", clean(acc.IMAP.Host)))
	}
	if err != nil {
		return nil, err
	}
	return &probe.Login{User: acc.User, Password: func(context.Context) (string, error) { return secret, nil }}, nil
}

// tokenLogin logs in with access tokens of Google's or Microsoft's.
func (a *app) tokenLogin(acc account.Account, p oauth.Provider, vault account.Vault, secret string) (*probe.Login, error) {
	dir, err := a.dataDir()
	if err != nil {
		return nil, err
	}
	client, err := oauth.ClientFor(dir, p)
	if err != nil {
		return nil, err
	}
	grant, err := oauth.ParseGrant(secret)
	if err != nil {
		return nil, err
	}
	source := oauth.NewSource(p, client, oauth.Keeper{
		Load: func(ctx context.Context) (oauth.Grant, error) {
			kept, err := vault.Get(ctx, acc.ID)
			if err != nil {
				return oauth.Grant{}, err
			}
			return oauth.ParseGrant(kept)
		},
		Save: func(ctx context.Context, g oauth.Grant) error { return vault.Set(ctx, acc.ID, g.Encode()) },
	}, grant)
	return &probe.Login{User: acc.User, Token: source.Token}, nil
}
