package discovery

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"rimbalzo/internal/advice"
	"rimbalzo/internal/bounce"
	"rimbalzo/internal/outage"
	"rimbalzo/internal/provider"
)

// life is a mailbox in the making.
type life struct {
	ev advice.Evidence
	n  int
}

func at(t testing.TB, s string) time.Time {
	t.Helper()
	when, err := time.ParseInLocation("2006-01-02 15:04", s, rome(t))
	if err != nil {
		t.Fatal(err)
	}
	return when
}

func rome(t testing.TB) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

func newLife(t testing.TB, now string) *life {
	l := &life{}
	l.ev.At, l.ev.Zone, l.ev.Directory, l.ev.Catalogue = at(t, now), rome(t), provider.Builtin(), &outage.Catalogue{}
	l.ev.Read = advice.Read{Sent: true, Inbox: true, Junk: true}
	return l
}

func stamp(t time.Time) bounce.Stamp { return bounce.Stamp{At: t, Zoned: true} }

// send sends a message and gives its id.
func (l *life) send(to string, when time.Time) string {
	l.n++
	id := fmt.Sprintf("m%d@ditta.example", l.n)
	l.ev.Sent = append(l.ev.Sent, advice.Outgoing{Source: "s" + id, MessageID: id, From: "anna@ditta.example", Recipients: []string{to}, Subject: "Ordine", SentAt: stamp(when)})
	return id
}

// hear gets a letter.
func (l *life) hear(from string, when time.Time) {
	l.n++
	l.ev.Incoming = append(l.ev.Incoming, advice.Incoming{Source: fmt.Sprintf("i%d", l.n), From: from, To: []string{"anna@ditta.example"}, At: when, Subject: "Ciao"})
}

// ending is how an attempt ended.
type ending struct {
	action  bounce.Action
	failure bounce.Failure
	code    int
	status  string
	reply   string
	remote  string
	by      string // who reports; the person's own server where empty
}

var (
	refused = ending{action: bounce.ActionDelayed, failure: bounce.FailureRefused, status: "4.4.1"}
	gaveUp  = ending{action: bounce.ActionFailed, failure: bounce.FailureTimeout, status: "4.4.1"}
	unknown = ending{action: bounce.ActionFailed, failure: bounce.FailureReply, code: 550, status: "5.1.1", reply: "550 5.1.1 user unknown"}
	full    = ending{action: bounce.ActionFailed, failure: bounce.FailureReply, code: 552, status: "5.2.2", reply: "552 5.2.2 mailbox full"}
	notNow  = ending{action: bounce.ActionDelayed, failure: bounce.FailureReply, code: 451, status: "4.3.0", reply: "451 4.3.0 try again later"}
	fence   = ending{action: bounce.ActionFailed, failure: bounce.FailureReply, code: 550, status: "5.7.1", reply: "550 5.7.1 your IP is on a blocklist"}
)

func (e ending) from(remote string) ending { e.remote = remote; return e }

func (e ending) saidBy(host string) ending { e.by = host; return e }

// fail sends a message of which a report tells, a while later.
func (l *life) fail(to string, sent time.Time, after time.Duration, e ending) {
	id := l.send(to, sent)
	l.report(id, to, sent, sent.Add(after), e)
}

func (l *life) report(id, to string, sent, when time.Time, e ending) {
	l.n++
	by := e.by
	if by == "" {
		by = "mail.ditta.example"
	}
	kind := bounce.KindFailed
	if e.action == bounce.ActionDelayed {
		kind = bounce.KindDelayed
	}
	l.ev.Reports = append(l.ev.Reports, advice.Reported{
		Source: fmt.Sprintf("b%d", l.n), ArrivedAt: when, To: []string{"anna@ditta.example"},
		Report: bounce.Report{
			Kind: kind, Confidence: bounce.Certain, BouncedAt: stamp(when), ReportedBy: bounce.Reporter{Host: by},
			Original: bounce.Original{MessageID: id, SentAt: stamp(sent), From: "anna@ditta.example"},
			Recipients: []bounce.Recipient{{
				Address: to, Action: e.action, Failure: e.failure, ReplyCode: e.code, Status: e.status, Reply: e.reply, Remote: e.remote, AttemptAt: stamp(when),
			}},
		},
	})
}

