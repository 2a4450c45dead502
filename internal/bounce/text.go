package bounce

import (
	"strings"
)

// Bounds of the free-text reader.
const (
	maxTextLines = 1500
	maxLineBytes = 4000
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
	returned []string // the text from there on
	lower    []string // the lines in lower case, once they are asked for
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
}

// readText reads free text: what it says as a whole, whom it names, and why it failed for each.
func readText(text string, ctx textContext) *textReading {
	t := &textReading{}
	lines := cutLines(text)
	body, at := splitOriginal(lines)
	if at < len(lines) {
		t.returned = lines[at:]
		n, _ := headerBlock(t.returned)
		t.original = headerOf(dedent(t.returned[:n]))
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
		line = strings.TrimRight(line, " \t\r\u00a0")
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

// splitOriginal separates the text proper from a returned message that stands in it, whose first line it gives.
func splitOriginal(lines []string) ([]string, int) {
	for i := range lines {
		n, strong := headerBlock(lines[i:])
		if n == 0 || !strong && !announced(lines, i) {
			continue
		}
		rest := lines[:i]
		if !hasAddress(rest) && i+n < len(lines) { // the report stands behind what it returns
			rest = append(rest[:len(rest):len(rest)], lines[i+n:]...)
		} else if j := sessionAt(lines[i+n:]); j >= 0 {
			rest = append(rest[:len(rest):len(rest)], lines[i+n+j:min(len(lines), i+n+j+80)]...)
		}
		return rest, i
	}
	return lines, len(lines)
}

// sessionAt finds the record of an SMTP session behind a returned header, as MDaemon appends it; -1 where there is none.
func sessionAt(lines []string) int {
	for i, l := range lines[:min(len(lines), 100)] {
		if indexFold(l, "rcpt to:") >= 0 && (strings.Contains(l, "->") || strings.Contains(l, ">>>")) {
			return i
		}
	}
	return -1
}

func hasAddress(lines []string) bool {
	for _, l := range lines {
		if strings.IndexByte(l, '@') >= 0 {
			return true
		}
	}
	return false
}

// dedent takes the first line's indent, or its quoting, off every line, so that indented headers read as headers and folded lines stay folded.
func dedent(lines []string) string {
	indent := len(lines[0]) - len(strings.TrimLeft(lines[0], " \t"))
	quoted := strings.HasPrefix(lines[0], ">")
	var b strings.Builder
	for _, l := range lines {
		if quoted {
			l = strings.TrimPrefix(strings.TrimPrefix(l, ">"), " ")
		}
		if n := len(l) - len(strings.TrimLeft(l, " \t")); n >= indent {
			l = l[indent:]
		}
		b.WriteString(l)
		b.WriteByte('\n')
	}
	return b.String()
}

// headerNames are the fields by which a returned header is known; true for those that no report writes about its own message.
var headerNames = map[string]bool{
	"received": true, "return-path": true, "message-id": true, "mime-version": true, "content-type": true, "delivered-to": true, "x-mailer": true, "dkim-signature": true, "x-originating-ip": true, "user-agent": true, "domainkey-signature": true,
	"content-transfer-encoding": true, "x-spam-status": true, "in-reply-to": true, "references": true, "x-priority": true, "envelope-to": true,
	"from": false, "to": false, "subject": false, "date": false, "cc": false, "reply-to": false, "sender": false, "x-sender": false, "organization": false, "errors-to": false, "precedence": false, "list-id": false,
}

// headerBlock tells how many lines from the first on are fields of a returned header; strong when some of them are sure to be.
func headerBlock(lines []string) (n int, strong bool) {
	known, sure := 0, 0
	for n < len(lines) && n < 300 {
		l := strings.TrimPrefix(strings.TrimPrefix(lines[n], "> "), ">")
		trimmed := strings.TrimLeft(l, " \t")
		if trimmed == "" {
			break
		}
		colon := strings.IndexByte(trimmed, ':')
		name := ""
		if colon > 0 && colon < 60 {
			name = strings.ToLower(strings.TrimRight(trimmed[:colon], " "))
		}
		isSure, isKnown := headerNames[name]
		switch {
		case isKnown:
			known++
			if isSure {
				sure++
			}
		case n == 0:
			return 0, false
		case colon > 0 && strings.HasPrefix(name, "x-"):
		case len(trimmed) < len(l):
		case colon > 0 && !strings.Contains(name, " "):
		default:
			return 0, false
		}
		n++
	}
	if known < 2 {
		return 0, false
	}
	return n, sure >= 1 && known >= 3 || sure >= 2
}

// announced reports whether the line before a block of fields says that the original follows.
func announced(lines []string, i int) bool {
	for j := i - 1; j >= 0 && j >= i-4; j-- {
		if l := strings.ToLower(lines[j]); strings.TrimSpace(l) != "" {
			return phrases().hear(l)&saysOriginal != 0
		}
	}
	return false
}

// annotate notes for each line its paragraph, what its phrases mean and the SMTP reply it holds. Phrases are looked for across line ends, since text is wrapped.
func (t *textReading) annotate(lines []string) {
	t.lines = make([]textLine, len(lines))
	starts := make([]int, len(lines))
	var all strings.Builder
	size := 0
	for _, l := range lines {
		size += len(l) + 1
	}
	all.Grow(size)
	para, blank := 0, true
	for i, text := range lines {
		trimmed := strings.TrimLeft(text, " \t\u00a0")
		if trimmed == "" {
			blank = true
		} else if blank {
			para, blank = para+1, false
		}
		l := &t.lines[i]
		l.text, l.indent, l.para = trimmed, len(text)-len(trimmed), para
		l.answer = findAnswer(trimmed)
		starts[i] = all.Len()
		all.WriteString(foldCase(trimmed))
		all.WriteByte(' ')
	}
	t.markBlocks()
	book, at := phrases(), 0
	book.body.find(all.String(), func(id, start, _ int) {
		for at+1 < len(starts) && starts[at+1] <= start {
			at++
		}
		i := at
		for i > 0 && starts[i] > start {
			i--
		}
		t.lines[i].says |= book.bodyMean[id]
		t.says |= book.bodyMean[id]
	})
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

// findInlineStatus reads the fields of a delivery report that stand in the text.
func (t *textReading) findInlineStatus() {
	for i := range t.lines {
		l := strings.ToLower(t.lines[i].text[:min(len(t.lines[i].text), 20)])
		if strings.HasPrefix(l, "final-recipient") || strings.HasPrefix(l, "original-recipient") || strings.HasPrefix(l, "reporting-mta") {
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
	between := strings.ToLower(t.lines[line].text[from:spots[k].start])
	if len(between) < 40 && (strings.Contains(between, "generated from") || strings.Contains(between, "expanded from") ||
		strings.Contains(between, "(was ") || strings.Contains(between, "forwarded from")) {
		return of
	}
	if k == 0 && strings.Trim(between, " <\t") == "" && line > 0 && strings.HasSuffix(strings.ToLower(t.lines[line-1].text), "(expanded from") {
		return last
	}
	return ""
}

// choose keeps the findings that are as good as the best, or nearly so.
func choose(all []*finding) []*finding {
	best, laidOut := 0, false
	for _, f := range all {
		best = max(best, f.score)
		laidOut = laidOut || f.score >= 4 && f.rule != "text-sentence"
	}
	var kept []*finding
	for _, f := range all {
		if f.score >= max(4, best-3) && (!laidOut || f.rule != "text-sentence") {
			kept = append(kept, f)
		}
	}
	if len(kept) > 0 {
		return kept
	}
	for _, f := range all {
		if f.score == best && best >= 2 {
			return []*finding{f}
		}
	}
	return nil
}

// weigh says how likely it is that the address at sp is one that the report is about, and by which layout.
func (t *textReading) weigh(i int, sp spot, ctx textContext) (int, string) {
	l := &t.lines[i]
	head := strings.Trim(strings.ToLower(l.text[:sp.start]), " \t<>[]()\"'*-•#·|")
	tail := strings.TrimLeft(l.text[sp.end:], ">]\"' \t")
	score, rule := t.weighLayout(l, head, tail)
	layout := score
	if l.block {
		score -= 3
	}
	if l.says&(saysFailed|saysDelayed) != 0 {
		score += 3
	} else if t.paragraphSays(i)&(saysFailed|saysDelayed) != 0 {
		score += 2
	}
	if l.says&saysReason != 0 || l.answer.at >= 0 {
		score += 2
	} else if t.reasonFollows(i) {
		score += 2
	}
	if contains(ctx.sentTo, sp.addr) && !l.block {
		score += 3
	}
	if contains(ctx.own, sp.addr) && !(contains(ctx.sentTo, sp.addr) && score >= 6) {
		if layout >= 4 && t.reasonFollows(i) {
			score -= 3 // somebody wrote to himself
		} else {
			score -= 7
		}
	}
	return score + penalty(head, tail, sp.addr), rule
}

func contains(list []string, addr string) bool {
	for _, a := range list {
		if sameAddress(a, addr) {
			return true
		}
	}
	return false
}

// weighLayout weighs where in its line an address stands.
func (t *textReading) weighLayout(l *textLine, head, tail string) (int, string) {
	label := strings.TrimRight(head, " :=-<")
	switch {
	case head == "" && strings.Trim(tail, ":,;.)* \t") == "":
		return 4, "text-address-line"
	case head == "" && tail[0] == ':':
		return 5, "text-address-colon"
	case strings.HasSuffix(label, "rcpt to"):
		return 5, "text-transcript"
	case isCodeOnly(label):
		return 4, "text-transcript"
	case head == "":
		return 3, "text-address-first"
	case label != head && phrases().labels[label]:
		return 4, "text-label"
	case label != head && strings.Trim(tail, ":,;.)* \t") == "":
		return 2, "text-colon"
	}
	return 0, "text-sentence"
}

// isCodeOnly tells the beginning of a line that is only a reply code, or one with its status.
func isCodeOnly(head string) bool {
	return len(head) >= 3 && len(head) <= 12 && isDigit(head[0]) && codeAt(head+" ", 0) && strings.Trim(head, "0123456789.- ") == ""
}

// penalty counts against an address what says that it is somebody else's: the sender's, a help desk's, a message's id.
func penalty(head, tail, addr string) int {
	p := 0
	near := head[max(0, len(head)-28):]
	if phrases().hear(near+" ")&saysSender != 0 && !strings.HasSuffix(strings.TrimRight(head, " :<"), "rcpt to") {
		p -= 6
	}
	switch local := letters(localOf(addr)); {
	case daemonLocals[local], local == "support", local == "abuse", local == "helpdesk", local == "help", local == "webmaster", local == "hostmaster", local == "noreply":
		p -= 5
	}
	if strings.HasPrefix(tail, "?subject") || strings.HasSuffix(head, "://") || strings.Contains(near, "http") {
		p -= 6
	}
	if !strings.Contains(domainOf(addr), ".") {
		p -= 2
	}
	if strings.Trim(localOf(addr), "*x#.") == "" && strings.ContainsAny(addr, "*#") {
		p -= 8 // blotted out
	}
	return p
}

// paragraphSays gives what the paragraph of a line says, and the one before it where that introduces it.
func (t *textReading) paragraphSays(i int) meaning {
	para := t.lines[i].para
	var says meaning
	for j := i; j >= 0 && t.lines[j].para >= para-1; j-- {
		says |= t.lines[j].says
	}
	return says
}

// reasonFollows reports whether a reason stands in the lines right below.
func (t *textReading) reasonFollows(i int) bool {
	for j := i + 1; j < len(t.lines) && j <= i+4; j++ {
		l := &t.lines[j]
		if l.text != "" && l.para > t.lines[i].para+1 {
			return false
		}
		if l.says&(saysReason|saysReplied|connection|saysExpired) != 0 || l.answer.code != 0 {
			return true
		}
	}
	return false
}
