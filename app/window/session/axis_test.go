package session

import (
	"testing"
	"time"

	"rimbalzo/internal/checklist"
	"rimbalzo/internal/outage"
	"rimbalzo/internal/words"
)

func at(day, hour, minute int) time.Time { return time.Date(2023, 1, day, hour, minute, 0, 0, cet) }

func TestMarks(t *testing.T) {
	for name, tc := range map[string]struct {
		boundary outage.Boundary
		want     Mark
	}{
		"exact":                {outage.Boundary{At: at(23, 16, 0), Precision: outage.Exact, Earliest: at(23, 16, 0), Latest: at(23, 16, 0)}, Mark{"23 gen", "16:00", false}},
		"about":                {outage.Boundary{At: at(23, 16, 0), Precision: outage.About, Earliest: at(23, 15, 30), Latest: at(23, 16, 30)}, Mark{"23 gen", "circa 16:00", false}},
		"hours of a day":       {outage.Boundary{At: at(23, 16, 0), Precision: outage.About, Earliest: at(23, 15, 0), Latest: at(23, 17, 0)}, Mark{"23 gen", "15:00–17:00", true}},
		"until midnight":       {outage.Boundary{At: at(25, 20, 0), Earliest: at(25, 18, 0), Latest: at(26, 0, 0)}, Mark{"25 gen", "18:00–24:00", true}},
		"a whole day":          {outage.Boundary{At: at(25, 12, 0), Earliest: at(25, 0, 0), Latest: at(25, 23, 59)}, Mark{"25 gen", "", true}},
		"several days":         {outage.Boundary{At: at(28, 20, 0), Earliest: at(28, 8, 0), Latest: at(31, 8, 0)}, Mark{"28 gen –", "31 gen", true}},
		"known as a limit":     {outage.Boundary{At: at(28, 20, 0), Precision: outage.Bound}, Mark{"28 gen", "entro 20:00", false}},
		"never told":           {outage.Boundary{}, Mark{"non si sa", "", true}},
		"in the window's zone": {outage.Boundary{At: at(23, 0, 30).UTC(), Precision: outage.Exact}, Mark{"23 gen", "00:30", false}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := newMark(tc.boundary, words.New("it"), cet); got != tc.want {
				t.Errorf("stands as %+v, want %+v", got, tc.want)
			}
		})
	}
}

func TestAxis(t *testing.T) {
	o, ok := outage.Builtin().ByID("libero-2023-01")
	if !ok {
		t.Fatal("no outage of January 2023")
	}
	count := checklist.OutageCount{Outage: *o, Phases: make([]checklist.PhaseCount, len(o.Phases))}
	count.Phases[1] = checklist.PhaseCount{Bounces: 1, Messages: 12}
	a := NewAxis(count, at(24, 12, 0), words.New("en"), cet)
	if len(a.Segments) != 5 || len(a.Marks) != 6 {
		t.Fatalf("%d phases between %d boundaries", len(a.Segments), len(a.Marks))
	}
	if got := a.Segments[1]; got.Counts != "12 messages · 1 notice" || got.Empty || !a.Segments[0].Empty {
		t.Errorf("counts %q, empty %v and %v", got.Counts, got.Empty, a.Segments[0].Empty)
	}
	if a.Now != 1 || a.Part < 0.3 || a.Part > 0.5 {
		t.Errorf("noon of the 24th lies in phase %d at %.2f", a.Now, a.Part)
	}
	if before := NewAxis(count, at(20, 12, 0), words.New("en"), cet); before.Now != -1 {
		t.Errorf("two days before it lies in phase %d", before.Now)
	}
	least := []float32{70, 70, 90, 70, 70}
	heights := a.Heights(1000, least)
	sum := float32(0)
	for i, h := range heights {
		sum += h
		if h < least[i] {
			t.Errorf("phase %d is %v high, needs %v", i, h, least[i])
		}
	}
	if sum < 999 || sum > 1001 || heights[4] <= heights[0] {
		t.Errorf("heights %v", heights)
	}
	for i, h := range a.Heights(100, least) { // too little room: the pane scrolls
		if h != least[i] {
			t.Errorf("phase %d is squeezed to %v", i, h)
		}
	}
}

func TestAxisWithoutAnEnd(t *testing.T) {
	o := outage.Outage{ID: "o", Start: outage.Boundary{At: at(22, 0, 0)}, Phases: []outage.Phase{{ID: "p", From: outage.Boundary{At: at(22, 0, 0)}}}}
	a := NewAxis(checklist.OutageCount{Outage: o}, at(24, 0, 0), words.New("en"), cet)
	if a.Dates != "since 22 January 2023, not over yet" || a.Marks[1].Day != "not known" || a.Segments[0].Length != 0 {
		t.Errorf("%q, %+v, %v", a.Dates, a.Marks, a.Segments[0].Length)
	}
}
