package discovery

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"rimbalzo/internal/advice"
	"rimbalzo/internal/outage"
	"rimbalzo/internal/words"
)

// story gives what was found in one line per outage: its id and what servers did, phase by phase.
func story(found []outage.Outage) string {
	var list []string
	for i := range found {
		var phases []string
		for _, p := range found[i].Phases {
			phases = append(phases, p.ID)
		}
		list = append(list, found[i].ID+": "+strings.Join(phases, " "))
	}
	return strings.Join(list, "; ")
}

func TestFind(t *testing.T) {
	for name, tc := range map[string]struct {
		mail func() *life
		want string
	}{
		"an outage in four phases": {
			func() *life { return breakdown(t, "tiscali.it") },
			"found-tiscali-it-2024-03: accept-queue refuse false-refusals not-now",
		},
		"the same of a domain of which nobody knows who runs it": {
			func() *life { return breakdown(t, "posta.example") },
			"found-posta-example-2024-03: accept-queue refuse false-refusals not-now",
		},
		"several addresses refused at once, still going on": {func() *life {
			l := newLife(t, "2024-03-05 18:00")
			for i := range 4 {
				l.fail(fmt.Sprintf("u%d@alice.it", i), at(t, "2024-03-05 08:00").Add(time.Duration(i)*time.Hour), 4*time.Hour, refused)
			}
			return l
		}, "found-tim-it-2024-03: eve refuse"},
		"two addresses in a year": {func() *life {
			l := newLife(t, "2024-12-31 18:00")
			for i, day := range []string{"2024-03-05 08:00", "2024-09-05 08:00"} {
				l.fail(fmt.Sprintf("u%d@alice.it", i), at(t, day), 4*time.Hour, refused)
			}
			return l
		}, ""},
		"one address, again and again": {func() *life {
			l := newLife(t, "2024-03-31 18:00")
			for i := range 20 {
				l.fail("u@alice.it", at(t, "2024-03-05 08:00").Add(time.Duration(i)*time.Hour), 4*time.Hour, refused)
			}
			return l
		}, ""},
		"a sending server that reaches nobody": {func() *life {
			l := newLife(t, "2024-03-31 18:00")
			for i := range 24 {
				domain := []string{"gmail.com", "libero.it", "alice.it", "studio.example"}[i%4]
				l.fail(fmt.Sprintf("u%d@%s", i, domain), at(t, "2024-03-05 08:00").Add(time.Duration(i)*time.Hour), 4*time.Hour, refused)
			}
			return l
		}, ""},
		"a domain that is gone": {func() *life {
			l := newLife(t, "2024-12-31 18:00")
			for i, a := range l.friends(6, "chiusa.example", at(t, "2024-03-05 08:00")) {
				l.fail(a, at(t, "2024-03-05 08:00").Add(time.Duration(i)*time.Hour), 4*time.Hour, refused)
			}
			return l
		}, ""},
		"addresses that never worked": {func() *life {
			l := newLife(t, "2024-12-31 18:00")
			for i := range 9 {
				l.fail(fmt.Sprintf("u%d@alice.it", i), at(t, "2024-03-05 08:00").Add(time.Duration(i)*time.Hour), time.Minute, unknown.from("mx.alice.it"))
			}
			return l
		}, ""},
		"greetings once a year, to people who closed their mailboxes": {func() *life {
			l := newLife(t, "2024-12-31 18:00")
			for i := range 5 {
				a := fmt.Sprintf("zia%d@alice.it", i)
				l.send(a, at(t, "2023-12-24 09:00"))
				l.fail(a, at(t, "2024-12-24 09:00").Add(time.Duration(i)*time.Minute), time.Minute, unknown.from("mx.alice.it"))
			}
			return l
		}, ""},
		"a sender on a blocklist": {func() *life {
			l := newLife(t, "2024-12-31 18:00")
			for i, a := range l.friends(9, "alice.it", at(t, "2024-03-05 08:00")) {
				l.fail(a, at(t, "2024-03-05 08:00").Add(time.Duration(i)*time.Hour), time.Minute, fence.from("mx.alice.it"))
			}
			return l
		}, ""},
		"a few of very many": {func() *life {
			l := newLife(t, "2024-12-31 18:00")
			for i, a := range l.friends(60, "alice.it", at(t, "2024-03-05 08:00")) {
				if when := at(t, "2024-03-05 08:00").Add(time.Duration(i) * time.Minute); i < 6 {
					l.fail(a, when, 4*time.Hour, notNow.from("mx.alice.it"))
				} else {
					l.send(a, when.Add(2*time.Hour))
					l.send(a, when.Add(5*time.Hour))
				}
			}
			return l
		}, ""},
	} {
		if got := story(tc.mail().find()); got != tc.want {
			t.Errorf("%s: found %q, want %q", name, got, tc.want)
		}
	}
}

