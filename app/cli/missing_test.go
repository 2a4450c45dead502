package cli

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// lost is what Paolo writes to the owner of a struck mailbox after the outage: it answers a message that never came.
const lost = `From: Paolo <paolo@studio.example>
To: Nonna <nonna@libero.it>
Delivered-To: nonna@libero.it
Date: Mon, 30 Jan 2023 10:00:00 +0100
Message-ID: <after@studio.example>
In-Reply-To: <lost@studio.example>
References: <mine@libero.it> <lost@studio.example>
Subject: Re: Torta

Allora, ti va?
`

const mine = `From: Nonna <nonna@libero.it>
To: Paolo <paolo@studio.example>
Date: Sun, 22 Jan 2023 18:00:00 +0100
Message-ID: <mine@libero.it>
Subject: Torta

Che torta vuoi?
`

func TestMissing(t *testing.T) {
	in, out := write(t, "in.eml", lost), write(t, "out.eml", mine)
	args := []string{"missing", "--inbox", in, "--sent", out, "--at", "2023-02-20 12:00"}
	for name, tc := range map[string]struct {
		args   []string
		status int
		out    string // in standard output
		says   string // in standard error, "" for nothing
	}{
		"help":             {[]string{"help", "missing"}, exitDone, "probably never reached you", ""},
		"text":             {args, exitDone, "paolo@studio.example · Re: Torta", ""},
		"Italian":          {append(args, "--lang", "it"), exitDone, "Sarebbe possibile riceverlo di nuovo?", ""},
		"Markdown":         {append(args, "--format", "md"), exitDone, "- `paolo@studio.example` · Re: Torta", ""},
		"another outage":   {append(args, "--outage", "libero-2023-06"), exitDone, "No sign was found", ""},
		"before it began":  {append(args[:5:5], "--at", "2023-01-20"), exitUsage, "", "2023-01-20"},
		"it is not over":   {append(args[:5:5], "--at", "2023-01-27 12:00"), exitDone, "not over yet", ""},
		"without the sent": {append([]string{"missing", "--inbox", in}, args[5:]...), exitDone, "sent mail was not read", ""},
		"no mail":          {[]string{"missing"}, exitUsage, "", "Which mail?"},
		"a form of report": {append(args, "--format", "csv"), exitUsage, "", "csv"},
		"one word more":    {append(args, "x"), exitUsage, "", "x"},
		"a missing file":   {[]string{"missing", "--inbox", "/no/such/mail"}, exitUsage, "", "/no/such/mail"},
	} {
		t.Run(name, func(t *testing.T) {
			got := run(t, "", tc.args...)
			if got.status != tc.status || !strings.Contains(got.out, tc.out) || (tc.out == "") != (got.out == "") {
				t.Errorf("status %d, want %d, and %q in\n%s", got.status, tc.status, tc.out, got.out)
			}
			if (tc.says == "") != (got.errors == "") || !strings.Contains(got.errors, tc.says) {
				t.Errorf("standard error is %q, want %q in it", got.errors, tc.says)
			}
		})
	}
	path := filepath.Join(t.TempDir(), "list.json")
	if got := run(t, "", append(args, "--format", "json", "--output", path)...); got.status != exitDone || got.out != "" || got.errors != "" {
		t.Errorf("into a file: %+v", got)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var r struct {
		At       string
		Findings []struct {
			Kind, From, To, Confidence string
			MessageID                  string `json:"message_id"`
			Who                        []string
		}
		Requests []struct {
			To   string
			Text map[string]struct{ Subject, Body string }
		}
		Unreadable *[]any
	}
	if err := json.Unmarshal(data, &r); err != nil {
		t.Fatal(err)
	}
	if len(r.Findings) != 1 || len(r.Requests) != 1 || r.Unreadable == nil || r.At != "2023-02-20T12:00:00+01:00" {
		t.Fatalf("got %s", data)
	}
	if f := r.Findings[0]; f.Kind != "named" || f.MessageID != "lost@studio.example" || f.From != "2023-01-22T18:00:00+01:00" || f.To != "2023-01-30T10:00:00+01:00" {
		t.Errorf("got %+v", f)
	}
	if q := r.Requests[0]; q.To != "paolo@studio.example" || !strings.Contains(q.Text["it"].Body, "Torta") || !strings.Contains(q.Text["en"].Body, "send it to me again") {
		t.Errorf("got %+v", q)
	}
}
