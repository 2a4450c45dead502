package outage

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// fallText says a fall by the ids of its phases: "refuse", "refuse or restart-550", "before or accept-queue", "after".
func fallText(o *Outage, f Fall) string {
	s := "pause"
	switch {
	case f.Phase >= 0:
		s = o.Phases[f.Phase].ID
	case f.Before:
		s = "before"
	case f.After:
		s = "after"
	}
	if f.Other >= 0 {
		s += " or " + o.Phases[f.Other].ID
	}
	if f.Unexplained {
		s += ", unexplained"
	}
	return s
}

func TestPhaseAt(t *testing.T) {
	jan, june := outageOf(t, "libero-2023-01"), outageOf(t, "libero-2023-06")
	for _, c := range []struct {
		o        *Outage
		at, want string
	}{
		{jan, "2022-12-24 12:00", "before"},
		{jan, "2023-01-22 20:59", "before"},
		{jan, "2023-01-22 21:30", "before or accept-queue"},
		{jan, "2023-01-22 22:00", "accept-queue"},
		{jan, "2023-01-23 12:00", "accept-queue"},
		{jan, "2023-01-23 15:30", "accept-queue or refuse"},
		{jan, "2023-01-23 16:00", "refuse or accept-queue"},
		{jan, "2023-01-23 17:00", "refuse"},
		{jan, "2023-01-25 17:59", "refuse"},
		{jan, "2023-01-25 21:00", "restart-550 or refuse"},
		{jan, "2023-01-26 00:00", "restart-550"},
		{jan, "2023-01-26 12:30", "restart-550 or partial-452"},
		{jan, "2023-01-26 13:30", "partial-452 or restart-550"},
		{jan, "2023-01-27 12:00", "partial-452"},
		{jan, "2023-01-28 19:00", "partial-452 or aftermath"},
		{jan, "2023-01-30 12:00", "aftermath or partial-452"},
		{jan, "2023-02-03 23:59", "after"},
		{jan, "2023-06-14 12:00", "after"},
		{june, "2023-06-13 22:30", "before or maintenance-hold"},
		{june, "2023-06-14 12:00", "maintenance-hold"},
		{june, "2023-06-15 12:00", "accept-queue"},
		{june, "2023-06-15 20:00", "accept-queue or refuse-notify"}, // the other wording ends it at 15:00
		{june, "2023-06-16 15:30", "refuse-notify or accept-queue"},
		{june, "2023-06-17 12:00", "refuse-notify"},
		{june, "2023-06-18 12:00", "reopening or refuse-notify"},
		{june, "2023-06-21 12:00", "aftermath"},
		{june, "2023-06-24 12:00", "after"},
	} {
		if got := fallText(c.o, c.o.PhaseAt(at(t, c.at))); got != c.want {
			t.Errorf("%s at %s: %s, want %s", c.o.ID, c.at, got, c.want)
		}
	}
}

