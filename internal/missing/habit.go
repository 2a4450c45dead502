package missing

import (
	"math"
	"strings"
)

// habit weighs what lacks in the window against what lacks at other times: who deletes or files away much of his mail lacks
// it always, and an outage need not have had a part in it.
type habit struct {
	threads  map[bool]*balance // by whether something before it in its thread is known
	channels map[string]*balance
}

// balance counts the messages named by others that are there and that lack, outside the window and in it.
type balance struct{ outHave, outLack, inHave, inLack int }

func newHabit() *habit {
	return &habit{threads: map[bool]*balance{true: {}, false: {}}, channels: map[string]*balance{}}
}

func (h *habit) have(n *name, where place, channel string) {
	for _, b := range h.of(n, channel) {
		switch where {
		case outside:
			b.outHave++
		case inside, touched:
			b.inHave++
		}
	}
}

func (h *habit) lack(n *name, where place, channel string) {
	for _, b := range h.of(n, channel) {
		switch where {
		case outside:
			b.outLack++
		case inside, touched:
			b.inLack++
		}
	}
}

func (h *habit) of(n *name, channel string) [2]*balance {
	c := h.channels[channel]
	if c == nil {
		c = &balance{}
		h.channels[channel] = c
	}
	return [2]*balance{h.threads[n.before >= 0], c}
}

func (b *balance) plus(c *balance) *balance {
	return &balance{b.outHave + c.outHave, b.outLack + c.outLack, b.inHave + c.inHave, b.inLack + c.inLack}
}

// doubt is how much of what lacks the person's habits explain.
type doubt int

const (
	hardly doubt = iota
	little
	some
	unknown   // too little mail to compare with
	explained // so much that nothing can be said
)

// listPrefix tells the channel of a list from that of a correspondent.
const listPrefix = "list "

// Shares of what lacks in the window that may be explained by habit, and how much mail it takes to know.
const (
	littleShare  = 0.05
	hardlyEver   = 0.01 // of what is named at other times lacks
	mostExplains = 0.40
	clearly      = 2.0  // standard deviations by which more must lack than habit makes one expect
	oftenLacks   = 0.20 // of one correspondent or service: some name ids that were never messages
	enoughNamed  = 20
	enoughOnList = 10 // a digest's reader lacks all single messages, always
	strayOnes    = 1  // what lacks by chance and means nothing
)

// doubt tells how far habit explains that a name of a channel is missing.
func (h *habit) doubt(n *name, channel string) doubt {
	both := h.of(n, channel)
	all, own := both[0], both[1]
	if own.outLack > strayOnes && float64(own.outLack) > oftenLacks*float64(own.outLack+own.outHave) {
		return explained
	}
	if strings.HasPrefix(channel, listPrefix) && own.outHave < enoughOnList {
		return explained
	}
	total := all.outHave + all.outLack
	if total < enoughNamed {
		all = h.threads[true].plus(h.threads[false])
		total = all.outHave + all.outLack
	}
	if total < enoughNamed {
		if all.outLack > strayOnes && all.outLack >= all.outHave {
			return explained
		}
		return unknown
	}
	// One more than was seen, as what was seen is a sample.
	usual := float64(all.outLack+1) / float64(total+1)
	lacking, named := float64(all.inLack), float64(max(all.inLack+all.inHave, 1))
	byHabit := float64(all.outLack) / float64(total) * named
	if byHabit > 0 && lacking < byHabit+clearly*math.Sqrt(byHabit)+strayOnes/2.0 {
		return explained // it may be chance
	}
	switch share := usual * named / max(lacking, 1); {
	case share > littleShare && all.outLack == 0:
		return unknown // nothing lacks at other times, of which there are few
	case share > mostExplains:
		return explained
	case share > littleShare:
		return some
	case usual > hardlyEver:
		return little
	}
	return hardly
}
