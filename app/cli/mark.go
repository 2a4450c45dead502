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
		Use: "mark [flags] MESSAGE-ID [RECIPIENT] [done|arrived|not-needed|undo]", Short: w.T("cli.mark.short"), Long: w.T("cli.mark.long"),
		ValidArgs: []string{string(advice.SaidDone), string(advice.SaidArrived), string(advice.SaidNotNeeded), takenBack},
	}
	at := cmd.Flags().String("at", "", w.T("cli.flag.mark-at"))
	note := cmd.Flags().String("note", "", w.T("export.flag.note"))
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		said, err := a.remark(args, cmd.Flags().Changed("note"))
		if err != nil {
			return err
		}
		if said.at, err = a.moment(*at); err != nil {
			return err
		}
		said.text = *note
		return a.keep(said)
	}
	return cmd
}

// remark is what a person says of a message in one go: a word, a note, or both.
type remark struct {
	item          advice.Item
	word          advice.Word
	hasWord, note bool
	text          string
	at            time.Time
}

// remark reads the arguments; with a note the word may be left out.
func (a *app) remark(args []string, note bool) (remark, error) {
	w := a.words
	switch {
	case len(args) == 0:
		return remark{}, errUsage{w.T("cli.error.no-message-id")}
	case len(args) > 3:
		return remark{}, errUsage{w.T("cli.error.too-many")}
	}
	said := remark{item: advice.Item{MessageID: strings.Trim(args[0], "<> ")}, note: note}
	rest, last := args[1:], args[len(args)-1]
	if len(rest) > 0 {
		said.word, said.hasWord = wordOf(last)
	}
	switch {
	case said.hasWord:
		rest = rest[:len(rest)-1]
	case !note || len(rest) > 1:
		return said, errUsage{w.T("cli.error.no-word", "Value", clean(last))}
	}
	if len(rest) == 1 {
		if said.item.Recipient = advice.Address(rest[0]); !strings.Contains(said.item.Recipient, "@") {
			return said, errUsage{w.T("cli.error.no-recipient", "Value", clean(rest[0]))}
		}
	}
	return said, nil
}

// wordOf reads a word; one that takes back is "".
func wordOf(s string) (advice.Word, bool) {
	s = strings.ToLower(s)
	if s == takenBack {
		return "", true
	}
	return advice.Word(s), advice.Word(s).Known()
}

// keep keeps a remark and says what is noted now.
func (a *app) keep(said remark) error {
	ticks, err := a.readTicks()
	if err != nil {
		return err
	}
	if said.hasWord {
		ticks.Say(&said.item, said.word, said.at)
	}
	if said.note {
		ticks.WriteNote(&said.item, said.text, said.at)
	}
	if err := a.saveTicks(ticks); err != nil {
		return err
	}
	id, to := clean(said.item.MessageID), a.words.T("cli.mark.everybody")
	if said.item.Recipient != "" {
		to = clean(said.item.Recipient)
	}
	if said.hasWord {
		word := string(said.word)
		if word == "" {
			word = takenBack
		}
		_, err = fmt.Fprintln(a.env.Stdout, a.words.T("cli.mark."+word, "ID", id, "Recipient", to))
	}
	if err == nil && said.note {
		sentence := a.words.T("export.note.gone", "ID", id, "Recipient", to)
		// What is kept is said, not what was typed: a note is one line and not too long.
		if kept := ticks.Note(&said.item); kept != "" {
			sentence = a.words.T("export.note.kept", "ID", id, "Recipient", to, "Text", kept)
		}
		_, err = fmt.Fprintln(a.env.Stdout, sentence)
	}
	return err
}
