package cli

import (
	"context"
	"errors"
	"net"
	"os"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"rimbalzo/app/accounts"
	"rimbalzo/internal/account"
	"rimbalzo/internal/provider"
)

// adding is what account add was told.
type adding struct {
	watch, name, address, imap, smtp, security, user, ca, role string
	sent                                                       string // the folder of sent mail
	folders                                                    []string
	lookup, keep, signIn, passwordStdin                        bool

	sure bool // the servers' names come from what the program knows, and not from somebody's typing
}

func (a *app) addAccount() *cobra.Command {
	w, n := a.words, &adding{}
	cmd := &cobra.Command{
		Use: "add [ADDRESS | PATH | --watch PROVIDER]", Short: w.T("cli.account.add.short"), Long: w.T("cli.account.add.long"), Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error { return a.add(cmd.Context(), n, args) },
	}
	f := cmd.Flags()
	f.StringVar(&n.watch, "watch", "", w.T("cli.account.flag.watch"))
	f.StringVar(&n.name, "name", "", w.T("cli.account.flag.name"))
	f.StringVar(&n.address, "address", "", w.T("cli.account.flag.address"))
	f.StringVar(&n.imap, "imap", "", w.T("cli.account.flag.imap"))
	f.StringVar(&n.smtp, "smtp", "", w.T("cli.account.flag.smtp"))
	f.StringVar(&n.security, "security", "", w.T("cli.account.flag.security"))
	f.StringVar(&n.user, "user", "", w.T("cli.account.flag.user"))
	f.StringVar(&n.ca, "ca", "", w.T("cli.flag.ca"))
	f.StringVar(&n.role, "role", "", w.T("cli.account.flag.role"))
	f.StringArrayVar(&n.folders, "folder", nil, w.T("cli.account.flag.folder"))
	f.StringVar(&n.sent, "sent", "", w.T("cli.account.flag.sent"))
	f.BoolVar(&n.lookup, "lookup", false, w.T("cli.account.flag.lookup"))
	f.BoolVar(&n.keep, "keep", false, w.T("cli.account.flag.keep"))
	f.BoolVar(&n.signIn, "sign-in", false, w.T("cli.account.flag.sign-in"))
	f.BoolVar(&n.passwordStdin, "password-stdin", false, w.T("cli.flag.password-stdin"))
	return cmd
}

func (a *app) add(ctx context.Context, n *adding, args []string) error {
	if len(args) > 1 || (n.watch != "") == (len(args) == 1) {
		return errUsage{a.words.T("cli.account.error.what")}
	}
	desk, err := a.desk()
	if err != nil {
		return err
	}
	acc, err := a.newAccount(ctx, n, args)
	if err != nil {
		return err
	}
	if err := a.refine(n, &acc); err != nil {
		return err
	}
	// Told before a password is asked for.
	if _, err := desk.Free(acc); err != nil {
		return err
	}
	switch acc.Kind {
	case account.Local:
		if err := accounts.Try(ctx, acc, account.Access{}, nil); err != nil {
			return err
		}
	case account.IMAP:
		return a.addMailbox(ctx, n, acc, desk)
	}
	if err := desk.Put(acc); err != nil {
		return err
	}
	a.tellAccounts(ctx)
	return a.say("cli.account.added."+string(acc.Kind), "Name", clean(acc.ID))
}

// newAccount makes the account out of what the person named: a provider, an address, or mail on this computer.
func (a *app) newAccount(ctx context.Context, n *adding, args []string) (account.Account, error) {
	if n.watch != "" {
		return a.newWatched(n)
	}
	if account.IsAddress(args[0]) {
		// A folder of the address's name is meant only where nothing says that a server is.
		if _, err := os.Stat(args[0]); err != nil || n.imap != "" || n.passwordStdin || n.signIn {
			return a.newMailbox(ctx, n, args[0])
		}
	}
	acc, err := accounts.Files(account.Path{Path: args[0], Role: n.role})
	if err != nil {
		return acc, err
	}
	if _, err := os.Stat(acc.Paths[0].Path); errors.Is(err, os.ErrNotExist) {
		return acc, errUsage{a.words.T("cli.account.error.neither", "What", clean(args[0]))}
	}
	acc.Address = n.address
	return acc, nil
}

// newWatched is a provider by its id or one of its domains, or one that is known by its servers alone.
func (a *app) newWatched(n *adding) (account.Account, error) {
	acc, known := accounts.Watched(n.watch)
	if !known && n.imap == "" && n.smtp == "" {
		var ids []string
		for _, p := range provider.Builtin().Presets() {
			ids = append(ids, p.ID)
		}
		return acc, errUsage{a.words.T("cli.account.error.provider", "Name", clean(n.watch), "List", strings.Join(ids, ", "))}
	}
	return acc, nil
}

// newMailbox is the account of an address: from what is known of its provider, from what others say where the person agrees
// that they are asked, or from the flags.
func (a *app) newMailbox(ctx context.Context, n *adding, address string) (account.Account, error) {
	s, known := account.ForAddress(provider.Builtin(), address)
	n.sure = known && n.imap == ""
	if known {
		if n.imap == "" {
			a.note("cli.account.preset", "Name", clean(s.Name), "Server", hostPort(s.Account.IMAP))
		}
		for _, text := range s.In(a.lang) {
			a.step("cli.account.hint", "Text", text)
		}
		n.signIn = n.signIn || s.SignIn
	}
	if known || n.imap != "" {
		return s.Account, nil
	}
	return s.Account, a.lookUp(ctx, n, &s.Account)
}

// refine applies the flags.
func (a *app) refine(n *adding, acc *account.Account) error {
	if n.name != "" {
		acc.ID = n.name
	}
	if n.user != "" {
		acc.User = n.user
	}
	acc.Folders, acc.Sent = n.folders, n.sent
	if n.security != "" && n.security != account.TLS && n.security != account.StartTLS {
		return errUsage{a.words.T("account.problem.bad-security", "Value", clean(n.security))}
	}
	for _, e := range []struct {
		flag     string
		endpoint *account.Endpoint
		clear    int // the port on which a connection begins in clear text, and STARTTLS secures it
		usual    int
	}{{n.imap, &acc.IMAP, 143, 993}, {n.smtp, &acc.SMTP, 587, 465}} {
		if e.flag == "" {
			continue
		}
		at, err := a.readEndpoint(e.flag, n.security, e.clear, e.usual)
		if err != nil {
			return err
		}
		*e.endpoint = at
	}
	if n.ca != "" {
		if _, err := a.roots(n.ca); err != nil {
			return err
		}
		pem, err := readSmall(n.ca, maxCA)
		if err != nil {
			return err
		}
		acc.CA = string(pem)
	}
	return nil
}

// readEndpoint reads HOST or HOST:PORT. Without --security the port tells.
func (a *app) readEndpoint(text, security string, clear, usual int) (account.Endpoint, error) {
	host, port, err := net.SplitHostPort(text)
	if err != nil {
		host, port = strings.Trim(text, "[]"), strconv.Itoa(usual)
		if security == account.StartTLS {
			port = strconv.Itoa(clear)
		}
	}
	number, err := strconv.ParseUint(port, 10, 16)
	if err != nil || number == 0 || host == "" || strings.ContainsAny(host, "/@ ") {
		return account.Endpoint{}, errUsage{a.words.T("cli.account.error.endpoint", "Value", clean(text))}
	}
	e := account.Endpoint{Host: host, Port: int(number), Security: security}
	if e.Security == "" {
		e.Security = account.TLS
		if e.Port == clear || e.Port == 25 {
			e.Security = account.StartTLS
		}
	}
	return e, nil
}
