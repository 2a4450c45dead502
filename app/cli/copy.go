package cli

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"rimbalzo/internal/advice"
	"rimbalzo/internal/checklist"
)

// copies makes files of a message that open as drafts in a mail program, for those whom it did not reach.
func (a *app) copies() *cobra.Command {
	w := a.words
	cmd := &cobra.Command{Use: "copy [flags] MESSAGE-ID [RECIPIENT]", Short: w.T("export.copy.short"), Long: w.T("export.copy.long")}
	cmd.Args = func(_ *cobra.Command, args []string) error {
		switch {
		case len(args) == 0:
			return errUsage{w.T("cli.error.no-message-id")}
		case len(args) > 2:
			return errUsage{w.T("cli.error.too-many")}
		}
		return nil
	}
	s := a.sourceFlags(cmd)
	dir := cmd.Flags().StringP("output", "o", ".", w.T("export.flag.copy-dir"))
	anyway := cmd.Flags().Bool("anyway", false, w.T("export.flag.anyway"))
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		_, r, err := a.reviewed(cmd.Context(), s)
		if err != nil {
			return err
		}
		take, found := a.worthCopying(r, args, *anyway)
		switch {
		case !found:
			return errUsage{w.T("cli.error.no-item", "ID", clean(args[0]))}
		case len(take) == 0:
			return errUsage{w.T("export.copy.none")}
		}
		letter, from, err := a.original(cmd.Context(), s, take)
		if err != nil {
			return err
		}
		copies, err := checklist.Copies(letter, take, r.At)
		if errors.Is(err, checklist.ErrLetter) || err == nil && len(copies) == 0 {
			return errSaid{w.T("export.copy.unsound")}
		}
		if err != nil {
			return err
		}
		return a.writeCopies(*dir, take[0].MessageID, copies, letter, from)
	}
	return cmd
}

// worthCopying chooses for whom there is a copy, and says of the others why there is none for them. All this is said on the
// terminal: a copy names nobody but those whom it is for.
func (a *app) worthCopying(r checklist.Report, args []string, anyway bool) (take []*advice.Item, found bool) {
	w, o := a.words, a.options()
	for i := range r.Items {
		item := &r.Items[i]
		if !sameMessage(item, args) {
			continue
		}
		found = true
		to := clean(item.Recipient)
		switch {
		case item.Verdict == advice.Resend:
			take = append(take, item)
			if item.ResendWhen != advice.Now {
				a.complain(w.T("export.copy.later", "Recipient", to, "When", checklist.When(item, o)))
			}
		case item.Verdict == advice.Wait || item.Verdict == advice.Check:
			if anyway {
				take = append(take, item)
				a.complain(w.T("export.copy.twice", "Recipient", to))
				continue
			}
			a.complain(w.T("export.copy.may-arrive", "Recipient", to, "What", checklist.Meaning(item, w)))
		case anyway && (item.Verdict == advice.Fix || len(args) == 2):
			take = append(take, item)
			a.complain(w.T("export.copy.unwise", "Recipient", to, "What", checklist.Meaning(item, w)))
		default:
			a.complain(w.T("export.copy.not-for", "Recipient", to, "What", checklist.Meaning(item, w)))
		}
	}
	return take, found
}

// writeCopies writes the files, named so that the same copies come to the same files, and says what each is.
func (a *app) writeCopies(dir, id string, copies []checklist.Copy, letter checklist.Letter, from string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	sum := sha256.Sum256([]byte(id))
	for i, c := range copies {
		path := filepath.Join(dir, fmt.Sprintf("%s-%s-%d.eml", a.words.T("export.copy.name"), hex.EncodeToString(sum[:4]), i+1))
		err := replace(path, func(out io.Writer) error {
			_, err := c.WriteTo(out)
			return err
		})
		if err != nil {
			return err
		}
		if err := a.say("export.copy.written", "Path", clean(path), "Recipients", clean(strings.Join(c.Recipients, ", "))); err != nil {
			return err
		}
	}
	if others := letter.Others(copies); len(others) > 0 {
		if err := a.say("export.copy.others", "Recipients", clean(strings.Join(others, ", "))); err != nil {
			return err
		}
	}
	if letter.Cut {
		a.complain(a.words.T("export.copy.cut"))
	}
	return a.say("export.copy.from." + from)
}
