package advice

import (
	"strings"
	"testing"
	"time"

	"rimbalzo/internal/bounce"
	"rimbalzo/internal/outage"
	"rimbalzo/internal/provider"
)

// rome is the zone in which examples speak. The tests know Europe/Rome from the time package's own table or skip.
var rome = func() *time.Location {
	if l, err := time.LoadLocation("Europe/Rome"); err == nil {
		return l
	}
	return time.FixedZone("CET", 3600)
}()

// on reads a moment of 2023 such as "24 Jan 10:00".
func on(s string) time.Time {
	t, err := time.ParseInLocation("2 Jan 2006 15:04", strings.Replace(s, " ", " ", 1), rome)
	if err == nil {
		return t
	}
	i := strings.LastIndexByte(s, ' ')
	t, err = time.ParseInLocation("2 Jan 2006 15:04", s[:i]+" 2023"+s[i:], rome)
	if err != nil {
		panic("examples are written by us: " + err.Error())
	}
	return t
}

func stamp(s string) bounce.Stamp { return bounce.Stamp{At: on(s), Zoned: true} }

// me is the person of the examples, own the server that sends for her, carlo and dora whom she writes to.
const (
	me    = "anna@studio.example"
	own   = "mail.studio.example"
	carlo = "carlo@libero.it"
	dora  = "dora@virgilio.it"
	paolo = "paolo@other.example"
)

// box is a mailbox that an example fills.
type box struct {
	ev Evidence
	n  int
}

// mailbox is read whole at a moment; a newsletter of 2 January and of 2 May shows that it goes back far enough.
func mailbox(at string) *box {
	b := &box{ev: Evidence{
		At: on(at), Zone: rome, Catalogue: outage.Builtin(), Directory: provider.Builtin(), Accounts: []string{me},
		Read: Read{Sent: true, Inbox: true, Junk: true, Whole: true},
	}}
	b.ev.Incoming = append(b.ev.Incoming, Incoming{Source: "old", From: "news@shop.example", At: on("2 Jan 09:00"), List: true})
	return b
}

func (b *box) source() string {
	b.n++
	return "m" + string(rune('0'+b.n/10)) + string(rune('0'+b.n%10))
}

// sent adds a message with an id, whose subject is its id in words, unless a change says otherwise.
func (b *box) sent(id, when string, to string, changes ...func(*Outgoing)) *box {
	out := Outgoing{
		Source: b.source(), MessageID: id + "@studio.example", From: me, Recipients: strings.Fields(to), Subject: "About " + id,
		SentAt: stamp(when), Text: lines(id + " one, " + id + " two, " + id + " three"),
	}
	for _, c := range changes {
		c(&out)
	}
	b.ev.Sent = append(b.ev.Sent, out)
	return b
}

func subject(s string) func(*Outgoing) { return func(o *Outgoing) { o.Subject = s } }
func text(s string) func(*Outgoing) {
	return func(o *Outgoing) { o.Text.Own = lines(s).Own }
}
func attached(n ...uint64) func(*Outgoing) { return func(o *Outgoing) { o.Text.Attachments = n } }
func answering(id string) func(*Outgoing) {
	return func(o *Outgoing) { o.References = append(o.References, id+"@studio.example") }
}

// lines stands for a text: its parts between commas, each as a number.
func lines(s string) Text {
	var t Text
	for _, part := range strings.Split(s, ",") {
		h := uint64(14695981039346656037)
		for _, c := range strings.TrimSpace(part) {
			h = (h ^ uint64(c)) * 1099511628211
		}
		t.Own = append(t.Own, h)
	}
	return t
}

// report adds a report by the person's server about a message; what the changes leave is a failure without a cause.
func (b *box) report(id, when, address string, changes ...func(*Reported)) *box {
	rep := Reported{Source: b.source(), ArrivedAt: on(when), To: []string{me}, Report: bounce.Report{
		Kind: bounce.KindFailed, BouncedAt: stamp(when), ReportedBy: bounce.Reporter{Host: own, Side: bounce.SideSender}, Confidence: bounce.Certain,
		Recipients: []bounce.Recipient{{Address: address, Action: bounce.ActionFailed}},
		Original:   bounce.Original{MessageID: id + "@studio.example", From: me},
	}}
	for _, c := range changes {
		c(&rep)
	}
	b.ev.Reports = append(b.ev.Reports, rep)
	return b
}

