package advice

import "rimbalzo/internal/bounce"

// bounceExamples: warnings and failures in January 2023.
func bounceExamples() []example {
	refused, timeout := ended(bounce.FailureRefused), ended(bounce.FailureTimeout)
	return []example{
		{
			"a warning, then the failure: the servers took no connections", mailbox("30 Jan 12:00").sent("x", "23 Jan 17:00", carlo).
				report("x", "23 Jan 21:00", carlo, warning(""), refused).report("x", "25 Jan 17:00", carlo, refused, attempt("25 Jan 16:50")), "", "",
			want{verdict: Resend, cause: CauseOutage, proof: ProofBounce, when: Now, conf: certain, phase: "refuse", rules: "refused-in-phase bounce-no-connection", bounces: 2},
		},
		{
			"the same, read in the wrong order", mailbox("30 Jan 12:00").sent("x", "23 Jan 17:00", carlo).
				report("x", "25 Jan 17:00", carlo, refused).report("x", "23 Jan 21:00", carlo, warning(""), refused), "", "",
			want{verdict: Resend, phase: "refuse", bounces: 2},
		},
		{
			"the failure lay in Junk, and a second copy of it in the inbox", mailbox("30 Jan 12:00").sent("x", "26 Jan 09:00", carlo).
				report("x", "26 Jan 09:01", carlo, said("550 5.1.1 User unknown")).report("x", "26 Jan 09:01", carlo, said("550 5.1.1 User unknown")), "", "",
			want{verdict: Resend, phase: "restart-550", bounces: 1},
		},
		{
			"a warning of another server after the failure changes nothing", mailbox("30 Jan 12:00").sent("x", "26 Jan 09:00", carlo).
				report("x", "26 Jan 09:01", carlo, said("550 5.1.1 User unknown")).report("x", "26 Jan 15:01", carlo, by("mx.elsewhere.example"), warning(""), timeout), "", "",
			want{verdict: Resend, phase: "restart-550", bounces: 2},
		},
		{
			"the provider accepted it and gave up three days later", mailbox("30 Jan 12:00").sent("x", "23 Jan 10:00", carlo).
				report("x", "26 Jan 11:00", carlo, by("mta-int-03.libero.it"), said("451 4.3.0 Mailbox store unavailable"), accepted("23 Jan 10:01")), "", "",
			want{verdict: Resend, cause: CauseOutage, conf: certain, phase: "accept-queue", rules: "provider-gave-up bounce-by-provider"},
		},
		{
			"the same without Arrival-Date: the time of sending stands for it", mailbox("30 Jan 12:00").sent("x", "23 Jan 10:00", carlo).
				report("x", "26 Jan 11:00", carlo, by("smtp-16.iol.local"), said("451 4.3.0 Mailbox store unavailable")), "", "",
			want{verdict: Resend, phase: "accept-queue", rules: "provider-gave-up"},
		},
		{
			"the provider accepted it and then called the address unknown", mailbox("30 Jan 12:00").sent("x", "23 Jan 10:00", carlo).
				report("x", "26 Jan 11:00", carlo, by("smtp-16.iol.local"), said("550 5.1.1 unknown user")), "", "",
			want{verdict: Resend, conf: likely, phase: "accept-queue", rules: "false-unknown look-at-spelling"},
		},
	}
}

