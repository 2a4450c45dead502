package session

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"rimbalzo/internal/advice"
	"rimbalzo/internal/bounce"
	"rimbalzo/internal/checklist"
	"rimbalzo/internal/outage"
	"rimbalzo/internal/probe"
	"rimbalzo/internal/watch"
	"rimbalzo/internal/words"
)

func TestEdge(t *testing.T) {
	for name, tc := range map[string]struct {
		boundary outage.Boundary
		it, en   string
	}{
		"exact":      {outage.Boundary{At: at(23, 16, 0), Precision: outage.Exact}, "23 gen 16:00 in punto", "23 Jan 16:00 exactly"},
		"about":      {outage.Boundary{At: at(23, 16, 0), Precision: outage.About}, "23 gen 16:00 circa", "about 23 Jan 16:00"},
		"between":    {outage.Boundary{At: at(23, 16, 0), Precision: outage.About, Earliest: at(23, 15, 0), Latest: at(23, 17, 0)}, "23 gen 16:00 circa (fra 23 gen 15:00 e 23 gen 17:00)", "about 23 Jan 16:00 (between 23 Jan 15:00 and 23 Jan 17:00)"},
		"bound":      {outage.Boundary{At: at(23, 16, 0), Precision: outage.Bound, Earliest: at(22, 0, 0), Latest: at(23, 16, 0)}, "23 gen 16:00 (al più tardi)", "23 Jan 16:00 (at the latest)"},
		"bound late": {outage.Boundary{At: at(23, 16, 0), Precision: outage.Bound, Latest: at(24, 0, 0)}, "23 gen 16:00 (probabilmente; al più tardi 24 gen 00:00)", "23 Jan 16:00 (probably; 24 Jan 00:00 at the latest)"},
		"disputed":   {outage.Boundary{At: at(23, 16, 0), Precision: outage.Exact, Disputed: true}, "23 gen 16:00 in punto; le fonti si contraddicono", "23 Jan 16:00 exactly; the sources contradict each other"},
		"open":       {outage.Boundary{}, "non si sa", "not known"},
	} {
		for lang, want := range map[string]string{"it": tc.it, "en": tc.en} {
			if got := (Explainer{Words: words.New(lang), Zone: cet}).Edge(tc.boundary); got != want {
				t.Errorf("%s: %q, want %q", name, got, want)
			}
		}
	}
}

// libero is the outage of January 2023 with some mail in it.
func libero(t testing.TB) checklist.OutageCount {
	t.Helper()
	o, ok := outage.Builtin().ByID("libero-2023-01")
	if !ok {
		t.Fatal("no outage of January 2023")
	}
	c := checklist.OutageCount{Outage: *o, Phases: make([]checklist.PhaseCount, len(o.Phases))}
	c.Phases[1] = checklist.PhaseCount{Bounces: 1, Messages: 12}
	return c
}

func lanesOf(c Chart, kind LaneKind) (list []Lane) {
	for _, l := range c.Lanes {
		if l.Kind == kind {
			list = append(list, l)
		}
	}
	return list
}

