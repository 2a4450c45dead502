package outage

import (
	"os"
	"slices"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"
)

// at reads a time as the sources give it, on Italian clocks.
func at(t *testing.T, s string) time.Time {
	t.Helper()
	rome, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		t.Fatal(err)
	}
	instant, err := time.ParseInLocation("2006-01-02 15:04", s, rome)
	if err != nil {
		t.Fatal(err)
	}
	return instant
}

func outageOf(t *testing.T, id string) *Outage {
	t.Helper()
	o, ok := Builtin().ByID(id)
	if !ok {
		t.Fatalf("the catalogue has no %s", id)
	}
	return o
}

func phaseOf(t *testing.T, o *Outage, id string) int {
	t.Helper()
	i := slices.IndexFunc(o.Phases, func(p Phase) bool { return p.ID == id })
	if i < 0 {
		t.Fatalf("%s has no phase %s", o.ID, id)
	}
	return i
}

func TestBuiltinFilesHaveNoProblems(t *testing.T) {
	entries, err := builtinFiles.ReadDir("catalogue")
	if err != nil || len(entries) != 2 {
		t.Fatalf("%d files, %v", len(entries), err)
	}
	for _, e := range entries {
		data, err := builtinFiles.ReadFile("catalogue/" + e.Name())
		if err != nil {
			t.Fatal(err)
		}
		if _, problems := Parse(e.Name(), data); len(problems) > 0 {
			t.Errorf("%s: %+v", e.Name(), problems)
		}
	}
}

// The boundaries of both outages, as facts: what the sources say, and how far they leave it open.
// The look-up tests check what comes of them where two phases tell a boundary differently.
func TestBoundaries(t *testing.T) {
	for _, c := range []struct {
		outage, phase, at string
		precision         Precision
		earliest, latest  string
		disputed          bool
	}{
		{"libero-2023-01", "accept-queue", "2023-01-22 22:00", About, "2023-01-22 21:00", "2023-01-23 06:00", false},
		{"libero-2023-01", "refuse", "2023-01-23 16:00", About, "2023-01-23 15:00", "2023-01-23 17:00", false},
		{"libero-2023-01", "restart-550", "2023-01-25 18:00", About, "2023-01-25 18:00", "2023-01-26 00:00", false},
		{"libero-2023-01", "partial-452", "2023-01-26 13:00", About, "2023-01-26 12:00", "2023-01-26 14:00", false},
		{"libero-2023-01", "aftermath", "2023-01-28 20:00", Bound, "2023-01-28 18:00", "2023-02-03 23:59", false},
		{"libero-2023-01", "end", "2023-02-03 23:59", Bound, "2023-02-03 00:00", "2023-02-03 23:59", false},
		{"libero-2023-06", "maintenance-hold", "2023-06-13 23:00", About, "2023-06-13 22:00", "2023-06-14 00:00", false},
		{"libero-2023-06", "accept-queue", "2023-06-15 03:00", About, "2023-06-15 02:00", "2023-06-15 04:00", false},
		{"libero-2023-06", "refuse-notify", "2023-06-16 15:00", About, "2023-06-16 14:00", "2023-06-16 16:00", false},
		{"libero-2023-06", "reopening", "2023-06-18 09:00", About, "2023-06-18 08:00", "2023-06-18 10:00", false},
		{"libero-2023-06", "aftermath", "2023-06-19 12:00", About, "2023-06-19 00:00", "2023-06-20 00:00", false},
		{"libero-2023-06", "end", "2023-06-24 12:00", Bound, "2023-06-23 09:00", "2023-06-24 12:00", false},
	} {
		o := outageOf(t, c.outage)
		b := o.Phases[len(o.Phases)-1].To
		if c.phase != "end" {
			b = o.Phases[phaseOf(t, o, c.phase)].From
		}
		if !b.At.Equal(at(t, c.at)) || !b.Earliest.Equal(at(t, c.earliest)) || !b.Latest.Equal(at(t, c.latest)) ||
			b.Precision != c.precision || b.Disputed != c.disputed {
			t.Errorf("%s, %s begins %s (%s, %s to %s, disputed %v)", c.outage, c.phase, b.At, b.Precision, b.Earliest, b.Latest, b.Disputed)
		}
	}
}

