package missing

import (
	"bufio"
	"encoding/json"
	"strings"
	"time"

	"rimbalzo/internal/advice"
	"rimbalzo/internal/checklist"
	"rimbalzo/internal/words"
)

// The JSON form: every key is always there, times are RFC 3339 with their offset, absent values are null, lists never are.
type (
	jsonResult struct {
		At         string        `json:"at"`
		Mailboxes  []string      `json:"mailboxes"`
		Outages    []string      `json:"outages"`
		Findings   []jsonFinding `json:"findings"`
		More       int           `json:"more"`
		Requests   []jsonRequest `json:"requests"`
		Notes      []jsonReason  `json:"notes"`
		Unreadable []jsonNote    `json:"unreadable"`
	}
	jsonFinding struct {
		Kind       Kind              `json:"kind"`
		Outage     string            `json:"outage"`
		Mailbox    *string           `json:"mailbox"`
		Who        []string          `json:"who"`
		List       *string           `json:"list"`
		Subject    *string           `json:"subject"`
		MessageID  *string           `json:"message_id"`
		From       *string           `json:"from"`
		To         *string           `json:"to"`
		Count      *int              `json:"count"`
		Confidence advice.Confidence `json:"confidence"`
		Reasons    []jsonReason      `json:"reasons"`
		Source     string            `json:"source"`
	}
	jsonReason struct {
		Rule string `json:"rule"`
		Text string `json:"text"`
	}
	jsonRequest struct {
		To       string              `json:"to"`
		Findings []int               `json:"findings"`
		Text     map[string]jsonText `json:"text"` // by language
	}
	jsonText struct {
		Subject string `json:"subject"`
		Body    string `json:"body"`
	}
	jsonNote struct {
		Source string `json:"source"`
		Why    string `json:"why"`
	}
)

func writeJSON(out *bufio.Writer, r Result, o checklist.Options) error {
	j := jsonResult{
		At: r.At.In(o.Zone).Format(time.RFC3339), Mailboxes: append([]string{}, r.Mailboxes...), Outages: []string{}, Findings: []jsonFinding{},
		More: r.More, Requests: []jsonRequest{}, Notes: reasons(r.Notes, "missing.note.", o), Unreadable: []jsonNote{},
	}
	for _, each := range r.Outages {
		j.Outages = append(j.Outages, each.ID)
	}
	for i := range r.Findings {
		j.Findings = append(j.Findings, findingJSON(&r.Findings[i], o))
	}
	for _, lang := range words.Languages {
		for i, q := range Requests(r, words.New(lang), o.Zone) {
			if i == len(j.Requests) {
				j.Requests = append(j.Requests, jsonRequest{To: q.To, Findings: q.Findings, Text: map[string]jsonText{}})
			}
			j.Requests[i].Text[lang] = jsonText{q.Subject, q.Text}
		}
	}
	for _, n := range r.Unreadable {
		j.Unreadable = append(j.Unreadable, jsonNote{n.Source, n.Why})
	}
	data, err := json.MarshalIndent(j, "", "  ")
	if err != nil {
		return err
	}
	return checklist.WriteVisible(out, append(data, '\n'))
}

func findingJSON(f *Finding, o checklist.Options) jsonFinding {
	j := jsonFinding{
		Kind: f.Kind, Outage: f.Outage, Mailbox: text(f.Mailbox), Who: append([]string{}, f.Who...), List: text(f.List), Subject: text(f.Subject), MessageID: text(f.MessageID),
		From: instant(f.From, o), To: instant(f.To, o), Confidence: f.Confidence, Reasons: reasons(f.Reasons, "missing.rule.", o), Source: f.Source,
	}
	if f.Count > 0 {
		j.Count = &f.Count
	}
	return j
}

func reasons(list []advice.Reason, prefix string, o checklist.Options) []jsonReason {
	worded := []jsonReason{}
	for _, r := range list {
		worded = append(worded, jsonReason{r.Rule, o.Sentence(prefix+r.Rule, r.Args)})
	}
	return worded
}

func text(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func instant(t time.Time, o checklist.Options) *string {
	if t.IsZero() {
		return nil
	}
	return text(t.In(o.Zone).Format(time.RFC3339))
}

// lines splits a text at its line ends, without the last one.
func lines(s string) []string { return strings.Split(strings.TrimSuffix(s, "\n"), "\n") }
