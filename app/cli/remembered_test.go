package cli

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rimbalzo/internal/account"
)

// addLocal sets up an account of mail files in a data folder, and gives the inbox file.
func addLocal(t *testing.T, data, name string) (inbox string) {
	t.Helper()
	dir := t.TempDir()
	acc := account.Account{ID: name, Kind: account.Local}
	for role, text := range map[string]string{"sent": letter, "inbox": refusal} {
		path := filepath.Join(dir, role+".eml")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		acc.Paths = append(acc.Paths, account.Path{Path: path, Role: role})
		if role == "inbox" {
			inbox = path
		}
	}
	book, err := account.Open(data)
	if err != nil {
		t.Fatal(err)
	}
	if err := book.Add(acc); err != nil {
		t.Fatal(err)
	}
	return inbox
}

// TestReportOfAccounts: accounts are reviewed by name or all together, and what was read once is remembered.
func TestReportOfAccounts(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	if got := run(t, "", "report", "--data", data); got.status != exitUsage || !strings.Contains(got.errors, "rimbalzo account add") {
		t.Errorf("without an account: status %d, %q", got.status, got.errors)
	}
	inbox := addLocal(t, data, "office")
	report := func(args ...string) (status int, verdicts string, errors string) {
		got := run(t, "", append([]string{"report", "--data", data, "--at", "2023-01-26 18:00", "--format", "json"}, args...)...)
		var r struct{ Items []struct{ Verdict string } }
		if err := json.Unmarshal([]byte(got.out), &r); err != nil && got.out != "" {
			t.Fatal(err)
		}
		for _, i := range r.Items {
			verdicts += i.Verdict + " "
		}
		return got.status, verdicts, got.errors
	}
	for name, tc := range map[string]struct {
		args   []string
		status int
		want   string
		errors string
	}{
		"all":                 {nil, exitDone, "resend ", ""},
		"by name":             {[]string{"--account", "office"}, exitDone, "resend ", ""},
		"another name":        {[]string{"--account", "home"}, exitUsage, "", "no account of that name"},
		"the exit code":       {[]string{"--exit-code"}, exitResend, "resend ", ""},
		"other sources alone": {[]string{"--inbox", inbox}, exitDone, "resend ", ""},
	} {
		for range 2 {
			status, verdicts, errors := report(tc.args...)
			if status != tc.status || verdicts != tc.want || (tc.errors == "") != (errors == "") || !strings.Contains(errors, tc.errors) {
				t.Errorf("%s: status %d, %q, %q; want %d, %q", name, status, verdicts, errors, tc.status, tc.want)
			}
		}
	}
	// The bounce is deleted: it was read, and stays what it is.
	if err := os.Remove(inbox); err != nil {
		t.Fatal(err)
	}
	if _, verdicts, _ := report(); verdicts != "resend " {
		t.Errorf("after the bounce was deleted: %q", verdicts)
	}
	if got := run(t, "", "account", "forget", "office", "--data", data); got.status != exitDone {
		t.Fatalf("forget: status %d, %q", got.status, got.errors)
	}
	for _, name := range []string{"mail.db", "mail.db-wal", "person.db", "accounts.toml"} {
		if text, err := os.ReadFile(filepath.Join(data, name)); err == nil && strings.Contains(string(text), filepath.Dir(inbox)) {
			t.Errorf("%s still knows of the account", name)
		}
	}
	if status, _, _ := report(); status != exitUsage {
		t.Errorf("after it was forgotten: status %d", status)
	}
}

// TestReportWhileTheMailIsAway rests on what was read before, and says so.
func TestReportWhileTheMailIsAway(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	inbox := addLocal(t, data, "office")
	args := []string{"report", "--data", data, "--at", "2023-01-26 18:00"}
	if got := run(t, "", args...); got.status != exitDone || got.errors != "" {
		t.Fatalf("status %d, %q", got.status, got.errors)
	}
	if err := os.RemoveAll(filepath.Dir(inbox)); err != nil {
		t.Fatal(err)
	}
	got := run(t, "", args...)
	if got.status != exitFailed || !strings.Contains(got.errors, "office could not be read just now") || !strings.Contains(got.out, "nonna@libero.it") {
		t.Errorf("status %d, %q, %q", got.status, got.errors, got.out)
	}
}
