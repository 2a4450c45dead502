package store

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"rimbalzo/internal/advice"
	"rimbalzo/internal/bounce"
	"rimbalzo/internal/provider"
)

var rome = time.FixedZone("", 3600)

func stampAt(d int) bounce.Stamp {
	return bounce.Stamp{At: time.Date(2023, 1, 23, 9, 0, d, 0, rome), Zoned: true}
}

// sentRecord is a message of the person's.
func sentRecord(n int) Record {
	return Record{Place: "Sent", Validity: 7, UID: uint32(n), Sent: &advice.Outgoing{
		MessageID: fmt.Sprintf("m%d@fabbri.example", n), From: "elena@fabbri.example", Recipients: []string{fmt.Sprintf("persona%d@libero.it", n%400), "nonna@libero.it"},
		Subject: "Preventivo – però", SentAt: stampAt(n), References: []string{"a@b.example"}, Text: advice.Text{Own: []uint64{1, 1 << 63, uint64(n)}, Attachments: []uint64{9}},
		Traits: provider.Traits{Received: []string{"from a by b"}, MessageID: "<m@x>", Headers: map[string]string{"X-Mailer": "", "Return-Path": "<>"}},
	}}
}

func incomingRecord(n int) Record {
	return Record{Place: "INBOX", Validity: 7, UID: uint32(n), Incoming: &advice.Incoming{
		MessageID: fmt.Sprintf("i%d@libero.it", n), From: fmt.Sprintf("persona%d@libero.it", n%400), To: []string{"elena@fabbri.example"}, At: stampAt(n).At,
		SentAt: stampAt(n - 1), Subject: fmt.Sprintf("Messaggio %d", n), InReplyTo: []string{"x@y.example"}, List: n%7 == 0, ListID: "lista.example", Junk: n%9 == 0,
	}}
}

func reportRecord(n int) Record {
	to := fmt.Sprintf("persona%d@libero.it", n%400)
	return Record{Place: "INBOX", Validity: 7, UID: uint32(n), Report: &advice.Reported{
		ArrivedAt: stampAt(n).At, To: []string{"elena@fabbri.example"}, Traits: provider.Traits{MessageID: fmt.Sprintf("<b%d@mx>", n), From: "MAILER-DAEMON@mx", Subject: "Undelivered"},
		Report: bounce.Report{
			Kind: bounce.KindFailed, ReportedBy: bounce.Reporter{Host: "mx.fabbri.example", Side: bounce.SideSender}, BouncedAt: stampAt(n), Confidence: bounce.Certain, Why: "dsn",
			Text: "I'm sorry", ListMail: true, EnvelopeID: "e", ArrivalAt: bounce.Stamp{At: time.Date(2023, 1, 23, 8, 0, 0, 5, time.UTC)},
			Recipients: []bounce.Recipient{{
				Address: to, OriginalAddress: to, Action: bounce.ActionFailed, Status: "5.1.1", ReplyCode: 550, Reply: "550 recipient rejected",
				Failure: bounce.FailureReply, Remote: "smtp-in.libero.it", AttemptAt: stampAt(n), RetryUntil: stampAt(n + 9), MaybeDelivered: true,
			}, {Address: "nonna@libero.it", ReplyCode: -1}},
			Original: bounce.Original{MessageID: fmt.Sprintf("m%d@fabbri.example", n), SentAt: stampAt(n), Subject: "Preventivo", From: "e@f.example", To: to, Received: []string{"a", "b"}},
		},
	}}
}

func unreadRecord(n int) Record {
	return Record{Place: "INBOX", Validity: 7, UID: uint32(n), Unread: "cut-off"}
}

// withSource gives r as it comes back, with its source filled in.
func withSource(r Record) Record {
	r.Source = ""
	source := r.source()
	switch r.kind() {
	case kindSent:
		m := *r.Sent
		m.Source, r.Sent = source, &m
	case kindIncoming:
		m := *r.Incoming
		m.Source, r.Incoming = source, &m
	case kindReport:
		m := *r.Report
		m.Source, r.Report = source, &m
	}
	return r
}

