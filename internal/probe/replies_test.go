package probe

import (
	"errors"
	"strings"
	"testing"
)

// said is something that a real server says, and what it means.
type said struct {
	text   string // lines as on the wire, without the last line's end
	want   Ending // "" and EndingOK: the check goes on
	source string
}

// What servers of SMTP say first.
var smtpGreetings = []said{
	{"220 mail.example.com ESMTP Postfix", EndingOK, "https://www.postfix.org/postconf.5.html#smtpd_banner"},
	{"220-mail.example.com ESMTP Postfix\r\n220 mail.example.com ESMTP Postfix", EndingOK, "https://www.postfix.org/POSTSCREEN_README.html (the teaser before the banner)"},
	{"421 4.3.2 All server ports are busy", EndingGreeting421, "Postfix, src/postscreen/postscreen.c"},
	{"421 4.3.2 All screening ports are busy", EndingGreeting421, "Postfix, src/postscreen/postscreen.c"},
	{"421 4.3.2 No system resources", EndingGreeting421, "Postfix, src/postscreen/postscreen_send.c"},
	{"421 4.3.0 Server local error", EndingGreeting421, "Postfix, src/smtpd/smtpd.c"},
	{"421 4.3.5 Server configuration error", EndingGreeting421, "Postfix, src/smtpd/smtpd_check.c"},
	{"421 4.7.0 mail.example.com Error: too many connections from 192.0.2.7", EndingLimit, "Postfix, src/smtpd/smtpd.c (anvil)"},
	{"554 5.7.1 Service unavailable; Client host [192.0.2.7] blocked using zen.spamhaus.org", EndingPolicy, "https://www.postfix.org/postconf.5.html#default_rbl_reply"},
	{"450 4.7.25 Client host rejected: cannot find your reverse hostname, [192.0.2.7]", EndingPolicy, "https://www.postfix.org/postconf.5.html#reject_unknown_reverse_client_hostname"},
	{"521 5.3.2 mail.example.com Service currently unavailable", EndingGreeting5xx, "RFC 7504; Postfix, src/postscreen/postscreen_smtpd.c"},
	{"220 myhost.test.ex ESMTP Exim 4.96 Tue, 2 Mar 1999 09:44:33 +0000", EndingOK, "Exim, test/stdout/0485"},
	{"220-wn09.webd.pl ESMTP Exim 4.96.2 #2 Sat, 24 Aug 2024 09:58:17 +0200 \r\n220-We do not authorize the use of this system to transport unsolicited,\r\n220 and/or bulk e-mail.", EndingOK, "https://github.com/chatmail/core/issues/5911 (Exim as cPanel sets it up)"},
	{"421 mail.example.com: Too many concurrent SMTP connections; please try again later", EndingGreeting421, "Exim, src/smtp_in.c: everybody's connections, not this line's"},
	{"421 Too many concurrent SMTP connections from this IP address; please try again later.", EndingLimit, "Exim, src/daemon.c (smtp_accept_max_per_host)"},
	{"421 mail.example.com: SMTP service not available", EndingGreeting421, "Exim, src/smtp_in.c"},
	{"554 SMTP service not available", EndingGreeting554, "Exim, src/smtp_in.c (a rejected connection)"},
	{"554-mail.example.com\r\n554 Your access to this mail system has been rejected due to the sending MTA's poor reputation.", EndingPolicy, "Cisco ESA, the default rejection by SenderBase"},
	{"220 mx.example.com ESMTP Sendmail 8.17.1/8.17.1; Tue, 24 Jan 2023 10:10:01 +0100", EndingOK, "Sendmail, doc/op/op.me (SmtpGreetingMessage)"},
	{"554 mx.example.com ESMTP not accepting messages", EndingGreeting554, "Sendmail, sendmail/srvrsmtp.c (a rejected connection)"},
	{"421 4.3.2 mx.example.com Connection rate limit exceeded.", EndingLimit, "Sendmail, sendmail/srvrsmtp.c"},
	{"421 4.3.2 Too many open connections.", EndingGreeting421, "Sendmail, cf/README (conncontrol); without the word whose they are"},
	{"550 5.7.1 Access denied", EndingPolicy, "Sendmail, cf/README (access map)"},
	{"220 EXCH01.contoso.example Microsoft ESMTP MAIL Service ready at Thu, 7 Jan 2021 08:31:52 +0545", EndingOK, "https://learn.microsoft.com/exchange/mail-flow/connectors/receive-connectors (Banner)"},
	{"421 4.3.2 Service not available", EndingGreeting421, "https://learn.microsoft.com/exchange/mail-flow/back-pressure"},
	{"421 4.3.2 The maximum number of concurrent server connections has exceeded a limit, closing transmission channel", EndingGreeting421, "https://learn.microsoft.com/exchange/mail-flow/message-rate-limits (MaxInboundConnection)"},
	{"220 DB5EUR01FT047.mail.protection.outlook.com Microsoft ESMTP MAIL Service ready at Mon, 23 Jan 2023 10:00:00 +0000", EndingOK, "Exchange Online Protection, as https://learn.microsoft.com/exchange/mail-flow-best-practices shows it"},
	{"550 5.7.606 Access denied, banned sending IP [192.0.2.7]. To request removal from this list please visit https://sender.office.com/", EndingPolicy, "https://learn.microsoft.com/exchange/mail-flow-best-practices/non-delivery-reports-in-exchange-online (5.7.606-649)"},
	{"220 mx.google.com ESMTP a640c23a62f3a-ae0541f9b2fsi1024066b.123 - gsmtp", EndingOK, "https://support.google.com/a/answer/3221692"},
	{"421-4.7.0 [192.0.2.7      15] Our system has detected that this message is\r\n421-4.7.0 suspicious: unsolicited mail originating from your IP address.\r\n421 4.7.0 temporarily rate limited. gsmtp", EndingPolicy, "https://support.google.com/a/answer/3726730"},
	{"421 4.3.0 Temporary System Problem.  Try again later (10). gsmtp", EndingGreeting421, "https://support.google.com/a/answer/3726730"},
	{"421 4.7.0 Try again later, closing connection. gsmtp", EndingGreeting421, "https://support.google.com/a/answer/3726730"},
	{"421 4.7.0 [TSS04] Messages from 192.0.2.7 temporarily deferred due to unexpected volume or user complaints - 4.16.55.1", EndingPolicy, "https://senders.yahooinc.com/smtp-error-codes/"},
	{"553 5.7.1 [BL21] Connections will not be accepted from 192.0.2.7, because the ip is in Spamhaus's list", EndingPolicy, "https://senders.yahooinc.com/smtp-error-codes/"},
	{"220 heaven.af.mil ESMTP", EndingOK, "https://cr.yp.to/smtp/greeting.html (qmail)"},
	{"421-heaven.af.mil is too busy to accept mail right now.\r\n421 Please come back in 2040 seconds.", EndingGreeting421, "https://cr.yp.to/smtp/greeting.html"},
	{"421 unable to read controls (#4.3.0)", EndingGreeting421, "qmail, qmail-smtpd.c"},
	{"220 mail.example.com ESMTP", EndingOK, "Courier, courier/module.esmtp/courieresmtpd.c"},
	{"220 mail.example.com ESMTP OpenSMTPD", EndingOK, "OpenSMTPD, usr.sbin/smtpd/smtp_session.c"},
	{"421 4.3.0 Temporary failure", EndingGreeting421, "OpenSMTPD, usr.sbin/smtpd/smtp_session.c"},
	{"220 zimbra.example.com ESMTP Postfix", EndingOK, "Zimbra's own Postfix: https://wiki.zimbra.com/wiki/Postfix"},
	{"550 smtp-10.iol.local smtp-10.iol.local IP blacklisted by CSI. For remediation please use http://csi.cloudmark.com/reset-request/?ip=192.0.2.7 [smtp-10.iol.local; LIB_102]", EndingPolicy, "github:TurboLabIt/TurboLab.it docs/email-blacklist-cloudmark.md"},
	{"421 smtp-17.iol.local smtp-17.iol.local No reverse DNS [smtp-17.iol.local; LIB_120]", EndingPolicy, "facts on Libero's replies (LIB_120)"},
	{"451 Request action aborted on MFE proxy, SMTP server is not available.", EndingGreeting4xx, "https://github.com/nodemailer/nodemailer/issues/952 (McAfee's proxy)"},
	{"554 No SMTP service here", EndingGreeting554, "RFC 5321 section 3.1"},
	{"220", EndingOK, "RFC 5321 section 4.2.1: a code alone is to be understood"},
	{"* OK Dovecot ready.", EndingGarbage, "an IMAP server on this port"},
	{"+OK POP3 ready", EndingGarbage, "a POP3 server on this port"},
	{"HTTP/1.1 400 Bad Request", EndingGarbage, "a web server on this port"},
	{"SSH-2.0-OpenSSH_9.2", EndingGarbage, "an SSH server on this port"},
	{"250 hello", EndingGarbage, "250 greets nobody (RFC 5321 section 4.3.2)"},
}

