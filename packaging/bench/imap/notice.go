package main

import (
	"fmt"
	"strings"
	"time"
)

// notice is what a bounce is made of.
type notice struct {
	writer
	n          int
	to         string
	at         time.Time
	head, body string // of the returned message
}

func (b notice) top(from, subject, extra string) string {
	return b.way("", b.at, 1+b.IntN(2)) + fmt.Sprintf("From: %s\r\nTo: ada@sender.example\r\nSubject: %s\r\nDate: %s\r\nMessage-ID: <b%d@mail.sender.example>\r\nMIME-Version: 1.0\r\n%s",
		from, subject, b.at.Format(time.RFC1123Z), b.n, extra)
}

// report is a bounce with a report for machines (RFC 3464).
func (b notice) report(k kind) string {
	from, subject, extra := "MAILER-DAEMON@mail.sender.example (Mail Delivery System)", "Undelivered Mail Returned to Sender", "Auto-Submitted: auto-replied\r\n"
	human := "Content-Description: Notification\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\nThis is the mail system at host mail.sender.example.\r\n\r\nI'm sorry to have to inform you that your message could not\r\nbe delivered to one or more recipients. It's attached below.\r\n\r\n<" + b.to + ">: host smtp-in.libero.it[192.0.2.1] said: 550 <" + b.to + ">\r\n    recipient rejected (in reply to RCPT TO command)\r\n"
	switch k {
	case exchange:
		from, subject = `"Microsoft Outlook" <postmaster@sender.example>`, "Undeliverable: "+strings.TrimSpace(b.prose(15))
		extra += "X-MS-Exchange-Message-Is-Ndr:\r\n"
		human = "Content-Type: text/html; charset=utf-8\r\n\r\n<html><body>" + b.prose(9_000) + "</body></html>\r\n"
	case gmail:
		from, subject = "Mail Delivery Subsystem <mailer-daemon@googlemail.com>", "Delivery Status Notification (Failure)"
		extra += "X-Failed-Recipients: " + b.to + "\r\n"
		human = "Content-Type: text/plain; charset=UTF-8\r\n\r\n** Address not found **\r\n\r\nYour message wasn't delivered to " + b.to + " because the address couldn't be found.\r\n" + b.prose(300)
	}
	mark := fmt.Sprintf("%010X.%d/mail.sender.example", b.Uint32(), b.at.Unix())
	returned := "Content-Description: Undelivered Message\r\nContent-Type: message/rfc822\r\n\r\n" + b.head + "\r\n" + b.body
	if k == postfixHeaders {
		returned = "Content-Description: Undelivered Message Headers\r\nContent-Type: text/rfc822-headers\r\n\r\n" + b.head
	}
	status := fmt.Sprintf("Content-Description: Delivery report\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mail.sender.example\r\nX-Postfix-Queue-ID: %010X\r\nX-Postfix-Sender: rfc822; ada@sender.example\r\nArrival-Date: %s\r\n\r\nFinal-Recipient: rfc822; %s\r\nOriginal-Recipient: rfc822;%s\r\nAction: failed\r\nStatus: 5.1.1\r\nRemote-MTA: dns; smtp-in.libero.it\r\nDiagnostic-Code: smtp; 550 <%s> recipient rejected\r\n",
		b.Uint32(), b.at.Add(-time.Minute).Format(time.RFC1123Z), b.to, b.to, b.to)
	out := b.top(from, subject, extra) + "Content-Type: multipart/report; report-type=delivery-status;\r\n\tboundary=\"" + mark + "\"\r\n\r\nThis is a MIME-encapsulated message.\r\n"
	for _, part := range []string{human, status, returned} {
		out += "\r\n--" + mark + "\r\n" + part
	}
	return out + "\r\n--" + mark + "--\r\n"
}

// text is a bounce for people alone.
func (b notice) text(k kind) string {
	var top, said string
	switch k {
	case exim:
		top = b.top("Mail Delivery System <Mailer-Daemon@srv.sender.example>", "Mail delivery failed: returning message to sender", "X-Failed-Recipients: "+b.to+"\r\nAuto-Submitted: auto-replied\r\n")
		said = "This message was created automatically by mail delivery software.\r\n\r\nA message that you sent could not be delivered to one or more of its\r\nrecipients. This is a permanent error. The following address(es) failed:\r\n\r\n  " + b.to + "\r\n    host smtp-in.libero.it [192.0.2.1]\r\n    SMTP error from remote mail server after RCPT TO:<" + b.to + ">:\r\n    550 <" + b.to + "> recipient rejected\r\n\r\n------ This is a copy of the message, including all the headers. ------\r\n\r\n"
	case qmail:
		top = b.top("MAILER-DAEMON@sender.example", "failure notice", "")
		said = "Hi. This is the qmail-send program at sender.example.\r\nI'm afraid I wasn't able to deliver your message to the following addresses.\r\nThis is a permanent error; I've given up. Sorry it didn't work out.\r\n\r\n<" + b.to + ">:\r\n192.0.2.1 does not like recipient.\r\nRemote host said: 550 <" + b.to + "> recipient rejected\r\nGiving up on 192.0.2.1.\r\n\r\n--- Below this line is a copy of the message.\r\n\r\n"
	default:
		top = b.top("postmaster@relay.example", "Messaggio non recapitato", "")
		said = "Il messaggio non puo' essere recapitato al destinatario:\r\n  <" + b.to + ">\r\n 550 <" + b.to + "> recipient rejected\r\n\r\nMessaggio originale:\r\n\r\n"
	}
	return top + "\r\n" + said + b.head + "\r\n" + b.body
}
