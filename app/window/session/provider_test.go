package session

import (
	"strings"
	"testing"
	"time"

	"rimbalzo/internal/outage"
	"rimbalzo/internal/words"
)

// TestProvider: what a provider said is shown with its time, whether it was kept, and where it can be read, and never as its
// own words.
func TestProvider(t *testing.T) {
	zone := time.FixedZone("CET", 3600)
	for _, lang := range []string{"it", "en"} {
		c := outage.Builtin()
		e := Explainer{Words: words.New(lang), Zone: zone, Sources: c.Sources}
		help, pages := 0, 0
		for i := range c.Outages {
			o := &c.Outages[i]
			p := e.Provider(o)
			if p == nil {
				if len(o.Statements) > 0 {
					t.Errorf("%s %s: nothing of %d statements", lang, o.ID, len(o.Statements))
				}
				continue
			}
			if len(p.Said) != len(o.Statements) || (len(p.Said) > 0) != (p.Note != "") {
				t.Errorf("%s %s: %d of %d statements, note %q", lang, o.ID, len(p.Said), len(o.Statements), p.Note)
			}
			for j, s := range p.Said {
				linked := false
				for _, c := range s.Sources {
					linked = linked || strings.HasPrefix(c.Link, "http")
				}
				if s.When == "" || s.Text == "" || !linked || strings.ContainsAny(s.Text, "«»“”\"") {
					t.Errorf("%s %s: statement %d is %+v", lang, o.ID, j, s)
				}
				if kept := o.Statements[j].Kept; (kept != "") != (s.Kept != "") || s.Broken != (kept == "no") {
					t.Errorf("%s %s: statement %d was kept: %q, shown %q", lang, o.ID, j, kept, s.Kept)
				}
			}
			if p.HelpLine != "" {
				help++
			}
			if p.PageLink != "" {
				pages++
			}
			if (p.Warning != "") != (o.Warning.In(lang) != "") {
				t.Errorf("%s %s: warning %q", lang, o.ID, p.Warning)
			}
		}
		if help == 0 || pages == 0 {
			t.Errorf("%s: %d help lines and %d pages", lang, help, pages)
		}
	}
	if p := (Explainer{Words: words.New("en"), Zone: zone}).Provider(&outage.Outage{}); p != nil {
		t.Errorf("of an outage of which nothing is known: %+v", p)
	}
}
