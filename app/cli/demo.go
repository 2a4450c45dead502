package cli

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"rimbalzo/app/window/session"
	"rimbalzo/internal/checklist"
	"rimbalzo/internal/demo"
	"rimbalzo/internal/outage"
	"rimbalzo/internal/review"
	"rimbalzo/internal/words"
)

func (a *app) demo() *cobra.Command {
	w := a.words
	cmd := &cobra.Command{Use: "demo", Short: w.T("cli.demo.short"), Long: w.T("cli.demo.long"), Args: a.noArgs}
	moment := cmd.Flags().String("moment", "", w.T("cli.flag.moment"))
	plain := cmd.Flags().Bool("no-window", false, w.T("cli.flag.no-window"))
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		at, err := a.demoMoment(*moment)
		if err != nil {
			return err
		}
		// The demo keeps to a folder of its own, whatever --data says: it must not mix with the person's own. The looks that a
		// person needs, he needs here too.
		own := *a
		if a.data, err = os.MkdirTemp("", "rimbalzo-demo-"); err != nil {
			return err
		}
		d, err := startDemo(cmd.Context())
		if err != nil {
			return err
		}
		defer d.stop()
		d.at = at
		p := a.demoParams(d)
		own.choosing(&p)
		if !*plain && a.env.HasDisplay() {
			defer os.RemoveAll(a.data)
			return a.show(cmd.Context(), p)
		}
		return a.demoFiles(cmd.Context(), p)
	}
	return cmd
}

// demoMoment gives the instant of one of the demo's moments, the default one for "".
func (a *app) demoMoment(id string) (time.Time, error) {
	for _, m := range demo.Moments() {
		if m.ID == id || (id == "" && m.Default) {
			return m.At, nil
		}
	}
	return time.Time{}, errUsage{a.words.T("cli.error.moment", "ID", clean(id))}
}

// demoRun is a running demo and the moment at which it stands.
type demoRun struct {
	server *demo.Server
	at     time.Time
}

func startDemo(ctx context.Context) (*demoRun, error) {
	s, err := demo.Start(ctx)
	if err != nil {
		return nil, err
	}
	d := &demoRun{server: s}
	for _, m := range demo.Moments() {
		if m.Default {
			d.at = m.At
		}
	}
	return d, nil
}

// stop ends the servers; they end with the process all the same.
func (d *demoRun) stop() { _ = d.server.Close() }

// request reviews the demo's account like any other: it logs in over TLS. It knows the built-in outages only.
func (d *demoRun) request(zone *time.Location) review.Request {
	return review.Request{
		IMAP: d.server.IMAPURL, Roots: d.server.CA, Password: func(context.Context) (string, error) { return d.server.Password, nil },
		At: d.at.In(zone), Catalogue: outage.Builtin(), Zone: zone, Demo: true,
	}
}

// demoParams is the demo in a window of its own: its ticks are forgotten with it.
func (a *app) demoParams(d *demoRun) session.Params {
	p := a.params(outage.Builtin())
	start := d.request(a.zone)
	p.Start = &start
	p.Localize = a.localMoments(d.at)
	p.Moments, p.Banner = p.Localize(a.words)
	return p
}

// localMoments gives the demo's moments and banner in a language.
func (a *app) localMoments(at time.Time) func(*words.Words) ([]session.Moment, string) {
	return func(w *words.Words) ([]session.Moment, string) {
		var list []session.Moment
		for _, m := range demo.Moments() {
			list = append(list, session.Moment{
				Title: w.T("demo.moment." + m.ID), Why: w.T("demo.moment." + m.ID + ".why"), At: m.At.In(a.zone),
				Banner: w.T("demo.banner", "At", m.At.In(a.zone)),
			})
		}
		return list, w.T("demo.banner", "At", at.In(a.zone))
	}
}

// demoFiles is the demo without a display: the table on the terminal, the checklist and a picture of the window in files.
func (a *app) demoFiles(ctx context.Context, p session.Params) error {
	r, err := a.review(ctx, *p.Start)
	if err != nil {
		return err
	}
	if _, err := io.WriteString(a.env.Stdout, p.Banner+"\n\n"); err != nil {
		return err
	}
	if err := checklist.Write(a.env.Stdout, checklist.Text, r, a.options()); err != nil {
		return err
	}
	files := []struct {
		name, id string
		write    func(io.Writer) error
	}{
		{"checklist.html", "cli.demo.html", func(w io.Writer) error { return checklist.Write(w, checklist.HTML, r, a.options()) }},
		{"checklist.csv", "cli.demo.csv", func(w io.Writer) error { return checklist.Write(w, checklist.CSV, r, a.options()) }},
		{"window.png", "cli.demo.picture", func(w io.Writer) error { return a.env.Picture(w, p, r, demoShot("checklist", false)) }},
	}
	for _, f := range files {
		path := filepath.Join(a.data, f.name)
		if err := replace(path, f.write); err != nil {
			return err
		}
		if _, err := io.WriteString(a.env.Stdout, "\n"+a.words.T(f.id, "Path", path)); err != nil {
			return err
		}
	}
	_, err = io.WriteString(a.env.Stdout, "\n")
	return err
}