// Everything that a person may be shown is there, in both languages, with a source, and nothing is put into the provider's mouth.
func TestEverySentenceAndSource(t *testing.T) {
	for i := range Builtin().Outages {
		o := &Builtin().Outages[i]
		texts := []Text{o.Name, o.Cause}
		cited := [][]string{o.Sources, o.Start.Sources, o.End.Sources}
		for j := range o.Phases {
			p := &o.Phases[j]
			texts = append(texts, p.Title, p.ForSender, p.ForOwner)
			cited = append(cited, p.Sources, p.From.Sources, p.To.Sources)
			if p.Confidence == "" || p.Basis == "" || p.BounceBy == "" || len(p.Fate) == 0 {
				t.Errorf("%s/%s leaves confidence, basis, bounce_by or fate open", o.ID, p.ID)
			}
		}
		for _, a := range o.Access {
			cited = append(cited, a.Sources)
		}
		for _, s := range o.Statements {
			texts = append(texts, s.Text)
			cited = append(cited, s.Sources)
			if strings.ContainsAny(s.Text.It+s.Text.En, "\"“”«»") {
				t.Errorf("%s quotes the provider: %q", o.ID, s.Text.En)
			}
		}
		for _, c := range o.Conflicts {
			texts = append(append(texts, c.Topic, c.Chosen), c.Values...)
			cited = append(cited, c.Sources)
		}
		for _, text := range texts {
			if text.It == "" || text.En == "" || text.It == text.En {
				t.Errorf("%s: a sentence lacks a language: %+v", o.ID, text)
			}
		}
		for _, keys := range cited {
			if len(keys) == 0 {
				t.Errorf("%s: something has no source", o.ID)
			}
			for _, key := range keys {
				if Builtin().Sources[key] == "" {
					t.Errorf("%s: source %s is not cited", o.ID, key)
				}
			}
		}
	}
}

func TestWhatIsKnownOfHeldMail(t *testing.T) {
	for _, c := range []struct{ outage, phase, until string }{
		{"libero-2023-01", "accept-queue", "2023-02-03 23:59"},
		{"libero-2023-06", "maintenance-hold", ""}, // nobody said: silence proves nothing, without limit
		{"libero-2023-06", "accept-queue", "2023-06-19 12:00"},
	} {
		o := outageOf(t, c.outage)
		p := o.Phases[phaseOf(t, o, c.phase)]
		if !p.Behaviour.AcceptLike() || p.Hold.Known != (c.until != "") {
			t.Errorf("%s/%s: %s, held until %v", c.outage, c.phase, p.Behaviour, p.Hold)
		}
		if c.until != "" && !p.Hold.Until.Equal(at(t, c.until)) {
			t.Errorf("%s/%s is held until %s, want %s", c.outage, c.phase, p.Hold.Until, c.until)
		}
	}
}

func TestJuneInventsNoReplies(t *testing.T) {
	for _, p := range outageOf(t, "libero-2023-06").Phases {
		for _, r := range p.Replies {
			if r.Code != 250 {
				t.Errorf("%s gives a reply %d that no source reports", p.ID, r.Code)
			}
		}
	}
}

func TestByDomain(t *testing.T) {
	for domain, want := range map[string][]string{
		"libero.it":      {"libero-2023-01", "libero-2023-06"},
		"Virgilio.IT":    {"libero-2023-01", "libero-2023-06"},
		"giallo.it.":     {"libero-2023-01", "libero-2023-06"},
		"mail.libero.it": nil,
		"gmail.com":      nil,
		"":               nil,
	} {
		var got []string
		for _, o := range Builtin().ByDomain(domain) {
			got = append(got, o.ID)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q: %v, want %v", domain, got, want)
		}
	}
}

