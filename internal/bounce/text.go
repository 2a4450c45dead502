package bounce

import (
	"strings"
	"unicode/utf8"
)

// Bounds of the free-text reader.
const (
	maxTextLines = 1500
	maxLineBytes = 4000
	usualText    = 8 << 10 // in most bounces the original has begun before
	maxFindings  = 500
	maxSearches  = 100 // recipients whose reasons are looked for all over the text
)

// textContext is what is known of a bounce before its text is read.
type textContext struct {
	own     []string // addresses of the bounce's own From and To: whom it is from and to, not about
	sentTo  []string // recipients that the returned header names
	failing []string // recipients that a header field of the bounce names as failed
}

// textReading is what the human-readable part of a bounce says.
type textReading struct {
	lines    []textLine
	says     meaning
	original header   // a returned header that stands in the text
	at       int      // the line of the text where it begins
	lower    []string // the lines with addresses in lower case, once they are asked for
	sentTo   []string // whom a returned header, in the text or beside it, names as recipients
	status   statusReport
	findings []*finding
}

// textLine is one line with what is known of it.
type textLine struct {
	text   string
	indent int
	para   int // number of its paragraph, blank lines between
	says   meaning
	answer answer
	block  bool // one of several fields that describe the original
}

// finding is a recipient that the text names.
type finding struct {
	addr   string
	alias  string // the address it was generated from, where told
	line   int
	score  int
	rule   string
	reason []string
	told   bool // the reason holds a reply or a cause
	gaveUp bool // the reason says only that the time was up
}

// readText reads free text: what it says as a whole, whom it names, and why it failed for each.
// Most texts end where the original begins, so the whole of a long one is asked for only when its beginning holds no original.
func readText(beginning string, whole func() string, ctx textContext) *textReading {
	t := &textReading{}
	lines := cutLines(beginning)
	body, at := splitOriginal(lines)
	if n, _ := headerBlock(lines[at:]); at+n == len(lines) && len(beginning) >= usualText-utf8.UTFMax {
		lines = cutLines(whole())
		body, at = splitOriginal(lines)
	}
	if at < len(lines) {
		n, _ := headerBlock(lines[at:])
		t.at, t.original = at, headerOf(dedent(lines[at:at+n]))
		if len(ctx.sentTo) == 0 {
			ctx.sentTo = recipientsOf(t.original)
		}
	}
	t.sentTo = ctx.sentTo
	t.annotate(body)
	t.findInlineStatus()
	t.findRecipients(ctx)
	t.gatherReasons()
	return t
}

// cutLines cuts a text into lines, bounded in number and length.
func cutLines(text string) []string {
	lines := make([]string, 0, min(strings.Count(text, "\n")+1, maxTextLines))
	for line := range strings.SplitSeq(text, "\n") {
		line = trimEnd(line)
		if len(line) > maxLineBytes {
			line = strings.ToValidUTF8(line[:maxLineBytes], "")
		}
		if strings.IndexByte(line, '\r') >= 0 { // bare CR as a line end
			lines = append(lines, strings.Split(line, "\r")...)
		} else {
			lines = append(lines, line)
		}
		if len(lines) >= maxTextLines {
			break
		}
	}
	return lines
}

// trimEnd cuts blanks off a line's end, also those of web pages. It runs over every line, where strings.TrimRight takes its time.
func trimEnd(s string) string {
	for n := len(s); n > 0; n = len(s) {
		switch c := s[n-1]; {
		case c == ' ' || c == '\t' || c == '\r':
			s = s[:n-1]
		case c == 0xa0 && n > 1 && s[n-2] == 0xc2:
			s = s[:n-2]
		default:
			return s
		}
	}
	return s
}

// trimStart is trimEnd for a line's start.
func trimStart(s string) string {
	for s != "" {
		switch c := s[0]; {
		case c == ' ' || c == '\t':
			s = s[1:]
		case c == 0xc2 && len(s) > 1 && s[1] == 0xa0:
			s = s[2:]
		default:
			return s
		}
	}
	return s
}

// annotate notes for each line its paragraph, what its phrases mean and the SMTP reply it holds. Phrases are looked for across line ends, since text is wrapped.
func (t *textReading) annotate(lines []string) {
	t.lines = make([]textLine, len(lines))
	book, state := phrases(), int32(0)
	para, blank := 0, true
	for i, text := range lines {
		trimmed := trimStart(text)
		if trimmed == "" {
			blank = true
		} else if blank {
			para, blank = para+1, false
		}
		l := &t.lines[i]
		l.text, l.indent, l.para = trimmed, len(text)-len(trimmed), para
		l.answer = findAnswer(trimmed)
		hear := func(id, start, _ int) {
			j := i
			for j > 0 && start < 0 { // it began on a line above
				j--
				start += len(lines[j])
			}
			t.lines[j].says |= book.bodyMean[id]
			t.says |= book.bodyMean[id]
		}
		state = book.body.resume(state, foldCase(trimmed), hear)
		if trimmed != "" {
			state = book.body.resume(state, " ", hear)
		}
	}
	t.markBlocks()
}

