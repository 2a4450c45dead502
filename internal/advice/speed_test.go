package advice

import (
	"fmt"
	"testing"
	"time"

	"rimbalzo/internal/bounce"
	"rimbalzo/internal/provider"
)

// busy is a mailbox of a year with n sent messages and a tenth as many bounces, all about one outage: an office's, with
// regular correspondents, a few robots and answers.
func busy(n int) Evidence { return office(n, 10) }

// office is such a mailbox in which every so many messages one comes back.
func office(n, every int) Evidence {
	ev := mailbox("10 Feb 12:00").ev
	start := on("20 Jan 00:00")
	step := 20 * 24 * time.Hour / time.Duration(n)
	for i := range n {
		to := fmt.Sprintf("person.%d@libero.it", i%(n/20+1))
		if i%50 == 0 {
			to = "robot@virgilio.it" // the same subject, again and again
		}
		out := Outgoing{
			Source: fmt.Sprint("s", i), MessageID: fmt.Sprintf("%d@studio.example", i), From: me, Recipients: []string{to}, Subject: fmt.Sprintf("Order %d", i/20),
			SentAt: bounce.Stamp{At: start.Add(time.Duration(i) * step), Zoned: true}, Text: Text{Own: []uint64{uint64(i), uint64(i + 1), uint64(i + 2), 7, 8}},
			Traits: provider.Traits{MessageID: fmt.Sprintf("<%d@studio.example>", i)},
		}
		if i%50 == 0 {
			out.Subject = "Report"
		}
		ev.Sent = append(ev.Sent, out)
		if i%5 == 0 {
			ev.Incoming = append(ev.Incoming, Incoming{Source: fmt.Sprint("i", i), From: to, At: out.SentAt.At.Add(5 * time.Hour), InReplyTo: []string{out.MessageID}})
		}
		if i%every != 1 {
			continue
		}
		rep := Reported{Source: fmt.Sprint("r", i), ArrivedAt: out.SentAt.At.Add(4 * time.Hour)}
		rep.Traits = provider.Traits{From: "MAILER-DAEMON@" + own, Subject: "Undelivered Mail Returned to Sender", Text: "This is the mail system at host " + own}
		rep.Report = bounce.Report{
			Kind: bounce.KindFailed, BouncedAt: bounce.Stamp{At: rep.ArrivedAt, Zoned: true}, ReportedBy: bounce.Reporter{Host: own}, Confidence: bounce.Certain,
			Recipients: []bounce.Recipient{{Address: to, Action: bounce.ActionFailed, ReplyCode: 452, Reply: "452 4.3.1 requested action aborted: try again later", Failure: bounce.FailureReply}},
			Original:   bounce.Original{MessageID: out.MessageID, SentAt: out.SentAt, From: me},
		}
		switch i / every % 10 {
		case 0:
			rep.Report.Original = bounce.Original{} // nothing returned
		case 1:
			rep.Report.Original.MessageID, rep.Report.Original.From = fmt.Sprintf("%d@spam.example", i), me // somebody else's
			rep.Report.Recipients[0].Address = fmt.Sprintf("nobody.%d@libero.it", i)
		case 2:
			rep.Report.Original.MessageID = "" // by its date
		}
		ev.Reports = append(ev.Reports, rep)
	}
	return ev
}

func BenchmarkAdvise(b *testing.B) {
	for _, n := range []int{1_000, 10_000, 100_000} {
		ev := busy(n)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			for range b.N {
				if got := len(Advise(ev).Items); got < n/2 {
					b.Fatalf("only %d items", got)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/message")
		})
	}
}

// BenchmarkAMillion is a large company's mailbox: a million messages, with 10,000 and with 100,000 bounces. x/100000 is what a
// message costs there against one in a mailbox of 100,000 with as many bounces for each message: 1 is linear.
func BenchmarkAMillion(b *testing.B) {
	const n = 1_000_000
	for _, bounces := range []int{10_000, 100_000} {
		b.Run(fmt.Sprint(bounces), func(b *testing.B) {
			tenth, ev := office(n/10, n/bounces), office(n, n/bounces)
			var small, large time.Duration
			for b.Loop() {
				// In turn, since the machine does other things too.
				for range 5 {
					start := time.Now()
					Advise(tenth)
					small += time.Since(start) / 5
				}
				start := time.Now()
				if got := len(Advise(ev).Items); got < n/2 {
					b.Fatalf("only %d items", got)
				}
				large += time.Since(start)
			}
			b.ReportMetric(float64(large.Nanoseconds())/float64(b.N)/n, "ns/message")
			b.ReportMetric(large.Seconds()/small.Seconds()/10, "x/100000")
		})
	}
}

// Ten times the mail takes about ten times as long: the walk from a message to its bounces and copies does not grow with
// the mailbox. The bound is wide, since the machine does other things too.
func TestTimeGrowsWithTheMailboxAndNoFaster(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a few seconds")
	}
	least := func(n int) time.Duration {
		ev, best := busy(n), time.Hour
		for range 3 {
			start := time.Now()
			Advise(ev)
			best = min(best, time.Since(start))
		}
		return best
	}
	small, large := least(4_000), least(40_000)
	if large > 30*small {
		t.Errorf("4,000 messages take %v, 40,000 take %v", small, large)
	}
}

// BenchmarkOneMoreBounce is what one new bounce costs an [Advisor] that knows 100,000 messages and 10,000 bounces, and what
// telling the advice costs after it; x/full is how often that goes into a full run.
func BenchmarkOneMoreBounce(b *testing.B) {
	const n = 100_000
	ev := busy(n)
	full := time.Hour
	for range 2 {
		start := time.Now()
		Advise(ev)
		full = min(full, time.Since(start))
	}
	// The service was seen to take long before: that it takes a little longer would be news that concerns all.
	ev.Reports[2].ArrivedAt = ev.Reports[2].ArrivedAt.Add(2 * time.Hour)
	ev.Reports[2].Report.BouncedAt.At = ev.Reports[2].ArrivedAt
	ad := NewAdvisor(ev)
	ad.Result()
	last := ev.Reports[len(ev.Reports)-1]
	i := 0
	for b.Loop() {
		i++
		out := ev.Sent[n-10-10*(i%10)]
		rep := last
		rep.Source, rep.ArrivedAt = fmt.Sprint("new", i), last.ArrivedAt.Add(time.Duration(i)*time.Millisecond)
		rep.Report.BouncedAt = bounce.Stamp{At: rep.ArrivedAt, Zoned: true}
		rep.Report.Original = bounce.Original{MessageID: out.MessageID, SentAt: out.SentAt, From: me}
		rep.Report.Recipients = []bounce.Recipient{last.Report.Recipients[0]}
		rep.Report.Recipients[0].Address = out.Recipients[0]
		ad.Add(rep)
		if len(ad.Result().Items) < n/2 {
			b.Fatal("items are missing")
		}
	}
	if ad.anew > 1 {
		b.Fatalf("everything was read %d times", ad.anew)
	}
	b.ReportMetric(float64(full.Nanoseconds())*float64(b.N)/float64(b.Elapsed().Nanoseconds()), "x/full")
}
