package session

import (
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"rimbalzo/app/accounts"
	"rimbalzo/internal/account"
	"rimbalzo/internal/provider"
	"rimbalzo/internal/store"
	"rimbalzo/internal/words"
)

// Card is one account on the page of accounts.
type Card struct {
	Account account.Account
	Secret  string // as [accounts.Desk.SecretState]
	Why     error  // why that is not known
	Read    store.Account
}

// Cards look the accounts up, with where their secrets are and when they were read. They may take seconds.
func Cards(ctx context.Context, desk *accounts.Desk) (cards []Card, err error) {
	list, faulty, err := desk.List()
	if err != nil {
		return nil, err
	}
	if faulty != nil {
		err = faulty
	}
	readings, lost := readings(ctx, desk.Data)
	for _, acc := range list {
		c := Card{Account: acc, Read: readings[acc.ID]}
		c.Secret, c.Why = desk.SecretState(ctx, acc)
		cards = append(cards, c)
	}
	return cards, errors.Join(err, lost)
}

// readings says of each account how far it was read. Where nothing was ever kept, looking makes no file.
func readings(ctx context.Context, dir string) (last map[string]store.Account, err error) {
	if _, err := os.Stat(filepath.Join(dir, "mail.db")); errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	s, err := store.Open(ctx, dir, store.Options{})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	list, err := s.Accounts(ctx)
	last = map[string]store.Account{}
	for _, a := range list {
		last[a.Name] = a
	}
	return last, err
}

// Name is what a person calls the account: its address, or its provider. The name under which the program has it may be made.
func (c Card) Name(w *words.Words) string {
	id := Line(c.Account.ID, 120)
	switch c.Account.Kind {
	case account.Watched:
		for _, p := range provider.Builtin().Presets() {
			if p.Operator == c.Account.Operator && p.Operator != "" {
				return Line(p.Name, 120)
			}
		}
	case account.Local:
		if name, ok := strings.CutPrefix(id, "thunderbird-"); ok {
			return w.T("accountspage.name.thunderbird", "Name", name)
		}
		return w.T("accountspage.name.file", "Name", id)
	}
	return id
}

// Kind says what the account is, and where its mail is.
func (c Card) Kind(w *words.Words) string {
	switch c.Account.Kind {
	case account.Local:
		text := w.T("window.card.local", "Path", Line(c.Account.Paths[0].Path, 200))
		if more := len(c.Account.Paths) - 1; more > 0 {
			text += " " + w.N("window.card.more-paths", more)
		}
		return text
	case account.Watched:
		return w.T("window.card.watched")
	}
	at := net.JoinHostPort(c.Account.IMAP.Host, strconv.Itoa(c.Account.IMAP.Port))
	return w.T("window.card.imap", "Server", Line(at, 200))
}

// Where says where the account's secret is; "" where it needs none.
func (c Card) Where(w *words.Words, explain func(error) string) string {
	switch c.Secret {
	case "none":
		return ""
	case "unknown":
		return explain(c.Why)
	case "kept":
		if c.SignsIn() {
			return w.T("window.card.sign-in-kept")
		}
	}
	return w.T("window.card.secret-" + c.Secret)
}

// LastRead says when the account was last read, and from when on.
func (c Card) LastRead(w *words.Words, zone *time.Location) string {
	switch {
	case c.Account.Kind == account.Watched:
		return ""
	case c.Read.At.IsZero():
		return w.T("window.card.never-read")
	case c.Read.Since.IsZero():
		return w.T("window.card.read-all", "Time", c.Read.At.In(zone))
	}
	return w.T("window.card.read", "Time", c.Read.At.In(zone), "Day", w.Day(c.Read.Since.In(zone)))
}

// SignsIn reports whether the person signs in with the account's provider in the browser.
func (c Card) SignsIn() bool {
	return c.Account.Auth == account.Google || c.Account.Auth == account.Microsoft
}