// What servers of IMAP say first.
var imapGreetings = []said{
	{"* OK [CAPABILITY IMAP4rev1 SASL-IR LOGIN-REFERRALS ID ENABLE IDLE LITERAL+ AUTH=PLAIN AUTH=LOGIN] Dovecot (Debian) ready.", EndingOK, "https://doc.dovecot.org/ (login_greeting)"},
	{"* BYE Disconnected: Auth process broken", EndingBye, "Dovecot, src/login-common/client-common.c"},
	{"* BYE Too many connections.", EndingBye, "Dovecot, src/imap-login/imap-login-client.c"},
	{"* BYE [UNAVAILABLE] Maximum number of connections from user+IP exceeded (mail_max_userip_connections=10)", EndingLimit, "Dovecot, src/login-common/sasl-server.c"},
	{"* BYE [UNAVAILABLE] Server shutting down.", EndingUnavailable, "Dovecot, src/imap/main.c; RFC 5530 section 3"},
	{"* OK [CAPABILITY IMAP4rev1 UIDPLUS CHILDREN NAMESPACE THREAD=ORDEREDSUBJECT IDLE ACL ACL2=UNION STARTTLS] Courier-IMAP ready. Copyright 1998-2018 Double Precision, Inc.", EndingOK, "Courier-IMAP, imap/imaplogin.c"},
	{"* BYE Temporary problem, please try again later", EndingBye, "Courier-IMAP, imap/imapd.c"},
	{"* OK [CAPABILITY IMAP4rev1 LITERAL+ ID ENABLE AUTH=PLAIN SASL-IR] mail.example.com Cyrus IMAP 3.6.1-Debian-3.6.1-4 server ready", EndingOK, "https://www.cyrusimap.org/ (imapd.conf: serverinfo)"},
	{"* BYE [ALERT] too many connections from your host", EndingLimit, "https://www.cyrusimap.org/ (maxlogins_per_host)"},
	{"* OK Gimap ready for requests from 192.0.2.7 zh1mb199258645pbc", EndingOK, "https://mikeboers.com/blog/2014/10/14/google-status"},
	{"* BYE System error (Failure)", EndingBye, "Gmail, https://support.google.com/mail/answer/7126229"},
	{"* OK The Microsoft Exchange IMAP4 service is ready. [TABPADIAUAAxADIA]", EndingOK, "https://github.com/jstedfast/MailKit (ImapEngine.cs: quirks)"},
	{"* BYE Connection is closed. 13", EndingBye, "Exchange, https://learn.microsoft.com/exchange/clients/pop3-and-imap4"},
	{"* OK mail.example.com Zimbra 8.8.15_GA_4177 IMAP4rev1 proxy ready", EndingOK, "Zimbra, ZimbraServer ImapHandler.java"},
	{"* OK IMAP4 ready", EndingOK, "the shortest that RFC 9051 section 7.1.1 allows"},
	{"* PREAUTH IMAP4rev1 server logged in as Smith", EndingOK, "RFC 9051 section 7.1.4"},
	{"* BYE [UNAVAILABLE] User's backend down for maintenance", EndingUnavailable, "RFC 5530 section 3"},
	{"* BYE [SERVERBUG] This should not happen", EndingServerBug, "RFC 5530 section 3"},
	{"* BYE [INUSE] Mailbox in use", EndingInUse, "RFC 5530 section 3"},
	{"* BYE [LIMIT] At most ten flags in one message supported", EndingLimit, "RFC 5530 section 3"},
	{"* BYE Autologout; idle for too long", EndingBye, "RFC 9051 section 7.1.5"},
	{"* NO what", EndingGarbage, "RFC 9051 section 7.1: no greeting"},
	{"+OK POP3 ready", EndingIsPOP3, "a POP3 server on this port (RFC 1939 section 4)"},
	{"HTTP/1.1 400 Bad Request", EndingIsHTTP, "a web server on this port (RFC 9112 section 4)"},
	{"220 mail.example.com ESMTP Postfix", EndingIsSMTP, "https://github.com/jstedfast/MailKit/issues/1099 (an SMTP server on this port)"},
}

