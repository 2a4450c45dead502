package cli

import (
	"context"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"rimbalzo/app/accounts"
	"rimbalzo/internal/mailbox"
)

func (a *app) thunderbird() *cobra.Command {
	w := a.words
	return &cobra.Command{
		Use: "thunderbird [NAME]", Short: w.T("cli.thunderbird.short"), Long: w.T("cli.thunderbird.long"), Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			found := accounts.InThunderbird()
			if len(found) == 0 {
				return errSaid{w.T("cli.thunderbird.none")}
			}
			if len(args) == 0 {
				return a.listThunderbird(found)
			}
			return a.addThunderbird(cmd.Context(), found, strings.Join(args, " ")) // Thunderbird's names have spaces
		},
	}
}

func (a *app) listThunderbird(found []mailbox.LocalAccount) error {
	for _, acc := range found {
		text := a.words.N("cli.thunderbird.found", len(acc.Paths), "ID", accounts.ThunderbirdName(acc), "Name", clean(acc.Name))
		if acc.Kind == "imap" {
			text += " " + a.words.T("cli.thunderbird.part")
		}
		if err := a.say("cli.account.hint", "Text", text); err != nil {
			return err
		}
	}
	a.note("cli.thunderbird.next")
	return nil
}

// addThunderbird sets up the account of a name, an address, or what Thunderbird calls it. Set up again, it takes in the folders
// that have come since.
func (a *app) addThunderbird(ctx context.Context, found []mailbox.LocalAccount, name string) error {
	i := slices.IndexFunc(found, func(acc mailbox.LocalAccount) bool {
		names := append([]string{accounts.ThunderbirdName(acc), acc.Name}, acc.Addresses...)
		return slices.ContainsFunc(names, func(n string) bool { return strings.EqualFold(n, name) })
	})
	if i < 0 {
		return errUsage{a.words.T("cli.thunderbird.unknown", "Name", clean(name))}
	}
	desk, err := a.desk()
	if err != nil {
		return err
	}
	acc, all := accounts.FromThunderbird(found[i])
	if !all {
		a.note("cli.thunderbird.many", "N", accounts.MaxFolders)
	}
	if err := desk.Put(acc); err != nil {
		return err
	}
	a.tellAccounts(ctx)
	return a.say("cli.account.added.local", "Name", clean(acc.ID))
}
