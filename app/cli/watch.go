package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"rimbalzo/internal/watch"
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
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if p.format != "text" && p.format != "json" {
			return errUsage{w.T("cli.error.format", "Value", clean(p.format))}
		}
		return a.runWatch(cmd.Context(), p)
	}
	return cmd
}

func (a *app) runWatch(ctx context.Context, p *probeFlags) (err error) {
	book, err := a.accountList()
	if err != nil {
		return err
	}
	beside, err := a.targets(ctx, p)
	if err != nil {
		return err
	}
	if len(book)+len(beside) == 0 {
		return errUsage{a.words.T("watch.error.nothing")}
	}
	params, release, err := a.watchParams(ctx, book, beside)
	if err != nil {
		return err
	}
	out := &ticker{app: a, json: p.format == "json", last: map[string]watch.DirectionStatus{}}
	params.Changed = out.changed
	params.Notify = out.notice
	err = watch.New(params).Run(ctx)
	if closed := release(); err == nil {
		err = closed
	}
	return err
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

func (t *ticker) changed(s watch.Status) {
	t.mu.Lock()
	defer t.mu.Unlock()
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

func (t *ticker) notice(_ context.Context, n watch.Notice) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	title, body := n.Text(t.words, t.zone)
	if t.json {
		t.line(noticeLine{"notice", n.At.In(t.zone), n.ID, n.Kind, title, body})
		return nil
	}
	_, err := fmt.Fprintf(t.env.Stdout, "%s  * %s\n       %s\n", t.words.Clock(n.At.In(t.zone)), clean(title), clean(body))
	return err
}

func (t *ticker) line(v any) {
	data, err := json.Marshal(v)
	if err != nil {
		t.complain(err.Error())
		return
	}
	fmt.Fprintln(t.env.Stdout, string(data))
}
