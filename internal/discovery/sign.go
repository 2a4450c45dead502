package discovery

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"rimbalzo/internal/advice"
	"rimbalzo/internal/bounce"
	"rimbalzo/internal/provider"
)

// kind is what a failure says about the servers that were tried.
type kind int

const (
	late      kind = iota // taken, and sent back hours later by the operator itself
	noAnswer              // refused, timed out, unreachable
	temporary             // a 4xx reply: not now (RFC 5321 section 4.2.1)
	permanent             // a 5xx reply that says the address or the domain is not there
	kinds          = 4    // so many a phase may be of
	held      kind = 4    // not taken at once, and nobody says why
	blocked   kind = 5    // the sender is refused for his own sake; counts against an outage
)

// sign is one failure or warning of one address.
type sign struct {
	address string
	domain  string // of address
	at      time.Time
	sent    time.Time // when its message was sent; zero when unknown
	back    time.Time // when a late one came back
	kind    kind
	code    int  // SMTP reply code, 0 where none was told
	slow    bool // no answer in time, which overloaded servers give as well
	host    string
}

// trip is one message on its way to one address, of which no failure is known.
type trip struct {
	address, domain string
	at              time.Time
}

// answer is a message that somebody answered.
type answer struct {
	trip
	answered time.Time
}

// mail is what the evidence shows, signs and trips by time.
type mail struct {
	dir     *provider.Directory
	at      time.Time
	signs   []sign
	trips   []trip
	answers []answer
	looks   []look                 // by time
	alive   map[string][]time.Time // per address, ascending: when it wrote, and when a message to it did not fail
}

// span is the first and the last of several instants.
type span struct{ first, last time.Time }

func (s span) with(t time.Time) span {
	if s.first.IsZero() || t.Before(s.first) {
		s.first = t
	}
	if t.After(s.last) {
		s.last = t
	}
	return s
}

// readSigns takes the signs out of items that no outage of the catalogue explains.
func readSigns(ev *advice.Evidence, items []advice.Item, checks []Check) *mail {
	m := &mail{dir: ev.Directory, at: ev.At, alive: map[string][]time.Time{}}
	remotes := remotesOf(ev.Reports)
	for i := range items {
		if items[i].Outage == "" {
			m.readItem(&items[i], remotes, ev.Zone)
		}
	}
	m.readChecks(checks)
	slices.SortFunc(m.signs, compareSigns)
	return m
}

// readRest adds what speaks for the servers: what was sent and did not fail, and who wrote or answered.
func (m *mail) readRest(ev *advice.Evidence, items []advice.Item) {
	failed := map[tripKey]bool{}
	for i := range items {
		if it := &items[i]; len(it.Bounces) > 0 {
			failed[keyOfTrip(it.MessageID, it.Recipient, it.SentAt.In(ev.Zone))] = true
		}
	}
	for i := range ev.Sent {
		m.readSent(&ev.Sent[i], failed, ev.Zone)
	}
	m.readAnswers(ev)
	for _, times := range m.alive {
		slices.SortFunc(times, time.Time.Compare)
	}
	slices.SortFunc(m.trips, func(x, y trip) int { return cmp.Or(x.at.Compare(y.at), strings.Compare(x.address, y.address)) })
}

// compareSigns is a full order, so that the order of reading changes nothing.
func compareSigns(x, y sign) int {
	return cmp.Or(x.at.Compare(y.at), strings.Compare(x.address, y.address), cmp.Compare(x.kind, y.kind), cmp.Compare(x.code, y.code),
		x.sent.Compare(y.sent), x.back.Compare(y.back), strings.Compare(x.host, y.host))
}

// sane keeps out what no clock has shown: the catalogue knows the same bounds.
func sane(t time.Time) bool {
	y := t.UTC().Year()
	return y >= 1971 && y <= 2199
}

// tripKey names a message and recipient as items name them.
type tripKey struct {
	id, recipient string
	sent          int64 // seconds since 1970
}

func keyOfTrip(id, recipient string, sent time.Time) tripKey {
	return tripKey{strings.ToLower(id), strings.ToLower(recipient), sent.Unix()}
}

// remotesOf gives the host that answered, by report and address.
func remotesOf(reports []advice.Reported) map[string]string {
	hosts := make(map[string]string, len(reports))
	for i := range reports {
		for _, r := range reports[i].Report.Recipients {
			if r.Remote != "" {
				hosts[reports[i].Source+"\x00"+strings.ToLower(r.Address)] = r.Remote
			}
		}
	}
	return hosts
}

func (m *mail) readItem(it *advice.Item, remotes map[string]string, zone *time.Location) {
	for i := range it.Bounces {
		b := &it.Bounces[i]
		address := strings.ToLower(b.Address)
		if address == "" {
			address = strings.ToLower(it.Recipient)
		}
		s := sign{address: address, domain: domainOf(address), code: b.ReplyCode, slow: b.Failure == bounce.FailureTimeout}
		s.host = remotes[b.Source+"\x00"+strings.ToLower(b.Address)]
		written := b.BouncedAt.In(zone)
		if s.at = b.AttemptAt.In(zone); s.at.IsZero() {
			s.at = written
		}
		var known bool
		if s.kind, known = kindOf(it, b); !known || s.domain == "" {
			continue
		}
		sent := it.SentAt.In(zone)
		s.sent = sent
		switch byOperator := m.byOperator(b, s.domain); {
		case byOperator && (b.Action != bounce.ActionFailed || s.kind == blocked || sent.IsZero() || written.Sub(sent) < leastHeld):
			continue
		case byOperator:
			s.kind, s.at, s.back = late, sent, written
		case s.kind != blocked && !sent.IsZero() && s.at.Sub(sent) >= leastWaited:
			m.add(sign{address: s.address, domain: s.domain, at: sent, sent: sent, kind: held, host: s.host})
		}
		m.add(s)
	}
}

