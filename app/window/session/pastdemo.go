package session

import (
	"slices"
	"time"

	"rimbalzo/internal/outage"
	"rimbalzo/internal/probe"
	"rimbalzo/internal/watch"
)

// demoLooks are the servers that the demo pretends to have looked at, with the channels of the catalogue that tell how they were.
var demoLooks = []struct {
	endpoint string
	every    time.Duration
	channels []string // none for the taking in of mail, which the phases tell
}{
	{"imap imapmail.libero.it:993", 15 * time.Minute, []string{"imap"}},
	{"smtp smtp.libero.it:465", time.Hour, []string{"smtp"}},
	{"web https://mail.libero.it/", 20 * time.Minute, []string{"webmail"}},
	{"mx libero.it", 50 * time.Minute, nil},
}

// demoOwner is the demo's: its mailbox is the sender's, and the page shows how the struck provider looked from there.
const demoOwner = "demo@libero.it"

// DemoPast invents what a computer that is off at night would have seen of an outage until a moment, in the 30 days before it:
// the demo's mail is invented, and so are its checks. They follow the catalogue.
func DemoPast(o *outage.Outage, at time.Time, zone *time.Location) (p Past) {
	if o.Start.Open() {
		return p
	}
	for _, d := range demoLooks {
		for t := at.Add(-watch.KeepLooks); t.Before(at); t = t.Add(d.every) {
			if h := t.In(zone).Hour(); h < 7 && t.In(zone).Weekday() != time.Saturday {
				continue
			}
			l := watch.Seen{
				At: t, Operator: o.Operator, Account: demoOwner, Endpoint: d.endpoint, Direction: directionOf(d.endpoint), Look: watch.LookLogin,
				Ending: probe.EndingOK, Took: time.Duration(280+t.Minute()*11) * time.Millisecond,
			}
			switch {
			case d.channels == nil && !takesMail(o, t), d.channels != nil && reached(o, d.channels, t) == "down":
				l.Ending = probe.EndingTimeout
			case d.channels != nil && reached(o, d.channels, t) == "partial" && t.Hour()%3 == 0:
				l.Ending = probe.EndingLimit
			}
			p.Looks = append(p.Looks, l)
		}
	}
	p.Incidents = demoIncident(p.Looks, at)
	return p
}

// during reports whether an instant lies between two boundaries; what has no end lasts as long as the outage.
func during(o *outage.Outage, from, to outage.Boundary, t time.Time) bool {
	end := to.At
	if to.Open() {
		end = o.End.At
	}
	return !from.Open() && !t.Before(from.At) && (end.IsZero() || t.Before(end))
}

// takesMail reports whether the provider took in mail.
func takesMail(o *outage.Outage, t time.Time) bool {
	for _, p := range o.Phases {
		if during(o, p.From, p.To, t) {
			return p.Behaviour.AcceptLike() || p.Behaviour == outage.NormalDegraded || p.Behaviour == outage.AccessDown
		}
	}
	return true
}

// reached is the state of a channel by the catalogue, "" where it tells none.
func reached(o *outage.Outage, channels []string, t time.Time) string {
	for _, a := range o.Access {
		if slices.Contains(channels, a.Channel) && during(o, a.From, a.To, t) {
			return a.State
		}
	}
	return ""
}

// demoIncident gathers what failed into one trouble.
func demoIncident(looks []watch.Seen, at time.Time) []watch.Incident {
	i := watch.Incident{ID: "demo", Name: "libero.it", Endings: map[probe.Ending]int{}}
	for _, l := range looks {
		if l.Ending != probe.EndingTimeout {
			continue
		}
		if i.Begin.IsZero() || l.At.Before(i.Begin) {
			i.Begin = l.At
		}
		i.End, i.Operator = later(i.End, l.At), l.Operator
		i.Endings[l.Ending]++
		if !slices.Contains(i.Endpoints, l.Endpoint) {
			i.Endpoints, i.Directions = append(i.Endpoints, l.Endpoint), append(i.Directions, l.Direction)
		}
	}
	if i.Begin.IsZero() {
		return nil
	}
	if at.Sub(i.End) < 12*time.Hour {
		i.End = time.Time{} // it is not over
	}
	return []watch.Incident{i}
}