func TestAnOrdinaryYearHasNoOutage(t *testing.T) {
	for seed := range uint64(8) {
		if got := story(ordinaryYear(t, seed).find()); got != "" {
			t.Errorf("seed %d: found %s", seed, got)
		}
	}
}

func TestWhatTheCatalogueKnowsIsNotFound(t *testing.T) {
	l := breakdown(t, "libero.it")
	if got := story(l.find()); !strings.HasPrefix(got, "found-libero-it-2024-03: ") {
		t.Fatalf("without a catalogue: found %q", got)
	}
	for name, tc := range map[string]struct {
		from, to string
		found    bool
	}{
		"at that time":  {"2024-03-05 00:00", "2024-03-12 00:00", false},
		"a bit earlier": {"2024-02-25 00:00", "2024-02-28 00:00", false},
		"months before": {"2023-06-13 00:00", "2023-06-20 00:00", true},
	} {
		edge := func(s string) outage.Boundary {
			return outage.Boundary{At: at(t, s), Earliest: at(t, s), Latest: at(t, s), Precision: outage.Exact}
		}
		o := outage.Outage{ID: "x", Operator: "italiaonline", Domains: []string{"libero.it"}, Start: edge(tc.from), End: edge(tc.to)}
		o.Phases = []outage.Phase{{ID: "p", Behaviour: outage.RefuseConnection, From: o.Start, To: o.End}}
		l.ev.Catalogue = &outage.Catalogue{Outages: []outage.Outage{o}}
		if got := story(l.find()); (got != "") != tc.found {
			t.Errorf("an outage in the catalogue %s: found %q", name, got)
		}
	}
}

func TestBoundariesLieBetweenSigns(t *testing.T) {
	found := breakdown(t, "tiscali.it").find()
	if len(found) != 1 {
		t.Fatalf("found %s", story(found))
	}
	o := found[0]
	// Taken at 05:00 and never delivered; not taken from 16:00 on: the end of the one and the start of the other lie between.
	for _, tc := range []struct {
		what                 string
		b                    outage.Boundary
		earliest, at, latest string
	}{
		{"the start", o.Start, "2024-03-03 22:00", "2024-03-04 22:00", "2024-03-04 22:00"},
		{"the end", o.End, "2024-03-09 04:00", "2024-03-09 04:00", "2024-03-13 06:00"},
		{"from taking to refusing", o.Phases[1].From, "2024-03-05 05:00", "2024-03-05 12:30", "2024-03-05 20:00"},
		{"from refusing to denying", o.Phases[2].From, "2024-03-06 03:00", "2024-03-06 18:30", "2024-03-07 10:01"},
	} {
		got := fmt.Sprint(tc.b.Earliest.Format("2006-01-02 15:04"), tc.b.At.Format(" 2006-01-02 15:04"), tc.b.Latest.Format(" 2006-01-02 15:04"))
		if want := fmt.Sprint(tc.earliest, " ", tc.at, " ", tc.latest); got != want {
			t.Errorf("%s: %s, want %s", tc.what, got, want)
		}
	}
	if got := o.Phases[3].Replies; len(got) != 1 || got[0].Code != 451 {
		t.Errorf("the answers of the last phase are %v, want 451", got)
	}
	if !o.Phases[0].Hold.Until.Equal(at(t, "2024-03-08 03:00")) {
		t.Errorf("mail was held until %s, want until the last notice came", o.Phases[0].Hold.Until)
	}
}

