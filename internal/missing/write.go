package missing

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"rimbalzo/internal/checklist"
	"rimbalzo/internal/words"
)

// Formats are the forms in which findings leave the program, in the order in which they are offered.
var Formats = []checklist.Format{checklist.Text, checklist.JSON, checklist.Markdown}

// Write writes r to out in one of [Formats]. It fails only as out does, or with [checklist.ErrFormat].
func Write(out io.Writer, format checklist.Format, r Result, o checklist.Options) error {
	if o.Words == nil {
		o.Words = words.New("en")
	}
	if o.Zone == nil {
		o.Zone = r.At.Location()
	}
	buf := bufio.NewWriter(out)
	var err error
	switch format {
	case checklist.JSON:
		err = writeJSON(buf, r, o)
	case checklist.Text, checklist.Markdown:
		writeList(&page{out: buf, markdown: format == checklist.Markdown, Options: o}, r)
	default:
		err = checklist.ErrFormat
	}
	if err == nil {
		err = buf.Flush() // keeps the first error of all writing
	}
	if err != nil {
		return fmt.Errorf("writing what is missing as %q: %w", format, err)
	}
	return nil
}

// page writes lines as plain text or as Markdown, in which words from mail are no markup.
type page struct {
	checklist.Options
	out      *bufio.Writer
	markdown bool
}

// Widths of the text form: lines are broken there, and what belongs to a finding stands below it.
const (
	columns = 100
	indent  = "    "
)

func (p *page) raw(s string) { _, _ = p.out.WriteString(s + "\n") } // the error is kept for Flush

// say writes a paragraph of its own.
func (p *page) say(s string) {
	p.raw("")
	p.lines("", s)
}

func (p *page) lines(before, s string) {
	if p.markdown {
		p.raw(before + checklist.MarkdownText(s))
		return
	}
	for _, line := range checklist.Wrap(s, columns-len(before)) {
		p.raw(before + line)
	}
}

func (p *page) heading(level int, s string) {
	if p.markdown {
		if level > 1 {
			p.raw("")
		}
		p.raw("######"[:level] + " " + checklist.MarkdownText(s))
		return
	}
	if level > 1 {
		p.raw("")
	}
	p.lines("", s)
	if level > 1 {
		p.raw(strings.Repeat("-", min(utf8.RuneCountInString(s), columns)))
	}
}

func writeList(p *page, r Result) {
	w := p.Words
	p.heading(1, w.T("missing.title", "Time", r.At.In(p.Zone)))
	for _, o := range r.Outages {
		if r.speaksOf(o.ID) {
			p.say(p.Sentence("missing.outage", map[string]any{"Name": o.Name}))
		}
	}
	for _, a := range r.Mailboxes {
		p.say(p.Sentence("missing.mailboxes", map[string]any{"List": a}))
	}
	if len(r.Findings) == 0 {
		p.say(w.T("missing.nothing"))
	} else {
		p.say(w.N("missing.found", len(r.Findings)+r.More))
		p.say(w.T("missing.ask"))
	}
	for _, n := range r.Notes {
		p.say(p.Sentence("missing.note."+n.Rule, n.Args))
	}
	for _, kind := range []Kind{Named, Gap, StruckOff} {
		p.kind(r, kind)
	}
	if r.More > 0 {
		p.say(w.N("missing.more", r.More))
	}
	p.requests(r)
	p.unreadable(r)
}

// speaksOf reports whether a finding belongs to an outage.
func (r *Result) speaksOf(id string) bool {
	return slices.ContainsFunc(r.Findings, func(f Finding) bool { return f.Outage == id })
}

func (p *page) kind(r Result, kind Kind) {
	begun := false
	for i := range r.Findings {
		f := &r.Findings[i]
		if f.Kind != kind {
			continue
		}
		if !begun {
			p.heading(2, p.Words.T("missing.kind."+string(kind)))
			begun = true
		}
		p.finding(f)
	}
}

func (p *page) finding(f *Finding) {
	w := p.Words
	subject := harmless(f.Subject)
	if subject == "" {
		subject = w.T("missing.nosubject")
	}
	p.raw("")
	first, rest := "", indent
	if p.markdown {
		first, rest = "- ", "  "
	}
	p.lines(first, w.T("missing.line", "Who", f.Title(), "Subject", subject))
	p.item(rest, w.T("missing.sure", "When", f.When(w, p.Zone), "Confidence", w.T("confidence."+string(f.Confidence))))
	for _, reason := range f.Reasons {
		p.item(rest, p.Sentence("missing.rule."+reason.Rule, reason.Args))
	}
}

// item writes a line that belongs to a finding: in Markdown an item of a list within it.
func (p *page) item(before, s string) {
	if p.markdown {
		before += "- "
	}
	p.lines(before, s)
}

// requests writes the ready texts: on a terminal in the person's language, in a file also in the other.
func (p *page) requests(r Result) {
	speak := []*words.Words{p.Words}
	if p.markdown {
		for _, lang := range words.Languages {
			if lang != p.Words.Lang() {
				speak = append(speak, words.New(lang))
			}
		}
	}
	begun := false
	for _, w := range speak {
		for _, q := range Requests(r, w, p.Zone) {
			if !begun {
				p.heading(2, p.Words.T("missing.requests"))
				begun = true
			}
			p.request(q, w)
		}
	}
}

// request writes one ready text, set off so that it can be copied; in Markdown as code, in which nothing is markup.
func (p *page) request(q Request, w *words.Words) {
	p.raw("")
	p.raw(indent + w.T("missing.request.to", "Address", harmless(q.To)))
	p.raw(indent + w.T("missing.request.about", "Text", q.Subject))
	p.raw("")
	for _, line := range lines(q.Text) {
		p.text(line)
	}
}

func (p *page) text(line string) {
	if line == "" {
		p.raw("")
		return
	}
	if p.markdown {
		p.raw(indent + line)
		return
	}
	for _, part := range checklist.Wrap(line, columns-len(indent)) {
		p.raw(indent + part)
	}
}

func (p *page) unreadable(r Result) {
	if len(r.Unreadable) == 0 {
		return
	}
	p.heading(2, p.Words.N("missing.unreadable", len(r.Unreadable)))
	p.raw("")
	for _, n := range r.Unreadable {
		first, rest := "", indent
		if p.markdown {
			first, rest = "- ", "  "
		}
		p.lines(first, checklist.Plain(n.Source, maxID))
		p.item(rest, checklist.NoteText(n, p.Options))
	}
}
