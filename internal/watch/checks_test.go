package watch

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"rimbalzo/internal/probe"
)

func TestChecks(t *testing.T) {
	at := time.Date(2024, 3, 5, 8, 0, 0, 0, time.UTC)
	look := func(minute int, endpoint string, d probe.Direction, e probe.Ending) Seen {
		return Seen{At: at.Add(time.Duration(minute) * time.Minute), Endpoint: endpoint, Direction: d, Look: LookLogin, Ending: e}
	}
	drop, line := look(0, "imap imap.alice.it:993", probe.Receive, probe.EndingCut), look(0, "mx alice.it", probe.Accept, probe.EndingTimeout)
	drop.Look, line.Line = LookDrop, LineSilent
	old := Incident{
		ID: "x", Begin: at.Add(-90 * 24 * time.Hour), End: at.Add(-80 * 24 * time.Hour), Endpoints: []string{"mx alice.it", "imap imap.alice.it:993"},
		Directions: []probe.Direction{probe.Accept}, Endings: map[probe.Ending]int{probe.EndingGreeting421: 5, probe.EndingAuthFailed: 9, probe.EndingTimeout: 2},
	}
	current := old
	current.End = at.Add(time.Hour)
	for name, c := range map[string]struct {
		looks     []Seen
		incidents []Incident
		want      string
	}{
		"nothing": {want: ""},
		"each way to fail, and none": {
			looks: []Seen{
				look(0, "imap imap.alice.it:993", probe.Receive, probe.EndingOK), look(1, "mx alice.it", probe.Accept, probe.EndingRefused),
				look(2, "mx alice.it", probe.Accept, probe.EndingGreeting421), look(3, "mx [2001:db8::1]:25", probe.Accept, probe.EndingGreeting554),
				look(4, "web https://mail.alice.it/login", probe.Web, probe.EndingWeb5xx),
			},
			want: "imap.alice.it receive ok, alice.it accept refused, alice.it accept 4xx, 2001:db8::1 accept 5xx, mail.alice.it web 4xx",
		},
		"what tells nothing of the provider": {
			looks: []Seen{
				drop, line, look(0, "imap imap.alice.it:993", probe.Receive, probe.EndingAuthFailed), look(0, "imap imap.alice.it:993", probe.Receive, probe.EndingLimit),
				look(0, "mx alice.it", probe.Accept, probe.EndingPolicy), look(0, "imap imap.alice.it:993", probe.Receive, probe.EndingTLSExpired),
			},
		},
		"an old incident has edges": {incidents: []Incident{old}, want: "alice.it accept 4xx, alice.it accept ok"},
		"of a recent one the looks tell": {
			looks: []Seen{look(0, "mx alice.it", probe.Accept, probe.EndingOK)}, incidents: []Incident{current},
			want: "alice.it accept ok",
		},
	} {
		var got []string
		for _, check := range Checks(c.looks, c.incidents) {
			got = append(got, fmt.Sprint(check.Domain, " ", check.Direction, " ", check.Ending))
		}
		if strings.Join(got, ", ") != c.want {
			t.Errorf("%s: %q, want %q", name, strings.Join(got, ", "), c.want)
		}
	}
}
