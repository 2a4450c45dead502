package about

import (
	"maps"
	"slices"

	"rimbalzo/app/help"
	"rimbalzo/internal/checklist"
	"rimbalzo/internal/outage"
	"rimbalzo/internal/provider"
)

// Source is where a fact was read.
type Source struct {
	Note string // one line
	Link string // "" for none
}

// Rest is what the facts about one thing rest on.
type Rest struct {
	Name    string
	Sources []Source // never empty
}

// maxSource bounds one citation, in characters: people write catalogues of their own.
const maxSource = 1000

// Outages gives the sources of each outage of a catalogue, in a language.
func Outages(c *outage.Catalogue, lang string) []Rest {
	var list []Rest
	for i := range c.Outages {
		o := &c.Outages[i]
		keys := map[string]bool{}
		cited := [][]string{o.Sources, o.Start.Sources, o.End.Sources}
		for _, p := range o.Phases {
			cited = append(cited, p.Sources, p.From.Sources, p.To.Sources, p.Hold.Sources)
		}
		for _, a := range o.Access {
			cited = append(cited, a.Sources)
		}
		for _, s := range o.Statements {
			cited = append(cited, s.Sources)
		}
		for _, s := range o.Conflicts {
			cited = append(cited, s.Sources)
		}
		for _, more := range cited {
			for _, k := range more {
				keys[k] = c.Sources[k] != ""
			}
		}
		var texts []string
		for _, k := range slices.Sorted(maps.Keys(keys)) {
			if keys[k] {
				texts = append(texts, c.Sources[k])
			}
		}
		list = add(list, o.Name.In(lang), texts)
	}
	return list
}

// Providers gives the sources of what is known of each provider's servers.
func Providers(d *provider.Directory) []Rest {
	var list []Rest
	for _, p := range d.Presets() {
		list = add(list, p.Name, p.Sources)
	}
	return list
}

func add(list []Rest, name string, texts []string) []Rest {
	r := Rest{Name: checklist.Plain(name, maxSource)}
	for _, t := range texts {
		note, link := help.Cite(t)
		r.Sources = append(r.Sources, Source{checklist.Plain(note, maxSource), checklist.Plain(link, maxSource)})
	}
	if len(r.Sources) == 0 {
		return list
	}
	return append(list, r)
}
