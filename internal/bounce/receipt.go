package bounce

import "strings"

// readReceipt reads a read receipt (RFC 8098): a proof that the message arrived.
func readReceipt(rep *Report, m *message) {
	p := m.part("message/disposition-notification", "message/global-disposition-notification")
	st := parseStatus(p.text())
	fields := st.message
	for _, g := range st.recipients {
		fields.fields = append(fields.fields, g.fields...)
	}
	rep.Kind, rep.Why, rep.Confidence = KindReadReceipt, "rfc8098", Certain
	rc := Recipient{
		Address:         bareAddress(fields.get("Final-Recipient")),
		OriginalAddress: bareAddress(decodeXtext(fields.get("Original-Recipient"))),
		Action:          ActionDelivered,
		AttemptAt:       rep.BouncedAt,
	}
	if rc.Address == "" {
		rc.Address = strings.Join(addressList(m.head.get("From"), 1), "")
	}
	if rc.Address != "" {
		rep.Recipients = []Recipient{rc}
	}
	rep.Original = originalOf(returnedHeader(m))
	if id := messageID(fields.get("Original-Message-ID")); id != "" {
		rep.Original.MessageID = id
	}
	if rep.Original.MessageID == "" {
		rep.Original.MessageID = answeredID(m.head)
	}
	rep.ReportedBy = Reporter{Host: domainOf(rc.Address), Side: SideRecipient}
}

// answeredID gives the id of the message that a message answers.
func answeredID(h header) string {
	if id := messageID(h.get("In-Reply-To")); id != "" {
		return id
	}
	return lastReference(h.get("References"))
}

// readFeedback reads a feedback report (RFC 5965): somebody complained about a message that had arrived.
func readFeedback(rep *Report, m *message) {
	rep.Kind, rep.Why, rep.Confidence = KindFeedback, "rfc5965", Certain
	original := returnedHeader(m)
	rep.Original = originalOf(original)
	rep.ListMail = isListMail(original)
	rep.ReportedBy.Side = SideRecipient
	p := m.part("message/feedback-report")
	if p == nil {
		rep.Why, rep.Confidence = "complaint", Likely
		return
	}
	fields := headerOf(p.text())
	rep.ArrivalAt = parseDate(fields.first("Arrival-Date", "Received-Date"))
	rep.ReportedBy = Reporter{Host: hostName(fields.get("Reporting-MTA")), Side: SideRecipient}
}

// isAutoReply tells a vacation note or another automatic answer (RFC 3834) from a bounce.
func isAutoReply(m *message, s signs) bool {
	if s.daemon || s.named || s.report {
		return false
	}
	if s.subject&saysSubjectAuto != 0 && (s.auto || s.replying || s.null || s.threaded) {
		return true
	}
	if s.replying {
		return s.subject&(saysSubjectFailed|saysSubjectDelayed) == 0
	}
	auto := strings.ToLower(m.head.get("Auto-Submitted"))
	if strings.HasPrefix(auto, "auto-replied") {
		return s.subject&(saysSubjectFailed|saysSubjectDelayed) == 0
	}
	return s.null && s.threaded && s.subject == 0 && phrases().hear(humanText(m))&saysAutoText != 0
}

// readAutoReply notes which message an automatic answer answers: the answer proves that it arrived.
func readAutoReply(rep *Report, m *message) {
	rep.Kind, rep.Why, rep.Confidence = KindAutoReply, "rfc3834", Likely
	rep.Original.MessageID = answeredID(m.head)
	if from := addressList(m.head.get("From"), 1); len(from) > 0 {
		rep.ReportedBy = Reporter{Host: domainOf(from[0]), Side: SideRecipient}
	}
}
