package session

import (
	"slices"
	"time"

	"rimbalzo/internal/advice"
	"rimbalzo/internal/bounce"
	"rimbalzo/internal/checklist"
)

// Noticed is a notice in the person's mail: that a message failed, or that it is late.
type Noticed struct {
	At     time.Time
	Failed bool // else a warning
	item   *advice.Item
}

// mostMail is how many messages are told one by one of what stands at one place of the axis.
const mostMail = 8

// Notices gives the notices of an outage's messages, by time. Those without a time are left out.
func Notices(r checklist.Report, id string, zone *time.Location) []Noticed {
	var list []Noticed
	for i := range r.Items {
		it := &r.Items[i]
		if it.Outage != id {
			continue
		}
		for _, b := range it.Bounces {
			n := Noticed{At: noticedAt(&b, zone), Failed: actionOr(b.Action) == bounce.ActionFailed, item: it}
			if !n.At.IsZero() && (n.Failed || b.Action == bounce.ActionDelayed) {
				list = append(list, n)
			}
		}
	}
	slices.SortFunc(list, func(a, b Noticed) int { return a.At.Compare(b.At) })
	return list
}

func noticedAt(b *advice.Bounce, zone *time.Location) time.Time {
	if !b.BouncedAt.IsZero() {
		return b.BouncedAt.In(zone)
	}
	return b.AttemptAt.In(zone)
}

// bounceLane counts notices in equal parts of the axis, so that ten thousand are as quick to draw as ten.
func (e Explainer) bounceLane(mail []Noticed, c *Chart) Lane {
	w := e.Words
	lane := Lane{Kind: LaneBounces, Name: w.T("outagepage.lane.bounces"), None: w.T("outagepage.no-bounces")}
	width := c.To.Sub(c.From) / bounceBins
	for i := 0; i < len(mail) && width > 0; {
		bin := min(max(int(mail[i].At.Sub(c.From)/width), 0), bounceBins-1)
		end := c.From.Add(time.Duration(bin+1) * width)
		p := Piece{From: float32(bin) / bounceBins, To: float32(bin+1) / bounceBins}
		first, last := mail[i].At, mail[i].At
		for ; i < len(mail) && (mail[i].At.Before(end) || bin == bounceBins-1); i++ {
			if last = mail[i].At; mail[i].Failed {
				p.Failed++
			} else {
				p.Warned++
			}
			e.tellMail(&p, mail[i].item)
		}
		p.Words = e.noticedWords(first, last, p.Failed, p.Warned)
		lane.Pieces = append(lane.Pieces, p)
	}
	return lane
}

// tellMail adds the message of a notice to what is told of a place; of many, only how many more there are.
func (e Explainer) tellMail(p *Piece, it *advice.Item) {
	switch {
	case slices.Contains(p.items, it):
	case len(p.Mail) == mostMail:
		p.More++
	default:
		p.items = append(p.items, it)
		p.Mail = append(p.Mail, e.Words.T("outagepage.mail", "Subject", e.Subject(it), "Recipient", Line(it.Recipient, MaxAddress), "What", checklist.Verdict(it, e.Words)))
	}
}

func (e Explainer) noticedWords(first, last time.Time, failed, warned int) string {
	w := e.Words
	when := w.ShortTime(first.In(e.Zone))
	if end := w.ShortTime(last.In(e.Zone)); end != when {
		when = w.T("window.from-to", "From", when, "To", end)
	}
	switch {
	case warned == 0:
		return sentence(w.T("outagepage.noticed", "When", opening(when), "What", w.N("outagepage.failed", failed)))
	case failed == 0:
		return sentence(w.T("outagepage.noticed", "When", opening(when), "What", w.N("outagepage.warned", warned)))
	}
	both := w.N("outagepage.failed", failed) + ", " + w.N("outagepage.warned", warned)
	return sentence(w.T("outagepage.noticed", "When", opening(when), "What", both))
}
