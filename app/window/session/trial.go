package session

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"rimbalzo/app/accounts"
	"rimbalzo/app/watcher"
	"rimbalzo/internal/account"
	"rimbalzo/internal/mailbox"
	"rimbalzo/internal/outage"
	"rimbalzo/internal/watch"
)

// Trial is an account that is being tried before it is kept, or after.
type Trial struct {
	Account account.Account
	// Secret is a password, or what a sign-in gave; "" takes what is kept.
	Secret string
	// Sure says that the server's name is one that the program knows.
	Sure bool
	// Ask asks the watcher a question, as Params.Ask; nil where none runs.
	Ask func(ctx context.Context, verb string, arg, answer any) error
}

// Steps are what a person is told of while an account is tried, in their order; the last part of the ids of their words.
func (t Trial) Steps() []string {
	if t.Account.IMAP.Security == account.StartTLS {
		return []string{"connect", "greeting", "tls", "login", "open"}
	}
	return []string{"connect", "tls", "greeting", "login", "open"}
}

// TrialStep is how one step went.
type TrialStep struct {
	ID     string // one of Trial.Steps, or "other" where something else failed
	Failed bool
}

// Outcome is what a trial came to.
type Outcome struct {
	Err error // nil: the mailbox can be read
	// Blame says on whom a failure falls: an outage is told apart from a wrong password.
	Blame account.Blame
	// Outage says that the provider is known to be in an outage now.
	Outage bool
}

// Keepable reports whether an account that failed is kept all the same where the person wants it: it is for outages that the
// program is there.
func (o Outcome) Keepable() bool { return o.Err != nil && o.Blame.Keepable() }

// Try goes the whole way to the mailbox and says how each step went. Nothing is kept.
func (t Trial) Try(ctx context.Context, desk *accounts.Desk, c *outage.Catalogue, now time.Time, step func(TrialStep)) Outcome {
	access := account.Access{Vault: desk.Vault, Data: desk.Data}
	if t.Secret != "" {
		access.Vault = account.Remember(accounts.Memory{t.Account.ID: t.Secret})
	}
	err := accounts.Try(ctx, t.Account, access, func(r mailbox.StageResult) {
		if id, told := accounts.StageName(r.Stage); (told && id != "newest") || r.Err != nil {
			if id == "newest" {
				id = "open"
			}
			step(TrialStep{id, r.Err != nil})
		}
	})
	o := Outcome{Err: err, Outage: accounts.InOutage(c, t.Account.Address, now)}
	if err != nil && !o.Outage {
		o.Outage = t.seenInTrouble(ctx)
	}
	if err != nil && !errors.Is(err, context.Canceled) {
		o.Blame = account.BlameFor(err, t.Sure, o.Outage)
	}
	return o
}

// watcherPatience is how long the watcher may take to say what it sees.
const watcherPatience = 5 * time.Second

// seenInTrouble reports whether a watcher runs and sees the account's provider in trouble now; one that does not answer sees none.
func (t Trial) seenInTrouble(ctx context.Context) bool {
	if t.Ask == nil {
		return false
	}
	ctx, cancel := context.WithTimeout(ctx, watcherPatience)
	defer cancel()
	var s watcher.Status
	if err := t.Ask(ctx, watcher.VerbStatus, nil, &s); err != nil {
		return false
	}
	operator := cmp.Or(t.Account.Operator, t.Account.IMAP.Host)
	return slices.ContainsFunc(s.Incidents, func(i watch.IncidentStatus) bool { return i.Operator == operator })
}

// Keep puts the account into the file of accounts and its secret into the keyring. Where there is no keyring to take it, the
// secret is kept in memory until the window closes, and memory says why.
func (t Trial) Keep(ctx context.Context, desk *accounts.Desk) (memory, err error) {
	if err := desk.Put(t.Account); err != nil {
		return nil, err
	}
	return t.KeepSecret(ctx, desk)
}

// KeepSecret keeps the secret alone, of an account that is there.
func (t Trial) KeepSecret(ctx context.Context, desk *accounts.Desk) (memory, err error) {
	if t.Secret == "" {
		return nil, nil
	}
	err = desk.Vault.Set(ctx, t.Account.ID, t.Secret)
	if errors.Is(err, account.ErrOnlyMemory) {
		return err, nil
	}
	return nil, err
}
