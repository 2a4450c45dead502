package cli

import (
	"archive/zip"
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"

	"rimbalzo/app/watcher"
	"rimbalzo/app/watcher/ipc"
	"rimbalzo/app/watcher/logfile"
	"rimbalzo/internal/account"
)

// leaf is one file of what diagnose writes.
type leaf struct{ name, text string }

func (a *app) diagnose() *cobra.Command {
	w := a.words
	cmd := &cobra.Command{Use: "diagnose", Short: w.T("diagnose.short"), Long: w.T("diagnose.long"), Args: a.noArgs}
	output := cmd.Flags().StringP("output", "o", "", w.T("diagnose.flag.output"))
	yes := cmd.Flags().Bool("yes", false, w.T("diagnose.flag.yes"))
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		leaves, err := a.bundle(cmd.Context())
		if err != nil {
			return err
		}
		if err := a.showBundle(leaves); err != nil {
			return err
		}
		if !*yes {
			agreed, err := a.agreed()
			if err != nil || !agreed {
				return err
			}
		}
		path := *output
		if path == "" {
			path = "rimbalzo-diagnose-" + a.env.Now().Format("2006-01-02-1504") + ".zip"
		}
		if err := replace(path, func(out io.Writer) error { return zipped(out, leaves) }); err != nil {
			return err
		}
		_, err = io.WriteString(a.env.Stdout, w.T("diagnose.written", "Path", clean(path))+"\n")
		return err
	}
	return cmd
}

// bundle gathers what helps to find a fault, without addresses and secrets.
func (a *app) bundle(ctx context.Context) ([]leaf, error) {
	dir, err := a.dataDir()
	if err != nil {
		return nil, err
	}
	leaves := []leaf{
		{"program.txt", a.programText()},
		{"surroundings.txt", a.besideText(ctx)},
		{"folder.txt", folderText(dir)},
		{"store.txt", storeText(ctx, dir)},
		{"accounts.txt", accountsText(dir)},
	}
	var s watcher.Status
	switch err := a.ask(ctx, watcher.VerbStatus, nil, &s); {
	case err == nil:
		text, err := json.MarshalIndent(s, "", " ")
		if err != nil {
			return nil, err
		}
		leaves = append(leaves, leaf{"status.json", string(text) + "\n"})
	case !errors.Is(err, ipc.ErrAbsent):
		leaves = append(leaves, leaf{"status.txt", err.Error() + "\n"})
	}
	for _, path := range logfile.Paths(dir) {
		text, err := readSmall(path, maxLog)
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		leaves = append(leaves, leaf{filepath.Base(path), string(text)})
	}
	hide := hidden(dir)
	for i := range leaves {
		leaves[i].text = hide(leaves[i].text)
	}
	return leaves, nil
}

// maxLog is more than a log file is long.
const maxLog = 4 << 20

// programText says which program this is and where it runs.
func (a *app) programText() string {
	var b strings.Builder
	fmt.Fprintf(&b, "Rimbalzo %s, %s, %s/%s, window %t, language %s\n", a.env.Version, runtime.Version(), runtime.GOOS, runtime.GOARCH, a.env.Built, a.lang)
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, m := range info.Deps {
			fmt.Fprintf(&b, "%s %s\n", m.Path, m.Version)
		}
	}
	return b.String()
}

// folderText lists the data folder: names, sizes and who may read them.
func folderText(dir string) string {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return logfile.Redact(err.Error()) + "\n"
	}
	var b strings.Builder
	for _, e := range entries {
		info, err := e.Info()
		if err != nil {
			continue // gone meanwhile
		}
		fmt.Fprintf(&b, "%s %9d %s %s\n", info.Mode(), info.Size(), info.ModTime().UTC().Format("2006-01-02 15:04:05"), logfile.Redact(e.Name()))
	}
	return b.String()
}

// accountsText lists the accounts without saying whose they are.
func accountsText(dir string) string {
	book, err := account.Open(dir)
	var b strings.Builder
	if err != nil {
		fmt.Fprintf(&b, "%s\n", logfile.Redact(err.Error()))
	}
	if book == nil {
		return b.String()
	}
	list, err := book.List()
	if err != nil {
		fmt.Fprintf(&b, "%s\n", logfile.Redact(err.Error()))
	}
	for _, acc := range list {
		fmt.Fprintf(&b, "%s %s imap=%s:%d/%s smtp=%s:%d/%s auth=%s operator=%s ca=%t paths=%d folders=%d\n", logfile.Redact(acc.ID), acc.Kind, acc.IMAP.Host, acc.IMAP.Port,
			acc.IMAP.Security, acc.SMTP.Host, acc.SMTP.Port, acc.SMTP.Security, acc.Auth, acc.Operator, acc.CA != "", len(acc.Paths), len(acc.Folders))
	}
	return b.String()
}

// maxLines is how many lines of a file are shown before it is written.
const maxLines = 12

// showBundle shows the beginning of each file, so that nobody hands out what he has not seen.
func (a *app) showBundle(leaves []leaf) error {
	var b strings.Builder
	b.WriteString(a.words.T("diagnose.holds") + "\n")
	for _, l := range leaves {
		lines := strings.Split(strings.TrimRight(l.text, "\n"), "\n")
		fmt.Fprintf(&b, "\n== %s\n", l.name)
		for _, line := range lines[:min(len(lines), maxLines)] {
			b.WriteString("  " + clean(line) + "\n")
		}
		if more := len(lines) - maxLines; more > 0 {
			b.WriteString("  " + a.words.N("diagnose.more", more) + "\n")
		}
	}
	b.WriteString("\n")
	_, err := io.WriteString(a.env.Stdout, b.String())
	return err
}

// agreed asks whether to write it. Without an answer nothing is written.
func (a *app) agreed() (bool, error) {
	if _, err := io.WriteString(a.env.Stderr, a.words.T("diagnose.ask")+" "); err != nil {
		return false, err
	}
	line, err := bufio.NewReader(io.LimitReader(a.env.Stdin, 100)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return false, err
	}
	switch strings.ToLower(strings.TrimSpace(line)) {
	case "y", "yes", "s", "si", "sì":
		return true, nil
	}
	a.complain(a.words.T("diagnose.not-written"))
	return false, nil
}

func zipped(out io.Writer, leaves []leaf) error {
	z := zip.NewWriter(out)
	for _, l := range leaves {
		w, err := z.Create(l.name)
		if err != nil {
			return err
		}
		if _, err := io.WriteString(w, l.text); err != nil {
			return err
		}
	}
	return z.Close()
}