// expiryExamples: given up after a long time, and the phase that it belongs to.
func expiryExamples() []example {
	refused, timeout := ended(bounce.FailureRefused), ended(bounce.FailureTimeout)
	return []example{
		{
			"given up without a word why, after warnings that told", mailbox("4 Feb 12:00").sent("x", "27 Jan 09:00", carlo).
				report("x", "28 Jan 09:00", carlo, warning(""), said("452 4.2.2 Mailbox full")).report("x", "31 Jan 09:00", carlo, ended(bounce.FailureExpired)), "", "",
			want{verdict: Resend, cause: CauseOutage, phase: "partial-452", rules: "full-in-outage bounce-cause-told-before"},
		},
		{
			"given up after the outage, and only the warnings were in it", mailbox("20 Feb 12:00").sent("x", "2 Feb 09:00", carlo).
				report("x", "2 Feb 13:00", carlo, warning(""), said("452 4.3.1 try again later")).report("x", "7 Feb 09:00", carlo, ended(bounce.FailureExpired)), "", "",
			want{verdict: Resend, cause: CauseOutage, phase: "partial-452", rules: "gave-up-in-phase"},
		},
		{
			"given up without a word, and the warnings told that the sender is blocked", mailbox("4 Feb 12:00").sent("x", "27 Jan 09:00", carlo).
				report("x", "28 Jan 09:00", carlo, warning(""), said("421 too many connections, No reverse DNS [smtp-16.iol.local; LIB_120]")).report("x", "31 Jan 09:00", carlo, ended(bounce.FailureExpired)), "", "",
			want{verdict: Fix, cause: CauseSenderBlocked, rules: "sender-blocked"},
		},
		{
			"given up without a word and without a warning: the clock says the phase", mailbox("4 Feb 12:00").sent("x", "23 Jan 12:00", carlo).
				report("x", "27 Jan 12:00", carlo, ended(bounce.FailureExpired)), "", "",
			want{verdict: Resend, cause: CauseOutage, phase: "partial-452", rules: "gave-up-in-phase bounce"},
		},
		{
			"the connection broke after the whole message", mailbox("30 Jan 12:00").sent("x", "24 Jan 10:00", carlo).
				report("x", "24 Jan 10:10", carlo, timeout, func(r *Reported) { r.last().MaybeDelivered = true }), "", "",
			want{verdict: Check, conf: unsure, rules: "lost-after-data", when: "none"},
		},
		{
			"refused at eight in the evening of the 25th: the reply decides inside the span", mailbox("30 Jan 12:00").sent("x", "25 Jan 20:30", carlo).
				report("x", "25 Jan 20:31", carlo, refused), "", "", want{verdict: Resend, phase: "refuse"},
		},
	}
}

// edgeExamples: at the edges of phases, and outside of all.
func edgeExamples() []example {
	timeout := ended(bounce.FailureTimeout)
	return []example{
		{
			"550 at the same hour", mailbox("30 Jan 12:00").sent("x", "25 Jan 20:30", carlo).
				report("x", "25 Jan 20:31", carlo, said("550 recipient rejected")), "", "", want{verdict: Resend, phase: "restart-550", rules: "false-unknown bounce-reply"},
		},
		{
			"put off during the restart, in a way nobody reported", mailbox("30 Jan 12:00").sent("x", "25 Jan 10:00", carlo).
				report("x", "26 Jan 08:00", carlo, said("451 4.3.0 mail server temporarily rejected message")), "", "",
			want{verdict: Resend, conf: likely, phase: "restart-550", rules: "unexplained-in-phase"},
		},
		{
			"no connection in the days of the 452", mailbox("4 Feb 12:00").sent("x", "24 Jan 10:00", carlo).report("x", "27 Jan 10:00", carlo, timeout), "", "",
			want{verdict: Resend, phase: "partial-452", rules: "gave-up-in-phase"},
		},
		{
			"an ordinary failure long before any outage", mailbox("30 Jan 12:00").sent("x", "5 Jan 10:00", paolo).report("x", "10 Jan 10:00", paolo, timeout), "", paolo,
			want{verdict: Resend, cause: CauseUnknown, conf: likely, phase: "none", rules: "gave-up-outside", when: Now},
		},
	}
}