func (l *life) find() []outage.Outage { return Find(l.ev, advice.Advise(l.ev)) }

// friends are people at a domain with whom letters went to and fro before.
func (l *life) friends(n int, domain string, before time.Time) []string {
	var list []string
	for i := range n {
		a := fmt.Sprintf("amica%d@%s", i, domain)
		l.hear(a, before.AddDate(0, 0, -20-i))
		l.send(a, before.AddDate(0, 0, -15-i))
		list = append(list, a)
	}
	return list
}

// breakdown is an outage of one operator as its senders see it: taken and sent back, refused, denied, put off.
func breakdown(t testing.TB, domain string) *life {
	l := newLife(t, "2024-03-20 12:00")
	begin := at(t, "2024-03-04 22:00")
	people := l.friends(8, domain, begin)
	for i, p := range people {
		after := time.Duration(i) * time.Hour
		l.fail(p, begin.Add(after), 70*time.Hour, unknown.saidBy("mx."+domain))
		l.fail(p, begin.Add(18*time.Hour+after), 4*time.Hour, refused)
		l.fail(p, begin.Add(60*time.Hour+after), time.Minute, unknown.from("mx."+domain))
		l.fail(p, begin.Add(90*time.Hour+after), 5*time.Hour, notNow.from("mx."+domain))
		l.send(p, begin.Add(200*time.Hour+after))
	}
	for i := range 40 {
		l.send(fmt.Sprintf("altri%d@gmail.com", i%10), begin.Add(time.Duration(i)*4*time.Hour))
	}
	return l
}

// ordinaryYear is what a small firm's mailbox shows in a year without an outage.
func ordinaryYear(t testing.TB, seed uint64) *life {
	l := newLife(t, "2025-01-01 12:00")
	dice := rand.New(rand.NewPCG(seed, 7))
	begin := at(t, "2024-01-01 08:00")
	some := func() time.Time { return begin.Add(time.Duration(dice.IntN(360*24*60)) * time.Minute) }
	domains := []string{"gmail.com", "libero.it", "tim.it", "tiscali.it", "aruba.it", "studio.example", "ditta2.example", "scuola.example"}
	person := func() string { return fmt.Sprintf("p%d@%s", dice.IntN(40), domains[dice.IntN(len(domains))]) }
	for range 1500 {
		l.send(person(), some())
		l.hear(person(), some())
	}
	for range 40 {
		l.fail(fmt.Sprintf("sbagliato%d@%s", dice.IntN(1000), domains[dice.IntN(len(domains))]), some(), time.Minute, unknown.from("mx.example.net"))
		l.fail(person(), some(), 5*time.Hour, notNow)
	}
	for range 15 {
		l.fail(person(), some(), time.Minute, full)
		l.fail(person(), some(), 4*time.Hour, refused)
		l.fail("vecchio@sparito.example", some(), 5*24*time.Hour, gaveUp)
	}
	// A newsletter each month: some of the addresses have been closed since.
	for month := range 12 {
		when := begin.AddDate(0, month, 3)
		for i := range 120 {
			to := fmt.Sprintf("lettore%d@gmail.com", i)
			if i/8 == month {
				l.fail(to, when, time.Minute, unknown.from("gmail-smtp-in.l.google.com"))
			} else if i/8 > month {
				l.send(to, when)
			}
		}
	}
	// A day on a blocklist, and a firm that closed: all of its addresses fail for good.
	for i := range 12 {
		l.fail(fmt.Sprintf("p%d@tim.it", i), begin.AddDate(0, 5, 0).Add(time.Duration(i)*time.Hour), time.Minute, fence.from("mx.tim.it"))
	}
	closed := l.friends(6, "chiusa.example", begin.AddDate(0, 7, 0))
	for i, a := range closed {
		l.fail(a, begin.AddDate(0, 7, i), 5*24*time.Hour, gaveUp)
	}
	return l
}
