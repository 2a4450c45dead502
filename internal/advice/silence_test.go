package advice

import (
	"rimbalzo/internal/bounce"
	"rimbalzo/internal/provider"
)

// silenceExamples: nothing came back.
func silenceExamples() []example {
	sentOn := func(when, at string) *box { return mailbox(at).sent("x", when, carlo) }
	unread := func(b *box) *box {
		return b.change(func(ev *Evidence) { ev.Read.Junk, ev.Read.Whole = false, false })
	}
	gmail := func(o *Outgoing) { o.Traits = provider.Traits{MessageID: "<CAF1@mail.gmail.com>"} }
	return []example{
		{"sent while connections were refused, yesterday", sentOn("23 Jan 18:00", "24 Jan 18:00"), "", "", want{verdict: Wait, proof: ProofSilence, conf: likely, phase: "refuse", rules: "may-be-queued wait-until-usual", wait: "28 Jan 18:00"}},
		{"the same a fortnight later", sentOn("23 Jan 18:00", "6 Feb 18:00"), "", "", want{verdict: Delivered, proof: ProofSilence, conf: likely, rules: "term-over no-failure-came"}},
		{"the same where Junk was not read", unread(sentOn("23 Jan 18:00", "6 Feb 18:00")), "", "", want{verdict: Check, conf: unsure, rules: "term-over bounce-may-be-unseen"}},
		{"the same where the mailbox was read from a later day", sentOn("23 Jan 18:00", "6 Feb 18:00").change(func(ev *Evidence) { ev.Read.Since = on("25 Jan 00:00") }), "", "", want{verdict: Check, rules: "term-over bounce-may-be-unseen"}},
		{"the same where the mailbox was emptied since", sentOn("23 Jan 18:00", "6 Feb 18:00").change(func(ev *Evidence) { ev.Incoming[0].At = on("1 Feb 09:00") }), "", "", want{verdict: Check}},
		{"accepted and held by the provider: its own time counts on top", sentOn("23 Jan 10:00", "30 Jan 18:00"), "", "", want{verdict: Wait, phase: "accept-queue", rules: "may-be-queued wait-until-held", wait: "3 Feb 23:59"}},
		{"accepted and held, and that time is over", sentOn("23 Jan 10:00", "10 Feb 18:00"), "", "", want{verdict: Delivered, conf: likely}},
		{"June's maintenance: held without a promised end", sentOn("14 Jun 12:00", "1 Sep 12:00"), "", "", want{verdict: Check, conf: unsure, phase: "maintenance-hold", rules: "held-without-end"}},
		{"June's queue, after it was emptied", sentOn("15 Jun 10:00", "1 Jul 12:00"), "", "", want{verdict: Delivered, conf: likely, phase: "accept-queue"}},
		{"June between two texts of the same source: they agree in the end", sentOn("15 Jun 20:00", "1 Jul 12:00"), "", "", want{verdict: Delivered, phase: "accept-queue", other: "refuse-notify", not: "disputed-boundary"}},
		{"and until then they do not", mailbox("19 Jun 08:00").sent("x", "15 Jun 15:00", carlo, gmail), "", "", want{verdict: Check, conf: unsure, rules: "disputed-boundary", phase: "accept-queue", other: "refuse-notify"}},
		{"sent about the hour in which connections began to be refused", mailbox("30 Jan 12:00").sent("x", "23 Jan 15:30", carlo), "", "", want{verdict: Wait, conf: unsure, rules: "may-be-queued between-phases"}},
		{"sent just before the outage", sentOn("22 Jan 21:30", "26 Jan 12:00"), "", "", want{verdict: Delivered, conf: unsure, rules: "sent-while-up edge-of-outage"}},
		{"sent the day before the outage", sentOn("21 Jan 12:00", "26 Jan 12:00"), "", "", want{verdict: Delivered, conf: likely, rules: "sent-while-up", phase: "none"}},
		{"the day before, and Junk was not read", unread(sentOn("21 Jan 13:00", "26 Jan 12:00")), "", "", want{verdict: Check, rules: "bounce-may-be-unseen"}},
		{"sent when the service was open again", sentOn("19 Jun 14:00", "22 Jun 12:00"), "", "", want{verdict: Delivered, conf: unsure, phase: "aftermath", other: "reopening", rules: "sent-while-up between-phases"}},
		{"sent a month before the outage", sentOn("20 Dec 2022 12:00", "26 Jan 12:00"), "", "", want{}},
		{"sent to a provider that worked", mailbox("26 Jan 12:00").sent("x", "24 Jan 12:00", paolo), "", paolo, want{}},
		{"sent from a mailbox that was struck itself", mailbox("10 Feb 12:00").sent("x", "24 Jan 12:00", paolo, func(o *Outgoing) { o.From = dora }), "", paolo, want{verdict: Check, rules: "sent-from-struck-mailbox"}},
		{"sent from a struck mailbox, and answered", mailbox("10 Feb 12:00").sent("x", "24 Jan 12:00", paolo, func(o *Outgoing) { o.From = dora }).writes(paolo, "1 Feb 12:00", "x"), "", paolo, want{verdict: Delivered, proof: ProofReply}},
		{"sent from that mailbox before it was struck", mailbox("10 Feb 12:00").sent("x", "20 Jan 12:00", paolo, func(o *Outgoing) { o.From = dora }), "", paolo, want{}},
	}
}

