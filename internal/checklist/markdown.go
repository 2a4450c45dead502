package checklist

import (
	"bufio"
	"strings"
	"unicode"
	"unicode/utf8"

	"rimbalzo/internal/advice"
)

// writeMarkdown writes a task list by verdict (CommonMark with GitHub's task lists). What comes from mail stands in code
// spans, inside which nothing is markup; sentences that may hold some of it are escaped.
func writeMarkdown(out *bufio.Writer, r Report, o Options) error {
	m := markdownWriter{out: out, o: o}
	w := o.Words
	m.line("# ", escapeMarkdown(w.T("checklist.title", "Time", o.local(r.At))))
	if r.Demo {
		m.paragraph(w.T("checklist.demo"))
	}
	m.paragraph(Headline(r, o))
	m.paragraph(FirstStep(r, o))
	if found := foundNote(r, o); found != "" {
		m.paragraph(found)
	}
	for _, note := range queueNotes(r, o) {
		m.paragraph(note)
	}
	m.paragraph(o.zoneNote())
	m.items(r)
	for _, c := range newPlaces(r).outages {
		m.outage(c)
	}
	m.notes("checklist.notyours", r.NotYours)
	m.notes("checklist.unreadable", r.Unreadable)
	m.paragraph(o.made(r))
	return m.err
}

// markdownWriter writes lines and keeps the first error.
type markdownWriter struct {
	out *bufio.Writer
	o   Options
	err error
}

func (m *markdownWriter) line(parts ...string) {
	for _, s := range append(parts, "\n") {
		if m.err == nil {
			_, m.err = m.out.WriteString(s)
		}
	}
}

func (m *markdownWriter) paragraph(s string) {
	m.line()
	m.line(escapeMarkdown(s))
}

func (m *markdownWriter) items(r Report) {
	places := newPlaces(r)
	var last advice.Verdict
	for i, item := range Order(r) {
		if i == 0 || item.Verdict != last {
			last = item.Verdict
			m.line()
			m.line("## ", escapeMarkdown(verdict(last, m.o.Words)))
			m.paragraph(meaning(last, m.o.Words))
			m.line()
		}
		m.item(item, places.group(places.of(item)).Title(m.o.Words))
		if m.err != nil {
			return
		}
	}
}

func (m *markdownWriter) item(item *advice.Item, phase string) {
	w := m.o.Words
	box := "- "
	switch {
	case m.o.ticked(item):
		box = "- [x] "
	case stepOf(item).todo():
		box = "- [ ] "
	}
	m.line(box, code(recipient(item, w)), ", ", code(subject(item, w)), "  ")
	var facts []string
	if more := detail(item, m.o); more != "" {
		facts = append(facts, "**"+escapeMarkdown(opening(more))+"**")
	}
	if sent := m.o.stamp(item.SentAt); sent != "" {
		phase = w.T("checklist.sent", "Time", sent) + " · " + phase
	}
	facts = append(facts, escapeMarkdown(phase))
	if note := m.o.note(item); note != "" {
		facts = append(facts, escapeMarkdown(note))
	}
	for _, why := range Why(item, m.o) {
		facts = append(facts, escapeMarkdown(why))
	}
	// Two spaces at the end of a line break it; two at its start keep it in the list's item.
	if words := serverWords(deciding(item)); words != "" {
		facts = append(facts, escapeMarkdown(w.T("checklist.words"))+" "+code(words))
	}
	m.line("  ", strings.Join(facts, "  \n  "))
}

func (m *markdownWriter) outage(c *OutageCount) {
	w := m.o.Words
	m.line()
	m.line("## ", escapeMarkdown(outageName(&c.Outage, w)))
	m.line()
	for i := range c.Outage.Phases {
		p := &c.Outage.Phases[i]
		n := c.count(i)
		m.line("- ", escapeMarkdown(phaseTitle(p, p.ID, w)), ": ", escapeMarkdown(m.o.span(p)), " (",
			escapeMarkdown(w.N("checklist.bounces", n.Bounces)), ", ", escapeMarkdown(w.N("checklist.messages", n.Messages)), ")")
	}
}

func (m *markdownWriter) notes(id string, notes []advice.Note) {
	if len(notes) == 0 {
		return
	}
	m.line()
	m.line("## ", escapeMarkdown(m.o.Words.N(id, len(notes))))
	m.line()
	for _, n := range notes {
		m.line("- ", code(Place(n.Source, m.o.Words)), ": ", escapeMarkdown(NoteText(n, m.o)))
	}
}

// code gives s as a code span: its fence is longer than any run of backticks inside (CommonMark 0.31 section 6.1).
func code(s string) string {
	if s == "" {
		return ""
	}
	longest, run := 0, 0
	for _, r := range s {
		if r != '`' {
			run = 0
			continue
		}
		run++
		longest = max(longest, run)
	}
	if longest == 0 {
		return "`" + s + "`"
	}
	fence := strings.Repeat("`", longest+1)
	return fence + " " + s + " " + fence
}

// escapeMarkdown gives a sentence in which nothing is markup, a link, HTML or the start of a block. Words that a reader might
// link by itself, addresses and host names, become code spans: GitHub links an address even where "@" is escaped.
func escapeMarkdown(s string) string {
	var b strings.Builder
	for i, word := range strings.Split(s, " ") {
		if i > 0 {
			b.WriteByte(' ')
		}
		switch {
		case linkable(word):
			b.WriteString(code(word))
		case i == 0:
			b.WriteString(escapeStart(word))
		default:
			b.WriteString(escapeWord(word))
		}
	}
	return b.String()
}

// linkable reports whether a reader might make a link of a word: it holds "@", "://", or a dot before a letter.
func linkable(word string) bool {
	if strings.ContainsRune(word, '@') || strings.Contains(word, "://") {
		return true
	}
	for i, r := range word {
		if r != '.' {
			continue
		}
		if next, _ := utf8.DecodeRuneInString(word[i+1:]); next != utf8.RuneError && unicode.IsLetter(next) {
			return true
		}
	}
	return false
}

func escapeWord(word string) string {
	var b strings.Builder
	for _, r := range word {
		if strings.ContainsRune("\\`*_{}[]<>#|~&$!", r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// escapeStart escapes a line's first word, which could start a list, a heading or a rule.
func escapeStart(word string) string {
	digits := strings.TrimLeft(word, "0123456789")
	if len(digits) < len(word) && (strings.HasPrefix(digits, ".") || strings.HasPrefix(digits, ")")) {
		return word[:len(word)-len(digits)] + "\\" + digits[:1] + escapeWord(digits[1:])
	}
	if strings.HasPrefix(word, "-") || strings.HasPrefix(word, "+") || strings.HasPrefix(word, "=") {
		return "\\" + word[:1] + escapeWord(word[1:])
	}
	return escapeWord(word)
}