// What servers of IMAP say to a login.
var imapLogins = []said{
	{"a1 OK [CAPABILITY IMAP4rev1 SASL-IR] Logged in", EndingOK, "Dovecot, src/imap/main.c"},
	{"a1 NO [AUTHENTICATIONFAILED] Authentication failed.", EndingAuthFailed, "Dovecot, src/login-common/login-common.h"},
	{"a1 NO [UNAVAILABLE] Temporary authentication failure. [mail:2023-01-23 10:00:00]", EndingUnavailable, "Dovecot, src/login-common/login-common.h"},
	{"a1 NO [SERVERBUG] Internal error occurred. Refer to server log for more information. [2023-01-23 10:00:00]", EndingServerBug, "Dovecot, src/lib-storage/mail-storage.h (MAIL_ERRSTR_CRITICAL_MSG)"},
	{"a1 NO [CONTACTADMIN] Account is locked", EndingNotAllowed, "RFC 5530 section 3"},
	{"a1 NO [INUSE] Timeout while waiting for lock", EndingInUse, "Dovecot, src/lib-storage/mail-error.h"},
	{"a1 NO [LIMIT] Too many sessions for this user", EndingLimit, "RFC 5530 section 3"},
	{"a1 NO [ALERT] Too many simultaneous connections. (Failure)", EndingLimit, "https://mikeboers.com/blog/2014/10/14/google-status"},
	{"a1 NO [AUTHENTICATIONFAILED] Invalid credentials (Failure)", EndingAuthFailed, "https://support.google.com/mail/answer/7126229"},
	{"a1 NO [ALERT] Application-specific password required: https://support.google.com/accounts/answer/185833 (Failure)", EndingAppPassword, "https://support.google.com/accounts/answer/185833"},
	{"a1 NO [ALERT] Please log in via your web browser: https://support.google.com/mail/accounts/answer/78754 (Failure)", EndingNotAllowed, "https://help.funnelbud.com/setup/email-sync/troubleshooting"},
	{"a1 NO [ALERT] Your account is not enabled for IMAP use. Please visit your Gmail settings page", EndingNotAllowed, "https://support.google.com/mail/answer/7126229"},
	{"a1 NO LOGIN failed.", EndingRefusedLogin, "Exchange Online: a bare NO for a wrong password as for a service in trouble"},
	{"a1 BAD User is authenticated but not connected.", EndingNotAllowed, "https://learn.microsoft.com/exchange/troubleshoot/client-connectivity (Exchange)"},
	{"a1 NO Login failed.", EndingRefusedLogin, "Courier-IMAP, imap/imaplogin.c"},
	{"a1 NO Login failed: authentication failure", EndingRefusedLogin, "Cyrus, imap/imapd.c (before 2.4)"},
	{"a1 NO [AUTHENTICATIONFAILED] LOGIN Invalid credentials", EndingAuthFailed, "Yahoo, https://help.yahoo.com/kb/SLN4075.html"},
	{"a1 NO [EXPIRED] That password isn't valid any more", EndingPassExpired, "RFC 5530 section 3"},
}

