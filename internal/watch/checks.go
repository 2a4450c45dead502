package watch

import (
	"net"
	"net/url"
	"slices"
	"strings"
	"time"

	"rimbalzo/internal/discovery"
	"rimbalzo/internal/probe"
)

// Checks gives what was seen of providers' servers as evidence of outages: each look of which something was learned, and of incidents
// that lie before the first look their edges. Looks and incidents may be in any order.
func Checks(looks []Seen, incidents []Incident) []discovery.Check {
	var list []discovery.Check
	var first time.Time
	for _, s := range looks {
		if first.IsZero() || s.At.Before(first) {
			first = s.At
		}
		if s.Line != LineUp || s.Look == LookDrop || s.Look == LookLine || s.Direction == "" {
			continue
		}
		switch s.class() {
		case ClassPass, ClassFailure:
			if e, ok := tellsOf(s.Ending); ok {
				list = append(list, discovery.Check{Domain: hostOf(s.Endpoint), Direction: discovery.Direction(s.Direction), At: s.At, Ending: e})
			}
		}
	}
	for _, i := range incidents {
		if i.Open() || !first.IsZero() && !i.End.Before(first) {
			continue // the looks tell more
		}
		list = append(list, edges(i)...)
	}
	return list
}

// tellsOf translates an ending; false for one that says nothing of the provider's servers as they were for everybody.
func tellsOf(e probe.Ending) (discovery.Ending, bool) {
	switch e.Class() {
	case probe.ClassOK:
		return discovery.Fine, true
	case probe.ClassRefused:
		return discovery.Refused, true
	case probe.Class4xx:
		return discovery.Later, true
	case probe.Class5xx:
		return discovery.Never, true
	}
	return "", false
}

// edges are the beginning and the end of an incident of which the single looks are gone, for each of its endpoints.
func edges(i Incident) (list []discovery.Check) {
	worst, most := probe.Ending(""), 0
	for e, n := range i.Endings {
		if _, ok := tellsOf(e); ok && (n > most || n == most && e < worst) {
			worst, most = e, n
		}
	}
	ending, ok := tellsOf(worst)
	if !ok {
		return nil
	}
	for _, endpoint := range i.Endpoints {
		kind, _, _ := strings.Cut(endpoint, " ")
		d := probe.Kind(kind).Direction()
		if !slices.Contains(i.Directions, d) {
			continue
		}
		c := discovery.Check{Domain: hostOf(endpoint), Direction: discovery.Direction(d), At: i.Begin, Ending: ending}
		back := c
		back.At, back.Ending = i.End, discovery.Fine
		list = append(list, c, back)
	}
	return list
}

// hostOf gives the host of an endpoint's key, see keyOf.
func hostOf(endpoint string) string {
	_, host, _ := strings.Cut(endpoint, " ")
	if u, err := url.Parse(host); err == nil && u.Host != "" {
		return u.Hostname()
	}
	if name, _, err := net.SplitHostPort(host); err == nil {
		return name
	}
	return host
}
