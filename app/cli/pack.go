package cli

import (
	"io"
	"net/url"
	"path/filepath"

	"github.com/spf13/cobra"

	"rimbalzo/internal/checklist"
	"rimbalzo/internal/discovery"
)

// pack writes what a complaint needs into one file. The notes are the person's own business and stay out.
func (a *app) pack() *cobra.Command {
	w := a.words
	cmd := &cobra.Command{Use: "pack", Short: w.T("export.pack.short"), Long: w.T("export.pack.long"), Args: a.noArgs}
	s := a.sourceFlags(cmd)
	output := cmd.Flags().StringP("output", "o", "", w.T("export.flag.pack"))
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if *output == "" {
			return errUsage{w.T("export.error.no-pack")}
		}
		req, r, err := a.reviewed(cmd.Context(), s)
		if err != nil {
			return err
		}
		known := req.Catalogue.Merge(discovery.Catalogue(r.Found))
		e := checklist.Evidence{From: a.readFrom(s), Citations: known.Sources}
		if err := a.write(*output, func(out io.Writer) error { return checklist.Pack(out, r, a.options(), e) }); err != nil {
			return err
		}
		a.warnUnreadable(len(r.Unreadable))
		if *output == "-" {
			return nil
		}
		return a.say("export.pack.written", "Path", clean(*output))
	}
	return cmd
}

// readFrom names what was read without telling where on the computer it lies.
func (a *app) readFrom(s *sources) (list []string) {
	for _, paths := range [][]string{s.mailboxes, s.inbox, s.junk, s.sent, s.queues} {
		for _, path := range paths {
			list = append(list, filepath.Base(path))
		}
	}
	if u, err := url.Parse(s.imap); err == nil && s.imap != "" {
		list = append(list, u.User.Username()+", "+u.Host)
	}
	list = append(list, s.accounts...)
	if len(list) == 0 {
		list = append(list, a.words.T("export.pack.accounts"))
	}
	return list
}
