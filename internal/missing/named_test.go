package missing

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"rimbalzo/internal/advice"
)

// thread is a conversation of which the message "lost" of 24 January never came: Paolo goes on from it on the 30th.
func thread(b *box) *box {
	b.send(paolo, on("20 Jan 10:00"), "Preventivo", "mine@libero.it")
	b.receive(paolo, on("30 Jan 10:00"), "Re: Preventivo", "after@studio.example", "mine@libero.it", "lost@studio.example")
	return b
}

func TestNamedMessages(t *testing.T) {
	for name, tc := range map[string]struct {
		box  *box
		want string
	}{
		"a message that its writer goes on from":         {thread(lived(elena)), "named " + paolo + " lost@studio.example likely"},
		"its id is told as it was written":               {chained(lived(elena), "30 Jan 10:00", "<Lost.ABC@Studio.Example>"), "named " + paolo + " Lost.ABC@Studio.Example likely"},
		"it lies in the mailbox after all":               {late(thread(lived(elena)), "lost@studio.example"), ""},
		"it lies in Junk":                                {junked(thread(lived(elena)), "lost@studio.example"), ""},
		"it lies there with its id in capitals":          {late(thread(lived(elena)), "LOST@Studio.Example"), ""},
		"two in a row":                                   {chained(lived(elena), "30 Jan 10:00", "a@studio.example", "b@studio.example"), "named " + paolo + " a@studio.example likely; named " + paolo + " b@studio.example likely"},
		"only the person's own copy names it":            {copied(lived(elena)), "named " + paolo + " lost@studio.example likely"},
		"the person answered it, and so had it":          {answered(thread(lived(elena))), ""},
		"it was the person's own":                        {chained(lived(elena), "30 Jan 10:00", "phone@libero.it"), ""},
		"mail came in all the time":                      {busy(thread(mailbox(elena))), ""},
		"little mail to compare with":                    {thread(mailbox(elena)), "named " + paolo + " lost@studio.example unsure"},
		"long before the outage":                         {moved(thread(lived(elena)), -60*24*time.Hour), ""},
		"long after the outage":                          {seen(moved(thread(lived(elena)), 30*24*time.Hour), "30 Mar 12:00"), ""},
		"at the time of the outage the thread was old":   {chainedFrom(lived(elena), "2 Dec 2022 10:00", "30 Jan 10:00", "lost@studio.example"), ""},
		"the outage is not over":                         {seen(chained(lived(elena), "27 Jan 10:00", "lost@studio.example"), "28 Jan 12:00"), ""},
		"it may still come":                              {seen(thread(lived(elena)), "31 Jan 12:00"), "named " + paolo + " lost@studio.example unsure"},
		"nobody's mailbox was struck":                    {thread(lived("elena@fabbri.example")), ""},
		"sent mail was not read":                         {unsent(thread(lived(elena))), ""},
		"an archive, copied last week":                   {copiedBox(thread(lived(elena))), "named " + paolo + " lost@studio.example likely"},
		"a clock that is ahead":                          {ahead(thread(lived(elena))), "named " + paolo + " lost@studio.example likely"},
		"read from some day on, in the midst of threads": {begun(lived(elena)), "named " + paolo + " root@studio.example unsure"},
		"spam names what it likes":                       {spam(lived(elena)), ""},
		"a stranger's first message names one":           {unheard(lived(elena)), ""},
		"a forwarded message names other threads":        {forwarded(lived(elena)), ""},
		"the person deletes much":                        {thread(deletes(lived(elena), 1)), ""},
		"the person deletes a little":                    {chained(deletes(lived(elena), 12), "30 Jan 10:00", "a@studio.example", "b@studio.example"), "named " + paolo + " a@studio.example unsure; named " + paolo + " b@studio.example unsure"},
		"ids are rewritten on the way":                   {rewritten(lived(elena)), ""},
		"a service names ids that are no messages":       {tracker(lived(elena)), ""},
		"a list read as a digest":                        {list(lived(elena), false), ""},
		"a list read message by message":                 {list(lived(elena), true), "named " + carla + " post@ditta.example likely"},
	} {
		t.Run(name, func(t *testing.T) { check(t, tc.box, tc.want) })
	}
}

func late(b *box, id string) *box {
	b.receive(paolo, on("24 Jan 10:00"), "Re: Preventivo", id, "mine@libero.it").At = on("31 Jan 04:00")
	return b
}

func junked(b *box, id string) *box {
	b.receive(paolo, on("24 Jan 10:00"), "Re: Preventivo", id, "mine@libero.it").Junk = true
	return b
}

func chained(b *box, when string, ids ...string) *box {
	return chainedFrom(b, "22 Jan 10:00", when, ids...)
}

