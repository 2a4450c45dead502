package cli

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"rimbalzo/app/resend"
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
	link := cmd.Flags().Bool("link", false, w.T("resend.flag.link"))
	steps := cmd.Flags().String("steps", "", w.T("resend.flag.steps", "List", strings.Join(resend.Clients, ", ")))
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if *steps != "" && !slices.Contains(resend.Clients, *steps) {
			return errUsage{w.T("resend.error.client", "Value", clean(*steps), "List", strings.Join(resend.Clients, ", "))}
		}
		req, r, err := a.reviewed(cmd.Context(), s)
		if err != nil {
			return err
		}
		items := messageItems(r, args)
		if len(items) == 0 {
			return errUsage{w.T("cli.error.no-item", "ID", clean(args[0]))}
		}
		take, remarks := resend.Choose(items, *anyway, len(args) == 2, a.options())
		for _, remark := range remarks {
			a.complain(clean(remark.Text))
		}
		if len(take) == 0 {
			return errUsage{w.T("export.copy.none")}
		}
		finder, err := a.finderFor(cmd.Context(), s, req)
		if err != nil {
			return err
		}
		copies, err := finder.Copies(cmd.Context(), resend.Message{For: take, Known: messageItems(r, args[:1]), At: r.At})
		if err != nil {
			return err
		}
		if err := a.writeCopies(*dir, copies); err != nil {
			return err
		}
		return a.tellHow(take[0], copies, *link, *steps)
	}
	return cmd
}

// messageItems are the items of a message, or the one of its recipient.
func messageItems(r checklist.Report, args []string) (items []*advice.Item) {
	for i := range r.Items {
		if sameMessage(&r.Items[i], args) {
			items = append(items, &r.Items[i])
		}
	}
	return items
}

// writeCopies writes the files, named so that the same copies come to the same files, and says what each is.
func (a *app) writeCopies(dir string, copies []resend.Copy) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	for _, c := range copies {
		path := filepath.Join(dir, c.Name)
		err := replace(path, func(out io.Writer) error {
			_, err := c.WriteTo(out)
			return err
		})
		if err != nil {
			return err
		}
		if err := a.say("export.copy.written", "Path", clean(path), "Recipients", clean(strings.Join(c.To, ", "))); err != nil {
			return err
		}
	}
	return a.sayOfCopies(copies[0])
}

// sayOfCopies says what is the same of all copies: who else had the message, what they are made from, and what is missing.
func (a *app) sayOfCopies(c resend.Copy) error {
	for _, whom := range []struct {
		id   string
		list []string
	}{{"resend.got", c.Got}, {"export.copy.others", c.Others}} {
		if len(whom.list) == 0 {
			continue
		}
		if err := a.say(whom.id, "Recipients", clean(strings.Join(whom.list, ", "))); err != nil {
			return err
		}
	}
	if c.Trouble != nil {
		a.complain(a.described(c.Trouble))
	}
	for _, text := range c.Says(a.words) {
		if _, err := fmt.Fprintln(a.env.Stdout, text); err != nil {
			return err
		}
	}
	return nil
}

// tellHow says where the original lies, and as far as it was asked for gives the links and the steps in a mail program.
func (a *app) tellHow(item *advice.Item, copies []resend.Copy, link bool, client string) error {
	clue := resend.ClueOf(item, copies[0].Folder, a.words, a.zone)
	if err := a.say("resend.clue", "Subject", clean(clue.Search), "Time", clue.Sent, "Folder", clean(clue.Folder)); err != nil {
		return err
	}
	for _, c := range copies {
		if !link {
			break
		}
		address, ok := resend.MailTo(c)
		if !ok {
			a.complain(a.words.T("resend.no-link", "Recipients", clean(strings.Join(c.To, ", "))))
			continue
		}
		if _, err := fmt.Fprintln(a.env.Stdout, address); err != nil {
			return err
		}
	}
	if client == "" {
		return nil
	}
	if _, err := fmt.Fprintln(a.env.Stdout, resend.ClientName(a.words, client)+":"); err != nil {
		return err
	}
	for i, step := range resend.Steps(a.words, client) {
		if _, err := fmt.Fprintf(a.env.Stdout, "%d. %s\n", i+1, step); err != nil {
			return err
		}
	}
	return nil
}
