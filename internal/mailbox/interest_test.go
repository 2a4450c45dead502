package mailbox

import (
	"testing"
)

func TestInterest(t *testing.T) {
	for header, want := range map[string]interest{
		"From: a@b.example\r\nSubject: lunch\r\n":                                           interestNone,
		"From: a@b.example\r\nSubject: Re: lunch\r\n":                                       interestReply,
		"From: a@b.example\r\nSubject: R: pranzo\r\n":                                       interestReply,
		"From: a@b.example\r\nSubject: Re: x\r\nReferences:\r\n <1@x.example>\r\n":          interestNone,
		"From: a@b.example\r\nSubject: Re: x\r\nIn-Reply-To: your letter\r\n":               interestReply,
		"From: a@b.example\r\nSubject: Re: x\r\nList-Id: <l.example>\r\n":                   interestNone,
		"From: MAILER-DAEMON@mx.example\r\nSubject: x\r\nIn-Reply-To: <1@x.example>\r\n":    interestBounce,
		"From: postmaster@mx.example\r\nSubject: x\r\n":                                     interestBounce,
		"Return-Path: <>\r\nFrom: a@b.example\r\n":                                          interestBounce,
		"From: a@b.example\r\nContent-Type: multipart/report; report-type=delivery-status":  interestBounce,
		"From: a@b.example\r\nX-Failed-Recipients: c@d.example\r\n":                         interestBounce,
		"From: a@b.example\r\nAuto-Submitted: auto-replied\r\n":                             interestBounce,
		"From: a@b.example\r\nAuto-Submitted: no\r\nSubject: x\r\n":                         interestNone,
		"From: a@b.example\r\nSubject: Undelivered Mail Returned to Sender\r\n":             interestBounce,
		"From: posta-certificata@pec.example\r\nX-Ricevuta: errore-consegna\r\n":            interestBounce,
		"From: a@b.example\r\nSubject: =?utf-8?q?Non_recapitabile=3A?= x\r\n":               interestBounce,
		"Subject: note for R&D: budget\r\nFrom: a@b.example\r\nX-Mailer: something: else\n": interestNone,
	} {
		if got := interestOf([]byte(header + "\r\n")); got != want {
			t.Errorf("%q: %d, want %d", header, got, want)
		}
	}
}
