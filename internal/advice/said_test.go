package advice

import "rimbalzo/internal/bounce"

// saidExamples: what the person said. It outranks silence and what was known when it was said, not a notice that came later.
func saidExamples() []example {
	says := func(b *box, word Word, when, to string) *box {
		b.ev.Said = append(b.ev.Said, Said{MessageID: "<X@Studio.Example>", Recipient: to, Word: word, At: on(when)})
		return b
	}
	silent := func() *box { return mailbox("24 Jan 18:00").sent("x", "23 Jan 18:00", carlo) }
	failed := func() *box {
		return mailbox("30 Jan 12:00").sent("x", "26 Jan 10:00", carlo).report("x", "26 Jan 10:01", carlo, said("550 user unknown"))
	}
	warned := func() *box {
		return silent().report("x", "23 Jan 22:00", carlo, warning(""), ended(bounce.FailureTimeout))
	}
	bare := func(o *Outgoing) { o.MessageID = "" }
	return []example{
		{"he has it, says the person, who asked him", says(silent(), SaidArrived, "24 Jan 12:00", carlo), "", "", want{verdict: Delivered, proof: ProofPerson, conf: certain, rules: "said-arrived", not: "said-against-bounce", bounces: -1}},
		{"dealt with, while nothing has come back", says(silent(), SaidDone, "24 Jan 12:00", carlo), "", "", want{verdict: Resent, proof: ProofPerson, conf: certain, rules: "said-done", phase: "refuse"}},
		{"not needed any more, while it is being tried", says(warned(), SaidNotNeeded, "24 Jan 12:00", carlo), "", "", want{verdict: Resent, proof: ProofPerson, rules: "said-not-needed", bounces: 1}},
		{"dealt with, after a failure", says(failed(), SaidDone, "27 Jan 12:00", carlo), "", "", want{verdict: Resent, proof: ProofPerson, when: "none", rules: "said-done", bounces: 1, phase: "restart-550"}},
		{"he has it all the same, after a failure", says(failed(), SaidArrived, "27 Jan 12:00", carlo), "", "", want{verdict: Delivered, proof: ProofPerson, conf: likely, rules: "said-arrived said-against-bounce"}},
		{"dealt with, and then it came back", says(failed(), SaidDone, "26 Jan 09:00", carlo), "", "", want{verdict: Resend, proof: ProofBounce, rules: "said-before false-unknown"}},
		{"he has it, it was said, and then it came back", says(failed(), SaidArrived, "26 Jan 09:00", carlo), "", "", want{verdict: Resend, proof: ProofBounce, rules: "said-before"}},
		{"dealt with, and then a warning came", says(warned(), SaidDone, "23 Jan 20:00", carlo), "", "", want{verdict: Wait, proof: ProofWarning, rules: "said-before"}},
		{"his own answer says more than the person's word", says(silent().writes(carlo, "24 Jan 09:00", "x"), SaidNotNeeded, "24 Jan 12:00", carlo), "", "", want{verdict: Delivered, proof: ProofReply, conf: certain}},
		{"the later word counts", says(says(failed(), SaidDone, "27 Jan 12:00", carlo), "", "28 Jan 12:00", carlo), "", "", want{verdict: Resend, not: "said-done said-before"}},
		{"whatever the order in which they are read", says(says(failed(), "", "27 Jan 12:00", carlo), SaidDone, "28 Jan 12:00", carlo), "", "", want{verdict: Resent}},
		{"said of the whole message", says(silent().change(func(ev *Evidence) { ev.Sent[0].Recipients = []string{carlo, dora} }), SaidDone, "24 Jan 12:00", ""), "", dora, want{verdict: Resent, proof: ProofPerson}},
		{"said of another recipient", says(silent().change(func(ev *Evidence) { ev.Sent[0].Recipients = []string{carlo, dora} }), SaidDone, "24 Jan 12:00", carlo), "", dora, want{verdict: Wait, proof: ProofSilence}},
		{"said of a message without an id", mailbox("24 Jan 18:00").sent("x", "23 Jan 18:00", carlo, bare).change(func(ev *Evidence) {
			ev.Said = []Said{{SentAt: stamp("23 Jan 18:00"), Subject: "About x", Recipient: carlo, Word: SaidArrived, At: on("24 Jan 12:00")}}
		}), "-", "", want{verdict: Delivered, proof: ProofPerson}},
		{"said of another message without an id", mailbox("24 Jan 18:00").sent("x", "23 Jan 18:00", carlo, bare).change(func(ev *Evidence) {
			ev.Said = []Said{{SentAt: stamp("23 Jan 18:00"), Subject: "About y", Recipient: carlo, Word: SaidArrived, At: on("24 Jan 12:00")}}
		}), "-", "", want{verdict: Wait}},
		{"the copy has arrived, says the person", says(failed(), SaidArrived, "27 Jan 12:00", carlo).sent("y", "20 Jan 09:00", carlo, subject("About x")).change(func(ev *Evidence) {
			ev.Sent[0].Subject, ev.Sent[0].Text = "I: About y", ev.Sent[1].Text
			ev.Sent[1].Subject = "About y"
			ev.Sent[1].SentAt = stamp("25 Jan 09:00")
		}).report("y", "25 Jan 09:10", carlo, ended(bounce.FailureRefused)), "y", "", want{verdict: Resent, proof: ProofCopy, rules: "copy-sent copy-delivered"}},
	}
}