// What servers of SMTP say to a login.
var smtpLogins = []said{
	{"235 2.7.0 Authentication successful", EndingOK, "Postfix, src/smtpd/smtpd_sasl_glue.c"},
	{"535 5.7.8 Error: authentication failed: UGFzc3dvcmQ6", EndingAuth, "Postfix, src/smtpd/smtpd_sasl_glue.c"},
	{"454 4.7.0 Temporary authentication failure: Connection lost to authentication server", EndingTempAuth, "Postfix, src/xsasl/xsasl_dovecot_server.c"},
	{"535 Incorrect authentication data", EndingAuth, "Exim, src/smtp_in.c"},
	{"435 Unable to authenticate at present", EndingTempAuth, "Exim, src/smtp_in.c"},
	{"535-5.7.8 Username and Password not accepted. For more information, go to\r\n535 5.7.8  https://support.google.com/mail/?p=BadCredentials - gsmtp", EndingAuth, "https://support.google.com/a/answer/3726730"},
	{"534-5.7.9 Application-specific password required. For more information, go to\r\n534 5.7.9  https://support.google.com/mail/?p=InvalidSecondFactor - gsmtp", EndingAppPassword, "https://support.google.com/a/answer/3726730"},
	{"534-5.7.14 <https://accounts.google.com/signin/continue> Please log in via your web browser and\r\n534 5.7.14 then try again. - gsmtp", EndingNotAllowed, "https://support.google.com/a/answer/3726730"},
	{"454 4.7.0 Too many login attempts, please try again later. - gsmtp", EndingLimit, "https://support.google.com/a/answer/3726730"},
	{"535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant. Visit https://aka.ms/smtp_auth_disabled for more information.", EndingNotAllowed, "https://learn.microsoft.com/exchange/clients-and-mobile-in-exchange-online/authenticated-client-smtp-submission"},
	{"535 5.7.3 Authentication unsuccessful", EndingAuth, "https://learn.microsoft.com/exchange/clients-and-mobile-in-exchange-online/authenticated-client-smtp-submission"},
	{"535 5.7.0 (#AUTH005) Too many bad auth attempts.", EndingLimit, "https://senders.yahooinc.com/smtp-error-codes/ (AUTH005)"},
	{"535 authorization failed (#5.7.0)", EndingAuth, "netqmail, the SMTP AUTH patch"},
	{"454 oops, problem with child and I can't auth (#4.3.0)", EndingTempAuth, "netqmail, the SMTP AUTH patch"},
	{"504 5.5.4 Unrecognized authentication type", EndingNoLogin, "Exchange, RFC 4954 section 4"},
	{"538 5.7.11 Encryption required for requested authentication mechanism", EndingNotAllowed, "RFC 4954 section 6"},
}

