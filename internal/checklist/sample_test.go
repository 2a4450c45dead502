package checklist

import (
	"testing"
	"time"

	"rimbalzo/internal/advice"
	"rimbalzo/internal/bounce"
	"rimbalzo/internal/outage"
)

func rome(t testing.TB) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		t.Skip("this machine has no time zones:", err)
	}
	return zone
}

// clock reads "2023-01-23 16:00" in a zone.
func clock(t testing.TB, zone *time.Location, s string) time.Time {
	t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04", s, zone)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// january is the outage of libero-2023-01 as far as lists need it.
func january(t testing.TB, zone *time.Location) outage.Outage {
	about := func(s string) outage.Boundary {
		at := clock(t, zone, s)
		return outage.Boundary{At: at, Precision: outage.About, Earliest: at.Add(-30 * time.Minute), Latest: at.Add(30 * time.Minute)}
	}
	refused := about("2023-01-25 18:00")
	refused.Latest = clock(t, zone, "2023-01-26 00:00")
	full := about("2023-01-28 20:00")
	full.Latest = clock(t, zone, "2023-02-03 23:59")
	end := about("2023-02-03 23:59")
	end.Precision = outage.Bound
	start, stopped, valid := about("2023-01-22 22:00"), about("2023-01-23 16:00"), about("2023-01-26 13:00")
	phase := func(id, it, en string, from, to outage.Boundary) outage.Phase {
		return outage.Phase{ID: id, Title: outage.Text{It: it, En: en}, From: from, To: to}
	}
	return outage.Outage{
		ID: "libero-2023-01", Name: outage.Text{It: "Libero Mail e Virgilio Mail, gennaio 2023", En: "Libero Mail and Virgilio Mail, January 2023"},
		Zone: "Europe/Rome", Start: start, End: end,
		Phases: []outage.Phase{
			phase("accept-queue", "Accettati e messi in coda", "Accepted and queued", start, stopped),
			phase("refuse", "Server irraggiungibili", "Servers out of reach", stopped, refused),
			phase("restart-550", "Rifiuti falsi (550)", "False refusals (550)", refused, valid),
			phase("partial-452", "Rinvii di alcune caselle (452)", "Some mailboxes put off (452)", valid, full),
			phase("aftermath", "Strascichi", "Aftermath", full, end),
		},
	}
}

// sample is a report with every verdict and phase, made by hand.
func sample(t testing.TB) Report {
	zone := rome(t)
	at := func(s string) time.Time { return clock(t, zone, s) }
	stamp := func(s string) bounce.Stamp { return bounce.Stamp{At: at(s), Zoned: true} }
	reason := func(rule string, args map[string]any) []advice.Reason {
		return []advice.Reason{{Rule: rule, Args: args}}
	}
	sender := bounce.Reporter{Host: "mx1.studio.example", Side: bounce.SideSender}
	return Report{
		At: at("2023-01-27 18:00"), Demo: true,
		Outages: []OutageCount{{Outage: january(t, zone), Phases: []PhaseCount{{1, 2}, {3, 3}, {2, 2}, {1, 2}, {0, 0}}}},
		Items: []advice.Item{
			{
				MessageID: "a1@studio.example", Recipient: "lucia.ferri@libero.it", Subject: "Preventivo per la cucina", SentAt: stamp("2023-01-25 17:12"),
				Outage: "libero-2023-01", Phase: "restart-550", SentPhase: "refuse", Verdict: advice.Resend, Cause: advice.CauseOutage,
				Proof: advice.ProofBounce, ResendWhen: advice.Now, Confidence: bounce.Certain,
				Reasons: reason("sample-false-550", map[string]any{"Time": at("2023-01-25 20:14")}),
				Bounces: []advice.Bounce{
					{
						Source: "INBOX;1674500000/17", Address: "lucia.ferri@libero.it", Action: bounce.ActionDelayed, Failure: bounce.FailureTimeout,
						Status: "4.4.1", Reply: "connect to smtp-in.libero.it[192.0.2.25]:25: Connection timed out",
						AttemptAt: stamp("2023-01-25 17:42"), BouncedAt: stamp("2023-01-25 18:12"), ReportedBy: sender,
					},
					{
						Source: "INBOX;1674500000/21", Address: "lucia.ferri@libero.it", Action: bounce.ActionFailed, Failure: bounce.FailureReply,
						ReplyCode: 550, Status: "5.1.1", Reply: "<lucia.ferri@libero.it> recipient rejected",
						AttemptAt: stamp("2023-01-25 20:14"), BouncedAt: bounce.Stamp{At: time.Date(2023, 1, 25, 20, 15, 0, 0, time.UTC)},
						ReportedBy: sender, Deciding: true,
					},
				},
			},
			{
				MessageID: "a2@studio.example", Recipient: "giovanni@virgilio.it", Subject: "Auguri!", SentAt: stamp("2023-01-23 18:30"),
				Outage: "libero-2023-01", Phase: "refuse", PhaseOther: "restart-550", SentPhase: "refuse", Verdict: advice.Resend, Cause: advice.CauseOutage,
				Proof: advice.ProofBounce, ResendWhen: advice.At, ResendAfter: at("2023-01-28 09:00"), Confidence: bounce.Likely,
				Bounces: []advice.Bounce{{
					Source: "junk.mbox#4", Action: bounce.ActionFailed, Failure: bounce.FailureExpired, Status: "4.4.7",
					BouncedAt: stamp("2023-01-25 22:30"), ReportedBy: sender, Deciding: true, Text: "Message could not be delivered for 2 days.",
				}},
			},
			{
				MessageID: "a3@studio.example", Recipient: "segreteria.amministrativa.comunale@inwind.it", Subject: "Domanda di iscrizione e certificato di residenza del mese di gennaio",
				SentAt: stamp("2023-01-24 09:05"), Outage: "libero-2023-01", Phase: "refuse", SentPhase: "refuse", Verdict: advice.Resend,
				Cause: advice.CauseOutage, Proof: advice.ProofBounce, ResendWhen: advice.WhenBack, Confidence: bounce.Likely,
			},
			{
				MessageID: "a4@studio.example", Recipient: "paolo@libero.it", Subject: "会議のお知らせ 🎉 e nota", SentAt: stamp("2023-01-23 10:00"),
				Outage: "libero-2023-01", Phase: "accept-queue", SentPhase: "accept-queue", Verdict: advice.Check, Proof: advice.ProofSilence, Confidence: bounce.Unsure,
			},
			{
				Recipient: "maria.rosi@libero.it", SentAt: bounce.Stamp{At: time.Date(2023, 1, 20, 8, 0, 0, 0, time.UTC)},
				Verdict: advice.Fix, Cause: advice.CauseAddress, Proof: advice.ProofBounce, Confidence: bounce.Likely,
			},
			{
				MessageID: "a6@studio.example", Recipient: "anna@iol.it", Subject: "Verbale dell'assemblea", SentAt: stamp("2023-01-27 09:00"),
				Outage: "libero-2023-01", Phase: "partial-452", SentPhase: "partial-452", Verdict: advice.Wait, Cause: advice.CauseOutage,
				Proof: advice.ProofWarning, WaitUntil: at("2023-02-01 09:00"), Confidence: bounce.Certain,
			},
			{
				MessageID: "a7@studio.example", Recipient: "bea@libero.it", Subject: "Foto", SentAt: stamp("2023-01-23 01:00"),
				Outage: "libero-2023-01", Phase: "accept-queue", SentPhase: "accept-queue", Verdict: advice.Wait, Confidence: bounce.Unsure,
			},
			{
				MessageID: "a8@studio.example", Recipient: "carlo@libero.it", Subject: "Re: orario", SentAt: stamp("2023-01-27 10:00"),
				Outage: "libero-2023-01", Phase: "partial-452", SentPhase: "partial-452", Verdict: advice.Delivered, Proof: advice.ProofReply, Confidence: bounce.Certain,
			},
			{
				MessageID: "a9@studio.example", Recipient: "dora@blu.it", Subject: "Fattura 12", SentAt: stamp("2023-01-25 19:00"),
				Outage: "libero-2023-01", Phase: "restart-550", SentPhase: "restart-550", Verdict: advice.Resent, Cause: advice.CauseOutage, Proof: advice.ProofCopy, Confidence: bounce.Likely,
			},
		},
		NotYours:   []advice.Note{{Source: "INBOX;1674500000/40", Why: "sample-not-yours"}},
		Unreadable: []advice.Note{{Source: "archivio/inbox.mbox#211", Why: "sample-truncated"}},
	}
}
