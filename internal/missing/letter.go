package missing

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"rimbalzo/internal/advice"
)

// letter is a message of the mailbox, received or sent, with what matters here.
type letter struct {
	id       string // compared form, "" for none
	from     string
	to       []string
	at       time.Time // when it was written
	subject  string
	chain    []string // the ids it names, oldest first, the one it answers last
	list     string
	bulk     bool
	mine     bool
	junk     bool
	answered []string // with mine: the ids that it answers, which the person thus had
	source   string
	origin   []string // the ids as they stand in its header
}

// Bounds: of the ids that one message names (mail programs keep about twenty), of people in it, of own addresses.
const (
	maxChain  = 40
	maxPeople = 20
	maxOwn    = 50
)

// search holds the mailbox in the order of writing.
type search struct {
	at       time.Time
	zone     *time.Location
	letters  []letter
	known    map[string]int32 // by id: the first letter of that id
	own      map[string]bool
	ownHosts map[string]bool // right-hand sides of the ids of the person's own messages
	wroteTo  map[string]bool
	names    []*name
	sentRead bool
	begin    time.Time // when the mailbox begins, but for a few letters
	horizon  time.Time // when the last letter from others was written
	hosts    map[string]*authors
	seen     map[string]bool // hosts of ids that came through to others unchanged
}

func newSearch(ev advice.Evidence) *search {
	s := &search{at: ev.At, zone: ev.Zone, sentRead: ev.Read.Sent || len(ev.Sent) > 0}
	if s.zone == nil {
		s.zone = time.UTC
	}
	s.own = ownAddresses(ev)
	s.letters = make([]letter, 0, len(ev.Incoming)+len(ev.Sent)+len(ev.Reports))
	for i := range ev.Sent {
		s.takeSent(&ev.Sent[i])
	}
	for i := range ev.Incoming {
		s.takeIncoming(&ev.Incoming[i])
	}
	for i := range ev.Reports {
		// A notice is named by what answers it, and shows nothing else.
		if r := &ev.Reports[i]; !r.ArrivedAt.After(ev.At) && r.Traits.MessageID != "" {
			s.letters = append(s.letters, letter{id: idKey(r.Traits.MessageID), at: r.ArrivedAt, junk: true, source: r.Source})
		}
	}
	s.sort()
	if n := len(s.letters); n > 0 {
		s.begin = s.letters[n/100].at
	}
	s.index()
	s.nameAll()
	return s
}

// sort puts the letters into the order of writing: letters are large, and numbers are quicker to move about.
func (s *search) sort() {
	places := make([]int32, len(s.letters))
	for i := range places {
		places[i] = int32(i)
	}
	slices.SortFunc(places, func(a, b int32) int { return writtenBefore(&s.letters[a], &s.letters[b]) })
	sorted := make([]letter, len(places))
	for i, p := range places {
		sorted[i] = s.letters[p]
	}
	s.letters = sorted
}

// writtenBefore orders letters by when they were written, and those of one moment by all that matters of them.
func writtenBefore(a, b *letter) int {
	if c := a.at.Compare(b.at); c != 0 {
		return c
	}
	if c := cmp.Compare(a.id, b.id); c != 0 {
		return c
	}
	return cmp.Or(cmp.Compare(a.source, b.source), cmp.Compare(a.from, b.from), cmp.Compare(a.subject, b.subject), slices.Compare(a.chain, b.chain))
}

func (s *search) takeSent(m *advice.Outgoing) {
	at := m.SentAt.In(s.zone)
	if at.After(s.at) {
		return
	}
	l := letter{id: idKey(m.MessageID), from: fold(m.From), to: people(m.Recipients), at: at, subject: m.Subject, mine: true, source: m.Source, origin: m.References}
	// In-Reply-To stands before References there.
	l.chain = keys(m.References)
	if n := len(l.chain); n > 0 {
		l.answered = []string{l.chain[0], l.chain[n-1]}
		if rest := l.chain[1:]; slices.Contains(rest, l.chain[0]) {
			l.chain = rest
		} else {
			l.chain = append(rest, l.chain[0])
		}
	}
	s.add(l)
}

func (s *search) takeIncoming(m *advice.Incoming) {
	if m.At.After(s.at) {
		return
	}
	l := letter{
		id: idKey(m.MessageID), from: fold(m.From), to: people(m.To), at: written(m, s.zone), subject: m.Subject,
		list: m.ListID, bulk: m.List || m.ListID != "", junk: m.Junk, source: m.Source,
	}
	l.mine = s.own[l.from]
	if l.origin = m.References; len(m.References) == 0 {
		l.origin = m.InReplyTo
	}
	answers := keys(m.InReplyTo)
	l.chain = keys(m.References)
	for _, id := range answers {
		if !slices.Contains(l.chain, id) {
			l.chain = append(l.chain, id)
		}
	}
	if l.mine && len(l.chain) > 0 {
		l.answered = append(slices.Clone(answers), l.chain[len(l.chain)-1])
	}
	s.add(l)
}

