package advice

import "rimbalzo/internal/bounce"

// forwardExamples: the notice names somebody she never wrote to.
func forwardExamples() []example {
	const club, office = "info@club.example", "office@firm.example"
	unknown := "550 recipient rejected"
	two := func() *box { return mailbox("30 Jan 12:00").sent("x", "26 Jan 10:00", club+" "+office) }
	one := func() *box { return mailbox("30 Jan 12:00").sent("x", "26 Jan 10:00", club) }
	return []example{
		{"the club passes its mail on to libero.it", one().report("x", "26 Jan 10:01", carlo, by("mx.club.example"), said(unknown), remote("smtp-in.libero.it")), "", club, want{verdict: Resend, cause: CauseOutage, phase: "restart-550", rules: "false-unknown forwarded"}},
		{"another server passes it on, of one recipient", one().report("x", "26 Jan 10:01", carlo, by("relay.third.example"), said(unknown)), "", club, want{verdict: Resend, phase: "restart-550", rules: "false-unknown forwarded"}},
		{"of two recipients: the server that reports is the club's", two().report("x", "26 Jan 10:01", carlo, by("mx.club.example"), said(unknown)), "", club, want{verdict: Resend}},
		{"and the other one is not touched", two().report("x", "26 Jan 10:01", carlo, by("mx.club.example"), said(unknown)), "", office, want{}},
		{"of two recipients, and nothing tells which", two().report("x", "26 Jan 10:01", carlo, by("relay.third.example"), said(unknown)), "", office, want{verdict: Check, conf: unsure, rules: "one-of-several", when: "none"}},
		{"Original-Recipient tells which", two().report("x", "26 Jan 10:01", carlo, by("relay.third.example"), originally(club), said(unknown)), "", club, want{verdict: Resend, rules: "false-unknown forwarded"}},
		{"the other one has answered, so it is the club", two().report("x", "26 Jan 10:01", carlo, by("mx.club.example"), said(unknown)).writes(office, "27 Jan 10:00", "x"), "", club, want{verdict: Resend}},
		{"the list's members: two failed", one().report("x", "26 Jan 10:01", carlo, by("mx.club.example"), said(unknown), also(dora), said(unknown)), "", club, want{verdict: Check, conf: likely, rules: "list-member", when: "none"}},
		{"the returned message went through a mailing list", one().report("x", "26 Jan 10:01", carlo, by("mx.club.example"), said(unknown), func(r *Reported) { r.Report.ListMail = true }), "", club, want{verdict: Check, rules: "list-member"}},
		{"the server said that it expanded the address", one().report("x", "26 Jan 10:00", club, by("mx.club.example"), success(bounce.KindExpanded)).report("x", "26 Jan 10:01", carlo, by("mx.club.example"), said(unknown)), "", club, want{verdict: Check, rules: "list-member"}},
		{"another member has answered", one().report("x", "26 Jan 10:01", carlo, by("mx.club.example"), said(unknown)).writes("member@home.example", "27 Jan 10:00", "x"), "", club, want{verdict: Check, rules: "list-member"}},
		{"the club itself has answered", one().report("x", "26 Jan 10:01", carlo, by("mx.club.example"), said(unknown)).writes(club, "27 Jan 10:00", "x"), "", club, want{verdict: Delivered, rules: "proof-reply proof-against-bounce"}},
		{"the club's server returns nothing, and says when it took the message", one().report("", "26 Jan 10:01", carlo, by("mx.club.example"), said(unknown), accepted("26 Jan 10:00"), returning(bounce.Original{})), "", club, want{verdict: Resend, conf: likely, rules: "false-unknown forwarded"}},
		{"two messages went to the club just then", one().sent("z", "26 Jan 10:02", club).report("", "26 Jan 10:03", carlo, by("mx.club.example"), said(unknown), accepted("26 Jan 10:01"), returning(bounce.Original{})), "", club, want{}},
		{"some other server returns nothing", one().report("", "26 Jan 10:01", carlo, by("mx.spam.example"), said(unknown), accepted("26 Jan 10:00"), returning(bounce.Original{})), "", club, want{}},
		{"no forwarding: a Bcc that the copy in Sent does not show", one().sent("y", "25 Jan 22:00", dora).report("y", "25 Jan 22:01", dora, said(unknown)).report("x", "26 Jan 10:01", carlo, said(unknown)), "", carlo, want{verdict: Resend, not: "forwarded"}},
		{"and the visible recipient is not touched by it", one().sent("y", "25 Jan 22:00", dora).report("y", "25 Jan 22:01", dora, said(unknown)).report("x", "26 Jan 10:01", carlo, said(unknown)), "", club, want{}},
		{"an alias at her own server is a forwarding", mailbox("30 Jan 12:00").sent("x", "26 Jan 10:00", "boss@studio.example").sent("y", "25 Jan 22:00", dora).report("y", "25 Jan 22:01", dora, said(unknown)).report("x", "26 Jan 10:01", carlo, said(unknown)), "", "boss@studio.example", want{verdict: Resend, rules: "false-unknown forwarded"}},
		{"forwarded, and the forwarder's warning only", mailbox("27 Jan 12:00").sent("x", "26 Jan 15:00", club).report("x", "26 Jan 19:00", carlo, by("mx.club.example"), warning("30 Jan 15:00"), said("452 try again later")), "", club, want{verdict: Wait, cause: CauseOutage, phase: "partial-452"}},
	}
}