// termExamples: how long a server keeps trying, and who says so.
func termExamples() []example {
	warned := func(at, until string, c ...func(*Reported)) *box {
		return mailbox(at).sent("x", "24 Jan 10:00", carlo).report("x", "24 Jan 14:00", carlo, append([]func(*Reported){warning(until), ended(bounce.FailureRefused)}, c...)...)
	}
	gmail := from("Mail Delivery Subsystem <mailer-daemon@googlemail.com>")
	three := func(b *box) *box {
		for _, id := range []string{"a", "b", "c"} {
			b.sent(id, "27 Jan 08:00", "p"+id+"@libero.it").report(id, "27 Jan 12:00", "p"+id+"@libero.it", warning(""), said("452 try again later"))
		}
		return b
	}
	return []example{
		{"the warning says until when", warned("25 Jan 12:00", "29 Jan 10:00"), "", "", want{verdict: Wait, proof: ProofWarning, conf: certain, phase: "refuse", rules: "warned wait-until-said", wait: "29 Jan 10:00"}},
		{"that time has just passed: word of it may take some hours", warned("29 Jan 12:00", "29 Jan 10:00"), "", "", want{verdict: Wait, conf: likely, wait: "29 Jan 17:00"}},
		{"and some hours later it probably arrived", warned("29 Jan 18:00", "29 Jan 10:00"), "", "", want{verdict: Delivered, proof: ProofSilence, conf: likely, rules: "warned term-over expiry-would-be-told"}},
		{"or else it would lie where nobody looked", warned("29 Jan 18:00", "29 Jan 10:00").change(func(ev *Evidence) { ev.Read = Read{Sent: true, Inbox: true} }), "", "", want{verdict: Check, rules: "warned term-over bounce-may-be-unseen"}},
		{"Gmail gives up after three days", warned("25 Jan 12:00", "", by("googlemail.com"), gmail), "", "", want{verdict: Wait, rules: "warned wait-until-service", wait: "27 Jan 10:00"}},
		{"another warning of the same server said how long it tries", warned("25 Jan 12:00", "").sent("y", "24 Jan 12:00", dora).report("y", "24 Jan 16:00", dora, warning("26 Jan 12:00"), ended(bounce.FailureRefused)), "", "", want{verdict: Wait, rules: "warned wait-until-habit", wait: "26 Jan 10:00"}},
		{
			"one service, many hosts: Exchange Online's bounces agree", mailbox("25 Jan 12:00").sent("x", "24 Jan 20:00", carlo).sent("y", "20 Jan 10:00", dora).sent("z", "20 Jan 10:00", paolo).
				report("y", "21 Jan 10:00", dora, by("AM6PR01.eurprd01.prod.outlook.com"), func(r *Reported) { r.Traits.Text = "Generating server: AM6PR01.eurprd01.prod.outlook.com" }, ended(bounce.FailureTimeout)).
				report("z", "21 Jan 10:00", paolo, by("DB7PR02.eurprd02.prod.outlook.com"), func(r *Reported) { r.Traits.Text = "Generating server: DB7PR02.eurprd02.prod.outlook.com" }, ended(bounce.FailureTimeout)), "", "",
			want{verdict: Wait, rules: "may-be-queued wait-until-service", wait: "25 Jan 20:00"},
		},
		{"no bounce at all, but her messages are Gmail's by their ids", mailbox("25 Jan 12:00").sent("x", "24 Jan 10:00", carlo, func(o *Outgoing) { o.Traits = provider.Traits{MessageID: "<CAF1@mail.gmail.com>"} }), "", "", want{verdict: Wait, rules: "may-be-queued wait-until-service", wait: "27 Jan 10:00"}},
		{"the server that forwards tries for another time than hers", mailbox("25 Jan 12:00").sent("x", "24 Jan 10:00", paolo).sent("y", "24 Jan 12:00", dora).report("y", "24 Jan 16:00", dora, warning("26 Jan 12:00"), ended(bounce.FailureRefused)).
			report("x", "24 Jan 14:00", carlo, by("googlemail.com"), gmail, warning(""), ended(bounce.FailureRefused)), "", paolo, want{verdict: Wait, rules: "warned wait-until-service", wait: "27 Jan 10:00"}},
		{"assumed to give up after three days, it warned after four: evidence beats the table", mailbox("28 Jan 12:00").sent("x", "24 Jan 10:00", carlo).report("x", "28 Jan 11:00", carlo, by("googlemail.com"), gmail, warning(""), ended(bounce.FailureRefused)), "", "", want{verdict: Wait, rules: "warned wait-until-usual", wait: "29 Jan 10:00"}},
		{"it has been seen to try for seven days", mailbox("30 Jan 12:00").sent("y", "10 Jan 10:00", dora).report("y", "17 Jan 10:00", dora, ended(bounce.FailureTimeout)).sent("x", "24 Jan 10:00", carlo), "", "", want{verdict: Wait, rules: "may-be-queued wait-until-habit", wait: "31 Jan 10:00"}},
		{"it warns of every delay, and of this one it did not", three(mailbox("28 Jan 08:00")).sent("x", "27 Jan 09:00", carlo), "", "", want{verdict: Delivered, proof: ProofSilence, conf: likely, rules: "would-have-warned"}},
		{"it would not have warned yet", three(mailbox("27 Jan 14:00")).sent("x", "27 Jan 09:00", carlo), "", "", want{verdict: Wait}},
		{"it warns, but nothing got through in those hours", three(mailbox("28 Jan 08:00")).sent("x", "24 Jan 09:00", carlo), "", "", want{verdict: Wait}},
	}
}

