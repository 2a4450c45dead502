package bounce

import (
	"strings"
)

// statusReport is what the fields of a delivery report say (RFC 3464 section 2), read where they stand: in a part of their own or in text.
type statusReport struct {
	message    header   // per-message fields
	recipients []header // per-recipient fields
}

// statusNames are the fields a delivery report begins its groups with; with them a line is known as a field even without its colon.
var statusNames = []string{
	"reporting-mta", "dsn-gateway", "received-from-mta", "arrival-date", "original-envelope-id",
	"original-recipient", "final-recipient", "action", "status", "remote-mta", "diagnostic-code", "last-attempt-date",
	"final-log-id", "will-retry-until", "x-actual-recipient", "localized-diagnostic-code",
}

// parseStatus reads the fields of a delivery report. Groups end at a blank line, and also where a recipient is named anew without one.
func parseStatus(text string) statusReport {
	var rep statusReport
	var group header
	flush := func() {
		rep.add(group)
		group = header{}
	}
	for line := range strings.SplitSeq(text, "\n") {
		line = strings.TrimRight(line, " \t\r")
		if line == "" {
			flush()
			continue
		}
		name, value, ok := statusField(line)
		if !ok {
			if n := len(group.fields); n > 0 && (line[0] == ' ' || line[0] == '\t' || !strings.Contains(line, ": ")) {
				f := &group.fields[n-1]
				if len(f.value) < maxFieldBytes {
					f.value += "\n" + strings.TrimSpace(line)
				}
			}
			continue
		}
		if strings.EqualFold(name, "Final-Recipient") && group.has("Final-Recipient") ||
			strings.EqualFold(name, "Original-Recipient") && group.has("Original-Recipient") {
			flush()
		}
		group.fields = append(group.fields, field{name, value})
		if len(group.fields) > 200 || len(rep.recipients) >= maxRecipients {
			return rep
		}
	}
	flush()
	return rep
}

// statusField takes a line as a field; known names are known too when indented or when their colon is missing.
func statusField(line string) (name, value string, ok bool) {
	trimmed := strings.TrimLeft(line, " \t")
	if i := strings.IndexByte(trimmed, ':'); i > 0 && i < 60 {
		name = strings.TrimRight(trimmed[:i], " \t")
		if strings.IndexByte(name, ' ') < 0 && (len(trimmed) == len(line) || isStatusName(name)) {
			return name, strings.TrimSpace(trimmed[i+1:]), true
		}
	}
	if i := strings.IndexAny(trimmed, " \t"); i > 6 && isStatusName(trimmed[:i]) && strings.IndexByte(trimmed[:i], '-') > 0 {
		return trimmed[:i], strings.TrimSpace(trimmed[i:]), true
	}
	return "", "", false
}

func isStatusName(name string) bool {
	for _, n := range statusNames {
		if strings.EqualFold(n, name) {
			return true
		}
	}
	return false
}

// add files one group of fields: under the message, as a recipient, or with the recipient before when a blank line broke its group.
func (rep *statusReport) add(g header) {
	if len(g.fields) == 0 {
		return
	}
	named := g.has("Final-Recipient") || g.has("Original-Recipient") || g.has("X-Actual-Recipient")
	switch {
	case g.has("Reporting-MTA") || g.has("Arrival-Date") || g.has("Received-From-MTA"), len(rep.recipients) == 0 && !named && !g.has("Action"):
		rep.message.fields = append(rep.message.fields, g.fields...)
		if named {
			rep.recipients = append(rep.recipients, g)
		}
	case named:
		rep.recipients = append(rep.recipients, g)
	case len(rep.recipients) > 0:
		last := &rep.recipients[len(rep.recipients)-1]
		for _, f := range g.fields {
			if !last.has(f.name) {
				last.fields = append(last.fields, f)
			}
		}
	case g.has("Action") || g.has("Status"):
		rep.recipients = append(rep.recipients, g)
	}
}

// typedValue takes the type off a typed field: "dns; mx.example" is "dns" and "mx.example" (RFC 3464 section 2.1.2).
func typedValue(v string) (typ, value string) {
	t, rest, ok := strings.Cut(v, ";")
	t = strings.TrimSpace(t)
	if !ok || len(t) > 30 || strings.ContainsAny(t, " @<>") {
		return "", strings.TrimSpace(v)
	}
	return strings.ToLower(t), strings.TrimSpace(rest)
}