// add keeps a letter; what it says of itself in its own thread means nothing.
func (s *search) add(l letter) {
	itself := func(id string) bool { return id == l.id }
	l.chain, l.answered = slices.DeleteFunc(bounded(l.chain), itself), slices.DeleteFunc(l.answered, itself)
	if len(l.subject) > maxID {
		l.subject = strings.ToValidUTF8(l.subject[:maxID], "")
	}
	s.letters = append(s.letters, l)
}

// maxAhead is how far clocks are wrong: a message that says it was written later than that after its arrival was not.
const maxAhead = 24 * time.Hour

// written is when a message was written. What it says itself counts more than its arrival: mail waits in queues, and an
// archive that was copied shows the day of the copy as every message's arrival.
func written(m *advice.Incoming, zone *time.Location) time.Time {
	at := m.SentAt.In(zone)
	if m.SentAt.IsZero() || !m.At.IsZero() && at.After(m.At.Add(maxAhead)) {
		return m.At
	}
	return at
}

// bounded keeps the oldest id and the newest ones of a chain.
func bounded(chain []string) []string {
	if len(chain) <= maxChain {
		return chain
	}
	return append(slices.Clone(chain[:1]), chain[len(chain)-maxChain+1:]...)
}

func keys(ids []string) []string {
	list := make([]string, 0, min(len(ids), 2*maxChain))
	for _, id := range ids[max(0, len(ids)-2*maxChain):] {
		if k := idKey(id); k != "" {
			list = append(list, k)
		}
	}
	return list
}

// people gives addresses in the form in which they are compared.
func people(addresses []string) []string {
	list := make([]string, 0, min(len(addresses), maxPeople))
	for _, a := range addresses[:min(len(addresses), maxPeople)] {
		list = append(list, fold(a))
	}
	return list
}

// fold gives an address in the form in which addresses are compared, "" for what is too long to be one.
func fold(address string) string {
	if len(address) > maxID {
		return ""
	}
	return strings.ToLower(strings.Trim(strings.TrimSpace(address), "<>"))
}

// maxID is longer than a line of mail may be (RFC 5322 section 2.1.1): what is longer is no id.
const maxID = 998

// idKey is the form in which message ids are compared: some servers fold them to lower case on the way.
func idKey(id string) string {
	if len(id) > maxID {
		return ""
	}
	return strings.ToLower(strings.Trim(strings.TrimSpace(id), "<>"))
}

// asWritten gives an id as the letter has it, for other programs to look for.
func (l *letter) asWritten(id string) string {
	for _, raw := range l.origin {
		if idKey(raw) == id {
			return strings.Trim(strings.TrimSpace(raw), "<>")
		}
	}
	return id
}

func domainOf(address string) string { return address[strings.LastIndexByte(address, '@')+1:] }

// ownAddresses are the person's: those the account tells, and those he writes from.
func ownAddresses(ev advice.Evidence) map[string]bool {
	count := map[string]int{}
	for i := range ev.Sent {
		if a := fold(ev.Sent[i].From); strings.Contains(a, "@") {
			count[a]++
		}
	}
	for _, a := range ev.Accounts {
		count[fold(a)] += len(ev.Sent) + 1
	}
	delete(count, "")
	list := slices.SortedFunc(maps.Keys(count), func(a, b string) int { return cmp.Or(cmp.Compare(count[b], count[a]), cmp.Compare(a, b)) })
	own := map[string]bool{}
	for _, a := range list[:min(len(list), maxOwn)] {
		own[a] = true
	}
	if len(own) == 0 {
		if a := mostWrittenTo(ev); a != "" {
			own[a] = true
		}
	}
	return own
}

// enoughLetters is how many letters must be addressed to one address for it to be taken for the mailbox's own.
const enoughLetters = 10

// mostWrittenTo is the address to which at least half of the mail goes, "" for none: where a mailbox names no owner and
// holds nothing sent.
func mostWrittenTo(ev advice.Evidence) string {
	count := map[string]int{}
	all := 0
	for i := range ev.Incoming {
		if ev.Incoming[i].At.After(ev.At) {
			continue
		}
		all++
		for _, a := range people(ev.Incoming[i].To) {
			count[a]++
		}
	}
	best := ""
	for a, n := range count {
		if n > count[best] || n == count[best] && a < best {
			best = a
		}
	}
	if n := count[best]; n < enoughLetters || 2*n < all {
		return ""
	}
	return best
}
