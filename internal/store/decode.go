package store

import (
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"rimbalzo/internal/advice"
	"rimbalzo/internal/bounce"
	"rimbalzo/internal/provider"
)

// errRecord means that a record is not of a form that this program writes.
var errRecord = errors.New("a record that cannot be read")

// decoder takes fields off the facts. The first thing that is wrong ends it: what follows reads as empty. A length is never
// more than what is left, so a hostile record costs no more than its own size.
type decoder struct {
	facts   string
	digests []byte
	bad     bool
}

// decode reads a record's contents into r, whose place and source are known.
func decode(r *Record, k kind, data []byte) error {
	if len(data) == 0 || data[0] != recordForm {
		return fmt.Errorf("%w: another form", errRecord)
	}
	n, size := binary.Uvarint(data[1:])
	if size <= 0 || n > uint64(len(data)-1-size) {
		return fmt.Errorf("%w: cut off", errRecord)
	}
	facts := data[1+size:]
	d := &decoder{facts: string(facts[:n]), digests: facts[n:]}
	switch k {
	case kindSent:
		r.Sent = d.sent(r.source())
	case kindIncoming:
		r.Incoming = d.incoming(r.source())
	case kindReport:
		r.Report = d.report(r.source())
	case kindUnread:
		r.Unread = d.text()
	default:
		return fmt.Errorf("%w: of kind %d", errRecord, k)
	}
	if d.bad || len(d.facts) > 0 || len(d.digests) > 0 {
		return fmt.Errorf("%w: its fields do not fit", errRecord)
	}
	return nil
}

func (d *decoder) fail() { d.bad, d.facts, d.digests = true, "", nil }

// flags takes a number from 0 on.
func (d *decoder) flags() uint64 {
	var n uint64
	for i := 0; i < len(d.facts) && i < binary.MaxVarintLen64; i++ {
		c := d.facts[i]
		n |= uint64(c&0x7f) << (7 * i)
		if c < 0x80 {
			d.facts = d.facts[i+1:]
			return n
		}
	}
	d.fail()
	return 0
}

// number takes a number of either sign.
func (d *decoder) number() int64 {
	u := d.flags()
	return int64(u>>1) ^ -int64(u&1)
}

// count takes the number of things to come, each of which takes a byte at least.
func (d *decoder) count() int {
	n := d.flags()
	if n > uint64(len(d.facts)) {
		d.fail()
		return 0
	}
	return int(n)
}

func (d *decoder) text() string {
	n := d.count()
	s := d.facts[:n]
	d.facts = d.facts[n:]
	return s
}

func (d *decoder) texts() []string {
	n := d.count()
	if n == 0 {
		return nil
	}
	list := make([]string, 0, n)
	for range n {
		list = append(list, d.text())
	}
	return list
}

// furthest is the furthest offset of a zone, in seconds, and half the span of instants in seconds around 1970 that are taken
// for real: what comes of a clock gone wrong still has a year of four digits.
const (
	furthest = 26 * 3600
	ages     = 250_000_000_000
)

func (d *decoder) stamp() bounce.Stamp {
	how := d.flags()
	if how == instantNone {
		return bounce.Stamp{}
	}
	seconds, east, nano := d.number(), int64(0), int64(0)
	if how&instantZone != 0 {
		east = d.number()
	}
	if how&instantExact != 0 {
		nano = d.number()
	}
	if how >= 2*instantWall || seconds > ages || seconds < -ages || east > furthest || east < -furthest || nano < 0 || nano >= 1e9 {
		d.fail()
		return bounce.Stamp{}
	}
	return bounce.Stamp{At: time.Unix(seconds, nano).In(zone(int(east))), Zoned: how&instantWall == 0}
}

func (d *decoder) instant() time.Time { return d.stamp().At }

// zone gives the zone at an offset; those in use are made once.
func zone(east int) *time.Location {
	if east == 0 {
		return time.UTC
	}
	if half := east / 1800; east%1800 == 0 && half >= -24 && half <= 28 {
		return zones[half+24]
	}
	return time.FixedZone("", east)
}

var zones = func() (list [53]*time.Location) {
	for i := range list {
		list[i] = time.FixedZone("", (i-24)*1800)
	}
	return list
}()

func (d *decoder) sent(source string) *advice.Outgoing {
	b := d.flags()
	return &advice.Outgoing{
		Source: source, Resent: b&1 != 0, MessageID: d.text(), From: d.text(), Recipients: d.texts(), Subject: d.text(), SentAt: d.stamp(),
		References: d.texts(), Text: d.digest(), Traits: d.traits(),
	}
}

func (d *decoder) incoming(source string) *advice.Incoming {
	b := d.flags()
	return &advice.Incoming{
		Source: source, List: b&1 != 0, Junk: b&2 != 0, MessageID: d.text(), From: d.text(), To: d.texts(), At: d.instant(), SentAt: d.stamp(),
		Subject: d.text(), InReplyTo: d.texts(), References: d.texts(), ListID: d.text(), Text: d.digest(),
	}
}

func (d *decoder) digest() advice.Text {
	t := advice.Text{Asks: d.flags()&1 != 0}
	for _, list := range []*[]uint64{&t.Own, &t.Quoted, &t.Attachments} {
		n := d.flags()
		if n > uint64(len(d.digests)/8) {
			d.fail()
			return t
		}
		if n == 0 {
			continue
		}
		*list = make([]uint64, n)
		for i := range *list {
			(*list)[i] = binary.LittleEndian.Uint64(d.digests[8*i:])
		}
		d.digests = d.digests[8*n:]
	}
	return t
}

func (d *decoder) traits() provider.Traits {
	t := provider.Traits{Received: d.texts(), MessageID: d.text(), From: d.text(), Subject: d.text(), Text: d.text()}
	n := d.count()
	if n > 0 {
		t.Headers = make(map[string]string, n)
	}
	for range n {
		name := d.text()
		t.Headers[name] = d.text()
	}
	return t
}

func (d *decoder) report(source string) *advice.Reported {
	m := &advice.Reported{Source: source}
	r := &m.Report
	r.ListMail = d.flags()&1 != 0
	m.ArrivedAt, m.To, m.Traits = d.instant(), d.texts(), d.traits()
	r.Kind = bounce.Kind(d.text())
	r.ReportedBy = bounce.Reporter{Host: d.text(), Side: bounce.Side(d.text())}
	r.BouncedAt, r.ArrivalAt = d.stamp(), d.stamp()
	r.EnvelopeID, r.Why, r.Confidence, r.Text = d.text(), d.text(), bounce.Confidence(d.text()), d.text()
	r.Original = bounce.Original{MessageID: d.text(), SentAt: d.stamp(), Subject: d.text(), From: d.text(), To: d.text(), Received: d.texts()}
	n := d.count()
	if n > 0 {
		r.Recipients = make([]bounce.Recipient, 0, min(n, 1+len(d.facts)/8))
	}
	for i := 0; i < n && !d.bad; i++ {
		r.Recipients = append(r.Recipients, d.recipient())
	}
	return m
}

func (d *decoder) recipient() bounce.Recipient {
	b := d.flags()
	return bounce.Recipient{
		MaybeDelivered: b&1 != 0, Address: d.text(), OriginalAddress: d.text(), Action: bounce.Action(d.text()), Status: d.text(),
		ReplyCode: int(d.number()), Reply: d.text(), Failure: bounce.Failure(d.text()), Remote: d.text(), AttemptAt: d.stamp(), RetryUntil: d.stamp(),
	}
}
