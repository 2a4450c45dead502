package store

import (
	"encoding/binary"
	"maps"
	"slices"
	"time"

	"rimbalzo/internal/advice"
	"rimbalzo/internal/bounce"
	"rimbalzo/internal/provider"
)

// The form of a record in the file, decided by its first byte. Form 1: that byte; the length of the facts; the facts, fields
// one after the other, texts with their length before them; then the digests of the text, eight bytes each. The digests stand
// apart so that the facts can be held as one string that the fields point into. A record's source is not in it.
const recordForm = 1

// encoder appends fields to the facts and digests to what follows them.
type encoder struct{ facts, digests []byte }

// encode gives a record's contents in its form.
func encode(r *Record) []byte {
	e := &encoder{}
	switch r.kind() {
	case kindSent:
		e.sent(r.Sent)
	case kindIncoming:
		e.incoming(r.Incoming)
	case kindReport:
		e.report(r.Report)
	case kindUnread:
		e.text(r.Unread)
	}
	b := make([]byte, 0, 1+binary.MaxVarintLen64+len(e.facts)+len(e.digests))
	b = binary.AppendUvarint(append(b, recordForm), uint64(len(e.facts)))
	return append(append(b, e.facts...), e.digests...)
}

func (e *encoder) number(n int) { e.facts = binary.AppendVarint(e.facts, int64(n)) }
func (e *encoder) text(s string) {
	e.facts = append(binary.AppendUvarint(e.facts, uint64(len(s))), s...)
}
func (e *encoder) flags(b uint64) { e.facts = binary.AppendUvarint(e.facts, b) }

func (e *encoder) texts(list []string) {
	e.facts = binary.AppendUvarint(e.facts, uint64(len(list)))
	for _, s := range list {
		e.text(s)
	}
}

// The ways in which an instant is written: not at all, or as seconds since 1970 with what is needed beside them.
const (
	instantNone  = 0
	instantUTC   = 1
	instantZone  = 2 // with the seconds east of UTC
	instantExact = 4 // with nanoseconds
	instantWall  = 8 // a stamp without a zone
)

func (e *encoder) instant(t time.Time) { e.stamp(bounce.Stamp{At: t, Zoned: true}) }

func (e *encoder) stamp(s bounce.Stamp) {
	if s.IsZero() {
		e.flags(instantNone)
		return
	}
	how := uint64(instantUTC)
	_, east := s.At.Zone()
	if east != 0 {
		how |= instantZone
	}
	if s.At.Nanosecond() != 0 {
		how |= instantExact
	}
	if !s.Zoned {
		how |= instantWall
	}
	e.flags(how)
	e.facts = binary.AppendVarint(e.facts, s.At.Unix())
	if east != 0 {
		e.number(east)
	}
	if n := s.At.Nanosecond(); n != 0 {
		e.number(n)
	}
}

// bits packs conditions, the first one lowest.
func bits(list ...bool) (b uint64) {
	for i, on := range list {
		if on {
			b |= 1 << i
		}
	}
	return b
}

func (e *encoder) sent(m *advice.Outgoing) {
	e.flags(bits(m.Resent))
	e.text(m.MessageID)
	e.text(m.From)
	e.texts(m.Recipients)
	e.text(m.Subject)
	e.stamp(m.SentAt)
	e.texts(m.References)
	e.digest(m.Text)
	e.traits(m.Traits)
}

func (e *encoder) incoming(m *advice.Incoming) {
	e.flags(bits(m.List, m.Junk))
	e.text(m.MessageID)
	e.text(m.From)
	e.texts(m.To)
	e.instant(m.At)
	e.stamp(m.SentAt)
	e.text(m.Subject)
	e.texts(m.InReplyTo)
	e.texts(m.References)
	e.text(m.ListID)
	e.digest(m.Text)
}

func (e *encoder) digest(t advice.Text) {
	e.flags(bits(t.Asks))
	for _, list := range [][]uint64{t.Own, t.Quoted, t.Attachments} {
		e.facts = binary.AppendUvarint(e.facts, uint64(len(list)))
		for _, d := range list {
			e.digests = binary.LittleEndian.AppendUint64(e.digests, d)
		}
	}
}

func (e *encoder) traits(t provider.Traits) {
	e.texts(t.Received)
	e.text(t.MessageID)
	e.text(t.From)
	e.text(t.Subject)
	e.text(t.Text)
	e.flags(uint64(len(t.Headers)))
	for _, name := range slices.Sorted(maps.Keys(t.Headers)) {
		e.text(name)
		e.text(t.Headers[name])
	}
}

func (e *encoder) report(m *advice.Reported) {
	r := &m.Report
	e.flags(bits(r.ListMail))
	e.instant(m.ArrivedAt)
	e.texts(m.To)
	e.traits(m.Traits)
	e.text(string(r.Kind))
	e.text(r.ReportedBy.Host)
	e.text(string(r.ReportedBy.Side))
	e.stamp(r.BouncedAt)
	e.stamp(r.ArrivalAt)
	e.text(r.EnvelopeID)
	e.text(r.Why)
	e.text(string(r.Confidence))
	e.text(r.Text)
	e.text(r.Original.MessageID)
	e.stamp(r.Original.SentAt)
	e.text(r.Original.Subject)
	e.text(r.Original.From)
	e.text(r.Original.To)
	e.texts(r.Original.Received)
	e.flags(uint64(len(r.Recipients)))
	for i := range r.Recipients {
		e.recipient(&r.Recipients[i])
	}
}

func (e *encoder) recipient(r *bounce.Recipient) {
	e.flags(bits(r.MaybeDelivered))
	e.text(r.Address)
	e.text(r.OriginalAddress)
	e.text(string(r.Action))
	e.text(r.Status)
	e.number(r.ReplyCode)
	e.text(r.Reply)
	e.text(string(r.Failure))
	e.text(r.Remote)
	e.stamp(r.AttemptAt)
	e.stamp(r.RetryUntil)
}
