package checklist

import (
	"cmp"
	"slices"
	"strings"

	"rimbalzo/internal/advice"
)

// Count gives how many items have each verdict.
func Count(items []advice.Item) map[advice.Verdict]int {
	n := make(map[advice.Verdict]int)
	for i := range items {
		n[items[i].Verdict]++
	}
	return n
}

// step is how soon a person should turn to an item: the smaller the sooner.
type step int

const (
	stepNow step = iota
	stepAt
	stepWhenBack
	stepCheck
	stepFix
	stepWait
	stepDelivered
	stepResent
	stepOther // a verdict that this version does not know
	steps
)

func stepOf(item *advice.Item) step {
	switch item.Verdict {
	case advice.Resend:
		switch item.ResendWhen {
		case advice.At:
			return stepAt
		case advice.WhenBack:
			return stepWhenBack
		}
		return stepNow
	case advice.Check:
		return stepCheck
	case advice.Fix:
		return stepFix
	case advice.Wait:
		return stepWait
	case advice.Delivered:
		return stepDelivered
	case advice.Resent:
		return stepResent
	}
	return stepOther
}

// todo reports whether the step asks the person to do something.
func (s step) todo() bool { return s <= stepFix }

// Order gives the report's items in the order to work through: what to do first, inside that by phase and time of
// sending. The items are those of r, not copies.
func Order(r Report) []*advice.Item {
	return sorted(r, func(a, b *placed) int {
		if order := cmp.Compare(a.step, b.step); order != 0 {
			return order
		}
		return a.compareIn(b)
	})
}

// placed is an item with what decides its order.
type placed struct {
	item  *advice.Item
	step  step
	place place
	again int64 // when it is to be sent again, in seconds since 1970
	index int   // in the report, for items that are alike in everything else
}

// compare orders items of one step and place: by when they go again, when they were sent, and then so that the same
// items always come in the same order. It stops at the first difference: of 100,000 items most differ in when they were sent.
func (p *placed) compare(q *placed) int {
	a, b := p.item, q.item
	if order := cmp.Or(cmp.Compare(p.again, q.again), a.SentAt.At.Compare(b.SentAt.At)); order != 0 {
		return order
	}
	return cmp.Or(strings.Compare(a.MessageID, b.MessageID), strings.Compare(a.Recipient, b.Recipient), strings.Compare(a.Subject, b.Subject))
}

// compareIn orders items by place, and inside it as compare does.
func (p *placed) compareIn(q *placed) int {
	if order := p.place.compare(q.place); order != 0 {
		return order
	}
	return p.compare(q)
}

func sorted(r Report, compare func(a, b *placed) int) []*advice.Item {
	places := newPlaces(r)
	all, list := make([]placed, len(r.Items)), make([]*placed, len(r.Items)) // pointers are moved faster
	for i := range r.Items {
		item := &r.Items[i]
		all[i] = placed{item: item, step: stepOf(item), place: places.of(item), again: item.ResendAfter.Unix(), index: i}
		list[i] = &all[i]
	}
	slices.SortFunc(list, func(a, b *placed) int {
		if order := compare(a, b); order != 0 {
			return order
		}
		return cmp.Compare(a.index, b.index)
	})
	items := make([]*advice.Item, len(list))
	for i := range list {
		items[i] = list[i].item
	}
	return items
}
