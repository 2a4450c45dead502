package mailbox

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"

	"rimbalzo/internal/bounce"
)

// longBounce is a report with so many bytes of HTML before what is for machines, as Exchange Online writes them.
func longBounce(size int) string {
	line := strings.Repeat("<td>&nbsp;</td>", 5) + "\n"
	return `Return-Path: <>
From: Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@sender.example>
Subject: Undeliverable: lunch
Message-ID: <9@x.example>
Date: Tue, 24 Jan 2023 09:00:00 +0000
Content-Type: multipart/report; report-type=delivery-status; boundary="b1"

--b1
Content-Type: multipart/alternative; boundary="b2"

--b2
Content-Type: text/html; charset="utf-8"

<html><body>` + strings.Repeat(line, size/len(line)) + `</body></html>

--b2--

--b1
Content-Type: message/delivery-status

Reporting-MTA: dns;mail.sender.example

Final-Recipient: rfc822;bob@rcpt.example
Action: failed
Status: 5.7.1
Diagnostic-Code: smtp;550 5.7.1 recipient rejected

--b1
Content-Type: message/rfc822

From: ada@sender.example
To: bob@rcpt.example
Subject: lunch
Message-ID: <original-7@sender.example>
Date: Mon, 23 Jan 2023 08:00:00 +0000

` + strings.Repeat("Bring bread.\n", 5000) + `
--b1--
`
}

// verdict says in one line what a message reports, read as a review reads it.
func verdict(m read) string {
	head, _, _ := strings.Cut(m.text, "\r\n\r\n")
	rep := bounce.DecodeParts([]byte(head), m.Parts)
	if m.Parts == nil {
		rep, _ = bounce.Decode(strings.NewReader(m.text))
	}
	if len(rep.Recipients) != 1 {
		return fmt.Sprintf("%s of %d", rep.Kind, len(rep.Recipients))
	}
	r := rep.Recipients[0]
	return fmt.Sprintf("%s %s %s %d of %s", r.Address, r.Action, r.Status, r.ReplyCode, rep.Original.MessageID)
}

const wantVerdict = "bob@rcpt.example failed 5.7.1 550 of original-7@sender.example"

func TestIMAPLongBounces(t *testing.T) {
	a := newAuthority(t)
	m := serveMemory(t, a, true)
	encoded := strings.NewReplacer("message/rfc822\n", "message/global\nContent-Transfer-Encoding: base64\n").Replace(longBounce(300_000))
	at := strings.Index(encoded, "base64\n\n") + len("base64\n\n")
	encoded = encoded[:at] + "RnJvbTogYWRhQHNlbmRlci5leGFtcGxlDQpNZXNzYWdlLUlEOiA8b3JpZ2luYWwtN0BzZW5k\nZXIuZXhhbXBsZT4NCg0KaGkNCg==\n--b1--\n"
	newsletter := "Return-Path: <>\nFrom: news@shop.example\nSubject: offers\nMessage-ID: <n@x.example>\nContent-Type: text/html\n\n" + longBounce(300_000)
	for _, text := range []string{
		longBounce(300_000),
		strings.Replace(longBounce(300_000), "<original-7@", "<original-8@", 1),
		longBounce(20_000), // cut off in the returned message: the beginning tells all
		longBounce(2_000)[:4_000],
		newsletter,
		ordinaryMessage,
		encoded,
	} {
		m.put(t, "INBOX", text, january)
	}
	m.put(t, "Sent", longBounce(300_000), january)
	got, cov, err := readAll(IMAP(config(a, m.url)))
	if err != nil || len(cov.Unreadable) > 0 || len(got) != 8 {
		t.Fatalf("%d messages, %v, %v", len(got), cov.Unreadable, err)
	}
	for i, want := range []struct {
		parts   string
		verdict string
	}{
		{"text/html message/delivery-status message/rfc822", wantVerdict},
		{"text/html message/delivery-status message/rfc822", strings.Replace(wantVerdict, "-7", "-8", 1)},
		{"text/html message/delivery-status message/rfc822", wantVerdict},
		{"text/html message/delivery-status message/rfc822", wantVerdict},
		{"", "not-a-bounce of 0"},
		{"text/html message/delivery-status message/global", wantVerdict},
		{"", "not-a-bounce of 0"}, // what was sent is not asked for parts
		{"", "not-a-bounce of 0"},
	} {
		var parts []string
		for _, p := range got[i].Parts {
			parts = append(parts, p.Type)
			if len(p.Body) > partLimit {
				t.Errorf("%s has a part of %d bytes", got[i].Source, len(p.Body))
			}
		}
		if list := strings.Join(parts, " "); list != want.parts || len(got[i].text) > wholeLimit {
			t.Errorf("%s has parts %q and %d bytes, want %q", got[i].Source, list, len(got[i].text), want.parts)
		}
		if v := verdict(got[i]); v != want.verdict {
			t.Errorf("%s says %q, want %q", got[i].Source, v, want.verdict)
		}
	}
	checkReadOnly(t, m)
	structures := slices.DeleteFunc(m.commands(), func(c string) bool { return !asksStructure(c) })
	if len(structures) != 1 || !strings.HasPrefix(structures[0], "UID FETCH 1:5,7 (") {
		t.Errorf("structures were asked for by %q", structures)
	}
}