// markBlocks marks fields such as To, Subject and Date that stand together: they describe the original, as Exchange and Sun's servers quote it.
func (t *textReading) markBlocks() {
	for i := 0; i < len(t.lines); i++ {
		n, subject := 0, false
		for i+n < len(t.lines) {
			colon := strings.IndexByte(t.lines[i+n].text, ':')
			if colon < 2 || colon > 12 {
				break
			}
			name := strings.ToLower(strings.TrimSpace(t.lines[i+n].text[:colon]))
			if !describing[name] {
				break
			}
			subject = subject || name == "subject" || name == "message-id" || name == "date" || name == "sent"
			n++
		}
		if n >= 2 && subject {
			for j := i; j < i+n; j++ {
				t.lines[j].block = true
			}
		}
		i += n
	}
}

// describing are the fields in which a report describes the original.
var describing = map[string]bool{"to": true, "from": true, "subject": true, "date": true, "sent": true, "cc": true, "message-id": true, "message id": true, "size": true, "sender": true}

// fieldWord gives what may be the name of a field at the start of a line.
func fieldWord(line string) string {
	if i := strings.IndexAny(line, ": \t"); i >= 0 {
		return line[:i]
	}
	return line
}

// findInlineStatus reads the fields of a delivery report that stand in the text.
func (t *textReading) findInlineStatus() {
	for i := range t.lines {
		if l := t.lines[i].text; len(l) > 15 && l[5] == '-' && isStatusName(fieldWord(l)) || len(l) > 15 && (l[8] == '-' || l[9] == '-') && isStatusName(fieldWord(l)) {
			var b strings.Builder
			for _, l := range t.lines[i:] {
				if l.indent > 0 && !isStatusName(before(l.text, ':')) {
					b.WriteByte(' ')
				}
				b.WriteString(l.text)
				b.WriteByte('\n')
			}
			t.status = parseStatus(b.String())
			return
		}
	}
}

func before(s string, c byte) string {
	if i := strings.IndexByte(s, c); i >= 0 {
		return s[:i]
	}
	return s
}

// findRecipients weighs every address in the text and keeps those that the text says failed or wait.
func (t *textReading) findRecipients(ctx textContext) {
	byAddr := make(map[string]*finding)
	var order []*finding
	last, lastScore, lastRule := "", 0, "" // of the address named before
	for i := range t.lines {
		if strings.IndexByte(t.lines[i].text, '@') < 0 {
			continue
		}
		spots := findAddresses(t.lines[i].text)
		for k, sp := range spots {
			if of := t.aliasOf(i, spots, k, last); of != "" {
				if f := byAddr[strings.ToLower(of)]; f != nil && f.alias == "" {
					f.alias = sp.addr
				}
				continue
			}
			last = sp.addr
			score, rule := t.weigh(i, sp, ctx)
			if k > 0 && strings.Trim(t.lines[i].text[spots[k-1].end:sp.start], " ,;<>") == "" && score < lastScore && !contains(ctx.own, sp.addr) {
				score, rule = lastScore, lastRule // several on one line
			}
			lastScore, lastRule = score, rule
			key := strings.ToLower(sp.addr)
			f := byAddr[key]
			if f == nil {
				if len(order) >= maxFindings {
					return
				}
				f = &finding{addr: sp.addr, line: i, score: score, rule: rule}
				byAddr[key], order = f, append(order, f)
			}
			f.hear(i, score, rule)
		}
	}
	t.findings = choose(order)
}

// hear takes a further place in which the text names a finding. The place where it is listed comes before one in a transcript of the same weight:
// the reason stands below the list.
func (f *finding) hear(line, score int, rule string) {
	if score > f.score && (f.rule == "text-sentence" || rule != "text-transcript") {
		f.line, f.rule = line, rule
	}
	f.score = max(f.score, score)
}

// aliasOf tells "a (generated from b)" and "a (expanded from: <b>)", on one line or two: b is what the message was sent to, a is given back.
func (t *textReading) aliasOf(line int, spots []spot, k int, last string) string {
	from, of := 0, last
	if k > 0 {
		from, of = spots[k-1].end, spots[k-1].addr
	}
	between := t.lines[line].text[from:spots[k].start]
	if len(between) >= 40 || of == "" {
		return ""
	}
	lower := strings.ToLower(between)
	if strings.Contains(lower, "generated from") || strings.Contains(lower, "expanded from") || strings.Contains(lower, "(was ") || strings.Contains(lower, "forwarded from") {
		return of
	}
	if k == 0 && strings.Trim(lower, " <\t") == "" && line > 0 && strings.HasSuffix(strings.ToLower(t.lines[line-1].text), "(expanded from") {
		return last
	}
	return ""
}
