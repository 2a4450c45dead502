package bounce

import "strings"

// gatherReasons collects for each recipient found the lines that tell why.
func (t *textReading) gatherReasons() {
	starts := make(map[int]bool, len(t.findings))
	for _, f := range t.findings {
		starts[f.line] = true
	}
	for _, f := range t.findings {
		t.below(f, starts)
	}
	alone := len(t.findings) == 1 || t.noneTold() // what the text tells, it tells of all
	for i, f := range t.findings {
		switch {
		case i >= maxSearches:
		case !f.told:
			f.reason = addNew(f.reason, t.elsewhere(f.addr, alone))
		case f.gaveUp && len(t.findings) == 1:
			f.reason = addNew(f.reason, t.causes())
		}
	}
}

// noneTold reports whether several recipients on one line, and no other, have no reason of their own.
func (t *textReading) noneTold() bool {
	for _, f := range t.findings {
		if f.told || f.line != t.findings[0].line {
			return false
		}
	}
	return true
}

// causes gives the lines that tell how a connection failed, wherever they stand: some servers keep a history of attempts below the reason.
func (t *textReading) causes() []string {
	var told []string
	for i := range t.lines {
		if l := &t.lines[i]; l.says&connection != 0 && len(told) < 10 {
			told = append(told, l.text)
		}
	}
	return told
}

// addNew adds the lines that are not part of the reason yet; a line of which the reason has only the end takes that one's place.
func addNew(reason, more []string) []string {
	for _, l := range more {
		known := false
		for i, r := range reason {
			if strings.HasSuffix(l, r) {
				if known = true; findAnswer(r).at < 0 && findAnswer(l).at >= 0 {
					reason[i] = l
				}
				break
			}
		}
		if !known {
			reason = append(reason, l)
		}
	}
	return reason
}

// add takes one more line as part of a finding's reason.
func (f *finding) add(text string, l *textLine) {
	f.reason = append(f.reason, text)
	f.hearReason(l.says, l.answer.at >= 0)
}

// hearReason notes what a line of the reason tells. One that only says that the time was up leaves the cause to be looked for.
func (f *finding) hearReason(says meaning, answered bool) {
	cause := answered || says&connection != 0
	f.gaveUp = (f.gaveUp || !f.told && says&saysExpired != 0) && !cause
	f.told = f.told || cause || says&saysExpired != 0
}

// below takes the rest of a recipient's line and the lines under it that belong to it: up to the next recipient, a separator, or the end of the block.
func (t *textReading) below(f *finding, starts map[int]bool) {
	l := &t.lines[f.line]
	if f.line > 0 && f.rule == "text-transcript" { // "mx.example [192.0.2.1] did not like our RCPT TO:" above the reply
		if up := &t.lines[f.line-1]; up.says&saysReplied != 0 && strings.IndexByte(up.text, '@') < 0 {
			f.reason = append(f.reason, up.text)
		}
	}
	if rest := afterAddress(l.text, f.addr); rest != "" && !isAddresses(rest) {
		f.reason = append(f.reason, rest)
		f.hearReason(l.says, findAnswer(rest).at >= 0)
	}
	blanks := 0
	for j := f.line + 1; j < len(t.lines) && len(f.reason) < 40; j++ {
		n := &t.lines[j]
		if n.text == "" {
			if blanks++; blanks > 1 && len(f.reason) > 0 {
				break
			}
			continue
		}
		if starts[j] || n.block || isSeparator(n.text) || blanks > 0 && len(f.reason) > 0 && n.indent <= l.indent && !continues(n) {
			break
		}
		if blanks > 0 && (n.says&saysOriginal != 0 || len(f.reason) == 0 && !n.tells()) {
			break
		}
		if aliasLine(strings.ToLower(n.text)) {
			continue
		}
		f.add(n.text, n)
	}
}

// isAddresses tells the rest of a list of recipients.
func isAddresses(rest string) bool {
	end := 0
	for _, sp := range findAddresses(rest) {
		if strings.Trim(rest[end:sp.start], " ,;<>\t") != "" {
			return false
		}
		end = sp.end
	}
	return end > 0 && strings.Trim(rest[end:], " ,;<>.\t") == ""
}

