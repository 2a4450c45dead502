package accounts

import (
	"context"

	"rimbalzo/internal/account"
	"rimbalzo/internal/mailbox"
	"rimbalzo/internal/review"
)

// Remembered is an account as a review takes it. progress, which may be nil, is told how far the reading of a server's folders
// is.
func Remembered(ctx context.Context, acc account.Account, access account.Access, progress func(mailbox.Progress)) (review.Account, error) {
	if acc.Kind == account.Local {
		return review.LocalAccount(acc.ID, localPaths(acc)), nil
	}
	cfg, err := acc.IMAPConfig(ctx, access)
	cfg.Progress = progress
	return review.IMAPAccount(acc.ID, cfg), err
}

// localPaths are the paths of an account of mail kept on this computer.
func localPaths(acc account.Account) (paths []mailbox.LocalPath) {
	for _, p := range acc.Paths {
		paths = append(paths, mailbox.LocalPath{Path: p.Path, Role: mailbox.Role(p.Role)})
	}
	return paths
}
