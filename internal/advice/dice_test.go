package advice

import (
	"fmt"
	"math/rand"
	"time"

	"rimbalzo/internal/bounce"
	"rimbalzo/internal/outage"
	"rimbalzo/internal/provider"
)

// dice turns bytes into choices; when they run out, the first choice is taken.
type dice struct {
	bytes []byte
}

func (d *dice) roll(n int) int {
	if len(d.bytes) == 0 || n <= 1 {
		return 0
	}
	b := d.bytes[0]
	d.bytes = d.bytes[1:]
	return int(b) % n
}

func (d *dice) of(list ...string) string { return list[d.roll(len(list))] }

// random gives bytes enough for any evidence, the same for each seed.
func random(seed int64) *dice {
	b := make([]byte, 4000)
	rand.New(rand.NewSource(seed)).Read(b)
	return &dice{bytes: b}
}

// when rolls a moment in the months of the two outages, mostly inside them.
func (d *dice) when() time.Time {
	start := []time.Time{on("19 Jan 00:00"), on("10 Jun 00:00"), on("1 Jan 00:00"), on("1 May 00:00")}[d.roll(2)+2*(d.roll(8)/7)]
	return start.Add(time.Duration(d.roll(18*24))*time.Hour + time.Duration(d.roll(60))*time.Minute)
}

func (d *dice) stamp(t time.Time) bounce.Stamp {
	switch d.roll(16) {
	case 0:
		return bounce.Stamp{}
	case 1:
		return bounce.Stamp{At: t.Add(time.Hour).UTC()}
	}
	return bounce.Stamp{At: t, Zoned: true}
}

func (d *dice) address() string {
	return d.of(carlo, dora, paolo, "eva@iol.it", "info@club.example", "Carlo@Libero.it", me, "")
}

func (d *dice) id() string {
	n := d.roll(9)
	if n == 8 {
		return ""
	}
	return fmt.Sprintf("m%d@studio.example", n)
}

func (d *dice) reply() string {
	return d.of("", "550 user unknown", "452 4.2.2 mailbox full", "451 try later", "421 no reverse dns LIB_120", "554 5.7.1 spam message", "550 relay disabled", "552 5.3.4 too big", "554 transaction failed")
}

// evidence rolls a small mailbox in which things meet each other often.
func (d *dice) evidence() Evidence {
	ev := Evidence{At: on("1 Sep 12:00"), Zone: rome, Catalogue: outage.Builtin(), Directory: provider.Builtin(), Accounts: []string{me}}
	ev.Read = Read{Sent: d.roll(4) > 0, Inbox: true, Junk: d.roll(4) > 0, Whole: d.roll(3) > 0}
	if d.roll(3) > 0 {
		ev.At = d.when()
	}
	for i := range d.roll(9) {
		ev.Sent = append(ev.Sent, d.outgoing(i))
	}
	for i := range d.roll(9) {
		ev.Reports = append(ev.Reports, d.reported(i))
	}
	for i := range d.roll(5) {
		in := Incoming{Source: fmt.Sprint("in", i), From: d.address(), At: d.when(), Subject: d.of("Re: A", "News"), List: d.roll(6) == 0}
		if d.roll(2) == 0 {
			in.InReplyTo = []string{d.id()}
		}
		if d.roll(2) == 0 {
			in.References = []string{d.id(), d.id()}
		}
		in.Text.Quoted = lines(d.of("a,b,c", "d,e,f")).Own
		ev.Incoming = append(ev.Incoming, in)
	}
	for i := range d.roll(2) {
		ev.Queued = append(ev.Queued, Queued{Source: fmt.Sprint("q", i), Sender: me, Recipient: d.address(), Arrived: d.when()})
	}
	return ev
}

func (d *dice) outgoing(i int) Outgoing {
	out := Outgoing{
		Source: fmt.Sprint("sent", i), MessageID: d.id(), From: d.of(me, me, me, dora), SentAt: d.stamp(d.when()), Resent: d.roll(12) == 0,
		Subject: d.of("A", "B", "I: A", "Re: A", "A (secondo invio)", ""), Text: lines(d.of("a,b,c", "d,e,f", "g")),
	}
	for range 1 + d.roll(3) {
		out.Recipients = append(out.Recipients, d.address())
	}
	if d.roll(3) == 0 {
		out.References = []string{d.id()}
	}
	if d.roll(5) == 0 {
		out.Text.Attachments = []uint64{uint64(d.roll(3))}
	}
	out.Text.Asks = d.roll(8) == 0
	return out
}

func (d *dice) reported(i int) Reported {
	at := d.when()
	rep := Reported{Source: fmt.Sprint("rep", i), ArrivedAt: at.Add(time.Duration(d.roll(3)) * time.Hour)}
	r := &rep.Report
	r.Kind = bounce.Kind(d.of("failed", "failed", "failed", "delayed", "delayed", "delivered", "relayed", "auto-reply", "read-receipt"))
	r.BouncedAt, r.Confidence = d.stamp(at), bounce.Certain
	r.ReportedBy = bounce.Reporter{Host: d.of(own, own, own, "smtp-16.iol.local", "mx.club.example", "googlemail.com", "")}
	r.ListMail = d.roll(20) == 0
	r.Original = bounce.Original{MessageID: d.id(), From: d.of(me, "x@spam.example"), Subject: d.of("A", "B", "")}
	if d.roll(3) == 0 {
		r.ArrivalAt = d.stamp(d.when())
	}
	if d.roll(3) == 0 {
		r.Original.SentAt = d.stamp(d.when())
	}
	if r.Kind == bounce.KindAutoReply || r.Kind == bounce.KindReadReceipt {
		rep.Traits.From = d.address()
		return rep
	}
	for range 1 + d.roll(3) {
		rec := bounce.Recipient{Address: d.address(), Action: bounce.Action(r.Kind), Remote: d.of("", "smtp-in.libero.it"), MaybeDelivered: d.roll(20) == 0}
		if d.roll(6) == 0 {
			rec.OriginalAddress = d.address()
		}
		if rec.Reply = d.reply(); rec.Reply != "" {
			rec.Failure = bounce.FailureReply
			fmt.Sscanf(rec.Reply, "%3d", &rec.ReplyCode)
			rec.Status = enhanced.FindString(rec.Reply)
		} else {
			rec.Failure = bounce.Failure(d.of("refused", "timeout", "dns", "expired", ""))
		}
		if d.roll(4) == 0 {
			rec.AttemptAt = d.stamp(at)
		}
		if r.Kind == bounce.KindDelayed && d.roll(2) == 0 {
			rec.RetryUntil = d.stamp(at.Add(time.Duration(d.roll(120)) * time.Hour))
		}
		r.Recipients = append(r.Recipients, rec)
	}
	return rep
}
