package checklist

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-message"
	_ "github.com/emersion/go-message/charset"
	"github.com/emersion/go-message/mail"

	"rimbalzo/internal/advice"
)

const original = `Received: from pc.studio.example by mx1.studio.example; Wed, 25 Jan 2023 17:12:01 +0100
Return-Path: <maria@studio.example>
DKIM-Signature: v=1; a=rsa-sha256; d=studio.example; s=a;
 b=AAAA
X-Mailer: Foo 1.0
X-Secret-Note: Bcc to the boss
From: =?iso-8859-1?Q?Maria_Ros=E0?= <maria@studio.example>
To: "Ferri, Lucia" <lucia@libero.it>, Paolo <Paolo@LIBERO.it>,
 arrived@gmail.com
Cc: anna@iol.it, =?utf-8?B?Q2Fyw6A=?= <cara@virgilio.it>
Bcc: hidden@libero.it, second@blu.it
Message-ID: <one@studio.example>
Date: Wed, 25 Jan 2023 17:12:00 +0100
Subject: =?utf-8?Q?Preventivo_=E2=82=AC_100?=
In-Reply-To: <zero@libero.it>
References: <a@libero.it>
 <zero@libero.it>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="b b"

--b b
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

Però è così.
--b b
Content-Type: application/pdf; name=a.pdf
Content-Transfer-Encoding: base64
Content-Disposition: attachment; filename=a.pdf

JVBERi0xLjQK
--b b--
`

var copiedAt = time.Date(2023, 1, 27, 18, 0, 0, 0, time.FixedZone("", 3600))

func forAll(recipients ...string) (items []*advice.Item) {
	for _, r := range recipients {
		items = append(items, &advice.Item{MessageID: "one@studio.example", Recipient: r, Subject: "Preventivo"})
	}
	return items
}

