package missing

import (
	"testing"
	"time"

	"rimbalzo/internal/advice"
)

const (
	news = "redazione@notizie.example"
	zia  = "zia@famiglia.example"
	day  = 24 * time.Hour
)

func listed(m *advice.Incoming) { m.List = true }

// out is when nothing arrived.
var outFrom, outTo = on("22 Jan 22:00"), on("29 Jan 00:00")

func TestRegularMail(t *testing.T) {
	first, last := on("1 Nov 2022 07:00"), on("20 Feb 07:00")
	for name, tc := range map[string]struct {
		fill func(*box)
		want string
	}{
		"a daily letter pauses":          {func(b *box) { b.series(news, first, last, day, outFrom, outTo, listed) }, "gap " + news + "  likely"},
		"somebody who writes every day":  {func(b *box) { b.series(zia, first, last, day, outFrom, outTo, nil) }, "gap " + zia + "  likely"},
		"one that came late is no pause": {func(b *box) { b.series(news, first, last, day, outFrom, outTo, listed); lateSeries(b) }, ""},
		"the letter did not pause":       {func(b *box) { b.series(news, first, last, day, last, last, listed) }, ""},
		"two days are a weekend":         {func(b *box) { b.series(news, first, last, day, on("23 Jan 08:00"), on("25 Jan 06:00"), listed) }, ""},
		"a weekly letter lacks one":      {func(b *box) { b.series(news, first, last, 7*day, outFrom, outTo, listed) }, ""},
		"it paused often before": {func(b *box) {
			b.series(news, first, last, day, on("5 Jan 08:00"), on("10 Jan 06:00"), listed)
			without(b, outFrom, on("27 Jan 00:00"))
		}, ""},
		"it paused from long before on": {func(b *box) { b.series(news, first, last, day, on("8 Jan 08:00"), outTo, listed) }, ""},
		"it came back much later": {func(b *box) {
			b.series(news, first, on("20 Mar 07:00"), day, outFrom, on("1 Mar 00:00"), listed)
			b.ev.At = on("20 Mar 12:00")
		}, ""},
		"a few letters only": {func(b *box) { b.series(news, on("18 Jan 07:00"), last, day, outFrom, outTo, listed) }, ""},
		"no rhythm":          {func(b *box) { ragged(b) }, ""},
		"in Junk": {func(b *box) {
			b.series(news, first, last, day, outFrom, outTo, func(m *advice.Incoming) { m.Junk = true })
		}, ""},
		"to another mailbox of the person's": {func(b *box) {
			b.ev.Accounts = append(b.ev.Accounts, "elena@altrove.example")
			b.series(news, first, last, day, outFrom, outTo, elsewhere)
		}, ""},
		"a list that never came back":     {func(b *box) { b.series(news, first, on("22 Jan 07:00"), day, first, first, listed); alive(b) }, "struck-off " + news + "  likely"},
		"a weekly one, on weaker grounds": {func(b *box) { b.series(news, first, on("22 Jan 07:00"), 7*day, first, first, listed); alive(b) }, "struck-off " + news + "  unsure"},
		"a machine's service that never came back": {func(b *box) {
			b.series("noreply@shop.example", first, on("24 Jan 07:00"), 2*day, first, first, nil)
			alive(b)
		}, "struck-off noreply@shop.example  likely"},
		"a person who wrote no more": {func(b *box) { b.series(paolo, first, on("22 Jan 07:00"), day, first, first, nil); alive(b) }, ""},
		"a list that ended before":   {func(b *box) { b.series(news, first, on("10 Jan 07:00"), day, first, first, listed); alive(b) }, ""},
		"a list that ended after":    {func(b *box) { b.series(news, first, on("5 Feb 07:00"), day, first, first, listed); alive(b) }, ""},
		"too early to tell": {func(b *box) {
			b.series(news, first, on("22 Jan 07:00"), day, first, first, listed)
			alive(b)
			b.ev.At = on("5 Feb 12:00")
		}, ""},
		"the mailbox was read no further": {func(b *box) { b.series(news, first, on("22 Jan 07:00"), day, first, first, listed) }, ""},
		"two letters of one hour count once": {func(b *box) {
			b.series(news, first, last, day, outFrom, outTo, listed)
			b.series(news, first.Add(time.Minute), last, day, outFrom, outTo, listed)
		}, "gap " + news + "  likely"},
		"an outage in which addresses were not refused": {func(b *box) {
			b.ev.At = on("20 Sep 12:00")
			b.series(news, first, on("12 Jun 07:00"), day, first, first, listed)
			b.receive(carla, on("19 Sep 10:00"), "Ciao", "c@ditta.example")
		}, "struck-off " + news + "  unsure"},
	} {
		t.Run(name, func(t *testing.T) {
			b := lived(elena)
			tc.fill(b)
			check(t, b, tc.want)
		})
	}
}

// lateSeries brings what the provider had held: written in the outage, arrived after it.
func lateSeries(b *box) {
	for at := on("23 Jan 07:00"); at.Before(outTo); at = at.Add(day) {
		m := b.receive(news, at, "Numero", "late"+at.Format("02")+"@notizie.example")
		m.At, m.List = on("30 Jan 03:00"), true
	}
}

func without(b *box, from, to time.Time) {
	var kept []advice.Incoming
	for _, m := range b.ev.Incoming {
		if m.At.Before(from) || m.At.After(to) {
			kept = append(kept, m)
		}
	}
	b.ev.Incoming = kept
}

// ragged writes after one, three, nine and more hours and days by turns.
func ragged(b *box) {
	at := on("1 Nov 2022 07:00")
	for i := range 60 {
		at = at.Add([]time.Duration{3 * time.Hour, 30 * time.Hour, 5 * day, 9 * time.Hour, 2 * day}[i%5])
		if at.Before(outFrom) || at.After(outTo) {
			b.receive(news, at, "Numero", "r"+at.Format("02-15-01")+"@notizie.example").List = true
		}
	}
}

func elsewhere(m *advice.Incoming) {
	m.List, m.To = true, []string{"elena@altrove.example"}
}

// alive shows that the mailbox was in use until the moment.
func alive(b *box) { b.receive(carla, on("19 Feb 10:00"), "Ciao", "c@ditta.example") }

func TestGapSaysHowMuch(t *testing.T) {
	b := lived(elena)
	b.series(news, on("1 Nov 2022 07:00"), on("15 Feb 07:00"), day, outFrom, outTo, listed)
	f := check(t, b, "gap "+news+"  likely").Findings[0]
	if f.Count != 6 || f.From != on("22 Jan 07:00") || f.To != on("29 Jan 07:00") {
		t.Errorf("%d between %v and %v", f.Count, f.From, f.To)
	}
}

func TestOrdinaryMailboxLacksNothing(t *testing.T) {
	b := lived(elena)
	for i := range 60 {
		at := on("10 Dec 2022 08:00").Add(time.Duration(i) * 28 * time.Hour)
		b.receive(carla, at, "Ciao", "c"+at.Format("0102")+"@ditta.example")
		b.send(carla, at.Add(5*time.Hour), "Re: Ciao", "r"+at.Format("0102")+"@libero.it", "c"+at.Format("0102")+"@ditta.example")
	}
	b.series(news, on("1 Nov 2022 07:00"), on("20 Feb 07:00"), day, outFrom, outFrom, listed)
	if r := check(t, b, ""); len(r.Notes) != 0 {
		t.Errorf("notes: %+v", r.Notes)
	}
}