func TestChart(t *testing.T) {
	o := libero(t)
	e := Explainer{Words: words.New("en"), Zone: cet, Sources: outage.Builtin().Sources}
	p := looks("pppppppfffffff")
	for i := range p.Looks {
		p.Looks[i].Account, p.Looks[i].Operator = "marta@libero.it", "italiaonline"
	}
	p.Incidents = []watch.Incident{{ID: "i", Operator: "italiaonline", Name: "libero.it", Begin: at(24, 9, 45), Directions: []probe.Direction{probe.Receive}, Endpoints: []string{"imap imapmail.libero.it:993"}, Endings: map[probe.Ending]int{probe.EndingTimeout: 7}}}
	it := &advice.Item{Recipient: "a@libero.it", Verdict: advice.Wait}
	mail := []Noticed{{at(24, 9, 0), true, it}, {at(24, 9, 5), false, it}, {at(26, 9, 0), true, it}}
	c := e.Chart(&o, mail, p.Series(), at(24, 12, 0))

	if n := len(lanesOf(c, LaneSaid)[0].Pieces); n != len(o.Outage.Statements) {
		t.Errorf("%d flags for %d statements", n, len(o.Outage.Statements))
	}
	kept := []string{}
	for _, f := range lanesOf(c, LaneSaid)[0].Pieces {
		kept = append(kept, f.Kept)
		if !strings.Contains(f.Words, "In our words") {
			t.Errorf("the flag %q does not say that it is a paraphrase", f.Words)
		}
	}
	if !slices.Equal(kept, []string{"", "no", "yes", ""}) {
		t.Errorf("promises kept: %q", kept)
	}
	phases := lanesOf(c, LanePhases)[0].Pieces
	if len(phases) != 5 || phases[1].Phase != "refuse" || len(phases[1].Soft) != 2 || phases[1].From != phases[0].To {
		t.Errorf("phases %+v", phases)
	}
	for _, want := range []string{"Phase 2 of 5", "about 23 Jan 16:00 (between 23 Jan 15:00 and 23 Jan 17:00)", "accepted no connections", "12 messages, 1 notice"} {
		if !strings.Contains(phases[1].Words, want) {
			t.Errorf("the phase's words %q do not say %q", phases[1].Words, want)
		}
	}
	bounces := lanesOf(c, LaneBounces)[0].Pieces
	if len(bounces) != 2 || bounces[0].Words != "24 Jan 09:00 to 24 Jan 09:05: 1 notice of failure, 1 warning of delay." || bounces[1].Failed != 1 || len(bounces[0].Mail) != 1 || bounces[0].Mail[0] != "(no subject), for a@libero.it: Wait" || bounces[0].More != 0 {
		t.Errorf("notices %+v", bounces)
	}
	own := lanesOf(c, LaneOwn)
	if len(own) != 1 || own[0].Name != "Reading mail" {
		t.Fatalf("own lanes %+v", own)
	}
	var saw []string
	for _, s := range own[0].Pieces {
		saw = append(saw, s.Words)
	}
	if got := strings.Join(saw, "\n"); !strings.Contains(got, "Reading mail, from 24 Jan 08:00 to 24 Jan 09:45 (1 hour and 45 minutes): it worked.") || !strings.Contains(got, "not looked") {
		t.Errorf("it saw\n%s", got)
	}
	troubles := lanesOf(c, LaneIncidents)[0].Pieces
	if want := "Trouble with libero.it, since 24 Jan 09:45, not over yet (2 hours and 15 minutes). Reading mail. 7 checks failed, 0 passed. imapmail.libero.it:993 does not answer."; len(troubles) != 1 || troubles[0].Words != want {
		t.Errorf("troubles %+v, want %q", troubles, want)
	}
	if c.Now < 0.1 || c.Now > 0.3 {
		t.Errorf("now is at %v", c.Now)
	}
}

