package session

import (
	"cmp"
	"math"
	"slices"
	"time"

	"rimbalzo/internal/advice"
	"rimbalzo/internal/bounce"
	"rimbalzo/internal/outage"
)

// Happening is one thing in the story of a message.
type Happening struct {
	At     time.Time
	Kind   Kind
	When   string // day and time in words
	Text   string // what happened, as a sentence
	Detail string // what a server answered to it; "" for nothing
	Ahead  bool   // it is still to come
}

// Kind is the kind of a happening. It completes the keys "board.story.", and names a drawing.
type Kind string

// The kinds.
const (
	KindSent     Kind = "sent"
	KindTaken    Kind = "taken" // the recipient's provider took it in charge
	KindTried    Kind = "tried" // a server tried in vain
	KindRefused  Kind = "refused"
	KindWarned   Kind = "warned"
	KindBounced  Kind = "bounced"
	KindArrived  Kind = "arrived"
	KindAnswered Kind = "answered"
	KindAgain    Kind = "resent"
	KindTold     Kind = "told"  // the person said something of it
	KindUntil    Kind = "until" // still to come: a server stops trying
	KindRetry    Kind = "retry" // still to come: it can be sent again
	KindToday    Kind = "now"
)

// maxHappenings is how many things a story has: of more, the first and the last ones are told.
const maxHappenings = 14

// toldBy says which reasons tell of a happening; their argument Time is when.
var toldBy = map[string]Kind{
	"proof-reply": KindAnswered, "reply-in-thread": KindAnswered, "proof-receipt": KindArrived, "proof-vacation": KindArrived, "proof-dsn": KindArrived,
	"copy-sent": KindAgain, "said-arrived": KindTold, "said-done": KindTold, "said-not-needed": KindTold, "said-before": KindTold, "bounce-by-provider": KindTaken,
}

// Story tells what became of a message, the oldest first; now stands where the past ends.
func (e Explainer) Story(it *advice.Item, now time.Time) []Happening {
	var list []Happening
	add := func(kind Kind, at time.Time, text, detail string) {
		if !at.IsZero() {
			list = append(list, Happening{At: at, Kind: kind, Text: text, Detail: detail})
		}
	}
	w := e.Words
	if it.Recipient != "" {
		add(KindSent, it.SentAt.In(e.Zone), w.T("board.story.sent-to", "Recipient", Line(it.Recipient, MaxAddress)), "")
	} else {
		add(KindSent, it.SentAt.In(e.Zone), w.T("board.story.sent"), "")
	}
	for i := range it.Bounces {
		e.noticed(&it.Bounces[i], add)
	}
	for i := range it.Reasons {
		r := &it.Reasons[i]
		if kind, ok := toldBy[r.Rule]; ok {
			add(kind, timeOf(r.Args["Time"]), w.T("board.story."+r.Rule), "")
		}
	}
	switch {
	case it.Verdict == advice.Wait:
		add(KindUntil, it.WaitUntil, w.T("board.story.until"), "")
	case it.Verdict == advice.Resend && it.ResendWhen == advice.At:
		add(KindRetry, it.ResendAfter, w.T("board.story.retry"), "")
	}
	add(KindToday, now, w.T("board.story.now"), "")
	slices.SortStableFunc(list, func(a, b Happening) int { return a.At.Compare(b.At) })
	list = shortened(once(list))
	for i := range list {
		h := &list[i]
		h.Ahead = h.At.After(now)
		h.When = w.ShortTime(h.At.In(e.Zone))
	}
	return list
}

// noticed tells what one notice says: the last attempt, and the notice itself.
func (e Explainer) noticed(b *advice.Bounce, add func(Kind, time.Time, string, string)) {
	w := e.Words
	host := Line(b.ReportedBy.Host, MaxAddress)
	if host == "" {
		host = w.T("board.side." + string(sideOr(b.ReportedBy.Side)))
	}
	answer := Line(b.Reply, maxReply)
	switch action := actionOr(b.Action); action {
	case bounce.ActionFailed, bounce.ActionDelayed:
		kind, text := KindTried, w.T("board.story.tried")
		switch {
		case b.Failure == bounce.FailureReply:
			kind, text = KindRefused, w.T("board.story.refused")
		case b.Failure != "":
			text = w.T("board.failure." + string(b.Failure))
		}
		add(kind, b.AttemptAt.In(e.Zone), text, answer)
		if action == bounce.ActionDelayed {
			add(KindWarned, b.BouncedAt.In(e.Zone), w.T("board.story.warned", "Host", host), "")
		} else {
			add(KindBounced, b.BouncedAt.In(e.Zone), w.T("board.story.bounced", "Host", host), "")
		}
	default:
		add(KindArrived, b.BouncedAt.In(e.Zone), w.T("board.action."+string(action), "Host", host), answer)
	}
}

