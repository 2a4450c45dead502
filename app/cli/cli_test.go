package cli

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rimbalzo/app/window/session"
	"rimbalzo/internal/checklist"
)

// outcome is what a run of the command line left.
type outcome struct {
	status      int
	out, errors string
}

// run runs the command line in a made-up world: no display, a fixed clock, a data folder of the test's own.
func run(t *testing.T, stdin string, args ...string) outcome {
	t.Helper()
	var out, errs bytes.Buffer
	env := Env{
		Stdin: strings.NewReader(stdin), Stdout: &out, Stderr: &errs, Getenv: func(string) string { return "" },
		Locale: func() string { return "en" }, Now: func() time.Time { return time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC) },
		Version: "1.2.3", ID: "test", Window: func(session.Params) error { return errors.New("no window here") },
		Picture: func(w io.Writer, _ session.Params, _ checklist.Report, _ session.Shot) error {
			return png.Encode(w, image.NewRGBA(image.Rect(0, 0, 2, 2)))
		},
		HasDisplay: func() bool { return false },
	}
	status := Run(t.Context(), env, append([]string{"--data", filepath.Join(t.TempDir(), "data")}, args...))
	return outcome{status, out.String(), errs.String()}
}

const letter = `From: Elena <elena@fabbri.example>
To: Nonna <nonna@libero.it>
Message-ID: <one@fabbri.example>
Date: Wed, 25 Jan 2023 22:00:00 +0100
Subject: Una foto

Ciao nonna, ecco la foto.
`

const refusal = `Return-Path: <>
From: Mail Delivery System <MAILER-DAEMON@mail.fabbri.example>
To: elena@fabbri.example
Subject: Undelivered Mail Returned to Sender
Date: Wed, 25 Jan 2023 22:00:05 +0100
Message-ID: <bounce@mail.fabbri.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

<nonna@libero.it>: host smtp-in.libero.it[192.0.2.1] said: 550 <nonna@libero.it> recipient rejected (in reply to RCPT TO command)

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.fabbri.example
Arrival-Date: Wed, 25 Jan 2023 22:00:00 +0100

Final-Recipient: rfc822; nonna@libero.it
Action: failed
Status: 5.1.1
Remote-MTA: dns; smtp-in.libero.it
Diagnostic-Code: smtp; 550 <nonna@libero.it> recipient rejected

--b
Content-Type: text/rfc822-headers

From: Elena <elena@fabbri.example>
To: Nonna <nonna@libero.it>
Message-ID: <one@fabbri.example>
Date: Wed, 25 Jan 2023 22:00:00 +0100
Subject: Una foto

--b--
`

