package session

import (
	"strings"
	"testing"

	"rimbalzo/internal/advice"
	"rimbalzo/internal/bounce"
	"rimbalzo/internal/checklist"
	"rimbalzo/internal/outage"
	"rimbalzo/internal/words"
)

func explainer(t *testing.T, lang string) Explainer {
	t.Helper()
	o, ok := outage.Builtin().ByID("libero-2023-01")
	if !ok {
		t.Fatal("no outage of January 2023")
	}
	return Explainer{
		Words: words.New(lang), Zone: cet, Outages: []checklist.OutageCount{{Outage: *o}}, Sources: outage.Builtin().Sources,
	}
}

func TestExplain(t *testing.T) {
	it := &advice.Item{
		Recipient: "anna@libero.it", Subject: "Preventivo\u202e", SentAt: stamp(25, 20), Outage: "libero-2023-01", Phase: "restart-550", PhaseOther: "refuse",
		Verdict: advice.Resend, ResendWhen: advice.Now, Cause: advice.CauseOutage, Proof: advice.ProofBounce, Confidence: bounce.Certain,
		Bounces: []advice.Bounce{{
			Source: "INBOX;1/5", Action: bounce.ActionFailed, Reply: "550 5.1.1\x1b[2J no such user", AttemptAt: stamp(25, 21), Deciding: true,
			ReportedBy: bounce.Reporter{Side: bounce.SideSender}, Text: "Sorry.\r\n\r\nIt failed.",
		}},
	}
	y := explainer(t, "en").Explain(it)
	for what, tc := range map[string]struct{ got, want string }{
		"subject":         {y.Subject, "Preventivo"},
		"sent":            {y.Sent, "25 January 2023, 20:00"},
		"when":            {y.When, "When: now"},
		"sure":            {y.Sure, "How sure: certain\nIt rests on: failure notice\nCause: the provider's outage"},
		"the other phase": {y.PhaseOther, "Or else: " + "Connections refused: messages stay with the sender"},
		"who reports":     {y.Bounces[0].Title, "The server you sent from: not delivered"},
		"attempt":         {y.Bounces[0].When, "Last attempt: 25 January 2023, 21:00"},
		"reply":           {y.Bounces[0].Reply, "550 5.1.1[2J no such user"},
		"own words":       {y.Bounces[0].Own, "Sorry.\n\nIt failed."},
	} {
		if tc.got != tc.want {
			t.Errorf("%s: %q, want %q", what, tc.got, tc.want)
		}
	}
	if len(y.Sources) == 0 || !strings.HasPrefix(y.Sources[0].Link, "https://") || y.Sources[0].Note == "" {
		t.Errorf("sources %+v", y.Sources)
	}
}

func TestBounceWithoutWords(t *testing.T) {
	for failure, want := range map[bounce.Failure]string{
		bounce.FailureReply: "refused the message", bounce.FailureRefused: "refused the connection", bounce.FailureTimeout: "in time",
		bounce.FailureUnreachable: "could not be reached", bounce.FailureDNS: "was not found", bounce.FailureTLS: "secure connection",
		bounce.FailureExpired: "queue ran out",
	} {
		b := explainer(t, "en").bounce(&advice.Bounce{Failure: failure, BouncedAt: stamp(24, 9)})
		if !strings.Contains(b.Reply, want) {
			t.Errorf("%s: %q", failure, b.Reply)
		}
		if b.When != "Notice of 24 January 2023, 09:00" || b.Title != "A mail server: not delivered" {
			t.Errorf("%s: %q, %q", failure, b.When, b.Title)
		}
	}
}

func TestBrief(t *testing.T) {
	for name, tc := range map[string]struct {
		item advice.Item
		want string
	}{
		"now":           {advice.Item{Verdict: advice.Resend, ResendWhen: advice.Now}, "subito"},
		"at a time":     {advice.Item{Verdict: advice.Resend, ResendWhen: advice.At, ResendAfter: at(28, 20, 0)}, "dal 28 gen 20:00"},
		"when back":     {advice.Item{Verdict: advice.Resend, ResendWhen: advice.WhenBack}, "quando il servizio torna"},
		"wait":          {advice.Item{Verdict: advice.Wait, WaitUntil: at(30, 9, 0).UTC()}, "fino al 30 gen 09:00"},
		"wait, no end":  {advice.Item{Verdict: advice.Wait}, ""},
		"nothing to do": {advice.Item{Verdict: advice.Delivered}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			if got := explainer(t, "it").Brief(&tc.item); got != tc.want {
				t.Errorf("says %q, want %q", got, tc.want)
			}
		})
	}
}

func TestCitations(t *testing.T) {
	e := Explainer{Sources: map[string]string{"a": "https://example.com/x what it says", "b": "a letter of 1 February", "c": "A paper, 03/02/2023, https://example.com/y", "d": "javascript:alert(1) x"}}
	want := []Citation{
		{"https://example.com/x", "what it says"}, {"", "a letter of 1 February"}, {"https://example.com/y", "A paper, 03/02/2023"}, {"", "javascript:alert(1) x"},
	}
	got := e.citations([]string{"a", "b", "c", "d", "gone"})
	if len(got) != len(want) {
		t.Fatalf("%+v", got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("%d: %+v, want %+v", i, got[i], want[i])
		}
	}
}
