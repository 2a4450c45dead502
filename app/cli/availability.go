package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"rimbalzo/app/window/session"
	"rimbalzo/internal/checklist"
	"rimbalzo/internal/outage"
	"rimbalzo/internal/probe"
)

// availability tells how available the watched providers were, as the window's page of outages does.
func (a *app) availability() *cobra.Command {
	w := a.words
	cmd := &cobra.Command{Use: "availability", Short: w.T("outagepage.cli.availability.short"), Long: w.T("outagepage.cli.availability.long"), Args: a.noArgs}
	period := cmd.Flags().String("period", string(session.LastMonth), w.T("outagepage.cli.flag.period"))
	format := cmd.Flags().String("format", "text", w.T("status.flag.format"))
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if *format != "text" && *format != "json" {
			return errUsage{w.T("cli.error.format", "Value", clean(*format), "List", "text, json")}
		}
		p := session.Period(*period)
		if !slices.Contains(session.Periods, p) {
			return errUsage{w.T("outagepage.cli.error.period", "Value", clean(*period))}
		}
		now := a.env.Now().In(a.zone)
		past, err := a.past(cmd.Context(), now.AddDate(-1, 0, -1))
		if err != nil {
			return err
		}
		if *format == "json" {
			enc := json.NewEncoder(a.env.Stdout)
			enc.SetIndent("", " ")
			return enc.Encode(a.availabilityJSON(past.Series(), p, now))
		}
		_, err = io.WriteString(a.env.Stdout, a.availabilityText(past.Series(), p, now))
		return err
	}
	return cmd
}

func (a *app) availabilityText(seen []session.Series, p session.Period, now time.Time) string {
	var b strings.Builder
	w := a.words
	if len(seen) == 0 {
		return w.T("outagepage.no-history") + "\n"
	}
	fmt.Fprintf(&b, "%s: %s\n%s\n", w.T("outagepage.availability"), session.PeriodWords(p, w), w.T("outagepage.availability.what"))
	rows, more := a.explainer(nil).AvailabilityRows(seen, p, now)
	for _, r := range rows {
		fmt.Fprintf(&b, "\n%s\n", clean(r.Words))
		for _, bar := range r.Bars {
			if bar.Sight >= session.Refused { // what went well needs no line of its own
				fmt.Fprintf(&b, "  %s\n", bar.Words)
			}
		}
	}
	if more > 0 {
		fmt.Fprintf(&b, "\n%s\n", w.N("outagepage.more", more))
	}
	return b.String()
}

// explainer words what the window shows, for a terminal.
func (a *app) explainer(sources map[string]string) session.Explainer {
	return session.Explainer{Words: a.words, Zone: a.zone, Sources: sources}
}

// available is the answer in JSON. Parts are from 0 to 1 of the time; null is for what is not known.
type available struct {
	Period session.Period `json:"period"`
	From   time.Time      `json:"from"`
	To     time.Time      `json:"to"`
	Rows   []availableRow `json:"rows"`
}

type availableRow struct {
	Account   string          `json:"account,omitempty"`
	Operator  string          `json:"operator"`
	Direction probe.Direction `json:"direction"`
	Available *float64        `json:"available"` // of the time that counts
	Looked    float64         `json:"looked"`    // which part of the period counts
	Refused   float64         `json:"refused_seconds"`
	Offline   float64         `json:"offline_seconds"`
	Longest   *span           `json:"longest_break"`
	Median    *float64        `json:"median_seconds"`
	P95       *float64        `json:"p95_seconds"`
	Bars      []availableBar  `json:"bars"`
}

type span struct {
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
}

type availableBar struct {
	span
	Available *float64 `json:"available"`
}

func (a *app) availabilityJSON(seen []session.Series, p session.Period, now time.Time) available {
	edges := p.Edges(now, a.zone)
	all := available{Period: p, From: edges[0], To: now, Rows: []availableRow{}}
	for _, s := range seen {
		v := s.Availability(edges)
		r := availableRow{
			Account: s.Account, Operator: s.Operator, Direction: s.Direction, Available: partOf(v.Part), Looked: v.Looked,
			Refused: v.Refused.Seconds(), Offline: v.Offline.Seconds(),
		}
		if !v.Longest.From.IsZero() {
			r.Longest = &span{v.Longest.From.In(a.zone), v.Longest.To.In(a.zone)}
		}
		if v.Answers > 0 {
			median, p95 := v.Median.Seconds(), v.P95.Seconds()
			r.Median, r.P95 = &median, &p95
		}
		for _, bar := range v.Bars {
			r.Bars = append(r.Bars, availableBar{span{bar.From, bar.To}, partOf(bar.Part())})
		}
		all.Rows = append(all.Rows, r)
	}
	return all
}

func partOf(part float64) *float64 {
	if part < 0 {
		return nil
	}
	return &part
}

// seenOutage tells what this computer saw during an outage, or in the last 30 days.
func (a *app) seenOutage() *cobra.Command {
	w := a.words
	cmd := &cobra.Command{Use: "seen [ID]", Short: w.T("outagepage.cli.seen.short"), Long: w.T("outagepage.cli.seen.long"), Args: func(_ *cobra.Command, args []string) error {
		if len(args) > 1 {
			return errUsage{w.T("cli.error.too-many")}
		}
		return nil
	}}
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		c, err := a.catalogue()
		if err != nil {
			return err
		}
		now := a.env.Now().In(a.zone)
		since := now.AddDate(0, 0, -30)
		var o *outage.Outage
		if len(args) == 1 {
			var ok bool
			if o, ok = c.ByID(args[0]); !ok {
				return errUsage{w.T("cli.error.outage", "ID", clean(args[0]))}
			}
			since = o.Start.At.AddDate(0, 0, -1)
		}
		past, err := a.past(cmd.Context(), since)
		if err != nil {
			return err
		}
		var chart session.Chart
		if o == nil {
			chart = a.explainer(c.Sources).OwnChart(past.Series(), now)
		} else {
			chart = a.explainer(c.Sources).Chart(&checklist.OutageCount{Outage: *o}, nil, past.Series(), now)
		}
		_, err = io.WriteString(a.env.Stdout, chartText(chart))
		return err
	}
	return cmd
}

// chartText gives the lanes of what this computer saw, each with its pieces in words.
func chartText(c session.Chart) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n%s\n", clean(c.Name), c.Dates)
	for _, l := range c.Lanes {
		if l.Kind != session.LaneOwn && l.Kind != session.LaneIncidents {
			continue
		}
		fmt.Fprintf(&b, "\n%s\n", clean(l.Name))
		if len(l.Pieces) == 0 {
			fmt.Fprintf(&b, "  %s\n", l.None)
		}
		for _, p := range l.Pieces {
			fmt.Fprintf(&b, "  %s\n", clean(p.Words))
		}
	}
	return b.String()
}
