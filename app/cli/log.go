package cli

import (
	"errors"
	"io"
	"io/fs"

	"github.com/spf13/cobra"

	"rimbalzo/app/watcher/logfile"
)

// linesShown is how many lines of the log are shown where nobody says how many.
const linesShown = 40

// log shows the watcher's log.
func (a *app) log() *cobra.Command {
	w := a.words
	cmd := &cobra.Command{Use: "log", Short: w.T("log.short"), Long: w.T("log.long"), Args: a.noArgs}
	lines := cmd.Flags().IntP("lines", "n", linesShown, w.T("log.flag.lines"))
	follow := cmd.Flags().BoolP("follow", "f", false, w.T("log.flag.follow"))
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if *lines < 1 || *lines > logfile.MaxLines {
			return errUsage{w.T("log.error.lines", "N", *lines, "Max", logfile.MaxLines)}
		}
		list, err := a.logged(*lines)
		if err != nil {
			return err
		}
		if len(list) == 0 {
			a.complain(w.T("log.none"))
		}
		for _, line := range list {
			if _, err := io.WriteString(a.env.Stdout, line+"\n"); err != nil {
				return err
			}
		}
		if !*follow {
			return nil
		}
		dir, err := a.dataDir()
		if err != nil {
			return err
		}
		return logfile.Follow(cmd.Context(), dir, func(line string) error {
			_, err := io.WriteString(a.env.Stdout, cleanUpTo(line, maxLogLine)+"\n")
			return err
		})
	}
	return cmd
}

// maxLogLine bounds what is shown of one line, in letters.
const maxLogLine = 2000

// logged gives the log's last lines, none where there is no log.
func (a *app) logged(lines int) ([]string, error) {
	dir, err := a.dataDir()
	if err != nil {
		return nil, err
	}
	list, err := logfile.Tail(dir, lines)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	for i, line := range list {
		list[i] = cleanUpTo(line, maxLogLine)
	}
	return list, err
}