// structureOf is what a good server says of [longBounce].
const structureOf = `((("text" "html" ("charset" "utf-8") NIL NIL "7bit" 300000 3000) "alternative" ("boundary" "b2") NIL NIL)` +
	`("message" "delivery-status" NIL NIL NIL "7bit" 200)` +
	`("message" "rfc822" NIL NIL NIL "7bit" 70000 (NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL) ("text" "plain" NIL NIL NIL "7bit" 65000 5000) 5010) "report" ("boundary" "b1") NIL NIL)`

// TestIMAPPartsGoneWrong reads long bounces from servers that answer wrongly about their parts: every message is handed over
// with its beginning, and the others with their parts.
func TestIMAPPartsGoneWrong(t *testing.T) {
	a := newAuthority(t)
	text := strings.ReplaceAll(longBounce(100_000), "\n", "\r\n")
	hangUp := func(w io.Writer) { w.(io.Closer).Close() }
	for name, c := range map[string]struct {
		structure, sections func(w io.Writer, uid int) // of message 4; nil answers well
		every               bool                       // of all messages
		without             int                        // messages without parts
		logins              int                        // at most
	}{
		"all is well":           {logins: 1},
		"broken structure":      {structure: say("* 4 FETCH (UID 4 BODY ((\"text\" ?? NIL)\r\n"), without: 1, logins: 4},
		"nested structure":      {structure: say("* 4 FETCH (UID 4 BODY " + strings.Repeat("(", 1<<16)), without: 1, logins: 4},
		"endless structure":     {structure: say("* 4 FETCH (UID 4 BODY (" + strings.Repeat(`("text" "plain" NIL NIL NIL "7bit" 1 1)`, 1<<12)), without: 1, logins: 4},
		"no structure":          {structure: say(""), without: 1, logins: 1},
		"of another message":    {structure: say("* 99 FETCH (UID 99 BODY " + structureOf + ")\r\n"), without: 1, logins: 1},
		"broken off":            {structure: func(w io.Writer, _ int) { hangUp(w) }, without: 1, logins: 4},
		"all structures broken": {structure: say("* 4 FETCH (UID 4 BODY ())\r\n"), every: true, without: 9, logins: 2 + maxTrouble},
		"no sections":           {sections: say("* 4 FETCH (UID 4 BODY[2]<0> NIL)\r\n"), without: 1, logins: 1},
		"other sections":        {sections: say("* 4 FETCH (UID 4 BODY[7]<0> {2}\r\nhi BODY[2.MIME] {2}\r\nhi BODY[]<0> {2}\r\nhi)\r\n"), without: 1, logins: 1},
		"a huge section":        {sections: say("* 4 FETCH (UID 4 BODY[2]<0> {99999999}\r\n"), without: 1, logins: 4},
		"a section cut short": {sections: func(w io.Writer, _ int) {
			io.WriteString(w, "* 4 FETCH (UID 4 BODY[2]<0> {200}\r\nFinal-")
			hangUp(w)
		}, without: 1, logins: 4},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			logins := 0
			plain := ordinary(9, func(w io.Writer, uid int, command string) {
				bad := c.structure
				if !asksStructure(command) {
					bad = c.sections
				}
				asked := asksStructure(command) || strings.Contains(command, "BODY.PEEK[2]")
				if asked && bad != nil && (uid == 4 || c.every) {
					bad(w, uid)
					return
				}
				fetchMessage(w, uid, command, text, structureOf)
			})
			address, _ := serveScript(t, script{greeting: "* OK hi\r\n", tls: a.good(t), answer: func(w io.Writer, tag, line string) bool {
				if strings.HasPrefix(line, "LOGIN") {
					logins++
				}
				return plain(w, tag, line)
			}})
			got, cov, err := readAll(IMAP(config(a, address)))
			if err != nil || len(got) != 9 || len(cov.Unreadable) > 0 || !cov.Roles[RoleInbox] {
				t.Fatalf("%d messages, %v, %v", len(got), cov.Unreadable, err)
			}
			without := 0
			for _, m := range got {
				if m.Parts == nil {
					without++
				} else if v := verdict(m); v != wantVerdict {
					t.Errorf("%s says %q", m.Source, v)
				}
				if m.Parts == nil && len(m.text) != wholeLimit {
					t.Errorf("%s has %d bytes", m.Source, len(m.text))
				}
			}
			if without != c.without || logins > c.logins {
				t.Errorf("%d messages without parts and %d logins, want %d and %d", without, logins, c.without, c.logins)
			}
		})
	}
}