// juneExamples: how servers answered in June 2023 was never published.
func juneExamples() []example {
	refused, timeout := ended(bounce.FailureRefused), ended(bounce.FailureTimeout)
	return []example{
		{
			"June: put off until given up", mailbox("22 Jun 12:00").sent("x", "14 Jun 10:00", carlo).report("x", "17 Jun 10:00", carlo, timeout), "", "",
			want{verdict: Resend, cause: CauseOutage, conf: certain, phase: "refuse-notify", rules: "refused-in-phase"},
		},
		{
			"June: he has written, is called unknown, and nobody published what servers said", mailbox("22 Jun 12:00").writes(carlo, "9 May 10:00").sent("x", "17 Jun 10:00", carlo).report("x", "17 Jun 10:01", carlo, said("550 5.1.1 user unknown")), "", "",
			want{verdict: Resend, conf: unsure, phase: "refuse-notify", rules: "false-unknown address-alive"},
		},
		{
			"June: the same of somebody who never wrote", mailbox("22 Jun 12:00").sent("x", "17 Jun 10:00", carlo).report("x", "17 Jun 10:01", carlo, said("550 5.1.1 user unknown")), "", "",
			want{verdict: Fix, conf: likely, phase: "refuse-notify", rules: "unknown-address"},
		},
		{
			"still tried at seven in the evening of the 25th: a final refusal is not what it met", mailbox("25 Jan 22:00").sent("x", "24 Jan 19:00", carlo).report("x", "25 Jan 19:00", carlo, warning("")), "", "",
			want{verdict: Wait, phase: "refuse", rules: "warned"},
		},
		{
			"still tried at one in the morning, and when it was last tried is not told", mailbox("26 Jan 02:00").sent("x", "25 Jan 01:00", carlo).report("x", "26 Jan 01:00", carlo, warning("")), "", "",
			want{verdict: Wait, phase: "refuse", other: "restart-550"},
		},
		{
			"June: refused while the sources say accepted: what the mailbox shows stands", mailbox("22 Jun 12:00").sent("x", "14 Jun 10:00", carlo).report("x", "15 Jun 10:00", carlo, refused), "", "",
			want{verdict: Resend, cause: CauseOutage, phase: "accept-queue"},
		},
		{
			"a time without a zone is the person's own", mailbox("30 Jan 12:00").sent("x", "23 Jan 17:30", carlo, func(o *Outgoing) { o.SentAt = bounce.Stamp{At: o.SentAt.At.UTC().Add(3600e9)} }).
				report("x", "23 Jan 17:31", carlo, refused, func(r *Reported) { r.Report.BouncedAt = bounce.Stamp{At: r.Report.BouncedAt.At.UTC().Add(3600e9)} }), "", "",
			want{verdict: Resend, phase: "refuse"},
		},
	}
}

