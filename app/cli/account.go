package cli

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"rimbalzo/app/accounts"
	"rimbalzo/internal/account"
	"rimbalzo/internal/provider"
)

func (a *app) accounts() *cobra.Command {
	w := a.words
	cmd := &cobra.Command{Use: "account [add | thunderbird | list | test | remove | forget]", Short: w.T("cli.account.short"), Long: w.T("cli.account.long"), Args: a.noArgs}
	var format string
	list := &cobra.Command{
		Use: "list", Short: w.T("cli.account.list.short"), Args: a.noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.listAccounts(cmd.Context(), format) },
	}
	list.Flags().StringVar(&format, "format", "text", w.T("cli.account.flag.format"))
	cmd.RunE = list.RunE
	named := func(use, short string, run func(context.Context, string) error) *cobra.Command {
		return &cobra.Command{
			Use: use + " NAME", Short: short, Args: a.oneArg("cli.account.error.no-name"),
			RunE: func(cmd *cobra.Command, args []string) error { return run(cmd.Context(), args[0]) },
		}
	}
	cmd.AddCommand(
		a.addAccount(), a.thunderbird(), list, a.testAccount(),
		named("remove", w.T("cli.account.remove.short"), a.removeAccount), named("forget", w.T("cli.account.forget.short"), a.forgetAccount),
	)
	return cmd
}

// desk is where accounts are dealt with: the data folder and this run's secrets.
func (a *app) desk() (*accounts.Desk, error) {
	dir, err := a.dataDir()
	if err != nil {
		return nil, err
	}
	return &accounts.Desk{Data: dir, Vault: a.vault(), Quiet: a.openVault(false), Find: a.env.FindServers}, nil
}

// book is the file of accounts in the data folder. What is wrong in it is told by whatever reads or changes it.
func (a *app) book() (*account.Book, error) {
	d, err := a.desk()
	if err != nil {
		return nil, err
	}
	return d.Book()
}

// vault keeps secrets for this run: in the keyring, or in memory where there is none. Only on a terminal may the system ask
// the person to unlock it.
func (a *app) vault() *account.Session {
	if a.secrets == nil {
		a.secrets = account.Remember(a.openVault(a.env.ReadPassword != nil))
	}
	return a.secrets
}

func (a *app) openVault(mayPrompt bool) account.Vault {
	if a.env.Vault != nil {
		return a.env.Vault(mayPrompt)
	}
	return account.Keyring(mayPrompt)
}

// say writes a line to standard output.
func (a *app) say(id string, args ...any) error {
	_, err := io.WriteString(a.env.Stdout, a.words.T(id, args...)+"\n")
	return err
}

// The JSON of account list. Its keys are part of the contract with other programs.
type (
	accountsJSON struct {
		Keyring  string        `json:"keyring"` // see account.State
		Accounts []accountJSON `json:"accounts"`
		Problems []problemJSON `json:"problems"`
	}
	accountJSON struct {
		Name      string        `json:"name"`
		Kind      string        `json:"kind"`
		Address   *string       `json:"address"`
		User      *string       `json:"user"`
		Auth      *string       `json:"auth"`
		Operator  *string       `json:"operator"`
		IMAP      *endpointJSON `json:"imap"`
		SMTP      *endpointJSON `json:"smtp"`
		PrivateCA bool          `json:"private_ca"`
		Paths     []pathJSON    `json:"paths"`
		Folders   []string      `json:"folders"`
		Secret    string        `json:"secret"` // "kept", "missing", "unknown", or "none" where none is needed
	}
	endpointJSON struct {
		Host     string `json:"host"`
		Port     int    `json:"port"`
		Security string `json:"security"`
	}
	pathJSON struct {
		Path string  `json:"path"`
		Role *string `json:"role"`
	}
	problemJSON struct {
		Line int    `json:"line"`
		Rule string `json:"rule"`
		Text string `json:"text"`
	}
)

