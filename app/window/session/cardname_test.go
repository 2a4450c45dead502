package session

import (
	"context"
	"errors"
	"testing"
	"time"

	"rimbalzo/app/accounts"
	"rimbalzo/app/watcher"
	"rimbalzo/internal/account"
	"rimbalzo/internal/outage"
	"rimbalzo/internal/watch"
	"rimbalzo/internal/words"
)

// TestNames: accounts are called what people call them, and not by the names that were made for them.
func TestNames(t *testing.T) {
	for want, acc := range map[string]account.Account{
		"anna@libero.it":                       {ID: "anna@libero.it", Kind: account.IMAP},
		"anna@libero.it (from Thunderbird)":    {ID: "thunderbird-anna@libero.it", Kind: account.Local},
		"Inbox.mbox (on this computer)":        {ID: "Inbox.mbox", Kind: account.Local},
		"Libero Mail":                          {ID: "watch-italiaonline", Kind: account.Watched, Operator: "italiaonline"},
		"watch-studio":                         {ID: "watch-studio", Kind: account.Watched},
		"anna@evil.example (from Thunderbird)": {ID: "thunderbird-anna@\u202eevil.example\n", Kind: account.Local},
	} {
		if got := (Card{Account: acc}).Name(words.New("en")); got != want {
			t.Errorf("%q is called %q, want %q", acc.ID, got, want)
		}
	}
}

// TestTrialAsksTheWatcher: an outage that only the watcher knows of counts as much as one of the catalogue; a watcher that does
// not answer knows of none.
func TestTrialAsksTheWatcher(t *testing.T) {
	desk := &accounts.Desk{Data: t.TempDir(), Vault: account.Remember(accounts.Memory{}), Quiet: accounts.Memory{}}
	acc := account.Account{ID: "anna@studio.example", Address: "anna@studio.example", User: "anna", Kind: account.IMAP, Auth: account.Password, IMAP: account.Endpoint{Host: "127.0.0.1", Port: 1, Security: account.TLS}}
	sees := func(operator string, err error) func(context.Context, string, any, any) error {
		return func(_ context.Context, _ string, _, answer any) error {
			if status, ok := answer.(*watcher.Status); ok {
				status.Incidents = []watch.IncidentStatus{{Operator: operator}}
			}
			return err
		}
	}
	for name, tc := range map[string]struct {
		ask  func(context.Context, string, any, any) error
		want bool
	}{
		"none runs":           {nil, false},
		"sees it":             {sees("127.0.0.1", nil), true},
		"sees somebody else":  {sees("other.example", nil), false},
		"does not answer":     {sees("127.0.0.1", errors.New("gone")), false},
		"sees it by operator": {sees("studio", nil), true},
	} {
		acc.Operator = ""
		if name == "sees it by operator" {
			acc.Operator = "studio"
		}
		trial := Trial{Account: acc, Secret: "x", Sure: true, Ask: tc.ask}
		o := trial.Try(t.Context(), desk, outage.Builtin(), time.Now(), func(TrialStep) {})
		if o.Err == nil || o.Outage != tc.want {
			t.Errorf("%s: %v, an outage: %v", name, o.Err, o.Outage)
		}
	}
}
