package session

import (
	"rimbalzo/internal/advice"
	"rimbalzo/internal/checklist"
)

// Verdicts are the verdicts in the order in which they ask something of the person.
var Verdicts = []advice.Verdict{
	advice.Resend, advice.Check, advice.Fix, advice.Wait, advice.Delivered, advice.Resent,
}

// Filter says which items are shown.
type Filter struct {
	Outage  string         // an outage's id; "" for all
	Phase   string         // a phase's id within Outage; "" for all
	Verdict advice.Verdict // "" for all
}

// Row is one line of the list: a group's header, or an item.
type Row struct {
	Group *checklist.PhaseGroup
	Item  *advice.Item // nil in a header
	Count int          // of a header: the items under it
}

// Rows gives the lines of the list: each group that has items to show, its header first, in the groups' order.
func Rows(groups []checklist.PhaseGroup, f Filter) []Row {
	n := len(groups)
	for i := range groups {
		n += len(groups[i].Items)
	}
	rows := make([]Row, 0, n)
	for i := range groups {
		g := &groups[i]
		if !f.group(g) {
			continue
		}
		head := len(rows)
		rows = append(rows, Row{Group: g})
		for _, it := range g.Items {
			if f.Verdict == "" || it.Verdict == f.Verdict {
				rows = append(rows, Row{Group: g, Item: it})
			}
		}
		if rows[head].Count = len(rows) - head - 1; rows[head].Count == 0 {
			rows = rows[:head]
		}
	}
	return rows
}

// group reports whether the filter lets a group's items pass. What lies between two phases belongs to both.
func (f Filter) group(g *checklist.PhaseGroup) bool {
	return (f.Outage == "" || g.OutageID == f.Outage) &&
		(f.Phase == "" || g.PhaseID == f.Phase || g.OtherID == f.Phase)
}

// Counts gives how many items of each verdict the filter would show, and under "" all of them, leaving the filter's own
// verdict aside.
func Counts(groups []checklist.PhaseGroup, f Filter) map[advice.Verdict]int {
	counts := map[advice.Verdict]int{}
	for i := range groups {
		if !f.group(&groups[i]) {
			continue
		}
		for _, it := range groups[i].Items {
			counts[it.Verdict]++
		}
		counts[""] += len(groups[i].Items)
	}
	return counts
}

// Step gives the place of the item delta items further down (up, where negative) from row at, headers not counted; the
// furthest one where there are not so many, and at itself where there is none.
func Step(rows []Row, at, delta int) int {
	dir := 1
	if delta < 0 {
		dir = -1
	}
	best := at
	for i, left := at+dir, delta*dir; i >= 0 && i < len(rows) && left > 0; i += dir {
		if rows[i].Item == nil {
			continue
		}
		best = i
		left--
	}
	return best
}

// Find gives the row of the same message and recipient as item, which may stem from another review; -1 where none.
func Find(rows []Row, item *advice.Item) int {
	if item == nil {
		return -1
	}
	for i, r := range rows {
		if r.Item == nil || r.Item.Recipient != item.Recipient || r.Item.MessageID != item.MessageID {
			continue
		}
		if item.MessageID != "" || r.Item.Subject == item.Subject && r.Item.SentAt == item.SentAt {
			return i
		}
	}
	return -1
}
