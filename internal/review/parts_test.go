package review

import (
	"strings"
	"testing"
	"time"

	"rimbalzo/internal/bounce"
	"rimbalzo/internal/mailbox"
)

// TestLongReportFromItsParts takes a report of which an IMAP server's beginning holds only a page of HTML.
func TestLongReportFromItsParts(t *testing.T) {
	const (
		head = "Return-Path: <>\r\nFrom: postmaster@fabbri.example\r\nSubject: Undeliverable: Preventivo\r\n" +
			"Date: Tue, 24 Jan 2023 10:00:00 +0100\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n"
		status   = "Reporting-MTA: dns;mx.fabbri.example\r\n\r\nFinal-Recipient: rfc822;luisa@libero.it\r\nAction: failed\r\nStatus: 5.0.0\r\n"
		page     = "\r\n--b\r\nContent-Type: text/html\r\n\r\n<html>Spiacenti."
		original = "From: elena@fabbri.example\r\nMessage-ID: <1@fabbri.example>\r\n"
	)
	parts := []bounce.Part{
		{Type: "text/html", Body: []byte("<html>Spiacenti.")},
		{Type: "message/delivery-status", Body: []byte(status)},
		{Type: "message/rfc822", Body: []byte(original)},
	}
	lies := []bounce.Part{{Type: "message/delivery-status", Body: []byte("\x00\x01")}, {Type: "message/rfc822"}}
	complete := page + "\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n" + status + "\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n" + original + "\r\n--b--\r\n"
	for name, c := range map[string]struct {
		body   string
		parts  []bounce.Part
		want   string // recipient and original
		unread string
	}{
		"with its parts":               {page, parts, "luisa@libero.it 1@fabbri.example", ""},
		"parts that tell nothing":      {complete, lies, "luisa@libero.it 1@fabbri.example", ""},
		"no parts":                     {complete, nil, "luisa@libero.it 1@fabbri.example", ""},
		"no parts and no more of it":   {page, nil, "", "empty-report"},
		"parts and text without sense": {page, lies, "", "empty-report"},
	} {
		t.Run(name, func(t *testing.T) {
			in := &intake{at: time.Date(2023, 2, 1, 0, 0, 0, 0, time.UTC), zone: rome(t)}
			p, _, err := in.read(mailbox.Message{Source: "INBOX;1/1", Role: mailbox.RoleInbox, Body: strings.NewReader(head + c.body), Parts: c.parts})
			if err != nil {
				t.Fatal(err)
			}
			in.take(p)
			got, unread := "", ""
			var g gathered
			g.file(in.taken())
			for _, r := range g.ev.Reports {
				for _, rc := range r.Report.Recipients {
					got += rc.Address + " " + r.Report.Original.MessageID
				}
			}
			for _, n := range g.unread {
				unread += n.Why
			}
			if got != c.want || unread != c.unread {
				t.Errorf("read %q, noted %q; want %q, %q", got, unread, c.want, c.unread)
			}
		})
	}
}
