package mailbox

import (
	"errors"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// FuzzShape holds the look at a file's beginning to its promise: what it calls an mbox has a message in it.
func FuzzShape(f *testing.F) {
	f.Add([]byte(from1 + eml))
	f.Add([]byte("root:x:0:0:root:/root:/bin/sh\n"))
	f.Add([]byte("\x00\x00ost\n" + from1 + eml))
	f.Fuzz(func(t *testing.T, in []byte) {
		in = in[:min(len(in), bufferSize)]
		texts, _, _ := split(strings.NewReader(string(in)))
		if shapeOf(in) == shapeMbox && len(texts) == 0 {
			t.Errorf("an mbox without messages: %q", in)
		}
	})
}

// FuzzFromLineDate holds dates to lie within the years that it accepts.
func FuzzFromLineDate(f *testing.F) {
	f.Add([]byte("From ada@sender.example Mon Jan 23 10:00:00 +0100 2023"))
	f.Add([]byte("From ada Mon, 23 Jan 2023 11:00:00 CET"))
	f.Fuzz(func(t *testing.T, line []byte) {
		at, ok := fromLineDate(line)
		if ok == at.IsZero() || ok && (at.Year() < 1969 || at.Year() > 9001 || at.Location() != time.UTC) {
			t.Errorf("%q: %v %v", line, at, ok)
		}
	})
}

// FuzzUTF7 holds decoded names to be text.
func FuzzUTF7(f *testing.F) {
	f.Add("Entw&APw-rfe")
	f.Add("&2D3eAA-")
	f.Add("A&-B")
	f.Fuzz(func(t *testing.T, name string) {
		if got, err := decodeUTF7(name); err == nil && !utf8.ValidString(got) {
			t.Errorf("%q becomes %q", name, got)
		}
	})
}

// FuzzParseURL holds errors about an address to keep the password to themselves.
func FuzzParseURL(f *testing.F) {
	f.Add("imaps://ada:", "@imap.example")
	f.Add("imap://", "@[::1]:143/")
	f.Fuzz(func(t *testing.T, start, end string) {
		const secret = "xyzzy-s3cret"
		a, err := parseURL(start + secret + end)
		if err != nil && strings.Contains(err.Error(), secret) {
			t.Errorf("%q: %v", start+secret+end, err)
		}
		var e *Error
		if err != nil && !errors.As(err, &e) || err == nil && (a.host == "" || a.port == "" || a.user == "") {
			t.Errorf("%q: %+v, %v", start+secret+end, a, err)
		}
	})
}