func TestMerge(t *testing.T) {
	user, problems := Parse("mine.toml", []byte(`
[sources]
FAQ-JAN = "what I saw myself"
MINE = "my notes"
[[outage]]
id = "libero-2023-01"
name = "Libero, as I saw it"
domains = ["libero.it"]
sources = ["FAQ-JAN", "MINE"]
[[outage.phase]]
id = "refuse"
title = "Refused"
behaviour = "refuse-connection"
from = { at = 2023-01-23T16:00:00+01:00, sources = ["FAQ-JAN"] }
[[outage]]
id = "elsewhere-2010"
name = "Elsewhere"
domains = ["elsewhere.example"]
[[outage.phase]]
id = "down"
title = "Down"
behaviour = "access-down"
from = 2010-01-07T00:00:00+01:00
`))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	merged := Builtin().Merge(user)
	var ids []string
	for _, o := range merged.Outages {
		ids = append(ids, o.ID)
	}
	if want := []string{"elsewhere-2010", "libero-2023-01", "libero-2023-06"}; !slices.Equal(ids, want) {
		t.Errorf("merged: %v, want %v", ids, want)
	}
	mine, _ := merged.ByID("libero-2023-01")
	if mine.Name.It != "Libero, as I saw it" || len(mine.Phases) != 1 {
		t.Errorf("the user's outage did not take the place of the built-in one: %+v", mine.Name)
	}
	if got := merged.Sources[mine.Sources[0]]; got != "what I saw myself" {
		t.Errorf("the user's source became %q", got)
	}
	if got := merged.Sources[mine.Phases[0].From.Sources[0]]; got != "what I saw myself" {
		t.Errorf("the source of the user's boundary became %q", got)
	}
	if !strings.HasPrefix(merged.Sources["FAQ-JAN"], "Radio Roma") {
		t.Errorf("the built-in source became %q", merged.Sources["FAQ-JAN"])
	}
	if outageOf(t, "libero-2023-01").Name.It == mine.Name.It || user.Outages[1].Sources[0] != "FAQ-JAN" {
		t.Error("merging changed what was merged")
	}
}

// Twelve other outages fit the shape of the catalogue.
func TestComparables(t *testing.T) {
	data, err := os.ReadFile("testdata/comparables.toml")
	if err != nil {
		t.Fatal(err)
	}
	c, problems := Parse("comparables.toml", data)
	if len(problems) > 0 || len(c.Outages) != 12 {
		t.Fatalf("%d outages, problems %+v", len(c.Outages), problems)
	}
	gmail, _ := c.ByID("gmail-2020-12")
	for _, w := range []struct {
		at      string
		phase   int
		outside bool
	}{
		{"2020-12-14 23:30", 0, false},
		{"2020-12-15 06:00", -1, false}, // the pause between the two windows
		{"2020-12-15 21:00", 1, false},
		{"2020-12-14 20:00", -1, true},
		{"2020-12-16 12:00", -1, true},
	} {
		f := gmail.PhaseAt(at(t, w.at))
		if f.Phase != w.phase || (f.Before || f.After) != w.outside {
			t.Errorf("Gmail at %s: %+v", w.at, f)
		}
	}
	rackspace, _ := c.ByID("rackspace-hex-2022-12")
	if f := rackspace.PhaseAt(at(t, "2026-01-01 00:00")); f.Phase != 0 || f.After || !rackspace.End.Open() {
		t.Errorf("an outage without an end ended: %+v", f)
	}
	aruba, _ := c.ByID("aruba-2011-04")
	if f := aruba.PhaseFor(at(t, "2011-04-29 10:00"), 0, "refused"); f.Phase != 0 || f.Unexplained {
		t.Errorf("Aruba 2011, refused: %+v", f)
	}
	gmx, _ := c.ByID("gmx-webde-2021-03")
	if f := gmx.PhaseFor(at(t, "2021-03-12 10:00"), 421, "reply"); f.Phase != 0 || f.Unexplained {
		t.Errorf("GMX, put off: %+v", f)
	}
}
