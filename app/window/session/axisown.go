package session

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"rimbalzo/internal/outage"
	"rimbalzo/internal/probe"
	"rimbalzo/internal/watch"
)

// ofOutage gives what was seen of the provider that an outage struck.
func ofOutage(seen []Series, o *outage.Outage) (list []Series) {
	for _, s := range seen {
		if s.Operator == o.Operator && o.Operator != "" || slices.ContainsFunc(o.Domains, s.at) {
			list = append(list, s)
		}
	}
	return list
}

// at reports whether a series is about a mail domain: by the account's address, or by the host where nobody knows the provider.
func (s Series) at(domain string) bool {
	_, of, _ := strings.Cut(s.Account, "@")
	return domain != "" && (strings.EqualFold(of, domain) || strings.EqualFold(s.Operator, domain) ||
		strings.HasSuffix(strings.ToLower(s.Operator), "."+strings.ToLower(domain)))
}

// ownLanes are what this computer saw: troubles, and one lane for each direction.
func (e Explainer) ownLanes(seen []Series, c *Chart, now time.Time) []Lane {
	w := e.Words
	none := w.T("outagepage.no-checks")
	to := earlier(c.To, later(now, c.From))
	lanes := []Lane{e.incidentLane(seen, c, now)}
	for _, g := range together(seen) {
		if len(lanes) > mostOwnLanes || !c.From.Before(to) {
			break // the rows of availability have them all
		}
		var lists [][]Stretch
		for _, s := range g.list {
			lists = append(lists, s.Stretches(c.From, to))
		}
		name := opening(w.T("watch.direction." + string(g.direction)))
		if g.named {
			name = w.T("outagepage.row", "Whose", Line(g.list[0].provider(), MaxAddress), "Direction", w.T("watch.direction."+string(g.direction)))
		}
		lane := Lane{Kind: LaneOwn, Name: name, None: none}
		for _, s := range Readable(Together(lists), c.To.Sub(c.From)/brief) {
			p := Piece{From: c.at(s.From), To: c.at(s.To), Sight: s.Sight, Mixed: s.Mixed, Words: e.sightWords(name, s)}
			switch s.Sight {
			case NotLooked:
				p.Label = w.T("outagepage.legend.not-looked")
			case Offline:
				p.Label = w.T("outagepage.legend.offline")
			}
			lane.Pieces = append(lane.Pieces, p)
		}
		if !looked(lane.Pieces) {
			lane.Pieces = nil
		}
		lanes = append(lanes, lane)
	}
	if lanes[0].Pieces == nil && !slices.ContainsFunc(lanes[1:], func(l Lane) bool { return len(l.Pieces) > 0 }) {
		lanes[0].None = none // who did not look saw no trouble, and that says nothing
	}
	if len(lanes) == 1 {
		lanes = append(lanes, Lane{Kind: LaneOwn, Name: w.T("outagepage.lane.own"), None: none})
	}
	return lanes
}

// mostOwnLanes bounds how many lanes a chart has of own checks.
const mostOwnLanes = 16

// direction is what several accounts of one provider saw in one direction.
type direction struct {
	direction probe.Direction
	named     bool // there are several providers
	list      []Series
}

// together groups what was seen by provider and direction.
func together(seen []Series) (list []direction) {
	var operators []string
	for _, s := range seen {
		if !slices.Contains(operators, s.Operator) {
			operators = append(operators, s.Operator)
		}
	}
	for _, o := range operators {
		for _, d := range directions {
			g := direction{direction: d, named: len(operators) > 1}
			for _, s := range seen {
				if s.Direction == d && s.Operator == o {
					g.list = append(g.list, s)
				}
			}
			if len(g.list) > 0 {
				list = append(list, g)
			}
		}
	}
	return list
}

// provider is what people call who is looked at: the domain of the account's address, else the provider's id.
func (s Series) provider() string {
	if _, domain, ok := strings.Cut(s.Account, "@"); ok {
		return domain
	}
	return s.Operator
}

// looked reports whether there is anything among the pieces but what nobody looked at.
func looked(pieces []Piece) bool {
	return slices.ContainsFunc(pieces, func(p Piece) bool { return p.Sight != NotLooked })
}

func (e Explainer) sightWords(name string, s Stretch) string {
	w := e.Words
	id := "outagepage.sight." + sightName(s.Sight)
	if s.Mixed {
		id = "outagepage.sight.mixed"
	}
	return sentence(w.T("outagepage.saw", "Direction", name, "When", e.fromTo(s.From, s.To), "Length", e.Length(s.To.Sub(s.From)), "What", w.T(id)))
}

