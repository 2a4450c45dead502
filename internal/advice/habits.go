package advice

import (
	"slices"
	"time"

	"rimbalzo/internal/provider"
)

// habits are the ways of the person's own sending service, as the mailbox shows them.
type habits struct {
	organisation string // whose servers report for it
	// giveUp is how long it keeps trying; zero when nothing told it. said is true when its own bounces said so.
	giveUp time.Duration
	said   bool
	sender provider.Sender
	known  bool // sender was recognised
	// longest is the greatest age at which it was seen to be still trying, in whole hours.
	longest time.Duration
	// warn is the age at which it has warned of every delay seen so far; zero when it was never seen to.
	warn time.Duration
}

// enoughBounces is how many bounces are looked at to recognise the service that wrote them.
const enoughBounces = 40

// learnHabits looks at the bounces and warnings about the person's own messages: whose server writes them, until when it
// says it will try, and how early it warns.
func (a *advisor) learnHabits() {
	a.learned = learned{count: map[string]int{}, first: map[*message]time.Duration{}}
	for _, m := range a.messages {
		for host := range m.reporters(a) {
			a.learned.count[host]++
		}
	}
	a.habits.organisation = most(a.learned.count)
	for _, m := range a.messages {
		for _, t := range m.recipients {
			for i := range t.events {
				if e := &t.events[i]; a.ownServer(t, e) {
					a.learnFrom(m, e, a.learned.first)
				}
			}
		}
	}
	for _, age := range a.learned.first {
		a.learned.ages = append(a.learned.ages, age)
	}
	slices.Sort(a.learned.ages)
	a.habits.warn = a.learned.warningAge()
	a.recogniseService()
}

// learned is what the habits are derived from, kept so that one more bounce need not count all of them.
type learned struct {
	count map[string]int // messages by the organisation that reports on them
	first map[*message]time.Duration
	ages  []time.Duration // those of first, ascending
}

// ownServer reports whether an event was written by the service that sends for the person.
func (a *advisor) ownServer(t *thread, e *event) bool {
	return !t.msg.sentAt.IsZero() && organisation(e.rep.Report.ReportedBy.Host) == a.habits.organisation && !a.byRecipientSide(t, e)
}

// recogniseService looks at the first bounces that the person's own service wrote.
func (a *advisor) recogniseService() {
	services := map[string]int{}
	senders := map[string]provider.Sender{}
	looked := 0
	for _, m := range a.messages {
		for _, t := range m.recipients {
			for i := range t.events {
				e := &t.events[i]
				if looked >= enoughBounces || !a.ownServer(t, e) {
					continue
				}
				looked++
				if s, ok := a.ev.Directory.Recognise(e.rep.Traits); ok {
					services[s.ID]++
					senders[s.ID] = s
				}
			}
		}
		if looked >= enoughBounces {
			break
		}
	}
	a.habits.sender, a.habits.known = provider.Sender{}, false
	if id := most(services); id != "" {
		a.habits.sender, a.habits.known = senders[id], true
	}
}

// reporters gives the organisations whose servers report on m from the sender's side.
func (m *message) reporters(a *advisor) map[string]bool {
	var hosts map[string]bool
	for _, t := range m.recipients {
		for i := range t.events {
			e := &t.events[i]
			// Behind a forwarding another server reports: its habits are not the person's.
			named := key(e.rec.Address) == t.key || key(e.rec.OriginalAddress) == t.key
			if h := organisation(e.rep.Report.ReportedBy.Host); h != "" && named && !a.byRecipientSide(t, e) {
				if hosts == nil {
					hosts = map[string]bool{}
				}
				hosts[h] = true
			}
		}
	}
	return hosts
}

func (a *advisor) learnFrom(m *message, e *event, first map[*message]time.Duration) {
	if age := e.written.Sub(m.at); !e.loose && age > a.habits.longest && age <= longestQueue {
		a.habits.longest = min(longestQueue, (age + time.Hour - 1).Truncate(time.Hour))
	}
	if e.rec.Action == actionDelayed {
		age := e.rep.Report.BouncedAt.In(a.ev.Zone).Sub(m.at)
		if old, ok := first[m]; age > 0 && (!ok || age < old) {
			first[m] = age
		}
	}
	if until := e.rec.RetryUntil; !until.IsZero() {
		if d := until.In(a.ev.Zone).Sub(m.at); d > a.habits.giveUp && d <= longestQueue {
			a.habits.giveUp, a.habits.said = d, true
		}
	}
}

