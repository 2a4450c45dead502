package cli

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"rimbalzo/app/settings"
	"rimbalzo/app/watcher"
	"rimbalzo/app/watcher/autostart"
	"rimbalzo/app/watcher/ipc"
	"rimbalzo/app/watcher/logfile"
	"rimbalzo/internal/probe"
	"rimbalzo/internal/watch"
	"rimbalzo/internal/words"
)

// watch keeps an eye on the accounts and on servers beside them, and writes a line for each change and each notice, until it
// is interrupted.
func (a *app) watch() *cobra.Command {
	w := a.words
	p := &probeFlags{}
	cmd := &cobra.Command{Use: "watch", Short: w.T("watch.short"), Long: w.T("watch.long"), Args: a.noArgs}
	f := cmd.Flags()
	f.StringArrayVar(&p.imap, "imap", nil, w.T("cli.probe.flag.imap"))
	f.StringArrayVar(&p.smtp, "smtp", nil, w.T("cli.probe.flag.smtp"))
	f.StringArrayVar(&p.mx, "mx", nil, w.T("cli.probe.flag.mx"))
	f.StringArrayVar(&p.web, "web", nil, w.T("cli.probe.flag.web"))
	f.StringArrayVar(&p.providers, "provider", nil, w.T("cli.probe.flag.provider"))
	f.StringVar(&p.ca, "ca", "", w.T("cli.probe.flag.ca"))
	f.StringVar(&p.format, "format", "text", w.T("cli.probe.flag.format"))
	level := f.String("log-level", "info", w.T("watch.flag.log-level"))
	background := f.Bool("background", false, "")
	delayed := f.Bool("delayed", false, "")
	login := f.String("at-login", "", w.T("watch.flag.at-login"))
	end := f.Bool("end", false, w.T("watch.flag.end"))
	for _, name := range []string{"background", "delayed"} { // the program's own, for starting itself
		_ = f.MarkHidden(name) // it fails for a flag that does not exist
	}
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if p.format != "text" && p.format != "json" {
			return errUsage{w.T("cli.error.format", "Value", clean(p.format), "List", "text, json")}
		}
		switch {
		case *end:
			return a.endWatcher(cmd.Context())
		case *login != "":
			return a.setAtLogin(*login)
		}
		var lv slog.Level
		if err := lv.UnmarshalText([]byte(*level)); err != nil {
			return errUsage{w.T("watch.error.log-level", "Value", clean(*level))}
		}
		if *delayed {
			if err := sleep(cmd.Context(), loginDelay()); err != nil {
				return nil //nolint:nilerr // ended before it began
			}
		}
		return a.runWatch(cmd.Context(), p, lv, *background)
	}
	return cmd
}

// loginDelay is a random time after login: the disk is busy then, and everybody logs in at nine.
func loginDelay() time.Duration {
	return 10*time.Second + rand.N(50*time.Second)
}

func sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

// runWatch is the watcher. In the background it prints nothing, and ends when nobody needs it.
func (a *app) runWatch(ctx context.Context, p *probeFlags, level slog.Level, background bool) error {
	dir, err := a.dataDir()
	if err != nil {
		return err
	}
	beside, err := a.targets(ctx, p)
	if err != nil {
		return err
	}
	book, err := a.accountList()
	if err != nil {
		return err
	}
	if len(book)+len(beside) == 0 && !background {
		return errUsage{a.words.T("watch.error.nothing")}
	}
	log, closeLog, err := logfile.Open(dir, level)
	if err != nil {
		return err
	}
	defer closeLog.Close()
	slog.SetDefault(log) // libraries that log on their own
	params := watcher.Params{
		ID: a.env.ID, Name: "Rimbalzo", Version: a.env.Version, Data: dir, Chosen: func() (watcher.Choice, error) { return a.chosenIn(dir) }, Zone: a.zone, Log: log,
		Hidden: !a.env.Desktop, Fleeting: background, OpenWindow: func(failed func(string)) error { return a.spawn(failed) },
		Load: func(ctx context.Context) (watch.Params, func(), error) { return a.loadWatch(ctx, beside) },
	}
	if !background {
		out := &ticker{app: a, json: p.format == "json", last: map[string]watch.DirectionStatus{}}
		params.Printed = out.printed
	}
	err = watcher.Run(ctx, params)
	if errors.Is(err, ipc.ErrRunning) {
		if background {
			return nil
		}
		return errSaid{a.words.T("watch.error.running")}
	}
	return err
}

