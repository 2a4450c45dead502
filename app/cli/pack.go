package cli

import (
	"context"
	"io"
	"net/url"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"rimbalzo/internal/checklist"
	"rimbalzo/internal/discovery"
	"rimbalzo/internal/review"
)

// pack writes what a complaint needs into one file.
func (a *app) pack() *cobra.Command {
	w := a.words
	cmd := &cobra.Command{Use: "pack", Short: w.T("export.pack.short"), Long: w.T("export.pack.long"), Args: a.noArgs}
	s := a.sourceFlags(cmd)
	from := cmd.Flags().String("from", "", w.T("export.flag.from"))
	output := cmd.Flags().StringP("output", "o", "", w.T("export.flag.pack"))
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if *output == "" {
			return errUsage{w.T("export.error.no-pack")}
		}
		list, err := a.listed(cmd.Context(), s, *from)
		if err != nil {
			return err
		}
		if err := a.writeForm(cmd.Context(), *output, checklist.Evident, list); err != nil {
			return err
		}
		if *output == "-" {
			return nil
		}
		return a.say("export.pack.written", "Path", clean(*output))
	}
	return cmd
}

// fromSources names what a request read without telling where on the computer it lies.
func (a *app) fromSources(req review.Request, accounts []string) (list []string) {
	for _, paths := range [][]string{req.Mailboxes, req.Inbox, req.Junk, req.Sent, req.Queues} {
		for _, path := range paths {
			list = append(list, filepath.Base(path))
		}
	}
	if u, err := url.Parse(req.IMAP); err == nil && req.IMAP != "" {
		list = append(list, u.User.Username()+", "+u.Host)
	}
	list = append(list, accounts...)
	if len(list) == 0 {
		list = append(list, a.words.T("export.pack.accounts"))
	}
	return list
}

// sourced completes a report with what was read and where what is said of outages stands.
func (a *app) sourced(r checklist.Report, req review.Request, accounts []string) checklist.Report {
	if len(r.From) == 0 {
		r.From = a.fromSources(req, accounts)
	}
	if r.Citations == nil && req.Catalogue != nil {
		r.Citations = req.Catalogue.Merge(discovery.Catalogue(r.Found)).Sources
	}
	return r
}

// evidence is what the watcher saw from shortly before the report's outages on, up to its moment.
func (a *app) evidence(ctx context.Context, r checklist.Report) (e checklist.Evidence, err error) {
	since := r.At.AddDate(0, 0, -30)
	for i := range r.Outages {
		if start := r.Outages[i].Outage.Start.Earliest; !start.IsZero() && start.Before(since) {
			since = start.Add(-24 * time.Hour)
		}
	}
	past, err := a.past(ctx, since)
	if err != nil {
		return e, err
	}
	for _, s := range past.Sums {
		if s.Hour.After(r.At) {
			continue
		}
		e.Checks = append(e.Checks, checklist.Checks{
			Hour: s.Hour, Provider: s.Operator, Endpoint: s.Endpoint, Passed: s.Pass, Busy: s.Busy, Refused: s.Refusal, Failed: s.Failure, Took: s.Took,
		})
	}
	for _, i := range past.Incidents {
		if i.Begin.After(r.At) {
			continue
		}
		in := checklist.Incident{Provider: i.Name, Begin: i.Begin, End: i.End, Endpoints: i.Endpoints, Endings: map[string]int{}, Passed: i.Passes, Outage: i.Outage}
		for ending, n := range i.Endings {
			in.Endings[string(ending)] = n
		}
		e.Incidents = append(e.Incidents, in)
	}
	return e, nil
}

// list is a report with what it was made from.
type list struct {
	report  checklist.Report
	options checklist.Options
	request review.Request
	sources *sources // nil where it was read back from a file
}

// writeForm writes a list in any form, and tells what could not be read.
func (a *app) writeForm(ctx context.Context, path string, f checklist.Format, l list) (err error) {
	o := l.options
	switch f {
	case checklist.Evident:
		if o.Evidence, err = a.evidence(ctx, l.report); err != nil {
			return err
		}
	case checklist.EML:
		s := l.sources
		if s == nil {
			s = &sources{}
		}
		finder, err := a.finderFor(ctx, s, l.request)
		if err != nil {
			return err
		}
		o.Drafts = finder.Drafts(ctx, l.report, o)
	}
	if err := a.write(path, func(out io.Writer) error { return checklist.Write(out, f, l.report, o) }); err != nil {
		return err
	}
	a.warnUnreadable(len(l.report.Unreadable))
	return nil
}
