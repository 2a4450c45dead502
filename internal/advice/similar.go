package advice

import (
	"sort"
	"strings"
)

// Bounds of the look for a similar address: how many slips of the finger, and among how many living addresses.
const (
	maxSlips      = 2
	maxLookedAt   = 5000
	maxSlipLength = 100
)

// similar gives the one living address that a refused one is most likely a slip of: the same domain and a local part with
// at most two slips, or the same local part and a domain with at most two. "" where there is none, or where two are as near.
func (a *advisor) similar(refused string) string {
	local, domain, ok := strings.Cut(key(refused), "@")
	if !ok || len(local) > maxSlipLength || len(domain) > maxSlipLength {
		return ""
	}
	best, found, twice := maxSlips+1, "", false
	for _, address := range a.living() {
		n := slipsApart(local, domain, address)
		switch {
		case n < best:
			best, found, twice = n, address, false
		case n == best && n <= maxSlips:
			twice = true
		}
	}
	if twice {
		return ""
	}
	return found
}

// slips counts the slips between a refused address and a living one; more than maxSlips where there are as many, or where the
// address is too short to tell.
func slips(refused, living string) int {
	local, domain, ok := strings.Cut(key(refused), "@")
	if !ok || len(local) > maxSlipLength || len(domain) > maxSlipLength {
		return maxSlips + 1
	}
	return slipsApart(local, domain, living)
}

func slipsApart(local, domain, living string) int {
	l, d, _ := strings.Cut(living, "@")
	switch {
	case d == domain && l != local && len(local) > 3:
		return slipsBetween(local, l)
	case l == local && d != domain && len(domain) > 5:
		return slipsBetween(domain, d)
	}
	return maxSlips + 1
}

// living gives the addresses that have shown a sign of life, in the order of the alphabet.
func (a *advisor) living() []string {
	if a.alive == nil {
		a.alive = []string{}
		for address, h := range a.history {
			if h.alive() && a.own[address] == 0 {
				a.alive = append(a.alive, address)
			}
		}
		sort.Strings(a.alive)
		if len(a.alive) > maxLookedAt {
			a.alive = a.alive[:maxLookedAt]
		}
	}
	return a.alive
}

// slipsBetween counts the slips between two words: a letter too many, too few, wrong, or two changed places (Damerau's
// measure, CACM 7(3), 1964). More than maxSlips are not counted out.
func slipsBetween(a, b string) int {
	if d := len(a) - len(b); d > maxSlips || d < -maxSlips || len(a) > maxSlipLength || len(b) > maxSlipLength {
		return maxSlips + 1
	}
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		least := i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
			least = min(least, row[j])
		}
		if least > maxSlips {
			return maxSlips + 1
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
