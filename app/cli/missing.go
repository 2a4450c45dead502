package cli

import (
	"io"
	"slices"

	"github.com/spf13/cobra"

	"rimbalzo/internal/checklist"
	"rimbalzo/internal/missing"
	"rimbalzo/internal/review"
)

func (a *app) missing() *cobra.Command {
	w := a.words
	cmd := &cobra.Command{Use: "missing", Short: w.T("cli.missing.short"), Long: w.T("cli.missing.long"), Args: a.noArgs}
	s := a.sourceFlags(cmd)
	format := cmd.Flags().String("format", "text", w.T("cli.flag.format.missing"))
	output := cmd.Flags().StringP("output", "o", "", w.T("cli.flag.output"))
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		f := checklist.Format(*format)
		if !slices.Contains(missing.Formats, f) {
			return errUsage{w.T("cli.error.format.missing", "Value", clean(*format))}
		}
		req, err := a.request(cmd.Context(), s)
		if err != nil {
			return err
		}
		done := a.progress(&req)
		var r missing.Result
		err = a.withStore(cmd.Context(), &req, func() (err error) {
			r, err = review.Missing(cmd.Context(), req)
			return err
		})
		done()
		if err != nil {
			return err
		}
		if err := a.write(*output, func(out io.Writer) error { return missing.Write(out, f, r, a.options()) }); err != nil {
			return err
		}
		a.warnUnreadable(len(r.Unreadable))
		return nil
	}
	return cmd
}
