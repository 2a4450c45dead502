package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"rimbalzo/internal/probe"
	"rimbalzo/internal/store"
	"rimbalzo/internal/store/history"
	"rimbalzo/internal/watch"
)

// watchedHouse is a data folder in which a watcher saw an account's server for 20 hours: it failed for the first ten.
func watchedHouse(t *testing.T) string {
	t.Helper()
	data := t.TempDir()
	s, err := store.Open(t.Context(), data, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	begin := time.Date(2026, 11, 20, 16, 0, 0, 0, time.UTC) // 20 hours before the moment of the test's commands
	var looks []watch.Seen
	for i := range 80 {
		l := watch.Seen{At: begin.Add(time.Duration(i) * 15 * time.Minute), Operator: "italiaonline", Account: "nonna@libero.it", Endpoint: "imap imapmail.libero.it:993", Direction: probe.Receive, Look: watch.LookLogin, Ending: probe.EndingOK, Took: 400 * time.Millisecond}
		if i < 40 {
			l.Ending = probe.EndingTimeout
		}
		looks = append(looks, l)
	}
	h := history.In(s)
	if err := h.Note(context.Background(), looks...); err != nil {
		t.Fatal(err)
	}
	i := watch.Incident{ID: "i", Operator: "italiaonline", Name: "libero.it", Begin: begin, End: begin.Add(10 * time.Hour), Directions: []probe.Direction{probe.Receive}, Endpoints: []string{"imap imapmail.libero.it:993"}, Endings: map[probe.Ending]int{probe.EndingTimeout: 40}}
	if err := h.PutIncident(context.Background(), i); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return data
}

func TestAvailability(t *testing.T) {
	data, empty := watchedHouse(t), t.TempDir()
	for name, tc := range map[string]struct {
		args   []string
		status int
		out    []string
		says   string
	}{
		"a day":            {[]string{"availability", "--period", "day", "--data", data}, exitDone, []string{"nonna@libero.it: reading mail, 50.0%.", "Longest break seen: 10 hours", "Half of the answers came within 0.40 s, 19 of 20 within 0.40 s.", ": it did not work."}, ""},
		"Italian":          {[]string{"availability", "--period", "day", "--data", data, "--lang", "it"}, exitDone, []string{"nonna@libero.it: lettura, 50,0%.", "Interruzione più lunga: 10 ore", ": non funzionava."}, ""},
		"nothing seen":     {[]string{"availability", "--data", empty}, exitDone, []string{"Nothing was looked at yet."}, ""},
		"no such period":   {[]string{"availability", "--period", "week"}, exitUsage, nil, "week"},
		"no such format":   {[]string{"availability", "--format", "csv"}, exitUsage, nil, "csv"},
		"a word too many":  {[]string{"availability", "x"}, exitUsage, nil, "x"},
		"seen of late":     {[]string{"seen", "--data", data}, exitDone, []string{"Trouble with libero.it", "40 checks failed", "Reading mail, from ", "(10 hours): it did not work.", "not looked"}, ""},
		"seen of long ago": {[]string{"seen", "libero-2023-06", "--data", data}, exitDone, []string{"June 2023", "Troubles seen here\n  This computer did not look in these days."}, ""},
		"seen of nothing":  {[]string{"seen", "x-1"}, exitUsage, nil, "x-1"},
		"seen of two":      {[]string{"seen", "a", "b"}, exitUsage, nil, "many"},
	} {
		t.Run(name, func(t *testing.T) {
			got := run(t, "", append([]string{"outages"}, tc.args...)...)
			if got.status != tc.status || !strings.Contains(got.errors, tc.says) || (tc.says == "") != (got.errors == "") {
				t.Errorf("status %d, want %d, and %q", got.status, tc.status, got.errors)
			}
			for _, want := range tc.out {
				if !strings.Contains(got.out, want) {
					t.Errorf("no %q in\n%s", want, got.out)
				}
			}
		})
	}
}

// TestAvailabilityJSON: figures for other programs, and null for what is not known.
func TestAvailabilityJSON(t *testing.T) {
	got := run(t, "", "outages", "availability", "--period", "day", "--format", "json", "--data", watchedHouse(t))
	var all struct {
		Rows []struct {
			Account, Operator, Direction string
			Available                    *float64
			Looked                       float64
			Longest                      *struct{ From, To time.Time } `json:"longest_break"`
			Median                       *float64                      `json:"median_seconds"`
			Bars                         []struct{ Available *float64 }
		}
	}
	if err := json.Unmarshal([]byte(got.out), &all); err != nil || len(all.Rows) != 1 {
		t.Fatalf("%v in\n%s", err, got.out)
	}
	r := all.Rows[0]
	if text := fmt.Sprintf("%s %s %s %.2f %.2f %.1f %.0f", r.Account, r.Operator, r.Direction, *r.Available, r.Looked, *r.Median, r.Longest.To.Sub(r.Longest.From).Hours()); text != "nonna@libero.it italiaonline receive 0.50 0.83 0.4 10" {
		t.Errorf("it is %s", text)
	}
	if first := r.Bars[0].Available; first != nil {
		t.Errorf("the hour before anybody looked was available for %v", *first)
	}
}
