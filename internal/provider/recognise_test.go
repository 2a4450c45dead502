package provider

import (
	"bytes"
	"io"
	"net/mail"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// What each kind of server writes into a bounce, or adds to a message it relays.
func TestRecognise(t *testing.T) {
	for name, c := range map[string]struct {
		traits Traits
		want   string
	}{
		"Postfix bounce":              {Traits{From: "Mail Delivery System <MAILER-DAEMON@mail.studio.example>", Subject: "Undelivered Mail Returned to Sender", Text: "This is the mail system at host mail.studio.example.\n\nI'm sorry to have to inform you"}, "postfix"},
		"Postfix warning by subject":  {Traits{From: "MAILER-DAEMON@mail.studio.example (Mail Delivery System)", Subject: "Delayed Mail (still being retried)"}, "postfix"},
		"Postfix relay":               {Traits{Received: []string{"from [192.168.1.23] (host.example [192.0.2.5])\n\tby mail.studio.example (Postfix) with ESMTPSA id 3A646FB25CB\n\tfor <a@libero.it>; Wed, 25 Jan 2023 19:10:33 +0100 (CET)"}}, "postfix"},
		"Postfix local":               {Traits{Received: []string{"by mail.studio.example (Postfix, from userid 1000) id 0CD38FB2779; Wed, 25 Jan 2023 20:00:00 +0100 (CET)"}}, "postfix"},
		"Postfix Message-ID":          {Traits{MessageID: "20230125190000.0CD38FB2779@mail.studio.example"}, "postfix"},
		"Exim bounce":                 {Traits{From: "Mail Delivery System <Mailer-Daemon@agri.example>", Subject: "Mail delivery failed: returning message to sender", Headers: map[string]string{"X-Failed-Recipients": "a@inwind.it"}, Text: "This message was created automatically by mail delivery software."}, "exim"},
		"Exim warning":                {Traits{Subject: "Warning: message 1q9TgG-0007Kh-13 delayed 48 hours"}, "exim"},
		"Exim relay":                  {Traits{Received: []string{"from [192.0.2.9] (helo=[192.168.1.23]) by srv01.agri.example with esmtpsa (TLS1.3) tls TLS_AES_256_GCM_SHA384 (Exim 4.96) (envelope-from <g@agri.example>) id 1pK0TQ-0003D4-00; Mon, 23 Jan 2023 18:19:12 +0100"}}, "exim"},
		"Exim Message-ID":             {Traits{MessageID: "<E1pKm8i-00022X-15@srv01.agri.example>"}, "exim"},
		"GMX looks like Exim":         {Traits{From: "\"Mail Delivery System\" <mailer-daemon@kundenserver.de>", Subject: "Mail delivery failed: returning message to sender", Text: "This message was created automatically by mail delivery software.\n--- The header of the original message is following. ---"}, "gmx-1and1"},
		"GMX relay":                   {Traits{Received: []string{"from [192.168.0.2] ([192.0.2.7]) by mail.gmx.net (mrgmx104 [192.0.2.8]) with ESMTPSA (Nemesis) id 1MsYqv-1o0lKd2u for <a@libero.it>; Tue, 24 Jan 2023 10:00:00 +0100"}}, "gmx-1and1"},
		"Sendmail bounce":             {Traits{From: "Mail Delivery Subsystem <MAILER-DAEMON>", Subject: "Returned mail: see transcript for details", Text: "The original message was received at Tue, 24 Jan 2023\n\n   ----- Transcript of session follows -----\n"}, "sendmail"},
		"Sendmail warning":            {Traits{Subject: "Warning: could not send message for past 4 hours"}, "sendmail"},
		"Sendmail relay":              {Traits{Received: []string{"from host.example (host.example [192.0.2.1]) by mx.example (8.15.2/8.15.2/Debian-22) with ESMTPS id 30O9A1bc012345; Tue, 24 Jan 2023 10:10:01 +0100"}}, "sendmail"},
		"OpenSMTPD bounce":            {Traits{From: "Mailer Daemon <MAILER-DAEMON@box.example>", Subject: "Delivery status notification: delayed", Text: "    Hi!\n\n    This is the MAILER-DAEMON, please DO NOT REPLY to this email."}, "opensmtpd"},
		"OpenSMTPD relay":             {Traits{Received: []string{"from pc.example (pc.example [192.0.2.1]) by box.example (OpenSMTPD) with ESMTPSA id 4c3a1b2d (TLSv1.3) auth=yes user=anna for <a@iol.it>; Tue, 24 Jan 2023 10:00:00 +0100 (CET)"}}, "opensmtpd"},
		"Courier bounce":              {Traits{From: "mailer-daemon@", Subject: "NOTICE: mail delivery status.", MessageID: "<courier.0000000063DC7E74.00003549@mx.viaggi.example>", Text: "This is a delivery status notification from mx.viaggi.example,\nrunning the Courier mail server, version 1.0.16."}, "courier"},
		"Courier relay":               {Traits{Received: []string{"from [192.168.1.23] ([::ffff:192.0.2.5])\n  by mx.viaggi.example with ESMTP\n  id 0000000000FB63F1.0000000063D52A2B.00004B62; Sat, 28 Jan 2023 14:59:07 +0100"}}, "courier"},
		"qmail bounce":                {Traits{From: "MAILER-DAEMON@old.example", Subject: "failure notice", Text: "Hi. This is the qmail-send program at old.example.\nI'm afraid I wasn't able to deliver your message"}, "qmail"},
		"qmail relay":                 {Traits{Received: []string{"(qmail 12345 invoked by uid 1000); 24 Jan 2023 09:00:00 -0000"}}, "qmail"},
		"Haraka has qmail's subject":  {Traits{From: "MAILER-DAEMON@h.example", Subject: "failure notice", Text: "Hi. This is the Haraka Mailer program at h.example."}, "haraka"},
		"Haraka relay":                {Traits{Received: []string{"from pc.example (Unknown [192.0.2.1]) by h.example (Haraka/2.8.28) with ESMTPSA id 1A2B; Tue, 24 Jan 2023 10:00:00 +0000"}}, "haraka"},
		"KumoMTA relay":               {Traits{Received: []string{"from pc.example (192.0.2.1) by mx.k.example (KumoMTA 192.0.2.9) with ESMTPS id 8a5475cc for <a@libero.it>; Tue, 24 Jan 2023 10:00:00 +0000"}}, "kumomta"},
		"Exchange bounce in Italian":  {Traits{From: "Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@ditta.example>", Subject: "Non recapitabile: Preventivo", Headers: map[string]string{"X-Ms-Exchange-Message-Is-Ndr": ""}, Text: "Il recapito non è riuscito per i seguenti destinatari o gruppi:\nInformazioni di diagnostica per gli amministratori:\nServer di generazione: mail01.ditta.example"}, "exchange-onprem"},
		"Exchange relay":              {Traits{Received: []string{"from MAIL01.ditta.local (10.0.0.5) by MAIL02.ditta.local (10.0.0.6) with Microsoft SMTP Server (version=TLS1_2) id 15.1.2507.17; Tue, 24 Jan 2023 10:00:00 +0100"}}, "exchange-onprem"},
		"Microsoft 365 bounce":        {Traits{From: "Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@ditta.onmicrosoft.com>", Subject: "Non recapitabile: Preventivo", Text: "Informazioni di diagnostica per gli amministratori:\nServer di generazione: AM0PR05MB1234.eurprd05.prod.outlook.com\na@libero.it\nRemote Server returned '550 5.4.316 Message expired'"}, "exchange-online"},
		"Outlook.com bounce":          {Traits{From: "postmaster@outlook.com", Subject: "Undeliverable: Ciao"}, "exchange-online"},
		"Microsoft 365 relay":         {Traits{Received: []string{"from DB9PR05MB7890.eurprd05.prod.outlook.com ([fe80::1]) by DB9PR05MB7890.eurprd05.prod.outlook.com ([fe80::1%6]) with mapi id 15.20.6002.033; Tue, 24 Jan 2023 10:00:00 +0000"}}, "exchange-online"},
		"Microsoft 365 Message-ID":    {Traits{MessageID: "<DB9PR05MB7890ABCDEF@DB9PR05MB7890.eurprd05.prod.outlook.com>"}, "exchange-online"},
		"Gmail bounce":                {Traits{From: "Mail Delivery Subsystem <mailer-daemon@googlemail.com>", Subject: "Delivery Status Notification (Delay)", Headers: map[string]string{"X-Failed-Recipients": "a@libero.it"}, Text: "** Consegna non completata **"}, "gmail"},
		"Gmail relay":                 {Traits{Received: []string{"by mail-ed1-f41.google.com with SMTP id v10so15123456edi.8 for <a@libero.it>; Tue, 24 Jan 2023 02:00:00 -0800 (PST)"}}, "gmail"},
		"Gmail Message-ID":            {Traits{MessageID: "<CAF1kK7wxyz+abc@mail.gmail.com>"}, "gmail"},
		"SES bounce":                  {Traits{From: "MAILER-DAEMON@eu-west-1.amazonses.com", Subject: "Delivery Status Notification (Failure)", Text: "An error occurred while trying to deliver the mail to the following recipients:"}, "amazon-ses"},
		"SES Message-ID":              {Traits{MessageID: "<0102018-1-2-3@eu-west-1.amazonses.com>"}, "amazon-ses"},
		"SendGrid looks like Postfix": {Traits{From: "Mail Delivery System <MAILER-DAEMON@o1.shop.sendgrid.net>", Subject: "Undelivered Mail Returned to Sender", Text: "This is an automatically generated message from SendGrid."}, "sendgrid"},
		"SendGrid relay":              {Traits{Received: []string{"by filterdrecv-655bd866f5-abcde with SMTP id filterdrecv-1 2023-01-24 10:00:00 UTC m=+1"}}, "sendgrid"},
		"Mailgun header":              {Traits{Headers: map[string]string{"X-Mailgun-Sid": "WyIx"}}, "mailgun"},
		"Mailgun relay":               {Traits{Received: []string{"from shop.example (Unknown [192.0.2.5]) by b5d3ac4d8f2e.eu.mailgun.org with SMTP id 63cf; Tue, 24 Jan 2023 10:00:00 GMT"}}, "mailgun"},
		"Domino bounce":               {Traits{Subject: "DELIVERY FAILURE: User anna (anna@libero.it) not listed in Domino Directory"}, "domino"},
		"Domino relay":                {Traits{Received: []string{"from pc.example ([192.0.2.1]) by srv.example (HCL Domino Release 12.0.2) with ESMTP id 2023012410000000-1; Tue, 24 Jan 2023 10:00:00 +0100"}}, "domino"},
		"Yahoo bounce":                {Traits{From: "MAILER-DAEMON@yahoo.com", Subject: "Failure Notice", Text: "Sorry, we were unable to deliver your message to the following address."}, "yahoo"},
		"Yahoo relay":                 {Traits{Received: []string{"by hermes--production-ir2-7b99fc9bb6-abcde (Yahoo Inc. Hermes SMTP Server) with ESMTPA ID 0f1e; Tue, 24 Jan 2023 10:00:00 +0000 (UTC)"}}, "yahoo"},
		"iCloud relay":                {Traits{Received: []string{"from [192.168.1.5] (unknown [17.57.1.1]) by st43p00im-ztdg10061801.me.com (Postfix) with ESMTPSA id 9A1B; Tue, 24 Jan 2023 10:00:00 +0000 (UTC)"}}, "icloud"},
		"Libero bounce":               {Traits{From: "Mail Delivery System <MAILER-DAEMON@smtp-16.iol.local>", Subject: "Undelivered Mail Returned to Sender", Text: "This is the mail system at host smtp-16.iol.local."}, "italiaonline"},
		"Libero relay":                {Traits{Received: []string{"from oxapps-31-123.iol.local ([10.101.8.1]) by smtp-16.iol.local with ESMTPA id KAbc; Tue, 24 Jan 2023 10:00:00 +0100"}}, "italiaonline"},
		"Oracle bounce":               {Traits{Subject: "Delivery Notification: Delivery has failed", Text: "This report relates to a message you sent with the following header fields:"}, "oracle-messaging-server"},
		"PowerMTA bounce":             {Traits{Subject: "Delivery report", Text: "Hello, this is the mail server on mta1.shop.example."}, "powermta"},

		"the bounce's writer beats the author's service": {Traits{Text: "This message was created automatically by mail delivery software.", MessageID: "<CAF1kK7wxyz@mail.gmail.com>"}, "exim"},
		"the newest Received beats the older":            {Traits{Received: []string{"from a by mx.example (Exim 4.96) id 1", "by mail-ed1-f41.google.com with SMTP id v10so1"}}, "exim"},
		"a Received that says nothing is passed over":    {Traits{Received: []string{"from a by b.example with LMTP id 1", "from c by d.example (Postfix) with ESMTP id 2"}}, "postfix"},
		"a name in the subject is not a sign":            {Traits{Subject: "Postfix and Exim: a comparison", From: "anna@studio.example", Text: "We use mail.gmail.com and Microsoft SMTP Server."}, ""},
		"a host that only resembles one":                 {Traits{From: "mailer-daemon@googlemail.com.attacker.example", MessageID: "<x@mail.gmail.com.attacker.example>"}, ""},
		"a relay that only resembles one":                {Traits{Received: []string{"from a by mx.google.com.attacker.example with ESMTP id 1"}}, ""},
		"nothing at all":                                 {Traits{}, ""},
	} {
		got, ok := Builtin().Recognise(c.traits)
		if got.ID != c.want || ok != (c.want != "") {
			t.Errorf("%s: recognised as %q, want %q", name, got.ID, c.want)
		}
	}
}

// A slip in the data is found when the program is built, not when a bounce is misread.
func TestRulesThatCannotBe(t *testing.T) {
	for name, w := range map[string]writtenRule{
		"without a trait":       {Sender: "exim"},
		"with in upper case":    {Sender: "exim", Text: "Exim", With: []string{"Exim"}},
		"slow on every text":    {Sender: "exim", Received: `\(Exim`},
		"a pattern that is not": {Sender: "exim", Subject: "(Exim"},
	} {
		if _, err := w.compile(); err == nil {
			t.Errorf("accepted: %s", name)
		}
	}
}

// Hostile headers cost no more than their first kilobytes.
func TestRecogniseIsBounded(t *testing.T) {
	long := strings.Repeat("by x (", 1<<20)
	traits := Traits{MessageID: long, From: long, Subject: long, Text: long}
	for range 5000 {
		traits.Received = append(traits.Received, long)
	}
	start := time.Now()
	if s, ok := Builtin().Recognise(traits); ok {
		t.Errorf("recognised nonsense as %s", s.ID)
	}
	if d := time.Since(start); d > 5*time.Second {
		t.Errorf("took %s", d)
	}
}

// Real bounces: what is recognised is right.
func TestRecogniseCorpus(t *testing.T) {
	for family, want := range map[string]struct {
		sender string
		atMost int // that may stay unrecognised or be another's, as these samples were relayed or rewritten
	}{
		"postfix": {"postfix", 0}, "exim": {"exim", 0}, "sendmail": {"sendmail", 0}, "qmail": {"qmail", 0}, "gmail": {"gmail", 0},
		"domino": {"domino", 0}, "exchange2007": {"exchange-onprem", 0}, "office365": {"exchange-online", 0},
		"outlook": {"exchange-online", 2}, "amazonses": {"amazon-ses", 1}, "yahoo": {"yahoo", 1}, "sendgrid": {"sendgrid", 0},
		"einsundeins": {"gmx-1and1", 0}, "powermta": {"powermta", 0},
	} {
		files, _ := filepath.Glob(filepath.Join(shared(t), "corpus/mail/sisimai/lhost-"+family+"-*.eml"))
		if len(files) == 0 {
			t.Errorf("no samples of %s", family)
		}
		wrong := 0
		for _, path := range files {
			if got, _ := Builtin().Recognise(traitsOf(t, path)); got.ID != want.sender {
				wrong++
				t.Logf("%s: %q", filepath.Base(path), got.ID)
			}
		}
		if wrong > want.atMost {
			t.Errorf("%s: %d of %d not recognised as %s", family, wrong, len(files), want.sender)
		}
	}
}

// shared is the folder of sample bounces beside the project.
func shared(t *testing.T) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		if dir == filepath.Dir(dir) {
			t.Fatal("no go.mod above the test")
		}
		dir = filepath.Dir(dir)
	}
	dir = filepath.Join(filepath.Dir(dir), "shared")
	if _, err := os.Stat(filepath.Join(dir, "corpus")); err != nil {
		t.Skip("the sample bounces (../shared/corpus) are not here: nothing to recognise")
	}
	return dir
}

var mboxLine = regexp.MustCompile(`^From .*\n`)

func traitsOf(t *testing.T, path string) Traits {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	m, err := mail.ReadMessage(bytes.NewReader(mboxLine.ReplaceAll(data, nil)))
	if err != nil {
		t.Logf("%s: %v", path, err)
		return Traits{}
	}
	body, err := io.ReadAll(io.LimitReader(m.Body, 8192))
	if err != nil {
		t.Fatal(err)
	}
	traits := Traits{
		Received: m.Header["Received"], MessageID: m.Header.Get("Message-Id"), From: m.Header.Get("From"),
		Subject: m.Header.Get("Subject"), Headers: map[string]string{}, Text: string(body),
	}
	for name, values := range m.Header {
		traits.Headers[name] = values[0]
	}
	return traits
}
