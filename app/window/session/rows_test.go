package session

import (
	"fmt"
	"testing"
	"time"

	"rimbalzo/internal/advice"
	"rimbalzo/internal/bounce"
	"rimbalzo/internal/checklist"
	"rimbalzo/internal/outage"
)

var cet = time.FixedZone("CET", 3600)

func stamp(day, hour int) bounce.Stamp {
	return bounce.Stamp{At: time.Date(2023, 1, day, hour, 0, 0, 0, cet), Zoned: true}
}

// twoPhases is an outage that is enough for lists.
func twoPhases() outage.Outage {
	return outage.Outage{ID: "o", Phases: []outage.Phase{
		{ID: "held", Title: outage.Text{It: "Tenuti", En: "Held"}},
		{ID: "refused", Title: outage.Text{It: "Rifiutati", En: "Refused"}},
	}}
}

func small() checklist.Report {
	item := func(id, phase, other string, v advice.Verdict) advice.Item {
		it := advice.Item{MessageID: id, Recipient: "a@libero.it", Phase: phase, PhaseOther: other, Verdict: v, SentAt: stamp(23, 8)}
		if phase != "" {
			it.Outage = "o"
		}
		return it
	}
	return checklist.Report{
		Outages: []checklist.OutageCount{{Outage: twoPhases()}},
		Items: []advice.Item{
			item("1", "refused", "", advice.Wait), item("2", "held", "", advice.Delivered), item("3", "", "", advice.Fix),
			item("4", "refused", "", advice.Resend), item("5", "held", "refused", advice.Resend),
		},
	}
}

// shown writes rows as a person sees them: headers by phase and count, items by number.
func shown(rows []Row) string {
	s := ""
	for _, r := range rows {
		switch {
		case r.Item == nil && r.Group.OtherID != "":
			s += fmt.Sprintf("[%s|%s %d]", r.Group.PhaseID, r.Group.OtherID, r.Count)
		case r.Item == nil:
			s += fmt.Sprintf("[%s %d]", r.Group.PhaseID, r.Count)
		default:
			s += r.Item.MessageID
		}
	}
	return s
}

func TestRows(t *testing.T) {
	groups := checklist.Group(small())
	for name, tc := range map[string]struct {
		filter Filter
		want   string
	}{
		"all":                    {Filter{}, "[held 1]2[held|refused 1]5[refused 2]41[ 1]3"},
		"a verdict":              {Filter{Verdict: advice.Resend}, "[held|refused 1]5[refused 1]4"},
		"a phase, and between":   {Filter{Outage: "o", Phase: "held"}, "[held 1]2[held|refused 1]5"},
		"a phase and a verdict":  {Filter{Outage: "o", Phase: "refused", Verdict: advice.Wait}, "[refused 1]1"},
		"nothing of that kind":   {Filter{Verdict: advice.Resent}, ""},
		"a phase nobody fell in": {Filter{Outage: "o", Phase: "reopening"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			if got := shown(Rows(groups, tc.filter)); got != tc.want {
				t.Errorf("shows %s, want %s", got, tc.want)
			}
		})
	}
}

func TestCountsIgnoreTheChosenVerdict(t *testing.T) {
	groups := checklist.Group(small())
	got := Counts(groups, Filter{Outage: "o", Phase: "refused", Verdict: advice.Wait})
	if got[""] != 3 || got[advice.Resend] != 2 || got[advice.Wait] != 1 || got[advice.Delivered] != 0 {
		t.Errorf("counts %v", got)
	}
}

func TestStepGoesOverHeaders(t *testing.T) {
	rows := Rows(checklist.Group(small()), Filter{}) // headers at 0, 2, 4 and 7
	for name, tc := range map[string]struct{ at, delta, want int }{
		"first":              {-1, 1, 1},
		"down over a header": {1, 1, 3},
		"up over a header":   {5, -1, 3},
		"a page down":        {1, 3, 6},
		"beyond the end":     {5, 100, 8},
		"at the top":         {1, -1, 1},
		"at the end":         {8, 1, 8},
	} {
		t.Run(name, func(t *testing.T) {
			if got := Step(rows, tc.at, tc.delta); got != tc.want {
				t.Errorf("from %d by %d to %d, want %d", tc.at, tc.delta, got, tc.want)
			}
		})
	}
	if got := Step(nil, -1, 1); got != -1 {
		t.Errorf("in an empty list to %d", got)
	}
}

func TestFindTheSameMessageInAnotherReview(t *testing.T) {
	rows := Rows(checklist.Group(small()), Filter{})
	nameless := &advice.Item{Recipient: "b@libero.it", Subject: "x", SentAt: stamp(23, 9)}
	with := append(rows, Row{Item: &advice.Item{Recipient: "b@libero.it", Subject: "x", SentAt: stamp(23, 9), Verdict: advice.Resend}})
	for name, tc := range map[string]struct {
		rows []Row
		item *advice.Item
		want int
	}{
		"by its id":          {rows, &advice.Item{MessageID: "4", Recipient: "a@libero.it", Verdict: advice.Wait}, 5},
		"another recipient":  {rows, &advice.Item{MessageID: "4", Recipient: "b@libero.it"}, -1},
		"without an id":      {with, nameless, len(rows)},
		"nothing was chosen": {rows, nil, -1},
	} {
		t.Run(name, func(t *testing.T) {
			if got := Find(tc.rows, tc.item); got != tc.want {
				t.Errorf("found at %d, want %d", got, tc.want)
			}
		})
	}
}

// TestRowsOfAHundredThousand: a list of that size is filtered while a person waits for the click to show.
func TestRowsOfAHundredThousand(t *testing.T) {
	const n = 100_000
	r := checklist.Report{Outages: []checklist.OutageCount{{Outage: twoPhases()}}}
	for i := range n {
		it := advice.Item{MessageID: fmt.Sprint(i), Recipient: "a@libero.it", Outage: "o", Phase: "held", Verdict: Verdicts[i%len(Verdicts)], SentAt: stamp(23, 8)}
		if i%2 == 1 {
			it.Phase = "refused"
		}
		r.Items = append(r.Items, it)
	}
	groups := checklist.Group(r)
	began := time.Now()
	rows := Rows(groups, Filter{})
	if len(rows) != n+2 {
		t.Errorf("%d rows, want %d", len(rows), n+2)
	}
	if got := len(Rows(groups, Filter{Verdict: advice.Resend})) - 1; got != Counts(groups, Filter{})[advice.Resend] {
		t.Errorf("%d rows to send again, %d counted", got, Counts(groups, Filter{})[advice.Resend])
	}
	if took := time.Since(began); took > 2*time.Second {
		t.Errorf("filtering took %v", took)
	}
}

func BenchmarkRows100k(b *testing.B) {
	r := small()
	for len(r.Items) < 100_000 {
		r.Items = append(r.Items, r.Items[:5]...)
	}
	groups := checklist.Group(r)
	for b.Loop() {
		Rows(groups, Filter{Verdict: advice.Resend})
	}
}
