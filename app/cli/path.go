package cli

import (
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"rimbalzo/app/onpath"
)

// path puts the program's folder on the person's PATH, or takes it off: for Windows' installer, whose own strings are too
// short for some people's PATH. Nobody else needs it, so it is in no list.
func (a *app) path() *cobra.Command {
	cmd := &cobra.Command{Use: "path", Hidden: true, Args: a.noArgs}
	for name, change := range map[string]func(string) error{"add": onpath.Add, "remove": onpath.Remove} {
		cmd.AddCommand(&cobra.Command{Use: name, Args: a.noArgs, RunE: func(*cobra.Command, []string) error {
			exe, err := os.Executable()
			if err != nil {
				return err
			}
			return change(filepath.Dir(exe))
		}})
	}
	return cmd
}
