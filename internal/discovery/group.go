package discovery

import (
	"maps"
	"slices"
	"strings"
	"time"

	"rimbalzo/internal/provider"
)

// group is what is known of one operator: a company of the directory, else whoever answers for a domain.
type group struct {
	id       string
	operator provider.Operator // its ID is "" where the directory knows none
	domains  map[string]bool   // of the signs
	signs    []sign            // by time
	trips    []trip
}

// struck gives the domains that an outage of the group strikes: an operator's machines serve all of its domains.
func (g *group) struck() []string {
	domains := maps.Clone(g.domains)
	for _, d := range g.operator.Domains {
		domains[strings.ToLower(d)] = true
	}
	return slices.Sorted(maps.Keys(domains))
}

// lone reports whether the group is a single domain of which nobody knows who runs it: it may simply be gone.
func (g *group) lone() bool { return g.operator.ID == "" && len(g.domains) < 2 }

// groups sorts signs and trips by operator, the groups in the order of their ids. Only groups with signs are given.
func (m *mail) groups() []*group {
	keys := m.operatorsOf()
	byID := map[string]*group{}
	for _, s := range m.signs {
		k := keys[s.domain]
		g := byID[k]
		if g == nil {
			g = &group{id: k, domains: map[string]bool{}}
			if op, ok := m.dir.OperatorOf(k); ok {
				g.operator = op
			}
			byID[k] = g
		}
		g.domains[s.domain] = true
		g.signs = append(g.signs, s)
	}
	for _, t := range m.trips {
		if g := byID[m.keyOf(t.domain, keys)]; g != nil {
			g.trips = append(g.trips, t)
		}
	}
	groups := make([]*group, 0, len(byID))
	for _, k := range slices.Sorted(maps.Keys(byID)) {
		groups = append(groups, byID[k])
	}
	return groups
}

// operatorsOf names, for each domain of a sign, who runs it: the first domain of an operator of the directory, by the
// recipient's domain or by the host that answered; else that host's own domain; else the recipient's domain.
func (m *mail) operatorsOf() map[string]string {
	hosts := map[string]string{}
	for _, s := range m.signs {
		if h := hosts[s.domain]; s.host != "" && (h == "" || s.host < h) {
			hosts[s.domain] = s.host
		}
	}
	keys := map[string]string{}
	for _, s := range m.signs {
		if _, done := keys[s.domain]; done {
			continue
		}
		keys[s.domain] = s.domain
		if op, ok := m.dir.OperatorOf(s.domain); ok {
			keys[s.domain] = op.Domains[0]
		} else if host := hosts[s.domain]; host != "" && !under(host, s.domain) {
			keys[s.domain] = m.ownerOf(host, s.domain)
		}
	}
	return keys
}

// keyOf is the group of a domain that a trip went to.
func (m *mail) keyOf(domain string, keys map[string]string) string {
	if k := keys[domain]; k != "" {
		return k
	}
	if op, ok := m.dir.OperatorOf(domain); ok {
		return op.Domains[0]
	}
	return domain
}

// ownerOf names whose host it is; otherwise where that cannot be told from its name.
func (m *mail) ownerOf(host, otherwise string) string {
	labels := strings.Split(strings.ToLower(strings.Trim(host, ".")), ".")
	if len(labels) < 2 || len(labels) > 20 {
		return otherwise
	}
	for i := range len(labels) - 1 {
		if op, ok := m.dir.OperatorOf(strings.Join(labels[i:], ".")); ok {
			return op.Domains[0]
		}
	}
	last := labels[len(labels)-1]
	if strings.Trim(last, "0123456789") == "" {
		return otherwise // an address literal
	}
	// Under "co.uk" and the like names have three labels.
	n := 2
	if len(last) == 2 && len(labels[len(labels)-2]) <= 3 {
		n = 3
	}
	return strings.Join(labels[max(0, len(labels)-n):], ".")
}

// quiet is how long nothing fails before what follows is another burst.
const quiet = 72 * time.Hour

// bursts cuts the signs where nothing failed for long.
func (g *group) bursts() [][]sign {
	var list [][]sign
	begin := 0
	for i := range g.signs {
		if i > begin && g.signs[i].at.Sub(g.signs[i-1].at) > quiet {
			list = append(list, g.signs[begin:i])
			begin = i
		}
	}
	return append(list, g.signs[begin:])
}
