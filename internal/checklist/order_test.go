package checklist

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"rimbalzo/internal/advice"
	"rimbalzo/internal/words"
)

func ids(items []*advice.Item) string {
	var list []string
	for _, i := range items {
		id, _, _ := strings.Cut(i.MessageID, "@")
		list = append(list, id)
	}
	return strings.Join(list, " ")
}

// TestOrder: what to do first comes first, whatever the order in which it was found.
func TestOrder(t *testing.T) {
	r := sample(t)
	const want = "a1 a2 a3 a4  a7 a6 a8 a9"
	for range 20 {
		if got := ids(Order(r)); got != want {
			t.Fatalf("order %q, want %q", got, want)
		}
		rand.Shuffle(len(r.Items), func(i, j int) { r.Items[i], r.Items[j] = r.Items[j], r.Items[i] })
	}
}

func TestOrderWithinAVerdict(t *testing.T) {
	r := sample(t)
	for i := range r.Items {
		r.Items[i].Verdict, r.Items[i].ResendWhen = advice.Check, ""
	}
	// By phase, between two phases after the earlier; inside a phase by sending; outside any outage last.
	if got, want := ids(Order(r)), "a7 a4 a3 a2 a1 a9 a6 a8 "; got != want {
		t.Errorf("order %q, want %q", got, want)
	}
}

func TestGroup(t *testing.T) {
	r := sample(t)
	r.Items[8].Phase, r.Items[8].PhaseOther = "restart-550", "refuse" // the likelier one may be the later one
	r.Items[7].Phase = ""
	r.Items = append(r.Items,
		advice.Item{MessageID: "b1", Outage: "mine", Phase: "down", Verdict: advice.Check},
		advice.Item{MessageID: "b2", Outage: "libero-2023-01", Phase: "refuse", Verdict: advice.Delivered})
	var got []string
	w := words.New("en")
	for _, g := range Group(r) {
		got = append(got, g.Title(w)+": "+ids(g.Items))
	}
	want := []string{
		"Accepted and queued: a4 a7",
		"Servers out of reach: a3 b2",
		"Between two phases: Servers out of reach / False refusals (550): a2 a9",
		"False refusals (550): a1",
		"Some mailboxes put off (452): a6",
		"During the outage, phase not known: a8",
		"down: b1",
		"Outside any outage: ",
	}
	if !slices.Equal(got, want) {
		t.Errorf("groups\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestGroupsHoldEveryItemOnce(t *testing.T) {
	r := many(t, 500)
	seen := map[*advice.Item]bool{}
	for _, g := range Group(r) {
		for _, item := range g.Items {
			if seen[item] {
				t.Fatalf("%s stands twice", item.MessageID)
			}
			seen[item] = true
		}
	}
	if len(seen) != len(r.Items) {
		t.Errorf("%d of %d items", len(seen), len(r.Items))
	}
}

func TestHeadlineAndFirstStep(t *testing.T) {
	r := sample(t)
	only := func(keep ...int) Report {
		part := Report{At: r.At, Outages: r.Outages}
		for _, i := range keep {
			part.Items = append(part.Items, r.Items[i])
		}
		return part
	}
	done := new(Ticks)
	done.Set(&r.Items[0], r.At)
	later := r.Items[1]
	later.MessageID, later.ResendAfter = "later@studio.example", later.ResendAfter.Add(24*time.Hour)
	r.Items = append(r.Items, later)
	firstDone := new(Ticks)
	firstDone.Set(&r.Items[1], r.At)
	en, it := words.New("en"), words.New("it")
	for name, tc := range map[string]struct {
		report          Report
		words           *words.Words
		ticks           *Ticks
		headline, first string
	}{
		"nothing": {only(), en, nil, "None of the messages looked at was caught in an outage.", "There is nothing left to do."},
		"now, and some to leave": {
			only(0, 5, 6), en, nil, "Messages: 1 to send again now, 2 to wait for.",
			"Start with those to send again now: they did not arrive and will not arrive by themselves. Leave those marked “Wait” alone: they may still arrive.",
		},
		"when it is back": {
			only(2, 2, 2, 2, 2, 5, 6), it, nil, "Messaggi: 5 da rispedire quando il servizio torna, 2 da aspettare.",
			"Non rispedire ancora niente: il servizio è ancora fermo. Quando torna, comincia da quelli con «Rispedisci». Lascia stare quelli con «Aspetta»: possono ancora arrivare.",
		},
		"later": {
			only(1, 7), it, nil, "Messaggi: 1 da rispedire più tardi, 1 arrivato.",
			"Non rispedire ancora niente: il primo può ripartire dopo il 28 gennaio 2023, 09:00.",
		},
		"later, the first ticked off": {
			only(9, 1), en, firstDone, "Messages: 1 to send again later, 1 ticked off.",
			"Send nothing again yet: the first one can go again after 29 January 2023, 09:00.",
		},
		"later, the earlier counts": {
			only(9, 1), en, nil, "Messages: 2 to send again later.",
			"Send nothing again yet: the first one can go again after 28 January 2023, 09:00.",
		},
		"only to ask": {
			only(3, 8), en, nil, "Messages: 1 to ask about, 1 already sent again.",
			"Nothing is sure to need sending again. Where a message marked “Ask” matters, ask the recipient whether it came.",
		},
		"only to wait": {
			only(5), en, nil, "Messages: 1 to wait for.",
			"There is nothing to do now: the messages marked “Wait” may still arrive. Sent again, they may arrive twice.",
		},
		"all ticked off": {only(0), en, done, "Messages: 1 ticked off.", "There is nothing left to do."},
	} {
		t.Run(name, func(t *testing.T) {
			o := Options{Words: tc.words, Ticks: tc.ticks, Zone: rome(t)}
			if got := Headline(tc.report, o); got != tc.headline {
				t.Errorf("headline %q, want %q", got, tc.headline)
			}
			if got := FirstStep(tc.report, o); got != tc.first {
				t.Errorf("first step %q, want %q", got, tc.first)
			}
		})
	}
}

func TestCount(t *testing.T) {
	n := Count(sample(t).Items)
	if n[advice.Resend] != 3 || n[advice.Wait] != 2 || n[advice.Check] != 1 || n[advice.Fix] != 1 || n[advice.Delivered] != 1 || n[advice.Resent] != 1 {
		t.Errorf("counts %v", n)
	}
}
