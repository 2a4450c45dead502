package cli

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"rimbalzo/internal/account"
)

// TestProgressOfAnAccount: on a terminal a person sees how many messages were looked at, what was found and what is left; elsewhere
// nothing gets in between.
func TestProgressOfAnAccount(t *testing.T) {
	s, args := demoAccount(t)
	d := newDesk(t)
	if got := d.run(s.Password+"\n", append([]string{"add", "--password-stdin"}, args...)...); got.status != exitDone {
		t.Fatalf("adding: %+v", got)
	}
	for _, terminal := range []bool{false, true} {
		var out, errs bytes.Buffer
		env := Env{
			Stdin: strings.NewReader(s.Password + "\n"), Stdout: &out, Stderr: &errs, Terminal: terminal, Getenv: func(string) string { return "" },
			Locale: func() string { return "en" }, Now: func() time.Time { return time.Date(2023, 1, 27, 12, 0, 0, 0, time.UTC) },
			Vault: func(bool) account.Vault { return d.keyring },
		}
		status := Run(t.Context(), env, []string{"report", "--data", d.data, "--account", s.User, "--password-stdin"})
		if status != exitDone || strings.Contains(errs.String(), " left…") != terminal || (terminal && !strings.Contains(errs.String(), "\r\033[Krimbalzo:")) {
			t.Errorf("on a terminal %v: status %d, %q", terminal, status, errs.String())
		}
		if err := d.run("", "forget", s.User); err.status != exitDone {
			t.Fatalf("%+v", err)
		}
		if got := d.run(s.Password+"\n", append([]string{"add", "--password-stdin"}, args...)...); got.status != exitDone {
			t.Fatalf("adding: %+v", got)
		}
	}
}
