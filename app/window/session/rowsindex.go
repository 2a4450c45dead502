package session

import (
	"cmp"
	"slices"
	"strings"
	"sync"

	"rimbalzo/internal/advice"
	"rimbalzo/internal/checklist"
)

// Index holds a report so that it can be filtered, searched, sorted and grouped at once. It does not change once made, and may
// be used from several goroutines.
type Index struct {
	Items  []*advice.Item // in the order to work through; those of the report, not copies
	Phases []checklist.PhaseGroup

	phase      []int32 // of each item, its place in Phases
	recipient  []int32 // of each item, its place in recipients
	recipients []string
	place      map[*advice.Item]int32
	text       []string // of each item, what is searched: subject, recipient and id, folded

	byName                         func() map[string]int32 // of each item, its place, by what [sameItem] compares
	byDate, byRecipient, bySubject func() []int32          // places of Items in another order, made when first asked for
}

// NewIndex makes the index of a report. For 100,000 items it takes up to a second: call it off the window's goroutine.
func NewIndex(r checklist.Report) *Index {
	x := &Index{Phases: checklist.Group(r)}
	// Inside a phase items stand in the order to work through: put together by step they are in [checklist.Order] without being
	// sorted once more.
	n := len(r.Items)
	var bySteps [steps][]*advice.Item
	group := make(map[*advice.Item]int32, n)
	for g := range x.Phases {
		for _, it := range x.Phases[g].Items {
			group[it] = int32(g)
			bySteps[StepOf(it)] = append(bySteps[StepOf(it)], it)
		}
	}
	x.Items = slices.Concat(bySteps[:]...)
	x.phase, x.recipient, x.text = make([]int32, n), make([]int32, n), make([]string, n)
	x.place = make(map[*advice.Item]int32, n)
	known := map[string]int32{}
	for i, it := range x.Items {
		x.place[it], x.phase[i] = int32(i), group[it]
		at, ok := known[it.Recipient]
		if !ok {
			at = int32(len(x.recipients))
			known[it.Recipient] = at
			x.recipients = append(x.recipients, it.Recipient)
		}
		x.recipient[i] = at
		x.text[i] = Fold(searchable(it.Subject) + "\n" + it.Recipient + "\n" + it.MessageID)
	}
	x.byName = sync.OnceValue(func() map[string]int32 {
		names := make(map[string]int32, n)
		for i, it := range x.Items {
			names[nameOf(it)] = int32(i)
		}
		return names
	})
	x.byDate = x.order(func(a, b int32) int { return x.Items[a].SentAt.At.Compare(x.Items[b].SentAt.At) })
	x.bySubject = x.order(func(a, b int32) int { return strings.Compare(x.text[a], x.text[b]) })
	x.byRecipient = x.order(func(a, b int32) int {
		return strings.Compare(x.recipients[x.recipient[a]], x.recipients[x.recipient[b]])
	})
	return x
}

// searchable is what is searched of a subject: all of it as it is shown, which for most is what it says.
func searchable(subject string) string {
	for i := range len(subject) {
		if i >= MaxSubject || subject[i] < ' ' || subject[i] > '~' {
			return filter(subject, MaxSubject, false)
		}
	}
	return subject
}

// order gives the items' places, sorted when first asked for; what compares alike stays in the order to work through.
func (x *Index) order(compare func(a, b int32) int) func() []int32 {
	return sync.OnceValue(func() []int32 {
		list := make([]int32, len(x.Items))
		for i := range list {
			list[i] = int32(i)
		}
		slices.SortFunc(list, func(a, b int32) int { return cmp.Or(compare(a, b), cmp.Compare(a, b)) })
		return list
	})
}

// places gives the items' places in the filter's order; nil is the order to work through.
func (x *Index) places(f Filter) []int32 {
	switch f.Sort {
	case SortByDate:
		return x.byDate()
	case SortByRecipient:
		return x.byRecipient()
	case SortBySubject:
		return x.bySubject()
	}
	return nil
}