// aliasLine tells a line that only says which address a recipient was made from.
func aliasLine(lower string) bool {
	return strings.HasPrefix(lower, "(generated from") || strings.HasPrefix(lower, "(expanded from")
}

// tells reports whether a line holds a reply or a cause.
func (l *textLine) tells() bool {
	return l.answer.at >= 0 || l.says&(saysReplied|connection|saysExpired|saysReason|saysNameWeak) != 0
}

// continues tells a line that goes on with a reason after a blank line.
func continues(l *textLine) bool {
	return l.answer.code != 0 && l.answer.at == 0 || strings.HasPrefix(l.text, "<<<") || strings.HasPrefix(l.text, ">>>") || l.says&saysReplied != 0
}

func isSeparator(text string) bool {
	text = strings.TrimPrefix(text, "|")
	return len(text) >= 3 && strings.Trim(text[:3], "-=_*#~+") == ""
}

func afterAddress(text, addr string) string {
	i := indexFold(text, addr)
	if i < 0 {
		return ""
	}
	rest := strings.TrimLeft(text[i+len(addr):], ">]):;,. \t\"'")
	if strings.Trim(rest, "<>-=*(){}[].,;: ") == "" {
		return ""
	}
	return rest
}

// indexFold is strings.Index without regard to ASCII case.
func indexFold(s, sub string) int {
	for i := 0; i+len(sub) <= len(s); i++ {
		if strings.EqualFold(s[i:i+len(sub)], sub) {
			return i
		}
	}
	return -1
}

// elsewhere gives the lines that tell of an address away from where it is listed: those that name it, the server's answers below them, and where it is the only
// recipient every line that holds a reply or a cause.
func (t *textReading) elsewhere(addr string, only bool) []string {
	var reason []string
	follow, bare, addr := false, strings.IndexByte(addr, '@') < 0, lowerASCII(addr)
	if t.lower == nil {
		t.lower = make([]string, len(t.lines))
		for i := range t.lines {
			if strings.IndexByte(t.lines[i].text, '@') >= 0 {
				t.lower[i] = lowerASCII(t.lines[i].text)
			}
		}
	}
	for i := range t.lines {
		l := &t.lines[i]
		names := strings.Contains(t.lower[i], addr) || bare && indexFold(l.text, addr) >= 0
		switch {
		case names:
			follow = strings.HasPrefix(l.text, ">>>")
		case strings.HasPrefix(l.text, ">>>"):
			follow = false
		}
		telling := l.tells()
		if names && (l.answer.at >= 0 || telling) || follow && strings.HasPrefix(l.text, "<<<") || only && (telling || strings.HasPrefix(l.text, "<<<")) {
			reason = append(reason, l.text)
		}
		if len(reason) >= 40 {
			break
		}
	}
	return reason
}

// lowerASCII is strings.ToLower for ASCII letters alone, which is what addresses are compared by.
func lowerASCII(s string) string {
	for i := range len(s) {
		if s[i] < 'A' || s[i] > 'Z' {
			continue
		}
		b := []byte(s)
		for j := i; j < len(b); j++ {
			if b[j] >= 'A' && b[j] <= 'Z' {
				b[j] += 'a' - 'A'
			}
		}
		return string(b)
	}
	return s
}

// tell fills a recipient with what the words about it say; what it has already stays.
func tell(rc *Recipient, reason []string) {
	joined := oneLine(strings.Join(reason, "\n"), 4000)
	if joined == "" {
		return
	}
	a := bestAnswer(reason, joined)
	if inner := innerReply(joined); inner != "" {
		joined, a = inner, findAnswer(inner)
		rc.Status = a.status
	}
	if rc.ReplyCode == 0 {
		rc.ReplyCode = a.code
	}
	if rc.Status == "" {
		rc.Status = a.status
	}
	says := phrases().hear(joined)
	if rc.Reply == "" {
		from := 0
		if a.at > 0 && a.code != 0 {
			from = a.at
		}
		rc.Reply = oneLine(joined[from:], 1000)
	}
	if rc.Remote == "" {
		rc.Remote = remoteHost(joined)
	}
	if says&saysLost != 0 && says&saysAfterData != 0 {
		rc.MaybeDelivered = true
	}
	if rc.Failure == "" {
		rc.Failure = failureOf(joined, says, rc.ReplyCode, rc.Status)
	}
}

