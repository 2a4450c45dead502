package missing

import (
	"slices"
	"strings"
	"time"

	"rimbalzo/internal/advice"
	"rimbalzo/internal/bounce"
)

// view is the mailbox seen with one outage in mind.
type view struct {
	*search
	window
	struck    map[string]bool // the outage's domains
	mailboxes []string        // own addresses there, sorted
}

func (s *search) view(w window) *view {
	v := &view{search: s, window: w, struck: map[string]bool{}}
	for _, d := range w.outage.Domains {
		v.struck[strings.ToLower(d)] = true
	}
	for a := range s.own {
		if v.struck[domainOf(a)] {
			v.mailboxes = append(v.mailboxes, a)
		}
	}
	slices.Sort(v.mailboxes)
	return v
}

// candidate is a name that is nowhere and that others wrote.
type candidate struct {
	*name
	where   place
	channel string
	who     []string
	mailbox string
	author  bool // the first of who wrote it
	known   bool // its id is of a host that others in the thread write ids of
}

// oldThreads is how long after the mailbox's beginning messages may still go on from older ones, which nobody looked for.
const oldThreads = 30 * 24 * time.Hour

// named finds messages that others name and that are neither in the mailbox nor among the sent ones. What the person's own
// habit of deleting explains is left out.
func (v *view) named(notes noteSet) []Finding {
	if !v.sentRead {
		return nil // what answers name would mostly be the person's own
	}
	var candidates []candidate
	habit := newHabit()
	for _, n := range v.names {
		if n.child < 0 || n.before < 0 && n.upper.Before(v.begin.Add(oldThreads)) {
			continue
		}
		c := candidate{name: n, where: v.of(n.lower, n.upper), channel: v.channelOf(n)}
		switch {
		case n.present:
			if l := &v.letters[v.known[n.id]]; v.mattered(l) {
				habit.have(n, v.of(l.at, l.at), c.channel)
			}
		case n.had:
			// The person answered it, and so had it: it was deleted, or filed where nobody looked.
			if c.where == outside && (len(v.mailboxes) > 0 || v.attribute(&c)) {
				habit.lack(n, outside, c.channel)
			}
		case v.attribute(&c):
			candidates = append(candidates, c)
		}
	}
	candidates = v.withoutRewritten(candidates)
	for i := range candidates {
		habit.lack(candidates[i].name, candidates[i].where, candidates[i].channel)
	}
	var found []Finding
	flowed := v.flowed()
	for i := range candidates {
		c := &candidates[i]
		if c.where == inside || c.where == touched {
			switch doubt := habit.doubt(c.name, c.channel); {
			case doubt == explained:
				notes.add("deletes", "Name", v.outage.Name)
			case doubt <= little || !flowed:
				found = append(found, v.finding(c, doubt))
			}
		}
	}
	return found
}

// When mail written in the outage is in the mailbox almost as ever, little can have been lost.
const (
	usualFlow    = 0.8
	enoughFlow   = 20 // letters that the days of the outage should have brought
	flowCompared = 60 * 24 * time.Hour
)

// flowed reports whether mail that others wrote in the outage is there almost as ever.
func (v *view) flowed() bool {
	from, to := v.from.Add(slackBefore), v.back
	count := func(a, b time.Time) (n int) {
		i, _ := slices.BinarySearchFunc(v.letters, a, func(l letter, t time.Time) int { return l.at.Compare(t) })
		for ; i < len(v.letters) && v.letters[i].at.Before(b); i++ {
			l := &v.letters[i]
			if first, ok := v.known[l.id]; ok && int(first) != i {
				continue // the same in another folder
			}
			if v.mattered(l) && !l.junk {
				n++
			}
		}
		return n
	}
	usual := float64(count(from.Add(-flowCompared), from)) * float64(to.Sub(from)) / float64(flowCompared)
	return usual >= enoughFlow && float64(count(from, to)) >= usualFlow*usual
}

// mattered reports whether the outage lay on a letter's way: all that others write to a struck mailbox, else what the owners
// of struck mailboxes write.
func (v *view) mattered(l *letter) bool {
	return !l.mine && (len(v.mailboxes) > 0 || v.struck[domainOf(l.from)])
}

// channelOf is by what way a name came to be known: a list or a correspondent.
func (v *view) channelOf(n *name) string {
	l := &v.letters[n.child]
	if l.list != "" {
		return listPrefix + l.list
	}
	return l.from
}

// attribute finds out who wrote a missing message and to whom; false where it may have been the person himself, where
// nothing ties it to the person, or where the outage cannot have touched it.
func (v *view) attribute(c *candidate) bool {
	child, host := &v.letters[c.child], domainOf(c.id)
	if v.ownHosts[host] || child.list == "" && child.mine && c.before < 0 {
		return false
	}
	others := v.others(c)
	author, foreign := v.author(host, others)
	c.known, c.author = foreign, author != ""
	if author != "" {
		others = append([]string{author}, slices.DeleteFunc(others, func(a string) bool { return a == author })...)
	}
	if c.who = others; len(others) == 0 {
		return false
	}
	if c.before < 0 && child.list == "" && !(c.known && v.wroteTo[child.from]) {
		// Nothing of the thread is known before it: it may have gone between strangers.
		return false
	}
	return v.touches(c, author)
}

