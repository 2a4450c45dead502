package advice

import (
	"fmt"
	"math/rand"
	"sort"
	"testing"
	"time"
)

// whole says everything that a result holds.
func whole(r Result) string {
	s := told(r)
	for _, o := range r.Outages {
		s += fmt.Sprint(o.Outage.ID, o.Bounces, o.Messages)
	}
	return s
}

// pieces takes evidence apart: what is there from the beginning, and the rest.
func pieces(ev Evidence, r *rand.Rand, inTime bool) (Evidence, []Piece) {
	type timed struct {
		at time.Time
		p  Piece
	}
	var all []timed
	for _, o := range ev.Sent {
		all = append(all, timed{o.SentAt.In(ev.Zone), o})
	}
	for _, rep := range ev.Reports {
		all = append(all, timed{rep.ArrivedAt, rep})
	}
	for _, in := range ev.Incoming {
		all = append(all, timed{in.At, in})
	}
	for _, s := range ev.Said {
		all = append(all, timed{s.At, s})
	}
	r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	if inTime {
		sort.SliceStable(all, func(i, j int) bool { return all[i].at.Before(all[j].at) })
	}
	first := ev
	first.Sent, first.Reports, first.Incoming, first.Said = nil, nil, nil, nil
	var rest []Piece
	for i, t := range all {
		if i < len(all)/3 {
			t.p.addTo(&first)
		} else {
			rest = append(rest, t.p)
		}
	}
	return first, rest
}

// follow adds pieces one by one or a few at a time, and holds each result against one from scratch.
func follow(t *testing.T, name string, ev Evidence, rest []Piece, r *rand.Rand) *Advisor {
	t.Helper()
	ad := NewAdvisor(ev)
	for i := 0; ; {
		got, want := ad.Result(), Advise(ev)
		if whole(got) != whole(want) {
			t.Fatalf("%s: after %d pieces%s\nwant%s", name, i, allLines(got), allLines(want))
		}
		if i == len(rest) {
			return ad
		}
		kept := whole(got)
		for range 1 + r.Intn(2)*r.Intn(3) {
			if i < len(rest) {
				ad.Add(rest[i])
				rest[i].addTo(&ev)
				i++
			}
		}
		ad.Result()
		if whole(got) != kept {
			t.Fatalf("%s: a result changed after it was given", name)
		}
	}
}

// What is added piece by piece, in whatever order, gives the advice of everything at once.
func TestAnAdvisorAgreesWithAdvise(t *testing.T) {
	read, results := 0, 0
	for seed := range int64(trials / 5) {
		d := random(seed)
		ev := d.evidence()
		for range d.roll(4) {
			ev.Said = append(ev.Said, Said{MessageID: d.id(), Recipient: d.address(), Word: Word(d.of("done", "arrived", "not-needed", "")), At: d.when()})
		}
		r := rand.New(rand.NewSource(seed))
		for _, inTime := range []bool{true, false} {
			first, rest := pieces(ev, r, inTime)
			ad := follow(t, fmt.Sprintf("seed %d, in time %v", seed, inTime), first, rest, r)
			if inTime {
				read, results = read+ad.anew, results+len(rest)+1
			}
		}
	}
	t.Logf("read from the beginning %d times for %d pieces", read, results)
}

// The same with mailboxes in which most things are as they mostly are, so that little is read again.
func TestAnAdvisorKeepsUpWithAnOffice(t *testing.T) {
	for seed := range int64(2) {
		ev := busy(200)
		r := rand.New(rand.NewSource(seed))
		first, rest := pieces(ev, r, true)
		for i := range rest {
			switch p := rest[i].(type) {
			case Reported:
				if r.Intn(3) == 0 {
					p.Report.Recipients[0].Reply, p.Report.Recipients[0].ReplyCode = "550 5.1.1 user unknown", 550
				}
				rest[i] = p
			}
		}
		ad := follow(t, fmt.Sprint("seed ", seed), first, rest, r)
		if ad.anew*4 > len(rest) {
			t.Errorf("seed %d: of %d pieces %d made everything be read again", seed, len(rest), ad.anew)
		}
	}
}
