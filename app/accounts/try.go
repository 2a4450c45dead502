package accounts

import (
	"context"
	"errors"
	"strings"

	"rimbalzo/internal/account"
	"rimbalzo/internal/mailbox"
)

// Domain is what follows the @ of an address.
func Domain(address string) string { return address[strings.LastIndexByte(address, '@')+1:] }

// stages are the parts of a test that a person is told of.
var stages = map[mailbox.Stage]string{
	mailbox.StageConnect: "connect", mailbox.StageTLS: "tls", mailbox.StageGreeting: "greeting",
	mailbox.StageLogin: "login", mailbox.StageOpen: "open", mailbox.StageNewest: "newest",
}

// StageName is the last part of the id of a stage's words ("cli.account.stage."); told is false for a stage that a person need
// hear of only when it fails.
func StageName(s mailbox.Stage) (id string, told bool) {
	if id, told = stages[s]; told {
		return id, true
	}
	return "other", false
}

// Memory is a vault of one trial: until a connection is proved good, its secret is in memory only.
type Memory map[string]string

// Get implements [account.Vault].
func (m Memory) Get(_ context.Context, id string) (string, error) { return m[id], nil }

// Set implements [account.Vault].
func (m Memory) Set(_ context.Context, id, secret string) error { m[id] = secret; return nil }

// Delete implements [account.Vault].
func (m Memory) Delete(_ context.Context, id string) error { delete(m, id); return nil }

// State implements [account.Vault].
func (m Memory) State(context.Context) account.State { return account.Ready }

// Try goes the whole way to an account's mail, changing nothing: to the newest message on its server, or to the first in its
// files. report, which may be nil, is told of each stage on a server.
func Try(ctx context.Context, acc account.Account, access account.Access, report func(mailbox.StageResult)) error {
	if acc.Kind == account.Local {
		return tryPaths(ctx, acc)
	}
	cfg, err := acc.IMAPConfig(ctx, access)
	if err != nil {
		return err
	}
	return mailbox.Check(ctx, cfg, report)
}

// errSeen ends the reading of mail files at the first message: it is enough to know that they can be read.
var errSeen = errors.New("a message was read")

func tryPaths(ctx context.Context, acc account.Account) error {
	for _, p := range mailbox.Unfold(localPaths(acc)) {
		if p.Role == "" {
			p.Role = mailbox.RoleInbox
		}
		if _, err := mailbox.Path(p.Path, p.Role).Read(ctx, func(mailbox.Message) error { return errSeen }); err != nil && !errors.Is(err, errSeen) {
			return err
		}
	}
	return nil
}