func TestPhaseFor(t *testing.T) {
	jan, june := outageOf(t, "libero-2023-01"), outageOf(t, "libero-2023-06")
	for _, c := range []struct {
		o       *Outage
		at      string
		code    int
		failure string
		want    string
	}{
		// Inside the span of a boundary the reply decides.
		{jan, "2023-01-25 21:00", 0, "refused", "refuse"},
		{jan, "2023-01-25 21:00", 0, "timeout", "refuse"},
		{jan, "2023-01-25 21:00", 550, "timeout", "refuse"}, // the 550 is the sender's own word for the time-out
		{jan, "2023-01-25 21:00", 0, "unreachable", "refuse"},
		{jan, "2023-01-25 21:00", 550, "reply", "restart-550"},
		{jan, "2023-01-26 12:30", 550, "reply", "restart-550"},
		{jan, "2023-01-26 13:30", 550, "reply", "restart-550"},
		{jan, "2023-01-26 12:30", 452, "reply", "partial-452"},
		{jan, "2023-01-26 12:30", 451, "reply", "partial-452"},
		{jan, "2023-01-23 15:30", 0, "refused", "refuse"},
		{jan, "2023-01-23 16:30", 250, "reply", "accept-queue"},
		// Where it cannot, both are kept.
		{jan, "2023-01-25 21:00", 0, "expired", "restart-550 or refuse"},
		{jan, "2023-01-25 21:00", 0, "", "restart-550 or refuse"},
		{jan, "2023-01-25 21:00", 0, "dns", "restart-550 or refuse"},
		{jan, "2023-01-25 21:00", 0, "reply", "restart-550 or refuse"},
		{june, "2023-06-18 20:00", 0, "refused", "reopening or refuse-notify"},
		{june, "2023-06-18 20:00", 450, "reply", "reopening or refuse-notify"},
		// The end of partial-452 was never published: see PhaseFor.
		{jan, "2023-01-28 19:00", 452, "reply", "partial-452 or aftermath"},
		{jan, "2023-01-30 12:00", 452, "reply", "partial-452 or aftermath"},
		{jan, "2023-01-30 12:00", 250, "reply", "aftermath or partial-452"},
		{jan, "2023-01-30 12:00", 0, "timeout", "aftermath or partial-452"},
		// June's refusals are no known reply: each fits, and the mailbox overrides the later of two wordings.
		{june, "2023-06-17 12:00", 550, "reply", "refuse-notify"},
		{june, "2023-06-17 12:00", 0, "timeout", "refuse-notify"},
		{june, "2023-06-15 20:00", 0, "refused", "refuse-notify"},
		{june, "2023-06-15 20:00", 250, "reply", "accept-queue"},
		// At the outer edges a refusal says that it had begun.
		{jan, "2023-01-22 21:30", 250, "reply", "accept-queue"},
		{jan, "2023-01-22 20:00", 550, "reply", "before"},
		{jan, "2023-03-01 12:00", 550, "reply", "after"},
		// What no phase of that time explains is kept and flagged.
		{jan, "2023-01-23 10:00", 0, "refused", "accept-queue, unexplained"},
		{jan, "2023-01-24 10:00", 550, "reply", "refuse, unexplained"},
		{jan, "2023-01-24 10:00", 421, "reply", "refuse"},
		{jan, "2023-01-27 10:00", 550, "reply", "partial-452, unexplained"},
		{jan, "2023-01-26 08:00", 452, "reply", "restart-550, unexplained"},
		{jan, "2023-01-26 08:00", 0, "refused", "restart-550, unexplained"},
		{jan, "2023-01-30 12:00", 550, "reply", "aftermath or partial-452, unexplained"},
		{june, "2023-06-14 12:00", 0, "refused", "maintenance-hold, unexplained"},
		{june, "2023-06-14 12:00", 550, "reply", "maintenance-hold, unexplained"},
	} {
		if got := fallText(c.o, c.o.PhaseFor(at(t, c.at), c.code, c.failure)); got != c.want {
			t.Errorf("%s at %s, %d %s: %s, want %s", c.o.ID, c.at, c.code, c.failure, got, c.want)
		}
	}
}

func TestDisputedAt(t *testing.T) {
	june := outageOf(t, "libero-2023-06")
	for when, want := range map[string]bool{
		"2023-06-15 13:00": false, "2023-06-15 14:00": true, "2023-06-15 23:00": true, "2023-06-16 15:30": true,
		"2023-06-16 16:00": false, "2023-06-18 12:00": false,
	} {
		if got := june.DisputedAt(at(t, when)); got != want {
			t.Errorf("%s: disputed %v, want %v", when, got, want)
		}
	}
	if outageOf(t, "libero-2023-01").DisputedAt(at(t, "2023-01-30 12:00")) {
		t.Error("the end of partial-452 is unknown, not disputed")
	}
}

var failures = []string{"", "reply", "refused", "timeout", "unreachable", "dns", "tls", "expired", "nonsense"}

// An outage made up at random: touching phases, pauses, spans that reach over several phases, an open end.
func randomOutage(rnd *rand.Rand) *Outage {
	o := &Outage{ID: fmt.Sprint("random-", rnd.IntN(1000))}
	now := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	unsharp := func(at time.Time) Boundary {
		span := func() time.Duration { return time.Duration(rnd.IntN(30)*rnd.IntN(2)) * time.Hour }
		return Boundary{At: at, Earliest: at.Add(-span()), Latest: at.Add(span())}
	}
	for i := range 1 + rnd.IntN(6) {
		p := Phase{ID: fmt.Sprint("p", i), Behaviour: Behaviour(behaviours[rnd.IntN(len(behaviours))]), From: unsharp(now)}
		if rnd.IntN(2) == 0 {
			p.Replies = []Reply{{Code: []int{250, 421, 452, 550}[rnd.IntN(4)]}}
		}
		now = now.Add(time.Duration(1+rnd.IntN(48)) * time.Hour)
		p.To = unsharp(now)
		now = now.Add(time.Duration(rnd.IntN(12)*rnd.IntN(2)) * time.Hour)
		o.Phases = append(o.Phases, p)
	}
	if last := &o.Phases[len(o.Phases)-1]; rnd.IntN(4) == 0 {
		last.To = Boundary{}
	}
	return o
}