// others are the people of the thread but the person: who answers first.
func (v *view) others(c *candidate) []string {
	var list []string
	add := func(addresses ...string) {
		for _, a := range addresses {
			if a != "" && !v.own[a] && len(list) < maxPeople && !slices.Contains(list, a) {
				list = append(list, a)
			}
		}
	}
	child := &v.letters[c.child]
	add(child.from)
	if child.list != "" {
		return list
	}
	if c.before >= 0 {
		add(v.letters[c.before].from)
	}
	add(child.to...)
	if c.before >= 0 {
		add(v.letters[c.before].to...)
	}
	return list
}

// author is the one of the people who writes ids of that host, "" where none or several do; found says that at least one does.
func (v *view) author(host string, people []string) (author string, found bool) {
	h := v.hosts[host]
	for _, a := range people {
		d := domainOf(a)
		if h != nil && slices.Contains(h.others, a) || d != "" && (host == d || strings.HasSuffix(host, "."+d)) {
			if found {
				return "", true
			}
			author, found = a, true
		}
	}
	return author, found
}

// touches reports whether the outage lay on the way: the person's mailbox in the thread, or else the writer's, was struck.
func (v *view) touches(c *candidate, author string) bool {
	if len(v.mailboxes) == 0 {
		return author != "" && v.struck[domainOf(author)]
	}
	c.mailbox = v.mailboxes[0]
	other := false
	for _, i := range []int32{c.child, c.before} {
		if i < 0 {
			continue
		}
		l := &v.letters[i]
		for _, a := range append([]string{l.from}, l.to...) {
			if slices.Contains(v.mailboxes, a) {
				c.mailbox = a
				return true
			}
			other = other || v.own[a]
		}
	}
	// The thread went to another mailbox of the person's, which worked.
	return !other
}

// rewriteSpan is how far before an answer a message may lie that it answers under another id.
const rewriteSpan = 30 * 24 * time.Hour

// withoutRewritten leaves out names that may be a present message's under another id: some services write ids of their own
// on the way. Such a message has the same subject and people, and nobody names it or any other id of its host.
func (v *view) withoutRewritten(list []candidate) []candidate {
	wanted := map[string][]time.Time{}
	for i := range list {
		for _, k := range v.talks(&list[i]) {
			wanted[k] = nil
		}
	}
	if len(wanted) == 0 {
		return list
	}
	for i := range v.letters {
		l := &v.letters[i]
		if l.junk || l.id != "" && v.seen[domainOf(l.id)] {
			continue
		}
		t := topic(l.subject)
		for _, a := range append([]string{l.from}, l.to...) {
			if times, ok := wanted[t+"\x00"+a]; ok {
				wanted[t+"\x00"+a] = append(times, l.at)
			}
		}
	}
	return slices.DeleteFunc(list, func(c candidate) bool {
		first := c.lower
		if first.IsZero() {
			first = c.upper.Add(-rewriteSpan)
		}
		for _, k := range v.talks(&c) {
			times := wanted[k] // in the order of writing
			i, _ := slices.BinarySearchFunc(times, first, func(t, first time.Time) int {
				if t.After(first) {
					return 1
				}
				return -1
			})
			if i < len(times) && times[i].Before(c.upper) {
				return true
			}
		}
		return false
	})
}

// talks are the conversations that a candidate may belong to, as subject and correspondent.
func (v *view) talks(c *candidate) []string {
	t := topic(v.letters[c.child].subject)
	var list []string
	for _, a := range c.who {
		list = append(list, t+"\x00"+a)
	}
	return list
}

// finding words a candidate.
func (v *view) finding(c *candidate, doubt doubt) Finding {
	child := &v.letters[c.child]
	f := Finding{
		Kind: Named, Outage: v.outage.ID, Who: c.who, List: child.list, Subject: child.subject, MessageID: child.asWritten(c.id),
		From: c.lower, To: c.upper, Confidence: bounce.Unsure, Source: child.source, Mailbox: c.mailbox,
	}
	who := child.from
	if child.mine {
		f.Reasons = append(f.Reasons, because("named-by-you", "Time", child.at))
	} else {
		f.Reasons = append(f.Reasons, because("named", "Who", who, "Time", child.at))
	}
	if c.author {
		f.Reasons = append(f.Reasons, because("writer", "Who", c.who[0]))
	}
	if c.lower.IsZero() {
		f.Reasons = append(f.Reasons, because("no-beginning"))
	}
	f.Reasons = append(f.Reasons, v.way(f.Mailbox, c.who[0]))
	// Where several talk, one may have written to another alone.
	sure := c.where == inside && (doubt == hardly && c.known || doubt <= little && (c.author && len(c.who) == 1 || f.List != ""))
	if len(c.who) > 1 {
		f.Reasons = append(f.Reasons, because("several"))
	}
	switch doubt {
	case some:
		f.Reasons = append(f.Reasons, because("deletes"))
	case unknown:
		f.Reasons = append(f.Reasons, because("few"))
	}
	if v.at.Before(v.settled) {
		sure = false
		f.Reasons = append(f.Reasons, because("early", "Time", v.settled))
	}
	if sure {
		f.Confidence = bounce.Likely
	}
	return f
}

// way says whose provider stood still.
func (v *view) way(mailbox, writer string) advice.Reason {
	if mailbox == "" {
		return because("writer-struck", "Who", writer, "Name", v.outage.Name)
	}
	return because("mailbox-struck", "Mailbox", mailbox, "Name", v.outage.Name)
}
