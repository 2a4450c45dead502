package outages

import (
	"context"
	"fmt"
	"testing"
	"time"

	"rimbalzo/app/window/session"
	"rimbalzo/internal/advice"
	"rimbalzo/internal/bounce"
	"rimbalzo/internal/checklist"
	"rimbalzo/internal/outage"
	"rimbalzo/internal/probe"
	"rimbalzo/internal/watch"
	"rimbalzo/internal/words"
)

// rome is Europe/Rome in winter: the samples all lie there.
var rome = time.FixedZone("CET", 3600)

func january(day, hour, minute int) time.Time {
	return time.Date(2023, 1, day, hour, minute, 0, 0, rome)
}

// report is what a review found: the outages of the ids, n notices spread over the first one.
func report(t testing.TB, n int, ids ...string) checklist.Report {
	t.Helper()
	r := checklist.Report{At: january(34, 9, 0)}
	for _, id := range ids {
		o, ok := outage.Builtin().ByID(id)
		if !ok {
			t.Fatalf("the catalogue has no %s", id)
		}
		r.Outages = append(r.Outages, checklist.OutageCount{Outage: *o, Phases: make([]checklist.PhaseCount, len(o.Phases))})
	}
	if len(r.Outages) == 0 {
		return r
	}
	first := &r.Outages[0]
	from := first.Outage.Start.At
	for i := range n {
		// Most of them in the third and the fifth day, as when servers refuse and when queues give up.
		at := from.Add(time.Duration((i*i*37)%(10*24*60)) * time.Minute)
		if i%3 == 0 {
			at = from.Add(84*time.Hour + time.Duration(i%300)*time.Minute)
		}
		phase := 0
		for p, ph := range first.Outage.Phases {
			if !at.Before(ph.From.At) {
				phase = p
			}
		}
		action := bounce.ActionFailed
		if i%4 == 1 {
			action = bounce.ActionDelayed
		}
		r.Items = append(r.Items, advice.Item{
			MessageID: fmt.Sprintf("%d@pc.example", i), Recipient: "marta.esposito@libero.it", Outage: first.Outage.ID, Phase: first.Outage.Phases[phase].ID,
			Bounces: []advice.Bounce{{Action: action, BouncedAt: bounce.Stamp{At: at, Zoned: true}}},
		})
		first.Phases[phase].Messages++
		first.Phases[phase].Bounces++
	}
	return r
}

// service is one thing that is looked at, and how often.
type service struct {
	account, operator, endpoint string
	direction                   probe.Direction
	every                       time.Duration
	struck                      bool
}

var services = []service{
	{"marta.esposito@libero.it", "italiaonline", "imap imapmail.libero.it:993", probe.Receive, 12 * time.Minute, true},
	{"marta.esposito@libero.it", "italiaonline", "smtp smtp.libero.it:465", probe.Send, 60 * time.Minute, true},
	{"marta.esposito@libero.it", "italiaonline", "web https://mail.libero.it/", probe.Web, 20 * time.Minute, true},
	{"marta.esposito@libero.it", "italiaonline", "mx libero.it", probe.Accept, 50 * time.Minute, true},
	{"studio@posta.example", "posta.example", "imap imap.posta.example:993", probe.Receive, 12 * time.Minute, false},
}

// past is what a computer that is switched off at night saw of January 2023, and the hours' sums of the year before.
func past(only ...service) session.Past {
	var p session.Past
	if only == nil {
		only = services
	}
	for _, s := range only {
		for at := january(4, 0, 0); at.Before(january(34, 9, 0)); at = at.Add(s.every) {
			if h := at.Hour(); h < 7 && at.Day()%7 != 0 {
				continue
			}
			p.Looks = append(p.Looks, s.look(at))
		}
		for hour := january(4, 0, 0).AddDate(-1, 1, 0); hour.Before(january(4, 0, 0)); hour = hour.Add(time.Hour) {
			sum := watch.Sum{Hour: hour, Operator: s.operator, Account: s.account, Endpoint: s.endpoint, Pass: 5, Took: 5 * 420 * time.Millisecond}
			if s.struck && hour.YearDay() == 154 && hour.Hour() < 7 {
				sum.Pass, sum.Took, sum.Failure = 0, 0, 5
			}
			if hour.Hour() >= 7 || hour.YearDay()%7 == 0 {
				p.Sums = append(p.Sums, sum)
			}
		}
	}
	if len(only) > 1 {
		p.Incidents = []watch.Incident{
			{ID: "a", Operator: "italiaonline", Name: "libero.it", Begin: january(12, 10, 5), End: january(12, 11, 40), Directions: []probe.Direction{probe.Web}, Endpoints: []string{"web https://mail.libero.it/"}, Endings: map[probe.Ending]int{probe.EndingMaintenance: 5}},
			{ID: "b", Operator: "italiaonline", Name: "libero.it", Begin: january(22, 22, 10), End: january(28, 19, 0), Directions: []probe.Direction{probe.Receive, probe.Send, probe.Web}, Endpoints: []string{"imap imapmail.libero.it:993"}, Endings: map[probe.Ending]int{probe.EndingTimeout: 431, probe.EndingBye: 12}, Passes: 9},
		}
	}
	return p
}

func (s service) look(at time.Time) watch.Seen {
	l := watch.Seen{At: at, Operator: s.operator, Account: s.account, Endpoint: s.endpoint, Direction: s.direction, Look: watch.LookLogin, Ending: probe.EndingOK, Took: time.Duration(300+at.Minute()*9) * time.Millisecond}
	in := func(from, to time.Time) bool { return !at.Before(from) && at.Before(to) }
	switch {
	case in(january(24, 12, 0), january(24, 15, 30)):
		l.Line, l.Ending = watch.LineGone, probe.EndingUnreachable
	case !s.struck:
	case s.direction == probe.Web && in(january(12, 10, 5), january(12, 11, 40)):
		l.Ending = probe.EndingMaintenance
	case s.direction == probe.Accept && in(january(23, 16, 0), january(26, 18, 0)), s.direction != probe.Accept && in(january(22, 22, 10), january(27, 10, 0)):
		l.Ending = probe.EndingTimeout
	case s.direction == probe.Receive && in(january(27, 10, 0), january(28, 19, 0)):
		l.Ending = []probe.Ending{probe.EndingOK, probe.EndingLimit, probe.EndingTimeout}[at.Minute()/20]
	case s.direction == probe.Send && in(january(30, 9, 0), january(30, 14, 0)):
		l.Ending = probe.EndingAuth
	}
	return l
}

// params are what a page of the sample is given; what takes long is done at once.
func params(w *words.Words, p *session.Past) Params {
	q := Params{
		Words: w, Zone: rome, Now: func() time.Time { return january(34, 9, 0) }, Copied: func(string) {}, OnPhase: func(_, _ string) {},
		Explain: func(err error) string { return err.Error() },
		Run:     func(do func(context.Context) func()) { do(context.Background())() },
	}
	if p != nil {
		q.History = func(context.Context, time.Time) (session.Past, error) { return *p, nil }
	}
	return q
}
