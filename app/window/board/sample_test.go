package board

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"testing"
	"time"

	"fyne.io/fyne/v2/dialog"

	"rimbalzo/app/resend"
	"rimbalzo/app/window/session"
	"rimbalzo/internal/advice"
	"rimbalzo/internal/bounce"
	"rimbalzo/internal/checklist"
	"rimbalzo/internal/outage"
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

// params are what a page with the sample is given; what it asks of the frame is noted in asked.
func params(w *words.Words, asked *asked) Params {
	return Params{
		Words: w, Zone: rome, Ticks: new(checklist.Ticks), Later: func(f func()) { asked.queue <- f },
		OnTick: func() { asked.ticked++ }, OnExport: func() {}, OnNotes: func() {}, OnMerge: func() {},
		Copied: func(s string) { asked.copied = s }, Open: func(s string) { asked.opened = s },
		SaveAs: func(name string, write func(io.Writer) error) {
			asked.saved = name
			asked.err = write(&asked.file)
		},
		Ask: func(d dialog.Dialog) { asked.dialogs++; d.Show() },
		Copies: func(ctx context.Context, c session.Chosen) ([]resend.Copy, error) {
			asked.chosen = c
			if asked.fails != nil {
				return nil, asked.fails
			}
			return resend.Finder{Words: w}.Copies(ctx, resend.Message{For: c.For, Known: c.Known, At: c.At})
		},
	}
}

// asked is what a page asked of the frame.
type asked struct {
	ticked, dialogs       int
	copied, opened, saved string
	file                  bytes.Buffer
	err, fails            error
	chosen                session.Chosen
	queue                 chan func() // what goroutines hand to the toolkit's
}

func newAsked() *asked { return &asked{queue: make(chan func(), 1000)} }

// pump does what goroutines hand on until something is so, and tells how long it was held at most, in the processor's time.
func (a *asked) pump(t testing.TB, so func() bool) (longest time.Duration) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); !so(); {
		select {
		case do := <-a.queue:
			began := spent()
			do()
			longest = max(longest, spent()-began)
		case <-time.After(10 * time.Millisecond):
			if time.Now().After(end) {
				t.Fatal("it did not come about")
			}
		}
	}
	return longest
}
