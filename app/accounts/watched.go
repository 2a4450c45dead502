package accounts

import (
	"strings"

	"rimbalzo/internal/account"
	"rimbalzo/internal/provider"
)

// Watched makes an account of a provider that is only watched, by the id of its preset, its operator's, or one of its domains.
// ok is false where nobody knows such a provider; the account lacks its operator then.
func Watched(name string) (acc account.Account, ok bool) {
	acc = account.Account{Kind: account.Watched, ID: "watch-" + MadeName(name)}
	d := provider.Builtin()
	if o, known := d.OperatorOf(name); known {
		acc.Operator = o.ID
	}
	for _, p := range d.Presets() {
		if strings.EqualFold(p.ID, name) || strings.EqualFold(p.Operator, name) {
			acc.Operator = p.Operator
		}
	}
	if acc.Operator != "" {
		acc.ID = "watch-" + acc.Operator
	}
	return acc, acc.Operator != ""
}
