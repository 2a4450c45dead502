package outage

import (
	"cmp"
	"embed"
	"maps"
	"slices"
	"strings"
	"sync"
)

//go:embed catalogue/*.toml
var builtinFiles embed.FS

// Builtin is the catalogue that comes with the program. Everybody shares it: it is not to be changed.
func Builtin() *Catalogue { return builtin() }

// The files are part of the program and a test reads each of them without a problem, so problems are not looked at here.
var builtin = sync.OnceValue(func() *Catalogue {
	all := &Catalogue{}
	entries, _ := builtinFiles.ReadDir("catalogue")
	for _, e := range entries {
		data, _ := builtinFiles.ReadFile("catalogue/" + e.Name())
		one, _ := Parse(e.Name(), data)
		all = all.Merge(one)
	}
	return all
})

// ByID is the outage of that id. It is the catalogue's own: not to be changed.
func (c *Catalogue) ByID(id string) (*Outage, bool) {
	for i := range c.Outages {
		if c.Outages[i].ID == id {
			return &c.Outages[i], true
		}
	}
	return nil, false
}

// ByDomain lists the outages that affected a mail domain, the earliest first; upper and lower case are the same.
func (c *Catalogue) ByDomain(domain string) []*Outage {
	domain = strings.ToLower(strings.TrimSuffix(domain, "."))
	var found []*Outage
	for i := range c.Outages {
		if slices.Contains(c.Outages[i].Domains, domain) {
			found = append(found, &c.Outages[i])
		}
	}
	return found
}

// Merge is the catalogue with the user's outages added; one of the user's takes the place of one with the same id.
// Where the user gave a source's key another citation, the user's keeps its meaning under a new key.
func (c *Catalogue) Merge(user *Catalogue) *Catalogue {
	merged := &Catalogue{Sources: maps.Clone(c.Sources)}
	if merged.Sources == nil {
		merged.Sources = map[string]string{}
	}
	renamed := map[string]string{}
	for _, key := range slices.Sorted(maps.Keys(user.Sources)) {
		free := key
		for merged.Sources[free] != "" && merged.Sources[free] != user.Sources[key] {
			free += "'"
		}
		merged.Sources[free] = user.Sources[key]
		renamed[key] = free
	}
	for _, o := range c.Outages {
		if _, over := user.ByID(o.ID); !over {
			merged.Outages = append(merged.Outages, o)
		}
	}
	for _, o := range user.Outages {
		merged.Outages = append(merged.Outages, withSources(o, renamed))
	}
	inOrder(merged.Outages)
	return merged
}

// inOrder sorts by start and id, so that what people see does not depend on the order of files.
func inOrder(outages []Outage) {
	slices.SortStableFunc(outages, func(a, b Outage) int {
		return cmp.Or(a.Start.At.Compare(b.Start.At), strings.Compare(a.ID, b.ID))
	})
}

// withSources is a copy of the outage whose source keys are renamed.
func withSources(o Outage, renamed map[string]string) Outage {
	o.Phases = slices.Clone(o.Phases)
	o.Access = slices.Clone(o.Access)
	o.Statements = slices.Clone(o.Statements)
	o.Conflicts = slices.Clone(o.Conflicts)
	lists := []*[]string{&o.Sources, &o.Start.Sources, &o.End.Sources}
	for i := range o.Phases {
		p := &o.Phases[i]
		lists = append(lists, &p.Sources, &p.From.Sources, &p.To.Sources, &p.Hold.Sources)
	}
	for i := range o.Access {
		a := &o.Access[i]
		lists = append(lists, &a.Sources, &a.From.Sources, &a.To.Sources)
	}
	for i := range o.Statements {
		lists = append(lists, &o.Statements[i].Sources, &o.Statements[i].At.Sources)
	}
	for i := range o.Conflicts {
		lists = append(lists, &o.Conflicts[i].Sources)
	}
	for _, list := range lists {
		*list = slices.Clone(*list)
		for i, key := range *list {
			(*list)[i] = cmp.Or(renamed[key], key)
		}
	}
	return o
}
