package account

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"

	"rimbalzo/internal/account/oauth"
	"rimbalzo/internal/mailbox"
	"rimbalzo/internal/provider"
)

// ErrNotIMAP: the account is none that mail is read from over IMAP.
var ErrNotIMAP = errors.New("the account is not read over IMAP")

// Access is how an account's secret is come by.
type Access struct {
	Vault Vault
	// Ask asks the person for the password where the vault does not give it; why says what it said. Nil where nobody may be
	// asked: then the vault's error is the reading's.
	Ask func(ctx context.Context, why error) (string, error)
	// Data is the data folder, with the settings of signing in.
	Data string
}

// IMAPConfig says how the mail of an account is read. The secret is asked for when the server wants it, and under ctx.
// Errors: [ErrNotIMAP], and what oauth says of an account that signs in.
func (a Account) IMAPConfig(ctx context.Context, how Access) (mailbox.IMAPConfig, error) {
	if a.Kind != IMAP {
		return mailbox.IMAPConfig{}, fmt.Errorf("account %q: %w", a.ID, ErrNotIMAP)
	}
	scheme := "imaps"
	if a.IMAP.Security == StartTLS {
		scheme = "imap"
	}
	address := url.URL{Scheme: scheme, User: url.User(a.User), Host: net.JoinHostPort(a.IMAP.Host, strconv.Itoa(a.IMAP.Port))}
	cfg := mailbox.IMAPConfig{
		URL: address.String(), Roots: a.Roots(), Folders: a.Folders,
		RoleOf: a.roleOf,
	}
	if p, signsIn := oauth.ByID(a.Auth); signsIn {
		token, err := a.token(ctx, p, how)
		cfg.Auth = mailbox.Auth{Token: token}
		return cfg, err
	}
	cfg.Password = func() (string, error) {
		secret, err := how.Vault.Get(ctx, a.ID)
		if err != nil && ctx.Err() == nil && how.Ask != nil {
			return how.Ask(ctx, err)
		}
		return secret, err
	}
	return cfg, nil
}

// roleOf is what a folder is for by its name: what the person said of it, or what such names mean in many languages.
func (a Account) roleOf(name string) mailbox.Role {
	sent := a.Sent
	if prefix := "inbox"; len(sent) > len(prefix)+1 && strings.EqualFold(sent[:len(prefix)], prefix) && strings.ContainsAny(sent[len(prefix):len(prefix)+1], "./") {
		sent = sent[len(prefix)+1:] // names come without it
	}
	if sent != "" && strings.EqualFold(name, sent) {
		return mailbox.RoleSent
	}
	return mailbox.Role(provider.Builtin().RoleOf(name))
}

// token gives what makes access tokens for an account that signs in.
func (a Account) token(ctx context.Context, p oauth.Provider, how Access) (func(context.Context, bool) (string, error), error) {
	client, err := oauth.ClientFor(how.Data, p)
	if err != nil {
		return nil, err
	}
	load := func(ctx context.Context) (oauth.Grant, error) {
		secret, err := how.Vault.Get(ctx, a.ID)
		if err != nil {
			return oauth.Grant{}, err
		}
		return oauth.ParseGrant(secret)
	}
	keeper := oauth.Keeper{
		Load: load, LockFile: filepath.Join(how.Data, "sign-in.lock"),
		Save: func(ctx context.Context, g oauth.Grant) error { return how.Vault.Set(ctx, a.ID, g.Encode()) },
	}
	first, err := load(ctx)
	if err != nil {
		return nil, err
	}
	return oauth.NewSource(p, client, keeper, first).Token, nil
}

// Roots are the authorities trusted for the account's servers; nil for the system's.
func (a Account) Roots() *x509.CertPool {
	if a.CA == "" {
		return nil
	}
	pool := x509.NewCertPool() // an empty one, where the text is none, trusts nobody
	pool.AppendCertsFromPEM([]byte(a.CA))
	return pool
}
