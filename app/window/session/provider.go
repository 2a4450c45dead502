package session

import (
	"rimbalzo/internal/outage"
)

// Provider is what the provider of an outage said and where it tells more, in our own words and never in its own.
type Provider struct {
	Note     string // that these are paraphrases
	Said     []Statement
	HelpLine string // sentences; "" for none
	Page     string
	PageLink string // the page's address, "" for none
	Warning  string
}

// Statement is one thing that the provider said, paraphrased.
type Statement struct {
	When, Text string
	Kept       string // whether it was kept, "" where nobody knows
	Broken     bool   // it was not
	Sources    []Citation
}

// Provider words what is known of an outage's provider; nil where nothing is.
func (e Explainer) Provider(o *outage.Outage) *Provider {
	w := e.Words
	p := &Provider{Warning: Lines(o.Warning.In(w.Lang()), maxOwn)}
	if o.HelpLine != "" {
		p.HelpLine = w.T("window.help-line", "Text", Line(o.HelpLine, maxOwn))
	}
	if o.NoticePage != "" {
		c := cite(o.NoticePage)
		p.Page, p.PageLink = w.T("window.notice-page"), c.Link
		if p.PageLink == "" {
			p.Page = w.T("window.notice-page-named", "Text", c.Note)
		}
	}
	for _, s := range o.Statements {
		line := Statement{Text: Lines(s.Text.In(w.Lang()), maxOwn), Broken: s.Kept == "no", Sources: e.citations(s.Sources)}
		if m := newMark(s.At, w, e.Zone); m.Clock != "" {
			line.When = m.Day + " " + m.Clock
		} else {
			line.When = m.Day
		}
		if s.Kept != "" {
			line.Kept = w.T("outage.kept." + s.Kept)
		}
		p.Said = append(p.Said, line)
	}
	if len(p.Said) > 0 {
		p.Note = w.T("outage.paraphrase")
	}
	if len(p.Said) == 0 && p.HelpLine == "" && p.Page == "" && p.Warning == "" {
		return nil
	}
	return p
}