func (m *mail) add(s sign) {
	if sane(s.at) && !s.at.After(m.at) {
		m.signs = append(m.signs, s)
	}
}

// leastWaited is from when on a message cannot have been taken at the first try, which is made at once.
const leastWaited = 15 * time.Minute

// leastHeld is how long an operator must have kept a message before its own notice says that something was wrong with it: a
// server that takes everything and finds out afterwards who exists says so within minutes.
const leastHeld = 4 * time.Hour

// kindOf reads how an attempt ended. What only says that somebody gave up tells nothing; neither does a refusal for the size or
// the contents of the message.
func kindOf(it *advice.Item, b *advice.Bounce) (kind, bool) {
	switch it.Cause {
	case advice.CauseSenderBlocked, advice.CausePolicy:
		return blocked, true
	case advice.CauseSize:
		return 0, false
	}
	if strings.HasPrefix(b.Status, "4.7.") || strings.HasPrefix(b.Status, "5.7.") {
		return blocked, true // RFC 3463 section 3.8: security or policy; greylisting wears it as well
	}
	switch b.Failure {
	case bounce.FailureRefused, bounce.FailureTimeout, bounce.FailureUnreachable:
		return noAnswer, true
	case bounce.FailureReply, "":
	default:
		return 0, false
	}
	switch b.ReplyCode / 100 {
	case 4:
		return temporary, true
	case 5:
		// Of a refusal, the cause was read from its words: that of the failure that decides the item.
		said := b.Deciding && (it.Cause == advice.CauseAddress || it.Cause == advice.CauseUnknown)
		return permanent, said
	}
	return 0, false
}

// byOperator reports whether the operator of the address itself wrote the bounce: it had taken the message.
func (m *mail) byOperator(b *advice.Bounce, domain string) bool {
	host := b.ReportedBy.Host
	if host == "" {
		return b.ReportedBy.Side == bounce.SideRecipient
	}
	if op, ok := m.dir.OperatorOf(domain); ok {
		return m.dir.RunsHost(op.ID, host)
	}
	return under(host, domain)
}

func (m *mail) readSent(out *advice.Outgoing, failed map[tripKey]bool, zone *time.Location) {
	at := out.SentAt.In(zone)
	if !sane(at) || at.After(m.at) {
		return
	}
	for _, r := range out.Recipients {
		address := strings.ToLower(strings.Trim(strings.TrimSpace(r), "<>"))
		if domain := domainOf(address); domain != "" && !failed[keyOfTrip(out.MessageID, address, at)] {
			m.trips = append(m.trips, trip{address: address, domain: domain, at: at})
			if m.at.Sub(at) > settled {
				m.alive[address] = append(m.alive[address], at)
			}
		}
	}
}

// readAnswers notes who wrote to the person, and to which messages he answered, by hand or by a program.
func (m *mail) readAnswers(ev *advice.Evidence) {
	sent := make(map[string]*advice.Outgoing, len(ev.Sent))
	for i := range ev.Sent {
		if out := &ev.Sent[i]; out.MessageID != "" {
			sent[strings.ToLower(out.MessageID)] = out
		}
	}
	note := func(from, id string, at time.Time) {
		from = strings.ToLower(from)
		if !sane(at) || at.After(ev.At) || domainOf(from) == "" {
			return
		}
		m.alive[from] = append(m.alive[from], at)
		out := sent[strings.ToLower(id)]
		if out == nil {
			return
		}
		for _, r := range out.Recipients {
			if strings.EqualFold(strings.Trim(strings.TrimSpace(r), "<>"), from) {
				m.answers = append(m.answers, answer{trip{from, domainOf(from), out.SentAt.In(ev.Zone)}, at})
				return
			}
		}
	}
	for i := range ev.Incoming {
		in := &ev.Incoming[i]
		note(in.From, first(in.InReplyTo), in.At)
	}
	for i := range ev.Reports {
		rep := &ev.Reports[i]
		if k := rep.Report.Kind; k == bounce.KindAutoReply || k == bounce.KindReadReceipt {
			note(bare(rep.Traits.From), rep.Report.Original.MessageID, rep.ArrivedAt)
		}
	}
}

func first(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[0]
}

// bare takes the address out of a From field.
func bare(field string) string {
	if i := strings.LastIndexByte(field, '<'); i >= 0 {
		field, _, _ = strings.Cut(field[i+1:], ">")
	}
	return strings.TrimSpace(field)
}

// domainOf gives the part after the last "@" in lower case, "" where there is none or it is no domain.
func domainOf(address string) string {
	at := strings.LastIndexByte(address, '@')
	if at < 0 || len(address)-at > 254 || !strings.Contains(address[at:], ".") {
		return ""
	}
	return strings.ToLower(strings.TrimSuffix(address[at+1:], "."))
}

// under reports whether host is domain or below it.
func under(host, domain string) bool {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	return host == domain || strings.HasSuffix(host, "."+domain)
}
