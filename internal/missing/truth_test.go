package missing

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"rimbalzo/internal/advice"
)

// life is a year and more of somebody's conversations, with what became of every message.
type life struct {
	name    string
	outage  bool    // what was written to the owner in the outage was lost
	deletes float64 // share of what arrived that the owner deleted
	aside   float64 // share of messages that others wrote without the owner
}

// message is one of a conversation.
type message struct {
	id, author string
	at         time.Time
	chain      []string
	seenBy     map[string]bool
}

// live writes the conversations into a mailbox and gives the ids that the outage swallowed.
func (l life) live(seed uint64) (*box, map[string]bool) {
	r := rand.New(rand.NewPCG(seed, 7))
	b, lost := mailbox(elena), map[string]bool{}
	for t := range 400 {
		people := []string{elena}
		for _, i := range r.Perm(20)[:1+r.IntN(3)] {
			people = append(people, fmt.Sprintf("persona%d@%s", i, []string{"posta.example", fmt.Sprintf("ditta%d.example", i)}[i%2]))
		}
		l.talk(r, b, fmt.Sprintf("t%d", t), people, on("1 Jun 2022 08:00").Add(time.Duration(r.Int64N(int64(260*day)))), lost)
	}
	return b, lost
}

func (l life) talk(r *rand.Rand, b *box, name string, people []string, at time.Time, lost map[string]bool) {
	var talk []message
	for i := range 2 + r.IntN(9) {
		author := people[r.IntN(len(people))]
		down := l.outage && at.After(outFrom) && at.Before(outTo)
		if !(author == elena && down) {
			m := message{id: fmt.Sprintf("%s.%d@%s", name, i, domainOf(author)), author: author, at: at, seenBy: map[string]bool{author: true}}
			for j := len(talk) - 1; j >= 0; j-- { // an answer goes to the last message that its author has
				if talk[j].seenBy[author] {
					m.chain = append(append([]string{}, talk[j].chain...), talk[j].id)
					break
				}
			}
			aside := author != elena && len(people) > 2 && r.Float64() < l.aside
			for _, p := range people {
				m.seenBy[p] = m.seenBy[p] || p != elena || !aside && !down
			}
			l.keep(r, b, m, people, name, aside, down, lost)
			talk = append(talk, m)
		}
		at = at.Add(time.Duration(r.ExpFloat64() * float64(36*time.Hour)))
	}
}

// keep puts a message where the owner has it, if he has it.
func (l life) keep(r *rand.Rand, b *box, m message, people []string, subject string, aside, down bool, lost map[string]bool) {
	others := ""
	for _, p := range people {
		if p != m.author && p != elena {
			others += p + " "
		}
	}
	switch {
	case m.author == elena:
		b.send(others, m.at, subject, m.id, m.chain...)
	case aside:
	case down:
		lost[m.id] = true
	case r.Float64() >= l.deletes:
		in := b.receive(m.author, m.at, "Re: "+subject, m.id, m.chain...)
		for _, p := range people[1:] {
			if p != m.author {
				in.To = append(in.To, p)
			}
		}
	}
}

// shown are the ids that the mailbox names in any way: what nothing names nobody can know of.
func shown(ev advice.Evidence) map[string]bool {
	ids := map[string]bool{}
	for _, m := range ev.Incoming {
		for _, id := range m.References {
			ids[id] = true
		}
	}
	return ids
}

// TestAgainstTruth: what is called likely is nearly always so, most of what shows at all is found, and nobody is told to ask
// for mail that he deleted or that was not for him.
func TestAgainstTruth(t *testing.T) {
	for _, tc := range []struct {
		life
		found float64 // share of what shows that must be found
		wrong float64 // share of all findings that may be wrong
		sure  int     // how many must be likely
	}{
		{life{name: "keeps everything", outage: true}, 0.95, 0.02, 20},
		{life{name: "deletes a little", outage: true, deletes: 0.03}, 0.90, 0.10, 2},
		{life{name: "others talk aside", outage: true, aside: 0.15}, 0.90, 0.30, 0},
		{life{name: "deletes and aside", outage: true, deletes: 0.10, aside: 0.10}, 0.75, 0.35, 0},
		{life{name: "an ordinary mailbox", aside: 0.10}, 0, 0, 0},
		{life{name: "an ordinary mailbox, tidied", deletes: 0.15, aside: 0.10}, 0, 0, 0},
		{life{name: "nothing lost, nothing deleted"}, 0, 0, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var likely, likelyWrong, all, wrong, hit, visible int
			for seed := range uint64(8) {
				b, lost := tc.live(seed)
				names := shown(b.ev)
				for id := range lost {
					if names[id] {
						visible++
					}
				}
				for _, f := range Find(b.ev).Findings {
					if f.Kind != Named {
						continue
					}
					all++
					if lost[f.MessageID] {
						hit++
					} else {
						wrong++
					}
					if f.Confidence == "likely" {
						likely++
						if !lost[f.MessageID] {
							likelyWrong++
						}
					}
				}
			}
			t.Logf("%d of %d found, %d of %d wrong, %d of %d likely wrong", hit, visible, wrong, all, likelyWrong, likely)
			if 20*likelyWrong > likely {
				t.Errorf("%d of %d likely ones are wrong", likelyWrong, likely)
			}
			if tc.outage && (likely < tc.sure || float64(hit) < tc.found*float64(visible) || float64(wrong) > tc.wrong*float64(all)) {
				t.Errorf("%d of %d found, %d of %d wrong, %d likely", hit, visible, wrong, all, likely)
			}
			if !tc.outage && all > 0 {
				t.Errorf("nothing was lost, and %d are listed", all)
			}
		})
	}
}
