package checklist

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"rimbalzo/internal/outage"
)

// table writes a spreadsheet of a pack: headings by the ids of their words, then the lines that each gives.
func table(out *bufio.Writer, o Options, headings []string, each func(row func(cells ...string))) error {
	if _, err := out.WriteString(byteOrderMark); err != nil {
		return err
	}
	c := csv.NewWriter(out)
	c.UseCRLF = true
	row := func(cells ...string) {
		for i := range cells {
			cells[i] = disarm(cells[i])
		}
		_ = c.Write(cells) // the writer keeps its error: see below
	}
	titles := make([]string, len(headings))
	for i, id := range headings {
		titles[i] = o.Words.T(id)
	}
	row(titles...)
	each(row)
	c.Flush()
	return c.Error()
}

// checks writes what the watcher's looks said, by the hour.
func checks(out *bufio.Writer, _ Report, o Options) error {
	headings := []string{
		"checklist.pack.hour", "checklist.pack.provider", "checklist.pack.endpoint", "checklist.pack.passed", "checklist.pack.busy", "checklist.pack.refused",
		"checklist.pack.failed", "checklist.pack.seconds",
	}
	return table(out, o, headings, func(row func(...string)) {
		for i := range o.Evidence.Checks {
			c := &o.Evidence.Checks[i]
			seconds := ""
			if c.Passed > 0 {
				seconds = strconv.FormatFloat((c.Took / time.Duration(c.Passed)).Seconds(), 'f', 3, 64)
			}
			row(sortable(o.local(c.Hour)), plain(c.Provider, maxName), plain(c.Endpoint, maxName), strconv.Itoa(c.Passed), strconv.Itoa(c.Busy), strconv.Itoa(c.Refused),
				strconv.Itoa(c.Failed), seconds)
		}
	})
}

// incidents writes when the watcher took a provider to be down.
func incidents(out *bufio.Writer, _ Report, o Options) error {
	headings := []string{
		"checklist.pack.provider", "checklist.pack.begin", "checklist.pack.end", "checklist.pack.endpoint", "checklist.pack.endings", "checklist.pack.passed", "checklist.col.outage",
	}
	return table(out, o, headings, func(row func(...string)) {
		for i := range o.Evidence.Incidents {
			in := &o.Evidence.Incidents[i]
			var endings []string
			for _, id := range slices.Sorted(maps.Keys(in.Endings)) {
				endings = append(endings, fmt.Sprintf("%s %d", id, in.Endings[id]))
			}
			row(plain(in.Provider, maxName), sortable(o.local(in.Begin)), sortable(o.local(in.End)), plain(strings.Join(in.Endpoints, ", "), maxText),
				plain(strings.Join(endings, ", "), maxText), strconv.Itoa(in.Passed), plain(in.Outage, maxSubject))
		}
	})
}

// statements writes what providers said in the outages of the report, paraphrased, with where it stands.
func statements(out *bufio.Writer, r Report, o Options) error {
	w := o.Words
	headings := []string{"checklist.col.outage", "checklist.col.when", "checklist.pack.statement", "checklist.pack.source"}
	return table(out, o, headings, func(row func(...string)) {
		for _, counted := range newPlaces(r).outages {
			for i := range counted.Outage.Statements {
				s := &counted.Outage.Statements[i]
				row(outageName(&counted.Outage, w), announced(s.At, o), plain(s.Text.In(w.Lang()), maxText), cited(r.Citations, s.Sources))
			}
		}
	})
}

func announced(b outage.Boundary, o Options) string {
	switch {
	case b.At.IsZero():
		return ""
	case b.Precision == outage.Exact:
		return o.Words.Time(o.local(b.At))
	}
	return o.Words.T("checklist.about", "Time", o.local(b.At))
}

func cited(citations map[string]string, keys []string) string {
	var list []string
	for _, key := range keys {
		text := citations[key]
		if text == "" {
			text = key
		}
		list = append(list, plain(text, maxText))
	}
	return strings.Join(list, " | ")
}
