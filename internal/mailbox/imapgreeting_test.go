package mailbox

import (
	"errors"
	"net"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"rimbalzo/internal/words"
)

func TestReadGreeting(t *testing.T) {
	for line, want := range map[string]struct{ kind, server string }{
		"* OK [CAPABILITY IMAP4rev1 SASL-IR LOGIN-REFERRALS ID ENABLE IDLE LITERAL+ AUTH=PLAIN] Dovecot (Debian) ready.": {},
		"* OK Gimap ready for requests from 192.0.2.1 a1mb2ews":                                                          {},
		"* OK The Microsoft Exchange IMAP4 service is ready.":                                                            {},
		"* OK [CAPABILITY IMAP4rev1 UIDPLUS] Courier-IMAP ready. Copyright 1998-2021 Double Precision, Inc.":             {},
		"* ok ready":       {},
		"*  OK two blanks": {},
		"* PREAUTH IMAP4rev1 server logged in as Smith": {},
		"* BYE Autologout; idle for too long":           {KindBye, "Autologout; idle for too long"},
		"* BYE":                                         {KindBye, ""},
		"* BYE [ALERT] Too many connections":            {KindBye, "Too many connections"},
		"* bye [unavailable] Temporary problem":         {KindUnavailable, "Temporary problem"},
		"* BYE [LIMIT] x":                               {KindLimit, "x"},
		"* BYE [SERVERBUG] x":                           {KindServerBug, "x"},
		"* BYE [INUSE] x":                               {KindInUse, "x"},
		"* BYE [UNAVAILABLE":                            {KindBye, "[UNAVAILABLE"},
		"* NO go away":                                  {KindNotIMAP, "* NO go away"},
		"220 mail.example ESMTP Postfix (Debian)":       {KindIsSMTP, "220 mail.example ESMTP Postfix (Debian)"},
		"220-mail.example ESMTP Exim 4.96":              {KindIsSMTP, "220-mail.example ESMTP Exim 4.96"},
		"421 4.3.2 Service not available":               {KindIsSMTP, "421 4.3.2 Service not available"},
		"554 5.7.1 No SMTP service here":                {KindIsSMTP, "554 5.7.1 No SMTP service here"},
		"220":                                           {KindIsSMTP, "220"},
		"220 (vsFTPd 3.0.3)":                            {KindNotIMAP, "220 (vsFTPd 3.0.3)"},
		"+OK Dovecot ready.":                            {KindIsPOP3, "+OK Dovecot ready."},
		"-ERR too many connections":                     {KindIsPOP3, "-ERR too many connections"},
		"HTTP/1.1 400 Bad Request":                      {KindIsHTTP, "HTTP/1.1 400 Bad Request"},
		"SSH-2.0-OpenSSH_9.2p1":                         {KindNotIMAP, "SSH-2.0-OpenSSH_9.2p1"},
		"22 apples":                                     {KindNotIMAP, "22 apples"},
		"2200 apples":                                   {KindNotIMAP, "2200 apples"},
		"":                                              {KindNotIMAP, ""},
		"* ":                                            {KindNotIMAP, "*"},
	} {
		got, err := readGreeting(line)
		var e *Error
		switch {
		case want.kind == "" && (err != nil || got != line):
			t.Errorf("%q: %v", line, err)
		case want.kind != "" && (!errors.As(err, &e) || e.Kind != want.kind || e.Server != want.server):
			t.Errorf("%q: %v, want %v", line, err, want)
		}
	}
}

// TestSilenceWhereTLSComesFirst has a server wait for TLS on port 993 while it is asked to begin in clear text.
func TestSilenceWhereTLSComesFirst(t *testing.T) {
	for port, kind := range map[string]string{"993": KindTLSFirst, "143": KindSilent} {
		near, far := net.Pipe()
		cfg := IMAPConfig{Timeouts: Timeouts{Dial: 50 * time.Millisecond}}
		_, err := account{host: "imap.example", port: port, user: testUser}.newCourse(&cfg).greet(t.Context(), near, near)
		var e *Error
		if !errors.As(err, &e) || e.Kind != kind {
			t.Errorf("port %s: %v", port, err)
		}
		checkWords(t, err)
		far.Close()
	}
}

func TestResponseCode(t *testing.T) {
	for text, want := range map[string][2]string{
		"[UNAVAILABLE] try later":             {"UNAVAILABLE", "try later"},
		"[CAPABILITY IMAP4rev1 ID] ready":     {"CAPABILITY", "ready"},
		"[AUTHENTICATIONFAILED]":              {"AUTHENTICATIONFAILED", ""},
		"[] nothing":                          {"", "nothing"},
		"[ALERT] [LIMIT] two":                 {"ALERT", "[LIMIT] two"},
		"plain":                               {"", "plain"},
		"plain [LIMIT] behind":                {"", "plain [LIMIT] behind"},
		"[never closed":                       {"", "[never closed"},
		"":                                    {"", ""},
		"[BADCHARSET (utf-8)] not known here": {"BADCHARSET", "not known here"},
	} {
		if code, rest := responseCode(text); code != want[0] || rest != want[1] {
			t.Errorf("%q: %q %q", text, code, rest)
		}
	}
}

// FuzzGreeting holds what is made of a greeting, and of the answer to a command, to be short, harmless and worded.
func FuzzGreeting(f *testing.F) {
	for _, line := range []string{"* OK [CAPABILITY IMAP4rev1] hi", "* BYE [LIMIT] x", "220 mx ESMTP", "+OK", "HTTP/1.1 400", "* PREAUTH", "*"} {
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, line string) {
		if strings.ContainsAny(line, "\n") {
			return // a greeting is one line
		}
		greeting, err := readGreeting(line)
		if err == nil {
			talk := newTalk(account{}, newGuard(nil, nil), greeting)
			if said := talk.caps.String(); strings.ContainsAny(said, "()[]{}\"\r\n\x00") || len(talk.caps) > maxCapabilities {
				t.Errorf("%q has the capabilities %q", line, said)
			}
			return
		}
		var e *Error
		if !errors.As(err, &e) || e.Kind == "" || len(e.Server) > maxServerText || !utf8.ValidString(e.Server) || strings.ContainsAny(e.Server, "\x00\x1b\r\n") {
			t.Errorf("%q: %#v", line, err)
		}
		if text, ok := Describe(err, words.New("it")); !ok || strings.HasPrefix(text, "mailbox.") {
			t.Errorf("%q is worded %q", line, text)
		}
	})
}
