package accounts

import (
	"cmp"
	"path/filepath"
	"slices"

	"rimbalzo/internal/account"
	"rimbalzo/internal/mailbox"
)

// MaxFolders is how many folders an account takes (internal/account).
const MaxFolders = 200

// Files makes an account of mail kept on this computer out of paths; its name is made of the first one's.
func Files(paths ...account.Path) (account.Account, error) {
	acc := account.Account{Kind: account.Local}
	for _, p := range paths {
		whole, err := filepath.Abs(p.Path)
		if err != nil {
			return acc, err
		}
		acc.Paths = append(acc.Paths, account.Path{Path: whole, Role: p.Role})
	}
	if len(acc.Paths) > 0 {
		acc.ID = MadeName(filepath.Base(acc.Paths[0].Path))
	}
	return acc, nil
}

// InThunderbird gives the accounts of all of Thunderbird's profiles on this computer.
func InThunderbird() []mailbox.LocalAccount {
	var found []mailbox.LocalAccount
	for _, profile := range mailbox.Thunderbird() {
		found = append(found, profile.Accounts...)
	}
	return found
}

// ThunderbirdName is what an account of Thunderbird's is called here.
func ThunderbirdName(acc mailbox.LocalAccount) string {
	if len(acc.Addresses) > 0 {
		return "thunderbird-" + acc.Addresses[0]
	}
	return "thunderbird-" + MadeName(acc.Name)
}

// FromThunderbird makes an account out of one of Thunderbird's. Where its folders are very many, those are taken in which
// bounces and copies of sent mail lie, and then others; all is false then.
func FromThunderbird(found mailbox.LocalAccount) (acc account.Account, all bool) {
	acc = account.Account{ID: ThunderbirdName(found), Kind: account.Local}
	if len(found.Addresses) > 0 {
		acc.Address = found.Addresses[0]
	}
	paths := slices.Clone(found.Paths)
	if all = len(paths) <= MaxFolders; !all {
		slices.SortStableFunc(paths, func(x, y mailbox.LocalPath) int { return cmp.Compare(rank(x), rank(y)) })
		paths = paths[:MaxFolders]
	}
	for _, p := range paths {
		acc.Paths = append(acc.Paths, account.Path{Path: p.Path, Role: string(p.Role)})
	}
	return acc, all
}

func rank(p mailbox.LocalPath) int {
	if p.Role == mailbox.RoleOther {
		return 1
	}
	return 0
}