// innerReply gives the last attempt's own reply where an expiry quotes it: "554 4.4.7 Message expired: unable to deliver in 840 minutes.<421 4.4.2 Connection timed out>" (Amazon SES).
func innerReply(joined string) string {
	i := strings.LastIndexByte(joined, '<')
	if i < 0 || !strings.HasSuffix(joined, ">") || !strings.Contains(joined[:i], "expired") {
		return ""
	}
	inner := joined[i+1 : len(joined)-1]
	if a := findAnswer(inner); a.at != 0 || a.code == 0 || a.status == "" {
		return ""
	}
	return inner
}

// bestAnswer finds the reply in a reason: a line of a transcript or one that begins with a code before any other; its place is in the joined text.
func bestAnswer(reason []string, joined string) answer {
	for _, r := range reason {
		line := strings.TrimSpace(r)
		if !strings.HasPrefix(line, "<<<") {
			continue
		}
		if a := findAnswer(line); a.code >= 400 {
			if i := strings.Index(joined, oneLine(line[a.at:], 4000)); i >= 0 {
				a.at = i
			}
			return a
		}
	}
	first := findAnswer(joined)
	if first.code == 0 || first.code >= 400 {
		return first
	}
	for from := first.at + 3; from < len(joined); { // a greeting or an acceptance came before the refusal
		a := findAnswer(joined[from:])
		if a.code == 0 {
			break
		}
		if a.code >= 400 {
			a.at += from
			return a
		}
		from += a.at + 3
	}
	return first
}

// remoteHost finds the host that a text says answered or was tried.
func remoteHost(s string) string {
	if strings.IndexByte(s, '.') < 0 {
		return ""
	}
	marks := phrases().marks
	best, host := len(marks.size), ""
	blank := marks.resume(atStart, " ", func(_, _, _ int) {}) // marks begin with a blank where they must not end another word
	marks.resume(blank, s, func(mark, start, end int) {
		if mark >= best || start > 5 && strings.EqualFold(s[start-6:start], "client") { // "Client host [192.0.2.1] blocked" is the sender's
			return
		}
		word := s[end:]
		if j := strings.IndexAny(word, " ,;()"); j >= 0 {
			word = word[:j]
		}
		if h := hostName(word); looksLikeHost(h) {
			best, host = mark, h
		}
	})
	if host != "" {
		return host
	}
	if host := hostBeforeCode(s); host != "" {
		return host
	}
	return hostBesideAddress(s)
}

// hostBeforeCode finds a host's name by the reply that stands behind it: "mx.example #550 5.1.1 ..." (Exchange 2007 and later).
func hostBeforeCode(s string) string {
	i := strings.Index(s, " #")
	if i < 0 || len(s) < i+6 || !codeAt(s, i+2) {
		return ""
	}
	if h := hostName(s[strings.LastIndexAny(s[:i], " <")+1 : i]); looksLikeHost(h) {
		return h
	}
	return ""
}

// hostBesideAddress finds a host's name by the address that stands behind it: "mx.example [192.0.2.1]".
func hostBesideAddress(text string) string {
	for from := 0; ; {
		i := strings.IndexByte(text[from:], '[')
		if i < 0 {
			return ""
		}
		i += from
		from = i + 1
		if from >= len(text) || !isDigit(text[from]) {
			continue
		}
		word := strings.TrimRight(text[:i], " ")
		word = word[strings.LastIndexAny(word, " =,;(")+1:]
		if h := hostName(word); looksLikeHost(h) && !isAddressLiteral(h) {
			return h
		}
	}
}

// looksLikeHost tells a host's name or address from other words with dots in them.
func looksLikeHost(h string) bool {
	if !strings.Contains(h, ".") || len(h) > 253 {
		return false
	}
	for i := range len(h) {
		if c := h[i]; !isLetter(c) && !isDigit(c) && c != '.' && c != '-' && c != '_' && c != ':' {
			return false
		}
	}
	last := h[strings.LastIndexByte(h, '.')+1:]
	return len(last) >= 2 || isDigit(last[0])
}
