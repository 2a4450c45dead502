package bounce

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// Decode reads one message and reports what it says. It never fails on what the message says, only on what r says, and it
// works on the beginning of a message as on the whole. A message that its header shows to be ordinary mail is not read any
// further than that; nothing is promised about how far r is read.
func Decode(r io.Reader) (Report, error) {
	in := newLines(r)
	defer in.close()
	m := &message{head: readHeader(in, nil, true)}
	m.media = parseMedia(m.head.get("Content-Type"))
	rep := Report{Kind: KindNotABounce, BouncedAt: parseDate(m.head.get("Date"))}
	if len(m.head.fields) == 0 {
		rep.Kind, rep.Why = KindUnreadable, "no-header"
		return rep, readError(in)
	}
	s := sift(m.head, m.media)
	if !s.worthReading() {
		rep.Why, rep.Confidence = "ordinary", Certain
		return rep, readError(in)
	}
	readBody(in, m)
	interpret(&rep, m, s)
	return rep, readError(in)
}

func readError(in *lines) error {
	if in.err != nil {
		return fmt.Errorf("reading a message: %w", in.err)
	}
	return nil
}

// interpret turns a message that was worth reading into a report.
func interpret(rep *Report, m *message, s signs) {
	rep.Text = oneText(humanStart(m))
	switch {
	case s.pec && readPEC(rep, m):
	case m.part("message/feedback-report") != nil, s.subject&saysSubjectComplaint != 0 && m.part("message/rfc822") != nil:
		readFeedback(rep, m)
	case m.part("message/disposition-notification") != nil || m.part("message/global-disposition-notification") != nil:
		readReceipt(rep, m)
	case readStatus(rep, m, s):
	case isAutoReply(m, s):
		readAutoReply(rep, m)
	default:
		readFree(rep, m, s)
	}
	if rep.Kind == KindNotABounce {
		rep.Recipients = nil
		if rep.Why == "" {
			rep.Why, rep.Confidence = "no-report", Likely
		}
	}
}

// part gives the first part of that type; nil where there is none.
func (m *message) part(kinds ...string) *part {
	for i := range m.parts {
		for _, k := range kinds {
			if m.parts[i].kind == k {
				return &m.parts[i]
			}
		}
	}
	return nil
}

// humanText gives the text for people: plain text where there is some, else HTML.
func humanText(m *message) string {
	if !m.hasHuman {
		m.human, m.hasHuman = joinText(m), true
	}
	return m.human
}

// humanStart gives the beginning of the text for people, about usualText of it. The rest of a long text is mostly the returned message, and need not be decoded.
func humanStart(m *message) string {
	if p := m.longText(); p != nil {
		if m.start == "" {
			m.start = decodeText(p.raw[:usualText], p.charset)
		}
		return m.start
	}
	text := humanText(m)
	end := min(len(text), usualText)
	for end > 0 && end < len(text) && !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end]
}

// longText gives the only text of a message when it is long, plain, and not decoded yet; nil else.
func (m *message) longText() *part {
	var only *part
	for i := range m.parts {
		p := &m.parts[i]
		if strings.HasPrefix(p.kind, "text/") && !isHeaderPart(p.kind) && !isReportPart(p.kind) {
			if only != nil {
				return nil
			}
			only = p
		}
	}
	if only == nil || m.hasHuman || only.kind != "text/plain" || len(only.raw) <= usualText || isEncoded(only.encoding) || !singleByte(only.charset) || looksLikePage(only.raw[:usualText]) {
		return nil
	}
	return only
}

func joinText(m *message) string {
	if p := m.onlyText(); p != nil {
		return p.text()
	}
	var plain, page strings.Builder
	var pages []*part
	for i := range m.parts {
		p := &m.parts[i]
		switch {
		case p.kind == "text/html":
			pages = append(pages, p)
		case strings.HasPrefix(p.kind, "text/") && !isHeaderPart(p.kind) && !isReportPart(p.kind), !strings.Contains(p.kind, "/"):
			if looksLikePage(p.text()) {
				pages = append(pages, p)
			} else {
				plain.WriteString(p.text())
			}
			plain.WriteByte('\n')
		}
	}
	if strings.TrimSpace(plain.String()) != "" {
		return plain.String()
	}
	for _, p := range pages {
		page.WriteString(htmlText(p.text()))
		page.WriteByte('\n')
	}
	return page.String()
}

// onlyText gives the one plain text of a message that has no other text; nil else.
func (m *message) onlyText() *part {
	var only *part
	for i := range m.parts {
		p := &m.parts[i]
		if !strings.HasPrefix(p.kind, "text/") && strings.Contains(p.kind, "/") || isHeaderPart(p.kind) || isReportPart(p.kind) {
			continue
		}
		if only != nil || p.kind != "text/plain" || looksLikePage(p.text()) {
			return nil
		}
		only = p
	}
	return only
}

func looksLikePage(text string) bool {
	start := strings.TrimLeft(text[:min(len(text), 200)], " \t\r\n")
	if !strings.HasPrefix(start, "<") {
		return false
	}
	start = strings.ToLower(start)
	return strings.HasPrefix(start, "<html") || strings.HasPrefix(start, "<!doctype")
}

// returnedHeader gives the returned message's header, whichever part holds it.
func returnedHeader(m *message) header {
	for i := range m.parts {
		p := &m.parts[i]
		switch {
		case p.enclosed != nil && len(p.enclosed.head.fields) > 0:
			return p.enclosed.head
		case isHeaderPart(p.kind):
			if h := headerOf(strings.TrimLeft(p.text(), "\r\n")); len(h.fields) > 0 {
				return h
			}
		}
	}
	return header{}
}

// oneText keeps the beginning of a text, at most 2 KB, without control characters but line ends.
func oneText(s string) string {
	const most = 1024
	s = strings.TrimSpace(s)
	var b strings.Builder
	b.Grow(min(len(s), most))
	for s != "" && b.Len() < most-8 {
		var line string
		line, s, _ = strings.Cut(s, "\n")
		if b.Len() > 0 {
			b.WriteByte('\n')
		}
		writeLine(&b, trimStart(trimEnd(line)), most-b.Len())
	}
	return strings.TrimSpace(b.String())
}