func (a *app) listAccounts(ctx context.Context, format string) error {
	if format != "text" && format != "json" {
		return errUsage{a.words.T("cli.account.error.format", "Value", clean(format))}
	}
	book, err := a.book()
	if err != nil {
		return err
	}
	list, err := book.List()
	var faulty *account.FileError
	if err != nil && !errors.As(err, &faulty) {
		return err
	}
	if format == "json" {
		return a.accountsJSON(ctx, list, faulty)
	}
	if faulty != nil {
		a.complain(a.described(faulty))
	} else if len(list) == 0 {
		return a.say("cli.account.none")
	}
	var b strings.Builder
	var why error
	for _, acc := range list {
		text, err := a.summary(ctx, acc)
		fmt.Fprintf(&b, "%s\n    %s\n", clean(acc.ID), text)
		why = cmp.Or(why, err)
	}
	if _, err = io.WriteString(a.env.Stdout, b.String()); err == nil && why != nil {
		a.complain(a.described(why))
	}
	return err
}

// summary says in a line what an account is, and gives why the keyring does not tell of its secret.
func (a *app) summary(ctx context.Context, acc account.Account) (text string, why error) {
	switch acc.Kind {
	case account.Local:
		var paths []string
		for _, p := range acc.Paths {
			paths = append(paths, clean(p.Path))
		}
		return a.words.T("cli.account.is.local", "Paths", strings.Join(paths, ", ")), nil
	case account.Watched:
		return a.words.T("cli.account.is.watched", "Servers", a.servers(acc)), nil
	}
	secret, why := a.secretOf(ctx, acc)
	return a.words.T("cli.account.is.imap", "Server", hostPort(acc.IMAP)) + " " + a.words.T("cli.account.secret."+secret), why
}

// servers names the servers of a watched provider, or the provider.
func (a *app) servers(acc account.Account) string {
	var list []string
	for _, e := range []account.Endpoint{acc.IMAP, acc.SMTP} {
		if e.Host != "" {
			list = append(list, hostPort(e))
		}
	}
	if len(list) == 0 {
		for _, p := range provider.Builtin().Presets() {
			if p.Operator == acc.Operator {
				list = append(list, clean(p.Name))
			}
		}
	}
	return strings.Join(list, ", ")
}

func hostPort(e account.Endpoint) string {
	return clean(net.JoinHostPort(e.Host, strconv.Itoa(e.Port)))
}

// secretOf says whether the keyring has an account's secret, and why it does not tell, without making the system ask for
// anything.
func (a *app) secretOf(ctx context.Context, acc account.Account) (secret string, why error) {
	d, err := a.desk()
	if err != nil {
		return "unknown", err
	}
	return d.SecretState(ctx, acc)
}

func (a *app) accountsJSON(ctx context.Context, list []account.Account, faulty *account.FileError) error {
	out := accountsJSON{Keyring: string(a.vault().State(ctx)), Accounts: []accountJSON{}, Problems: []problemJSON{}}
	for _, acc := range list {
		secret, _ := a.secretOf(ctx, acc) // why it is not known is the keyring's state
		j := accountJSON{
			Name: acc.ID, Kind: string(acc.Kind), Address: orNull(acc.Address), User: orNull(acc.User), Auth: orNull(acc.Auth), Operator: orNull(acc.Operator),
			IMAP: endpointOrNull(acc.IMAP), SMTP: endpointOrNull(acc.SMTP), PrivateCA: acc.CA != "", Paths: []pathJSON{}, Folders: []string{},
			Secret: secret,
		}
		for _, p := range acc.Paths {
			j.Paths = append(j.Paths, pathJSON{p.Path, orNull(p.Role)})
		}
		j.Folders = append(j.Folders, acc.Folders...)
		out.Accounts = append(out.Accounts, j)
	}
	if faulty != nil {
		for _, p := range faulty.Problems {
			out.Problems = append(out.Problems, problemJSON{p.Line, p.Rule, p.Text(a.words)})
		}
	}
	enc := json.NewEncoder(a.env.Stdout)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(out)
}

func endpointOrNull(e account.Endpoint) *endpointJSON {
	if e.Host == "" {
		return nil
	}
	return &endpointJSON{e.Host, e.Port, e.Security}
}