// whenExamples: sending again is of no use while the provider is down.
func whenExamples() []example {
	x := func(at string) *box {
		return mailbox(at).sent("x", "23 Jan 18:00", carlo).report("x", "23 Jan 18:01", carlo, ended(bounce.FailureRefused))
	}
	put := func(at string) *box {
		return mailbox(at).sent("x", "26 Jan 14:30", carlo).report("x", "27 Jan 09:00", carlo, said("452 try again later"))
	}
	return []example{
		{"while connections are refused", x("24 Jan 12:00"), "", "", want{verdict: Resend, when: WhenBack, rules: "refused-in-phase resend-when-back"}},
		{"while everybody is called unknown", x("26 Jan 09:00"), "", "", want{verdict: Resend, when: WhenBack}},
		{"while some mailboxes are closed, of one that was not put off then", x("27 Jan 12:00"), "", "", want{verdict: Resend, when: Now, not: "resend-at"}},
		{"while some mailboxes are closed, of one that was", put("27 Jan 12:00"), "", "", want{verdict: Resend, when: At, after: "28 Jan 20:00", rules: "gave-up-in-phase resend-at"}},
		{"once all are open", put("29 Jan 12:00"), "", "", want{verdict: Resend, when: Now}},
		{"long after", put("1 May 12:00"), "", "", want{verdict: Resend, when: Now}},
		{"in the next outage of the same provider", put("15 Jun 12:00"), "", "", want{verdict: Resend, when: WhenBack, rules: "gave-up-in-phase resend-when-back"}},
	}
}
