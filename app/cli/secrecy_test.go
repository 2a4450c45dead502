package cli

import (
	"archive/zip"
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"rimbalzo/app/watcher"
	"rimbalzo/app/watcher/logfile"
	"rimbalzo/internal/account"
)

// low are dice that always fall low: the first look comes at once.
type low struct{}

func (low) Float64() float64 { return 0 }

// TestNothingPersonalIsHandedOut has a watcher read a whole mailbox with everything in its log, and looks for what it read in
// what people show to others: no password, no subject, and no address is in the log or in what diagnose writes; in status,
// which the person reads himself, only his own.
func TestNothingPersonalIsHandedOut(t *testing.T) {
	s, args := demoAccount(t)
	h := newHouse(t)
	keyring := &fakeKeyring{kept: map[string]string{}}
	command := func(ctx context.Context, stdin string, args ...string) outcome {
		var out, errs safeBuffer
		env := h.env(ctx, stdin, &out, &errs)
		env.Vault, env.Dice = func(bool) account.Vault { return keyring }, low{}
		status := Run(ctx, env, append([]string{"--data", h.data}, args...))
		return outcome{status, out.String(), errs.String()}
	}
	const name = "Anna-Bianchi"
	if o := command(t.Context(), s.Password+"\n", append(append([]string{"account", "add"}, args...), "--password-stdin", "--name", name)...); o.status != exitDone {
		t.Fatalf("%+v", o)
	}
	report := command(t.Context(), "", "report", "--format", "json", "--at", "2023-01-27 18:00")
	var r struct {
		Items []struct{ Recipient, Subject string }
	}
	if err := json.Unmarshal([]byte(report.out), &r); err != nil || len(r.Items) < 20 {
		t.Fatalf("%d items, %v", len(r.Items), err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	done := make(chan outcome, 1)
	go func() { done <- command(ctx, "", "watch", "--log-level", "debug") }()
	for end := time.Now().Add(time.Minute); ; time.Sleep(100 * time.Millisecond) {
		var st watcher.Status
		o := command(t.Context(), "", "status", "--format", "json")
		if json.Unmarshal([]byte(o.out), &st) == nil && len(st.Accounts) == 1 && st.Accounts[0].Items > 20 {
			break
		}
		if time.Now().After(end) {
			t.Fatalf("the mail is not read: %+v", o)
		}
	}
	path := filepath.Join(t.TempDir(), "help.zip")
	shown := command(t.Context(), "", "diagnose", "--yes", "-o", path)
	texts := map[string]string{"what diagnose shows": shown.out + shown.errors}
	status := command(t.Context(), "", "status")
	cancel()
	<-done
	log, err := os.ReadFile(logfile.Paths(h.data)[0])
	if err != nil {
		t.Fatal(err)
	}
	texts["the log"] = string(log)
	z, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	for _, f := range z.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		texts[f.Name+" of diagnose"] = string(text)
		in.Close()
	}
	whole := regexp.MustCompile(`[\pL\pN._%+-]{2,}@[\pL\pN-]+\.[\pL]`)
	for where, text := range texts {
		if found := whole.FindString(strings.ReplaceAll(text, "go.mod@v", "")); found != "" {
			t.Errorf("%s holds the address %s", where, found)
		}
		if where != "the log" && (strings.Contains(text, name) || strings.Contains(text, "Bianchi")) {
			t.Errorf("%s says whose account it is:\n%s", where, text)
		}
	}
	texts["status"] = status.out + status.errors
	for where, text := range texts {
		if text == "" {
			t.Errorf("%s is empty", where)
		}
		if strings.Contains(text, s.Password) {
			t.Errorf("%s holds the password", where)
		}
		for _, item := range r.Items {
			if strings.Contains(text, item.Recipient) || len(item.Subject) > 5 && strings.Contains(text, item.Subject) {
				t.Errorf("%s tells of the message %q to %s", where, item.Subject, item.Recipient)
			}
		}
	}
	if !strings.Contains(texts["accounts.txt of diagnose"], "account-1 imap") {
		t.Errorf("the account is not among the accounts: %s", texts["accounts.txt of diagnose"])
	}
}
