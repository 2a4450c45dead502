package bounce

import "strings"

// readFree reads a bounce that is free text.
func readFree(rep *Report, m *message, s signs) {
	original := returnedHeader(m)
	ctx := contextOf(m, original)
	t := readText(humanStart(m), func() string { return humanText(m) }, ctx)
	if len(original.fields) == 0 {
		original, ctx.sentTo = t.original, t.sentTo
	}
	if readEnclosed(rep, m, s, t) {
		return
	}
	weight := evidence(m, s, t, original)
	if weight < 4 || t.says&saysChallenge != 0 && s.subject&(saysSubjectFailed|saysSubjectDelayed) == 0 {
		rep.Why, rep.Confidence = "no-report", Likely
		return
	}
	nameFree(rep, m, t, ctx, weight)
	if len(rep.Recipients) == 0 && (weight < 6 || len(original.fields) == 0) {
		rep.Why, rep.Confidence = "no-recipient", Unsure
		return
	}
	settle(rep, m, s, func() *textReading { return t })
	finish(rep, m, original, hostName(t.status.message.get("Reporting-MTA")))
	if len(rep.Recipients) == 0 { // it names nobody, but it returns the message
		rep.Kind, rep.Why, rep.Confidence = Kind(textAction(s, t)), "no-recipient", Unsure
	}
}

// readEnclosed deals with a message that has nothing to say itself but encloses a report, as an attachment or in its text: from a mail system it is
// a gateway's wrapping, from a person somebody else's bounce.
func readEnclosed(rep *Report, m *message, s signs, t *textReading) bool {
	inner := enclosedReport(m)
	if inner == nil && parseMedia(t.original.get("Content-Type")).isReport() {
		lines := cutLines(humanText(m))
		inner = messageOf(dedent(lines[min(t.at, len(lines)-1):]))
	}
	if inner == nil || len(t.findings) > 0 || len(t.status.recipients) > 0 {
		return false
	}
	if (s.daemon || s.null || s.report) && readStatus(rep, inner, sift(inner.head, inner.media)) {
		rep.Why = "enclosed-" + rep.Why
		return true
	}
	rep.Recipients, rep.Why, rep.Confidence = nil, "encloses-a-report", Likely
	return true
}

// nameFree finds the recipients of a free-text bounce, the surest way first: fields of a report in the text, what the header or the text
// names, a name without a domain, and at last the only recipient of what is returned.
func nameFree(rep *Report, m *message, t *textReading, ctx textContext, weight int) {
	rep.Confidence = Likely
	if len(t.status.recipients) > 0 {
		fillStatus(rep, &t.status)
		for _, g := range t.status.recipients {
			rc := t.status.recipient(g)
			completeStatus(&rc, len(t.status.recipients) == 1, func() *textReading { return t })
			rep.Recipients = append(rep.Recipients, rc)
		}
		rep.Why = "rfc3464-in-text"
	}
	rep.Recipients = nameRecipients(rep.Recipients, func() *textReading { return t })
	if len(rep.Recipients) == 0 {
		rep.Recipients, rep.Why = freeRecipients(t, ctx)
	}
	if weight < 5 || laidOut(rep.Recipients, rep.Why) {
		return
	}
	if rc, ok := localName(m, t, ctx); ok {
		rep.Recipients, rep.Why, rep.Confidence = []Recipient{rc}, "text-local-name", Unsure
	}
	if len(rep.Recipients) == 0 && len(ctx.sentTo) == 1 && !contains(ctx.own, ctx.sentTo[0]) {
		rc := Recipient{Address: ctx.sentTo[0]}
		tell(&rc, t.elsewhere(ctx.sentTo[0], true))
		rep.Recipients, rep.Why, rep.Confidence = []Recipient{rc}, "original-recipient", Unsure
	}
}

// freeRecipients makes recipients of what the header's fields and the text name.
func freeRecipients(t *textReading, ctx textContext) ([]Recipient, string) {
	var rcs []Recipient
	why := ""
	for _, addr := range ctx.failing {
		rc := Recipient{Address: addr}
		tell(&rc, t.reasonFor(addr, len(ctx.failing) == 1))
		rcs, why = append(rcs, rc), "x-failed-recipients"
	}
	if len(rcs) > 0 {
		return rcs, why
	}
	for _, f := range t.findings {
		rc := Recipient{Address: f.addr, OriginalAddress: f.alias}
		tell(&rc, f.reason)
		if rc.Remote == "" && len(t.findings) == 1 {
			rc.Remote = t.talkedTo()
		}
		rcs = append(rcs, rc)
		if why == "" {
			why = f.rule
		}
	}
	return rcs, why
}

// talkedTo gives the host that a transcript of a session names above it, as Sendmail and its kin write it.
func (t *textReading) talkedTo() string {
	for i := range t.lines {
		if l := t.lines[i].text; strings.Contains(l, "while talking to ") {
			return remoteHost(l)
		}
	}
	return ""
}

// reasonAbout gives the lines about a recipient of a delivery report, by either of its addresses.
func (t *textReading) reasonAbout(rc *Recipient, only bool) []string {
	for _, f := range t.findings {
		if sameAddress(f.addr, rc.Address) || sameAddress(f.addr, rc.OriginalAddress) || only && len(t.findings) == 1 {
			if len(f.reason) > 0 {
				return f.reason
			}
		}
	}
	return t.elsewhere(rc.Address, only)
}

// reasonFor gives the lines about an address that is known from elsewhere.
func (t *textReading) reasonFor(addr string, only bool) []string {
	for _, f := range t.findings {
		if sameAddress(f.addr, addr) {
			return f.reason
		}
	}
	return t.elsewhere(addr, only)
}