// timeOf gives the instant that a reason speaks of; zero for none.
func timeOf(arg any) time.Time {
	switch t := arg.(type) {
	case time.Time:
		return t
	case bounce.Stamp:
		return t.At
	}
	return time.Time{}
}

// once takes out what several notices tell alike of the same minute.
func once(list []Happening) []Happening {
	seen := map[string]bool{}
	return slices.DeleteFunc(list, func(h Happening) bool {
		key := string(h.Kind) + h.At.UTC().Format(time.RFC3339)[:16] + h.Text + h.Detail
		told := seen[key]
		seen[key] = true
		return told
	})
}

// shortened leaves out the middle of a long story: how often a server tried does not matter.
func shortened(list []Happening) []Happening {
	if len(list) <= maxHappenings {
		return list
	}
	const first = 4
	return slices.Delete(list, first, first+len(list)-maxHappenings)
}

// Spread gives each happening its place on a line of a width: in the order of time, the further apart the more time passed, by
// the square root, so that minutes stay readable beside days; never nearer to each other than least, where there is room.
func Spread(list []Happening, width, least float32) []float32 {
	places := make([]float32, len(list))
	if len(list) < 2 {
		return places
	}
	gaps := float32(len(list) - 1)
	least = min(least, width/gaps)
	weights, sum := make([]float64, len(list)), 0.0
	for i := 1; i < len(list); i++ {
		weights[i] = math.Sqrt(math.Max(0, list[i].At.Sub(list[i-1].At).Minutes()))
		sum += weights[i]
	}
	rest := width - least*gaps
	for i := 1; i < len(list); i++ {
		share := 1 / float64(gaps)
		if sum > 0 {
			share = weights[i] / sum
		}
		places[i] = places[i-1] + least + rest*float32(share)
	}
	return places
}

// StoryText tells a story as plain text, a line for each thing.
func StoryText(list []Happening) string {
	text := ""
	for _, h := range list {
		text += h.When + "  " + h.Text
		if h.Detail != "" {
			text += " " + h.Detail
		}
		text += "\n"
	}
	return text
}

// Share is how much of the line of a story passes before an instant, by its neighbours; for the phases drawn along it.
func Share(list []Happening, places []float32, at time.Time) float32 {
	i, found := slices.BinarySearchFunc(list, at, func(h Happening, at time.Time) int { return cmp.Compare(h.At.Compare(at), 0) })
	switch {
	case len(list) == 0:
		return 0
	case found, i == 0:
		return places[i]
	case i == len(list):
		return places[i-1]
	}
	passed := float32(at.Sub(list[i-1].At)) / float32(list[i].At.Sub(list[i-1].At))
	return places[i-1] + passed*(places[i]-places[i-1])
}

// Band is the stretch of a phase along a story.
type Band struct {
	From, To  time.Time
	Behaviour outage.Behaviour
	Title     string
}

// Bands gives the phases of outages that a story goes through.
func (e Explainer) Bands(list []Happening) []Band {
	if len(list) == 0 {
		return nil
	}
	first, last := list[0].At, list[len(list)-1].At
	var bands []Band
	for i := range e.Outages {
		for _, p := range e.Outages[i].Outage.Phases {
			b := Band{From: p.From.At, To: p.To.At, Behaviour: p.Behaviour, Title: Line(p.Title.In(e.Words.Lang()), MaxSubject)}
			if p.To.Open() || b.To.After(last) {
				b.To = last
			}
			if b.From.Before(first) {
				b.From = first
			}
			if b.From.Before(b.To) {
				bands = append(bands, b)
			}
		}
	}
	return bands
}
