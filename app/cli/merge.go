package cli

import (
	"errors"
	"io"
	"os"

	"github.com/spf13/cobra"

	"rimbalzo/internal/checklist"
)

// marks carries what was said of messages to another computer and back, so that somebody without the mailbox's password can
// work the list.
func (a *app) marks() *cobra.Command {
	w := a.words
	cmd := &cobra.Command{Use: "marks", Short: w.T("export.marks.short"), Long: w.T("export.marks.long"), Args: a.noArgs, RunE: func(cmd *cobra.Command, _ []string) error {
		return cmd.Help()
	}}
	cmd.AddCommand(
		&cobra.Command{Use: "export FILE", Short: w.T("export.marks.out.short"), Args: a.oneFile, RunE: func(_ *cobra.Command, args []string) error {
			return a.exportMarks(args[0])
		}},
		&cobra.Command{Use: "import FILE", Short: w.T("export.marks.in.short"), Args: a.oneFile, RunE: func(_ *cobra.Command, args []string) error {
			return a.importMarks(args[0])
		}},
	)
	return cmd
}

func (a *app) oneFile(_ *cobra.Command, args []string) error {
	switch {
	case len(args) == 0:
		return errUsage{a.words.T("export.error.no-file")}
	case len(args) > 1:
		return errUsage{a.words.T("cli.error.too-many")}
	}
	return nil
}

// exportMarks writes the words and notes to a file, or to standard output for "-".
func (a *app) exportMarks(path string) error {
	ticks, err := a.readTicks()
	if err != nil {
		return err
	}
	at := a.env.Now()
	what := a.words.T("export.marks.what", "Version", clean(a.env.Version), "Time", at.In(a.zone))
	if err := a.write(path, func(out io.Writer) error { return ticks.Export(out, at, what) }); err != nil {
		return err
	}
	if path == "-" {
		return nil
	}
	words, notes := new(checklist.Ticks).News(ticks)
	return a.say("export.marks.written", "Path", clean(path), "Words", a.words.N("export.marks.words", words), "Notes", a.words.N("export.marks.notes", notes))
}

// importMarks takes in a file from another computer: of each message the later word and the later note stay.
func (a *app) importMarks(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	ours, err := a.readTicks()
	if err != nil {
		return err
	}
	words, notes, err := a.takeMarks(f, ours)
	var wrong errMarks
	switch {
	case errors.As(err, &wrong):
		return errUsage{a.words.T(wrong.id, "Path", clean(path))}
	case err != nil:
		return err
	case words+notes == 0:
		return a.say("export.marks.nothing", "Path", clean(path))
	}
	return a.say("export.marks.taken", "Path", clean(path), "Words", a.words.N("export.marks.words", words), "Notes", a.words.N("export.marks.notes", notes))
}

// errMarks is a file that was not taken in; id is the sentence that says why.
type errMarks struct{ id string }

func (e errMarks) Error() string { return e.id }

// takeMarks takes what another computer's file says into ours, and keeps it; it counts what was new.
func (a *app) takeMarks(in io.Reader, ours *checklist.Ticks) (words, notes int, err error) {
	theirs, err := checklist.DecodeTicks(in)
	switch {
	case errors.Is(err, checklist.ErrTicksVersion):
		return 0, 0, errMarks{"export.error.newer"}
	case err != nil:
		return 0, 0, errMarks{"export.error.no-marks"}
	}
	if words, notes = ours.News(theirs); words+notes == 0 {
		return 0, 0, nil
	}
	sum := new(checklist.Ticks)
	sum.Merge(ours)
	sum.Merge(theirs)
	err = a.saveTicks(sum)
	switch {
	case errors.Is(err, checklist.ErrTooMany):
		return 0, 0, errSaid{a.words.T("export.error.too-many")}
	case err != nil:
		return 0, 0, err
	}
	ours.Merge(theirs)
	return words, notes, nil
}
