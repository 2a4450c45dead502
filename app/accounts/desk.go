// Package accounts is what the command line and the window both do with accounts: set one up, try it, take it away, read
// it. It speaks to nobody: what is said, and how it is asked for, is its callers' affair.
package accounts

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"time"
	"unicode"

	"rimbalzo/internal/account"
	"rimbalzo/internal/account/autoconfig"
	"rimbalzo/internal/account/oauth"
	"rimbalzo/internal/outage"
)

// Desk is where accounts are dealt with: one data folder and one keyring.
type Desk struct {
	Data string // the data folder
	// Vault keeps the secrets; it may make the system ask the person where somebody is there to answer.
	Vault account.Vault
	// Quiet is the same keyring, that never makes the system ask for anything.
	Quiet account.Vault
	// Find asks others for a mail domain's servers; nil for the internet.
	Find func(ctx context.Context, domain string) ([]autoconfig.Candidate, error)
	// Known gives the provider that people of an operator sign in with, and how the program is known there; nil for those that
	// the program knows.
	Known func(operator string) (p oauth.Provider, client oauth.Client, ok bool, err error)
}

// Book is the file of accounts. What is wrong in it is told by whatever reads or changes it.
func (d *Desk) Book() (*account.Book, error) {
	book, err := account.Open(d.Data)
	var faulty *account.FileError
	if errors.As(err, &faulty) {
		err = nil
	}
	return book, err
}

// List gives the accounts that can be read; faulty says what is wrong with the file, nil for nothing.
func (d *Desk) List() (list []account.Account, faulty *account.FileError, err error) {
	book, err := d.Book()
	if err != nil {
		return nil, nil, err
	}
	list, err = book.List()
	if errors.As(err, &faulty) {
		err = nil
	}
	return list, faulty, err
}

// Free reports whether an account can be put under its name: again says that it would renew one of the same kind. Where the
// name is taken by one of another kind, it fails with [account.ErrExists].
func (d *Desk) Free(acc account.Account) (again bool, err error) {
	book, err := d.Book()
	if err != nil {
		return false, err
	}
	known, err := book.Get(acc.ID)
	switch {
	case errors.Is(err, account.ErrNoAccount):
		return false, nil
	case err != nil:
		return false, err
	case known.Kind != acc.Kind:
		return false, account.ErrExists
	}
	return true, nil
}

// Put adds an account, or renews the one of its name and kind.
func (d *Desk) Put(acc account.Account) error {
	again, err := d.Free(acc)
	if err != nil {
		return err
	}
	book, err := d.Book()
	if err != nil {
		return err
	}
	if again {
		return book.Change(acc)
	}
	return book.Add(acc)
}

// SecretState says whether the keyring has an account's secret: "kept", "missing", "unknown", or "none" where none is needed;
// why says why it is not known. It never makes the system ask for anything.
func (d *Desk) SecretState(ctx context.Context, acc account.Account) (state string, why error) {
	if !acc.NeedsSecret() {
		return "none", nil
	}
	switch _, err := d.Quiet.Get(ctx, acc.ID); {
	case err == nil:
		return "kept", nil
	case errors.Is(err, account.ErrNoSecret):
		return "missing", nil
	default:
		return "unknown", err
	}
}

// InOutage reports whether a catalogue knows of an outage of an address's provider that goes on at a moment.
func InOutage(c *outage.Catalogue, address string, now time.Time) bool {
	for _, o := range c.ByDomain(address[strings.LastIndexByte(address, '@')+1:]) {
		if !now.Before(o.Start.Earliest) && (o.End.Open() || !now.After(o.End.Latest)) {
			return true
		}
	}
	return false
}

// MadeName makes a name for an account out of a file's or a provider's.
func MadeName(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return '-'
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r):
			return -1
		}
		return r
	}, strings.TrimSpace(s))
	if s == "" || s == "." || s == string(filepath.Separator) {
		return "mail"
	}
	return s
}
