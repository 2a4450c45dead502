package missing

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"rimbalzo/internal/advice"
	"rimbalzo/internal/bounce"
	"rimbalzo/internal/outage"
)

var rome = time.FixedZone("CET", 3600)

// on reads "24 Jan 10:00" of 2023, or with a year.
func on(s string) time.Time {
	for _, layout := range []string{"2 Jan 15:04 2006", "2 Jan 2006 15:04"} {
		if t, err := time.ParseInLocation(layout, s+" 2023", rome); err == nil {
			return t
		}
		if t, err := time.ParseInLocation(layout, s, rome); err == nil {
			return t
		}
	}
	panic("no time: " + s)
}

const (
	elena = "elena@libero.it"
	paolo = "paolo@studio.example"
	carla = "carla@ditta.example"
)

// box is a mailbox under construction.
type box struct{ ev advice.Evidence }

// mailbox is an empty one of owner's, read whole, as seen on 20 February 2023.
func mailbox(owner string) *box {
	return &box{advice.Evidence{
		At: on("20 Feb 12:00"), Zone: rome, Catalogue: outage.Builtin(), Accounts: []string{owner}, Read: advice.Read{Sent: true, Inbox: true, Junk: true, Whole: true},
	}}
}

// lived is a mailbox with a year of correspondence of which nothing is missing.
func lived(owner string) *box {
	b := mailbox(owner)
	for i := range 40 {
		at := on("3 Nov 2022 09:00").Add(time.Duration(i) * 47 * time.Hour)
		id := fmt.Sprintf("old%d", i)
		b.receive(paolo, at, "Lavoro", id+"a@studio.example")
		b.send(paolo, at.Add(time.Hour), "Re: Lavoro", id+"b@"+domainOf(owner), id+"a@studio.example")
		b.receive(paolo, at.Add(2*time.Hour), "Re: Lavoro", id+"c@studio.example", id+"a@studio.example", id+"b@"+domainOf(owner))
		b.receive(paolo, at.Add(3*time.Hour), "Re: Lavoro", id+"d@studio.example", id+"a@studio.example", id+"b@"+domainOf(owner), id+"c@studio.example")
	}
	return b
}

func (b *box) source() string { return fmt.Sprintf("m%d", len(b.ev.Incoming)+len(b.ev.Sent)) }

func (b *box) receive(from string, at time.Time, subject, id string, chain ...string) *advice.Incoming {
	m := advice.Incoming{
		Source: b.source(), MessageID: id, From: from, To: []string{b.ev.Accounts[0]}, At: at, SentAt: bounce.Stamp{At: at, Zoned: true}, Subject: subject, References: chain,
	}
	if len(chain) > 0 {
		m.InReplyTo = chain[len(chain)-1:]
	}
	b.ev.Incoming = append(b.ev.Incoming, m)
	return &b.ev.Incoming[len(b.ev.Incoming)-1]
}

func (b *box) send(to string, at time.Time, subject, id string, chain ...string) {
	m := advice.Outgoing{
		Source: b.source(), MessageID: id, From: b.ev.Accounts[0], Recipients: strings.Fields(to), SentAt: bounce.Stamp{At: at, Zoned: true}, Subject: subject,
	}
	if len(chain) > 0 {
		m.References = append([]string{chain[len(chain)-1]}, chain...)
	}
	b.ev.Sent = append(b.ev.Sent, m)
}

// series receives a letter every so often, from one instant to another, leaving out what falls between two others.
func (b *box) series(from string, first, last time.Time, every time.Duration, skipFrom, skipTo time.Time, change func(*advice.Incoming)) {
	for i, at := 0, first; !at.After(last); i, at = i+1, at.Add(every) {
		if at.After(skipFrom) && at.Before(skipTo) {
			continue
		}
		m := b.receive(from, at, fmt.Sprintf("Numero %d", i), fmt.Sprintf("n%d@%s", i, domainOf(from)))
		if change != nil {
			change(m)
		}
	}
}

// brief says in one line each what was found.
func brief(r Result) string {
	var lines []string
	for _, f := range r.Findings {
		lines = append(lines, fmt.Sprintf("%s %s %s %s", f.Kind, f.Who[0], f.MessageID, f.Confidence))
	}
	return strings.Join(lines, "; ")
}

// check compares what is found with what should be, the findings separated by "; ".
func check(t *testing.T, b *box, want string) Result {
	t.Helper()
	r := Find(b.ev)
	if got := brief(r); got != want {
		t.Errorf("found %q, want %q", got, want)
	}
	return r
}
