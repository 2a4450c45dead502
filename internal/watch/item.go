package watch

import (
	"strconv"
	"time"

	"rimbalzo/internal/advice"
	"rimbalzo/internal/bounce"
	"rimbalzo/internal/checklist"
)

// Item is one line of the checklist, as far as the telling needs it.
type Item struct {
	Key         string // [checklist.Key]
	Recipient   string // as in advice
	Subject     string
	Verdict     advice.Verdict
	When        advice.When
	ResendAfter time.Time
	WaitUntil   time.Time
	Done        time.Time // when the person ticked it off, zero where it is not ticked
	Bounces     []ItemBounce
}

// ItemBounce is one bounce of an item.
type ItemBounce struct {
	Key string // names it for good
	At  time.Time
}

// Items gives what a report means to the telling, with what the person has said of its items; nil for nothing.
func Items(r checklist.Report, ticks *checklist.Ticks) []Item {
	list := make([]Item, 0, len(r.Items))
	for i := range r.Items {
		it := &r.Items[i]
		item := Item{
			Key: checklist.Key(it), Recipient: it.Recipient, Subject: it.Subject, Verdict: it.Verdict,
			When: it.ResendWhen, ResendAfter: it.ResendAfter, WaitUntil: it.WaitUntil,
		}
		for _, said := range ticks.Said(r.Items[i : i+1]) {
			item.Done = said.At
		}
		for _, b := range it.Bounces {
			if b.Action == bounce.ActionFailed || b.Action == bounce.ActionDelayed {
				item.Bounces = append(item.Bounces, ItemBounce{Key: item.bounceKey(b), At: b.BouncedAt.At})
			}
		}
		list = append(list, item)
	}
	return list
}

// bounceKey names a bounce by the item and its time: where it lies changes, when a folder is tidied.
func (it *Item) bounceKey(b advice.Bounce) string {
	return it.Key + "/" + string(b.Action) + "/" + strconv.FormatInt(b.BouncedAt.At.Unix(), 36)
}

// ready reports whether sending the item again has a chance now. back says that its provider is back by what was seen.
func (it *Item) ready(now time.Time, back bool) bool {
	if it.Verdict != advice.Resend {
		return false
	}
	switch it.When {
	case advice.Now:
		return true
	case advice.At:
		return !now.Before(it.ResendAfter)
	}
	return back
}
