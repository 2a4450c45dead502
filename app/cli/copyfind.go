package cli

import (
	"context"
	"slices"
	"strings"

	"rimbalzo/app/accounts"
	"rimbalzo/app/resend"
	"rimbalzo/internal/account"
	"rimbalzo/internal/mailbox"
	"rimbalzo/internal/provider"
	"rimbalzo/internal/review"
)

// finder knows where the originals of a review's messages may lie: in the sources that the request names and in the accounts of
// these names; where there is neither, in all accounts. access says how an account's secret is come by.
func (a *app) finder(ctx context.Context, req review.Request, names []string, access func(account.Account) account.Access) (resend.Finder, error) {
	f := resend.Finder{Words: a.words, Files: sourceFiles(req)}
	if req.IMAP != "" {
		cfg := mailbox.IMAPConfig{URL: req.IMAP, Roots: req.Roots, RoleOf: roleOf}
		if req.Password != nil {
			cfg.Password = func() (string, error) { return req.Password(ctx) }
		}
		f.Servers = append(f.Servers, cfg)
	}
	if len(names) == 0 && (len(f.Files) > 0 || len(f.Servers) > 0 || len(req.Queues) > 0) {
		return f, nil
	}
	book, err := a.book()
	if err != nil {
		return f, err
	}
	all, err := book.List()
	if err != nil {
		return f, err
	}
	for _, acc := range all {
		if len(names) > 0 && !slices.ContainsFunc(names, func(name string) bool { return strings.EqualFold(name, acc.ID) }) {
			continue
		}
		switch acc.Kind {
		case account.Local:
			f.Files = append(f.Files, localFiles(acc)...)
		case account.IMAP:
			cfg, err := acc.IMAPConfig(ctx, access(acc))
			if err != nil {
				// What is on this server is not found; the rest may be.
				cfg = mailbox.IMAPConfig{URL: cfg.URL, Roots: cfg.Roots, Password: func() (string, error) { return "", err }}
			}
			f.Servers = append(f.Servers, cfg)
		}
	}
	return f, nil
}

func roleOf(name string) mailbox.Role { return mailbox.Role(provider.Builtin().RoleOf(name)) }

// sourceFiles are the mail files of a request, those with sent mail first.
func sourceFiles(req review.Request) (list []mailbox.Source) {
	for _, path := range req.Sent {
		list = append(list, mailbox.Path(path, mailbox.RoleSent))
	}
	for _, dir := range req.Mailboxes {
		list = append(list, mailbox.Maildirpp(dir, roleOf))
	}
	for _, path := range req.Inbox {
		list = append(list, mailbox.Path(path, mailbox.RoleInbox))
	}
	for _, path := range req.Junk {
		list = append(list, mailbox.Path(path, mailbox.RoleJunk))
	}
	return list
}

// localFiles are the mail files of an account of this computer, each for itself, so that what was found ends the reading.
func localFiles(acc account.Account) (list []mailbox.Source) {
	var paths []mailbox.LocalPath
	for _, p := range acc.Paths {
		paths = append(paths, mailbox.LocalPath{Path: p.Path, Role: mailbox.Role(p.Role)})
	}
	return []mailbox.Source{mailbox.Local(mailbox.LocalConfig{Paths: paths})}
}

// finderFor is the finder for the sources that the flags name.
func (a *app) finderFor(ctx context.Context, s *sources, req review.Request) (resend.Finder, error) {
	dir, err := a.dataDir()
	if err != nil {
		dir = ""
	}
	return a.finder(ctx, req, s.accounts, func(acc account.Account) account.Access {
		access := account.Access{Vault: a.vault(), Data: dir, Ask: a.askFor(acc)}
		if s.typed != "" {
			access.Vault = accounts.Memory{acc.ID: s.typed}
		}
		return access
	})
}
