package session

import (
	"fmt"
	"slices"
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
	item := func(id, to, subject string, hour int, phase, other string, v advice.Verdict) advice.Item {
		it := advice.Item{
			MessageID: id, Recipient: to, Subject: subject, Phase: phase, PhaseOther: other, Verdict: v, SentAt: stamp(23, hour),
		}
		if phase != "" {
			it.Outage = "o"
		}
		return it
	}
	r := checklist.Report{
		Outages: []checklist.OutageCount{{Outage: twoPhases()}},
		Items: []advice.Item{
			item("1", "anna@libero.it", "Perché no", 9, "refused", "", advice.Wait),
			item("2", "bea@libero.it", "Fattura 12", 8, "held", "", advice.Delivered),
			item("3", "anna@libero.it", "Auguri", 7, "", "", advice.Fix),
			item("4", "carla@virgilio.it", "fattura 11", 12, "refused", "", advice.Resend),
			item("5", "bea@libero.it", "Bolletta", 10, "held", "refused", advice.Resend),
		},
	}
	r.Items[4].ResendWhen = advice.WhenBack
	return r
}

// shown writes rows as a person sees them: headers by what heads them and count, items by number.
func shown(rows []Row) string {
	s := ""
	for _, r := range rows {
		switch h := r.Head; {
		case r.Item != nil:
			s += r.Item.MessageID
		case h.Phase != nil && h.Phase.OtherID != "":
			s += fmt.Sprintf("[%s|%s %d]", h.Phase.PhaseID, h.Phase.OtherID, h.Count)
		case h.Phase != nil:
			s += fmt.Sprintf("[%s %d]", h.Phase.PhaseID, h.Count)
		case h.Recipient != "":
			s += fmt.Sprintf("[%.1s %d]", h.Recipient, h.Count)
		default:
			s += fmt.Sprintf("[%s %d]", h.Step.ID(), h.Count)
		}
	}
	return s
}

func TestShow(t *testing.T) {
	x := NewIndex(small())
	ticks := new(checklist.Ticks)
	ticks.Set(&advice.Item{MessageID: "4", Recipient: "carla@virgilio.it"}, stamp(27, 8).At)
	for name, tc := range map[string]struct {
		filter Filter
		want   string
	}{
		"all":                    {Filter{}, "[now 1]4[when-back 1]5[fix 1]3[wait 1]1[delivered 1]2"},
		"by phase":               {Filter{Group: GroupByPhase}, "[held 1]2[held|refused 1]5[refused 2]41[ 1]3"},
		"a verdict":              {Filter{Group: GroupByPhase, Verdict: advice.Resend}, "[held|refused 1]5[refused 1]4"},
		"a phase, and between":   {Filter{Group: GroupByPhase, Outage: "o", Phase: "held"}, "[held 1]2[held|refused 1]5"},
		"a phase and a verdict":  {Filter{Outage: "o", Phase: "refused", Verdict: advice.Wait}, "[wait 1]1"},
		"nothing of that kind":   {Filter{Verdict: advice.Resent}, ""},
		"a phase nobody fell in": {Filter{Outage: "o", Phase: "reopening"}, ""},
		"what is left":           {Filter{Ticked: TickedNot, Verdict: advice.Resend}, "[when-back 1]5"},
		"what is dealt with":     {Filter{Ticked: TickedOnly}, "[now 1]4"},
		"by person, as it goes":  {Filter{Group: GroupByRecipient}, "[c 1]4[b 2]52[a 2]31"},
		"people by name":         {Filter{Group: GroupByRecipient, Sort: SortByRecipient}, "[a 2]31[b 2]52[c 1]4"},
		"people from the end":    {Filter{Group: GroupByRecipient, Sort: SortByRecipient, Backward: true}, "[c 1]4[b 2]25[a 2]13"},
		"people by date":         {Filter{Group: GroupByRecipient, Sort: SortByDate}, "[a 2]31[b 2]25[c 1]4"},
		"a phase by date":        {Filter{Group: GroupByPhase, Sort: SortByDate, Phase: "refused", Outage: "o"}, "[held|refused 1]5[refused 2]14"},
		"by date from the end":   {Filter{Group: GroupByPhase, Sort: SortByDate, Phase: "refused", Outage: "o", Backward: true}, "[held|refused 1]5[refused 2]41"},
		"search, any letter":     {Filter{Search: "FATTURA"}, "[now 1]4[delivered 1]2"},
		"search, by subject":     {Filter{Search: "fattura", Group: GroupByRecipient, Sort: SortBySubject}, "[c 1]4[b 1]2"},
		"search without accents": {Filter{Search: "perche"}, "[wait 1]1"},
		"search with accents":    {Filter{Search: " PERCHÉ  anna@ "}, "[wait 1]1"},
		"search an id":           {Filter{Search: "3 anna"}, "[fix 1]3"},
		"all words count":        {Filter{Search: "fattura carla 12"}, ""},
		"control signs":          {Filter{Search: "fatt\x00ura\u202e 11"}, "[now 1]4"},
	} {
		t.Run(name, func(t *testing.T) {
			got := x.Show(tc.filter, Dealt(x, ticks))
			if s := shown(got.Rows); s != tc.want {
				t.Errorf("shows %s, want %s", s, tc.want)
			}
			for i, r := range got.Rows {
				if r.Item != nil && x.Items[r.At] != r.Item {
					t.Errorf("row %d is said to be item %d", i, r.At)
				}
			}
		})
	}
}

