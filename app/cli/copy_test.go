package cli

import (
	zipfile "archive/zip"
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/emersion/go-message/mail"

	"rimbalzo/internal/advice"
	"rimbalzo/internal/checklist"
	"rimbalzo/internal/demo"
)

// letterToMany went to one who got it, one who did not, and a hidden one who did not.
const letterToMany = `From: Elena <elena@fabbri.example>
To: Nonna <nonna@libero.it>, Ugo <ugo@altrove.example>
Bcc: zia@libero.it
Message-ID: <one@fabbri.example>
Date: Wed, 25 Jan 2023 22:00:00 +0100
Subject: Una foto

Ciao nonna, ecco la foto.
`

// draft is a copy, read back.
type draft struct{ to, subject, body string }

func drafts(t *testing.T, dir string) []draft {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(dir, "*.eml"))
	if err != nil {
		t.Fatal(err)
	}
	var list []draft
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		r, err := mail.CreateReader(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		to, err := r.Header.AddressList("To")
		if err != nil || len(to) == 0 {
			t.Fatalf("%v in %s", err, data)
		}
		var all []string
		for _, a := range to {
			all = append(all, a.Address)
		}
		subject, _ := r.Header.Subject()
		part, err := r.NextPart()
		if err != nil {
			t.Fatal(err)
		}
		var body bytes.Buffer
		_, _ = body.ReadFrom(part.Body)
		list = append(list, draft{strings.Join(all, " "), subject, strings.TrimSpace(body.String())})
		if strings.Contains(string(data), "ugo@") {
			t.Errorf("who got it stands in the copy: %s", data)
		}
	}
	return list
}

func TestCopy(t *testing.T) {
	hidden := strings.NewReplacer("<nonna@libero.it>", "<zia@libero.it>", "rfc822; nonna@libero.it", "rfc822; zia@libero.it", "bounce@mail", "bounce2@mail").Replace(refusal)
	whole := strings.NewReplacer("text/rfc822-headers", "message/rfc822", "Subject: Una foto\n\n--b--", "Subject: Una foto\n\nCiao nonna, ecco la foto.\n--b--").Replace(refusal)
	forged := strings.Replace(whole, "Message-ID: <one@", "Message-ID: <another@", 1)
	const text = "Ciao nonna, ecco la foto."
	for name, tc := range map[string]struct {
		sent, inbox string
		second      string // a second bounce
		args        []string
		status      int
		says        string
		want        []draft
	}{
		"from sent mail":     {letterToMany, refusal, "", nil, exitDone, "not for them: ugo@altrove.example", []draft{{"nonna@libero.it", "Una foto", text}}},
		"and a hidden one":   {letterToMany, refusal, hidden, nil, exitDone, "your own sent message", []draft{{"nonna@libero.it", "Una foto", text}, {"zia@libero.it", "Una foto", text}}},
		"the hidden one":     {letterToMany, refusal, hidden, []string{"zia@libero.it"}, exitDone, "your own sent message", []draft{{"zia@libero.it", "Una foto", text}}},
		"from the bounce":    {"", whole, "", nil, exitDone, "what the failure notice brought back", []draft{{"nonna@libero.it", "Una foto", text}}},
		"from its header":    {"", refusal, "", nil, exitDone, "INCOMPLETE", []draft{{"nonna@libero.it", "Una foto", ""}}},
		"an unknown message": {letter, forged, "", []string{"zio@libero.it"}, exitUsage, "one@fabbri.example", nil},
		"who may still get":  {letterToMany, refusal, "", []string{"ugo@altrove.example"}, exitUsage, "no advice", nil},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			args := []string{"copy", "one@fabbri.example"}
			args = append(append(args, tc.args...), "--inbox", write(t, "inbox.eml", tc.inbox), "--at", "2023-01-26 18:00", "-o", filepath.Join(dir, "new"))
			if tc.sent != "" {
				args = append(args, "--sent", write(t, "sent.eml", tc.sent))
			}
			if tc.second != "" {
				args = append(args, "--inbox", write(t, "second.eml", tc.second))
			}
			out := run(t, "", args...)
			if out.status != tc.status || !strings.Contains(out.out+out.errors, tc.says) {
				t.Errorf("status %d, %s%s", out.status, out.out, out.errors)
			}
			got := drafts(t, filepath.Join(dir, "new"))
			if len(got) != len(tc.want) {
				t.Fatalf("copies %v, want %v; %s%s", got, tc.want, out.out, out.errors)
			}
			for i := range got {
				if got[i] != tc.want[i] {
					t.Errorf("copy %v, want %v", got[i], tc.want[i])
				}
			}
		})
	}
}