func chainedFrom(b *box, begun, when string, ids ...string) *box {
	b.send(paolo, on(begun), "Preventivo", "mine@libero.it")
	b.receive(paolo, on(when), "Re: Preventivo", "after@studio.example", append([]string{"mine@libero.it"}, ids...)...)
	return b
}

// copied has the id only in the person's own answer to a message that does not name it itself.
func copied(b *box) *box {
	b.send(paolo, on("20 Jan 10:00"), "Preventivo", "mine@libero.it")
	b.receive(paolo, on("30 Jan 10:00"), "Re: Preventivo", "after@studio.example")
	b.send(paolo, on("30 Jan 12:00"), "Re: Preventivo", "again@libero.it", "mine@libero.it", "lost@studio.example", "after@studio.example")
	return b
}

func answered(b *box) *box {
	b.send(paolo, on("25 Jan 10:00"), "Re: Preventivo", "answer@libero.it", "mine@libero.it", "lost@studio.example")
	return b
}

// moved shifts the last thread in time.
func moved(b *box, by time.Duration) *box {
	in, out := &b.ev.Incoming[len(b.ev.Incoming)-1], &b.ev.Sent[len(b.ev.Sent)-1]
	in.At, in.SentAt.At, out.SentAt.At = in.At.Add(by), in.SentAt.At.Add(by), out.SentAt.At.Add(by)
	return b
}

// copiedBox has every message arrive when the archive was copied.
func copiedBox(b *box) *box {
	for i := range b.ev.Incoming {
		b.ev.Incoming[i].At = on("13 Feb 12:00")
	}
	return b
}

// begun is a mailbox read from 24 November on: for some days answers go on from older messages, which was nobody's loss.
func begun(b *box) *box {
	from := on("24 Nov 2022 00:00")
	b.ev.Incoming = slices.DeleteFunc(b.ev.Incoming, func(m advice.Incoming) bool { return m.At.Before(from) })
	b.ev.Sent = slices.DeleteFunc(b.ev.Sent, func(m advice.Outgoing) bool { return m.SentAt.At.Before(from) })
	for i := range 30 {
		b.receive(paolo, from.Add(time.Duration(i)*7*time.Hour), "Re: vecchia storia", fmt.Sprintf("new%d@studio.example", i), fmt.Sprintf("ancient%d@studio.example", i))
	}
	b.receive(paolo, on("27 Jan 10:00"), "Re: Nuovo", "after@studio.example", "root@studio.example")
	return b
}

// busy has mail of every day, that of the outage too.
func busy(b *box) *box {
	b.series("news@posta.example", on("1 Nov 2022 07:00"), on("20 Feb 07:00"), 5*time.Hour, outFrom, outFrom, nil)
	return b
}

// ahead has the answer say that it was written a year later.
func ahead(b *box) *box {
	m := &b.ev.Incoming[len(b.ev.Incoming)-1]
	m.SentAt.At = m.SentAt.At.AddDate(1, 0, 0)
	return b
}

func seen(b *box, at string) *box {
	b.ev.At = on(at)
	return b
}

func unsent(b *box) *box {
	b.ev.Sent, b.ev.Read.Sent = nil, false
	return b
}

func spam(b *box) *box {
	b.send(paolo, on("20 Jan 10:00"), "Preventivo", "mine@libero.it")
	b.receive("win@prize.example", on("30 Jan 10:00"), "Re: Preventivo", "s@prize.example", "mine@libero.it", "x@prize.example").Junk = true
	return b
}

func unheard(b *box) *box {
	b.receive("win@prize.example", on("30 Jan 10:00"), "Re: la tua richiesta", "s@prize.example", "x@prize.example")
	return b
}

func forwarded(b *box) *box {
	b.send(paolo, on("20 Jan 10:00"), "Preventivo", "mine@libero.it")
	b.receive(paolo, on("30 Jan 10:00"), "I: Preventivo", "f@studio.example", "mine@libero.it", "other@studio.example")
	return b
}

// deletes takes every n-th received message that others name out of a lived-in mailbox.
func deletes(b *box, n int) *box {
	var kept []advice.Incoming
	for i, m := range b.ev.Incoming {
		if i/3%n != 0 || !strings.HasSuffix(m.MessageID, "c@studio.example") {
			kept = append(kept, m)
		}
	}
	b.ev.Incoming = kept
	return b
}

// rewritten is a mailbox whose sending service replaces ids: answers name ids that Sent does not show.
func rewritten(b *box) *box {
	b.ev.Sent = nil
	b.send(paolo, on("20 Jan 10:00"), "Altro", "x@elena.example")
	b.receive(paolo, on("21 Jan 10:00"), "Fattura", "bill@studio.example")
	b.send(paolo, on("24 Jan 10:00"), "Re: Fattura", "copy@elena.example", "bill@studio.example")
	b.receive(paolo, on("30 Jan 10:00"), "Re: Fattura", "after@studio.example", "bill@studio.example", "0102@mail-service.example")
	return b
}

