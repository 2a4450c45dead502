package session

import (
	"cmp"
	"slices"
	"strings"

	"rimbalzo/internal/checklist"
	"rimbalzo/internal/outage"
)

// OwnChecks is the id of the own checks among what the page of outages can show. No outage has it: an id is letters and digits.
const OwnChecks = "*"

// Known is something that the page of outages can show: an outage, or the own checks alone.
type Known struct {
	ID     string
	Title  string // in the choice
	Origin string // how it is known of
	Count  checklist.OutageCount
	Found  bool // concluded from the mail: no provider and no press said it
	fell   int  // how many messages
}

// mostKnown bounds the choice; a hostile catalogue may hold anything.
const mostKnown = 200

// Known lists what there is to show: outages that the mail touched, then others that are known, the newest first, then the
// own checks, if there are any.
func (e Explainer) Known(r checklist.Report, c *outage.Catalogue, checks bool) []Known {
	w := e.Words
	found := map[string]bool{}
	for _, o := range r.Found {
		found[o.ID] = true
	}
	var list []Known
	have := map[string]bool{}
	add := func(o checklist.OutageCount, touched bool) {
		if have[o.Outage.ID] || o.Outage.ID == "" || len(list) == mostKnown {
			return
		}
		have[o.Outage.ID] = true
		k := Known{ID: o.Outage.ID, Count: o, Found: found[o.Outage.ID]}
		for _, n := range o.Phases {
			k.fell += n.Messages
		}
		name := Line(o.Outage.Name.In(w.Lang()), MaxSubject)
		switch {
		case k.Found:
			k.Title, k.Origin = w.T("outagepage.choice.found", "Name", name), w.T("outagepage.origin.found")
		case touched:
			k.Title, k.Origin = w.T("outagepage.choice.touched", "Name", name), w.T("outagepage.origin.known")
		default:
			k.Title, k.Origin = w.T("outagepage.choice.known", "Name", name), w.T("outagepage.origin.known-only")
		}
		list = append(list, k)
	}
	for _, o := range r.Outages {
		add(o, true)
	}
	touched := len(list)
	for _, o := range c.Outages {
		add(checklist.OutageCount{Outage: o}, false)
	}
	newest := func(a, b Known) int {
		return cmp.Or(b.Count.Outage.Start.At.Compare(a.Count.Outage.Start.At), strings.Compare(a.ID, b.ID))
	}
	slices.SortStableFunc(list[:touched], newest)
	slices.SortStableFunc(list[touched:], newest)
	if checks {
		list = append(list, Known{ID: OwnChecks, Title: w.T("outagepage.own"), Origin: w.T("outagepage.own.what")})
	}
	return list
}

// FirstOf gives the id of what is shown first: the outage in which most of the mail fell, else the own checks, else the newest.
func FirstOf(list []Known) string {
	best, most := "", 0
	for _, k := range list {
		if k.fell > most {
			best, most = k.ID, k.fell
		}
	}
	switch n := len(list); {
	case most > 0 || n == 0:
		return best
	case list[n-1].ID == OwnChecks:
		return OwnChecks
	}
	return list[0].ID
}

// Access says in lines what the owners of mailboxes could reach, and when.
func (e Explainer) Access(o *outage.Outage) (lines []string) {
	w := e.Words
	for _, a := range o.Access[:min(len(o.Access), mostPieces)] {
		when := e.Between(a.From, a.To)
		lines = append(lines, w.T("outagepage.access.line", "Channel", opening(e.known("outage.channel.", a.Channel)), "State", e.known("outage.state.", a.State), "When", when))
	}
	return lines
}

// Conflicts says in lines on what the sources contradict each other, and what the program goes by.
func (e Explainer) Conflicts(o *outage.Outage) (lines []string) {
	lang := e.Words.Lang()
	for _, c := range o.Conflicts[:min(len(o.Conflicts), mostPieces)] {
		var values []string
		for _, v := range c.Values {
			values = append(values, Line(v.In(lang), maxOwn))
		}
		lines = append(lines, e.Words.T("outagepage.conflict", "Topic", Line(c.Topic.In(lang), maxOwn), "Values", strings.Join(values, "; "), "Chosen", Line(c.Chosen.In(lang), maxOwn)))
	}
	return lines
}
