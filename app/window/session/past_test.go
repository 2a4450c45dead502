package session

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"rimbalzo/internal/outage"
	"rimbalzo/internal/probe"
	"rimbalzo/internal/watch"
	"rimbalzo/internal/words"
)

// looks of one account's IMAP server on 24 January 2023: a letter each quarter of an hour from 8:00 on. p passes, f fails,
// b asks to come back later, r refuses the login, o finds this computer offline, - is no look at all, d a dropped connection,
// which tells nothing.
func looks(letters string) (p Past) {
	for i, c := range letters {
		l := watch.Seen{At: at(24, 8, 0).Add(time.Duration(i) * 15 * time.Minute), Operator: "op", Account: "a@b.example", Endpoint: "imap x:993", Direction: probe.Receive, Look: watch.LookLogin, Ending: probe.EndingOK, Took: time.Duration(i+1) * 100 * time.Millisecond}
		switch c {
		case 'f':
			l.Ending = probe.EndingTimeout
		case 'b':
			l.Ending = probe.EndingLimit
		case 'r':
			l.Ending = probe.EndingAuthFailed
		case 'o':
			l.Line, l.Look, l.Ending = watch.LineGone, watch.LookLine, ""
		case 'd':
			l.Look, l.Ending = watch.LookDrop, probe.EndingCut
		case '-':
			continue
		}
		p.Looks = append(p.Looks, l)
	}
	return p
}

// drawn writes stretches as letters with minutes, as in "p30 f15".
func drawn(list []Stretch) string {
	text := ""
	for i, s := range list {
		if i > 0 {
			text += " "
			if !s.From.Equal(list[i-1].To) {
				text += "GAP "
			}
		}
		text += fmt.Sprintf("%c%d", "-oprbf"[s.Sight], int(s.To.Sub(s.From)/time.Minute))
	}
	return text
}

func TestStretches(t *testing.T) {
	trouble := watch.Incident{Operator: "op", Begin: at(24, 8, 0), End: at(24, 9, 0)}
	for name, tc := range map[string]struct {
		past Past
		want string
	}{
		"nothing":                           {Past{Looks: looks("p").Looks[:0]}, ""},
		"works until it is looked at again": {looks("pppp"), "p85 -35"}, // the last look speaks for 40 minutes
		"a break":                           {looks("ppffpp"), "p30 f30 p55 -5"},
		"the computer sleeps":               {looks("p------p"), "p10 -95 p15"},
		"a trouble is looked at less often": {looks("f----f--"), "f120"},
		"asks to come back":                 {looks("pbp"), "p15 b15 p40 -50"},
		"offline here":                      {looks("poop"), "p15 o30 p40 -35"},
		"a drop tells nothing":              {looks("pdp"), "p70 -50"},
		"a refused login is nobody's fault": {looks("rrrr"), "r120"},
		"in a trouble it is the provider's": {Past{Looks: looks("rrrrrr").Looks, Incidents: []watch.Incident{trouble}}, "f60 r60"},
	} {
		t.Run(name, func(t *testing.T) {
			got := ""
			for _, s := range tc.past.Series() {
				got = drawn(s.Stretches(at(24, 8, 0), at(24, 10, 0)))
			}
			if got != tc.want {
				t.Errorf("it is %q, want %q", got, tc.want)
			}
		})
	}
}

func hour(h, pass, failure, refusal int) watch.Sum {
	return watch.Sum{Hour: at(24, h, 0), Operator: "op", Account: "a@b.example", Endpoint: "imap x:993", Pass: pass, Failure: failure, Refusal: refusal, Took: time.Duration(pass) * 300 * time.Millisecond}
}

