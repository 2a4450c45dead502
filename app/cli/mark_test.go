package cli

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestMark: what a person says on the command line changes the advice, is kept, and can be taken back.
func TestMark(t *testing.T) {
	dir := t.TempDir()
	sent, inbox, data := filepath.Join(dir, "sent.eml"), filepath.Join(dir, "inbox.eml"), filepath.Join(dir, "data")
	for path, text := range map[string]string{sent: letter, inbox: refusal} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	const id, to = "one@fabbri.example", "nonna@libero.it"
	type advised struct{ Verdict, Proof string }
	look := func() advised {
		out := run(t, "", "--data", data, "report", "--sent", sent, "--inbox", inbox, "--at", "2023-01-26 18:00", "--format", "json")
		var report struct{ Items []advised }
		if err := json.Unmarshal([]byte(out.out), &report); err != nil || len(report.Items) != 1 {
			t.Fatalf("%v: %s %s", err, out.out, out.errors)
		}
		return report.Items[0]
	}
	steps := []struct {
		args   []string
		status int
		says   string
		want   advised
	}{
		{nil, exitDone, "", advised{"resend", "bounce"}},
		{[]string{id, to, "done"}, exitDone, "dealt with", advised{"resent", "person"}},
		{[]string{id, to, "undo"}, exitDone, "Taken back", advised{"resend", "bounce"}},
		{[]string{"<" + id + ">", "nonna@LIBERO.it", "arrived"}, exitDone, "arrived", advised{"delivered", "person"}},
		{[]string{id, "not-needed", "--at", "2026-11-22"}, exitUsage, "", advised{"delivered", "person"}}, // a day alone is no moment
		{[]string{id, "not-needed", "--at", "2026-11-22 08:00"}, exitDone, "all recipients", advised{"resent", "person"}},
		{[]string{id, "undo", "--at", "2026-11-22 09:00"}, exitDone, "Taken back", advised{"resend", "bounce"}},
		{[]string{id, to, "done", "--at", "2023-01-25 21:00"}, exitDone, "dealt with", advised{"resent", "person"}}, // a clock put back does not make a word count for less
		{[]string{id}, exitUsage, "", advised{"resent", "person"}},
		{[]string{}, exitUsage, "", advised{"resent", "person"}},
		{[]string{id, to, "perhaps"}, exitUsage, "", advised{"resent", "person"}},
		{[]string{id, "nonna", "undo"}, exitUsage, "", advised{"resent", "person"}},
		{[]string{id, to, "undo", "now"}, exitUsage, "", advised{"resent", "person"}},
	}
	for _, s := range steps {
		if s.args != nil {
			out := run(t, "", append([]string{"--data", data, "mark"}, s.args...)...)
			if out.status != s.status || !strings.Contains(out.out, s.says) || (s.status != exitDone) != (out.errors != "") {
				t.Errorf("mark %v: status %d, %q, %q", s.args, out.status, out.out, out.errors)
			}
		}
		if got := look(); got != s.want {
			t.Errorf("after mark %v: %v, want %v", s.args, got, s.want)
		}
	}
	out := run(t, "", "--data", data, "explain", "--sent", sent, "--inbox", inbox, "--at", "2023-01-26 18:00", id)
	if !strings.Contains(out.out, "Dealt with") || !strings.Contains(out.out, "said-done") {
		t.Errorf("explain does not say what the person said:\n%s", out.out)
	}
}

// TestMarkBeforeABounce: a notice that came after the word outranks it.
func TestMarkBeforeABounce(t *testing.T) {
	dir := t.TempDir()
	sent, inbox, data := filepath.Join(dir, "sent.eml"), filepath.Join(dir, "inbox.eml"), filepath.Join(dir, "data")
	for path, text := range map[string]string{sent: letter, inbox: refusal} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if out := run(t, "", "--data", data, "mark", "--at", "2023-01-25 22:00", "one@fabbri.example", "arrived"); out.status != exitDone {
		t.Fatal(out.errors)
	}
	out := run(t, "", "--data", data, "report", "--sent", sent, "--inbox", inbox, "--at", "2023-01-26 18:00", "--format", "json")
	if !strings.Contains(out.out, `"verdict":"resend"`) || !strings.Contains(out.out, "said-before") {
		t.Errorf("the notice that came later is not told:\n%s", out.out)
	}
}
