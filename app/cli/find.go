package cli

import (
	"io"

	"github.com/spf13/cobra"

	"rimbalzo/internal/discovery"
)

// findOutages looks in the mail for outages that the catalogue does not know, and writes them as a catalogue file that a
// person can edit, keep, and send to a friend.
func (a *app) findOutages() *cobra.Command {
	w := a.words
	cmd := &cobra.Command{Use: "find", Short: w.T("discovery.find.short"), Long: w.T("discovery.find.long"), Args: a.noArgs}
	s := a.sourceFlags(cmd)
	output := cmd.Flags().StringP("output", "o", "", w.T("cli.flag.output"))
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		// To look at one outage of the catalogue alone would leave nothing to find.
		s.outage = ""
		_, r, err := a.reviewed(cmd.Context(), s)
		if err != nil {
			return err
		}
		a.warnUnreadable(len(r.Unreadable))
		if len(r.Found) == 0 {
			a.complain(w.T("discovery.find.none"))
			return nil
		}
		return a.write(*output, func(out io.Writer) error {
			_, err := out.Write(discovery.Draft(r.Found, w))
			return err
		})
	}
	return cmd
}
