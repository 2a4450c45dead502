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

func TestAccountRequest(t *testing.T) {
	full := Account{Address: " anna@libero.it ", Server: "imapmail.libero.it"}
	for name, tc := range map[string]struct {
		change func(*Account)
		want   string // the URL, or the id of what is wrong
	}{
		"usual":               {func(*Account) {}, "imaps://anna%40libero.it@imapmail.libero.it:993"},
		"starttls":            {func(a *Account) { a.STARTTLS = true }, "imap://anna%40libero.it@imapmail.libero.it:143"},
		"a user and a port":   {func(a *Account) { a.User, a.Port = "anna", "1993" }, "imaps://anna@imapmail.libero.it:1993"},
		"an odd user":         {func(a *Account) { a.User = "an/na:x@y" }, "imaps://an%2Fna%3Ax%40y@imapmail.libero.it:993"},
		"an IPv6 server":      {func(a *Account) { a.Server = "[::1]" }, "imaps://anna%40libero.it@[::1]:993"},
		"no address":          {func(a *Account) { a.Address = "" }, "window.refused.address"},
		"half an address":     {func(a *Account) { a.Address = "anna@" }, "window.refused.address"},
		"no server":           {func(a *Account) { a.Server = " " }, "window.refused.server"},
		"a URL for a server":  {func(a *Account) { a.Server = "https://libero.it/" }, "window.refused.server"},
		"a port out of range": {func(a *Account) { a.Port = "70000" }, "window.refused.port"},
		"a word for a port":   {func(a *Account) { a.Port = "imap" }, "window.refused.port"},
	} {
		t.Run(name, func(t *testing.T) {
			a := full
			tc.change(&a)
			req, err := a.Request(review.Request{Outage: "kept"})
			got := req.IMAP
			var refusal *Refusal
			if errors.As(err, &refusal) {
				got = refusal.ID
			}
			if got != tc.want || req.Outage != "kept" {
				t.Errorf("gives %q (%v), want %q", got, err, tc.want)
			}
		})
	}
}

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

func TestSuggest(t *testing.T) {
	var a Account
	a.Address = "anna@libero.it"
	if _, changed := a.Suggest("it"); !changed || a.Server != "imapmail.libero.it" || a.Port != "" || a.STARTTLS || a.User != "" {
		t.Errorf("libero.it gave %+v", a)
	}
	a.Address = "anna@icloud.com"
	if _, changed := a.Suggest("en"); !changed || a.Server != "imap.mail.me.com" || a.User != "anna" {
		t.Errorf("icloud.com gave %+v", a)
	}
	a.Address = "anna@tim.it"
	if _, changed := a.Suggest("en"); !changed || !a.STARTTLS || a.Port != "" {
		t.Errorf("tim.it gave %+v", a)
	}
	a.Server, a.Address = "mail.mine.example", "anna@libero.it"
	if _, changed := a.Suggest("en"); changed || a.Server != "mail.mine.example" {
		t.Errorf("a typed server was overwritten: %+v", a)
	}
	if !(Account{Address: "a@outlook.it"}).NeedsSignIn() || (Account{Address: "a@gmail.com"}).NeedsSignIn() || (Account{Address: "a@libero.it"}).NeedsSignIn() {
		t.Error("who takes a password and who does not is mixed up")
	}
	if notes, changed := (&Account{Address: "anna@unknown.example"}).Suggest("it"); changed || notes != nil {
		t.Errorf("an unknown provider gave %v", notes)
	}
}