// write puts a file into the test's folder.
func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestExitStatusAndSentence(t *testing.T) {
	sent, inbox := write(t, "sent.eml", letter), write(t, "inbox.eml", refusal)
	mail := []string{"--sent", sent, "--inbox", inbox, "--at", "2023-01-26 18:00"}
	picture := write(t, "photo.jpg", "\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01")
	for name, tc := range map[string]struct {
		args   []string
		status int
		says   string // in standard error, "" for nothing at all
	}{
		"a report":                 {append([]string{"report"}, mail...), exitDone, ""},
		"something to resend":      {append([]string{"report", "--exit-code"}, mail...), exitResend, ""},
		"nothing to resend":        {[]string{"report", "--exit-code", "--sent", sent, "--inbox", sent, "--at", "2023-01-20"}, exitUsage, "2023-01-20"},
		"no mail named":            {[]string{"report"}, exitUsage, "Which mail?"},
		"a missing file":           {[]string{"report", "--inbox", "/no/such/mail"}, exitUsage, "/no/such/mail"},
		"a file that is no mail":   {[]string{"report", "--inbox", picture}, exitUsage, picture},
		"an unknown flag":          {[]string{"report", "--inbx", "x"}, exitUsage, "--inbx"},
		"a flag without its value": {[]string{"report", "--inbox"}, exitUsage, "--inbox"},
		"an unknown command":       {[]string{"reprot"}, exitUsage, "reprot"},
		"a time that is none":      {append([]string{"report", "--at", "ieri"}, mail[:4]...), exitUsage, "ieri"},
		"a form that is none":      {append([]string{"report", "--format", "pdf"}, mail...), exitUsage, "pdf"},
		"an outage that is none":   {append([]string{"report", "--outage", "x-1"}, mail...), exitUsage, "x-1"},
		"a password in the URL":    {[]string{"report", "--imap", "imaps://me:hunter2@127.0.0.1:1"}, exitUsage, "password"},
		"an address without user":  {[]string{"report", "--imap", "imaps://127.0.0.1:1"}, exitUsage, "imaps://"},
		"no way to ask":            {[]string{"report", "--imap", "imaps://me@127.0.0.1:1"}, exitUsage, "--password-stdin"},
		"no server there":          {[]string{"report", "--imap", "imaps://me@127.0.0.1:1", "--password-stdin"}, exitFailed, "127.0.0.1:1"},
		"a CA that is none":        {[]string{"report", "--imap", "imaps://me@127.0.0.1:1", "--ca", sent}, exitUsage, sent},
		"a queue that is none":     {[]string{"report", "--queue", sent}, exitUsage, sent},
		"an output it cannot make": {append([]string{"report", "-o", "/no/such/folder/list.csv"}, mail...), exitUsage, "/no/such/folder/list.csv"},
		"decode without a path":    {[]string{"decode"}, exitUsage, "Which message?"},
		"decode of a missing one":  {[]string{"decode", inbox, "/no/such.eml"}, exitUsage, "/no/such.eml"},
		"decode of a folder":       {[]string{"decode", filepath.Dir(inbox)}, exitFailed, filepath.Dir(inbox)},
		"explain without an id":    {append([]string{"explain"}, mail...), exitUsage, "Message-ID"},
		"explain of a stranger":    {append([]string{"explain", "nobody@example"}, mail...), exitUsage, "nobody@example"},
		"explain":                  {append([]string{"explain", "<one@fabbri.example>", "nonna@libero.it"}, mail...), exitDone, ""},
		"an unknown outage":        {[]string{"outages", "show", "x-1"}, exitUsage, "x-1"},
		"show without an id":       {[]string{"outages", "show"}, exitUsage, "Which outage?"},
		"check of a missing file":  {[]string{"outages", "check", "/no/such.toml"}, exitUsage, "/no/such.toml"},
		"an unknown moment":        {[]string{"demo", "--moment", "never"}, exitUsage, "never"},
		"version":                  {[]string{"version"}, exitDone, ""},
		"help":                     {[]string{"help", "report"}, exitDone, ""},
		"help for nothing":         {[]string{"help", "nothing"}, exitUsage, "nothing"},
	} {
		t.Run(name, func(t *testing.T) {
			got := run(t, "secret\n", tc.args...)
			if got.status != tc.status {
				t.Errorf("status %d, want %d; stderr: %s", got.status, tc.status, got.errors)
			}
			if (tc.says == "") != (got.errors == "") || !strings.Contains(got.errors, tc.says) {
				t.Errorf("standard error is %q, want %q in it", got.errors, tc.says)
			}
			if strings.Contains(got.errors, "hunter2") || strings.Contains(got.errors, "secret") {
				t.Errorf("a password is told: %q", got.errors)
			}
			if n := strings.Count(got.errors, "\n"); n > 1 {
				t.Errorf("%d lines for one error: %q", n, got.errors)
			}
		})
	}
}

func TestEverySentenceExists(t *testing.T) {
	// A key without a sentence would be shown as it is.
	for _, lang := range []string{"it", "en"} {
		for _, args := range [][]string{{"help"}, {"help", "report"}, {"help", "explain"}, {"help", "outages"}, {"help", "demo"}, {"outages", "show", "libero-2023-01"}, {"outages", "show", "libero-2023-06"}} {
			got := run(t, "", append(args, "--lang", lang)...)
			for _, text := range []string{got.out, got.errors} {
				for _, prefix := range []string{"cli.", "outage.", "rule.", "verdict.", "<no value>"} {
					if i := strings.Index(" "+text, " "+prefix); i >= 0 {
						t.Errorf("%s %v: %.40q is a key and no sentence", lang, args, text[i:])
					}
				}
			}
		}
	}
	if it, en := run(t, "", "help", "--lang", "it").out, run(t, "", "help", "--lang=en").out; it == en || !strings.Contains(it, "guasto") || !strings.Contains(en, "outage") {
		t.Error("the help is not in the language asked for")
	}
}