// chosenIn gives what of the settings concerns the watcher. The language that was asked for with --lang counts before theirs.
func (a *app) chosenIn(dir string) (watcher.Choice, error) {
	s, err := settings.Load(dir)
	w := a.words
	if !a.asked {
		w = words.New(cmp.Or(s.Language, systemLanguage(a.env)))
	}
	return watcher.Choice{Words: w, Quiet: s.KeptBack()}, err
}

// loadWatch gives what a watch of the accounts of the moment stands on.
func (a *app) loadWatch(ctx context.Context, beside []probe.Target) (watch.Params, func(), error) {
	book, err := a.accountList()
	if err != nil {
		return watch.Params{}, nil, err
	}
	params, release, err := a.watchParams(ctx, book, beside)
	if err != nil {
		return params, nil, err
	}
	return params, func() {
		if err := release(); err != nil {
			slog.Warn("the store was not closed", "error", err)
		}
	}, nil
}

// setAtLogin has the watcher start at login, or not.
func (a *app) setAtLogin(how string) error {
	e := a.atLogin()
	switch how {
	case "on":
		if err := autostart.Enable(e); err != nil {
			return err
		}
	case "off":
		if err := autostart.Disable(e); err != nil {
			return err
		}
	default:
		return errUsage{a.words.T("watch.error.at-login", "Value", clean(how))}
	}
	_, err := io.WriteString(a.env.Stdout, a.words.T("watch.at-login."+how)+"\n")
	return err
}

// atLogin is what starts at login.
func (a *app) atLogin() autostart.Entry {
	e := a.env.AtLogin
	e.Comment = a.words.T("watch.at-login.comment")
	e.Command = slices.Concat(e.Command, []string{"watch", "--background", "--delayed"}, a.same())
	return e
}

// ticker writes what happens, a line each.
type ticker struct {
	*app
	json bool
	mu   sync.Mutex
	last map[string]watch.DirectionStatus // by account and endpoint
}

// stateLine and noticeLine are the lines for other programs.
type stateLine struct {
	Event   string    `json:"event"` // "state"
	At      time.Time `json:"at"`
	Account string    `json:"account"`
	watch.DirectionStatus
}

type noticeLine struct {
	Event string     `json:"event"` // "notice"
	At    time.Time  `json:"at"`
	ID    string     `json:"id"`
	Kind  watch.Kind `json:"kind"`
	Title string     `json:"title"`
	Body  string     `json:"body"`
}

// printed writes what is new.
func (t *ticker) printed(s watch.Status, n *watch.Notice) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if n != nil {
		t.notice(*n)
		return
	}
	for _, acc := range s.Accounts {
		for _, d := range acc.Directions {
			key := acc.ID + " " + d.Endpoint
			if was, ok := t.last[key]; ok && was.State == d.State && was.Why == d.Why {
				continue
			}
			t.last[key] = d
			t.state(s.At, acc, d)
		}
	}
}

func (t *ticker) state(at time.Time, acc watch.AccountStatus, d watch.DirectionStatus) {
	if t.json {
		d.Since, d.Last, d.Next = d.Since.In(t.zone), d.Last.In(t.zone), d.Next.In(t.zone)
		t.line(stateLine{"state", at.In(t.zone), acc.ID, d})
		return
	}
	text := fmt.Sprintf("%s  %s · %s · %s: %s", t.words.Clock(at.In(t.zone)), clean(acc.ID), t.words.T("watch.direction."+string(d.Direction)),
		clean(d.Endpoint), t.words.T("watcher.state."+string(d.State)))
	if d.Why != "" {
		text += " (" + t.words.T("watch.why."+string(d.Why)) + ")"
	}
	if !d.Next.IsZero() && !slices.Contains([]watch.State{watch.Up, watch.Unknown}, d.State) {
		text += ". " + t.words.T("watch.next", "At", t.words.Clock(d.Next.In(t.zone)))
	}
	fmt.Fprintln(t.env.Stdout, text)
}

func (t *ticker) notice(n watch.Notice) {
	title, body := n.Text(t.words, t.zone)
	if t.json {
		t.line(noticeLine{"notice", n.At.In(t.zone), n.ID, n.Kind, title, body})
		return
	}
	fmt.Fprintf(t.env.Stdout, "%s  * %s\n       %s\n", t.words.Clock(n.At.In(t.zone)), clean(title), clean(body))
}

func (t *ticker) line(v any) {
	data, err := json.Marshal(v)
	if err != nil {
		t.complain(err.Error())
		return
	}
	fmt.Fprintln(t.env.Stdout, string(data))
}