// Show gives the rows that f lets pass; done says of each item whether it is dealt with.
func (x *Index) Show(f Filter, done []bool) Shown {
	shown := Shown{Counts: map[advice.Verdict]int{}}
	groups := make([][]int32, x.groups(f))
	words, places, n := searchWords(f.Search), x.places(f), len(x.Items)
	for k := range n {
		if f.Backward {
			k = n - 1 - k
		}
		i := int32(k)
		if places != nil {
			i = places[k]
		}
		if !x.passes(i, f, words, done) {
			continue
		}
		v := x.Items[i].Verdict
		shown.Counts[""]++
		shown.Counts[v]++
		if f.Verdict == "" || v == f.Verdict {
			g := x.group(i, f)
			groups[g] = append(groups[g], i)
			shown.Items++
		}
	}
	shown.Rows = x.rows(groups, f, shown.Items)
	return shown
}

// passes reports whether the filter, its verdict left aside, lets an item pass. What lies between two phases belongs to both.
func (x *Index) passes(i int32, f Filter, words []string, done []bool) bool {
	g := &x.Phases[x.phase[i]]
	switch {
	case f.Outage != "" && g.OutageID != f.Outage,
		f.Phase != "" && g.PhaseID != f.Phase && g.OtherID != f.Phase,
		f.Ticked == TickedNot && done[i], f.Ticked == TickedOnly && !done[i]:
		return false
	}
	return holds(x.text[i], words)
}

// groups gives how many groups there may be.
func (x *Index) groups(f Filter) int {
	switch f.Group {
	case GroupByPhase:
		return len(x.Phases)
	case GroupByRecipient:
		return len(x.recipients)
	}
	return int(steps)
}

func (x *Index) group(i int32, f Filter) int32 {
	switch f.Group {
	case GroupByPhase:
		return x.phase[i]
	case GroupByRecipient:
		return x.recipient[i]
	}
	return int32(StepOf(x.Items[i]))
}

// rows puts the groups one below the other, each under its head.
func (x *Index) rows(groups [][]int32, f Filter, items int) []Row {
	rows := make([]Row, 0, items+min(len(groups), items))
	for _, g := range x.inOrder(groups, f) {
		head := &Head{Count: len(groups[g])}
		switch f.Group {
		case GroupByPhase:
			head.Phase = &x.Phases[g]
		case GroupByRecipient:
			head.Recipient = x.recipients[g]
		default:
			head.Step = Step(g)
		}
		rows = append(rows, Row{Head: head, At: -1})
		for _, i := range groups[g] {
			rows = append(rows, Row{Head: head, Item: x.Items[i], At: int(i)})
		}
	}
	return rows
}

// inOrder gives the groups that have items. Phases and steps have an order of their own; people come in that of the sorting: by
// name, else by what the first of their messages would come by.
func (x *Index) inOrder(groups [][]int32, f Filter) []int {
	list := make([]int, 0, len(groups))
	for g := range groups {
		if len(groups[g]) > 0 {
			list = append(list, g)
		}
	}
	if f.Group != GroupByRecipient {
		return list
	}
	rank := func(g int) int32 { return groups[g][0] }
	if places := x.places(f); places != nil {
		at := make([]int32, len(places))
		for k, i := range places {
			at[i] = int32(k)
		}
		rank = func(g int) int32 { return at[groups[g][0]] }
	}
	slices.SortFunc(list, func(a, b int) int {
		if f.Backward {
			a, b = b, a
		}
		return cmp.Compare(rank(a), rank(b))
	})
	return list
}

// find gives the place of an item, or of that of this review which is about the same message and recipient.
func (x *Index) find(it *advice.Item) (place int32, ok bool) {
	if place, ok = x.place[it]; !ok {
		place, ok = x.byName()[nameOf(it)]
	}
	return place, ok
}

func nameOf(it *advice.Item) string {
	if it.MessageID != "" {
		return it.MessageID + "\n" + it.Recipient
	}
	return "\n" + it.Recipient + "\n" + it.Subject + "\n" + it.SentAt.At.String()
}

// Same gives the items of the same message as it, itself among them, in the order to work through.
func (x *Index) Same(it *advice.Item) []*advice.Item {
	if it.MessageID == "" {
		return []*advice.Item{it}
	}
	var list []*advice.Item
	for _, other := range x.Items {
		if other.MessageID == it.MessageID {
			list = append(list, other)
		}
	}
	return list
}
