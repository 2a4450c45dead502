package advice

import "rimbalzo/internal/bounce"

// proofExamples: what says that a message arrived.
func proofExamples() []example {
	silent := func() *box { return mailbox("24 Jan 18:00").sent("x", "23 Jan 18:00", carlo) }
	march := func() *box { return mailbox("30 Jan 12:00").sent("x", "20 Jan 10:00", carlo) }
	return []example{
		{"a success notice of the mailbox's own server", march().report("x", "20 Jan 10:01", carlo, by("smtp-16.iol.local"), success(bounce.KindDelivered)), "", "", want{verdict: Delivered, proof: ProofDSN, conf: certain, rules: "proof-dsn"}},
		{"relayed by the own server proves acceptance only", silent().report("x", "23 Jan 18:01", carlo, success(bounce.KindRelayed)), "", "", want{verdict: Wait, proof: ProofSilence}},
		{"expanded proves acceptance only", silent().report("x", "23 Jan 18:01", carlo, success(bounce.KindExpanded)), "", "", want{verdict: Wait, proof: ProofSilence}},
		{"delivered, says another host", silent().report("x", "23 Jan 18:01", carlo, by("gateway.elsewhere.example"), success(bounce.KindDelivered)), "", "", want{verdict: Wait, proof: ProofSilence}},
		{"delivered, says the provider while it was queuing", mailbox("24 Jan 18:00").sent("x", "23 Jan 10:00", carlo).report("x", "23 Jan 10:01", carlo, by("smtp-16.iol.local"), success(bounce.KindDelivered)), "", "", want{verdict: Wait, proof: ProofSilence}},
		{"delivered, says the provider after it had queued it for days", mailbox("1 Feb 18:00").sent("x", "23 Jan 10:00", carlo).report("x", "31 Jan 10:01", carlo, by("smtp-16.iol.local"), success(bounce.KindDelivered), accepted("23 Jan 10:01")), "", "", want{verdict: Delivered, proof: ProofDSN}},
		{"a read receipt", silent().report("x", "24 Jan 10:00", carlo, automatic(bounce.KindReadReceipt, "Carlo Verdi <Carlo@libero.it>")), "", "", want{verdict: Delivered, proof: ProofReceipt, conf: certain, rules: "proof-receipt"}},
		{"his mailbox answers that he is on holiday", silent().report("x", "24 Jan 10:00", carlo, automatic(bounce.KindAutoReply, carlo)), "", "", want{verdict: Delivered, proof: ProofVacation, conf: certain, rules: "proof-vacation"}},
		{"the holiday answer of one of two says nothing of the other", silent().sent("y", "23 Jan 18:00", carlo+" "+dora).report("y", "24 Jan 10:00", carlo, automatic(bounce.KindAutoReply, dora)), "y", carlo, want{verdict: Wait}},
		{"an answer and a failure: it went to two addresses of his", silent().report("x", "23 Jan 18:01", "c.verdi@libero.it", by("mx.libero.it"), said("550 user unknown")).writes(carlo, "24 Jan 09:00", "x"), "", "", want{verdict: Delivered, conf: likely, rules: "proof-reply proof-against-bounce"}},
		{"proof that comes after a warning", silent().report("x", "23 Jan 22:00", carlo, warning(""), ended(bounce.FailureTimeout)).writes(carlo, "24 Jan 09:00", "x"), "", "", want{verdict: Delivered, proof: ProofReply, conf: certain}},
		{"proof that is not there yet", mailbox("24 Jan 08:00").sent("x", "23 Jan 18:00", carlo).writes(carlo, "24 Jan 09:00", "x"), "", "", want{verdict: Wait}},
		{"queued on the own server", silent().change(func(ev *Evidence) {
			ev.Queued = []Queued{{Source: "q#1", Sender: me, Recipient: carlo, Arrived: on("23 Jan 18:00"), Reason: "Connection refused"}}
		}), "", "", want{verdict: Wait, conf: certain, rules: "queued", wait: ""}},
		{"queued for somebody whose mail is not in Sent", mailbox("24 Jan 18:00").change(func(ev *Evidence) {
			ev.Queued = []Queued{{Source: "q#1", Sender: "boss@studio.example", Recipient: dora, Arrived: on("23 Jan 18:00")}}
		}), "-", dora, want{verdict: Wait, rules: "queued", conf: certain}},
	}
}