// position orders falls in time: before, phases and the pauses after them, after.
func position(o *Outage, f Fall, t time.Time) int {
	switch {
	case f.Phase >= 0:
		return 2*f.Phase + 1
	case f.Before:
		return 0
	case f.After:
		return 2 * len(o.Phases)
	}
	after := 0
	for i, p := range o.Phases {
		if !t.Before(p.From.At) {
			after = 2*i + 2
		}
	}
	return after
}

// For every instant there is one answer, its phases exist, and a later instant never gets an earlier phase.
func TestFallsAreTotalAndMonotone(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	outages := []*Outage{outageOf(t, "libero-2023-01"), outageOf(t, "libero-2023-06"), {ID: "empty"}}
	for range 60 {
		outages = append(outages, randomOutage(rnd))
	}
	for _, o := range outages {
		start := time.Date(2023, 12, 28, 0, 0, 0, 0, time.UTC)
		if len(o.Phases) > 0 {
			start = o.Phases[0].From.At.Add(-48 * time.Hour)
		}
		for _, failure := range failures {
			code := []int{0, 250, 421, 452, 550, 999, -1}[rnd.IntN(7)]
			atBefore, forBefore := 0, 0
			for when := start; when.Before(start.Add(20 * 24 * time.Hour)); when = when.Add(97 * time.Minute) {
				for _, f := range []Fall{o.PhaseAt(when), o.PhaseFor(when, code, failure)} {
					if f.Phase < -1 || f.Phase >= len(o.Phases) || f.Other < -1 || f.Other >= len(o.Phases) ||
						(f.Phase >= 0 && (f.Phase == f.Other || f.Before || f.After)) || (f.Before && f.After) {
						t.Fatalf("%s at %s: %+v", o.ID, when, f)
					}
				}
				atNow := position(o, o.PhaseAt(when), when)
				if atNow < atBefore {
					t.Fatalf("%s: PhaseAt goes back at %s: %d after %d", o.ID, when, atNow, atBefore)
				}
				atBefore = atNow
				// Where the reply names a phase, it names no earlier one at a later instant.
				if f := o.PhaseFor(when, code, failure); f.Phase >= 0 && !f.Unexplained && attemptOf(code, failure) != silent {
					if f.Phase < forBefore {
						t.Fatalf("%s: PhaseFor(%d, %q) goes back at %s: %d after %d", o.ID, code, failure, when, f.Phase, forBefore)
					}
					forBefore = f.Phase
				}
			}
		}
	}
}

// What people see does not depend on the order of outages in a catalogue.
func TestOrderOfCatalogueDoesNotMatter(t *testing.T) {
	c := Builtin()
	turned := &Catalogue{Sources: c.Sources, Outages: slices.Clone(c.Outages)}
	slices.Reverse(turned.Outages)
	ways := map[string]*Catalogue{
		"turned and merged into nothing": (&Catalogue{}).Merge(turned),
		"merged with itself":             turned.Merge(c),
		"merged with nothing":            turned.Merge(&Catalogue{}),
	}
	for name, other := range ways {
		for i, o := range other.ByDomain("libero.it") {
			want := c.ByDomain("libero.it")[i]
			when := at(t, "2023-01-25 21:00")
			if o.ID != want.ID || o.PhaseFor(when, 550, "reply") != want.PhaseFor(when, 550, "reply") {
				t.Errorf("%s: %s in place of %s", name, o.ID, want.ID)
			}
		}
	}
}

func BenchmarkPhaseFor(b *testing.B) {
	o, _ := Builtin().ByID("libero-2023-01")
	when := time.Date(2023, 1, 25, 20, 0, 0, 0, time.UTC)
	for b.Loop() {
		o.PhaseFor(when, 550, "reply")
	}
}
