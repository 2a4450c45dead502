package about

import (
	"os"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"

	"rimbalzo/app/licences"
	"rimbalzo/internal/outage"
	"rimbalzo/internal/provider"
	"rimbalzo/internal/words"
)

// TestParts: of everything that is linked, the name, the licences and their text are there.
func TestParts(t *testing.T) {
	text, err := licences.Text()
	if err != nil {
		t.Fatal(err)
	}
	parts := Parts(text)
	seen := map[string]bool{}
	for _, p := range parts {
		seen[p.Name] = true
		if p.Licences == "" || len(p.Text) < 200 || p.Version == "" && p.Name != "std" {
			t.Errorf("%+v", p)
		}
	}
	for _, name := range []string{"fyne.io/fyne/v2", "modernc.org/sqlite", "github.com/spf13/cobra", "std"} {
		if !seen[name] {
			t.Errorf("%s is missing among %d parts", name, len(parts))
		}
	}
}

func TestPartsOfOtherTexts(t *testing.T) {
	for text, want := range map[string]int{"": 0, "no list\n": 0, "  a v1 (MIT)\n": 1, "  a v1 (MIT)\n" + rule + "b, LICENSE\n\ntext": 1, "  \n": 0} {
		if got := Parts(text); len(got) != want {
			t.Errorf("%q: %+v", text, got)
		}
	}
}

func FuzzParts(f *testing.F) {
	f.Add("head\n\n  a v1 (MIT)\n  b v2 (MIT, ISC)\n" + rule + "a, LICENSE\nb, COPYING\n\ntext\n")
	f.Fuzz(func(t *testing.T, text string) {
		for _, p := range Parts(text) {
			if p.Name == "" || !strings.Contains(text, p.Name) || len(p.Text) > 2*len(text) {
				t.Fatalf("part %q with %d bytes of text out of %d", p.Name, len(p.Text), len(text))
			}
		}
	})
}

// TestSources: whatever a fact rests on is named, with its address apart.
func TestSources(t *testing.T) {
	c := outage.Builtin()
	rests := Outages(c, "en")
	if len(rests) != len(c.Outages) {
		t.Fatalf("%d of %d outages have sources", len(rests), len(c.Outages))
	}
	links := 0
	for _, r := range append(rests, Providers(provider.Builtin())...) {
		if r.Name == "" || len(r.Sources) == 0 {
			t.Errorf("%+v", r)
		}
		for _, s := range r.Sources {
			if s.Note == "" && s.Link == "" || strings.Contains(s.Note, "https://") && s.Link == "" {
				t.Errorf("%s: %+v", r.Name, s)
			}
			if s.Link != "" {
				links++
			}
		}
	}
	if links < 30 {
		t.Errorf("only %d links", links)
	}
	hostile := &outage.Catalogue{Sources: map[string]string{"A": "x\u202e\n\x1b[2J javascript:alert(1)"}, Outages: []outage.Outage{{Name: outage.Text{En: "n\n"}, Sources: []string{"A", "B"}}}}
	if got := Outages(hostile, "en"); len(got) != 1 || len(got[0].Sources) != 1 || strings.ContainsAny(got[0].Name+got[0].Sources[0].Note, "\u202e\n\x1b") || got[0].Sources[0].Link != "" {
		t.Errorf("%+v", got)
	}
}

func TestPromises(t *testing.T) {
	for _, lang := range words.Languages {
		for i, p := range Promises(words.New(lang)) {
			if strings.HasPrefix(p, "about.") {
				t.Errorf("%s: promise %s has no sentence", lang, promises[i])
			}
		}
	}
}

// TestLicence holds the licence that is shown to the one of the project.
func TestLicence(t *testing.T) {
	var app struct{ Owner struct{ Licence string } }
	data, err := os.ReadFile("../../FyneApp.toml")
	if err == nil {
		_, err = toml.Decode(string(data), &app)
	}
	text, err2 := os.ReadFile("../../LICENSE")
	if err != nil || err2 != nil || app.Owner.Licence != Licence || !strings.HasPrefix(string(text), Licence+" License") {
		t.Errorf("%v %v: FyneApp.toml says %q, LICENSE %.40q", err, err2, app.Owner.Licence, text)
	}
}
