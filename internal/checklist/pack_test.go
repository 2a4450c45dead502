package checklist

import (
	"archive/zip"
	"bytes"
	"io"
	"testing"
	"time"

	"rimbalzo/internal/bounce"
	"rimbalzo/internal/outage"
)

// TestHostilePack: whatever mail and catalogue say, a pack's tables keep their shape and nothing in it is obeyed.
func TestHostilePack(t *testing.T) {
	open := func(s string) map[string][]byte {
		r := poisoned(t, s)
		said := outage.Statement{At: r.Outages[0].Outage.Start, Text: outage.Text{It: s + "z", En: s + "z"}, Sources: []string{"k", s + "z"}}
		r.Outages[0].Outage.Statements = []outage.Statement{said}
		var out bytes.Buffer
		r.From, r.Citations = []string{s + "z"}, map[string]string{"k": s + "z"}
		o := annotated(t, r, s)
		o.Evidence = Evidence{
			Checks:    []Checks{{Hour: r.At, Provider: s + "z", Endpoint: s + "z", Passed: 2, Took: time.Second}},
			Incidents: []Incident{{Provider: s + "z", Begin: r.At, Endpoints: []string{s + "z"}, Endings: map[string]int{s + "z": 3}, Outage: s + "z"}},
		}
		if err := Write(&out, Evident, r, o); err != nil {
			t.Fatal(err)
		}
		z, err := zip.NewReader(bytes.NewReader(out.Bytes()), int64(out.Len()))
		if err != nil {
			t.Fatal(err)
		}
		files := map[string][]byte{}
		for _, f := range z.File {
			in, err := f.Open()
			if err != nil {
				t.Fatal(err)
			}
			if files[f.Name], err = io.ReadAll(in); err != nil {
				t.Fatal(err)
			}
		}
		return files
	}
	harmless := open("harmless")
	for _, s := range hostileStrings(t) {
		hostile := open(s)
		for name, data := range hostile {
			visible(t, data)
			if bytes.HasPrefix(data, []byte(byteOrderMark)) {
				sameCSV(t, data, harmless[name])
			}
		}
		if a, b := bytes.Count(hostile["README.txt"], []byte("\n")), bytes.Count(harmless["README.txt"], []byte("\n")); a != b {
			t.Errorf("%d lines, want %d", a, b)
		}
		if t.Failed() {
			t.Fatalf("with %.200q", s)
		}
	}
}

// TestLostAndLate: what the outage made fail is lost whatever was done since; what was put off and may have come is late.
func TestLostAndLate(t *testing.T) {
	r := sample(t)
	want := []string{"lost", "lost", "lost", "", "", "late", "late", "", ""}
	for i := range r.Items {
		got := ""
		switch {
		case lost(&r.Items[i]) && late(&r.Items[i]):
			got = "both"
		case lost(&r.Items[i]):
			got = "lost"
		case late(&r.Items[i]):
			got = "late"
		}
		if got != want[i] {
			t.Errorf("%s is %q, want %q", r.Items[i].Recipient, got, want[i])
		}
	}
	done := r.Items[0]
	done.Verdict = "resent"
	if !lost(&done) {
		t.Error("what was sent again was never lost")
	}
	if done.Bounces[0].Action != bounce.ActionDelayed || late(&done) {
		t.Error("what was lost counts as late")
	}
}
