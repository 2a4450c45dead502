package cli

import (
	"context"

	"github.com/spf13/cobra"

	"rimbalzo/app/accounts"
	"rimbalzo/internal/account"
	"rimbalzo/internal/probe"
)

func (a *app) testAccount() *cobra.Command {
	w := a.words
	var stdin bool
	cmd := &cobra.Command{Use: "test NAME", Short: w.T("cli.account.test.short"), Long: w.T("cli.account.test.long"), Args: a.oneArg("cli.account.error.no-name")}
	cmd.Flags().BoolVar(&stdin, "password-stdin", false, w.T("cli.flag.password-stdin"))
	cmd.RunE = func(cmd *cobra.Command, args []string) error { return a.tryAccount(cmd.Context(), args[0], stdin) }
	return cmd
}

func (a *app) tryAccount(ctx context.Context, name string, stdin bool) error {
	book, err := a.book()
	if err != nil {
		return err
	}
	acc, err := book.Get(name)
	if err != nil {
		return err
	}
	switch acc.Kind {
	case account.Local:
		err = accounts.Try(ctx, acc, account.Access{}, nil)
	case account.Watched:
		return a.tryServers(ctx, acc)
	default:
		var vault account.Vault = a.vault()
		if stdin {
			secret, err := a.readSecret(true, acc)
			if err != nil {
				return err
			}
			vault = accounts.Memory{acc.ID: secret}
		}
		if err = a.tryMailbox(ctx, acc, vault); err != nil && ctx.Err() == nil {
			a.excuse(account.BlameFor(err, true, false), a.inOutage(ctx, acc))
		}
	}
	if err != nil {
		return err
	}
	return a.say("cli.account.works", "Name", clean(acc.ID))
}

// excuse says of a refused login what speaks against its being the password's fault.
func (a *app) excuse(blame account.Blame, outage bool) {
	switch {
	case outage:
		a.note("cli.account.in-outage")
	case blame == account.TheUnsaid:
		a.note("cli.account.unsaid")
	}
}

// tryServers looks at the servers of a watched provider, without logging in.
func (a *app) tryServers(ctx context.Context, acc account.Account) error {
	now, failed := a.env.Now().In(a.zone), false
	for _, t := range serversOf(acc) {
		t.Roots = acc.Roots()
		r := probe.Check(ctx, t, probe.Deps{})
		if ctx.Err() != nil {
			return ctx.Err()
		}
		seen, next := probe.Describe(r, a.words, now)
		if err := a.say("cli.account.server", "Seen", seen, "Next", next); err != nil {
			return err
		}
		failed = failed || r.Severity(now) == probe.SeverityCritical
	}
	if failed {
		return errSaid{a.words.T("cli.account.error.servers")}
	}
	return nil
}