func TestCountsIgnoreTheChosenVerdict(t *testing.T) {
	x := NewIndex(small())
	got := x.Show(Filter{Outage: "o", Phase: "refused", Verdict: advice.Wait}, Dealt(x, nil))
	if n := got.Counts; n[""] != 3 || n[advice.Resend] != 2 || n[advice.Wait] != 1 || n[advice.Delivered] != 0 || got.Items != 1 {
		t.Errorf("counts %v, shows %d", n, got.Items)
	}
}

// TestStepsFollowTheChecklist: what the window shows first is what every export lists first.
func TestStepsFollowTheChecklist(t *testing.T) {
	r := checklist.Report{}
	for _, v := range slices.Backward(Verdicts) {
		for _, when := range []advice.When{advice.WhenBack, advice.At, advice.Now} {
			r.Items = append(r.Items, advice.Item{MessageID: string(v) + string(when), Verdict: v, ResendWhen: when})
		}
	}
	last, x := StepNow, NewIndex(r)
	for i, it := range checklist.Order(r) {
		if x.Items[i] != it {
			t.Errorf("%d is %s in the window and %s in exports", i, x.Items[i].MessageID, it.MessageID)
		}
		step := StepOf(it)
		if step < last {
			t.Errorf("%s comes after step %s", it.MessageID, last.ID())
		}
		last = step
	}
	if last != StepResent {
		t.Errorf("the last step is %s", last.ID())
	}
}

func TestNextGoesOverHeaders(t *testing.T) {
	x := NewIndex(small())
	rows := x.Show(Filter{Group: GroupByPhase}, Dealt(x, nil)).Rows // headers at 0, 2, 4 and 7
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
			if got := Next(rows, tc.at, tc.delta); got != tc.want {
				t.Errorf("from %d by %d to %d, want %d", tc.at, tc.delta, got, tc.want)
			}
		})
	}
	if got := Next(nil, -1, 1); got != -1 {
		t.Errorf("in an empty list to %d", got)
	}
}

func TestFindTheSameMessageInAnotherReview(t *testing.T) {
	x := NewIndex(small())
	rows := x.Show(Filter{Group: GroupByPhase}, Dealt(x, nil)).Rows
	nameless := &advice.Item{Recipient: "b@libero.it", Subject: "x", SentAt: stamp(23, 9)}
	with := append(rows, Row{Item: &advice.Item{Recipient: "b@libero.it", Subject: "x", SentAt: stamp(23, 9), Verdict: advice.Resend}})
	for name, tc := range map[string]struct {
		rows []Row
		item *advice.Item
		want int
	}{
		"by its id":          {rows, &advice.Item{MessageID: "4", Recipient: "carla@virgilio.it", Verdict: advice.Wait}, 5},
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

func TestPick(t *testing.T) {
	x := NewIndex(small())
	rows := x.Show(Filter{Group: GroupByPhase}, Dealt(x, nil)).Rows // [held]2[held|refused]5[refused]41[]3
	ids := func(p *Pick) (s string) {
		for _, it := range p.Items(rows) {
			s += it.MessageID
		}
		return s
	}
	var p Pick
	p.Clear()
	for i, step := range []struct {
		do   func()
		want string
		at   int
	}{
		{func() {}, "", -1},
		{func() { p.One(rows, 3) }, "5", 3},
		{func() { p.Stretch(rows, 6) }, "541", 6},
		{func() { p.Stretch(rows, 5) }, "54", 5},
		{func() { p.Stretch(rows, 1) }, "25", 1},
		{func() { p.Toggle(rows, 8) }, "253", 8},
		{func() { p.Toggle(rows, 3) }, "23", 3},
		{func() { p.Go(5) }, "23", 5},
		{func() { p.Stretch(rows, 6) }, "41", 6},
		{func() { p.All(rows) }, "25413", 6},
		{func() { p.One(rows, 1) }, "2", 1},
		{func() { p.Clear() }, "", -1},
		{func() { p.Stretch(rows, 5) }, "4", 5},
	} {
		step.do()
		if got := ids(&p); got != step.want || p.At != step.at || p.Count() != len(step.want) {
			t.Errorf("step %d: %q are chosen (%d), at %d; want %q at %d", i, got, p.Count(), p.At, step.want, step.at)
		}
	}
}

func TestSameMessage(t *testing.T) {
	r := small()
	r.Items[3].MessageID = "1"
	r.Items[1].MessageID, r.Items[2].MessageID = "", ""
	x := NewIndex(r)
	if got := len(x.Same(&r.Items[0])); got != 2 {
		t.Errorf("%d recipients of one message, want 2", got)
	}
	if got := x.Same(&r.Items[1]); len(got) != 1 || got[0] != &r.Items[1] {
		t.Errorf("a message without an id has %d recipients", len(got))
	}
}
