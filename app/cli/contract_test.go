package cli

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"rimbalzo/internal/advice"
	"rimbalzo/internal/bounce"
	"rimbalzo/internal/words"
)

func newWords() *words.Words { return words.New("en") }

func sampleItem() *advice.Item {
	return &advice.Item{MessageID: "one@fabbri.example", Recipient: "nonna@libero.it", SentAt: bounce.Stamp{At: time.Date(2023, 1, 25, 22, 0, 0, 0, time.UTC), Zoned: true}}
}

// keys of the contract, in its order.
var itemKeys = []string{
	"message_id", "recipient", "subject", "sent_at", "outage", "phase", "phase_other", "sent_phase", "verdict", "cause", "proof",
	"resend_when", "resend_after", "wait_until", "confidence", "reasons", "bounces",
}

func TestReportContract(t *testing.T) {
	sent, inbox := write(t, "sent.eml", letter), write(t, "inbox.eml", refusal)
	got := run(t, "", "report", "--sent", sent, "--inbox", inbox, "--junk", sent, "--at", "2023-01-26 18:00", "--format", "json")
	var r struct {
		At      string
		Outages []struct {
			ID, Name string
			Phases   []struct {
				ID, Title, From, To string
				Bounces, Messages   int
			}
		}
		Items      []map[string]any
		NotYours   *[]any `json:"not_yours"`
		Unreadable *[]any
	}
	if err := json.Unmarshal([]byte(got.out), &r); err != nil {
		t.Fatalf("%v in %s", err, got.out)
	}
	if r.At != "2023-01-26T18:00:00+01:00" || r.NotYours == nil || r.Unreadable == nil {
		t.Errorf("at %q, not_yours %v, unreadable %v", r.At, r.NotYours, r.Unreadable)
	}
	if len(r.Outages) != 1 || r.Outages[0].ID != "libero-2023-01" || len(r.Outages[0].Phases) != 5 || r.Outages[0].Phases[2].Bounces != 1 || r.Outages[0].Phases[2].Messages != 1 {
		t.Errorf("outages: %+v", r.Outages)
	}
	if len(r.Items) != 1 {
		t.Fatalf("%d items, want 1", len(r.Items))
	}
	item := r.Items[0]
	for _, k := range itemKeys {
		if _, ok := item[k]; !ok {
			t.Errorf("key %q is missing", k)
		}
	}
	if len(item) != len(itemKeys) {
		t.Errorf("%d keys, want %d", len(item), len(itemKeys))
	}
	for k, want := range map[string]any{
		"message_id": "one@fabbri.example", "recipient": "nonna@libero.it", "subject": "Una foto", "sent_at": "2023-01-25T22:00:00+01:00", "outage": "libero-2023-01",
		"phase": "restart-550", "sent_phase": "restart-550", "verdict": "resend", "cause": "outage", "proof": "bounce",
		"resend_when": "now", "resend_after": nil, "wait_until": nil, "confidence": "likely",
	} {
		if item[k] != want {
			t.Errorf("%s is %v, want %v", k, item[k], want)
		}
	}
	b := item["bounces"].([]any)[0].(map[string]any)
	for k, want := range map[string]any{
		"source": inbox, "action": "failed", "failure": "reply", "reply_code": 550.0, "status": "5.1.1", "attempt_at": nil,
		"bounced_at": "2023-01-25T22:00:05+01:00", "deciding": true,
	} {
		if b[k] != want {
			t.Errorf("bounce's %s is %v, want %v", k, b[k], want)
		}
	}
}

func TestIDsAreNotTranslated(t *testing.T) {
	sent, inbox := write(t, "sent.eml", letter), write(t, "inbox.eml", refusal)
	strip := func(lang string) string {
		out := run(t, "", "report", "--sent", sent, "--inbox", inbox, "--at", "2023-01-26 18:00", "--format", "json", "--lang", lang).out
		var r map[string]any
		if err := json.Unmarshal([]byte(out), &r); err != nil {
			t.Fatal(err)
		}
		for _, o := range r["outages"].([]any) {
			delete(o.(map[string]any), "name")
			for _, p := range o.(map[string]any)["phases"].([]any) {
				delete(p.(map[string]any), "title")
			}
		}
		for _, i := range r["items"].([]any) {
			for _, reason := range i.(map[string]any)["reasons"].([]any) {
				if reason.(map[string]any)["text"] == "" {
					t.Error("a reason without words")
				}
				delete(reason.(map[string]any), "text")
			}
		}
		b, _ := json.Marshal(r)
		return string(b)
	}
	if it, en := strip("it"), strip("en"); it != en {
		t.Errorf("more than sentences differs:\n%s\n%s", it, en)
	}
}

func TestDecodeKeepsOrderAndPaths(t *testing.T) {
	bounceFile, letterFile := write(t, "b.eml", refusal), write(t, "l.eml", "From x@y Wed Jan 25 22:00:05 2023\n"+letter)
	got := run(t, "", "decode", letterFile, bounceFile, letterFile)
	lines := strings.Split(strings.TrimSpace(got.out), "\n")
	var paths, kinds []string
	for _, l := range lines {
		var o struct{ Path, Kind string }
		if err := json.Unmarshal([]byte(l), &o); err != nil {
			t.Fatal(err)
		}
		paths, kinds = append(paths, o.Path), append(kinds, o.Kind)
	}
	if !slices.Equal(paths, []string{letterFile, bounceFile, letterFile}) || !slices.Equal(kinds, []string{"not-a-bounce", "failed", "not-a-bounce"}) {
		t.Errorf("got %v %v", paths, kinds)
	}
}

func TestMoments(t *testing.T) {
	rome, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	a := &app{env: Env{Now: func() time.Time { return now }}, zone: rome, words: newWords()}
	for in, want := range map[string]string{
		"":                          "2026-11-21T13:00:00+01:00",
		"2023-01-26 18:00":          "2023-01-26T18:00:00+01:00",
		"2023-06-16 08:00":          "2023-06-16T08:00:00+02:00",
		"2023-01-26T18:00:00Z":      "2023-01-26T18:00:00Z",
		"2023-01-26T18:00:00-05:00": "2023-01-26T18:00:00-05:00",
	} {
		if got, err := a.moment(in); err != nil || got.Format(time.RFC3339) != want {
			t.Errorf("%q gave %v, %v; want %s", in, got, err, want)
		}
	}
	for _, in := range []string{"domani", "2023-13-01 10:00", "26/01/2023", "2023-01-26"} {
		if got, err := a.moment(in); err == nil {
			t.Errorf("%q gave %v", in, got)
		}
	}
}

func TestExplainSaysWhatWasNotFoundAndWhatWouldChangeIt(t *testing.T) {
	sent, inbox := write(t, "sent.eml", letter), write(t, "inbox.eml", refusal)
	at := []string{"--sent", sent, "--inbox", inbox, "--at", "2023-01-26 18:00"}
	got := run(t, "", append([]string{"explain", "one@fabbri.example"}, at...)...).out
	for _, want := range []string{"Send again · now", "[false-unknown]", "restart-550", "Looked for and not found: a reply", "What would change this? A reply", inbox} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in %s", want, got)
		}
	}
	waiting := run(t, "", "explain", "one@fabbri.example", "--sent", sent, "--inbox", sent, "--at", "2023-01-25 23:00").out
	if !strings.Contains(waiting, "after 30 January 2023") || !strings.Contains(waiting, "failure notice, delay notice") {
		t.Errorf("waiting: %s", waiting)
	}
}
