package cli

import (
	"bufio"
	"context"
	"errors"
	"io"
	"strings"
	"time"

	"rimbalzo/app/accounts"
	"rimbalzo/internal/account"
	"rimbalzo/internal/account/autoconfig"
	"rimbalzo/internal/mailbox"
)

// note writes a line for the person to standard error, which is not the command's data.
func (a *app) note(id string, args ...any) {
	// Nothing is left to tell when standard error is gone.
	_, _ = io.WriteString(a.env.Stderr, a.words.T(id, args...)+"\n")
}

// step writes a line that belongs to the one before.
func (a *app) step(id string, args ...any) {
	_, _ = io.WriteString(a.env.Stderr, "  "+a.words.T(id, args...)+"\n")
}

// agree asks a question on the terminal that is answered with yes or no; where nobody can answer, it is no.
func (a *app) agree(question string) bool {
	if a.env.ReadPassword == nil {
		return false
	}
	_, _ = io.WriteString(a.env.Stderr, question+" "+a.words.T("cli.account.yes-no")+" ")
	var answer []byte
	for b := make([]byte, 1); len(answer) < 100; { // no more is read than the answer: a password may follow
		n, err := a.env.Stdin.Read(b)
		if err != nil || (n > 0 && b[0] == '\n') {
			break
		}
		answer = append(answer, b[:n]...)
	}
	word := strings.ToLower(strings.TrimSpace(string(answer)))
	return word == "s" || word == "sì" || word == "si" || word == "y" || word == "yes"
}

// lookUp asks others for an address's servers, after the person has agreed, by flag or by word.
func (a *app) lookUp(ctx context.Context, n *adding, acc *account.Account) error {
	domain := accounts.Domain(acc.Address)
	if !n.lookup && !a.agree(autoconfig.Consent(domain, a.words)) {
		return errUsage{a.words.T("cli.account.error.unknown-provider", "Domain", clean(domain))}
	}
	desk, err := a.desk()
	if err != nil {
		return err
	}
	found, known, err := desk.LookUp(ctx, acc)
	if err != nil {
		return err
	}
	if !known {
		return errUsage{a.words.T("cli.account.error.unknown-provider", "Domain", clean(domain))}
	}
	n.signIn = n.signIn || found.SignIn
	c := found.Candidate
	a.note("cli.account.found", "Text", clean(c.Told(domain, a.words)), "Server", hostPort(acc.IMAP))
	if len(c.Strange) > 0 && !a.agree(a.words.T("cli.account.strange")) {
		return errUsage{a.words.T("cli.account.error.strange", "Server", hostPort(acc.IMAP))}
	}
	return nil
}

// addMailbox gets the secret, tries it, and keeps both.
func (a *app) addMailbox(ctx context.Context, n *adding, acc account.Account, desk *accounts.Desk) error {
	secret, err := a.newSecret(ctx, n, &acc)
	if err != nil {
		return err
	}
	// Until the connection is proved good, the secret is in memory only.
	trial := account.Remember(accounts.Memory{acc.ID: secret})
	said := "cli.account.added.imap"
	if failed := a.tryMailbox(ctx, acc, trial); failed != nil {
		said = "cli.account.added.untried"
		if err := a.keepAnyway(ctx, n, acc, failed); err != nil {
			return err
		}
	}
	if err := desk.Put(acc); err != nil {
		return err
	}
	if err := a.say(said, "Name", clean(acc.ID)); err != nil {
		return err
	}
	if err := a.vault().Set(ctx, acc.ID, secret); err != nil {
		a.complain(a.described(err))
	}
	a.tellAccounts(ctx)
	return nil
}

// newSecret asks for the password, or lets the person sign in.
func (a *app) newSecret(ctx context.Context, n *adding, acc *account.Account) (string, error) {
	if !n.signIn {
		return a.readSecret(n.passwordStdin, *acc)
	}
	return a.signIn(ctx, acc)
}

// maxPassword bounds what is read as a password: OAuth tokens stay under it.
const maxPassword = 16 << 10

// readSecret reads a password from standard input or asks on the terminal; never from an argument.
func (a *app) readSecret(stdin bool, acc account.Account) (string, error) {
	if stdin {
		line, err := bufio.NewReader(io.LimitReader(a.env.Stdin, maxPassword)).ReadString('\n')
		if line = strings.TrimRight(line, "\r\n"); line == "" {
			if err != nil && !errors.Is(err, io.EOF) {
				return "", err
			}
			return "", errUsage{a.words.T("cli.error.no-password")}
		}
		return line, nil
	}
	if a.env.ReadPassword == nil {
		return "", errUsage{a.words.T("cli.error.no-terminal")}
	}
	secret, err := a.env.ReadPassword(a.words.T("cli.password", "User", clean(acc.User), "Host", clean(acc.IMAP.Host)))
	if err == nil && secret == "" {
		err = errUsage{a.words.T("cli.error.no-password")}
	}
	return secret, err
}

// tryMailbox goes the whole way to a mailbox and tells how each stage went.
func (a *app) tryMailbox(ctx context.Context, acc account.Account, vault account.Vault) error {
	dir, err := a.dataDir()
	if err != nil {
		return err
	}
	return accounts.Try(ctx, acc, account.Access{Vault: vault, Data: dir, Ask: a.askFor(acc)}, func(r mailbox.StageResult) {
		id, told := accounts.StageName(r.Stage)
		if !told && r.Err == nil {
			return
		}
		how, took := "cli.account.stage.done", r.Took.Round(100*time.Millisecond)
		switch {
		case r.Err != nil:
			how = "cli.account.stage.failed"
		case took > 0:
			how = "cli.account.stage.done-in"
		}
		a.step(how, "Stage", a.words.T("cli.account.stage."+id), "Took", took.Seconds())
	})
}

// askFor asks for a password that the keyring does not give, and says why it has to. Where nobody can be asked, it says how
// else the password gets here.
func (a *app) askFor(acc account.Account) func(context.Context, error) (string, error) {
	return func(_ context.Context, why error) (string, error) {
		if a.env.ReadPassword == nil {
			return "", errSaid{a.described(why) + " " + a.words.T("cli.account.hand-over")}
		}
		a.complain(a.described(why))
		return a.readSecret(false, acc)
	}
}

// described words an error of accounts.
func (a *app) described(err error) string {
	text, _ := a.sentence(err)
	return text
}

// keepAnyway decides about an account whose test failed. One that failed because the provider is in trouble may be kept: it
// is for outages that the program is there.
func (a *app) keepAnyway(ctx context.Context, n *adding, acc account.Account, failed error) error {
	if errors.Is(failed, context.Canceled) {
		return failed
	}
	outage := a.inOutage(ctx, acc)
	blame := account.BlameFor(failed, n.sure, outage)
	if !blame.Keepable() {
		return failed
	}
	a.complain(a.described(failed))
	a.excuse(blame, outage)
	if n.keep || a.agree(a.words.T("cli.account.keep")) {
		return nil
	}
	return errSaid{a.words.T("cli.account.error.not-kept")}
}

// inOutage reports whether an outage of the account's provider goes on now, by the catalogue or by what the watcher sees.
func (a *app) inOutage(ctx context.Context, acc account.Account) bool {
	if c, err := a.catalogue(); err == nil && accounts.InOutage(c, acc.Address, a.env.Now()) {
		return true
	}
	return a.seenInTrouble(ctx, acc)
}