func TestReportInEveryForm(t *testing.T) {
	sent, inbox := write(t, "sent.eml", letter), write(t, "inbox.eml", refusal)
	for format, want := range map[string]string{
		"text": "Send again", "csv": "nonna@libero.it", "md": "- [ ] ", "html": "<!DOCTYPE html>", "json": `"verdict":"resend"`,
	} {
		got := run(t, "", "report", "--sent", sent, "--inbox", inbox, "--at", "2023-01-26T18:00:00+01:00", "--format", format)
		flat := strings.ReplaceAll(got.out, `": "`, `":"`)
		if got.status != exitDone || !strings.Contains(strings.ToLower(flat), strings.ToLower(want)) {
			t.Errorf("%s: status %d, no %q in %.300q", format, got.status, want, got.out)
		}
	}
}

func TestOutputIsWholeOrNotThere(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "list.html")
	if err := os.WriteFile(path, []byte("yesterday's"), 0o600); err != nil {
		t.Fatal(err)
	}
	broken := errors.New("disk full")
	err := replace(path, func(w io.Writer) error {
		_, _ = io.WriteString(w, "half")
		return broken
	})
	if !errors.Is(err, broken) {
		t.Fatalf("got %v", err)
	}
	if data, _ := os.ReadFile(path); string(data) != "yesterday's" {
		t.Errorf("the old file is gone: %q", data)
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 1 {
		t.Errorf("%d files are left, want 1", len(entries))
	}
}

func TestUnreadableMailIsListedAndTheRestRead(t *testing.T) {
	mbox := "From a@b Wed Jan 25 22:00:05 2023\n" + refusal + "\nFrom a@b Wed Jan 25 23:00:05 2023\nSubject: cut off\nContent-Type: multipart/mixed; boundary=x\n\n--x\nCont"
	got := run(t, "", "report", "--sent", write(t, "s.eml", letter), "--inbox", write(t, "in.mbox", mbox), "--at", "2023-01-26 18:00", "--format", "json")
	if got.status != exitDone || !strings.Contains(got.out, "in.mbox#1") {
		t.Errorf("status %d, out %.300q, errors %q", got.status, got.out, got.errors)
	}
}

func TestOwnCatalogueWithMistakesIsSaidAndLeftOut(t *testing.T) {
	data := t.TempDir()
	if err := os.WriteFile(filepath.Join(data, "catalogue.toml"), []byte("[[outage]]\nid = \"Mine\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	got := run(t, "", "outages", "list", "--data", data)
	if got.status != exitDone || !strings.Contains(got.errors, "catalogue.toml, line 2") || !strings.Contains(got.out, "libero-2023-01") {
		t.Errorf("status %d, errors %q, out %q", got.status, got.errors, got.out)
	}
}

func TestTicksSurviveAndDamageIsSetAside(t *testing.T) {
	a := &app{env: Env{Stderr: io.Discard, Now: time.Now}, data: t.TempDir()}
	a.words = newWords()
	ticks, err := a.readTicks()
	if err != nil {
		t.Fatal(err)
	}
	item := sampleItem()
	ticks.Set(item, time.Date(2023, 1, 27, 18, 0, 0, 0, time.UTC))
	if err := a.saveTicks(ticks); err != nil {
		t.Fatal(err)
	}
	again, err := a.readTicks()
	if err != nil || !again.Has(item) {
		t.Fatalf("the tick is gone (%v)", err)
	}
	path := filepath.Join(a.data, "ticks.json")
	if st, err := os.Stat(path); err != nil || st.Mode().Perm() != 0o600 {
		t.Errorf("ticks.json: %v, mode %v, want 0600", err, st.Mode())
	}
	if err := os.WriteFile(path, []byte("{half"), 0o600); err != nil {
		t.Fatal(err)
	}
	if fresh, err := a.readTicks(); err != nil || !fresh.Has(item) {
		t.Errorf("a damaged copy gave %v, and the tick is there: %v", err, fresh.Has(item))
	}
	if aside, _ := filepath.Glob(path + ".*.damaged"); len(aside) != 1 {
		t.Errorf("the damaged file was not set aside: %v", aside)
	}
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var errs bytes.Buffer
	env := Env{Stdin: strings.NewReader(""), Stdout: io.Discard, Stderr: &errs, Getenv: func(string) string { return "" }, Locale: func() string { return "" }, Now: time.Now}
	status := Run(ctx, env, []string{"report", "--inbox", write(t, "i.eml", refusal), "--data", t.TempDir()})
	if status != exitFailed || !strings.Contains(errs.String(), "Nothing was changed") {
		t.Errorf("status %d, %q", status, errs.String())
	}
}
