package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rimbalzo/internal/account"
)

// TestLeave: without --forget all that is kept stays; with it nothing of the program's does, and everything of the person's.
func TestLeave(t *testing.T) {
	s, args := demoAccount(t)
	d := newDesk(t)
	if got := d.run(s.Password+"\n", append([]string{"add", "--password-stdin"}, args...)...); got.status != exitDone {
		t.Fatalf("adding: %+v", got)
	}
	if got := d.command("", "watch", "--at-login", "on"); got.status != exitDone {
		t.Fatalf("start at login: %+v", got)
	}
	own := filepath.Join(d.data, "catalogue.toml")
	if err := os.WriteFile(own, []byte("# mine\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := d.command("", "leave"); got.status != exitDone || d.keyring.kept[s.User] == "" {
		t.Errorf("leaving took the password along: %+v", got)
	}
	if _, err := os.Stat(filepath.Join(d.data, "accounts.toml")); err != nil {
		t.Errorf("leaving took the accounts along: %v", err)
	}
	if starts, _ := filepath.Glob(filepath.Join(d.data+"-config", "autostart", "*")); len(starts) > 0 {
		t.Errorf("it still starts at login: %v", starts)
	}
	if got := d.command("", "leave", "--forget"); got.status != exitUsage || !strings.Contains(got.errors, "--yes") {
		t.Errorf("it forgets without a word: %+v", got)
	}

	d.keyring.err = account.ErrLocked
	if got := d.command("", "leave", "--forget", "--yes"); got.status == exitDone {
		t.Errorf("with a locked keyring: %+v", got)
	}
	if _, err := os.Stat(filepath.Join(d.data, "accounts.toml")); err != nil {
		t.Errorf("the password would be left behind, and nobody would know of it: %v", err)
	}
	d.keyring.err = nil
	if got := d.command("", "leave", "--forget", "--yes"); got.status != exitDone || !strings.Contains(got.out, "they stay") || len(d.keyring.kept) > 0 {
		t.Errorf("forgetting: %+v, kept %v", got, d.keyring.kept)
	}
	left, err := os.ReadDir(d.data)
	if err != nil || len(left) != 1 || left[0].Name() != "catalogue.toml" {
		t.Errorf("left are %v, %v", left, err)
	}
	if err := os.Remove(own); err != nil {
		t.Fatal(err)
	}
	if got := d.command("", "leave", "--forget", "--yes"); got.status != exitDone {
		t.Errorf("a second time: %+v", got)
	}
	if got := d.command("", "leave", "--forget", "--yes"); got.status != exitDone || !strings.Contains(got.out, "nothing to take away") {
		t.Errorf("a third time: %+v", got)
	}
}
