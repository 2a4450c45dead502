package advice

import "rimbalzo/internal/bounce"

// copyExamples: what counts as the same message sent again.
func copyExamples() []example {
	unknown := "550 user unknown"
	failed := func(at string, c ...func(*Outgoing)) *box {
		return mailbox(at).sent("x", "26 Jan 10:00", carlo, c...).report("x", "26 Jan 10:01", carlo, said(unknown))
	}
	old := func(c ...func(*Outgoing)) *box { return failed("20 Feb 12:00", c...) }
	same := func(o *Outgoing) { o.Subject, o.Text = "About x", lines("x one, x two, x three") }
	about := subject("About x")
	resent := want{verdict: Resent, proof: ProofCopy, when: "none", rules: "copy-sent copy-delivered"}
	changesNothing := want{verdict: Resend, proof: ProofBounce, when: Now, not: "copy-sent"}
	return []example{
		{"the same text again", old().sent("c", "29 Jan 10:00", carlo, same), "", "", resent},
		{"the same text under another subject is not looked for", old().sent("c", "29 Jan 10:00", carlo, subject("Second try of mine"), text("x one, x two, x three")), "", "", changesNothing},
		{"forwarded: the text quoted below", old().sent("c", "29 Jan 10:00", carlo, subject("I: About x"), func(o *Outgoing) {
			o.Text = Text{Own: lines("see below").Own, Quoted: lines("x one, x two, x three").Own}
		}), "", "", resent},
		{"sent again to one who had it as a blind copy", mailbox("20 Feb 12:00").sent("y", "25 Jan 22:00", dora).report("y", "25 Jan 22:01", dora, said(unknown)).
			sent("x", "26 Jan 10:00", dora).report("x", "26 Jan 10:01", carlo, said(unknown)).sent("c", "29 Jan 10:00", carlo, subject("I: About x")), "", "", resent},
		{"marked as sent a second time", old().sent("c", "29 Jan 10:00", carlo, subject("About x (secondo invio)")), "", "", resent},
		{"marked [resent]", old().sent("c", "29 Jan 10:00", carlo, subject("[Resent] About x")), "", "", resent},
		{"marked with rimando", old().sent("c", "29 Jan 10:00", carlo, subject("Rimando: About x")), "", "", resent},
		{"passed on unchanged: Resent fields, and the same id", old().sent("x", "29 Jan 10:00", carlo, about, func(o *Outgoing) { o.Resent = true }), "", "", want{verdict: Resent}},
		{"the same attachment, other words", old(attached(7)).sent("c", "29 Jan 10:00", carlo, about, attached(7)), "", "", resent},
		{"told of the failure, she writes the same to him again in other words", old().sent("c", "29 Jan 10:00", carlo, about), "", "", resent},
		{"the same without the attachment", old(attached(7)).sent("c", "29 Jan 10:00", carlo, about), "", "", want{verdict: Resent, conf: unsure, rules: "copy-sent copy-delivered copy-without-attachment"}},
		{"this month's invoice is not last month's", old(subject("Invoice"), attached(1)).sent("c", "1 Feb 10:00", carlo, subject("Invoice"), attached(2)), "", "", changesNothing},
		{"a monthly invoice without attachment, as every month", old(subject("Invoice")).sent("b", "9 Jan 10:00", carlo, subject("Invoice")).sent("c", "1 Feb 10:00", carlo, subject("Invoice")), "", "", changesNothing},
		{"the next invoice comes weeks later", old(subject("Invoice")).sent("c", "19 Feb 10:00", carlo, subject("Invoice")), "", "", changesNothing},
		{"did you get it?", old().sent("c", "27 Jan 10:00", carlo, subject("Re: About x"), func(o *Outgoing) { o.Text.Asks = true }), "", "", changesNothing},
		{"did you get it, under the very same subject", old().sent("c", "27 Jan 10:00", carlo, about, func(o *Outgoing) { o.Text.Asks = true }), "", "", changesNothing},
		{"the conversation goes on with Re:", old().sent("c", "27 Jan 10:00", carlo, subject("Re: About x")), "", "", changesNothing},
		{"two messages without a subject", old(subject("")).sent("c", "27 Jan 10:00", carlo, subject("")), "", "", changesNothing},
		{"the same text without a subject", old(subject("")).sent("c", "27 Jan 10:00", carlo, subject(""), text("x one, x two, x three")), "", "", resent},
		{"a short greeting without a subject is not the same text", old(subject(""), text("hello")).sent("c", "27 Jan 10:00", carlo, subject(""), text("hello")), "", "", changesNothing},
		{"the copy went to somebody else", old().sent("c", "29 Jan 10:00", dora, same), "", "", changesNothing},
		{"sent before the original", old().sent("c", "25 Jan 10:00", carlo, subject("About x (secondo invio)")), "", "", changesNothing},
		{"a copy to one of two counts for that one", mailbox("20 Feb 12:00").sent("x", "26 Jan 10:00", carlo+" "+dora).report("x", "26 Jan 10:01", carlo, said(unknown), also(dora), said(unknown)).sent("c", "29 Jan 10:00", dora, same), "", dora, resent},
		{"and not for the other", mailbox("20 Feb 12:00").sent("x", "26 Jan 10:00", carlo+" "+dora).report("x", "26 Jan 10:01", carlo, said(unknown), also(dora), said(unknown)).sent("c", "29 Jan 10:00", dora, same), "", carlo, changesNothing},
		{"the copy is still under way", failed("27 Jan 18:00").sent("c", "27 Jan 16:00", carlo, same).report("c", "27 Jan 17:00", carlo, warning("31 Jan 16:00"), said("452 try again later")), "", "", want{verdict: Resent, rules: "copy-sent copy-wait", not: "resend-when-back look-at-spelling"}},
		{"the copy failed as well: its own entry says to send, once", old().sent("c", "27 Jan 10:00", carlo, same).report("c", "1 Feb 10:00", carlo, said("452 try again later")), "", "", want{verdict: Resent, rules: "copy-sent copy-resend"}},
		{"the entry of that copy", old().sent("c", "27 Jan 10:00", carlo, same).report("c", "1 Feb 10:00", carlo, said("452 try again later")), "c", "", want{verdict: Resend}},
		{"the copy was blocked", old().sent("c", "27 Jan 10:00", carlo, same).report("c", "27 Jan 10:01", carlo, said("550 blocked using zen.spamhaus.org, blacklisted")), "", "", want{verdict: Resent, rules: "copy-sent copy-fix"}},
		{"it cannot be told whether the copy arrived", old().sent("c", "27 Jan 10:00", carlo, same).report("c", "27 Jan 10:01", carlo, func(r *Reported) { r.last().MaybeDelivered = true }), "", "", want{verdict: Resent, conf: unsure, rules: "copy-sent copy-check"}},
		{"a copy of a copy", failed("10 Mar 12:00").sent("c", "15 Feb 10:00", carlo, same).report("c", "16 Feb 10:00", carlo, ended(bounce.FailureTimeout)).sent("d", "25 Feb 10:00", carlo, same), "", "", want{verdict: Resent, rules: "copy-sent copy-resent"}},
		{"of two copies the one that arrived counts", old().sent("c", "27 Jan 10:00", carlo, same).writes(carlo, "27 Jan 15:00", "c").sent("d", "28 Jan 10:00", carlo, same).report("d", "28 Jan 12:00", carlo, said("452 try again later")), "", "", resent},
		{"sent again while the first was still tried: both are under way", mailbox("24 Jan 18:00").sent("x", "23 Jan 18:00", carlo).report("x", "23 Jan 22:00", carlo, warning(""), ended(bounce.FailureRefused)).sent("c", "24 Jan 10:00", carlo, subject("I: About x")), "", "", want{verdict: Wait, rules: "warned"}},
		{"and later the copy was answered", mailbox("28 Jan 18:00").sent("x", "23 Jan 18:00", carlo).report("x", "23 Jan 22:00", carlo, warning(""), ended(bounce.FailureRefused)).sent("c", "24 Jan 10:00", carlo, subject("I: About x")).writes(carlo, "27 Jan 10:00", "c"), "", "", want{verdict: Resent, rules: "copy-sent copy-delivered"}},
		{"a wrong address written to again stays wrong", mailbox("10 Mar 12:00").sent("x", "1 Mar 10:00", carlo).report("x", "1 Mar 10:01", carlo, said(unknown)).sent("c", "2 Mar 10:00", carlo, same).report("c", "2 Mar 10:01", carlo, said(unknown)), "", "", want{verdict: Fix, cause: CauseAddress}},
	}
}
