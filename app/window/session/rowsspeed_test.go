package session

import (
	"fmt"
	"testing"
	"time"

	"rimbalzo/internal/advice"
	"rimbalzo/internal/checklist"
)

// hundredThousand is a report of 100,000 items to 5,000 people.
func hundredThousand() checklist.Report {
	r := checklist.Report{Outages: []checklist.OutageCount{{Outage: twoPhases()}}}
	for i := range 100_000 {
		it := advice.Item{
			MessageID: fmt.Sprintf("%d.%d@mail.studio.example", i*7919%100_000, i), Recipient: fmt.Sprintf("cliente.%d@libero.it", i*31%5000),
			Subject: fmt.Sprintf("Fattura %d/2023 — sollecito di pagamento", i*13%90_000), Outage: "o", Phase: "held",
			Verdict: Verdicts[i%len(Verdicts)], SentAt: stamp(22+i%3, i%24),
		}
		if i%2 == 1 {
			it.Phase = "refused"
		}
		r.Items = append(r.Items, it)
	}
	return r
}

// TestAHundredThousand: a list of that size is filtered, searched and sorted right, while a person waits for it to show.
func TestAHundredThousand(t *testing.T) {
	r := hundredThousand()
	x := NewIndex(r)
	done := Dealt(x, nil)
	for name, tc := range map[string]struct {
		filter Filter
		items  int
		rows   int
	}{
		"all":          {Filter{}, 100_000, 100_006},
		"by phase":     {Filter{Group: GroupByPhase}, 100_000, 100_002},
		"by recipient": {Filter{Group: GroupByRecipient}, 100_000, 105_000},
		"a verdict":    {Filter{Verdict: advice.Resend}, 16_667, 16_668},
		"searched":     {Filter{Search: "cliente.77@"}, 20, 23},
		"by date":      {Filter{Sort: SortByDate}, 100_000, 100_006},
		"by subject":   {Filter{Sort: SortBySubject}, 100_000, 100_006},
	} {
		began := time.Now()
		got := x.Show(tc.filter, done)
		if took := time.Since(began); took > 3*time.Second {
			t.Errorf("%s took %v", name, took)
		}
		if got.Items != tc.items || len(got.Rows) != tc.rows {
			t.Errorf("%s: %d items in %d rows, want %d in %d", name, got.Items, len(got.Rows), tc.items, tc.rows)
		}
	}
}

func BenchmarkIndex100k(b *testing.B) {
	r := hundredThousand()
	for b.Loop() {
		NewIndex(r)
	}
}

func BenchmarkShow100k(b *testing.B) {
	x := NewIndex(hundredThousand())
	done := Dealt(x, nil)
	for _, bc := range []struct {
		name   string
		filter Filter
	}{
		{"filter", Filter{Verdict: advice.Resend}},
		{"search", Filter{Search: "sollecito 4711"}},
		{"all", Filter{}},
		{"recipients", Filter{Group: GroupByRecipient}},
		{"sorted", Filter{Sort: SortBySubject}},
	} {
		b.Run(bc.name, func(b *testing.B) {
			x.Show(bc.filter, done)
			for b.Loop() {
				x.Show(bc.filter, done)
			}
		})
	}
}

func BenchmarkSort100k(b *testing.B) {
	r := hundredThousand()
	for b.Loop() {
		b.StopTimer()
		x := NewIndex(r)
		b.StartTimer()
		x.Show(Filter{Sort: SortBySubject}, make([]bool, len(x.Items)))
	}
}

func BenchmarkTick100k(b *testing.B) {
	x := NewIndex(hundredThousand())
	for b.Loop() {
		ticks := new(checklist.Ticks)
		s := NewSheet(x, ticks, Dealt(x, ticks), nil)
		for step := s.Saying(x.Items, advice.SaidDone, stamp(28, 9).At); step(2000); {
		}
	}
}
