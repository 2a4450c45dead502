package cli

import (
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"rimbalzo/internal/advice"
)

// takenBack is what takes a word back on the command line.
const takenBack = "undo"

// mark keeps what the person says of a message, as a tick in the window does.
func (a *app) mark() *cobra.Command {
	w := a.words
	cmd := &cobra.Command{
		Use: "mark [flags] MESSAGE-ID [RECIPIENT] done|arrived|not-needed|undo", Short: w.T("cli.mark.short"), Long: w.T("cli.mark.long"),
		ValidArgs: []string{string(advice.SaidDone), string(advice.SaidArrived), string(advice.SaidNotNeeded), takenBack},
	}
	cmd.Args = func(_ *cobra.Command, args []string) error {
		switch {
		case len(args) == 0:
			return errUsage{w.T("cli.error.no-message-id")}
		case len(args) > 3:
			return errUsage{w.T("cli.error.too-many")}
		}
		if _, ok := wordOf(args[len(args)-1]); !ok || len(args) == 1 {
			return errUsage{w.T("cli.error.no-word", "Value", clean(args[len(args)-1]))}
		}
		return nil
	}
	at := cmd.Flags().String("at", "", w.T("cli.flag.mark-at"))
	cmd.RunE = func(_ *cobra.Command, args []string) error {
		when, err := a.moment(*at)
		if err != nil {
			return err
		}
		word, _ := wordOf(args[len(args)-1])
		item := advice.Item{MessageID: strings.Trim(args[0], "<> ")}
		if len(args) == 3 {
			if item.Recipient = advice.Address(args[1]); !strings.Contains(item.Recipient, "@") {
				return errUsage{w.T("cli.error.no-recipient", "Value", clean(args[1]))}
			}
		}
		return a.keepWord(&item, word, when)
	}
	return cmd
}

// wordOf reads a word; one that takes back is "".
func wordOf(s string) (advice.Word, bool) {
	s = strings.ToLower(s)
	if s == takenBack {
		return "", true
	}
	return advice.Word(s), advice.Word(s).Known()
}

func (a *app) keepWord(item *advice.Item, word advice.Word, when time.Time) error {
	ticks, err := a.readTicks()
	if err != nil {
		return err
	}
	ticks.Say(item, word, when)
	if err := a.saveTicks(ticks); err != nil {
		return err
	}
	said := string(word)
	if word == "" {
		said = takenBack
	}
	to := a.words.T("cli.mark.everybody")
	if item.Recipient != "" {
		to = clean(item.Recipient)
	}
	_, err = fmt.Fprintln(a.env.Stdout, a.words.T("cli.mark."+said, "ID", clean(item.MessageID), "Recipient", to))
	return err
}
