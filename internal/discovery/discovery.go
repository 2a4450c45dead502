// Package discovery finds outages that nobody catalogued, from the bounces in a person's own mail: a burst of failures of
// several addresses of one operator that used to work, cut into phases where the kind of failure changes. It proposes
// entries for the catalogue; a person looks at them. It is pure: no clock, no disk, no network.
//
// It would rather see too little than too much. Two addresses that bounce in a year are no outage; a sending server that
// reaches nobody is no provider's outage; a domain that is gone is none.
package discovery

import (
	"slices"
	"strings"
	"time"

	"rimbalzo/internal/advice"
	"rimbalzo/internal/outage"
)

// prefix begins the id of every outage that was found and not catalogued, so that people can tell.
const prefix = "found-"

// sourceKey is the key under which found outages name their source.
const sourceKey = "own-mail"

// mostFound bounds how many outages one mailbox may show: a real one shows one or two.
const mostFound = 20

// Find proposes the outages that the mail shows and ev.Catalogue does not cover, the earliest first. res is the advice for ev, in whose items reports are matched, counted once and read by cause. The same
// evidence in any order gives the same proposals. Checks of the provider's servers count beside bounces, where there are any:
// incoming servers that fail three times, half an hour apart, count as three addresses that fail.
func Find(ev advice.Evidence, res advice.Result, checks ...Check) []outage.Outage {
	if ev.Zone == nil {
		ev.Zone = time.UTC
	}
	m := readSigns(&ev, res.Items, checks)
	if _, struck := densest(m.signs); len(struck) < leastAddresses {
		return nil // most mailboxes end here, and their Sent need not be gone through again
	}
	m.readRest(&ev, res.Items)
	var found []proposal
	for _, g := range m.groups() {
		for _, b := range g.bursts() {
			if p := m.propose(g, b); p != nil && !covered(ev.Catalogue, p) {
				found = append(found, *p)
			}
		}
	}
	slices.SortStableFunc(found, func(x, y proposal) int {
		if c := x.first().Compare(y.first()); c != 0 {
			return c
		}
		return strings.Compare(x.group.id, y.group.id)
	})
	return m.entries(found[:min(len(found), mostFound)], ev.Zone)
}

// around is how near to an outage a failure still belongs to it: the longest time that sending servers in use keep trying.
const around = 12 * 24 * time.Hour

// covered reports whether the catalogue knows an outage of the same operator, or of one of the domains, at that time.
func covered(c *outage.Catalogue, p *proposal) bool {
	if c == nil {
		return false
	}
	for i := range c.Outages {
		o := &c.Outages[i]
		same := o.Operator != "" && o.Operator == p.group.operator.ID
		same = same || slices.ContainsFunc(p.group.struck(), func(d string) bool { return slices.Contains(o.Domains, d) })
		before := !o.End.Open() && p.first().After(o.End.Latest.Add(around))
		if same && !before && p.last().After(o.Start.Earliest.Add(-around)) {
			return true
		}
	}
	return false
}
