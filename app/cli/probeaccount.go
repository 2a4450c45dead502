package cli

import (
	"context"
	"errors"
	"slices"
	"strings"

	"rimbalzo/internal/account"
	"rimbalzo/internal/probe"
	"rimbalzo/internal/provider"
)

// accountTargets are the servers of accounts. On a terminal somebody logs in; without one, as when another program runs the
// check, nobody does: a keyring must not ask for its password where nobody expects it.
func (a *app) accountTargets(ctx context.Context, names []string) (list []probe.Target, err error) {
	if len(names) == 0 {
		return nil, nil
	}
	book, err := a.book()
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		acc, err := book.Get(name)
		if err != nil {
			return nil, err
		}
		own := serversOf(acc)
		if len(own) == 0 {
			return nil, errUsage{a.words.T("cli.probe.error.no-server", "Name", clean(name))}
		}
		var login *probe.Login
		if acc.NeedsSecret() && a.env.ReadPassword != nil {
			if login, err = a.login(ctx, acc, a.vault()); err != nil {
				return nil, err
			}
		}
		for _, t := range own {
			t.Account, t.Roots = acc.ID, acc.Roots()
			if t.Kind == probe.KindIMAP || t.Kind == probe.KindSMTP {
				t.Login = login
			}
			list = append(list, t)
		}
	}
	return list, nil
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
// a check, and two servers of an account must not ask for it twice.
func (a *app) login(ctx context.Context, acc account.Account, vault account.Vault) (*probe.Login, error) {
	dir, err := a.dataDir()
	if err != nil {
		return nil, err
	}
	cfg, err := acc.IMAPConfig(ctx, account.Access{Vault: vault, Data: dir, Ask: a.askFor(acc)})
	if err != nil {
		return nil, err
	}
	login := &probe.Login{User: acc.User, Token: cfg.Auth.Token}
	if cfg.Password == nil {
		return login, nil
	}
	secret, err := cfg.Password()
	if err != nil {
		return nil, err
	}
	login.Password = func(context.Context) (string, error) { return secret, nil }
	return login, nil
}

// compareLines gives every target that takes in mail the domains of other operators to compare with: those of the other
// targets, and those at which the person has accounts. They are asked whether this line lets port 25 through; no stranger is.
func compareLines(targets []probe.Target, book []account.Account) {
	var domains []string
	for _, t := range targets {
		if t.Kind == probe.KindMX {
			domains = append(domains, t.Host)
		}
	}
	for _, acc := range book {
		if _, domain, ok := strings.Cut(acc.Address, "@"); ok {
			domains = append(domains, domain)
		}
	}
	for i := range targets {
		if targets[i].Kind == probe.KindMX {
			targets[i].Others = others(targets[i].Host, domains)
		}
	}
}

// others gives the domains that another operator runs than the one of domain.
func others(domain string, domains []string) (list []string) {
	known := provider.Builtin()
	mine, run := known.OperatorOf(domain)
	for _, d := range domains {
		theirs, alsoRun := known.OperatorOf(d)
		same := d == domain || (run && alsoRun && mine.ID == theirs.ID)
		if !same && !slices.Contains(list, d) {
			list = append(list, d)
		}
	}
	return list
}

// accountList gives the accounts that can be read; what is wrong with others is told where accounts are dealt with.
func (a *app) accountList() ([]account.Account, error) {
	book, err := a.book()
	if err != nil {
		return nil, err
	}
	list, err := book.List()
	var faulty *account.FileError
	if errors.As(err, &faulty) {
		err = nil
	}
	return list, err
}
