package checklist

import (
	"bufio"
	"strconv"
	"strings"

	"rimbalzo/internal/advice"
	"rimbalzo/internal/outage"
)

// writeText writes the table for a terminal: the sum and the first step, the outages with their phases, the messages by
// phase, and what could not be used. It is plain text without colours.
func writeText(out *bufio.Writer, r Report, o Options) error {
	t := textWriter{out: out, o: o}
	t.opening(r)
	for _, c := range newPlaces(r).outages {
		t.outage(c)
	}
	t.measure(r)
	for _, g := range Group(r) {
		t.group(g)
	}
	t.notes("checklist.notyours", r.NotYours)
	t.notes("checklist.unreadable", r.Unreadable)
	t.line()
	t.paragraph(0, o.made(r))
	return t.err
}

// textWriter writes lines and keeps the first error. Its widths are those of the columns of the list.
type textWriter struct {
	out                         *bufio.Writer
	o                           Options
	err                         error
	verdict, recipient, subject int
}

// sentColumn is the width of "26 gen 18:00", the gaps between columns are two, the box to tick takes four. The reasons of
// a message get two lines: all of them are in the other forms and in "explain".
const (
	sentColumn = 12
	gap        = 2
	box        = 4
	whyLines   = 2
)

func (t *textWriter) line(parts ...string) {
	if t.err != nil {
		return
	}
	_, t.err = t.out.WriteString(strings.TrimRight(strings.Join(parts, ""), " ") + "\n")
}

func (t *textWriter) paragraph(indent int, s string) {
	for _, line := range wrap(s, t.o.Width-indent) {
		t.line(strings.Repeat(" ", indent), line)
	}
}

func (t *textWriter) heading(s, rule string) {
	t.line()
	longest := 0
	for _, line := range wrap(s, t.o.Width) {
		t.line(line)
		longest = max(longest, cells.StringWidth(line))
	}
	t.line(strings.Repeat(rule, min(longest, t.o.Width)))
}

func (t *textWriter) opening(r Report) {
	w := t.o.Words
	t.paragraph(0, w.T("checklist.title", "Time", t.o.local(r.At)))
	if r.Demo {
		t.paragraph(0, w.T("checklist.demo"))
	}
	t.line()
	t.paragraph(0, Headline(r, t.o))
	t.paragraph(0, FirstStep(r, t.o))
	if found := foundNote(r, t.o); found != "" {
		t.paragraph(0, found)
	}
	for _, note := range queueNotes(r, t.o) {
		t.paragraph(0, note)
	}
	t.paragraph(0, t.o.zoneNote())
}

func (t *textWriter) outage(c *OutageCount) {
	w := t.o.Words
	t.heading(outageName(&c.Outage, w), "=")
	if len(c.Outage.Phases) == 0 {
		return
	}
	bounces, messages := w.T("checklist.col.bounces"), w.T("checklist.col.messages")
	b, m := cells.StringWidth(bounces), cells.StringWidth(messages)
	span := 2*(sentColumn+cells.StringWidth(w.T("checklist.about", "Time", ""))) + 3
	title := t.o.Width - 3 - span - b - m - 3*gap
	pad := strings.Repeat(" ", gap)
	t.line("   ", fit(w.T("checklist.col.phase"), title), pad, fit(w.T("checklist.col.span"), span), pad, bounces, pad, messages)
	for i := range c.Outage.Phases {
		p := &c.Outage.Phases[i]
		n := c.count(i)
		lines := append(wrap(phaseTitle(p, p.ID, w), title), "") // one line at least
		t.line(fit(strconv.Itoa(i+1), 3), fit(lines[0], title), pad, fit(t.o.span(p), span), pad,
			right(w.Number(n.Bounces), b), pad, right(w.Number(n.Messages), m))
		for _, line := range lines[1:] {
			if line != "" {
				t.line("   ", cut(line, title))
			}
		}
	}
}

func right(s string, n int) string { return strings.Repeat(" ", max(0, n-cells.StringWidth(s))) + s }

// measure shares out the width: the verdicts get what they need, the addresses what the longest one needs as far as 20
// columns are left for subjects.
func (t *textWriter) measure(r Report) {
	longest := 16
	for i := range r.Items {
		item := &r.Items[i]
		t.verdict = max(t.verdict, cells.StringWidth(Verdict(item, t.o.Words)))
		longest = max(longest, cells.StringWidth(plain(item.Recipient, maxName)))
	}
	t.verdict = min(t.verdict, 20)
	rest := t.o.Width - box - t.verdict - sentColumn - 3*gap
	t.recipient = min(longest, rest-20)
	t.subject = rest - t.recipient
}

func (t *textWriter) group(g PhaseGroup) {
	title := g.Title(t.o.Words)
	if g.Phase != nil && g.Other == nil {
		title += " · " + t.o.span(g.Phase)
	}
	if g.Outage == nil && g.OutageID != "" {
		title = plain(g.OutageID, maxSubject) + ": " + title
	}
	t.heading(title, "-")
	for _, item := range g.Items {
		t.item(item)
		if t.err != nil {
			return
		}
	}
}

func (t *textWriter) item(item *advice.Item) {
	w := t.o.Words
	mark := "    "
	switch {
	case t.o.ticked(item):
		mark = "[x] "
	case stepOf(item).todo():
		mark = "[ ] "
	}
	pad := strings.Repeat(" ", gap)
	sent := ""
	if !item.SentAt.IsZero() {
		sent = w.ShortTime(t.o.local(item.SentAt.In(t.o.Zone)))
	}
	address := recipient(item, w)
	shown := cut(address, t.recipient)
	t.line(mark, fit(Verdict(item, w), t.verdict), pad, fit(shown, t.recipient), pad,
		fit(subject(item, w), t.subject), pad, sent)
	indent := box + t.verdict + gap
	if shown != address {
		t.paragraph(indent, address)
	}
	if note := t.o.note(item); note != "" {
		t.paragraph(indent, note)
	}
	why := strings.Join(Why(item, t.o), " ")
	if more := detail(item, t.o); more != "" {
		why = opening(more) + ". " + why
	}
	for _, line := range atMost(whyLines, why, t.o.Width-indent) {
		t.line(strings.Repeat(" ", indent), line)
	}
}

func (t *textWriter) notes(id string, notes []advice.Note) {
	if len(notes) == 0 {
		return
	}
	t.heading(t.o.Words.N(id, len(notes)), "-")
	for _, n := range notes {
		t.paragraph(2, Place(n.Source, t.o.Words))
		t.paragraph(4, NoteText(n, t.o))
	}
}

// span gives the times of a phase, saying where one is not exact.
func (o Options) span(p *outage.Phase) string {
	return o.boundary(p.From) + " – " + o.boundary(p.To)
}

func (o Options) boundary(b outage.Boundary) string {
	if b.At.IsZero() {
		return "?"
	}
	at := o.Words.ShortTime(o.local(b.At))
	if b.Precision == outage.Exact {
		return at
	}
	return o.Words.T("checklist.about", "Time", at)
}
