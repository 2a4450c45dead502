package cli

import (
	"bufio"
	"encoding/json"
	"errors"
	"os"

	"github.com/spf13/cobra"

	"rimbalzo/internal/bounce"
)

func (a *app) decode() *cobra.Command {
	w := a.words
	cmd := &cobra.Command{Use: "decode PATH...", Short: w.T("cli.decode.short"), Long: w.T("cli.decode.long")}
	cmd.Args = func(_ *cobra.Command, args []string) error {
		if len(args) == 0 {
			return errUsage{w.T("cli.error.no-path")}
		}
		return nil
	}
	cmd.RunE = func(_ *cobra.Command, args []string) error {
		out := bufio.NewWriter(a.env.Stdout)
		enc := json.NewEncoder(out)
		enc.SetEscapeHTML(false)
		var first error
		for _, path := range args {
			rep, err := decodeFile(path)
			if err != nil && first == nil {
				first = err
			}
			if errors.Is(err, os.ErrNotExist) {
				continue
			}
			if err := enc.Encode(bounce.NewLine(path, rep)); err != nil {
				return err
			}
		}
		if err := out.Flush(); err != nil {
			return err
		}
		return first
	}
	return cmd
}

// decodeFile decodes one message; a file that breaks off while it is read is unreadable, and its error is told at the end.
func decodeFile(path string) (bounce.Report, error) {
	f, err := os.Open(path)
	if err != nil {
		return bounce.Report{Kind: bounce.KindUnreadable}, err
	}
	defer f.Close()
	if st, err := f.Stat(); err == nil && st.IsDir() {
		return bounce.Report{Kind: bounce.KindUnreadable}, &os.PathError{Op: "read", Path: path, Err: errIsFolder}
	}
	rep, err := bounce.Decode(f)
	if err != nil {
		return bounce.Report{Kind: bounce.KindUnreadable}, err
	}
	return rep, nil
}

var errIsFolder = errors.New("is a folder")
