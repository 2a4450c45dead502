package bounce

import "strings"

// choose keeps the findings that are as good as the best, or nearly so.
func choose(all []*finding) []*finding {
	best, laidOut, layout := 0, false, ""
	for _, f := range all {
		if f.score > best {
			best, layout = f.score, f.rule
		}
		laidOut = laidOut || f.score >= 4 && f.rule != "text-sentence"
	}
	var kept []*finding
	for _, f := range all {
		alike := f.rule == layout && f.score >= 6 && (layout == "text-address-colon" || layout == "text-address-line") // one more of a list, away from the words above it
		if (alike || f.score >= max(4, best-3)) && (!laidOut || f.rule != "text-sentence") {
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
	if l.says&(saysReason|saysReplied|connection|saysExpired) != 0 || l.answer.at >= 0 {
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
	case phrases().locals[local], local == "support", local == "abuse", local == "helpdesk", local == "help", local == "webmaster", local == "hostmaster", local == "noreply":
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
