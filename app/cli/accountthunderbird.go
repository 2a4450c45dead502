package cli

import (
	"errors"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"rimbalzo/internal/account"
	"rimbalzo/internal/mailbox"
)

func (a *app) thunderbird() *cobra.Command {
	w := a.words
	return &cobra.Command{
		Use: "thunderbird [NAME]", Short: w.T("cli.thunderbird.short"), Long: w.T("cli.thunderbird.long"), Args: cobra.ArbitraryArgs,
		RunE: func(_ *cobra.Command, args []string) error {
			found := inThunderbird()
			if len(found) == 0 {
				return errSaid{w.T("cli.thunderbird.none")}
			}
			if len(args) == 0 {
				return a.listThunderbird(found)
			}
			return a.addThunderbird(found, strings.Join(args, " ")) // Thunderbird's names have spaces
		},
	}
}

// inThunderbird gives the accounts of all profiles, each under a name of its own.
func inThunderbird() []mailbox.LocalAccount {
	var found []mailbox.LocalAccount
	for _, profile := range mailbox.Thunderbird() {
		found = append(found, profile.Accounts...)
	}
	return found
}

// thunderbirdName is what an account of Thunderbird's is called here.
func thunderbirdName(acc mailbox.LocalAccount) string {
	if len(acc.Addresses) > 0 {
		return "thunderbird-" + acc.Addresses[0]
	}
	return "thunderbird-" + madeName(clean(acc.Name))
}

func (a *app) listThunderbird(found []mailbox.LocalAccount) error {
	for _, acc := range found {
		text := a.words.N("cli.thunderbird.found", len(acc.Paths), "ID", thunderbirdName(acc), "Name", clean(acc.Name))
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
func (a *app) addThunderbird(found []mailbox.LocalAccount, name string) error {
	i := slices.IndexFunc(found, func(acc mailbox.LocalAccount) bool {
		names := append([]string{thunderbirdName(acc), acc.Name}, acc.Addresses...)
		return slices.ContainsFunc(names, func(n string) bool { return strings.EqualFold(n, name) })
	})
	if i < 0 {
		return errUsage{a.words.T("cli.thunderbird.unknown", "Name", clean(name))}
	}
	book, err := a.book()
	if err != nil {
		return err
	}
	acc := account.Account{ID: thunderbirdName(found[i]), Kind: account.Local}
	if len(found[i].Addresses) > 0 {
		acc.Address = found[i].Addresses[0]
	}
	for _, p := range a.mostTelling(found[i].Paths) {
		acc.Paths = append(acc.Paths, account.Path{Path: p.Path, Role: string(p.Role)})
	}
	known, err := book.Get(acc.ID)
	switch {
	case err == nil && known.Kind != account.Local:
		return errUsage{a.words.T("account.error.exists")}
	case err != nil && !errors.Is(err, account.ErrNoAccount):
		return err
	}
	if err := put(book, acc, err == nil); err != nil {
		return err
	}
	return a.say("cli.account.added.local", "Name", clean(acc.ID))
}

// maxFolders is how many folders an account takes (internal/account).
const maxFolders = 200

// mostTelling gives the folders to read: all of them, or, of very many, first those where bounces and copies of sent mail lie.
func (a *app) mostTelling(paths []mailbox.LocalPath) []mailbox.LocalPath {
	if len(paths) <= maxFolders {
		return paths
	}
	a.note("cli.thunderbird.many", "N", maxFolders)
	paths = slices.Clone(paths)
	slices.SortStableFunc(paths, func(x, y mailbox.LocalPath) int {
		return boolInt(x.Role == mailbox.RoleOther) - boolInt(y.Role == mailbox.RoleOther)
	})
	return paths[:maxFolders]
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}
