package bounce

import "strings"

// readStatus reads a delivery report (RFC 3464) that stands in a part of its own; false where there is none that names a recipient.
func readStatus(rep *Report, m *message, s signs) bool {
	p := statusPart(m)
	if p == nil {
		return false
	}
	st := parseStatus(p.text())
	original := returnedHeader(m)
	fillStatus(rep, &st)
	if !s.daemon && phrases().hear(p.text())&saysChallenge != 0 {
		rep.Why, rep.Confidence = "challenge", Likely
		rep.Original = originalOf(returnedHeader(m))
		return true
	}
	var t *textReading
	text := func() *textReading {
		if t == nil {
			t = readText(humanStart(m), func() string { return humanText(m) }, contextOf(m, original))
		}
		return t
	}
	for _, g := range st.recipients {
		rc := st.recipient(g)
		completeStatus(&rc, len(st.recipients) == 1, text)
		rep.Recipients = append(rep.Recipients, rc)
	}
	rep.Recipients = nameRecipients(rep.Recipients, text)
	if len(rep.Recipients) == 0 {
		return false
	}
	if len(original.fields) == 0 {
		original = text().original
	}
	settle(rep, m, s, text)
	rep.Why, rep.Confidence = "rfc3464", Certain
	finish(rep, m, original, hostName(st.message.get("Reporting-MTA")))
	return true
}

// statusPart finds the part that holds a delivery report, under its own type or another.
func statusPart(m *message) *part {
	if p := m.part("message/delivery-status", "message/global-delivery-status", "text/delivery-status", "message/xdelivery-status"); p != nil {
		return p
	}
	return nil
}

func fillStatus(rep *Report, st *statusReport) {
	rep.ArrivalAt = parseDate(st.message.get("Arrival-Date"))
	rep.EnvelopeID = oneLine(decodeXtext(st.message.get("Original-Envelope-Id")), 200)
}

// completeStatus adds to a recipient's fields what only the text tells, and reads its diagnostic.
func completeStatus(rc *Recipient, only bool, text func() *textReading) {
	diag := rc.Reply
	if strings.Trim(diag, "0123456789 ") != "" {
		rc.Reply = ""
		tell(rc, []string{diag})
	}
	if rc.Failure != "" && rc.Failure != FailureExpired && (rc.ReplyCode != 0 || rc.Failure != FailureReply && rc.Remote != "") || rc.Action != ActionFailed && rc.Action != ActionDelayed && rc.Action != "" {
		return
	}
	reason := text().reasonAbout(rc, only)
	had := rc.Failure
	if had == FailureExpired {
		rc.Failure = "" // the text may name the cause
	}
	tell(rc, reason)
	if rc.Failure == "" {
		rc.Failure = had
	}
	if rc.Failure == "" {
		rc.Failure = failureOf("", 0, rc.ReplyCode, rc.Status)
	}
}

// nameRecipients drops recipients that no field names, unless the text or the returned header tells who they are.
func nameRecipients(rcs []Recipient, text func() *textReading) []Recipient {
	if len(rcs) == 1 && rcs[0].Address != "" {
		return rcs
	}
	named := rcs[:0]
	seen := make(map[string]bool, len(rcs))
	for _, rc := range rcs {
		if rc.Address == "" {
			switch t := text(); {
			case len(rcs) == 1 && len(t.findings) == 1:
				rc.Address = t.findings[0].addr
			case len(rcs) == 1 && len(t.sentTo) == 1:
				rc.Address = t.sentTo[0]
			default:
				continue
			}
		}
		key := strings.ToLower(rc.Address) + string(rc.Action)
		if !seen[key] {
			seen[key] = true
			named = append(named, rc)
		}
	}
	return named
}

// contextOf gathers what is known before the text is read.
func contextOf(m *message, original header) textContext {
	var ctx textContext
	for _, n := range []string{"From", "To", "Reply-To", "Sender"} {
		ctx.own = append(ctx.own, addressList(m.head.get(n), 20)...)
	}
	for _, v := range m.head.all("X-Failed-Recipients") {
		ctx.failing = append(ctx.failing, addressList(v, maxRecipients)...)
	}
	ctx.sentTo = recipientsOf(original)
	return ctx
}

// settle decides for every recipient whether it failed or waits, where the report does not say or says it wrongly.
func settle(rep *Report, m *message, s signs, text func() *textReading) {
	for i := range rep.Recipients {
		rc := &rep.Recipients[i]
		switch rc.Action {
		case "":
			rc.Action = textAction(s, text())
		case ActionDelayed:
			// OpenSMTPD calls "delayed" what it has given up.
			if phrases().hear(rc.Reply)&saysFinal != 0 || text().says&saysFinal != 0 && rc.RetryUntil.IsZero() {
				rc.Action = ActionFailed
			}
		}
	}
}

// textAction tells failed from delayed by the words of subject and text.
func textAction(s signs, t *textReading) Action {
	switch {
	case t.says&saysFinal != 0:
		return ActionFailed
	case s.subject&saysSubjectDelayed != 0, t.says&saysDelayed != 0:
		return ActionDelayed
	case t.says&saysDelivered != 0 && t.says&saysFailed == 0:
		return ActionDelivered
	}
	return ActionFailed
}

// finish fills what every bounce has: the original, who reports, and the kind as a whole.
func finish(rep *Report, m *message, original header, reporter string) {
	rep.Original = originalOf(original)
	rep.ListMail = isListMail(original)
	if rep.Original.MessageID == "" {
		rep.Original.MessageID = messageID(m.head.first("Original-Message-ID", "In-Reply-To"))
	}
	if rep.Original.MessageID == "" {
		rep.Original.MessageID = lastReference(m.head.get("References"))
	}
	rep.ReportedBy = reporterOf(m, reporter, rep.Recipients, rep.Original)
	rep.Kind = kindOf(rep.Recipients)
}

// lastReference gives the last id of a References field: the message that is answered (RFC 5322 section 3.6.4).
func lastReference(v string) string {
	if i := strings.LastIndexByte(v, '<'); i >= 0 {
		return messageID(v[i:])
	}
	return ""
}

// kindOf sums the recipients' actions up.
func kindOf(rcs []Recipient) Kind {
	kind := Kind("")
	for _, rc := range rcs {
		k := Kind(rc.Action)
		if kind != "" && kind != k {
			return KindMixed
		}
		kind = k
	}
	if kind == "" {
		return KindNotABounce
	}
	return kind
}