// warnStep is how finely the habit of warning is told: finer, and each warning would change it, and with it all advice.
const warnStep = 10 * time.Minute

// warningAge is the age by which nine tenths of the first warnings had come; three are needed to speak of a habit.
func (l *learned) warningAge() time.Duration {
	if len(l.ages) < 3 {
		return 0
	}
	age := l.ages[(len(l.ages)*9-1)/10]
	return (age + warnStep - 1).Truncate(warnStep)
}

// most gives the most frequent key, the first in the alphabet where several are.
func most(count map[string]int) string {
	best := ""
	for k, n := range count {
		if n > count[best] || (n == count[best] && (best == "" || k < best)) {
			best = k
		}
	}
	return best
}

// term is until when the servers of one message's way keep trying, and how that is known.
type term struct {
	until time.Time
	rule  string // "said" by the bounce, "habit" of this mailbox's service, "service" known by name, "usual" for all
	name  string
}

// giveUp says until when the sending side keeps trying to deliver t. What it was seen to do beats what is assumed of it: who
// still warns after two days does not give up after one.
func (a *advisor) giveUp(t *thread) term {
	assumed := a.assumedTerm(t)
	if assumed.rule == "said" {
		return assumed
	}
	seen := time.Duration(0)
	if !a.elsewhere(t) {
		seen = a.habits.longest
	}
	for i := range t.events {
		if e := &t.events[i]; e.rec.Action == actionDelayed && !e.loose {
			seen = max(seen, e.written.Sub(t.msg.at))
		}
	}
	switch until := t.msg.at.Add(seen); {
	case seen > longestQueue || !until.After(assumed.until.Add(expiryGrace)):
		return assumed
	case seen < provider.FallbackGiveUp:
		return term{until: t.msg.at.Add(provider.FallbackGiveUp), rule: "usual"}
	default:
		return term{until: until, rule: "habit"}
	}
}

// elsewhere reports whether another server than the person's own reports on t.
func (a *advisor) elsewhere(t *thread) bool {
	for i := range t.events {
		if organisation(t.events[i].rep.Report.ReportedBy.Host) != a.habits.organisation {
			return true
		}
	}
	return false
}

// assumedTerm is the bounce's own word, else the habit of the person's service, else of its kind of server, else what RFC
// 5321 section 4.5.4.1 asks for.
func (a *advisor) assumedTerm(t *thread) term {
	var said time.Time
	for i := range t.events {
		e := &t.events[i]
		if until := e.rec.RetryUntil.In(a.ev.Zone); e.rec.Action == actionDelayed && until.After(said) {
			said = until
		}
	}
	if !said.IsZero() {
		return term{until: said, rule: "said"}
	}
	sent := t.msg.at
	if s, ok := a.reporter(t); ok {
		if until, ok := s.GiveUpAt(sent); ok {
			return term{until: until, rule: "service", name: s.Name}
		}
	}
	if a.habits.said {
		return term{until: sent.Add(a.habits.giveUp), rule: "habit"}
	}
	if s, ok := a.service(t.msg); ok {
		if until, ok := s.GiveUpAt(sent); ok {
			return term{until: until, rule: "service", name: s.Name}
		}
	}
	return term{until: sent.Add(provider.FallbackGiveUp), rule: "usual"}
}

// service is the kind of server or service that took m from the person: the one that writes his bounces, else the one that
// the message's own id and fields tell.
func (a *advisor) service(m *message) (provider.Sender, bool) {
	if a.habits.known || m.traits == nil {
		return a.habits.sender, a.habits.known
	}
	// Ids of one domain are written by one service; the patterns are many, and so are the messages.
	k := domainOf(m.traits.MessageID)
	s, looked := a.services[k]
	if !looked {
		s, _ = a.ev.Directory.Recognise(provider.Traits{Received: m.traits.Received, MessageID: m.traits.MessageID, Headers: m.traits.Headers})
		a.services[k] = s
	}
	return s, s.ID != ""
}

// reporter is the kind of the server that warned about t, where it is another than the person's own.
func (a *advisor) reporter(t *thread) (provider.Sender, bool) {
	for i := range t.events {
		e := &t.events[i]
		if organisation(e.rep.Report.ReportedBy.Host) == a.habits.organisation {
			continue
		}
		if s, ok := a.ev.Directory.Recognise(e.rep.Traits); ok && s.GiveUp > 0 {
			return s, true
		}
	}
	return provider.Sender{}, false
}
