package missing

import (
	"slices"
	"strings"
	"time"
)

// name is an id that messages name, and what they show of the message it belongs to.
type name struct {
	id      string
	present bool
	// lower and upper are when its neighbours in the threads were written; lower is zero where none before it is known.
	lower, upper time.Time
	child        int32 // the first letter of others that names it, else the first of the person's
	before       int32 // the nearest known letter before it, -1 for none
	had          bool  // the person answered it: it arrived
}

// authors are the others who write ids of one host.
type authors struct{ others []string }

// maxAuthors is how many writers of one host's ids are told apart: a public service has any number.
const maxAuthors = 200

// index prepares the look-ups.
func (s *search) index() {
	s.known = make(map[string]int32, len(s.letters))
	s.ownHosts, s.wroteTo = map[string]bool{}, map[string]bool{}
	s.hosts, s.seen = map[string]*authors{}, map[string]bool{}
	for a := range s.own {
		s.ownHosts[domainOf(a)] = true
	}
	for i := range s.letters {
		l := &s.letters[i]
		if _, twice := s.known[l.id]; l.id != "" && !twice {
			s.known[l.id] = int32(i)
		}
		switch {
		case l.mine:
			s.ownHosts[domainOf(l.id)] = true
			for _, a := range l.to {
				s.wroteTo[a] = true
			}
		case !l.junk:
			s.horizon = later(s.horizon, l.at)
			s.learnHost(domainOf(l.id), l.from)
		}
	}
	delete(s.ownHosts, "")
}

func (s *search) learnHost(host, author string) {
	h := s.hosts[host]
	if h == nil {
		h = &authors{}
		s.hosts[host] = h
	}
	if len(h.others) < maxAuthors && !slices.Contains(h.others, author) {
		h.others = append(h.others, author)
	}
}

// nameAll collects every id that a message names.
func (s *search) nameAll() {
	byID := make(map[string]*name, len(s.letters))
	for i := range s.letters {
		l := &s.letters[i]
		for _, id := range l.answered {
			if n := byID[id]; n != nil {
				n.had = true
			} else if _, ok := s.known[id]; !ok {
				n = &name{id: id, child: -1, before: -1, had: true}
				byID[id] = n
				s.names = append(s.names, n)
			}
		}
		if l.names() {
			s.follow(int32(i), byID)
		}
	}
}

// names reports whether what a letter names is worth a look: spam names what it likes, a forwarded message the threads of
// other people, and a circular without a list's id the ids of a machine.
func (l *letter) names() bool {
	switch {
	case l.junk || l.at.IsZero() || len(l.chain) == 0:
		return false
	case l.mine:
		return true
	}
	return !forwards(l.subject) && (!l.bulk || l.list != "")
}

// follow takes the ids of one letter in their order, each between the known neighbours.
func (s *search) follow(child int32, byID map[string]*name) {
	l := &s.letters[child]
	before := int32(-1)
	var room [maxChain]int32
	first := room[:len(l.chain)] // what is known before each
	for i, id := range l.chain {
		first[i] = before
		k, ok := s.known[id]
		if !ok {
			continue
		}
		if n := &s.letters[k]; !n.at.After(l.at) && !n.at.IsZero() && !n.junk {
			before = k
			if !l.mine {
				s.seen[domainOf(id)] = true
			}
		}
	}
	next := l.at
	for i, id := range slices.Backward(l.chain) {
		k, known := s.known[id]
		n := byID[id]
		if n == nil {
			n = &name{id: id, present: known, child: -1, before: -1}
			byID[id] = n
			s.names = append(s.names, n)
		}
		s.note(n, child, first[i], next)
		if known && !s.letters[k].at.IsZero() && s.letters[k].at.Before(next) {
			next = s.letters[k].at
		}
	}
}

// note keeps what one letter shows of a name.
func (s *search) note(n *name, child, before int32, next time.Time) {
	if n.child < 0 || s.letters[n.child].mine && !s.letters[child].mine {
		n.child = child
	}
	if before >= 0 && (n.before < 0 || s.letters[before].at.After(s.letters[n.before].at)) {
		n.before = before
		n.lower = s.letters[before].at
	}
	if n.upper.IsZero() || next.Before(n.upper) {
		n.upper = next
	}
}

// replyMarks and forwardMarks are what mail programs put before a subject; "R:" and "I:" are Outlook's in Italian.
var (
	replyMarks   = []string{"re", "r", "rif", "aw", "antw", "sv", "rv", "ref", "res"}
	forwardMarks = []string{"fwd", "fw", "i", "inoltra", "inoltro", "wg", "tr", "enc", "doorst", "rinvio"}
)

// maxSubject is how much of a subject is looked at.
const maxSubject = 200

// mark gives the word before a subject's first colon, as "re" in "Re[2]: ...", and the rest.
func mark(subject string) (word, rest string, ok bool) {
	head, rest, ok := strings.Cut(subject, ":")
	if !ok || len(head) > 12 {
		return "", "", false
	}
	head, _, _ = strings.Cut(head, "[")
	return strings.ToLower(strings.TrimSpace(head)), rest, true
}

// forwards reports whether a subject is that of a forwarded message.
func forwards(subject string) bool {
	for range 10 {
		word, rest, ok := mark(subject)
		if !ok || !slices.Contains(replyMarks, word) {
			return ok && slices.Contains(forwardMarks, word)
		}
		subject = rest
	}
	return false
}

// topic is a subject without the marks before it, for comparing.
func topic(subject string) string {
	if len(subject) > maxSubject {
		subject = subject[:maxSubject]
	}
	for range 10 {
		word, rest, ok := mark(subject)
		if !ok || !slices.Contains(replyMarks, word) && !slices.Contains(forwardMarks, word) {
			break
		}
		subject = rest
	}
	return strings.Join(strings.Fields(strings.ToLower(subject)), " ")
}
