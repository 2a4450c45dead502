package bounce

import "strings"

// originalOf reads what a returned header tells of the message it belongs to.
func originalOf(h header) Original {
	o := Original{
		MessageID: messageID(h.first("Message-ID", "Message-Id:", "Original-Message-ID")),
		SentAt:    parseDate(h.get("Date")),
		Subject:   oneLine(decodeWords(h.get("Subject")), 998),
		From:      strings.Join(addressList(h.first("From", "Sender", "Return-Path"), 1), ""),
		To:        strings.Join(addressList(strings.Join(h.all("To"), ", "), 100), ", "),
		Received:  receivedHosts(h),
	}
	if o.SentAt.IsZero() {
		o.SentAt = parseDate(h.first("Resent-Date", "Date-Sent"))
	}
	return o
}

// recipientsOf gives every address a returned header names as a recipient.
func recipientsOf(h header) []string {
	var list []string
	for _, name := range []string{"To", "Cc", "Bcc", "Resent-To", "X-Original-To", "Delivered-To", "Envelope-To", "X-Envelope-To", "Apparently-To", "X-RCPT-TO"} {
		for _, v := range h.all(name) {
			list = append(list, addressList(v, 200)...)
		}
	}
	for _, v := range h.all("Received") { // "for <address>", RFC 5321 section 4.4
		if i := strings.Index(v, " for <"); i >= 0 {
			list = append(list, addressList(before(v[i+5:], ';'), 1)...)
		}
	}
	return list
}

// messageID takes a message's id out of its field: without angle brackets (RFC 5322 section 3.6.4).
func messageID(v string) string {
	v = strings.TrimSpace(v)
	if open := strings.IndexByte(v, '<'); open >= 0 {
		v, _, _ = strings.Cut(v[open+1:], ">")
	} else if i := strings.IndexAny(v, " \t("); i > 0 {
		v = v[:i]
	}
	v = strings.Trim(v, "<> \t")
	return oneLine(v, 998)
}

// receivedHosts gives the hosts that a header's Received fields name, "by" before "from", and the Message-ID's own, nearest to the author last.
func receivedHosts(h header) []string {
	var hosts []string
	put := func(name string) {
		if name != "" && strings.Contains(name, ".") && len(hosts) < 64 && (len(hosts) == 0 || hosts[len(hosts)-1] != name) {
			hosts = append(hosts, name)
		}
	}
	for i := range h.fields {
		if f := &h.fields[i]; len(f.name) == 8 && strings.EqualFold(f.name, "Received") {
			from, by := receivedPair(f.value)
			put(by)
			put(from)
		}
	}
	if id := messageID(h.get("Message-ID")); strings.Contains(id, "@") {
		put(hostName(domainOf(id)))
	}
	return hosts
}

// receivedPair gives the two hosts of one Received field, folded or not (RFC 5321 section 4.4).
func receivedPair(v string) (from, by string) {
	v = v[:min(len(v), 1000)]
	if len(v) > 5 && strings.EqualFold(v[:5], "from ") {
		from = hostName(v[5:])
	}
	if len(v) > 3 && strings.EqualFold(v[:3], "by ") {
		return from, hostName(v[3:])
	}
	for at := 0; ; {
		i := strings.Index(v[at:], "by ")
		if i < 0 {
			return from, ""
		}
		at += i + 3
		if i > 0 && strings.IndexByte(" \t\n", v[at-4]) >= 0 {
			return from, hostName(v[at:])
		}
	}
}

// isListMail reports whether a returned message went through a mailing list (RFC 2369, RFC 2919).
func isListMail(h header) bool {
	for i := range h.fields {
		if n := h.fields[i].name; len(n) > 5 && strings.EqualFold(n[:5], "list-") {
			return true
		}
	}
	return false
}
