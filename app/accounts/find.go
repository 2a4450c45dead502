package accounts

import (
	"context"
	"slices"

	"rimbalzo/internal/account"
	"rimbalzo/internal/account/autoconfig"
	"rimbalzo/internal/account/oauth"
	"rimbalzo/internal/words"
)

// Found is what others said of an address's servers.
type Found struct {
	Candidate autoconfig.Candidate
	// SignIn says that the servers take no password, but a sign-in in the browser.
	SignIn bool
}

// LookUp asks others for the servers of an account's address and fills them in. The person has agreed before
// ([autoconfig.Consent]). known is false where somebody answered, and names no server that mail is read from.
func (d *Desk) LookUp(ctx context.Context, acc *account.Account) (found Found, known bool, err error) {
	find := d.Find
	if find == nil {
		find = func(ctx context.Context, domain string) ([]autoconfig.Candidate, error) {
			return autoconfig.Find(ctx, autoconfig.Client{}, domain)
		}
	}
	list, err := find(ctx, Domain(acc.Address))
	if err != nil {
		return Found{}, false, err
	}
	for _, c := range list {
		if len(c.IMAP) > 0 {
			return Found{c, take(c, acc)}, true, nil
		}
	}
	return Found{}, false, nil
}

// take fills a candidate's servers in, and reports whether they want a sign-in.
func take(c autoconfig.Candidate, acc *account.Account) (signIn bool) {
	server := c.IMAP[0]
	acc.IMAP = account.Endpoint{Host: server.Host, Port: server.Port, Security: server.Security}
	if len(c.SMTP) > 0 {
		acc.SMTP = account.Endpoint{Host: c.SMTP[0].Host, Port: c.SMTP[0].Port, Security: c.SMTP[0].Security}
	}
	if user, ok := server.Login(acc.Address); ok {
		acc.User = user
	}
	if acc.Operator == "" {
		acc.Operator = c.Operator
	}
	_, known := oauth.ByID(acc.Operator)
	return known && !slices.Contains(server.Auth, "password")
}

// Client gives how the program is known at the provider of an account, and whether people sign in with that provider at all.
// Without a client id it fails with [oauth.ErrNoClient], before anything is asked of anybody.
func (d *Desk) Client(acc account.Account) (p oauth.Provider, client oauth.Client, ok bool, err error) {
	if d.Known != nil {
		return d.Known(acc.Operator)
	}
	if p, ok = oauth.ByID(acc.Operator); !ok {
		return p, client, false, nil
	}
	client, err = oauth.ClientFor(d.Data, p)
	return p, client, true, err
}

// SignIn lets the person sign in with a provider in the browser, and gives the secret of the account; the account notes that it
// logs in that way.
func SignIn(ctx context.Context, acc *account.Account, p oauth.Provider, client oauth.Client, open func(address string) error, w *words.Words) (secret string, err error) {
	grant, err := oauth.SignIn(ctx, p, client, open, w)
	if err != nil {
		return "", err
	}
	acc.Auth = p.ID
	return grant.Encode(), nil
}