// strangerExamples: reports on messages that Sent does not show.
func strangerExamples() []example {
	original := bounce.Original{MessageID: "pop@studio.example", From: me, SentAt: stamp("26 Jan 10:00"), Subject: "From the other computer"}
	forged := bounce.Original{MessageID: "junk@spam.example", From: me, SentAt: stamp("26 Jan 10:00"), Subject: "Buy", Received: []string{"bot.spam.example"}}
	unknown := "550 recipient rejected"
	alone := func(o bounce.Original, c ...func(*Reported)) *box {
		return mailbox("30 Jan 12:00").report("", "26 Jan 10:01", carlo, append([]func(*Reported){by("mx.elsewhere.example"), said(unknown), returning(o)}, c...)...)
	}
	noSent := func(b *box) *box { return b.change(func(ev *Evidence) { ev.Read.Sent = false }) }
	covered := func(b *box) *box { return b.sent("y", "26 Jan 08:00", paolo) }
	return []example{
		{"no Sent at all: the notice is all there is", noSent(alone(original)), "pop", "", want{verdict: Resend, phase: "restart-550", rules: "false-unknown"}},
		{"no Sent, and he answered the message", noSent(alone(original).writes(carlo, "27 Jan 10:00", "pop")), "pop", "", want{verdict: Delivered, proof: ProofReply}},
		{"no Sent, and somebody else answered it", noSent(alone(original).writes(paolo, "27 Jan 10:00", "pop")), "pop", "", want{verdict: Resend}},
		{"a warning and a failure about it are one", noSent(alone(original).report("", "26 Jan 09:30", carlo, by("mx.elsewhere.example"), warning(""), returning(original))), "pop", "", want{verdict: Resend, bounces: 2}},
		{"no Sent, no id: the date is enough to put them together", noSent(alone(bounce.Original{From: me, SentAt: stamp("26 Jan 10:00"), Subject: "s"}).report("", "26 Jan 11:30", carlo, by("mx.elsewhere.example"), warning(""), returning(bounce.Original{From: me, SentAt: stamp("26 Jan 10:00"), Subject: "s"}))), "-", "", want{verdict: Resend, bounces: 2}},
		{"no Sent, and nothing was returned", noSent(alone(bounce.Original{})), "-", "", want{verdict: Resend, conf: likely}},
		{"Sent was read and has others of those days, this one is by somebody else", covered(alone(forged)), "junk@spam.example", "", want{}},
		{"the same forged message where Sent has nothing of those days", alone(forged), "junk@spam.example", "", want{verdict: Resend}},
		{"sent from another computer, with an id like hers", covered(alone(original)), "pop", "", want{verdict: Resend}},
		{"with an id of the phone's, but to somebody who writes to her", covered(alone(bounce.Original{MessageID: "1@phone.local", From: me, SentAt: stamp("26 Jan 10:00"), Received: []string{"phone"}})).writes(carlo, "9 Jan 10:00"), "1@phone.local", "", want{verdict: Resend}},
		{"with an id of the phone's, and her own server reports", covered(mailbox("30 Jan 12:00")).sent("z", "25 Jan 22:00", dora).report("z", "25 Jan 22:01", dora, said(unknown)).
			report("", "26 Jan 10:01", carlo, said(unknown), returning(bounce.Original{MessageID: "1@phone.local", From: me, SentAt: stamp("26 Jan 10:00"), Received: []string{"phone"}})), "1@phone.local", "", want{verdict: Resend}},
		{"a notice that returns nothing, about somebody never written to", covered(alone(bounce.Original{})), "-", "", want{}},
		{"backscatter that claims an outage domain and a From of somebody else", covered(alone(bounce.Original{MessageID: "q@spam.example", From: "x@spam.example", SentAt: stamp("26 Jan 10:00")})), "q@spam.example", "", want{}},
	}
}