// evidence weighs whether a free-text message is a bounce at all.
func evidence(m *message, s signs, t *textReading, original header) int {
	w := 0
	add := func(ok bool, n int) {
		if ok {
			w += n
		}
	}
	add(s.daemon, 2)
	add(mayBePerson(m, s) && len(original.fields) == 0 && !t.answered(), -1)
	add(s.null, 1)
	add(s.named, 3)
	add(s.report, 2)
	add(s.auto, 1)
	add(s.subject&(saysSubjectFailed|saysSubjectDelayed) != 0, 2)
	add(t.says&(saysFailed|saysDelayed) != 0, 2)
	add(len(original.fields) > 0, 1)
	add(len(t.status.recipients) > 0, 2)
	robot := isRobot(m.head.get("From"))
	add(robot, 1)
	add(!s.daemon && !s.null && !s.named && !s.report && !robot, -4)
	add(!s.daemon && !s.named && !s.report && len(original.fields) == 0 && !t.answered() && !t.listed(), -3)
	add(!s.daemon && !s.named && !s.report && t.says&saysParcel != 0 && len(original.fields) == 0 && !t.answered(), -4)
	add(s.threaded && !s.daemon && !s.named, -2)
	add(s.list && !s.daemon && !s.named && !s.report, -2)
	add(t.says&saysLure != 0 && !s.null && len(original.fields) == 0, -6)
	add(t.says&saysLure != 0 && s.null && len(original.fields) == 0 && !t.answered(), -4)
	return w
}

// mayBePerson tells mail of a postmaster, who is also a person, from that of a mailer daemon, who is not.
func mayBePerson(m *message, s signs) bool {
	from := letters(localOf(strings.Join(addressList(m.head.get("From"), 1), "")))
	return s.daemon && !s.null && !s.named && s.subject&(saysSubjectFailed|saysSubjectDelayed) == 0 && !strings.HasPrefix(from, "mailerdaemon")
}

// answered reports whether a recipient stands laid out with a reply or a cause beside it.
func (t *textReading) answered() bool {
	for _, f := range t.findings {
		if f.rule != "text-sentence" && f.told {
			return true
		}
	}
	return false
}

// listed reports whether a recipient stands on a line of its own or behind its label, as in no letter of a person or a shop.
func (t *textReading) listed() bool {
	for _, f := range t.findings {
		if f.rule == "text-address-line" || f.rule == "text-address-colon" || f.rule == "text-transcript" || f.rule == "text-label" {
			return true
		}
	}
	return false
}

// messageOf reads a message that stands in a text.
func messageOf(text string) *message {
	in := newLines(strings.NewReader(text))
	defer in.close()
	m := &message{head: readHeader(in, neverBoundary, true)}
	m.media = parseMedia(m.head.get("Content-Type"))
	readBody(in, m)
	return m
}

// enclosedReport gives the message inside the message that is a report itself; nil where there is none.
func enclosedReport(m *message) *message {
	for i := range m.parts {
		if e := m.parts[i].enclosed; e != nil && e.media.isReport() && statusPart(e) != nil {
			return e
		}
	}
	return nil
}

// laidOut reports whether recipients were found by a layout, not in a sentence.
func laidOut(rcs []Recipient, why string) bool {
	return len(rcs) > 0 && why != "text-sentence" && why != "text-address-first"
}

// localName finds a recipient that the text names without a domain: alone on a line below words of failure, at the reporter's own domain.
func localName(m *message, t *textReading, ctx textContext) (Recipient, bool) {
	from := addressList(m.head.get("From"), 1)
	if len(from) == 0 {
		return Recipient{}, false
	}
	for i := 1; i < len(t.lines); i++ {
		l := &t.lines[i]
		word, rest, _ := strings.Cut(l.text, " ")
		word = strings.Trim(word, "<>*-,;.:\t")
		alone := rest == "" || strings.HasPrefix(rest, " ") || strings.HasPrefix(rest, "\t")
		if t.namesDomain(word) || l.indent == 0 && !strings.HasPrefix(l.text, "<") || !alone || !isLocalName(word) || t.paragraphSays(i)&saysFailed == 0 {
			continue
		}
		if above := t.above(i); !strings.HasSuffix(above, ":") && !isSeparator(above) {
			continue
		}
		rc := Recipient{Address: word + "@" + organisation(domainOf(from[0]))}
		for _, addr := range ctx.sentTo {
			if localOf(addr) == strings.ToLower(word) {
				rc.Address = addr
			}
		}
		tell(&rc, append([]string{strings.TrimSpace(rest)}, t.elsewhere(word, true)...))
		return rc, true
	}
	return Recipient{}, false
}

// namesDomain reports whether a word is the domain of a recipient that the text names: GroupWise lists recipients below it.
func (t *textReading) namesDomain(word string) bool {
	for _, f := range t.findings {
		if strings.EqualFold(domainOf(f.addr), word) {
			return true
		}
	}
	return false
}

// above gives the line of text above a line, blank lines passed over.
func (t *textReading) above(i int) string {
	for j := i - 1; j >= 0 && j >= i-3; j-- {
		if t.lines[j].text != "" {
			return t.lines[j].text
		}
	}
	return ""
}

func isLocalName(word string) bool {
	if len(word) < 2 || len(word) > 64 || strings.Contains(word, "@") {
		return false
	}
	for i := range len(word) {
		if c := word[i] | 0x20; !isLetter(c) && !isDigit(word[i]) && word[i] != '.' && word[i] != '-' && word[i] != '_' {
			return false
		}
	}
	return true
}