// hostName takes a host's name out of "dns; mx.example [192.0.2.1] (TCP)"; its address where it has no name.
func hostName(v string) string {
	if n := plainHost(v); n > 0 && (n == len(v) || v[n] == ' ' || v[n] == '\n') {
		return v[:n] // the common case
	}
	_, v = typedValue(v)
	v = strings.TrimSpace(v)
	if v == "" {
		return ""
	}
	word := v
	if i := strings.IndexAny(v, " \t\n"); i >= 0 {
		word = v[:i]
	}
	word, _, _ = strings.Cut(word, ",")
	if name, addr, ok := strings.Cut(word, "["); ok {
		if name != "" {
			word = name
		} else {
			word, _, _ = strings.Cut(addr, "]")
		}
	}
	if name, _, ok := strings.Cut(word, "("); ok && name != "" {
		word = name
	}
	word = strings.ToLower(strings.Trim(word, " .,;:<>()[]\"'"))
	if len(word) > 255 || strings.ContainsAny(word, "@=/") || word != oneLine(word, 255) {
		return ""
	}
	return word
}

// plainHost gives how many bytes of a host's name in lower case a value begins with, 0 where it ends otherwise than a name does.
func plainHost(v string) int {
	n := 0
	for n < len(v) && n < 256 && (isLetter(v[n]) || isDigit(v[n]) || v[n] == '.' || v[n] == '-') {
		n++
	}
	if n == 0 || n == 256 || v[0] == '.' || v[n-1] == '.' {
		return 0
	}
	return n
}

// actionOf reads an Action field (RFC 3464 section 2.3.3) and the words some servers write instead; "" where it says nothing known.
func actionOf(v string) Action {
	word := strings.ToLower(strings.TrimSpace(v))
	if i := strings.IndexAny(word, " (;,."); i >= 0 {
		word = word[:i]
	}
	switch {
	case strings.HasPrefix(word, "fail"), word == "expired", word == "error", word == "undeliverable", word == "bounced", word == "rejected":
		return ActionFailed
	case strings.HasPrefix(word, "delay"), word == "deferred", word == "warning":
		return ActionDelayed
	case strings.HasPrefix(word, "deliver"):
		return ActionDelivered
	case strings.HasPrefix(word, "relay"):
		return ActionRelayed
	case strings.HasPrefix(word, "expand"):
		return ActionExpanded
	}
	return ""
}

// statusOf takes the enhanced status out of a Status field.
func statusOf(v string) string {
	for i := range len(v) {
		if i == 0 || !isWordByte(v[i-1]) {
			if st := statusAt(v, i); st != "" {
				return st
			}
		}
	}
	return ""
}

// recipient gives what one group of fields says.
func (rep *statusReport) recipient(g header) Recipient {
	rc := Recipient{
		Address:   bareAddress(g.get("Final-Recipient")),
		Action:    actionOf(g.get("Action")),
		Status:    statusOf(g.get("Status")),
		Remote:    hostName(g.get("Remote-MTA")),
		AttemptAt: parseDate(g.get("Last-Attempt-Date")),
	}
	rc.RetryUntil = parseDate(g.get("Will-Retry-Until"))
	if rc.AttemptAt.IsZero() {
		rc.AttemptAt = parseDate(g.first("X-Last-Attempt-Date", "Last-Attempt"))
	}
	if orig := bareAddress(decodeXtext(g.get("Original-Recipient"))); orig != "" {
		rc.OriginalAddress = orig
	}
	if rc.Address == "" {
		rc.Address = bareAddress(g.first("X-Actual-Recipient", "X-Actual-Recipients", "Remote-Recipient", "X-Display-Name"))
		if rc.Address == "" {
			rc.Address = rc.OriginalAddress
		}
	}
	if d := domainOf(rc.Address); rc.OriginalAddress != "" && (!strings.Contains(d, ".") || strings.Contains(d, "_")) {
		rc.Address = rc.OriginalAddress // the reporter's own name for a mailbox, not an address
	}
	_, diag := typedValue(g.get("Diagnostic-Code"))
	if diag == "" {
		diag = g.get("Localized-Diagnostic-Code")
	}
	rc.Reply = oneLine(diag, 1000)
	return rc
}
