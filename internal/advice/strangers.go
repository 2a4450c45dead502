package advice

import (
	"sort"
	"strings"
	"time"

	"rimbalzo/internal/bounce"
)

// takeStranger deals with a report about a message that no Sent copy shows: an item of its own, unless it is not the person's.
func (a *advisor) takeStranger(rep *Reported) {
	if m, loose := a.layOut(rep); m != nil {
		a.trail.late = a.trail.late || m.fromSent
		a.attach(m, rep, loose)
	}
}

// layOut gives the message that such a report is about, nil for none of the person's.
func (a *advisor) layOut(rep *Reported) (*message, bool) {
	switch rep.Report.Kind {
	case bounce.KindFailed, bounce.KindDelayed, bounce.KindMixed:
	case bounce.KindAutoReply, bounce.KindReadReceipt:
		// It proves no message that is known, but that its writer's address works.
		h := a.historyOf(bareFrom(rep.Traits.From))
		h.wrote = append(h.wrote, a.arrival(rep))
		return nil, false
	default:
		return nil, false
	}
	o := rep.Report.Original
	if len(rep.Report.Recipients) == 0 {
		a.notYours = append(a.notYours, Note{Source: rep.Source, Why: "names-nobody"})
		return nil, false
	}
	if a.foreign(rep) {
		a.trail.foreign(rep)
		a.notYours = append(a.notYours, Note{Source: rep.Source, Why: "backscatter", Args: map[string]any{"Recipient": rep.Report.Recipients[0].Address}})
		return nil, false
	}
	// A later bounce of the same message finds what an earlier one has laid out.
	m, loose := a.find(rep)
	if m == nil {
		loose = o.MessageID == "" && o.SentAt.IsZero()
		m = &message{
			id: o.MessageID, from: key(o.From), subject: o.Subject, parts: splitSubject(o.Subject),
			sentAt: o.SentAt, at: o.SentAt.In(a.ev.Zone), source: rep.Source,
		}
		if m.sentAt.IsZero() || m.at.After(a.reportTime(rep)) {
			// Nothing true tells when it was sent; the report's own time is the nearest that is known, and no earlier.
			m.at = a.reportTime(rep)
		}
		a.addMessage(m)
	}
	return m, loose
}

// foreign reports whether there is a positive sign that somebody else wrote the returned message under the person's
// address: Sent was read and has other messages of those days, and neither the message id nor the way it went is the
// person's, nor is the recipient anybody he ever wrote to or heard from.
func (a *advisor) foreign(rep *Reported) bool {
	o := rep.Report.Original
	if !a.ev.Read.Sent {
		return false
	}
	if !a.sentCovers(rep) {
		a.trail.uncovered = append(a.trail.uncovered, a.originalTime(rep))
		return false
	}
	if a.knowsRecipient(rep) {
		return false
	}
	if a.ownReporters[organisation(rep.Report.ReportedBy.Host)] && a.own[key(o.From)] > 0 && len(o.Received) > 0 {
		// The server that sends for the person had it, from the person's address.
		return false
	}
	if o.MessageID == "" && o.From == "" && len(o.Received) == 0 {
		// Nothing was returned: an unknown recipient is the only sign, and Sent says that nobody wrote to him.
		return true
	}
	if o.From != "" && a.own[key(o.From)] == 0 && !a.ownDomains[domainOf(o.From)] {
		return !a.ownIDDomains[domainOf(o.MessageID)]
	}
	if o.MessageID != "" {
		return !a.ownIDDomains[domainOf(o.MessageID)] && !a.ownDomains[domainOf(o.MessageID)] && !a.ownHost(o.Received)
	}
	return !a.ownHost(o.Received)
}

func (a *advisor) knowsRecipient(rep *Reported) bool {
	for _, r := range rep.Report.Recipients {
		for _, address := range []string{r.Address, r.OriginalAddress} {
			if address == "" {
				continue
			}
			if a.byRecipient[key(address)] != nil || a.heard[key(address)] {
				return true
			}
		}
	}
	return false
}

// sentWindow is how near to a bounce's message another sent one must lie to say that Sent covers its day.
const sentWindow = 4 * 24 * time.Hour

func (a *advisor) sentCovers(rep *Reported) bool {
	at := a.originalTime(rep)
	i := sort.Search(len(a.sentTimes), func(i int) bool { return !a.sentTimes[i].Before(at) })
	before := i > 0 && at.Sub(a.sentTimes[i-1]) <= sentWindow
	after := i < len(a.sentTimes) && a.sentTimes[i].Sub(at) <= sentWindow
	return before || after
}

// originalTime is when the message that a report is about was sent, or when the report arrived where it does not say.
func (a *advisor) originalTime(rep *Reported) time.Time {
	if at := rep.Report.Original.SentAt.In(a.ev.Zone); !at.IsZero() {
		return at
	}
	return a.arrival(rep)
}

// ownHost reports whether a message set out from where the person's own mail sets out.
func (a *advisor) ownHost(received []string) bool {
	return len(received) > 0 && a.ownHosts[strings.ToLower(received[len(received)-1])]
}

// learnHosts remembers where a message that is in Sent set out from, as its bounce shows it.
func (a *advisor) learnHosts(rep *Reported) {
	if r := rep.Report.Original.Received; len(r) > 0 {
		a.ownHosts[strings.ToLower(r[len(r)-1])] = true
	}
}

// hostUnder reports whether host is domain d or below it.
func hostUnder(host, d string) bool {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	return d != "" && (host == d || strings.HasSuffix(host, "."+d))
}
