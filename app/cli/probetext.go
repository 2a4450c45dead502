package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"rimbalzo/internal/probe"
)

// severityNames are the words that Nagios and its kin look for; they are never translated.
var severityNames = map[probe.Severity]string{
	probe.SeverityOK: "OK", probe.SeverityWarning: "WARNING", probe.SeverityCritical: "CRITICAL", probe.SeverityUnknown: "UNKNOWN",
}

// probeText writes the results for people and for Nagios: on the first line the worst of them and the performance data behind
// a bar (https://nagios-plugins.org/doc/guidelines.html#AEN200), below it each check with its stages.
func (a *app) probeText(results []probe.Result, now time.Time) error {
	var b strings.Builder
	bad, perf := []string{}, []string{}
	for _, r := range results {
		if r.Severity(now) != probe.SeverityOK {
			bad = append(bad, name(r))
		}
		perf = append(perf, performance(r, now)...)
	}
	good := len(results) - len(bad)
	summary := a.words.T("cli.probe.summary", "Good", good, "All", len(results))
	if len(bad) > 0 {
		summary += " (" + strings.Join(bad, ", ") + ")"
	}
	fmt.Fprintf(&b, "PROBE %s: %s | %s\n", severityNames[worst(results, now)], plain(summary), strings.Join(perf, " "))
	for _, r := range results {
		seen, next := probe.Describe(r, a.words, now)
		fmt.Fprintf(&b, "\n%s %s\n  %s\n", severityNames[r.Severity(now)], plain(name(r)), plain(seen))
		if r.Ending != probe.EndingOK {
			fmt.Fprintf(&b, "  %s\n", plain(next))
		}
		for _, s := range r.Stages {
			fmt.Fprintf(&b, "    %-12s %7s  %s\n", s.Name, seconds(s.Took)+"s", plain(strings.TrimSpace(stageEnding(s)+s.Detail)))
		}
	}
	_, err := io.WriteString(a.env.Stdout, b.String())
	return err
}

func name(r probe.Result) string { return string(r.Kind) + " " + r.Label() }

// stageEnding names how a stage ended, where that was not well.
func stageEnding(s probe.Stage) string {
	if s.Ending == probe.EndingOK {
		return ""
	}
	return string(s.Ending) + ": "
}

// plain keeps a stranger's words from being taken for performance data, or for anything else but words.
func plain(text string) string { return strings.ReplaceAll(clean(text), "|", "/") }

func seconds(d time.Duration) string { return fmt.Sprintf("%.3f", d.Seconds()) }

// performance is how long a check took, and how many days its certificate is good for.
func performance(r probe.Result, now time.Time) []string {
	label := strings.NewReplacer("'", "", "=", "").Replace(plain(name(r)))
	list := []string{fmt.Sprintf("'%s'=%ss;;;0;%.0f", label, seconds(r.Took), probe.DefaultLimits.Whole.Seconds())}
	if days, known := r.DaysLeft(now); known {
		list = append(list, fmt.Sprintf("'%s cert'=%dd", label, days))
	}
	return list
}

// checkJSON is one check. Every key is always there; what is not known is null.
type checkJSON struct {
	Kind             probe.Kind      `json:"kind"`
	Direction        probe.Direction `json:"direction"`
	Account          *string         `json:"account"`
	Target           string          `json:"target"`
	Security         *string         `json:"security"`
	At               time.Time       `json:"at"`
	TookMS           int64           `json:"took_ms"`
	Ending           probe.Ending    `json:"ending"`
	Class            probe.Class     `json:"class"`
	Severity         string          `json:"severity"`
	Code             *int            `json:"code"`
	Said             *string         `json:"said"`
	Peer             *string         `json:"peer"`
	CertificateUntil *time.Time      `json:"certificate_until"`
	Newest           *time.Time      `json:"newest"`
	RetryAfter       *time.Time      `json:"retry_after"`
	Stages           []stageJSON     `json:"stages"`
	Text             string          `json:"text"`
	Next             string          `json:"next"`
}

type stageJSON struct {
	Name   probe.StageName `json:"name"`
	TookMS int64           `json:"took_ms"`
	Ending probe.Ending    `json:"ending"`
	Detail string          `json:"detail"`
}

func (a *app) probeJSON(results []probe.Result, now time.Time) error {
	out := struct {
		At       time.Time   `json:"at"`
		Status   int         `json:"status"`
		Severity string      `json:"severity"`
		Checks   []checkJSON `json:"checks"`
	}{now.Truncate(time.Second), a.status, severityNames[worst(results, now)], []checkJSON{}}
	for _, r := range results {
		out.Checks = append(out.Checks, a.checkJSON(r, now))
	}
	enc := json.NewEncoder(a.env.Stdout)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(out)
}

func (a *app) checkJSON(r probe.Result, now time.Time) checkJSON {
	seen, next := probe.Describe(r, a.words, now)
	peer := ""
	if r.Peer.IsValid() {
		peer = r.Peer.String()
	}
	c := checkJSON{
		Kind: r.Kind, Direction: r.Direction(), Account: orNull(r.Account), Target: r.Label(), Security: orNull(string(r.Security)),
		At: r.At.In(a.zone).Truncate(time.Second), TookMS: r.Took.Milliseconds(), Ending: r.Ending, Class: r.Class(),
		Severity: severityNames[r.Severity(now)], Code: orNull(r.Code), Said: orNull(r.Said), Peer: orNull(peer),
		CertificateUntil: a.instant(r.CertificateUntil), Newest: a.instant(r.Newest), RetryAfter: a.instant(r.RetryAfter),
		Stages: []stageJSON{}, Text: seen, Next: next,
	}
	for _, s := range r.Stages {
		c.Stages = append(c.Stages, stageJSON{s.Name, s.Took.Milliseconds(), s.Ending, s.Detail})
	}
	return c
}

// instant gives a time in the person's zone, nil for the zero time.
func (a *app) instant(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.In(a.zone).Truncate(time.Second)
	return &t
}

// orNull gives nil for the zero value.
func orNull[T comparable](v T) *T {
	var zero T
	if v == zero {
		return nil
	}
	return &v
}
