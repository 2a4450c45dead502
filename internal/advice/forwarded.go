package advice

import (
	"strings"
	"time"

	"rimbalzo/internal/bounce"
)

// threadsFor gives the threads of m that a report's recipient speaks of: by the address written to; behind a forwarding by what is left.
func (a *advisor) threadsFor(m *message, rep *Reported, r bounce.Recipient) []*thread {
	for _, address := range []string{r.OriginalAddress, r.Address} {
		if t := m.thread(address); t != nil {
			return []*thread{t}
		}
	}
	address := r.OriginalAddress
	if address == "" {
		address = r.Address
	}
	switch {
	case address == "":
		return a.unnamed(m)
	case len(m.recipients) == 0, !m.fromSent, a.hiddenRecipient(m, rep, r):
		return []*thread{a.addThread(m, address)}
	}
	return a.behindForwarding(m, rep)
}

// unnamed: a report that names no address speaks of the only one there is.
func (a *advisor) unnamed(m *message) []*thread {
	if len(m.recipients) == 1 {
		return m.recipients
	}
	return nil
}

// hiddenRecipient reports whether an address that the Sent copy does not show was written to all the same: the person's own
// server reports on it, and of no alias. Some programs keep no Bcc in the copy.
func (a *advisor) hiddenRecipient(m *message, rep *Reported, r bounce.Recipient) bool {
	if r.OriginalAddress != "" || !a.ownReporters[organisation(rep.Report.ReportedBy.Host)] {
		return false
	}
	for _, t := range m.recipients {
		// An alias at the person's own server is expanded by that server.
		if d := domainOf(t.recipient); a.ownDomains[d] || hostUnder(rep.Report.ReportedBy.Host, d) {
			return false
		}
	}
	return true
}

// learnReporters remembers whose servers report on addresses that the person wrote to.
func (a *advisor) learnReporters(reports []*Reported) {
	for _, rep := range reports {
		host := organisation(rep.Report.ReportedBy.Host)
		if host == "" || a.ownReporters[host] {
			continue
		}
		if m, loose := a.find(rep); a.reportsFor(m, rep, loose) {
			a.ownReporters[host] = true
		}
	}
}

// reportsFor reports whether a report shows that its server works for the person.
func (a *advisor) reportsFor(m *message, rep *Reported, loose bool) bool {
	return m != nil && !loose && m.fromSent && m.names(rep) && !a.recipientsOwn(m, rep)
}

// recipientsOwn reports whether one of the message's recipients lives at the host that reports.
func (a *advisor) recipientsOwn(m *message, rep *Reported) bool {
	for i := range rep.Report.Recipients {
		r := &rep.Report.Recipients[i]
		for _, address := range []string{r.Address, r.OriginalAddress} {
			if address != "" && a.sameOperator(domainOf(address), rep.Report.ReportedBy.Host) {
				return true
			}
		}
	}
	for _, t := range m.recipients {
		if hostUnder(rep.Report.ReportedBy.Host, domainOf(t.recipient)) {
			return true
		}
	}
	return false
}

// organisation is the domain that a host's name ends in: two labels, or three below a short one such as co.uk. The hosts of
// one service are many and change from bounce to bounce.
func organisation(host string) string {
	labels := strings.Split(strings.ToLower(strings.TrimSuffix(host, ".")), ".")
	n := len(labels)
	if n <= 2 || isNumber(labels[n-1]) {
		return strings.Join(labels, ".")
	}
	if len(labels[n-1]) == 2 && len(labels[n-2]) <= 3 && n >= 3 {
		return strings.Join(labels[n-3:], ".")
	}
	return strings.Join(labels[n-2:], ".")
}

func isNumber(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// behindForwarding narrows down which recipient forwards to an address that the person never wrote to: the one whose
// server reports or is named on the way, else every one that no other evidence speaks of.
func (a *advisor) behindForwarding(m *message, rep *Reported) []*thread {
	if len(m.recipients) == 1 {
		return m.recipients
	}
	hosts := append([]string{rep.Report.ReportedBy.Host}, rep.Report.Original.Received...)
	var byHost, rest []*thread
	for _, t := range m.recipients {
		d := domainOf(t.recipient)
		for _, h := range hosts {
			if hostUnder(h, d) {
				byHost = append(byHost, t)
				break
			}
		}
		if len(t.events) == 0 && len(t.proofs) == 0 {
			rest = append(rest, t)
		}
	}
	if len(byHost) == 1 {
		return byHost
	}
	if len(rest) == 0 {
		rest = m.recipients
	}
	if len(rest) > 1 {
		for _, t := range rest {
			t.ambiguous = true
		}
	}
	return rest
}

// findByForwarder is for bounces that return nothing and name somebody to whom the person never wrote: the only message that went
// to the reporting server's own domain when that server says it took one.
func (a *advisor) findByForwarder(rep *Reported) *message {
	host, taken := rep.Report.ReportedBy.Host, rep.Report.ArrivalAt.In(a.ev.Zone)
	if host == "" || taken.IsZero() || a.knowsRecipient(rep) {
		return nil
	}
	var found *message
	slack := int64(queueSlack / time.Second)
	for _, m := range a.sentBetween(taken.Unix()-slack, taken.Unix()+slack) {
		if !m.fromSent || !a.passedOnBy(m, host) {
			continue
		}
		if found != nil {
			return nil
		}
		found = m
	}
	return found
}

// passedOnBy reports whether a host belongs to the domain of one of the message's recipients, which is not the person's own.
func (a *advisor) passedOnBy(m *message, host string) bool {
	for _, t := range m.recipients {
		if d := domainOf(t.recipient); hostUnder(host, d) && !a.ownDomains[d] {
			return true
		}
	}
	return false
}
