package bounce

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"
)

// seedSamples adds our own samples to a target's seeds.
func seedSamples(f *testing.F) {
	f.Helper()
	files, err := filepath.Glob("testdata/mail/*.eml")
	if err != nil || len(files) == 0 {
		f.Fatalf("no seeds: %v", err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
}

// checkReport holds what must be true of any report, whatever the message: a person sees it, a program stores it.
func checkReport(t *testing.T, r Report) {
	t.Helper()
	switch r.Kind {
	case KindFailed, KindDelayed, KindDelivered, KindRelayed, KindExpanded, KindMixed, KindAutoReply, KindReadReceipt, KindFeedback, KindNotABounce, KindUnreadable:
	default:
		t.Errorf("unknown kind %q", r.Kind)
	}
	if r.Why == "" {
		t.Error("the report does not say which rule spoke")
	}
	if len(r.Recipients) > maxRecipients {
		t.Errorf("%d recipients", len(r.Recipients))
	}
	if r.Kind == KindNotABounce && len(r.Recipients) > 0 {
		t.Errorf("no bounce, but recipients %v", r.Recipients)
	}
	words := []string{r.Text, r.Original.Subject, r.Original.To, r.Original.From, r.Original.MessageID, r.ReportedBy.Host, r.EnvelopeID}
	for _, rc := range r.Recipients {
		if len(rc.Reply) > 1000 || strings.ContainsAny(rc.Reply, "\r\n\x00\x1b") {
			t.Errorf("reply is not one clean line of at most 1,000 bytes: %q", rc.Reply)
		}
		if !strings.Contains(rc.Address, "@") {
			t.Errorf("%q is no address", rc.Address)
		}
		if rc.Action == "" {
			t.Errorf("nothing is said of what became of %q", rc.Address)
		}
		words = append(words, rc.Address, rc.OriginalAddress, rc.Reply, rc.Remote)
	}
	for _, w := range words {
		if !utf8.ValidString(w) || strings.ContainsAny(w, "\x00\x1b\x7f") {
			t.Errorf("not clean text: %q", w)
		}
	}
}

func FuzzDecode(f *testing.F) {
	seedSamples(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := Decode(bytes.NewReader(data))
		if err != nil {
			t.Fatalf("a message made an error: %v", err)
		}
		checkReport(t, r)
	})
}

func FuzzDecodeParts(f *testing.F) {
	f.Add([]byte("From: MAILER-DAEMON@mx.example\n\n"), "message/delivery-status", "", "Final-Recipient: rfc822; a@b.example\nAction: failed\n", "base64", "utf-7")
	f.Add([]byte("From: postmaster@mx.example\nSubject: Undeliverable\n\n"), "text/html", "message/rfc822", "<p>a@b.example could not be delivered</p>", "quoted-printable", "iso-2022-jp")
	f.Fuzz(func(t *testing.T, head []byte, kind1, kind2, body, encoding, charset string) {
		checkReport(t, DecodeParts(head, []Part{
			{Type: kind1, Body: []byte(body), Encoding: encoding, Charset: charset},
			{Type: kind2, Body: []byte(body)},
			{Type: "text/plain", Body: []byte(body)},
		}))
	})
}

func FuzzText(f *testing.F) {
	seedSamples(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		text := strings.ToValidUTF8(string(data), "?")
		got := readText(text[:min(len(text), usualText)], func() string { return text }, textContext{own: []string{"anna@studio.example"}})
		for _, found := range got.findings {
			if !strings.Contains(found.addr, "@") || found.line >= len(got.lines) {
				t.Errorf("found %+v in %d lines", found, len(got.lines))
			}
		}
	})
}

func FuzzStatus(f *testing.F) {
	f.Add("Reporting-MTA: dns; a.example\n\nFinal-Recipient: rfc822; b@c.example\nAction: failed\nStatus: 5.1.1\n")
	f.Add("Final-Recipient rfc822;<@d.example:b@c.example>\nAction: delayed (x)\nWill-Retry-Until: Thu, 26 Jan 2023 09:15:02 +0100\n\nDiagnostic-Code: smtp; 550-5.1.1 x\n 550 5.1.1 y\n")
	f.Add("Final-Recipient: utf-8; jos\\x{E9}@c.example\nOriginal-Recipient: rfc822;a+2Bb@c.example\nAction: expired\n")
	f.Fuzz(func(t *testing.T, text string) {
		st := parseStatus(strings.ToValidUTF8(text, "?"))
		for _, g := range st.recipients {
			rc := st.recipient(g)
			if strings.ContainsAny(rc.Reply, "\r\n") || rc.Address != "" && !strings.Contains(rc.Address, "@") {
				t.Errorf("%+v", rc)
			}
		}
	})
}

func FuzzDate(f *testing.F) {
	for _, s := range []string{"Tue, 24 Jan 2023 09:15:02 +0100 (CET)", "24-Jan-2023 09:15", "1/24/2023 9:15:02 PM", "2023-01-24T09:15:02Z", "Tue Jan 24 09:15:02 2023", "24 Jan 23 09:15 EST"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if d := parseDate(s); !d.IsZero() {
			if again := parseDate(d.String()); !again.At.Equal(d.At) || again.Zoned != d.Zoned {
				t.Errorf("%q is read as %s, and that as %s", s, d, again)
			}
		}
	})
}

func FuzzWords(f *testing.F) {
	for _, s := range []string{"=?utf-8?Q?gi=C3=A0?=", "=?iso-2022-jp?B?GyRCJWEhPCVrGyhC?= x", "=?utf-7?Q?+AOk-?=", "=?x?y?z?=", "=?utf-8?B?w6g?= =?utf-8?B?w6g=?="} {
		f.Add(s, "utf-7")
	}
	f.Fuzz(func(t *testing.T, s, charset string) {
		for _, out := range []string{decodeWords(s), decodeCharset([]byte(s), charset), htmlText(decodeCharset([]byte(s), "")), oneLine(s, 100)} {
			if !utf8.ValidString(out) {
				t.Errorf("%q became %q", s, out)
			}
		}
	})
}

func FuzzAddress(f *testing.F) {
	for _, s := range []string{"rfc822;<a@b.example>", `"a b" <"x y"@b.example>, c@d.example`, "@r.example:a@b.example", "utf-8;jos\\x{E9}@c.example", "multipart/report; boundary=\"a\\\"b\"; report-type=x"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, a := range append(addressList(s, 50), bareAddress(s)) {
			if a != "" && (strings.Count(a, "@") == 0 || strings.HasSuffix(a, "@")) {
				t.Errorf("%q gave %q", s, a)
			}
		}
		for _, sp := range findAddresses(s) {
			if sp.start < 0 || sp.end > len(s) || sp.start >= sp.end {
				t.Errorf("%q gave %+v", s, sp)
			}
		}
		if m := parseMedia(s); m.kind == "" {
			t.Errorf("%q has no type", s)
		}
	})
}
