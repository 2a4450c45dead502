package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"rimbalzo/app/watcher"
	"rimbalzo/app/watcher/ipc"
	"rimbalzo/internal/account"
	"rimbalzo/internal/watch"
)

// exitNoWatcher is the status of rimbalzo status where no watcher runs.
const exitNoWatcher = 1

// askPatience is how long the watcher may take to answer.
const askPatience = 10 * time.Second

func (a *app) statusCommand() *cobra.Command {
	w := a.words
	cmd := &cobra.Command{Use: "status", Short: w.T("status.short"), Long: w.T("status.long"), Args: a.noArgs}
	format := cmd.Flags().String("format", "text", w.T("status.flag.format"))
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if *format != "text" && *format != "json" {
			return errUsage{w.T("cli.error.format", "Value", clean(*format), "List", "text, json")}
		}
		var s watcher.Status
		err := a.ask(cmd.Context(), watcher.VerbStatus, nil, &s)
		if errors.Is(err, ipc.ErrAbsent) {
			a.status = exitNoWatcher
			a.complain(w.T("status.absent"))
			return nil
		}
		if err != nil {
			return err
		}
		if *format == "json" {
			enc := json.NewEncoder(a.env.Stdout)
			enc.SetIndent("", " ")
			return enc.Encode(s)
		}
		_, err = io.WriteString(a.env.Stdout, a.statusText(s))
		return err
	}
	return cmd
}

// ask asks the watcher of the data folder one question.
func (a *app) ask(ctx context.Context, verb string, arg, answer any) error {
	dir, err := a.dataDir()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, askPatience)
	defer cancel()
	c, err := ipc.Dial(ctx, dir, a.env.Version, ipc.RoleCommand)
	if err != nil {
		return err
	}
	defer c.Close()
	return c.Ask(ctx, verb, arg, answer)
}

// seenInTrouble reports whether a watcher runs and sees an account's provider in trouble; a watcher that does not answer sees none.
func (a *app) seenInTrouble(ctx context.Context, acc account.Account) bool {
	var s watcher.Status
	if err := a.ask(ctx, watcher.VerbStatus, nil, &s); err != nil {
		return false
	}
	operator := operatorOf(acc)
	return slices.ContainsFunc(s.Incidents, func(i watch.IncidentStatus) bool { return i.Operator == operator })
}

// statusText is a status for a person.
func (a *app) statusText(s watcher.Status) string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	switch {
	case s.Paused:
		line("%s", a.words.T("watcher.paused"))
	case len(s.Accounts) == 0:
		line("%s", a.words.T("status.no-accounts"))
	}
	for _, acc := range s.Accounts {
		line("%s", clean(watcher.AccountWords(acc, a.words, a.zone)))
		for _, d := range acc.Directions {
			line("  %s", a.directionText(d))
		}
		if !acc.Hand.IsZero() && acc.Hand.After(s.At) {
			line("  %s", a.words.T("status.hand", "At", a.words.Clock(acc.Hand.In(a.zone))))
		}
		if acc.MailError != "" {
			line("  %s", a.words.T("status.mail-error", "Error", clean(acc.MailError)))
		}
	}
	if len(s.Connections) > 0 {
		line("")
		line("%s", a.words.T("status.connections"))
	}
	for _, c := range s.Connections {
		line("  %s", a.connectionText(c))
	}
	if s.Snoozed.After(s.At) {
		line("")
		line("%s", a.words.T("status.snoozed", "At", s.Snoozed.In(a.zone)))
	}
	if s.Trouble != "" {
		line("")
		line("%s", a.words.T("status.trouble", "Error", clean(s.Trouble)))
	}
	return b.String()
}

func (a *app) directionText(d watch.DirectionStatus) string {
	text := a.words.T("status.direction", "Direction", a.words.T("watch.direction."+string(d.Direction)), "Host", clean(d.Endpoint),
		"State", watcher.StateWords(d.State, a.words))
	if !d.Next.IsZero() {
		text += ", " + a.words.T("status.next", "At", a.words.Clock(d.Next.In(a.zone)))
	}
	return text
}

func (a *app) connectionText(c watch.Connection) string {
	text := a.words.N("status.knocks", c.Today, "Host", clean(c.Host))
	if !c.Next.IsZero() {
		text += ", " + a.words.T("status.next", "At", a.words.Clock(c.Next.In(a.zone)))
	}
	return text
}
