package session

import (
	"strconv"
	"strings"

	"rimbalzo/internal/checklist"
	"rimbalzo/internal/outage"
)

// PhaseRow is a phase as a line of a table, in words.
type PhaseRow struct {
	ID        string
	Number    string // its place, as it stands in the drawing
	Title     string
	From, To  string
	Notice    string // who gives notice
	Fate      string // what became of the mail, and how sure that is
	Yours     string // what of the person's mail fell in it
	Empty     bool   // nothing of it
	Behaviour outage.Behaviour
	Sources   []Citation
	Words     string // the whole line, read aloud
}

// PhaseRows words the phases of an outage with what fell in them.
func (e Explainer) PhaseRows(o *checklist.OutageCount) []PhaseRow {
	w := e.Words
	rows := make([]PhaseRow, 0, len(o.Outage.Phases))
	for i := range o.Outage.Phases {
		p := &o.Outage.Phases[i]
		var n checklist.PhaseCount
		if i < len(o.Phases) {
			n = o.Phases[i]
		}
		r := PhaseRow{
			ID: p.ID, Number: strconv.Itoa(i + 1), Title: Line(p.Title.In(w.Lang()), MaxSubject), From: e.Edge(p.From), To: e.Edge(p.To),
			Notice: e.known("outage.bounce-by.", p.BounceBy), Fate: e.fate(p), Empty: n == checklist.PhaseCount{},
			Behaviour: p.Behaviour, Sources: e.citations(p.Sources), Yours: w.T("window.none-fell"),
		}
		if !r.Empty {
			r.Yours = w.N("window.messages", n.Messages) + ", " + w.N("window.bounces", n.Bounces)
		}
		r.Words = sentence(w.T("outagepage.phase", "N", r.Number, "Of", len(o.Outage.Phases), "Title", r.Title),
			e.Between(p.From, p.To), e.behaviour(p), r.Notice, r.Fate, w.T("outagepage.yours", "Yours", r.Yours))
		rows = append(rows, r)
	}
	return rows
}

// known gives the sentence of an id of the catalogue, "" where the catalogue says nothing.
func (e Explainer) known(prefix, id string) string {
	if id == "" || !e.Words.Has(prefix+id) {
		return ""
	}
	return e.Words.T(prefix + id)
}

func (e Explainer) behaviour(p *outage.Phase) string {
	what := e.known("outage.behaviour.", string(p.Behaviour))
	if what == "" {
		return ""
	}
	return e.Words.T("outagepage.provider-did", "What", what)
}

// fate says what became of a phase's mail, and how sure that is.
func (e Explainer) fate(p *outage.Phase) string {
	var list, sure []string
	for _, f := range p.Fate {
		if text := e.known("outage.fate.", f); text != "" {
			list = append(list, text)
		}
	}
	for _, text := range []string{e.known("outage.basis.", p.Basis), e.known("outage.confidence.", p.Confidence)} {
		if text != "" {
			sure = append(sure, text)
		}
	}
	text := opening(strings.Join(list, ", "))
	switch {
	case text == "":
		return strings.Join(sure, ", ")
	case len(sure) == 0:
		return text
	}
	return text + " (" + strings.Join(sure, ", ") + ")"
}