func sightName(s Sight) string {
	return [...]string{"not-looked", "offline", "works", "refused", "partly", "broken"}[s]
}

// SightWords says what a sight is, for a legend.
func (e Explainer) SightWords(s Sight) string { return e.Words.T("outagepage.sight." + sightName(s)) }

func (e Explainer) fromTo(from, to time.Time) string {
	w := e.Words
	return w.T("outagepage.from-to", "From", w.ShortTime(from.In(e.Zone)), "To", w.ShortTime(to.In(e.Zone)))
}

// Length words a length of time to the minute below two days, and to the hour above.
func (e Explainer) Length(d time.Duration) string {
	w := e.Words
	join := func(big, small string) string { return w.T("outagepage.length", "Big", big, "Small", small) }
	days, hours, minutes := int(d/(24*time.Hour)), int(d/time.Hour), int(d%time.Hour/time.Minute)
	switch {
	case d < time.Minute:
		return w.T("outagepage.moment")
	case hours == 0:
		return w.N("time.minutes", minutes)
	case hours < 48 && minutes == 0:
		return w.N("time.hours", hours)
	case hours < 48:
		return join(w.N("time.hours", hours), w.N("time.minutes", minutes))
	case hours%24 == 0:
		return w.N("time.days", days)
	}
	return join(w.N("time.days", days), w.N("time.hours", hours%24))
}

// incidentLane are the troubles that the watcher made out of single checks.
func (e Explainer) incidentLane(seen []Series, c *Chart, now time.Time) Lane {
	lane := Lane{Kind: LaneIncidents, Name: e.Words.T("outagepage.lane.incidents"), None: e.Words.T("outagepage.no-incidents")}
	told := map[string]bool{}
	for _, s := range seen {
		for _, i := range s.troubles {
			end := i.End
			if i.Open() {
				end = later(now, i.Begin)
			}
			if told[i.ID] || end.Before(c.From) || i.Begin.After(c.To) || len(lane.Pieces) == mostPieces {
				continue
			}
			told[i.ID] = true
			lane.Pieces = append(lane.Pieces, Piece{From: c.at(i.Begin), To: c.at(end), Sight: Broken, Words: e.incidentWords(i, now)})
		}
	}
	slices.SortStableFunc(lane.Pieces, func(a, b Piece) int { return cmp.Compare(a.From, b.From) })
	return lane
}

func (e Explainer) incidentWords(i watch.Incident, now time.Time) string {
	w := e.Words
	when := w.T("outagepage.going-on", "From", w.ShortTime(i.Begin.In(e.Zone)), "Length", e.Length(max(0, now.Sub(i.Begin))))
	if !i.Open() {
		when = w.T("outagepage.lasted", "When", e.fromTo(i.Begin, i.End), "Length", e.Length(i.End.Sub(i.Begin)))
	}
	var what []string
	for _, d := range i.Directions {
		what = append(what, e.known("watch.direction.", string(d)))
	}
	failed, worst, most := 0, probe.Ending(""), 0
	for ending, n := range i.Endings {
		failed += n
		if n > most || n == most && ending < worst {
			worst, most = ending, n
		}
	}
	parts := []string{
		w.T("outagepage.trouble", "Name", Line(i.Name, MaxAddress), "When", when), strings.Join(what, ", "),
		w.N("outagepage.checks-failed", failed) + ", " + w.N("outagepage.checks-passed", i.Passes),
	}
	if id := "probe.ending." + string(worst); most > 0 && len(i.Endpoints) > 0 && w.Has(id) {
		parts = append(parts, w.T(id, "Host", hostOf(i.Endpoints[0])))
	}
	return sentence(parts...)
}

// hostOf gives what follows the kind in an endpoint's key.
func hostOf(endpoint string) string {
	_, host, _ := strings.Cut(endpoint, " ")
	return Line(host, MaxAddress)
}

// Figure writes a number with one decimal as the language does, rounded down: what broke once was not up all the time.
func (e Explainer) Figure(f float64, decimals int) string {
	scale := 1.0
	for range decimals {
		scale *= 10
	}
	s := strconv.FormatFloat(float64(int64(f*scale+1e-9))/scale, 'f', decimals, 64)
	if e.Words.Lang() == "it" {
		s = strings.Replace(s, ".", ",", 1)
	}
	return s
}