// What servers of POP3 say first.
var popGreetings = []said{
	{"+OK Dovecot (Debian) ready.", EndingOK, "Dovecot, src/pop3-login/client.c"},
	{"+OK POP3 server ready <1896.697170952@dbc.mtview.ca.us>", EndingOK, "RFC 1939 section 7"},
	{"+OK The Microsoft Exchange POP3 service is ready. [TABPADIAUAAxADIA]", EndingOK, "Exchange"},
	{"-ERR [SYS/TEMP] Temporary system problem", EndingUnavailable, "RFC 3206 section 4"},
	{"-ERR [IN-USE] Couldn't open INBOX: Timeout while waiting for lock", EndingInUse, "RFC 2449 section 8.1.2"},
	{"-ERR [SYS/PERM] Account disabled", EndingGreeting5xx, "RFC 3206 section 4"},
	{"-ERR Disconnected: Too many connections from your IP", EndingLimit, "Dovecot, src/login-common"},
	{"-ERR Service unavailable", EndingGreeting5xx, "RFC 1939 section 3"},
	{"+OKAY", EndingGarbage, "no status indicator of RFC 1939 section 3"},
	{"* OK IMAP4 ready", EndingGarbage, "an IMAP server on this port"},
}

// TestRealReplies: every greeting and reply means what it means, whoever's words it is in. What IMAP servers say goes over a
// connection, since the conversation is internal/mailbox's.
func TestRealReplies(t *testing.T) {
	a := newAuthority(t)
	total := 0
	for name, kind := range map[string]struct {
		table []said
		judge func(t *testing.T, text string) (Ending, string)
	}{
		"SMTP greeting": {smtpGreetings, judgeReply(reply.greetingFailure)},
		"SMTP login":    {smtpLogins, judgeReply(reply.authFailure)},
		"IMAP greeting": {imapGreetings, func(t *testing.T, text string) (Ending, string) {
			if strings.HasPrefix(text, "* OK") || strings.HasPrefix(text, "* PREAUTH") {
				return overIMAP(t, a, imap(map[string]string{"": text}))
			}
			return overIMAP(t, a, greeting(text))
		}},
		"IMAP login": {imapLogins, func(t *testing.T, text string) (Ending, string) {
			return overIMAP(t, a, imap(map[string]string{"AUTHENTICATE": strings.Replace(text, "a1 ", "%s ", 1), "LOGIN": strings.Replace(text, "a1 ", "%s ", 1)}))
		}},
		"POP3 greeting": {popGreetings, func(_ *testing.T, text string) (Ending, string) { return endingOf(popFailure(text, EndingGreeting5xx)) }},
	} {
		total += len(kind.table)
		for _, s := range kind.table {
			t.Run(name+"/"+clean(s.text), func(t *testing.T) {
				t.Parallel()
				if s.source == "" {
					t.Error("no source")
				}
				got, words := kind.judge(t, s.text)
				if got != s.want {
					t.Errorf("%q is %s, want %s", s.text, got, s.want)
				}
				if got != EndingOK && words == "" {
					t.Errorf("%q: the server's words are lost", s.text)
				}
			})
		}
	}
	if total < 60 {
		t.Errorf("only %d replies", total)
	}
}

// judgeReply gives how an SMTP reply is judged.
func judgeReply(judge func(reply) error) func(*testing.T, string) (Ending, string) {
	return func(_ *testing.T, text string) (Ending, string) {
		r, err := parseReply(strings.Split(text, "\r\n"))
		if err == nil {
			err = judge(r)
		}
		return endingOf(err)
	}
}

func endingOf(err error) (Ending, string) {
	var f *failure
	if errors.As(err, &f) {
		return f.ending, clean(f.said)
	}
	return EndingOK, ""
}

// overIMAP checks a mailbox whose server plays p.
func overIMAP(t *testing.T, a *authority, p play) (Ending, string) {
	r := scene{target: imaps, play: p}.run(t, a)
	return r.Ending, r.Said
}
