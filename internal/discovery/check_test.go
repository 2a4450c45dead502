package discovery

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"rimbalzo/internal/advice"
	"rimbalzo/internal/outage"
	"rimbalzo/internal/words"
)

// TestChecks: what the servers themselves were seen to do tells of an outage as well as bounces do, and sharpens its edges.
func TestChecks(t *testing.T) {
	begin := at(t, "2024-03-05 08:00")
	every := func(domain string, d Direction, from time.Time, endings string) []Check {
		var list []Check
		for i, c := range endings {
			e := map[rune]Ending{'o': Fine, 'r': Refused, '4': Later, '5': Never, '?': "auth-failed"}[c]
			list = append(list, Check{Domain: domain, Direction: d, At: from.Add(time.Duration(i) * time.Hour), Ending: e})
		}
		return list
	}
	failing := func(n int) *life {
		l := newLife(t, "2024-03-06 18:00")
		for i := range n {
			l.fail(fmt.Sprintf("u%d@alice.it", i), begin.Add(time.Duration(i)*time.Hour), 4*time.Hour, refused)
		}
		return l
	}
	for name, tc := range map[string]struct {
		life   *life
		checks []Check
		want   string
	}{
		"nothing but checks":                 {newLife(t, "2024-03-06 18:00"), every("alice.it", Accept, begin, "oorrrrr444oo"), "found-tim-it-2024-03: eve refuse not-now"},
		"the name of a host":                 {newLife(t, "2024-03-06 18:00"), every("smtp.alice.it", Accept, begin, "orrrrroo"), "found-tim-it-2024-03: eve refuse"},
		"said to be no servers of theirs":    {newLife(t, "2024-03-06 18:00"), every("alice.it", Accept, begin, "orrr5555o"), "found-tim-it-2024-03: eve refuse false-refusals"},
		"checks of a moment":                 {newLife(t, "2024-03-06 18:00"), slices.Repeat(every("alice.it", Accept, begin, "r"), 9), ""},
		"one message and one check":          {failing(1), every("alice.it", Accept, begin, "r"), ""},
		"one message and two checks":         {failing(1), every("alice.it", Accept, begin, "orr"), "found-tim-it-2024-03: eve refuse"},
		"people cannot read their mail":      {newLife(t, "2024-03-06 18:00"), every("alice.it", Receive, begin, "orrrrrrro"), ""},
		"what tells nothing":                 {newLife(t, "2024-03-06 18:00"), every("alice.it", Accept, begin, "?????????"), ""},
		"after the moment":                   {newLife(t, "2024-03-05 09:30"), every("alice.it", Accept, begin, "rrrrrrrrr"), ""},
		"a domain nobody knows, and back":    {newLife(t, "2024-03-06 18:00"), every("posta.example", Accept, begin, "orrrrro"), "found-posta-example-2024-03: eve refuse"},
		"a domain nobody knows, and is gone": {newLife(t, "2024-03-06 18:00"), every("posta.example", Accept, begin, "orrrrrr"), ""},
	} {
		found := tc.life.findWith(tc.checks)
		if got := story(found); got != tc.want {
			t.Errorf("%s: found %q, want %q", name, got, tc.want)
		}
	}
	checks := append(every("alice.it", Accept, begin.Add(-3*time.Hour), "oooooo44rro"), every("alice.it", Receive, begin, "orrrrroo")...)
	found := failing(3).findWith(checks)
	if len(found) != 1 {
		t.Fatalf("found %s", story(found))
	}
	o := &found[0]
	if start := o.Phases[len(o.Phases)-1].From; start.Earliest.Before(begin.Add(2*time.Hour)) && start.Latest.After(begin.Add(6*time.Hour)) {
		t.Errorf("the checks do not narrow down the beginning: %v", start)
	}
	if len(o.Access) != 1 || o.Access[0].Channel != "imap" || o.Access[0].From.Latest.Before(begin) || o.Access[0].To.Open() {
		t.Errorf("what people could not reach is %+v", o.Access)
	}
	if note := o.Phases[len(o.Phases)-1].Note.En; !strings.Contains(note, "look") {
		t.Errorf("it is not said that the servers were looked at: %q", note)
	}
	// A draft with all of it can be read again.
	back, problems := outage.Parse("draft.toml", Draft(found, words.New("en")))
	if len(problems) > 0 || len(back.Outages) != 1 || len(back.Outages[0].Access) != 1 {
		t.Errorf("the draft is not a catalogue: %v", problems)
	}
}

// findWith looks for outages with checks beside the mail, in any order.
func (l *life) findWith(checks []Check) []outage.Outage {
	found := Find(l.ev, advice.Advise(l.ev), checks...)
	back := slices.Clone(checks)
	slices.Reverse(back)
	if again := Find(l.ev, advice.Advise(l.ev), back...); story(again) != story(found) {
		return nil
	}
	return found
}