// TestCopyAnyway: for whom a message may still reach there is a copy only where the person insists, and with a red word.
func TestCopyAnyway(t *testing.T) {
	sent, dir := write(t, "sent.eml", letter), t.TempDir()
	args := []string{"copy", "one@fabbri.example", "--sent", sent, "--inbox", sent, "--at", "2023-01-25 23:00", "-o", dir}
	out := run(t, "", args...)
	if out.status != exitUsage || len(drafts(t, dir)) != 0 || !strings.Contains(out.errors, "may still arrive") || !strings.Contains(out.errors, "--anyway") {
		t.Errorf("status %d, %s%s", out.status, out.out, out.errors)
	}
	out = run(t, "", append(args, "--anyway")...)
	if out.status != exitDone || len(drafts(t, dir)) != 1 || !strings.Contains(out.errors, "CAREFUL") || !strings.Contains(out.errors, "twice") {
		t.Errorf("status %d, %s%s", out.status, out.out, out.errors)
	}
	for _, wrong := range [][]string{{"copy"}, {"copy", "a", "b", "c"}, {"copy", "nobody@example", "--sent", sent}, {"copy", "a@b"}} {
		if out := run(t, "", wrong...); out.status != exitUsage {
			t.Errorf("%v: status %d, %s", wrong, out.status, out.errors)
		}
	}
	if out := run(t, "", append(args, "--anyway", "-o", filepath.Join(sent, "x"))...); out.status == exitDone || !strings.Contains(out.errors, sent) {
		t.Errorf("a folder that cannot be: status %d, %q", out.status, out.errors)
	}
}

// TestCopyFromAnAccount: the original comes whole from a server's sent mail, for one message and for all in a zip, and the password is
// asked for once.
func TestCopyFromAnAccount(t *testing.T) {
	s, err := demo.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	dir := t.TempDir()
	ca := filepath.Join(dir, "ca.pem")
	if err := os.WriteFile(ca, s.CAPEM, 0o600); err != nil {
		t.Fatal(err)
	}
	source := []string{"--imap", s.IMAPURL, "--password-stdin", "--at", "2023-01-27 18:00", "--ca", ca}
	r := run(t, s.Password+"\n", append([]string{"report", "--format", "json"}, source...)...)
	list, err := checklist.ReadJSON(strings.NewReader(r.out))
	if err != nil {
		t.Fatal(err, r.errors)
	}
	again := map[string]bool{}
	id := ""
	for i := range list.Items {
		if item := &list.Items[i]; item.Verdict == advice.Resend {
			again[item.MessageID] = true
			id = item.MessageID
		}
	}
	out := run(t, s.Password+"\n", append([]string{"copy", id, "--link", "--steps", "libero", "-o", filepath.Join(dir, "one")}, source...)...)
	for _, says := range []string{"your own sent message", "To find it yourself: in the folder", "mailto:", "1. Libero Mail opens no files"} {
		if out.status != exitDone || !strings.Contains(out.out, says) {
			t.Errorf("status %d, %q is not in %s%s", out.status, says, out.out, out.errors)
		}
	}
	if list := drafts(t, filepath.Join(dir, "one")); len(list) == 0 || list[0].body == "" {
		t.Errorf("drafts %v", list)
	}
	zip := filepath.Join(dir, "all.zip")
	if out := run(t, s.Password+"\n", append([]string{"report", "--format", "eml", "-o", zip}, source...)...); out.status != exitDone {
		t.Fatalf("status %d, %s", out.status, out.errors)
	}
	z, err := zipfile.OpenReader(zip)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	if len(z.File) <= len(again) {
		t.Errorf("%d files for %d messages and a text", len(z.File), len(again))
	}
	if out := run(t, "", append([]string{"copy", id, "--steps", "lotus"}, source...)...); out.status != exitUsage || !strings.Contains(out.errors, "thunderbird") {
		t.Errorf("status %d, %s", out.status, out.errors)
	}
}
