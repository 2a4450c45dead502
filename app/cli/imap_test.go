package cli

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"rimbalzo/internal/demo"
)

// TestReportFromAnAccount reads the demo's account like anybody's, by its address on the command line.
func TestReportFromAnAccount(t *testing.T) {
	s, err := demo.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	ca := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(ca, s.CAPEM, 0o600); err != nil {
		t.Fatal(err)
	}
	args := []string{"report", "--imap", s.IMAPURL, "--password-stdin", "--at", "2023-01-27 18:00", "--format", "json"}

	got := run(t, s.Password+"\n", append(args, "--ca", ca)...)
	var r struct {
		Items []struct {
			Verdict string
			Bounces []struct{ Source string }
		}
	}
	if err := json.Unmarshal([]byte(got.out), &r); err != nil || got.status != exitDone {
		t.Fatalf("status %d, %v: %s", got.status, err, got.errors)
	}
	verdicts := map[string]int{}
	source := regexp.MustCompile(`^[^;]+;\d+/\d+$`)
	for _, i := range r.Items {
		verdicts[i.Verdict]++
		for _, b := range i.Bounces {
			if !source.MatchString(b.Source) {
				t.Errorf("source %q, want folder;UIDVALIDITY/UID", b.Source)
			}
		}
	}
	for _, v := range []string{"resend", "wait", "check", "fix", "delivered", "resent"} {
		if verdicts[v] == 0 {
			t.Errorf("no %q among %v", v, verdicts)
		}
	}
	if strings.Contains(got.out+got.errors, s.Password) {
		t.Error("the password is told")
	}

	for name, tc := range map[string]struct {
		password string
		more     []string
		says     string
	}{
		"a wrong password":      {"wrong", []string{"--ca", ca}, "password"},
		"an unknown authority":  {s.Password, nil, "certificate"},
		"no password":           {"", []string{"--ca", ca}, "password"},
		"another name in place": {s.Password, []string{"--ca", ca, "--imap", strings.Replace(s.IMAPURL, "127.0.0.1", "localhost", 1)}, "localhost"},
	} {
		t.Run(name, func(t *testing.T) {
			got := run(t, tc.password+"\n", append(args, tc.more...)...)
			want := exitFailed
			if tc.password == "" {
				want = exitUsage
			}
			if got.status != want || got.out != "" || !strings.Contains(got.errors, tc.says) {
				t.Errorf("status %d, out %q, errors %q", got.status, got.out, got.errors)
			}
			if tc.password != "" && strings.Contains(got.errors, tc.password) {
				t.Error("the password is told")
			}
		})
	}
}
