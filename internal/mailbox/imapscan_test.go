package mailbox

import (
	"context"
	"errors"
	"io"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

func TestScanner(t *testing.T) {
	many := strings.Repeat("(", maxNesting)
	for name, c := range map[string]struct {
		in      string
		hostile string // part of the reason
		bye     string
	}{
		"ordinary":                           {"* OK [CAPABILITY IMAP4rev1] hi\r\n* 3 EXISTS\r\nT1 OK done\r\n", "", ""},
		"a message":                          {"* 1 FETCH (UID 1 BODY[] {4}\r\nab()\r\n)\r\nT1 OK\r\n", "", ""},
		"a literal full of parentheses":      {"* 1 FETCH (BODY[] {60}\r\n" + strings.Repeat("(", 60) + ")\r\n", "", ""},
		"a quoted string full of them":       {"* LIST () \"/\" \"" + strings.Repeat("(", 100) + "\"\r\n", "", ""},
		"an escaped quote":                   {"* LIST () \"/\" \"a\\\"" + strings.Repeat("(", 100) + "\"\r\n", "", ""},
		"text full of them":                  {"* OK " + strings.Repeat("({9999999999}\"", 100) + "\r\nT1 NO " + many + many + "\r\n+ " + many + many + "\r\n", "", ""},
		"lists beside each other":            {"* LIST " + strings.Repeat("()", 1000) + "\r\n", "", ""},
		"many messages":                      {strings.Repeat("* 1 FETCH (UID 1 BODY[] {2000}\r\n"+strings.Repeat("x", 2000)+")\r\n", 100), "", ""},
		"a long search":                      {"* SEARCH" + strings.Repeat(" 12345678", 400_000) + "\r\n", "", ""},
		"BYE":                                {"* bye [UNAVAILABLE] later\r\n", "", " [UNAVAILABLE] later\r"},
		"nesting":                            {"* 1 FETCH (BODYSTRUCTURE " + many + "\r\n", "nested", ""},
		"nesting in a tagged line's guise":   {"*  OK " + many + "(\r\n", "nested", ""},
		"nesting behind a literal":           {"* 1 FETCH (X {3}\r\n\"\"\"" + many, "nested", ""},
		"nesting behind a lone line feed":    {"* 1 FETCH (X {3} \n\"\"\"" + many, "nested", ""},
		"a huge literal":                     {"* 1 FETCH (BODY[] {268435456}\r\n", "literal of more", ""},
		"a literal length beyond numbers":    {"* LIST () \"/\" {99999999999999999999999}\r\n", "literal of more", ""},
		"a literal of broken length":         {"* LIST () \"/\" {-1}\r\n", "broken literal", ""},
		"a literal without an end":           {"* LIST () \"/\" {5}x\r\n", "broken literal", ""},
		"literals that add up":               {"* 1 FETCH (" + strings.Repeat("X {8000000}\r\n"+strings.Repeat("x", 8_000_000), 3), "literals of more", ""},
		"capabilities":                       {"* OK [CAPABILITY IMAP4rev1] Dovecot (Debian) ready.\r\n* CAPABILITY IMAP4rev1 ID\r\nT1 OK Capability completed (0.001 secs).\r\n* OK CAPABILITY (all)\r\n* LIST () \"/\" ENABLED (x)\r\n", "", ""},
		"a list among capabilities":          {"* CAPABILITY IMAP4rev1 (", "list among", ""},
		"a list instead of capabilities":     {"* capability(", "list among", ""},
		"capabilities behind a number":       {"* 0000000000000001 CAPABILITY X (", "list among", ""},
		"a list among enabled capabilities":  {"* ENABLED(", "list among", ""},
		"a list in a greeting":               {"* OK [CAPABILITY IMAP4rev1 (", "list among", ""},
		"a list in a tagged answer":          {"T1 OK [CAPABILITY (", "list among", ""},
		"a list behind a quote without end":  {"* 1 EXISTS \"\r\n* CAPABILITY (", "list among", ""},
		"a status with a number":             {"* 1 OK {100}\r\n* CAPABILITY (", "status with", ""},
		"a line without end":                 {"* OK " + strings.Repeat("x", maxLine), "line of more", ""},
		"a search without end":               {"* SEARCH" + strings.Repeat(" 1", maxSearchLine/2), "line of more", ""},
		"a quoted string over several lines": {"* LIST () \"/\" \"" + strings.Repeat("\r\n* OK hi", 10_000), "line of more", ""},
	} {
		t.Run(name, func(t *testing.T) {
			for _, piece := range []int{1, 7, len(c.in)} {
				var s scanner
				var err error
				for part := range slices.Chunk([]byte(c.in), piece) {
					if err = s.take(part); err != nil {
						break
					}
				}
				if (c.hostile != "") != errors.Is(err, errHostile) || err != nil && !strings.Contains(err.Error(), c.hostile) {
					t.Errorf("in pieces of %d: %v, want %q", piece, err, c.hostile)
				}
				if string(s.bye) != strings.TrimSuffix(c.bye, "\n") {
					t.Errorf("in pieces of %d: BYE %q, want %q", piece, s.bye, c.bye)
				}
			}
		})
	}
}

func TestCleanText(t *testing.T) {
	for in, want := range map[string]string{
		"plain":                          "plain",
		"  two\r\nlines\t ":              "two lines",
		"\x1b[31mred\x1b[0m":             "[31mred[0m",
		"right\u202eto left\u0000":       "rightto left",
		"broken \xff\xfe":                "broken ?",
		strings.Repeat("è", 200):         strings.Repeat("è", 98) + "…",
		"Servizio non disponibile: però": "Servizio non disponibile: però",
	} {
		if got := cleanText(in); got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
	}
}

// FuzzScanner holds the scanner to this: it says the same of an answer however it is cut into pieces.
func FuzzScanner(f *testing.F) {
	f.Add([]byte("* 1 FETCH (UID 1 BODY[] {4}\r\nab()\r\n)\r\nT1 OK\r\n"), 3)
	f.Add([]byte("* LIST (\\Sent) \"/\" \"a\\\"b\"\r\n* BYE [LIMIT] {3}\r\n"), 5)
	f.Fuzz(func(t *testing.T, in []byte, piece int) {
		var whole, pieces scanner
		err := whole.take(in)
		var perr error
		for part := range slices.Chunk(in, 1+int(uint(piece)%17)) {
			if perr = pieces.take(part); perr != nil {
				break
			}
		}
		if (err == nil) != (perr == nil) || err == nil && (whole.state != pieces.state || whole.depth != pieces.depth || string(whole.bye) != string(pieces.bye)) {
			t.Fatalf("%v %+v\n%v %+v", err, whole, perr, pieces)
		}
	})
}

// FuzzServer lets a server say anything in answer to what a session asks: it neither crashes nor hangs the reader.
func FuzzServer(f *testing.F) {
	f.Add([]byte("* OK [CAPABILITY IMAP4rev1] hi\r\nT1 OK [READ-ONLY] done\r\n* 1 FETCH (UID 1 BODY[] {4}\r\nab()\r\n)\r\nT2 OK\r\n"))
	f.Add([]byte("* PREAUTH hi\r\n* CAPABILITY IMAP4rev1 ESEARCH\r\nT1 OK\r\n* ESEARCH (TAG \"T2\") UID ALL 1:4294967295\r\nT2 OK\r\n"))
	f.Add([]byte("* OK hi\r\n* LIST (\\Sent) \"/\" {4}\r\nSent\r\n* 1 FETCH (UID 1 BODYSTRUCTURE ((((\"text\" \"plain\"\r\n"))
	f.Fuzz(func(t *testing.T, says []byte) {
		near, far := net.Pipe()
		go io.Copy(io.Discard, far)
		go func() {
			far.Write(says)
			far.Close()
		}()
		g := newGuard(near, near)
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		cfg := IMAPConfig{Timeouts: Timeouts{Dial: time.Second, Idle: time.Second, Command: 2 * time.Second}}
		c := account{user: testUser}.newCourse(&cfg)
		greeting, err := c.greet(ctx, near, near)
		talk := newTalk(c.account, g, greeting)
		if err == nil {
			c.logIn(ctx, talk, credentials{password: func() (string, error) { return testPassword, nil }})
		}
		s := &session{guard: talk.handOver(), client: imapclient.New(g, nil), limits: cfg.Timeouts}
		defer s.close()
		s.list(ctx)
		s.examine(ctx, "INBOX")
		if lists, _, err := s.search(ctx, &imap.SearchCriteria{Since: january}); err == nil && len(lists[0]) > maxFiles {
			t.Errorf("%d messages", len(lists[0]))
		}
		s.dates(ctx, 1, 3, func(imap.UID, time.Time) {})
		s.status(ctx, "INBOX")
		asks := []ask{
			{uids: []imap.UID{1, 2, 3}, sections: []section{{kind: sectionFields, limit: 100}}, structure: true, flags: true},
			{uids: []imap.UID{1, 4}, sections: []section{{number: []int{1}, limit: 100}, {kind: sectionText, limit: 100}}},
		}
		s.fetch(ctx, asks, func(a answer) {
			if a.uid < 1 || a.uid > 4 || len(choose(a.structure)) > 8 {
				t.Errorf("message %d with %d parts", a.uid, len(choose(a.structure)))
			}
			for name, body := range a.bodies {
				if len(body) > 100 {
					t.Errorf("%d bytes of %s", len(body), name)
				}
			}
		})
	})
}