func letterOf(t testing.TB, raw string, headOnly bool) Letter {
	t.Helper()
	l, err := ReadLetter(strings.NewReader(raw), headOnly)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// copied gives the file that a copy makes.
func copied(c Copy) []byte {
	var b bytes.Buffer
	_, _ = c.WriteTo(&b) // a buffer takes everything
	return b.Bytes()
}

func copiesOf(t testing.TB, l Letter, recipients ...string) []Copy {
	t.Helper()
	copies, err := Copies(l, forAll(recipients...), copiedAt)
	if err != nil {
		t.Fatal(err)
	}
	return copies
}

// names gives the addresses of a field of a copy, read by another program's parser.
func names(t testing.TB, c Copy, field string) string {
	t.Helper()
	r, err := mail.CreateReader(bytes.NewReader(copied(c)))
	if err != nil {
		t.Fatalf("%v in %s", err, copied(c))
	}
	list, err := r.Header.AddressList(field)
	if err != nil {
		t.Fatalf("%s: %v", field, err)
	}
	var all []string
	for _, a := range list {
		all = append(all, a.Name+"|"+a.Address)
	}
	return strings.Join(all, " ")
}

// TestCopyReadBack: a copy is a draft for those whom the message did not reach, with its text and its attachment.
func TestCopyReadBack(t *testing.T) {
	for name, ends := range map[string]string{"LF": original, "CR LF": strings.ReplaceAll(original, "\n", "\r\n")} {
		copies := copiesOf(t, letterOf(t, ends, false), "lucia@libero.it", "cara@virgilio.it")
		if len(copies) != 1 {
			t.Fatalf("%s: %d copies", name, len(copies))
		}
		c := copies[0]
		if to, cc := names(t, c, "To"), names(t, c, "Cc"); to != "Ferri, Lucia|lucia@libero.it" || cc != "Carà|cara@virgilio.it" {
			t.Errorf("%s: to %q, cc %q", name, to, cc)
		}
		r, err := mail.CreateReader(bytes.NewReader(copied(c)))
		if err != nil {
			t.Fatal(err)
		}
		subject, _ := r.Header.Subject()
		date, _ := r.Header.Date()
		id, _ := r.Header.MessageID()
		if subject != "Preventivo € 100" || !date.Equal(copiedAt) || !strings.HasSuffix(id, "@studio.example") || id == "one@studio.example" {
			t.Errorf("%s: subject %q, date %s, id %q", name, subject, date, id)
		}
		if refs, err := r.Header.MsgIDList("References"); err != nil || !slices.Equal(refs, []string{"a@libero.it", "zero@libero.it"}) || r.Header.Get("X-Unsent") != "1" || names(t, c, "From") != "Maria Rosà|maria@studio.example" {
			t.Errorf("%s: %s", name, copied(c))
		}
		var parts []string
		for {
			p, err := r.NextPart()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			body, _ := io.ReadAll(p.Body)
			parts = append(parts, string(body))
		}
		if !slices.Equal(parts, []string{"Però è così.", "%PDF-1.4\n"}) {
			t.Errorf("%s: parts %q", name, parts)
		}
		var fields []string
		for f := r.Header.Fields(); f.Next(); {
			fields = append(fields, f.Key())
		}
		if want := []string{"X-Unsent", "Date", "From", "To", "Cc", "Message-Id", "Subject", "In-Reply-To", "References", "Mime-Version", "Content-Type"}; !slices.Equal(fields, want) {
			t.Errorf("%s: fields %q, want %q", name, fields, want)
		}
		sound(t, copied(c))
	}
}

// sound fails where a copy's header breaks a rule that mail programs rely on.
func sound(t testing.TB, data []byte) {
	t.Helper()
	head, _, ok := strings.Cut(string(data), "\r\n\r\n")
	if !ok {
		t.Fatalf("no end of the header in %q", data)
	}
	for _, line := range strings.Split(head, "\r\n") {
		if len(line) > 998 || strings.ContainsAny(line, "\r\n\x00") || strings.TrimSpace(line) == "" {
			t.Errorf("a line that is none: %.200q", line)
		}
	}
}

// TestNobodyElseIsNamed: who got it, and who was hidden, stands in no copy but his own.
func TestNobodyElseIsNamed(t *testing.T) {
	l := letterOf(t, original, false)
	everybody := []string{"lucia", "paolo@", "arrived", "anna", "cara", "hidden", "second", "boss"}
	for name, tc := range map[string]struct {
		failed []string
		want   [][]string // who is named in each copy
	}{
		"one of three":       {[]string{"lucia@libero.it"}, [][]string{{"lucia"}}},
		"another spelling":   {[]string{"paolo@libero.it"}, [][]string{{"paolo@"}}},
		"a copy":             {[]string{"anna@iol.it"}, [][]string{{"anna"}}},
		"a hidden one":       {[]string{"hidden@libero.it"}, [][]string{{"hidden"}}},
		"two hidden ones":    {[]string{"hidden@libero.it", "second@blu.it"}, [][]string{{"hidden"}, {"second"}}},
		"hidden and visible": {[]string{"hidden@libero.it", "lucia@libero.it", "anna@iol.it"}, [][]string{{"lucia", "anna"}, {"hidden"}}},
		"a forwarder's":      {[]string{"elsewhere@libero.it"}, [][]string{{"elsewhere"}}},
		"named twice":        {[]string{"lucia@libero.it", "LUCIA@libero.it"}, [][]string{{"lucia"}}},
		"no address":         {[]string{"x@libero.it>\r\nBcc: y@evil.example", "", "lucia"}, nil},
	} {
		copies := copiesOf(t, l, tc.failed...)
		if len(copies) != len(tc.want) {
			t.Errorf("%s: %d copies, want %d", name, len(copies), len(tc.want))
			continue
		}
		for i, c := range copies {
			head, _, _ := bytes.Cut(copied(c), []byte("\r\n\r\n"))
			for _, who := range append(everybody, "elsewhere") {
				if named := strings.Contains(strings.ToLower(string(head)), who); named != slices.Contains(tc.want[i], who) {
					t.Errorf("%s: copy %d names %s: %v", name, i, who, named)
				}
			}
			if len(c.Recipients) != len(tc.want[i]) {
				t.Errorf("%s: copy %d is for %q", name, i, c.Recipients)
			}
		}
	}
	again := copiesOf(t, l, "hidden@libero.it", "second@blu.it")
	first := letterOf(t, string(copied(again[0])), false)
	if !bytes.Equal(copied(again[0]), copied(copiesOf(t, l, "hidden@libero.it")[0])) || bytes.Contains(copied(again[1]), []byte(first.MessageID())) {
		t.Error("the same copy is made otherwise, or two share an id")
	}
}

// TestHostileOriginals: whatever an original's header holds, a copy has the fields of a copy, each once.
func TestHostileOriginals(t *testing.T) {
	allowed := []string{
		"X-Unsent", "Date", "From", "Reply-To", "To", "Cc", "Message-Id", "Subject", "In-Reply-To", "References", "Importance", "Content-Language", "Mime-Version",
		"Content-Type", "Content-Transfer-Encoding", "Content-Disposition",
	}
	check := func(raw string) {
		t.Helper()
		l, err := ReadLetter(strings.NewReader(raw), false)
		if err != nil {
			return
		}
		copies, err := Copies(l, forAll("lucia@libero.it"), copiedAt)
		if err != nil {
			return
		}
		for _, c := range copies {
			sound(t, copied(c))
			e, err := message.Read(bytes.NewReader(copied(c)))
			if err != nil && !message.IsUnknownCharset(err) && !message.IsUnknownEncoding(err) {
				t.Fatalf("%v in %.300q", err, copied(c))
			}
			seen := map[string]bool{}
			for f := e.Header.Fields(); f.Next(); {
				if seen[f.Key()] || !slices.Contains(allowed, f.Key()) {
					t.Errorf("with %.200q: field %q", raw, f.Key())
				}
				seen[f.Key()] = true
			}
			if list, err := (&mail.Header{Header: e.Header}).AddressList("To"); err != nil || len(list) != 1 || list[0].Address != "lucia@libero.it" {
				t.Errorf("with %.200q: %v, to %v", raw, err, list)
			}
		}
	}
	for _, s := range hostileStrings(t) {
		check("From: " + s + "\nTo: lucia@libero.it\nSubject: " + s + "\nReferences: " + s + "\nContent-Type: " + s + "\n\nx")
		check("Subject: a\n " + s + "\nTo: \"" + s + "\" <lucia@libero.it>\nReply-To: " + s + " <a@b.example>\n\n" + s)
	}
	for _, head := range []string{
		"Subject: a\rBcc: evil@evil.example", "Subject: a\x00\x0b\x0c\x85b\u2028c", "Subject: =?utf-8?Q?a=0D=0ABcc:_evil@evil.example?=",
		"To: =?utf-8?Q?a=0D=0ABcc:_evil@evil.example?= <lucia@libero.it>", "From: =?utf-8?Q?=0D=0ABcc:x?= <a@b.example>", "Content-Type: text/plain\nContent-Type: text/html",
		"Content-Type: text/plain;\r\n x=\"\rBcc: evil@evil.example\"", "Subject: " + strings.Repeat("x", 100_000), "Subject: " + strings.Repeat("è", 5_000),
		"References: " + strings.Repeat("<a@b.example> ", 20_000), "Content-Type: text/" + strings.Repeat("x", 2_000), "Subject : a", ": b", "\n",
		"From a@b Wed Jan 25 22:00:05 2023\nSubject: a", "Subject: " + strings.Repeat(" ", 5_000) + "x", strings.Repeat("A: b\n", 50_000), strings.Repeat("Subject:\n x\n", 3),
	} {
		check(head + "\nTo: lucia@libero.it\n\nx")
	}
	if _, err := ReadLetter(io.MultiReader(strings.NewReader("To: a@b.example\n\n"), io.LimitReader(zeros{}, MaxLetter+1)), false); !errors.Is(err, ErrLetter) {
		t.Errorf("too large: %v", err)
	}
	long := letterOf(t, "Content-Type: text/plain; x="+strings.Repeat("x", 2_000)+"\nTo: lucia@libero.it\n\nx", false)
	if _, err := Copies(long, forAll("lucia@libero.it"), copiedAt); !errors.Is(err, ErrLetter) {
		t.Errorf("a body that could not be read without its field: %v", err)
	}
}

// zeros never ends.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) { return len(p), nil }

// TestReturned: of what a bounce returns a copy is made, and it is known when something is missing.
func TestReturned(t *testing.T) {
	report := func(kind, encoding, inside, tail string) string {
		return "From: MAILER-DAEMON@x.example\nContent-Type: multipart/report; boundary=R\n\n--R\nContent-Type: text/plain\n\nSorry.\n--R\nContent-Type: " +
			kind + "\nContent-Transfer-Encoding: " + encoding + "\n\n" + inside + tail
	}
	encoded := "RnJvbTogbWFyaWFAc3R1ZGlvLmV4YW1wbGUKVG86IGx1Y2lhQGxpYmVyby5pdAoKY2lhbwo="
	for name, tc := range map[string]struct {
		bounce               string
		found, headOnly, cut bool
		says                 string
	}{
		"whole":        {report("message/rfc822", "8bit", original, "\n--R--\n"), true, false, false, "Però è così."},
		"in base64":    {report("message/rfc822", "base64", encoded, "\n--R--\n"), true, false, false, "ciao"},
		"its header":   {report("text/rfc822-headers", "7bit", original[:strings.Index(original, "\n\n")+1], "\n--R--\n"), true, true, false, ""},
		"cut short":    {report("message/rfc822", "8bit", original[:len(original)-40], "\n--R--\n"), true, false, true, "Però è così."},
		"cut itself":   {report("message/rfc822", "8bit", original[:len(original)-40], ""), true, false, true, "Però è così."},
		"nothing":      {report("message/delivery-status", "7bit", "Action: failed", "\n--R--\n"), false, false, false, ""},
		"no report":    {original, false, false, false, ""},
		"endless nest": {strings.Repeat("Content-Type: multipart/mixed; boundary=R\n\n--R\n", 100), false, false, false, ""},
		"no boundary":  {"Content-Type: multipart/report\n\n--\n\nx", false, false, false, ""},
		"many parts":   {"Content-Type: multipart/mixed; boundary=R\n\n" + strings.Repeat("--R\n\nx\n", 10_000), false, false, false, ""},
	} {
		l, ok := Returned(strings.NewReader(tc.bounce))
		if ok != tc.found || l.HeadOnly != tc.headOnly || l.Cut != tc.cut {
			t.Errorf("%s: found %v, head only %v, cut %v", name, ok, l.HeadOnly, l.Cut)
		}
		if !ok {
			continue
		}
		c := copiesOf(t, l, "lucia@libero.it")[0]
		if !bytes.Contains(copied(c), []byte(tc.says)) || names(t, c, "To") == "" {
			t.Errorf("%s: %s", name, copied(c))
		}
		copied := letterOf(t, string(copied(c)), false)
		if kind, _, _ := mime.ParseMediaType(copied.get("Content-Type")); tc.headOnly && kind != "text/plain" {
			t.Errorf("%s: a copy without a body is %s", name, kind)
		}
	}
	bare := copiesOf(t, Letter{HeadOnly: true}, "lucia@libero.it", "anna@iol.it")
	if len(bare) != 2 || names(t, bare[0], "To") != "|lucia@libero.it" || !bytes.Contains(copied(bare[0]), []byte("Subject: Preventivo\r\n")) {
		t.Errorf("of nothing at hand: %d copies", len(bare))
	}
}

func FuzzCopies(f *testing.F) {
	f.Add([]byte(original))
	f.Add([]byte("To: lucia@libero.it, \"a\rBcc: x\" <b@c.example>\nSubject: a\r b\n\n"))
	f.Add([]byte("Content-Type: multipart/report; boundary=R\n\n--R\nContent-Type: message/rfc822\n\nTo: lucia@libero.it\n\nx\n--R--\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		letters := []Letter{}
		if l, err := ReadLetter(bytes.NewReader(data), false); err == nil {
			letters = append(letters, l)
		}
		if l, ok := Returned(bytes.NewReader(data)); ok {
			letters = append(letters, l)
		}
		for _, l := range letters {
			copies, err := Copies(l, forAll("lucia@libero.it", "hidden@libero.it"), copiedAt)
			if err != nil {
				continue
			}
			for _, c := range copies {
				sound(t, copied(c))
				if h := strings.ToLower(string(copied(c)[:bytes.Index(copied(c), []byte("\r\n\r\n"))])); strings.Contains(h, "\nbcc:") || strings.Contains(h, "\nreceived:") {
					t.Errorf("a field that no copy has in %q", h)
				}
			}
		}
	})
}