// tracker has a service that names the ids of its tickets, which were never messages.
func tracker(b *box) *box {
	for i := range 20 {
		at := on("1 Jan 10:00").Add(time.Duration(i) * 36 * time.Hour)
		ticket, id := fmt.Sprintf("ticket%d@tracker.example", i/3), fmt.Sprintf("t%d@tracker.example", i)
		chain := []string{ticket}
		if i%3 > 0 {
			chain = []string{fmt.Sprintf("t%d@tracker.example", i-1), ticket}
		}
		b.receive("tickets@tracker.example", at, "Re: [T] caso", id, chain...)
	}
	return b
}

// list is a mailing list with a post that did not come; whole says that all others did.
func list(b *box, whole bool) *box {
	post := func(i int, at time.Time, id string, chain ...string) {
		m := b.receive([]string{paolo, carla}[i%2], at, "Re: [gita] dove", id, chain...)
		m.To, m.List, m.ListID = []string{"gita@liste.example"}, true, "gita.liste.example"
	}
	for i := range 20 {
		chain := []string{fmt.Sprintf("p%d@ditta.example", i)}
		if !whole {
			chain[0] = fmt.Sprintf("single%d@ditta.example", i)
		}
		post(i, on("5 Dec 2022 10:00").Add(time.Duration(i)*24*time.Hour), fmt.Sprintf("p%d@ditta.example", i+1), chain...)
	}
	post(0, on("21 Jan 10:00"), "q1@ditta.example", "p20@ditta.example")
	post(1, on("31 Jan 10:00"), "q2@ditta.example", "q1@ditta.example", "post@ditta.example")
	return b
}

func TestStruckWriter(t *testing.T) {
	// Elena's mailbox worked; Nonna's did not, and what she wrote never left.
	const own, nonna = "elena@fabbri.example", "nonna@libero.it"
	names := func(id string) *box {
		b := lived(own)
		for i := range 25 {
			at := on("1 Dec 2022 10:00").Add(time.Duration(i) * day)
			b.receive(nonna, at, "Ciao", fmt.Sprintf("n%d@libero.it", i))
			b.send(nonna, at.Add(time.Hour), "Re: Ciao", fmt.Sprintf("e%d@fabbri.example", i), fmt.Sprintf("n%d@libero.it", i))
		}
		b.send(nonna, on("22 Jan 10:00"), "Domenica", "mine@fabbri.example")
		b.receive(nonna, on("30 Jan 10:00"), "Re: Domenica", "after@libero.it", "mine@fabbri.example", id)
		return b
	}
	r := check(t, names("lost@libero.it"), "named "+nonna+" lost@libero.it likely")
	if f := r.Findings[0]; f.Mailbox != "" || len(r.Mailboxes) != 0 || f.From != on("22 Jan 10:00") || f.To != on("30 Jan 10:00") {
		t.Errorf("got %+v", f)
	}
	check(t, names("lost@studio.example"), "")
	// That Paolo's mail came in as ever says nothing of Nonna's.
	check(t, busy(names("lost@libero.it")), "named "+nonna+" lost@libero.it likely")
	gap := names("mine@fabbri.example")
	gap.series("news@posta.example", on("1 Nov 2022 07:00"), on("15 Feb 07:00"), 24*time.Hour, on("22 Jan 22:00"), on("29 Jan 00:00"), nil)
	check(t, gap, "")
}

func TestWhenAndWhom(t *testing.T) {
	b := lived(elena)
	b.send(paolo+" "+carla, on("22 Jan 10:00"), "Preventivo", "mine@libero.it")
	m := b.receive(carla, on("30 Jan 10:00"), "R: Preventivo", "after@ditta.example", "mine@libero.it", "lost@studio.example")
	m.To = append(m.To, paolo)
	r := check(t, b, "named "+paolo+" lost@studio.example unsure")
	f := r.Findings[0]
	if fmt.Sprint(f.Who) != fmt.Sprint([]string{paolo, carla}) || f.Subject != "R: Preventivo" || f.Mailbox != elena || f.Outage != "libero-2023-01" {
		t.Errorf("got %+v", f)
	}
	if f.From != on("22 Jan 10:00") || f.To != on("30 Jan 10:00") {
		t.Errorf("between %v and %v", f.From, f.To)
	}
	var rules []string
	for _, why := range f.Reasons {
		rules = append(rules, why.Rule)
	}
	if got := strings.Join(rules, " "); got != "named writer mailbox-struck several" {
		t.Errorf("reasons %q", got)
	}
}
