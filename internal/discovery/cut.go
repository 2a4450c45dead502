package discovery

import (
	"maps"
	"slices"
	"time"
)

// cut is a stretch of a burst in which the servers behaved in one way.
type cut struct {
	kind  kind
	signs []sign
}

// Costs of a cut, in signs: two that contradict the phase around them are reason for another phase, one is not.
const (
	costOfPhase  = 1.5
	costOfMisfit = 1.0
	costOfSlow   = 0.5 // servers under load let wait as well as they say "later"
)

// misfit is how badly a sign fits a phase of a kind.
func misfit(s sign, phase kind) float64 {
	switch {
	case s.kind == phase, s.kind == held && (phase == noAnswer || phase == temporary):
		return 0
	case s.kind == noAnswer && s.slow && phase == temporary:
		return costOfSlow
	}
	return costOfMisfit
}

// cutPhases finds the phases that contradict the fewest signs with the fewest changes (Viterbi's algorithm over the kinds).
func cutPhases(signs []sign) []cut {
	type step struct{ from [kinds]kind }
	steps := make([]step, len(signs))
	var cost [kinds]float64
	for i, s := range signs {
		best := cheapest(cost)
		var next [kinds]float64
		for k := range kind(kinds) {
			steps[i].from[k], next[k] = k, cost[k]
			if i > 0 && cost[best]+costOfPhase < cost[k] {
				steps[i].from[k], next[k] = best, cost[best]+costOfPhase
			}
			next[k] += misfit(s, k)
		}
		cost = next
	}
	of := make([]kind, len(signs))
	for i, k := len(signs)-1, cheapest(cost); i >= 0; i-- {
		of[i] = k
		k = steps[i].from[k]
	}
	var cuts []cut
	begin := 0
	for i := 1; i <= len(signs); i++ {
		if i == len(signs) || of[i] != of[begin] {
			cuts = append(cuts, cut{kind: of[begin], signs: signs[begin:i]})
			begin = i
		}
	}
	return cuts
}

// cheapest gives the kind of the lowest cost, the first of several.
func cheapest(cost [kinds]float64) kind {
	best := kind(0)
	for k := range kind(kinds) {
		if cost[k] < cost[best] {
			best = k
		}
	}
	return best
}

// span gives the first and last sign that shows the cut's own kind; where none does, of all.
func (c *cut) span() span {
	var own, all span
	for _, s := range c.signs {
		all = all.with(s.at)
		if s.kind == c.kind {
			own = own.with(s.at)
		}
	}
	if own.first.IsZero() {
		return all
	}
	return own
}

// codes gives the reply codes in which a phase of refusals consists, each once, ascending.
func (c *cut) codes() []int {
	seen := map[int]bool{}
	for _, s := range c.signs {
		if s.kind == c.kind && s.code != 0 && (c.kind == temporary || c.kind == permanent) {
			seen[s.code] = true
		}
	}
	return slices.Sorted(maps.Keys(seen))
}

// back is when the last message that was sent back late came back; zero for none.
func (c *cut) back() time.Time {
	var last time.Time
	for _, s := range c.signs {
		if s.back.After(last) {
			last = s.back
		}
	}
	return last
}