func TestOrderOfEvidenceDoesNotMatter(t *testing.T) {
	l := breakdown(t, "tiscali.it")
	want := l.find()
	dice := rand.New(rand.NewPCG(1, 2))
	for range 5 {
		dice.Shuffle(len(l.ev.Sent), func(i, j int) { l.ev.Sent[i], l.ev.Sent[j] = l.ev.Sent[j], l.ev.Sent[i] })
		dice.Shuffle(len(l.ev.Reports), func(i, j int) { l.ev.Reports[i], l.ev.Reports[j] = l.ev.Reports[j], l.ev.Reports[i] })
		dice.Shuffle(len(l.ev.Incoming), func(i, j int) { l.ev.Incoming[i], l.ev.Incoming[j] = l.ev.Incoming[j], l.ev.Incoming[i] })
		if got := l.find(); !reflect.DeepEqual(got, want) {
			t.Fatalf("another order gave %s, want %s", story(got), story(want))
		}
	}
	// The same bounces found in a second folder change nothing.
	for _, rep := range slices.Clone(l.ev.Reports) {
		rep.Source += " again"
		l.ev.Reports = append(l.ev.Reports, rep)
	}
	if got := l.find(); !reflect.DeepEqual(got, want) {
		t.Errorf("duplicates gave %s, want %s", story(got), story(want))
	}
}

func TestDraftIsACatalogue(t *testing.T) {
	for _, domain := range []string{"tiscali.it", "posta.example"} {
		for _, now := range []string{"2024-03-06 12:00", "2024-03-20 12:00"} {
			l := breakdown(t, domain)
			l.ev.At = at(t, now)
			want := l.find()
			if (len(want) == 0) != (domain == "posta.example" && now < "2024-03-10") {
				// A domain of which nobody knows who runs it may as well be gone, until it is back.
				t.Fatalf("%s at %s: found %q", domain, now, story(want))
			}
			if len(want) == 0 {
				continue
			}
			for _, lang := range words.Languages {
				data := Draft(want, words.New(lang))
				got, problems := outage.Parse("draft.toml", data)
				if len(problems) > 0 {
					t.Fatalf("%s at %s: %v in\n%s", domain, now, problems, data)
				}
				if len(got.Outages) != len(want) || got.Sources[sourceKey] == "" {
					t.Fatalf("%s at %s: read %d outages of %d", domain, now, len(got.Outages), len(want))
				}
				for i := range want {
					if g, w := shown(&got.Outages[i]), shown(&want[i]); g != w {
						t.Errorf("%s at %s: read back as\n%s\nwant\n%s", domain, now, g, w)
					}
				}
			}
		}
	}
}

// shown prints an outage with all its times by one clock, and empty lists like absent ones.
func shown(o *outage.Outage) string {
	return strings.NewReplacer("[]", "", "<nil>", "").Replace(fmt.Sprintf("%+v", *o))
}

// FuzzFind hands hostile words and times through to a draft that still has to be a catalogue.
func FuzzFind(f *testing.F) {
	f.Add("tiscali.it", "mx.tiscali.it", int64(1709586000), 451)
	f.Add("a\".b\\c.example", "\x00\u202e", int64(-62135596800), 550)
	f.Add("xn--p1ai.рф", strings.Repeat("a.", 200), int64(253402300799), -1)
	f.Fuzz(func(t *testing.T, domain, host string, second int64, code int) {
		l := breakdown(t, "posta.example")
		for i := range l.ev.Reports {
			r := &l.ev.Reports[i].Report.Recipients[0]
			r.Address = strings.TrimSuffix(r.Address, "posta.example") + domain
			r.Remote = host
			if i%3 == 0 {
				r.ReplyCode = code
				r.AttemptAt = stamp(time.Unix(second+int64(i)*3600, 0))
			}
		}
		found := Find(l.ev, advice.Advise(l.ev))
		if _, problems := outage.Parse("draft.toml", Draft(found, words.New("it"))); len(found) > 0 && len(problems) > 0 {
			t.Errorf("%v in\n%s", problems, Draft(found, words.New("it")))
		}
	})
}

// BenchmarkFind is a large mailbox with an outage in it, the advice apart.
func BenchmarkFind(b *testing.B) {
	l := breakdown(b, "tiscali.it")
	begin := at(b, "2023-03-04 22:00")
	for i := range 100_000 {
		l.send(fmt.Sprintf("u%d@d%d.example", i%5000, i%700), begin.Add(time.Duration(i)*time.Minute))
	}
	for i := range 10_000 {
		l.fail(fmt.Sprintf("u%d@d%d.example", i%5000, i%700), begin.Add(time.Duration(i)*10*time.Minute), 4*time.Hour, notNow)
	}
	res := advice.Advise(l.ev)
	for b.Loop() {
		Find(l.ev, res)
	}
}