// replyExamples: which message an answer proves.
func replyExamples() []example {
	failed := func() *box {
		return mailbox("30 Jan 12:00").sent("x", "26 Jan 10:00", carlo).report("x", "26 Jan 10:01", carlo, said("550 user unknown"))
	}
	quoting := func(s string) func(*Evidence) {
		return func(ev *Evidence) {
			ev.Incoming = append(ev.Incoming, Incoming{Source: "r", From: carlo, At: on("29 Jan 10:00"), Subject: "R: About x", Text: Text{Quoted: lines(s).Own}})
		}
	}
	silent := func() *box { return mailbox("24 Jan 18:00").sent("x", "23 Jan 18:00", carlo) }
	references := func(b *box, from string, ids ...string) *box {
		b.writes(from, "24 Jan 12:00")
		in := &b.ev.Incoming[len(b.ev.Incoming)-1]
		for _, id := range ids {
			in.References = append(in.References, id+"@studio.example")
		}
		return b
	}
	return []example{
		{"he answers that very message", silent().writes(carlo, "24 Jan 10:00", "x"), "", "", want{verdict: Delivered, proof: ProofReply, conf: certain, rules: "proof-reply"}},
		{"he answers from his other address", silent().writes("carlo.verdi@work.example", "24 Jan 10:00", "x"), "", "", want{verdict: Delivered, proof: ProofReply}},
		{"References names it", references(silent(), carlo, "x"), "", "", want{verdict: Delivered, proof: ProofReply, rules: "proof-reply"}},
		{"he quotes it, in a program that keeps no thread", silent().change(func(ev *Evidence) { ev.At = on("29 Jan 12:00") }).change(quoting("x one, x two, x three")), "", "", want{verdict: Delivered, proof: ProofReply}},
		{"he quotes something else", failed().change(quoting("y one, y two, y three")), "", "", want{verdict: Resend}},
		{"did you get it? no: the answer names both, and proves only the question", failed().sent("q", "27 Jan 10:00", carlo, answering("x"), subject("Re: About x")).writes(carlo, "28 Jan 10:00", "q").change(func(ev *Evidence) {
			ev.Incoming[len(ev.Incoming)-1].References = []string{"x@studio.example", "q@studio.example"}
		}), "", "", want{verdict: Resend, cause: CauseOutage}},
		{"the same of a message nothing is known of: a weak sign, and no more", silent().sent("q", "24 Jan 09:00", carlo, answering("x"), subject("Re: About x")).writes(carlo, "24 Jan 10:00", "q").change(func(ev *Evidence) {
			ev.Incoming[len(ev.Incoming)-1].References = []string{"x@studio.example", "q@studio.example"}
		}), "", "", want{verdict: Wait, rules: "may-be-queued reply-in-thread"}},
		{"another recipient answered to all, and this one answers that: he need not have got the first", references(mailbox("24 Jan 18:00").sent("x", "23 Jan 18:00", carlo+" "+dora), carlo, "x", "strange"), "", "", want{verdict: Wait, rules: "may-be-queued reply-in-thread"}},
		{"an answer that is older than the message", mailbox("24 Jan 18:00").sent("x", "23 Jan 18:00", carlo).writes(carlo, "22 Jan 10:00", "x"), "", "", want{verdict: Wait}},
		{"a new message from him proves that he lives, not that it came", failed().writes(carlo, "29 Jan 10:00"), "", "", want{verdict: Resend, conf: certain, rules: "false-unknown address-alive"}},
	}
}