// TestChartBounds: whatever a catalogue, a mailbox or a history holds, a chart stays one that can be drawn.
func TestChartBounds(t *testing.T) {
	e := Explainer{Words: words.New("en"), Zone: cet}
	now := at(24, 12, 0)
	edge := func(day int) outage.Boundary {
		return outage.Boundary{At: at(1, 0, 0).AddDate(0, 0, day), Precision: outage.Exact}
	}
	many := outage.Outage{ID: "many", Start: edge(-400_000), End: edge(400_000)}
	for i := range 5000 {
		many.Phases = append(many.Phases, outage.Phase{ID: fmt.Sprint(i), From: edge(i), To: edge(i - 3)})
		many.Statements = append(many.Statements, outage.Statement{At: edge(i)})
	}
	var mail []Noticed
	for i := range 100_000 {
		mail = append(mail, Noticed{At: at(1, 0, 0).AddDate(0, 0, -500).Add(time.Duration(i) * time.Hour), Failed: i%2 == 0, item: &advice.Item{}})
	}
	empty := outage.Outage{ID: "empty"}
	open := outage.Outage{ID: "open", Start: edge(3), Phases: []outage.Phase{{ID: "p", From: edge(3)}}}
	for _, o := range []outage.Outage{many, empty, open} {
		for _, m := range [][]Noticed{nil, mail} {
			c := e.Chart(&checklist.OutageCount{Outage: o}, m, nil, now)
			if !c.From.Before(c.To) || c.To.Sub(c.From) > 2*longestAxis || len(c.Days) > 2*mostDays {
				t.Errorf("%s spans %v to %v with %d days", o.ID, c.From, c.To, len(c.Days))
			}
			for _, l := range c.Lanes {
				if len(l.Pieces) > mostPieces {
					t.Errorf("%s: %d pieces in %s", o.ID, len(l.Pieces), l.Kind)
				}
				for _, p := range l.Pieces {
					if p.From < 0 || p.To > 1 || p.From > p.To || p.Words == "" {
						t.Fatalf("%s: a piece of %s lies from %v to %v: %q", o.ID, l.Kind, p.From, p.To, p.Words)
					}
				}
			}
		}
	}
}

func TestNotices(t *testing.T) {
	stamp := func(t time.Time) bounce.Stamp { return bounce.Stamp{At: t, Zoned: true} }
	r := checklist.Report{Items: []advice.Item{
		{Outage: "o", Bounces: []advice.Bounce{{Action: bounce.ActionDelayed, BouncedAt: stamp(at(24, 9, 0))}, {Action: bounce.ActionFailed, AttemptAt: stamp(at(23, 9, 0))}}},
		{Outage: "o", Bounces: []advice.Bounce{{Action: bounce.ActionDelivered, BouncedAt: stamp(at(24, 9, 0))}, {Action: bounce.ActionFailed}}},
		{Outage: "other", Bounces: []advice.Bounce{{Action: bounce.ActionFailed, BouncedAt: stamp(at(24, 9, 0))}}},
	}}
	got := Notices(r, "o", cet)
	if len(got) != 2 || !got[0].At.Equal(at(23, 9, 0)) || !got[0].Failed || got[1].Failed {
		t.Errorf("notices %+v", got)
	}
}

func TestKnown(t *testing.T) {
	o := libero(t)
	found := outage.Outage{ID: "found-x-2023-02-01", Name: outage.Text{En: "x.example"}, Start: outage.Boundary{At: at(32, 0, 0)}}
	e := Explainer{Words: words.New("en"), Zone: cet}
	titles := func(list []Known) (text string) {
		for _, k := range list {
			text += k.Title + "\n"
		}
		return text
	}
	r := checklist.Report{Outages: []checklist.OutageCount{o, {Outage: found}}, Found: []outage.Outage{found}}
	list := e.Known(r, outage.Builtin(), true)
	want := "x.example (found in your mail)\nLibero Mail and Virgilio Mail, January 2023 (your mail)\nLibero Mail and Virgilio Mail, June 2023 (none of your mail)\nOwn checks, last 30 days\n"
	if got := titles(list); got != want {
		t.Errorf("there is\n%swant\n%s", got, want)
	}
	if got := FirstOf(list); got != "libero-2023-01" {
		t.Errorf("it begins with %q, not where the mail is", got)
	}
	none := e.Known(checklist.Report{}, outage.Builtin(), true)
	if got := FirstOf(none); got != OwnChecks {
		t.Errorf("without any mail it begins with %q", got)
	}
	if got := FirstOf(e.Known(checklist.Report{}, outage.Builtin(), false)); got != "libero-2023-06" {
		t.Errorf("without mail and checks it begins with %q, not with the newest", got)
	}
	if got := FirstOf(e.Known(checklist.Report{}, new(outage.Catalogue), false)); got != "" {
		t.Errorf("of nothing it shows %q", got)
	}
}