func TestAvailability(t *testing.T) {
	edges := []time.Time{at(24, 8, 0), at(24, 9, 0), at(24, 10, 0)}
	for name, tc := range map[string]struct {
		past         Past
		part, looked float64
		longest      time.Duration
		median, p95  time.Duration
		bars         string
	}{
		"nothing looked at":      {Past{Sums: []watch.Sum{hour(3, 5, 0, 0)}}, -1, 0, 0, 0, 0, "- -"},
		"all well":               {looks("pppppppp"), 1, 1, 0, 400 * time.Millisecond, 800 * time.Millisecond, "1.00 1.00"},
		"an hour of two":         {looks("ppppffff"), 0.5, 1, time.Hour, 200 * time.Millisecond, 400 * time.Millisecond, "1.00 0.00"},
		"gaps do not count":      {looks("p------f"), 10.0 / 25, 25.0 / 120, 15 * time.Minute, 100 * time.Millisecond, 100 * time.Millisecond, "1.00 0.00"},
		"nor does being off":     {looks("ppppoooo"), 1, 0.5, 0, 200 * time.Millisecond, 400 * time.Millisecond, "1.00 -"},
		"nor refused logins":     {looks("pprrrrrr"), 1, 0.25, 0, 100 * time.Millisecond, 200 * time.Millisecond, "1.00 -"},
		"two breaks, the first":  {looks("pffpffpp"), 0.5, 1, 30 * time.Minute, 400 * time.Millisecond, 800 * time.Millisecond, "0.50 0.50"},
		"asked to come back":     {looks("ppppbbbb"), 0.5, 1, time.Hour, 200 * time.Millisecond, 400 * time.Millisecond, "1.00 0.00"},
		"hours alone":            {Past{Sums: []watch.Sum{hour(8, 3, 1, 0), hour(9, 0, 4, 0)}}, 0.375, 1, time.Hour, 300 * time.Millisecond, 300 * time.Millisecond, "0.75 0.00"},
		"two servers in an hour": {Past{Sums: []watch.Sum{hour(8, 2, 0, 0), hour(8, 0, 2, 0)}}, 0.5, 0.5, 0, 300 * time.Millisecond, 300 * time.Millisecond, "0.50 -"},
		"hours, logins refused":  {Past{Sums: []watch.Sum{hour(8, 4, 0, 0), hour(9, 0, 0, 4)}}, 1, 0.5, 0, 300 * time.Millisecond, 300 * time.Millisecond, "1.00 -"},
	} {
		t.Run(name, func(t *testing.T) {
			a := tc.past.Series()[0].Availability(edges)
			near := func(x, y float64) bool { return x-y < 0.001 && y-x < 0.001 }
			if !near(a.Part, tc.part) || !near(a.Looked, tc.looked) {
				t.Errorf("worked %.3f of the time, looked at %.3f; want %.3f and %.3f", a.Part, a.Looked, tc.part, tc.looked)
			}
			if got := a.Longest.To.Sub(a.Longest.From); got != tc.longest {
				t.Errorf("the longest break is %v, want %v", got, tc.longest)
			}
			if a.Median != tc.median || a.P95 != tc.p95 {
				t.Errorf("answers took %v and %v, want %v and %v", a.Median, a.P95, tc.median, tc.p95)
			}
			bars := ""
			for i, b := range a.Bars {
				if i > 0 {
					bars += " "
				}
				if b.Part() < 0 {
					bars += "-"
					continue
				}
				bars += fmt.Sprintf("%.2f", b.Part())
			}
			if bars != tc.bars {
				t.Errorf("bars %s, want %s", bars, tc.bars)
			}
		})
	}
}

// TestAvailabilityOfMany: single looks take the place of their hours' sums, and hostile edges make no bars.
func TestAvailabilityOfMany(t *testing.T) {
	p := looks("ffff")
	p.Sums = []watch.Sum{hour(7, 4, 0, 0), hour(8, 4, 0, 0)} // that of 8:00 would count the looks twice
	s := p.Series()[0]
	a := s.Availability([]time.Time{at(24, 7, 0), at(24, 9, 0)})
	if a.Part != 0.5 || a.Answers != 4 {
		t.Errorf("worked %v of the time, %d answers", a.Part, a.Answers)
	}
	for _, edges := range [][]time.Time{nil, {at(24, 8, 0)}, make([]time.Time, mostBars+2)} {
		if a := s.Availability(edges); a.Part != -1 || a.Bars != nil {
			t.Errorf("%d edges make %d bars", len(edges), len(a.Bars))
		}
	}
}

func TestTogether(t *testing.T) {
	of := func(letters string) []Stretch {
		return looks(letters).Series()[0].Stretches(at(24, 8, 0), at(24, 9, 0))
	}
	for name, tc := range map[string]struct{ a, b, want string }{
		"both work":            {"pppp", "pppp", "p60"},
		"one of two":           {"pppp", "ffff", "b60"},
		"both broken":          {"ffff", "ffff", "f60"},
		"one looks, one not":   {"pp--", "---f", "p45 b10 f5"}, // a pass speaks for 40 minutes
		"offline beside works": {"oooo", "pppp", "p60"},
		"refused beside works": {"rrrr", "pppp", "p60"},
		"refused, not looked":  {"r---", "----p", "r60"},
	} {
		t.Run(name, func(t *testing.T) {
			lists := [][]Stretch{of(tc.a), of(tc.b)}
			if got := drawn(Together(lists)); got != tc.want {
				t.Errorf("together they are %q, want %q", got, tc.want)
			}
		})
	}
}

