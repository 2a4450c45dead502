package session

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rimbalzo/internal/review"
	"rimbalzo/internal/words"
)

func TestFilesRequest(t *testing.T) {
	dir := t.TempDir()
	whole, single, file := filepath.Join(dir, "whole"), filepath.Join(dir, "single"), filepath.Join(dir, "inbox.mbox")
	for _, d := range []string{whole + "/cur", whole + "/new", whole + "/.Sent/cur", single + "/cur", single + "/new"} {
		if err := os.MkdirAll(d, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(file, []byte("From x\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct {
		files Files
		want  string
	}{
		"one file":                  {Files{Received: file}, "inbox=" + file},
		"a whole mailbox":           {Files{Received: whole}, "mailbox=" + whole},
		"a Maildir without folders": {Files{Received: single}, "inbox=" + single},
		"received and sent":         {Files{Received: " " + file, Sent: single}, "inbox=" + file + " sent=" + single},
		"nothing":                   {Files{}, "window.refused.no-file"},
		"not there":                 {Files{Received: dir + "/none"}, "window.refused.missing"},
		"sent not there":            {Files{Received: file, Sent: dir + "/none"}, "window.refused.missing"},
		"a file taken for a folder": {Files{Received: file + "/x"}, "window.refused.unreachable"},
	} {
		t.Run(name, func(t *testing.T) {
			req, err := tc.files.Request(review.Request{})
			var refusal *Refusal
			if errors.As(err, &refusal) {
				if refusal.ID != tc.want {
					t.Errorf("refused with %s (%v), want %s", refusal.ID, err, tc.want)
				}
				if said := words.New("it").T(refusal.ID, "Path", refusal.Path); strings.Contains(said, "window.") || strings.Contains(said, "no value") {
					t.Errorf("says %q", said)
				}
				return
			}
			var parts []string
			for kind, paths := range map[string][]string{"mailbox": req.Mailboxes, "inbox": req.Inbox} {
				for _, p := range paths {
					parts = append(parts, kind+"="+p)
				}
			}
			for _, p := range req.Sent {
				parts = append(parts, "sent="+p)
			}
			if got := strings.Join(parts, " "); got != tc.want {
				t.Errorf("reads %s, want %s", got, tc.want)
			}
		})
	}
}

// TestFilesAccount: chosen files become an account whose folders are known for what they are.
func TestFilesAccount(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "My mail.mbox")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	acc, err := Files{Received: " " + file, Sent: dir}.Account()
	if err != nil || acc.ID != "My-mail.mbox" || len(acc.Paths) != 2 || acc.Paths[0].Role != "inbox" || acc.Paths[1].Path != dir || acc.Paths[1].Role != "sent" {
		t.Errorf("made %+v, %v", acc, err)
	}
	var refusal *Refusal
	if _, err := (Files{Received: file + ".not"}).Account(); !errors.As(err, &refusal) || refusal.ID != "window.refused.missing" {
		t.Errorf("what is not there gave %v", err)
	}
}
