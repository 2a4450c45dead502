package session

import (
	"rimbalzo/internal/advice"
	"rimbalzo/internal/checklist"
)

// Verdicts are the verdicts in the order in which they ask something of the person.
var Verdicts = []advice.Verdict{
	advice.Resend, advice.Check, advice.Fix, advice.Wait, advice.Delivered, advice.Resent,
}

// Grouping says what the rows are put together by.
type Grouping string

// The groupings; the zero one is GroupByStep.
const (
	GroupByStep      Grouping = "" // what is to be done, the most urgent first
	GroupByPhase     Grouping = "phase"
	GroupByRecipient Grouping = "recipient"
)

// Sorting says in which order items stand inside their group.
type Sorting string

// The sortings; the zero one is SortByUrgency.
const (
	SortByUrgency   Sorting = ""
	SortByDate      Sorting = "date"
	SortByRecipient Sorting = "recipient"
	SortBySubject   Sorting = "subject"
)

// Ticked says whether items are shown that are dealt with.
type Ticked string

// What may be shown; the zero Ticked is both.
const (
	TickedOrNot Ticked = ""
	TickedNot   Ticked = "open"
	TickedOnly  Ticked = "done"
)

// Filter says which items are shown, and how.
type Filter struct {
	Outage   string         // an outage's id; "" for all
	Phase    string         // a phase's id within Outage; "" for all
	Verdict  advice.Verdict // "" for all
	Ticked   Ticked
	Search   string // words of subject, recipient and Message-ID, as typed; all of them must be there
	Group    Grouping
	Sort     Sorting
	Backward bool // the order inside the groups is turned round
}

// Narrows reports whether the filter leaves anything out.
func (f Filter) Narrows() bool {
	return f.Outage != "" || f.Phase != "" || f.Verdict != "" || f.Ticked != "" || len(searchWords(f.Search)) > 0
}

// All is the filter with the same order that leaves nothing out.
func (f Filter) All() Filter { return Filter{Group: f.Group, Sort: f.Sort, Backward: f.Backward} }

// Head heads a group of rows. One of Phase, Recipient and Step says what the group is; Step where the others are empty.
type Head struct {
	Phase     *checklist.PhaseGroup
	Recipient string
	Step      Step
	Count     int // the items shown under it
}

// Row is one line of the list: a group's header, or an item.
type Row struct {
	Head *Head // the group's
	Item *advice.Item
	At   int // of an item: its place among [Index.Items]; -1 in a header, whose Item is nil
}

// Shown is what a filter lets pass.
type Shown struct {
	Rows   []Row
	Items  int                    // rows that are no headers
	Counts map[advice.Verdict]int // what there would be of each verdict, the filter's own left aside; under "" of all
}

// Next gives the place of the item delta items further down (up, where negative) from row at, headers not counted; the
// furthest one where there are not so many, and at itself where there is none.
func Next(rows []Row, at, delta int) int {
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
		if r.Item == item || r.Item != nil && sameItem(r.Item, item) {
			return i
		}
	}
	return -1
}

// sameItem reports whether two items, perhaps of two reviews, are about the same message and recipient.
func sameItem(a, b *advice.Item) bool {
	if a.Recipient != b.Recipient || a.MessageID != b.MessageID {
		return false
	}
	return a.MessageID != "" || a.Subject == b.Subject && a.SentAt == b.SentAt
}
