package checklist

import (
	"cmp"
	"slices"
	"strings"

	"rimbalzo/internal/advice"
	"rimbalzo/internal/outage"
	"rimbalzo/internal/words"
)

// PhaseGroup is what fell in one phase, or between two.
type PhaseGroup struct {
	// OutageID, PhaseID and OtherID are ids of the catalogue; OutageID is "" outside any outage, PhaseID "" where the
	// phase is not known, OtherID "" unless the items lie between two phases, PhaseID then being the earlier.
	OutageID, PhaseID, OtherID string
	Outage                     *outage.Outage // nil outside any outage, or where the report does not hold it
	Phase, Other               *outage.Phase  // nil where there is none
	Items                      []*advice.Item // in the order to work through; those of the report, not copies
}

// Title names the group for a person.
func (g PhaseGroup) Title(w *words.Words) string {
	switch {
	case g.OutageID == "":
		return w.T("checklist.outside")
	case g.PhaseID == "":
		return w.T("checklist.nophase")
	case g.OtherID != "":
		return w.T("checklist.between",
			"First", phaseTitle(g.Phase, g.PhaseID, w), "Second", phaseTitle(g.Other, g.OtherID, w))
	}
	return phaseTitle(g.Phase, g.PhaseID, w)
}

func phaseTitle(p *outage.Phase, id string, w *words.Words) string {
	if p != nil {
		if t := plain(p.Title.In(w.Lang()), maxSubject); t != "" {
			return t
		}
	}
	return plain(id, maxSubject)
}

// Group gives the items by outage and phase, in the order of time: a group between two phases stands after the earlier
// one, items outside any outage come last. Phases without items have no group.
func Group(r Report) []PhaseGroup {
	items := sorted(r, func(a, b *placed) int {
		if order := a.place.compare(b.place); order != 0 {
			return order
		}
		if order := cmp.Compare(a.step, b.step); order != 0 {
			return order
		}
		return a.compare(b)
	})
	places := newPlaces(r)
	var groups []PhaseGroup
	var last place
	for i, item := range items {
		p := places.of(item)
		if i == 0 || p != last {
			groups = append(groups, places.group(p))
			last = p
		}
		g := &groups[len(groups)-1]
		g.Items = append(g.Items, item)
	}
	return groups
}

// place is where an item belongs in time. Numbers order, ids name: those that the report's outages do not hold come
// after the others.
type place struct {
	outage        int // index in places.outages; their number where unknown, one more outside any outage
	phase, other  int // index in the outage's phases, their number where unknown; other is -1 in one phase only
	outageID      string
	phaseID, with string
}

func (p place) compare(q place) int {
	if p == q { // as most neighbours are, and quicker than comparing each part
		return 0
	}
	return cmp.Or(
		cmp.Compare(p.outage, q.outage), strings.Compare(p.outageID, q.outageID),
		cmp.Compare(p.phase, q.phase), strings.Compare(p.phaseID, q.phaseID),
		cmp.Compare(p.other, q.other), strings.Compare(p.with, q.with),
	)
}

// places finds outages and phases by their ids.
type places struct {
	outages []*OutageCount // in the order of time
	index   map[string]int
}

func newPlaces(r Report) places {
	p := places{index: make(map[string]int, len(r.Outages))}
	for i := range r.Outages {
		p.outages = append(p.outages, &r.Outages[i])
	}
	slices.SortStableFunc(p.outages, func(a, b *OutageCount) int {
		return a.Outage.Start.At.Compare(b.Outage.Start.At)
	})
	for i, o := range p.outages {
		p.index[o.Outage.ID] = i
	}
	return p
}

func (p places) of(item *advice.Item) place {
	if item.Outage == "" {
		return place{outage: len(p.outages) + 1, other: -1}
	}
	at := place{outage: len(p.outages), other: -1, outageID: item.Outage, phaseID: item.Phase, with: item.PhaseOther}
	var phases []outage.Phase
	if i, ok := p.index[item.Outage]; ok {
		at.outage, phases = i, p.outages[i].Outage.Phases
	}
	at.phase = phaseIndex(phases, at.phaseID)
	if at.phaseID == "" || at.with == "" || at.with == at.phaseID {
		at.with = ""
		return at
	}
	at.other = phaseIndex(phases, at.with)
	if at.other < at.phase {
		at.phase, at.other = at.other, at.phase
		at.phaseID, at.with = at.with, at.phaseID
	}
	return at
}

func phaseIndex(phases []outage.Phase, id string) int {
	for i := range phases {
		if phases[i].ID == id {
			return i
		}
	}
	return len(phases)
}

func (p places) group(at place) PhaseGroup {
	g := PhaseGroup{OutageID: at.outageID, PhaseID: at.phaseID, OtherID: at.with}
	if at.outage >= len(p.outages) {
		return g
	}
	g.Outage = &p.outages[at.outage].Outage
	if at.phase < len(g.Outage.Phases) {
		g.Phase = &g.Outage.Phases[at.phase]
	}
	if at.other >= 0 && at.other < len(g.Outage.Phases) {
		g.Other = &g.Outage.Phases[at.other]
	}
	return g
}