// matchExamples: which message a report is about.
func matchExamples() []example {
	unknown := "550 recipient rejected"
	noID := func(o *Outgoing) { o.MessageID = "" }
	headers := func(s, when string) func(*Reported) {
		return returning(bounce.Original{SentAt: stamp(when), Subject: s})
	}
	return []example{
		{"a message without Message-ID, by its date and recipient", mailbox("30 Jan 12:00").sent("x", "26 Jan 10:00", carlo, noID).report("", "26 Jan 10:01", carlo, said(unknown), headers("About x", "26 Jan 10:00")), "-", "", want{verdict: Resend, conf: likely}},
		{"the service wrote an id of its own", mailbox("30 Jan 12:00").sent("x", "26 Jan 10:00", carlo).report("", "26 Jan 10:01", carlo, said(unknown), returning(bounce.Original{MessageID: "0100@eu-west-1.amazonses.com", SentAt: stamp("26 Jan 10:00"), Subject: "About x"})), "", "", want{verdict: Resend}},
		{"the copy in Sent has no id and was dated half a minute earlier", mailbox("30 Jan 12:00").sent("x", "26 Jan 10:00", carlo, noID).report("", "26 Jan 10:02", carlo, said(unknown), returning(bounce.Original{MessageID: "0100@server.example", SentAt: bounce.Stamp{At: on("26 Jan 10:00").Add(30e9), Zoned: true}, Subject: "About x"})), "-", "", want{verdict: Resend}},
		{"a letter to many, one by one, in the same second: the recipient tells", mailbox("30 Jan 12:00").sent("a", "26 Jan 10:00", dora, subject("News"), noID).sent("x", "26 Jan 10:00", carlo, subject("News"), noID).report("", "26 Jan 10:01", carlo, said(unknown), headers("News", "26 Jan 10:00")), "-", carlo, want{verdict: Resend, not: "forwarded"}},
		{"two sent messages with the same id, a failure of the second", mailbox("30 Jan 12:00").sent("x", "26 Jan 10:00", carlo).sent("x", "26 Jan 10:30", dora).report("x", "26 Jan 10:31", dora, said(unknown)), "", dora, want{verdict: Resend, not: "forwarded"}},
		{"and the first stays untouched by it", mailbox("30 Jan 12:00").sent("x", "24 Jan 10:00", carlo).sent("x", "26 Jan 10:30", dora).report("x", "26 Jan 10:31", dora, said(unknown)), "", carlo, want{verdict: Delivered, proof: ProofSilence}},
		{"the same message in two folders of Sent is one", mailbox("30 Jan 12:00").sent("x", "26 Jan 10:00", carlo).sent("x", "26 Jan 10:00", carlo).report("x", "26 Jan 10:01", carlo, said(unknown)), "", "", want{verdict: Resend, not: "copy-sent"}},
		{"nothing returned: the last message to him before", mailbox("30 Jan 12:00").sent("a", "20 Jan 10:00", carlo).sent("x", "26 Jan 10:00", carlo).report("", "26 Jan 10:01", carlo, said(unknown), returning(bounce.Original{})), "", "", want{verdict: Resend, conf: likely}},
		{"nothing returned, but the server says when it took the message", mailbox("30 Jan 12:00").sent("x", "24 Jan 10:00", carlo).sent("b", "25 Jan 10:00", carlo).report("", "26 Jan 10:01", carlo, said(unknown), returning(bounce.Original{}), accepted("24 Jan 10:01")), "", "", want{verdict: Resend, phase: "restart-550"}},
		{"nothing returned of a warning: when it was sent is a guess, and so is the rest", mailbox("24 Jan 12:00").sent("x", "24 Jan 09:00", carlo).report("", "24 Jan 11:00", carlo, warning("28 Jan 09:00"), returning(bounce.Original{})), "", "", want{verdict: Wait, conf: likely}},
		{"two copies sent in one second, and both failed: the ids were rewritten", mailbox("30 Jan 12:00").sent("w", "26 Jan 10:00", carlo, subject("A")).sent("x", "26 Jan 10:00", carlo, subject("A")).report("", "26 Jan 10:01", carlo, said(unknown), headers("A", "26 Jan 10:00")).report("", "26 Jan 10:02", carlo, said(unknown), headers("A", "26 Jan 10:00")), "", "", want{verdict: Resend}},
		{"nothing returned of a letter to two: the one that went to both", mailbox("30 Jan 12:00").sent("x", "26 Jan 09:00", carlo+" "+dora).sent("b", "26 Jan 09:30", carlo+" "+paolo).report("", "26 Jan 10:01", carlo, said(unknown), also(dora), said(unknown), returning(bounce.Original{})), "", carlo, want{verdict: Resend, conf: likely}},
		{"and the later letter, to one of them, is not touched", mailbox("30 Jan 12:00").sent("x", "26 Jan 09:00", carlo+" "+dora).sent("b", "26 Jan 09:30", carlo+" "+paolo).report("", "26 Jan 10:01", carlo, said(unknown), also(dora), said(unknown), returning(bounce.Original{})), "b", paolo, want{}},
		{"nothing returned but the subject", mailbox("30 Jan 12:00").sent("x", "26 Jan 09:00", carlo).sent("b", "26 Jan 10:00", carlo).report("", "26 Jan 10:01", carlo, said(unknown), returning(bounce.Original{Subject: "About x"})), "", "", want{verdict: Resend}},
		{"two such notices in one minute are two messages", mailbox("30 Jan 12:00").sent("x", "26 Jan 09:00", carlo).sent("b", "26 Jan 10:00", carlo).report("", "26 Jan 10:01", carlo, said(unknown), returning(bounce.Original{})).report("", "26 Jan 10:02", carlo, said(unknown), returning(bounce.Original{})), "", "", want{verdict: Resend}},
		{"the id in other letters", mailbox("30 Jan 12:00").sent("x", "26 Jan 10:00", carlo).report("X", "26 Jan 10:01", "Carlo@Libero.IT", said(unknown)), "", "", want{verdict: Resend}},
		{"several recipients in one notice, two providers", mailbox("30 Jan 12:00").sent("x", "26 Jan 10:00", carlo+" "+paolo).report("x", "26 Jan 10:01", carlo, said(unknown), also(paolo), said("550 5.1.1 no such user")), "", paolo, want{verdict: Fix, cause: CauseAddress, phase: "none"}},
		{"only one outage is asked for, and this bounce is of none", mailbox("30 Jan 12:00").change(func(ev *Evidence) { ev.Outage = "libero-2023-06" }).sent("x", "26 Jan 10:00", carlo).report("x", "26 Jan 10:01", carlo, said(unknown)), "", "", want{}},
	}
}