func TestRecordComesBackAsItWas(t *testing.T) {
	empty := Record{Place: "INBOX", UID: 1, Sent: &advice.Outgoing{}}
	for name, r := range map[string]Record{
		"sent": sentRecord(3), "incoming": incomingRecord(9), "report": reportRecord(5), "unreadable": unreadRecord(4), "empty": empty,
		"empty report": {Place: "INBOX", UID: 1, Report: &advice.Reported{}}, "empty incoming": {Place: "INBOX", UID: 1, Incoming: &advice.Incoming{}},
		"an odd zone": {Place: "Sent", UID: 2, Sent: &advice.Outgoing{SentAt: bounce.Stamp{At: time.Date(1999, 12, 31, 23, 59, 59, 0, time.FixedZone("", -12*3600-34)), Zoned: true}}},
	} {
		got := Record{Place: r.Place, Validity: r.Validity, UID: r.UID}
		if err := decode(&got, r.kind(), encode(&r)); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		want := withSource(r)
		if a, b := fmt.Sprintf("%+v %+v %+v", got.Sent, got.Incoming, got.Report), fmt.Sprintf("%+v %+v %+v", want.Sent, want.Incoming, want.Report); a != b || got.Unread != want.Unread {
			t.Errorf("%s: came back as\n%s, was\n%s", name, a, b)
		}
		if got.Sent != nil && len(got.Sent.Text.Own) > 0 && !reflect.DeepEqual(got.Sent.Traits.Headers, want.Sent.Traits.Headers) {
			t.Errorf("%s: headers %v", name, got.Sent.Traits.Headers)
		}
	}
}

// TestEveryFieldIsKept fills each field of what is kept with something of its own: one that is added to advice and forgotten
// here would change verdicts only for people whose mail was read earlier.
func TestEveryFieldIsKept(t *testing.T) {
	fill := &filler{rand.New(rand.NewPCG(1, 2))}
	for name, r := range map[string]Record{
		"sent": {UID: 1, Sent: &advice.Outgoing{}}, "incoming": {UID: 1, Incoming: &advice.Incoming{}}, "report": {UID: 1, Report: &advice.Reported{}},
	} {
		fill.value(reflect.ValueOf(&r).Elem().FieldByName(map[string]string{"sent": "Sent", "incoming": "Incoming", "report": "Report"}[name]).Elem())
		got := Record{UID: 1}
		if err := decode(&got, r.kind(), encode(&r)); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		want := withSource(r)
		if a, b := fmt.Sprintf("%+v %+v %+v", got.Sent, got.Incoming, got.Report), fmt.Sprintf("%+v %+v %+v", want.Sent, want.Incoming, want.Report); a != b {
			t.Errorf("%s: came back as\n%s, was\n%s", name, a, b)
		}
	}
}

type filler struct{ rng *rand.Rand }

// value sets every field, however deep, to something other than zero.
func (f *filler) value(v reflect.Value) {
	switch v.Interface().(type) {
	case time.Time:
		v.Set(reflect.ValueOf(time.Unix(f.rng.Int64N(1e9), 7).In(rome)))
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			f.value(v.Field(i))
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		f.value(v.Index(0))
		f.value(v.Index(1))
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(reflect.ValueOf("X-Mailer"), reflect.ValueOf("program"))
	case reflect.String:
		v.SetString(fmt.Sprintf("s%d", f.rng.Int64()))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int:
		v.SetInt(f.rng.Int64N(600))
	case reflect.Uint64:
		v.SetUint(f.rng.Uint64())
	}
}

func TestIdentIsOfTheMessageAlone(t *testing.T) {
	a, b := reportRecord(5), reportRecord(5)
	b.Place, b.Validity, b.UID = "Trash", 8, 99
	b.Report.Report.Text, b.Report.Report.Why = "decoded by another program", "other"
	if a.ident() != b.ident() {
		t.Error("the same bounce in another folder is taken for another one")
	}
	idents := map[int64]string{}
	for i := range 50 {
		for _, r := range []Record{sentRecord(i), incomingRecord(i), reportRecord(i), unreadRecord(i)} {
			name := fmt.Sprint(r.kind(), " ", i)
			if have, ok := idents[r.ident()]; ok {
				t.Errorf("%s and %s are taken for one", have, name)
			}
			idents[r.ident()] = name
		}
	}
}

// FuzzDecode: a file may come from a stranger. Whatever stands in a record, it is refused or read, at a cost in proportion.
func FuzzDecode(f *testing.F) {
	for _, r := range []Record{sentRecord(1), incomingRecord(2), reportRecord(3), unreadRecord(4)} {
		f.Add(uint8(r.kind()), encode(&r))
	}
	f.Add(uint8(3), append([]byte{recordForm, 20}, bytes.Repeat([]byte{0xff}, 20)...))
	f.Fuzz(func(t *testing.T, k uint8, data []byte) {
		r := Record{Place: "INBOX", UID: 1}
		if err := decode(&r, kind(k), data); err != nil {
			return
		}
		again := Record{Place: "INBOX", UID: 1}
		if err := decode(&again, kind(k), encode(&r)); err != nil {
			t.Fatalf("what was read can't be written and read: %v", err)
		}
		if r.ident() != again.ident() {
			t.Error("it comes back as another message")
		}
	})
}
