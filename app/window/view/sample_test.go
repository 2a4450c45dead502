package view

import (
	"fmt"
	"testing"
	"time"

	"rimbalzo/app/window/session"
	"rimbalzo/internal/advice"
	"rimbalzo/internal/bounce"
	"rimbalzo/internal/checklist"
	"rimbalzo/internal/outage"
	"rimbalzo/internal/review"
	"rimbalzo/internal/words"
)

// rome is Europe/Rome in winter: the samples all lie there.
var rome = time.FixedZone("CET", 3600)

func january(day, hour, minute int) time.Time {
	return time.Date(2023, 1, day, hour, minute, 0, 0, rome)
}

func stamp(t time.Time) bounce.Stamp { return bounce.Stamp{At: t, Zoned: true} }

// subjects are what people of the sample write to each other.
var subjects = []string{
	"Preventivo per il tetto", "Fattura 12/2023", "Auguri!", "Convocazione assemblea condominiale di febbraio, con ordine del giorno e delega",
	"Re: appuntamento di giovedì", "Foto della gita", "Order confirmation 4471", "Iscrizione al corso", "Verbale della riunione",
	"Re: Re: chiavi di casa",
}

var recipients = []string{
	"marta.esposito@libero.it", "studio.bianchi@virgilio.it", "zia.pina@inwind.it", "g.conti@iol.it", "associazione.volontari.della.valle@libero.it",
}

// sample is a report with every verdict, in each phase of January 2023, n items in all.
func sample(t testing.TB, n int) checklist.Report {
	t.Helper()
	o, ok := outage.Builtin().ByID("libero-2023-01")
	if !ok {
		t.Fatal("the catalogue has no libero-2023-01")
	}
	r := checklist.Report{At: january(27, 18, 0), Demo: true, Outages: []checklist.OutageCount{{Outage: *o, Phases: make([]checklist.PhaseCount, len(o.Phases))}}}
	verdicts := []advice.Verdict{advice.Resend, advice.Wait, advice.Resend, advice.Check, advice.Delivered, advice.Fix, advice.Resent}
	for i := range n {
		phase := i * len(o.Phases) / n
		sent := o.Phases[phase].From.At.In(rome).Add(time.Duration(i%17) * time.Hour)
		it := advice.Item{
			MessageID: fmt.Sprintf("%d@pc.example", i), Recipient: recipients[i%len(recipients)], Subject: subjects[i%len(subjects)],
			SentAt: stamp(sent), Outage: o.ID, Phase: o.Phases[phase].ID, SentPhase: o.Phases[phase].ID,
			Verdict: verdicts[i%len(verdicts)], Confidence: bounce.Certain, Proof: advice.ProofBounce,
		}
		finish(&it, i, sent)
		r.Items = append(r.Items, it)
		r.Outages[0].Phases[phase].Messages++
		r.Outages[0].Phases[phase].Bounces += len(it.Bounces)
	}
	r.NotYours = []advice.Note{{Source: "INBOX;1/77", Why: "not-yours"}}
	return r
}

func finish(it *advice.Item, i int, sent time.Time) {
	b := advice.Bounce{
		Source: fmt.Sprintf("INBOX;1/%d", 100+i), Address: it.Recipient, Action: bounce.ActionFailed, Failure: bounce.FailureReply,
		ReplyCode: 550, Status: "5.1.1", Reply: "550 5.1.1 <" + it.Recipient + "> recipient rejected",
		AttemptAt: stamp(sent.Add(3 * time.Minute)), BouncedAt: stamp(sent.Add(4 * time.Minute)),
		ReportedBy: bounce.Reporter{Host: "mail.studio.example", Side: bounce.SideSender}, Deciding: true,
		Text: "This is the mail system at host mail.studio.example.\n\nI'm sorry to have to inform you that your message could not be delivered to one or more recipients.",
	}
	switch it.Verdict {
	case advice.Resend:
		it.Cause = advice.CauseOutage
		it.ResendWhen = []advice.When{advice.Now, advice.At, advice.WhenBack}[i%3]
		if it.ResendWhen == advice.At {
			it.ResendAfter = january(28, 20, 0)
		}
		it.Bounces = []advice.Bounce{b}
	case advice.Wait:
		b.Action, b.Failure, b.Reply, b.ReplyCode, b.Status = bounce.ActionDelayed, bounce.FailureTimeout, "", 0, "4.4.1"
		it.WaitUntil, it.Proof, it.Confidence = sent.Add(5*24*time.Hour), advice.ProofWarning, bounce.Likely
		it.Bounces = []advice.Bounce{b}
	case advice.Check:
		it.Proof, it.Confidence = "", bounce.Unsure
	case advice.Fix:
		it.Cause = advice.CauseAddress
		it.Bounces = []advice.Bounce{b}
	case advice.Delivered:
		it.Proof, it.Confidence = advice.ProofSilence, bounce.Likely
	case advice.Resent:
		it.Proof = advice.ProofCopy
	}
}

// params are what a window with the sample is given.
func params(lang string) session.Params {
	w := words.New(lang)
	p := session.Params{
		Words: w, Zone: rome, Version: "0.1.0", Banner: "Questa è la demo: la posta è inventata, e l'orologio segna il 27 gennaio 2023, 18:00.",
		Base: review.Request{Catalogue: outage.Builtin()},
		Moments: []session.Moment{
			{Title: "24 gen, 10:00 · solo avvisi", Why: "I server non rispondono: quasi tutto sta aspettando.", At: january(24, 10, 0)},
			{Title: "26 gen, 10:00 · tutto torna indietro", Why: "I server rifiutano anche gli indirizzi buoni.", At: january(26, 10, 0)},
			{Title: "27 gen, 18:00 · si riapre", Why: "Le caselle riaprono a poco a poco. C'è di tutto: da rispedire, da aspettare, da verificare, da correggere, arrivati, già rispediti.", At: january(27, 18, 0)},
			{Title: "3 feb, 9:00 · a cose fatte", Why: "Il servizio è tornato: quello che manca va rispedito.", At: january(34, 9, 0), Banner: "Questa è la demo: l'orologio segna il 3 febbraio."},
		},
	}
	start := p.Base
	start.At, start.Demo = january(27, 18, 0), true
	p.Start = &start
	return p
}
