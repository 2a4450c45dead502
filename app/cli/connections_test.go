package cli

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rimbalzo/app/watcher"
	"rimbalzo/app/watcher/logfile"
	"rimbalzo/internal/account"
	"rimbalzo/internal/probe"
	"rimbalzo/internal/store"
	"rimbalzo/internal/store/history"
	"rimbalzo/internal/watch"
)

// TestConnectionsWithoutAWatcher: what was kept of today is told, with the account's servers that were not contacted yet.
func TestConnectionsWithoutAWatcher(t *testing.T) {
	h := newHouse(t)
	if o := h.run(t.Context(), "", "connections"); o.status != exitDone || !strings.Contains(o.out, "talks to no server") {
		t.Errorf("before anything: %+v", o)
	}
	if _, err := os.Stat(filepath.Join(h.data, "mail.db")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("looking has made a store: %v", err)
	}
	book, err := account.Open(h.data)
	if err != nil {
		t.Fatal(err)
	}
	err = book.Add(account.Account{
		ID: "anna@libero.it", Address: "anna@libero.it", User: "anna@libero.it", Kind: account.IMAP, Auth: account.Password, Operator: "italiaonline",
		IMAP: account.Endpoint{Host: "imapmail.libero.it", Port: 993, Security: account.TLS}, SMTP: account.Endpoint{Host: "smtp.libero.it", Port: 465, Security: account.TLS},
	})
	if err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(t.Context(), h.data, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	rome, _ := time.LoadLocation("Europe/Rome")
	now := time.Now().In(rome)
	in := history.In(s)
	const host = "imap imapmail.libero.it:993"
	for _, k := range []watch.Knock{
		{Day: now.Format(time.DateOnly), Host: host, Why: watch.ForCheck, Times: 1, Last: now},
		{Day: now.Format(time.DateOnly), Host: host, Why: watch.ForMail, Times: 2, Last: now},
		{Day: now.AddDate(0, 0, -1).Format(time.DateOnly), Host: host, Why: watch.ForCheck, Times: 50, Last: now.AddDate(0, 0, -1)},
	} {
		if err := in.Knock(t.Context(), k); err != nil {
			t.Fatal(err)
		}
	}
	look := watch.Seen{At: now, Operator: "italiaonline", Account: "anna@libero.it", Endpoint: host, Direction: probe.Receive, Look: watch.LookLogin, Ending: probe.EndingAuthFailed}
	if err := errors.Join(in.Note(t.Context(), look), s.Close()); err != nil {
		t.Fatal(err)
	}
	o := h.run(t.Context(), "", "connections")
	for _, part := range []string{
		"knocked 3 times", "imapmail.libero.it:993 (reading mail)", "3 times today: 1 as planned, 2 to read new mail", "1 login refused", "Last at ", "0 times today", "smtp.libero.it:465 (sending)",
		"No watcher is running",
	} {
		if !strings.Contains(o.out, part) {
			t.Errorf("%q is not said:\n%s%s", part, o.out, o.errors)
		}
	}
	if strings.Count(o.out, "imapmail.libero.it") != 1 || strings.Contains(o.out, "anna") {
		t.Errorf("said:\n%s", o.out)
	}
	var c watcher.Contacts
	o = h.run(t.Context(), "", "connections", "--format", "json")
	if err := json.Unmarshal([]byte(o.out), &c); err != nil || c.Running || c.Contacts[0].Host != host || c.Contacts[0].Today != 3 || c.Contacts[0].Why[watch.ForMail] != 2 || c.Contacts[0].Refused != 1 {
		t.Errorf("%s, %v", o.out, err)
	}
	if o := h.run(t.Context(), "", "connections", "--lang", "it"); !strings.Contains(o.out, "ha bussato 3 volte") || !strings.Contains(o.out, "1 accesso rifiutato") {
		t.Errorf("in Italian: %+v", o)
	}
	if o := h.run(t.Context(), "", "connections", "--format", "csv"); o.status != exitUsage {
		t.Errorf("csv: %+v", o)
	}
}

// TestTheHostsAreNamedAsTheWatcherDoes, else each would be listed twice.
func TestTheHostsAreNamedAsTheWatcherDoes(t *testing.T) {
	h := newHouse(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	targets := []probe.Target{{Kind: probe.KindIMAP, Host: "::1", Port: 993}, {Kind: probe.KindMX, Host: "libero.it"}, {Kind: probe.KindWeb, Host: "https://mail.example/"}}
	w := watch.New(watch.Params{
		Accounts: []watch.Account{{ID: "a", Operator: "o", Name: "o", Targets: targets}}, History: &watch.Memory{}, Dice: dice{},
		Check: func(_ context.Context, t probe.Target) probe.Result {
			return probe.Result{Target: t, At: time.Now(), Ending: probe.EndingOK}
		},
	})
	go w.Run(ctx)
	for len(w.Status().Accounts) == 0 {
		time.Sleep(time.Millisecond)
	}
	for i, d := range w.Status().Accounts[0].Directions {
		if got := hostOf(targets[i]); got != d.Endpoint {
			t.Errorf("%q, the watcher says %q", got, d.Endpoint)
		}
	}
	h.wg.Wait()
}

func TestLogIsShown(t *testing.T) {
	h := newHouse(t)
	if o := h.run(t.Context(), "", "log"); o.status != exitDone || !strings.Contains(o.errors, "no log yet") {
		t.Errorf("without one: %+v", o)
	}
	if err := os.MkdirAll(h.data, 0o700); err != nil {
		t.Fatal(err)
	}
	// Somebody else may have written into the file.
	text := "one\ntwo \x1b[31m of anna@libero.it password=hush\n" + strings.Repeat("x", 5000) + "\n"
	if err := os.WriteFile(logfile.Paths(h.data)[0], []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if o := h.run(t.Context(), "", "log", "--lines", "2"); o.status != exitDone || strings.Contains(o.out, "one") || strings.Contains(o.out, "anna") || strings.Contains(o.out, "hush") ||
		strings.Contains(o.out, "\x1b") || !strings.Contains(o.out, "a…@libero.it") || len(o.out) > 2500 {
		t.Errorf("%+v", o)
	}
	for _, n := range []string{"0", "-1", "10001", "many"} {
		if o := h.run(t.Context(), "", "log", "--lines", n); o.status != exitUsage {
			t.Errorf("%s lines: %+v", n, o)
		}
	}
	// Following ends by interrupting, without a complaint.
	ctx, cancel := context.WithCancel(t.Context())
	var out, errs safeBuffer
	ended := make(chan int)
	go func() {
		ended <- Run(ctx, h.env(ctx, "", &out, &errs), []string{"--data", h.data, "log", "-n", "1", "--follow"})
	}()
	for end := time.Now().Add(10 * time.Second); !strings.Contains(out.String(), "x"); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("nothing is shown")
		}
	}
	f, err := os.OpenFile(logfile.Paths(h.data)[0], os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	time.Sleep(100 * time.Millisecond) // it has begun to follow
	if _, err := f.WriteString("the last line\n"); err != nil {
		t.Fatal(err)
	}
	f.Close()
	for end := time.Now().Add(10 * time.Second); !strings.Contains(out.String(), "the last line\n"); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("what is written is not shown: %q", out.String())
		}
	}
	cancel()
	if status := <-ended; status != exitDone || errs.String() != "" {
		t.Errorf("ended with %d: %q", status, errs.String())
	}
}
