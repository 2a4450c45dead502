package bounce

import (
	"bytes"
	"encoding/json"
	"os"
	"reflect"
	"strings"
	"testing"
)

// TestParts holds the reading from fetched parts to the reading of the whole message.
func TestParts(t *testing.T) {
	for _, name := range []string{"postfix-italian", "courier-failed", "opensmtpd-expired-called-delayed", "gmail-delay-it", "read-receipt", "qmail-two", "malformed-fields"} {
		t.Run(name, func(t *testing.T) {
			data, err := os.ReadFile("testdata/mail/" + name + ".eml")
			if err != nil {
				t.Fatal(err)
			}
			want, err := Decode(bytes.NewReader(data))
			if err != nil {
				t.Fatal(err)
			}
			head, parts := fetched(data)
			if got := DecodeParts(head, parts); !reflect.DeepEqual(got.Recipients, want.Recipients) || got.Kind != want.Kind || got.Original.MessageID != want.Original.MessageID {
				t.Errorf("from its parts it is\n%+v\nas a whole\n%+v", got, want)
			}
		})
	}
}

// fetched cuts a sample the way an IMAP server would hand it over.
func fetched(data []byte) ([]byte, []Part) {
	in := newLines(bytes.NewReader(data))
	defer in.close()
	m := &message{head: readHeader(in, nil, true)}
	m.media = parseMedia(m.head.get("Content-Type"))
	readBody(in, m)
	head, _, _ := bytes.Cut(data, []byte("\n\n"))
	var parts []Part
	for i := range m.parts {
		p := &m.parts[i]
		body := p.raw
		if p.enclosed != nil {
			var b strings.Builder
			for _, f := range p.enclosed.head.fields {
				b.WriteString(f.name + ": " + f.value + "\r\n")
			}
			body = b.String()
		}
		parts = append(parts, Part{Type: strings.ToUpper(p.kind), Encoding: p.encoding, Charset: p.charset, Name: p.file, Body: []byte(body)})
	}
	return head, parts
}

// TestLine holds the printed form to the contract of the command line: every key there, null for what is not told.
func TestLine(t *testing.T) {
	for mail, want := range map[string]string{
		"Subject: hello\nDate: Tue, 24 Jan 2023 12:00:00\n\nhi": `{"path":"p","kind":"not-a-bounce","reported_by":{"host":null,"side":null},"bounced_at":"2023-01-24T12:00:00","arrival_at":null,"recipients":[],` +
			`"original":{"message_id":null,"sent_at":null,"subject":null,"from":null,"to":null},"why":"ordinary","confidence":"certain"}`,
		reportHead: `{"path":"p","kind":"failed","reported_by":{"host":"mx.example","side":null},"bounced_at":null,"arrival_at":null,` +
			`"recipients":[{"address":"a@b.example","original_address":null,"action":"failed","status":"5.1.1","reply_code":null,"reply":null,"failure":"reply","remote":null,"attempt_at":null,"retry_until":null}],` +
			`"original":{"message_id":"1@b.example","sent_at":null,"subject":"large","from":null,"to":null},"why":"rfc3464","confidence":"certain"}`,
	} {
		r, err := Decode(strings.NewReader(mail))
		if err != nil {
			t.Fatal(err)
		}
		got, err := json.Marshal(NewLine("p", r))
		if err != nil {
			t.Fatal(err)
		}
		if string(got) != want {
			t.Errorf("printed is\n%s\nwant\n%s", got, want)
		}
	}
}

// TestOrdinary tells mail that is no bounce by what a reader must not mistake.
func TestOrdinary(t *testing.T) {
	for name, c := range map[string]struct {
		mail string
		kind Kind
	}{
		"a person writes of a bounce":     {"From: Luisa <luisa@inwind.it>\nSubject: Undeliverable mail?\nIn-Reply-To: <1@x.example>\n\nHo ricevuto: 550 5.1.1 <paolo@libero.it> user unknown. Your message could not be delivered.\n", KindNotABounce},
		"holidays of a person":            {"From: Luisa <luisa@inwind.it>\nSubject: Vacation photos\n\nEccole!\n", KindNotABounce},
		"a reply to an automatic answer":  {"From: Luisa <luisa@inwind.it>\nSubject: Re: Risposta automatica: x\nIn-Reply-To: <1@x.example>\n\nGrazie, ci sentiamo al rientro.\n", KindNotABounce},
		"the postmaster announces work":   {"From: Postmaster <postmaster@studio.example>\nSubject: Maintenance on Sunday\n\nMail to anna@libero.it may be late; messages that could not be delivered are kept.\n", KindNotABounce},
		"phishing with an empty path":     {"Return-Path: <>\nFrom: Mail System <mailer-daemon@spam.example>\nSubject: Delivery failure\nTo: anna@studio.example\n\nYour messages to partner@libero.it could not be delivered. Click here to release messages.\n", KindNotABounce},
		"cron":                            {"From: root@host.example (Cron Daemon)\nSubject: Cron <root@host> backup\nAuto-Submitted: auto-generated\n\nbackup failed for user@host.example: connection refused\n", KindNotABounce},
		"a ticket system confirms":        {"From: support@shop.example\nSubject: Ticket 12 received\nAuto-Submitted: auto-replied\nIn-Reply-To: <1@x.example>\n\nWe got your message.\n", KindAutoReply},
		"a vacation without its own mark": {"Return-Path: <>\nFrom: Paolo <paolo@libero.it>\nSubject: Preventivo\nIn-Reply-To: <1@x.example>\n\nSono fuori ufficio.\n", KindAutoReply},
		"nothing but a body":              {"\n\n\n", KindUnreadable},
		"not mail at all":                 {"\x00\x01\x02 binary", KindUnreadable},
	} {
		r, err := Decode(strings.NewReader(c.mail))
		if err != nil {
			t.Fatal(err)
		}
		if r.Kind != c.kind {
			t.Errorf("%s is %s (%s), want %s", name, r.Kind, r.Why, c.kind)
		}
	}
}
