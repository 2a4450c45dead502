package board

import (
	"time"

	"rimbalzo/app/window/session"
	"rimbalzo/internal/advice"
	"rimbalzo/internal/checklist"
)

// entry is what a row shows.
type entry struct {
	header        bool
	title, dates  string // of a header
	verdict       advice.Verdict
	word, brief   string
	subject       string
	recipient     string
	note          string
	sent, sentDay string // with its time of day, and without where the list is narrow
	ticked        bool
	reopened      bool
	chosen        bool
	here          bool // the keys are on it
}

// entry gives what a row shows of a message.
func (b *Page) entry(it *advice.Item, now time.Time, chosen, here bool) entry {
	w := b.Words
	e := entry{
		verdict: it.Verdict, word: checklist.Verdict(it, w), subject: b.expl.Subject(it),
		recipient: session.Line(it.Recipient, session.MaxAddress), note: b.Ticks.Note(it), chosen: chosen, here: here,
	}
	e.sent, e.sentDay = b.expl.SentBrief(it)
	if e.brief = b.expl.Countdown(it, now); e.brief == "" {
		e.brief = b.expl.Brief(it)
	}
	word := b.Ticks.Word(it)
	switch {
	case word == "":
	case session.Reopened(it, b.Ticks):
		e.reopened, e.brief = true, w.T("board.reopened")
	default:
		e.ticked, e.brief = true, w.T("board.word."+string(word))
	}
	return e
}

// headed gives the title of a group and what stands below it.
func (b *Page) headed(h *session.Head) (title, below string) {
	w := b.Words
	below = w.N("window.messages", h.Count)
	switch {
	case h.Phase != nil:
		if h.Phase.Phase != nil && h.Phase.Other == nil {
			below = b.expl.PhaseDates(*h.Phase.Phase) + " · " + below
		}
		return h.Phase.Title(w), below
	case h.Recipient != "":
		return session.Line(h.Recipient, session.MaxAddress), below
	}
	return w.T("board.step." + h.Step.ID()), below
}

// spoken is what a screen reader says of a row.
func (e entry) spoken() string {
	if e.header {
		return e.title + ", " + e.dates
	}
	text := e.word
	for _, part := range []string{e.brief, e.subject, e.recipient, e.sent, e.note} {
		if part != "" {
			text += ", " + part
		}
	}
	return text
}