// TestReadable: what is too short to be seen is joined to its like, and nothing long is lost.
func TestReadable(t *testing.T) {
	var list []Stretch
	from := at(1, 0, 0)
	for i := range 20_000 { // a minute each, on and off
		list = append(list, Stretch{From: from, To: from.Add(time.Minute), Sight: []Sight{Works, Broken}[i%2]})
		from = from.Add(time.Minute)
	}
	list = append(list, Stretch{From: from, To: from.Add(24 * time.Hour), Sight: Works})
	got := Readable(list, time.Hour)
	if n := len(got); n != 20_000/60+2 {
		t.Errorf("%d stretches are left", n)
	}
	if s := got[0]; !s.Mixed || s.Sight != Partly || s.To.Sub(s.From) != time.Hour {
		t.Errorf("an hour on and off is %+v", s)
	}
	if s := got[len(got)-1]; s.Mixed || s.Sight != Works || s.To.Sub(s.From) != 24*time.Hour {
		t.Errorf("the day after it is %+v", s)
	}
}

func TestPeriods(t *testing.T) {
	now := at(24, 10, 20)
	for p, want := range map[Period]struct {
		bars  int
		first time.Duration
		span  time.Duration
	}{
		LastDay:   {25, 40 * time.Minute, 24 * time.Hour},
		LastMonth: {31, 13*time.Hour + 40*time.Minute, 30 * 24 * time.Hour},
		LastYear:  {53, 6*24*time.Hour + 13*time.Hour + 40*time.Minute, 365 * 24 * time.Hour},
	} {
		edges := p.Edges(now, cet)
		if got := edges[len(edges)-1].Sub(edges[0]); got != want.span {
			t.Errorf("%s spans %v", p, got)
		}
		if p == LastYear {
			want.first = edges[1].Sub(edges[0]) // weeks begin where the year did
		}
		if len(edges)-1 != want.bars || edges[1].Sub(edges[0]) != want.first || !slices.IsSortedFunc(edges, time.Time.Compare) {
			t.Errorf("%s has %d bars, the first of %v", p, len(edges)-1, edges[1].Sub(edges[0]))
		}
	}
}

// TestAvailabilityWords: figures are never rounded up, and everything has words.
func TestAvailabilityWords(t *testing.T) {
	past := Past{Looks: looks("ppppppppppppppppppppppppppppppppppf").Looks}
	for i := range past.Looks { // the day before now
		past.Looks[i].At = past.Looks[i].At.Add(-time.Hour)
	}
	for lang, want := range map[string]string{
		"it": "a@b.example: lettura, 89,4%. Interruzione più lunga: 1 ora, dal 24 gen 15:30 al 24 gen 16:30. Metà delle risposte entro 1,7 s, 19 su 20 entro 3,3 s. Controllato per il 39% del tempo.",
		"en": "a@b.example: reading mail, 89.4%. Longest break seen: 1 hour, from 24 Jan 15:30 to 24 Jan 16:30. Half of the answers came within 1.7 s, 19 of 20 within 3.3 s. Looked at for 39% of the time.",
	} {
		e := Explainer{Words: words.New(lang), Zone: cet}
		rows, more := e.AvailabilityRows(past.Series(), LastDay, at(24, 16, 30))
		if len(rows) != 1 || more != 0 {
			t.Fatalf("%d rows and %d more", len(rows), more)
		}
		if rows[0].Words != want {
			t.Errorf("it says %q, want %q", rows[0].Words, want)
		}
	}
}

// TestDemoPast: the demo's checks are of the 30 days before its clock, break where the catalogue says so, and mend again.
func TestDemoPast(t *testing.T) {
	o := libero(t)
	for name, tc := range map[string]struct {
		at   time.Time
		part func(day, month float64) bool
		open bool
	}{
		"before it":     {at(20, 12, 0), func(day, month float64) bool { return day == 1 && month == 1 }, false},
		"in its midst":  {at(24, 18, 0), func(day, month float64) bool { return day == 0 && month > 0.9 && month < 1 }, true},
		"when it ended": {at(40, 9, 0), func(day, month float64) bool { return day == 1 && month > 0.5 && month < 0.95 }, false},
	} {
		t.Run(name, func(t *testing.T) {
			p := DemoPast(&o.Outage, tc.at, cet)
			for _, l := range p.Looks {
				if l.At.After(tc.at) || tc.at.Sub(l.At) > watch.KeepLooks {
					t.Fatalf("a look at %v", l.At)
				}
			}
			s := p.Series()[0] // reading mail
			day, month := s.Availability(LastDay.Edges(tc.at, cet)).Part, s.Availability(LastMonth.Edges(tc.at, cet)).Part
			if !tc.part(day, month) {
				t.Errorf("it worked for %.2f of the day and %.2f of the month", day, month)
			}
			if open := len(p.Incidents) == 1 && p.Incidents[0].Open(); open != tc.open {
				t.Errorf("a trouble that lasts: %v", open)
			}
		})
	}
	if p := DemoPast(new(outage.Outage), at(24, 0, 0), cet); len(p.Looks) != 0 {
		t.Errorf("%d looks at nothing", len(p.Looks))
	}
}