// refusalExamples: what a final refusal means by host, words, phase and history.
func refusalExamples() []example {
	in550 := func() *box { return mailbox("30 Jan 12:00").sent("x", "26 Jan 10:00", carlo) }
	out := func() *box { return mailbox("10 Mar 12:00").sent("x", "1 Mar 10:00", carlo) }
	at := func(b *box, reply string) *box { return b.report("x", "26 Jan 10:01", carlo, said(reply)) }
	later := func(b *box, reply string) *box { return b.report("x", "1 Mar 10:01", carlo, said(reply)) }
	unknown := "550 <carlo@libero.it> recipient rejected"
	return []example{
		{"unknown in the restart, and he has written before", at(in550().writes(carlo, "9 Jan 10:00"), unknown), "", "", want{verdict: Resend, cause: CauseOutage, conf: certain, rules: "false-unknown address-alive bounce-reply", not: "look-at-spelling"}},
		{"unknown in the restart, and nothing is known of him", at(in550(), unknown), "", "", want{verdict: Resend, conf: likely, rules: "false-unknown look-at-spelling"}},
		{"unknown in the restart, and his automatic answer to another message came since", at(in550().sent("y", "29 Jan 10:00", carlo), unknown).report("y", "29 Jan 10:01", carlo, automatic(bounce.KindAutoReply, carlo)), "", "", want{verdict: Resend, conf: certain, rules: "false-unknown address-alive"}},
		{"unknown in the restart, and unknown before it too", at(in550().sent("y", "5 Jan 10:00", carlo).report("y", "5 Jan 10:01", carlo, said(unknown)), unknown), "", "", want{verdict: Fix, cause: CauseAddress, conf: likely, rules: "unknown-elsewhere-too"}},
		{"unknown before and in the restart, but he wrote since", at(in550().sent("y", "5 Jan 10:00", carlo).report("y", "5 Jan 10:01", carlo, said(unknown)), unknown).writes(carlo, "28 Jan 10:00"), "", "", want{verdict: Resend, rules: "false-unknown address-alive"}},
		{"unknown after the outage, and he wrote before it", later(out().writes(carlo, "9 Jan 10:00"), unknown), "", "", want{verdict: Check, conf: likely, rules: "unknown-but-alive"}},
		{"unknown after the outage, and nothing is known of him", later(out(), unknown), "", "", want{verdict: Fix, cause: CauseAddress, conf: certain, phase: "none", rules: "unknown-address", when: "none"}},
		{"a slip of the finger in the address of somebody who has written", mailbox("20 Feb 12:00").sent("x", "10 Feb 10:00", "calro@libero.it").report("x", "10 Feb 10:01", "calro@libero.it", said(unknown)).writes(carlo, "9 Jan 10:00"), "", "calro@libero.it", want{verdict: Fix, cause: CauseAddress, rules: "unknown-address similar-address"}},
		{"a slip in the domain of somebody who has written", mailbox("30 Jan 12:00").sent("x", "26 Jan 10:00", "carlo@libreo.it").report("x", "26 Jan 10:01", "carlo@libreo.it", ended(bounce.FailureDNS)).writes(carlo, "9 Jan 10:00"), "", "carlo@libreo.it", want{verdict: Fix, cause: CauseAddress, rules: "no-such-domain similar-address"}},
		{"two people it may have been meant for: neither is named", mailbox("20 Feb 12:00").sent("x", "10 Feb 10:00", "carla@libero.it").report("x", "10 Feb 10:01", "carla@libero.it", said(unknown)).writes(carlo, "9 Jan 10:00").writes("carli@libero.it", "9 Jan 10:00"), "", "carla@libero.it", want{verdict: Fix, rules: "unknown-address", not: "similar-address"}},
		{"unknown while connections were refused: kept, with less confidence", mailbox("30 Jan 12:00").sent("x", "24 Jan 10:00", carlo).report("x", "24 Jan 10:01", carlo, said(unknown)), "", "", want{verdict: Fix, conf: likely, phase: "refuse", rules: "unknown-address"}},
		{"450 for an unverified address in the days of the 452", mailbox("4 Feb 12:00").sent("x", "27 Jan 10:00", carlo).report("x", "1 Feb 10:00", carlo, said("450 4.1.1 user unknown, try later")), "", "", want{verdict: Resend, cause: CauseOutage}},
		{"blocked for its sending address, inside the restart", at(in550(), "550 smtp-16.iol.local smtp-16.iol.local IP blacklisted by CSI. For remove [smtp-16.iol.local; LIB_102]"), "", "", want{verdict: Fix, cause: CauseSenderBlocked, rules: "sender-blocked", when: "none"}},
		{"no reverse DNS, while connections were refused", mailbox("30 Jan 12:00").sent("x", "24 Jan 10:00", carlo).report("x", "24 Jan 10:01", carlo, said("421 smtp-16.iol.local Too many invalid recipients, No reverse DNS [smtp-16.iol.local; LIB_120]")), "", "", want{verdict: Fix, cause: CauseSenderBlocked}},
		{"an invalid sending domain, in the days of the 452", mailbox("30 Jan 12:00").sent("x", "27 Jan 10:00", carlo).report("x", "27 Jan 10:01", carlo, said("550 smtp-16.iol.local Invalid Domain [smtp-16.iol.local; LIB_420]")), "", "", want{verdict: Fix, cause: CauseSenderBlocked}},
		{"spam, says the server, inside the restart", at(in550(), "554 5.7.1 Message rejected as spam"), "", "", want{verdict: Fix, cause: CausePolicy, rules: "policy"}},
		{"an address called marble is on no RBL", mailbox("30 Jan 12:00").sent("x", "26 Jan 10:00", "marbl@libero.it").report("x", "26 Jan 10:01", "marbl@libero.it", said("550 marbl@libero.it recipient rejected")), "", "marbl@libero.it", want{verdict: Resend, rules: "false-unknown"}},
		{"too large, inside the restart", at(in550(), "552 5.3.4 Message size exceeds fixed limit"), "", "", want{verdict: Fix, cause: CauseSize, rules: "too-large"}},
		{"full, in the days of the 452", mailbox("4 Feb 12:00").sent("x", "27 Jan 10:00", carlo).report("x", "1 Feb 10:00", carlo, said("452 4.2.2 mailbox piena")), "", "", want{verdict: Resend, cause: CauseOutage, phase: "partial-452", rules: "full-in-outage"}},
		{"full, in March", later(out(), "552 5.2.2 mailbox full"), "", "", want{verdict: Fix, cause: CauseMailboxFull, rules: "mailbox-full", when: "none"}},
		{"the provider did not know its own domain", at(in550(), "550 Relay disabled"), "", "", want{verdict: Resend, rules: "false-domain", phase: "restart-550"}},
		{"the provider called its own domain non-existent", at(in550(), "550 5.1.2 <carlo@libero.it>: no such domain"), "", "", want{verdict: Resend, conf: certain, rules: "false-domain", phase: "restart-550"}},
		{"another server does not relay for the domain", mailbox("10 Mar 12:00").sent("x", "1 Mar 10:00", paolo).report("x", "1 Mar 10:01", paolo, said("554 5.7.1 <paolo@other.example>: Relay access denied"), remote("mx.other.example")), "", paolo, want{verdict: Fix, cause: CausePolicy, rules: "not-its-domain"}},
		{"the provider's domain could not be found in the outage", mailbox("30 Jan 12:00").sent("x", "24 Jan 10:00", carlo).report("x", "24 Jan 10:01", carlo, ended(bounce.FailureDNS)), "", "", want{verdict: Resend, conf: likely, rules: "domain-in-outage"}},
		{"a mistyped domain", mailbox("30 Jan 12:00").sent("x", "26 Jan 10:00", "carlo@libbero.example").report("x", "26 Jan 10:01", "carlo@libbero.example", ended(bounce.FailureDNS)), "", "carlo@libbero.example", want{verdict: Fix, cause: CauseAddress, phase: "none", rules: "no-such-domain"}},
		{"a domain that takes no mail (null MX)", mailbox("30 Jan 12:00").sent("x", "26 Jan 10:00", paolo).report("x", "26 Jan 10:01", paolo, said("556 5.1.10 Domain other.example does not accept mail (nullMX)")), "", paolo, want{verdict: Fix, cause: CauseAddress, phase: "none"}},
		{"a domain that is gone, of somebody who used to write", mailbox("30 Jan 12:00").writes(paolo, "9 Jan 10:00").sent("x", "26 Jan 10:00", paolo).report("x", "26 Jan 10:01", paolo, ended(bounce.FailureDNS)), "", paolo, want{verdict: Check, rules: "domain-but-alive"}},
		{"refused without a reason, in the restart", at(in550(), "554 transaction failed"), "", "", want{verdict: Resend, conf: likely, rules: "refused-in-outage"}},
		{"refused without a reason, while connections were refused", mailbox("30 Jan 12:00").sent("x", "24 Jan 10:00", carlo).report("x", "24 Jan 10:01", carlo, said("554 transaction failed")), "", "", want{verdict: Resend, conf: unsure, rules: "refused-near-outage"}},
		{"refused without a reason, in March", later(out(), "554 transaction failed"), "", "", want{verdict: Fix, conf: unsure, rules: "refused-untold", when: "none"}},
		{"a notice that tells nothing, in March", out().report("x", "1 Mar 10:01", carlo), "", "", want{verdict: Check, cause: CauseUnknown, rules: "failed-untold"}},
		{"the same of somebody who writes to her", out().writes(carlo, "1 Feb 10:00").report("x", "1 Mar 10:01", carlo), "", "", want{verdict: Resend, conf: unsure, rules: "failed-untold address-alive"}},
		{"OpenSMTPD names no code", mailbox("30 Jan 12:00").sent("x", "24 Jan 10:00", carlo).report("x", "25 Jan 10:00", carlo, func(r *Reported) { r.last().Reply = "Network error on destination MXs" }), "", "", want{verdict: Resend, cause: CauseOutage, conf: certain, phase: "refuse", rules: "refused-in-phase bounce-no-connection"}},
		{"Exchange says 5.4.1 of an unknown address", mailbox("10 Mar 12:00").sent("x", "1 Mar 10:00", paolo).report("x", "1 Mar 10:01", paolo, said("550 5.4.1 Recipient address rejected: Access denied")), "", paolo, want{verdict: Fix, cause: CauseAddress}},
		{"blocked is not locked", mailbox("10 Mar 12:00").sent("x", "1 Mar 10:00", paolo).report("x", "1 Mar 10:01", paolo, said("550 your message was blocked")), "", paolo, want{verdict: Fix, conf: unsure}},
		{"greylisting that never ended", mailbox("10 Mar 12:00").sent("x", "1 Mar 10:00", paolo).report("x", "6 Mar 10:01", paolo, said("450 4.7.1 Greylisted, please try again later")), "", paolo, want{verdict: Resend, cause: CauseUnknown, rules: "gave-up-outside"}},
	}
}
