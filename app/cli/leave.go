package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"rimbalzo/app/watcher/autostart"
)

// leave undoes what the program has set up outside its own folder, for uninstallers and for those who move on: it ends the
// watcher and its start at login; with --forget it takes every account with its secret away, and the data folder.
func (a *app) leave() *cobra.Command {
	w := a.words
	cmd := &cobra.Command{Use: "leave", Short: w.T("leave.short"), Long: w.T("leave.long"), Args: a.noArgs}
	forget := cmd.Flags().Bool("forget", false, w.T("leave.flag.forget"))
	yes := cmd.Flags().Bool("yes", false, w.T("leave.flag.yes"))
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		dir, err := a.dataDir()
		if err != nil {
			return err
		}
		if *forget && !*yes {
			return errUsage{w.T("leave.error.yes", "Path", clean(dir))}
		}
		if err := a.retire(cmd.Context(), dir); err != nil {
			return err
		}
		if err := autostart.Disable(a.atLogin()); err != nil {
			return err
		}
		if !*forget {
			return a.say("leave.left", "Path", clean(dir))
		}
		return a.forgetEverything(cmd.Context(), dir)
	}
	return cmd
}

// endWatcher ends the watcher of the data folder, where one runs.
func (a *app) endWatcher(ctx context.Context) error {
	dir, err := a.dataDir()
	if err != nil {
		return err
	}
	if err := a.retire(ctx, dir); err != nil {
		return err
	}
	return a.say("watch.ended")
}

// forgetEverything takes the accounts away one by one, so that a keyring that cannot be reached is noticed while the list of
// what is in it is still there, and then the folder.
func (a *app) forgetEverything(ctx context.Context, dir string) error {
	if _, err := os.Stat(dir); errors.Is(err, os.ErrNotExist) {
		return a.say("leave.nothing", "Path", clean(dir))
	}
	desk, err := a.desk()
	if err != nil {
		return err
	}
	book, faulty, err := desk.List()
	if err != nil {
		return err
	}
	if faulty != nil {
		// What cannot be read names no secret: it is for the person to look at, and nothing is thrown away.
		return faulty
	}
	for _, acc := range book {
		if _, unreached, err := desk.Remove(ctx, acc.ID); err != nil {
			return err
		} else if unreached {
			a.note("cli.account.keyring-away", "Name", clean(acc.ID))
		}
	}
	left, err := takeAway(dir)
	if err != nil {
		return err
	}
	if left {
		return a.say("leave.forgotten-rest", "Path", clean(dir))
	}
	return a.say("leave.forgotten", "Path", clean(dir))
}

// kept are the patterns of what the program keeps in its data folder. Whatever else lies there is the person's own: a
// catalogue that he wrote, or a whole home folder where --data names one.
var kept = []string{
	"accounts.toml*", "accounts.lock", "sign-in.lock", "settings.toml*", "mail.db*", "person.db*", "ticks.json*", "store.lock", "store.door", "watcher.log*",
}

// takeAway removes what the program keeps in a folder, and the folder where nothing else is in it.
func takeAway(dir string) (left bool, err error) {
	for _, pattern := range kept {
		found, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil {
			return false, fmt.Errorf("look for what is kept: %w", err)
		}
		for _, path := range found {
			if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
				return false, err
			}
		}
	}
	// The toolkit's folders, see window.keepWithin.
	if err := os.RemoveAll(filepath.Join(dir, "window")); err != nil {
		return false, err
	}
	rest, err := os.ReadDir(dir)
	if err != nil || len(rest) > 0 {
		return true, err
	}
	return false, os.Remove(dir)
}
