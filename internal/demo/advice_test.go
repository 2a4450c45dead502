package demo_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"
	_ "time/tzdata"

	"github.com/BurntSushi/toml"

	"rimbalzo/internal/advice"
	"rimbalzo/internal/checklist"
	"rimbalzo/internal/demo"
	"rimbalzo/internal/outage"
	"rimbalzo/internal/review"
)

// expectation is one entry of testdata/expected.toml.
type expectation struct {
	MessageID string `toml:"message_id"`
	Recipient string
	Cause     advice.Cause
	Verdicts  map[string][]advice.Verdict // by the moment's id
}

// reviewed makes a review of the demo's account, as the program does, at each of its moments.
func reviewed(t *testing.T) map[string]checklist.Report {
	t.Helper()
	s, err := demo.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	zone, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		t.Fatal(err)
	}
	reports := map[string]checklist.Report{}
	for _, m := range demo.Moments() {
		r, err := review.Run(t.Context(), review.Request{
			IMAP: s.IMAPURL, Roots: s.CA, Password: func(context.Context) (string, error) { return s.Password, nil },
			At: m.At.In(zone), Catalogue: outage.Builtin(), Zone: zone, Demo: true,
		})
		if err != nil {
			t.Fatalf("%s: %v", m.ID, err)
		}
		reports[m.ID] = r
	}
	return reports
}

func TestAdviceOnTheDemo(t *testing.T) {
	var truth struct{ Expected []expectation }
	if _, err := toml.DecodeFile("testdata/expected.toml", &truth); err != nil {
		t.Fatal(err)
	}
	key := func(id, recipient string) string { return id + " " + recipient }
	for moment, report := range reviewed(t) {
		items := map[string]advice.Item{}
		for _, i := range report.Items {
			items[key(i.MessageID, i.Recipient)] = i
		}
		for _, e := range truth.Expected {
			t.Run(fmt.Sprintf("%s/%s/%s", moment, e.Recipient, e.MessageID), func(t *testing.T) {
				item, there := items[key(e.MessageID, e.Recipient)]
				right, known := e.Verdicts[moment]
				switch {
				case !known:
					t.Fatal("nothing is expected of this moment")
				case there && len(right) == 0:
					t.Errorf("%q before it was sent", item.Verdict)
				case !there && len(right) > 0:
					t.Errorf("nothing said, want %q", right)
				case there && !slices.Contains(right, item.Verdict):
					t.Errorf("%q (%v), want %q", item.Verdict, item.Reasons, right)
				}
				if moment == "reopening" && e.Cause != "" && item.Cause != e.Cause {
					t.Errorf("cause %q, want %q", item.Cause, e.Cause)
				}
			})
		}
	}
}

// A person who looks at the demo for a minute should see everything that the program can say.
func TestEverythingOccursAtTheFirstMoment(t *testing.T) {
	var first string
	for _, m := range demo.Moments() {
		if m.Default {
			first = m.ID
		}
	}
	report := reviewed(t)[first]
	seen := map[string]bool{}
	for _, i := range report.Items {
		seen["verdict "+string(i.Verdict)], seen["cause "+string(i.Cause)] = true, true
		seen["proof "+string(i.Proof)], seen["phase "+i.Phase] = true, true
		seen["resend "+string(i.ResendWhen)] = true
	}
	for _, want := range []string{
		"verdict resend", "verdict wait", "verdict check", "verdict fix", "verdict delivered", "verdict resent",
		"cause outage", "cause address", "cause mailbox-full", "cause size", "cause policy", "cause sender-blocked", "cause unknown",
		"proof dsn", "proof receipt", "proof reply", "proof vacation", "proof bounce", "proof warning", "proof copy", "proof silence",
		"phase accept-queue", "phase refuse", "phase restart-550", "phase partial-452", "resend now",
	} {
		if !seen[want] {
			t.Errorf("no %s among %d items", want, len(report.Items))
		}
	}
	if len(report.NotYours) == 0 || len(report.Unreadable) != 2 {
		t.Errorf("%d not yours and %d unreadable, want some and 2: %v", len(report.NotYours), len(report.Unreadable), report.Unreadable)
	}
}

// The moments are worth moving to only if the advice changes on the way.
func TestAdviceChangesFromMomentToMoment(t *testing.T) {
	reports := reviewed(t)
	count := func(id string, v advice.Verdict) (n int) {
		for _, i := range reports[id].Items {
			if i.Verdict == v {
				n++
			}
		}
		return n
	}
	for _, c := range []struct {
		what  string
		holds bool
	}{
		{"at noon of the 24th nothing is to be sent again", count("warnings", advice.Resend) == 0},
		{"the night of the 550 turns waiting into sending again", count("warnings", advice.Wait) > 20 && count("false-550", advice.Resend) > 20},
		{"at the reopening some wait again", count("reopening", advice.Wait) > 5},
		{"at the end hardly anything waits", count("after", advice.Wait) < count("reopening", advice.Wait)/2},
		{"at the end more has arrived than ever", count("after", advice.Delivered) > count("reopening", advice.Delivered)},
	} {
		if !c.holds {
			t.Errorf("not so: %s", c.what)
		}
	}
}
