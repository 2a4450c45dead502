package probe

import (
	"bufio"
	"bytes"
	"net/http"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// seeds are what servers say, good and bad.
func seeds(f *testing.F, tables ...[]said) {
	for _, table := range tables {
		for _, s := range table {
			f.Add(s.text)
		}
	}
	for _, s := range []string{"", "220", "220-", "220\t", "2200 x", "250-\r\n250", "+OK", "-ERR [", "-ERR [SYS/TEMP", "\xff\x00", strings.Repeat("250-x\r\n", 300)} {
		f.Add(s)
	}
}

// sane looks that a failure has a name of its own, and that what is kept of a server's words is short and harmless.
func sane(t *testing.T, text string, err error) {
	t.Helper()
	ending, words := endingOf(err)
	if _, known := meanings[ending]; !known || (err != nil && ending == EndingOK) {
		t.Errorf("%q ends with %q", text, ending)
	}
	if len(words) > maxText || !utf8.ValidString(words) || strings.ContainsAny(words, "\r\n\x00\x1b") {
		t.Errorf("%q is kept of %q", words, text)
	}
}

// FuzzSMTPReply: any lines are a reply with a code, or garbage.
func FuzzSMTPReply(f *testing.F) {
	seeds(f, smtpGreetings, smtpLogins)
	f.Fuzz(func(t *testing.T, text string) {
		lines := strings.Split(text, "\r\n")
		r, err := parseReply(lines)
		sane(t, text, err)
		if err != nil {
			return
		}
		if r.code < 200 || r.code > 599 || len(r.lines) != len(lines) || !lastReplyLine(lines[len(lines)-1]) {
			t.Errorf("%q is %+v", text, r)
		}
		if r.enhanced != "" && int(r.enhanced[0]-'0') != r.code/100 {
			t.Errorf("%q has the enhanced code %s", text, r.enhanced)
		}
		sane(t, text, r.greetingFailure())
		sane(t, text, r.authFailure())
		sane(t, text, r.failure(sayEHLO))
		if r.code == 220 && r.greetingFailure() != nil {
			t.Errorf("%q does not greet", text)
		}
		for name := range r.extensions() {
			if strings.ContainsAny(name, " ") || len(r.extensions()) > maxExtensions {
				t.Errorf("%q offers %q", text, name)
			}
		}
	})
}

// FuzzPOP3Reply: any line is +OK, -ERR or garbage.
func FuzzPOP3Reply(f *testing.F) {
	seeds(f, popGreetings)
	f.Fuzz(func(t *testing.T, text string) {
		err := popFailure(text, EndingGreeting5xx)
		sane(t, text, err)
		if (err == nil) != popOK(text) {
			t.Errorf("%q: %v", text, err)
		}
		if names := capaOf(strings.Split(text, "\r\n")); len(names) > maxExtensions {
			t.Errorf("%d names", len(names))
		}
	})
}

// FuzzPage: any header of a page has an ending, and nobody is led away from https.
func FuzzPage(f *testing.F) {
	for _, s := range []string{
		"HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 302 Found\r\nLocation: http://x/\r\n\r\n", "HTTP/1.1 301 x\r\nLocation: //mail.example\r\n\r\n",
		"HTTP/1.0 503 x\r\nRetry-After: 120\r\n\r\n", "HTTP/1.1 500 x\r\nRetry-After: Fri, 27 Jan 2023 10:00:00 GMT\r\n\r\n",
		"HTTP/1.1 307 x\r\nLocation: https://a:b@c:0/\r\n\r\n", "HTTP/1.1 999 x\r\n\r\n", "HTTP/1.1 302 x\r\nLocation: javascript:alert(1)\r\n\r\n",
	} {
		f.Add(s)
	}
	now := time.Date(2023, 1, 26, 18, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, text string) {
		head, err := http.ReadResponse(bufio.NewReader(bytes.NewBufferString(text)), nil)
		if err != nil {
			return
		}
		r := newRun(t.Context(), Target{Kind: KindWeb, Host: "https://mail.example/"}, Deps{Now: func() time.Time { return now }})
		page := mustPage(t, "https://mail.example/")
		next, err := r.judgePage(head, page)
		sane(t, text, err)
		if next != nil && (next.Scheme != "https" || next.User != nil || !validHost(next.Hostname())) {
			t.Errorf("%q leads to %s", text, next)
		}
		if at := r.result.RetryAfter; !at.IsZero() && (at.Before(now) || at.Sub(now) > maxWait) {
			t.Errorf("%q asks to come back at %v", text, at)
		}
	})
}
