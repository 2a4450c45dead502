package cli

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"rimbalzo/internal/account"
	"rimbalzo/internal/outage"
	"rimbalzo/internal/review"
)

// sources are the flags that say what to review, the same for report and explain.
type sources struct {
	accounts                             []string
	mailboxes, inbox, junk, sent, queues []string
	imap, ca, outage, at                 string
	passwordStdin                        bool
	// typed is the password once it was told: what reads the mailbox a second time does not ask again.
	typed string
}

func (a *app) sourceFlags(cmd *cobra.Command) *sources {
	s := &sources{}
	w, f := a.words, cmd.Flags()
	f.StringArrayVar(&s.accounts, "account", nil, w.T("store.flag.account"))
	// An array and not a list: a comma may stand in a file's name.
	f.StringArrayVar(&s.mailboxes, "mailbox", nil, w.T("cli.flag.mailbox"))
	f.StringArrayVar(&s.inbox, "inbox", nil, w.T("cli.flag.inbox"))
	f.StringArrayVar(&s.junk, "junk", nil, w.T("cli.flag.junk"))
	f.StringArrayVar(&s.sent, "sent", nil, w.T("cli.flag.sent"))
	f.StringVar(&s.imap, "imap", "", w.T("cli.flag.imap"))
	f.StringVar(&s.ca, "ca", "", w.T("cli.flag.ca"))
	f.BoolVar(&s.passwordStdin, "password-stdin", false, w.T("cli.flag.password-stdin"))
	f.StringArrayVar(&s.queues, "queue", nil, w.T("cli.flag.queue"))
	f.StringVar(&s.outage, "outage", "all", w.T("cli.flag.outage"))
	f.StringVar(&s.at, "at", "", w.T("cli.flag.at"))
	return s
}

// given reports whether the flags name a source other than an account.
func (s *sources) given() bool {
	return len(s.mailboxes)+len(s.inbox)+len(s.junk)+len(s.sent)+len(s.queues) > 0 || s.imap != ""
}

// request turns the flags into a review.
func (a *app) request(ctx context.Context, s *sources) (review.Request, error) {
	req := review.Request{
		Mailboxes: s.mailboxes, Inbox: s.inbox, Junk: s.junk, Sent: s.sent, Queues: s.queues, IMAP: s.imap, Zone: a.zone, Discover: true,
	}
	var err error
	if req.At, err = a.moment(s.at); err != nil {
		return req, err
	}
	if req.Catalogue, err = a.catalogue(); err != nil {
		return req, err
	}
	if s.outage != "" && s.outage != "all" {
		if _, ok := req.Catalogue.ByID(s.outage); !ok {
			return req, errUsage{a.words.T("cli.error.outage", "ID", clean(s.outage))}
		}
		req.Outage = s.outage
	}
	if err := a.account(s, &req); err != nil {
		return req, err
	}
	if err := a.paths(s); err != nil {
		return req, err
	}
	return req, a.addAccounts(ctx, s, &req)
}

// account checks what belongs to an IMAP account before anything is read.
func (a *app) account(s *sources, req *review.Request) error {
	if s.imap == "" {
		return nil
	}
	u, err := url.Parse(s.imap)
	if err != nil || (u.Scheme != "imap" && u.Scheme != "imaps") || u.Hostname() == "" || u.User.Username() == "" {
		// The address may hold a password: it is not repeated.
		return errUsage{a.words.T("cli.error.imap-url")}
	}
	if _, ok := u.User.Password(); ok {
		return errUsage{a.words.T("cli.error.password-in-url")}
	}
	if s.ca != "" {
		if req.Roots, err = a.roots(s.ca); err != nil {
			return err
		}
	}
	if !s.passwordStdin && a.env.ReadPassword == nil {
		return errUsage{a.words.T("cli.error.no-terminal")}
	}
	req.Password = func(context.Context) (string, error) { return a.password(s, u) }
	return nil
}

func (a *app) password(s *sources, u *url.URL) (secret string, err error) {
	if s.typed != "" {
		return s.typed, nil
	}
	if s.passwordStdin {
		secret, err = a.readSecret(true, account.Account{})
	} else {
		secret, err = a.env.ReadPassword(a.words.T("cli.password", "User", clean(u.User.Username()), "Host", clean(u.Hostname())))
	}
	if err == nil {
		s.typed = secret
	}
	return secret, err
}

// maxCA bounds a file of certificates.
const maxCA = 4 << 20

func (a *app) roots(path string) (*x509.CertPool, error) {
	data, err := readSmall(path, maxCA)
	if err != nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(data) {
		return nil, errUsage{a.words.T("cli.error.ca", "Path", clean(path))}
	}
	return pool, nil
}

// paths finds missing paths before a long reading begins.
func (a *app) paths(s *sources) error {
	for _, list := range [][]string{s.mailboxes, s.inbox, s.junk, s.sent, s.queues} {
		for _, p := range list {
			if _, err := os.Stat(p); errors.Is(err, os.ErrNotExist) {
				return errUsage{a.words.T("cli.error.missing", "Path", clean(p))}
			}
		}
	}
	return nil
}

// maxCatalogue bounds a catalogue file.
const maxCatalogue = 1 << 20

// catalogue gives the built-in outages with the person's own on top. A file of the person's that cannot be read does
// not stop a report: it is said, and the built-in ones count.
func (a *app) catalogue() (*outage.Catalogue, error) {
	c := outage.Builtin()
	dir, err := a.dataDir()
	if err != nil {
		return c, nil //nolint:nilerr // without a data folder there is no own catalogue
	}
	path := filepath.Join(dir, "catalogue.toml")
	data, err := readSmall(path, maxCatalogue)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return c, nil
	case err != nil:
		return nil, err
	}
	own, problems := outage.Parse(path, data)
	if len(problems) > 0 {
		a.complain(a.words.T("cli.catalogue.bad", "Path", clean(path)))
		for _, p := range problems {
			a.complain(a.problem(path, p))
		}
		return c, nil
	}
	return c.Merge(own), nil
}

// dataDir is where everything that the program keeps is kept.
func (a *app) dataDir() (string, error) {
	if a.data != "" {
		return a.data, nil
	}
	// The window's toolkit is pointed to a folder of its own by changing the environment: whoever asks the system again once
	// there is a window finds that one, with no watcher and nothing kept in it.
	if a.config != "" {
		return filepath.Join(a.config, "rimbalzo"), nil
	}
	dir, err := os.UserConfigDir()
	if err != nil {
		return "", fmt.Errorf("find the folder for settings: %w", err)
	}
	return filepath.Join(dir, "rimbalzo"), nil
}

// configDir is the system's folder for settings, "" where it has none.
func configDir() string {
	dir, err := os.UserConfigDir()
	if err != nil {
		return "" // said by whoever needs it
	}
	return dir
}

// readSmall reads a file that has no business being large.
func readSmall(path string, limit int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err == nil && int64(len(data)) > limit {
		return nil, &os.PathError{Op: "read", Path: path, Err: errTooLarge}
	}
	return data, err
}

var errTooLarge = errors.New("file too large")