// said gives the last recipient a server's answer: "550 5.1.1 user unknown".
func said(reply string) func(*Reported) {
	return func(r *Reported) {
		rec := r.last()
		rec.Reply, rec.Failure = reply, bounce.FailureReply
		for _, c := range reply[:3] {
			rec.ReplyCode = rec.ReplyCode*10 + int(c-'0')
		}
		if s := enhanced.FindString(reply); s != "" {
			rec.Status = s
		}
	}
}

func (rep *Reported) last() *bounce.Recipient {
	return &rep.Report.Recipients[len(rep.Report.Recipients)-1]
}

// ended says how the attempt ended where no server answered.
func ended(f bounce.Failure) func(*Reported) { return func(r *Reported) { r.last().Failure = f } }

// warning makes the report a delay, with the end of the trying where until is not empty.
func warning(until string) func(*Reported) {
	return func(r *Reported) {
		r.Report.Kind = bounce.KindDelayed
		r.last().Action = bounce.ActionDelayed
		if until != "" {
			r.last().RetryUntil = stamp(until)
		}
	}
}

func by(host string) func(*Reported) {
	return func(r *Reported) { r.Report.ReportedBy = bounce.Reporter{Host: host} }
}
func remote(host string) func(*Reported) { return func(r *Reported) { r.last().Remote = host } }
func attempt(when string) func(*Reported) {
	return func(r *Reported) { r.last().AttemptAt = stamp(when) }
}

func accepted(when string) func(*Reported) {
	return func(r *Reported) { r.Report.ArrivalAt = stamp(when) }
}
func from(address string) func(*Reported) { return func(r *Reported) { r.Traits.From = address } }
func returning(o bounce.Original) func(*Reported) {
	return func(r *Reported) { r.Report.Original = o }
}

func originally(address string) func(*Reported) {
	return func(r *Reported) { r.last().OriginalAddress = address }
}

// success makes the report one of an action other than a failure.
func success(kind bounce.Kind) func(*Reported) {
	return func(r *Reported) {
		r.Report.Kind = kind
		r.last().Action = bounce.Action(kind)
	}
}

// automatic makes the report an automatic answer or a receipt, from the address.
func automatic(kind bounce.Kind, address string) func(*Reported) {
	return func(r *Reported) {
		r.Report.Kind, r.Report.Recipients, r.Report.ReportedBy = kind, nil, bounce.Reporter{}
		r.Traits.From = address
	}
}

// also adds a recipient to the report.
func also(address string) func(*Reported) {
	return func(r *Reported) {
		r.Report.Recipients = append(r.Report.Recipients, bounce.Recipient{Address: address, Action: bounce.ActionFailed})
	}
}

// writes adds a message from somebody, answering those messages of the person.
func (b *box) writes(address, when string, answers ...string) *box {
	in := Incoming{Source: b.source(), From: address, To: []string{me}, At: on(when), Subject: "Re: something"}
	for _, id := range answers {
		in.InReplyTo = append(in.InReplyTo, id+"@studio.example")
	}
	b.ev.Incoming = append(b.ev.Incoming, in)
	return b
}

// change changes the evidence as a whole.
func (b *box) change(c func(*Evidence)) *box {
	c(&b.ev)
	return b
}

// item gives the advice for a message and recipient.
func (b *box) item(t *testing.T, id, to string) (Item, bool) {
	t.Helper()
	for _, it := range Advise(b.ev).Items {
		if it.Recipient == to && (it.MessageID == id+"@studio.example" || it.MessageID == id || (id == "-" && it.MessageID == "")) {
			return it, true
		}
	}
	return Item{}, false
}