func say(text string) func(io.Writer, int) {
	return func(w io.Writer, _ int) { io.WriteString(w, text) }
}

// TestIMAPPartsStall has a server that falls silent whenever it is asked for a structure, and one that refuses to tell.
func TestIMAPPartsStall(t *testing.T) {
	a := newAuthority(t)
	text := strings.ReplaceAll(longBounce(100_000), "\n", "\r\n")[:wholeLimit]
	for name, asked := range map[string]struct {
		answer string
		most   int
	}{"silent": {"", 1}, "refusing": {"NO not today", 1 + maxTrouble}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			questions := 0
			plain := ordinary(300, func(w io.Writer, uid int, command string) { fetchResponse(w, uid, command, text) })
			address, _ := serveScript(t, script{greeting: "* OK hi\r\n", tls: a.good(t), answer: func(w io.Writer, tag, line string) bool {
				if !asksStructure(line) {
					return plain(w, tag, line)
				}
				if questions++; asked.answer != "" {
					fmt.Fprintf(w, "%s %s\r\n", tag, asked.answer)
				}
				return true
			}})
			cfg := config(a, address)
			cfg.Timeouts.Idle = time.Second
			got, cov, err := readAll(IMAP(cfg))
			if err != nil || len(got) != 300 || len(cov.Unreadable) > 0 {
				t.Errorf("%d messages, %v, %v", len(got), cov.Unreadable, err)
			}
			if questions == 0 || questions > asked.most {
				t.Errorf("it was asked %d times", questions)
			}
		})
	}
}

// TestIMAPPartsContextEnds ends a reading while parts are awaited.
func TestIMAPPartsContextEnds(t *testing.T) {
	a := newAuthority(t)
	text := strings.ReplaceAll(longBounce(100_000), "\n", "\r\n")[:wholeLimit]
	ctx, cancel := context.WithCancel(t.Context())
	plain := ordinary(3, func(w io.Writer, uid int, command string) { fetchResponse(w, uid, command, text) })
	address, _ := serveScript(t, script{greeting: "* OK hi\r\n", tls: a.good(t), answer: func(w io.Writer, tag, line string) bool {
		if asksStructure(line) {
			cancel()
			return true
		}
		return plain(w, tag, line)
	}})
	start := time.Now()
	_, err := IMAP(config(a, address)).Read(ctx, func(Message) error { return nil })
	if !errors.Is(err, context.Canceled) || time.Since(start) > time.Second {
		t.Errorf("%v after %v", err, time.Since(start))
	}
}

func TestChoose(t *testing.T) {
	single := func(kind string) *imap.BodyStructureSinglePart {
		main, sub, _ := strings.Cut(kind, "/")
		return &imap.BodyStructureSinglePart{Type: main, Subtype: sub}
	}
	multi := func(children ...imap.BodyStructure) *imap.BodyStructureMultiPart {
		return &imap.BodyStructureMultiPart{Children: children, Subtype: "mixed"}
	}
	var deep imap.BodyStructure = single("message/delivery-status")
	for range 40 {
		deep = multi(deep)
	}
	many := make([]imap.BodyStructure, 5000)
	for i := range many {
		many[i] = single([]string{"message/rfc822", "message/delivery-status", "text/plain", "text/xml"}[i%4])
	}
	for name, c := range map[string]struct {
		structure imap.BodyStructure
		want      string
	}{
		"a report":              {multi(single("text/plain"), single("MESSAGE/Delivery-Status"), single("text/rfc822-headers")), "1 2 3"},
		"an international one":  {multi(single("text/plain"), single("message/global-delivery-status"), single("message/global-headers")), "1 2 3"},
		"a read receipt":        {multi(single("text/plain"), single("message/disposition-notification")), "1 2"},
		"pictures beside HTML":  {multi(multi(single("text/html"), single("image/png")), single("message/delivery-status"), single("message/rfc822")), "1.1 2 3.HEADER"},
		"plain text after HTML": {multi(multi(single("text/html"), single("text/plain")), single("message/global")), "1.2 2.HEADER"},
		"certified mail":        {multi(multi(single("text/plain"), single("application/xml"), single("message/rfc822")), single("application/pkcs7-signature")), "1.1 1.2 1.3.HEADER"},
		"a report alone":        {single("message/delivery-status"), "1"},
		"only text":             {multi(single("text/plain"), single("text/html"), single("image/png")), ""},
		"one text":              {single("text/html"), ""},
		"nothing":               {multi(), ""},
		"none at all":           {nil, ""},
		"too deep":              {deep, ""},
		"too many":              {multi(many...), "1.HEADER 2 3 4 5.HEADER 6 9.HEADER 10"},
	} {
		var list []string
		for _, p := range choose(c.structure) {
			list = append(list, p.String())
		}
		if got := strings.Join(list, " "); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
