package checklist

import (
	"net/url"
	"strings"
	"testing"
)

// TestMailto: a short plain text fits into a link, and comes out of it as it was; whatever is more does not.
func TestMailto(t *testing.T) {
	head := "From: a@b.example\nTo: \"Ferri, Lucia\" <lucia@libero.it>, anna+x@iol.it\nCc: cara@virgilio.it\nSubject: =?utf-8?Q?Preventivo_=E2=82=AC_100_&_pi=C3=B9?=\nMessage-ID: <1@x>\n"
	alternative := "Content-Type: multipart/alternative; boundary=B\n\n--B\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\nUGVyw7IgY29zw6wu\n--B\nContent-Type: text/html\n\n<b>Però così.</b>\n--B--\n"
	for name, tc := range map[string]struct {
		content string
		text    string // "" where there is no link
	}{
		"plain":           {"\nciao & a=b?\nè 100%\n", "ciao & a=b?\r\nè 100%"},
		"latin":           {"Content-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n\nper=F2\n", "però"},
		"flowed":          {"Content-Type: text/plain; format=flowed\n\none \ntwo\n  three\n", "one two\r\n three"},
		"HTML beside it":  {alternative, "Però così."},
		"with attachment": {"Content-Type: multipart/mixed; boundary=B\n\n--B\n\nciao\n--B\nContent-Type: image/png\n\nx\n--B--\n", ""},
		"a picture":       {strings.Replace(alternative, "text/html", "image/png", 1), ""},
		"HTML alone":      {"Content-Type: text/html\n\n<b>x</b>\n", ""},
		"long":            {"\n" + strings.Repeat("parola ", 300), ""},
		"long when coded": {"\n" + strings.Repeat("è", 400), ""},
		"unknown letters": {"Content-Type: text/plain; charset=klingon\n\nx\n", ""},
		"not letters":     {"Content-Type: text/plain; charset=utf-8\n\n\xff\xfe\n", ""},
		"cut short":       {strings.TrimSuffix(alternative, "--B--\n"), ""},
		"signed":          {"Content-Type: multipart/signed; boundary=B\n\n--B\n\nciao\n--B\nContent-Type: application/pgp-signature\n\nx\n--B--\n", ""},
	} {
		l := letterOf(t, head+tc.content, false)
		link, ok := copiesOf(t, l, "lucia@libero.it", "cara@virgilio.it")[0].Mailto()
		if ok != (tc.text != "") || !ok {
			if ok != (tc.text != "") {
				t.Errorf("%s: a link: %v", name, ok)
			}
			continue
		}
		u, err := url.Parse(link)
		if err != nil || u.Scheme != "mailto" || u.Opaque != "lucia@libero.it" || len(link) > maxMailto || strings.Contains(link, "+") {
			t.Fatalf("%s: %v, %q", name, err, link)
		}
		q, err := url.ParseQuery(u.RawQuery)
		if err != nil || len(q) != 3 || q.Get("cc") != "cara@virgilio.it" || q.Get("subject") != "Preventivo € 100 & più" || q.Get("body") != tc.text {
			t.Errorf("%s: %v %q", name, err, q)
		}
	}
	for _, s := range hostileStrings(t) {
		l := letterOf(t, "To: lucia@libero.it\nSubject: "+strings.NewReplacer("\n", " ", "\r", " ").Replace(s)+"\n\nx&bcc=evil@evil.example\n", false)
		link, ok := copiesOf(t, l, "lucia@libero.it")[0].Mailto()
		if u, err := url.Parse(link); ok && (err != nil || len(u.Query()) > 2 || u.Query().Has("bcc") || u.Fragment != "") {
			t.Errorf("%v: %q", err, link)
		}
	}
}

// TestSignedBodies: of what is signed not a byte changes, and the field that parts it stays what it is.
func TestSignedBodies(t *testing.T) {
	body := "--b  b\r\nContent-Type: text/plain\r\n\r\n a trailing blank \r\nlone\nfeed and\rreturn\r\n--b  b\r\nContent-Type: application/pkcs7-signature\r\n\r\nAAAA\r\n--b  b--\r\n"
	head := "To: lucia@libero.it\r\nContent-Type: multipart/signed; protocol=\"application/pkcs7-signature\"; micalg=sha-256;\r\n boundary=\"b  b\"\r\n\r\n"
	c := copied(copiesOf(t, letterOf(t, head+body, false), "lucia@libero.it")[0])
	if !strings.HasSuffix(string(c), "\r\n\r\n"+body) || !strings.Contains(string(c), `boundary="b  b"`) {
		t.Errorf("%q", c)
	}
	unix := strings.NewReplacer("\r\n", "\n", "lone\nfeed and\rreturn", "line").Replace(head + body)
	want := strings.Replace(body, "lone\nfeed and\rreturn", "line", 1)
	if c := copied(copiesOf(t, letterOf(t, unix, false), "lucia@libero.it")[0]); !strings.HasSuffix(string(c), "\r\n\r\n"+want) {
		t.Errorf("from a file of Unix: %q", c)
	}
	large := head + strings.Repeat("0123456789abcd\r\n", 200_000) + "--b  b--"
	l := letterOf(t, large, false)
	if c := copied(copiesOf(t, l, "lucia@libero.it")[0]); !strings.HasSuffix(string(c), large[len(head):]) || l.Cut {
		t.Error("a large one is another, or is taken for cut short")
	}
}

// TestReturnedBelow: a message that a server put below its words is found there.
func TestReturnedBelow(t *testing.T) {
	inside := "Return-Path: <a@b.example>\nFrom: a@b.example\nTo: lucia@libero.it\nMessage-ID: <1@x>\nSubject: ciao\n\ntesto: due punti\n"
	for name, tc := range map[string]struct {
		bounce   string
		found    bool
		headOnly bool
	}{
		"qmail":           {"Subject: failure notice\n\nHi. This is the qmail-send program.\n\n<lucia@libero.it>:\nno.\n\n--- Below this line is a copy of the message.\n\n" + inside, true, false},
		"Exim":            {"Subject: failed\n\n  lucia@libero.it\n    no\n\n------ This is a copy of the message, including all the headers. ------\n\n" + inside, true, false},
		"its header":      {"Subject: failed\n\nno\n\n------ headers ------\n" + strings.SplitAfter(inside, "ciao\n")[0], true, true},
		"quoted":          {"Subject: failed\nContent-Transfer-Encoding: quoted-printable\n\nno\n\n" + strings.ReplaceAll(inside, ":", "=3A"), true, false},
		"in a part":       {"Content-Type: multipart/mixed; boundary=R\n\n--R\n\nno\n\n" + inside + "\n--R--\n", true, false},
		"no id":           {"Subject: failed\n\n" + strings.Replace(inside, "Message-ID", "X", 1), false, false},
		"words alone":     {"Subject: failed\n\nno: room\nfor: you\n\nbye: now\n", false, false},
		"in the middle":   {"Subject: failed\n\nas you wrote\n" + inside, false, false},
		"no end of words": {"Subject: failed\n\n" + strings.Repeat("no\n\n", 100_000) + inside, false, false},
	} {
		l, ok := Returned(strings.NewReader(tc.bounce))
		if ok != tc.found || l.HeadOnly != tc.headOnly || ok && l.MessageID() != "1@x" {
			t.Errorf("%s: found %v, head only %v, %q", name, ok, l.HeadOnly, l.MessageID())
		}
	}
}
