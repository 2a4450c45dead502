package watch

import (
	"cmp"
	"slices"
	"time"

	"rimbalzo/internal/probe"
)

// Status is everything that the tray, the window and the command line show of the watching. It is a value: nobody changes
// one that was handed out. Its JSON keys do not change.
type Status struct {
	At       time.Time       `json:"at"`
	State    State           `json:"state"` // of all providers together
	Paused   bool            `json:"paused"`
	Snoozed  time.Time       `json:"snoozed_until,omitzero"`
	Accounts []AccountStatus `json:"accounts"`
	// Incidents are those that last, by their beginning.
	Incidents   []IncidentStatus `json:"incidents"`
	Connections []Connection     `json:"connections"` // by host
	// Unshown are notices of the last day of which nobody knows whether they reached the screen: see doc.go.
	Unshown []Kind `json:"unshown,omitempty"`
	// Trouble is what last went wrong on this machine (disk, notifications), "" for nothing; for a log, not translated.
	Trouble string `json:"trouble,omitempty"`
}

// AccountStatus is one account.
type AccountStatus struct {
	ID         string            `json:"id"`
	Operator   string            `json:"operator"`
	Name       string            `json:"name"`
	State      State             `json:"state"`
	Why        Why               `json:"why,omitempty"`
	Since      time.Time         `json:"since,omitzero"`
	Last       time.Time         `json:"last,omitzero"` // the last look
	Next       time.Time         `json:"next,omitzero"` // the next one; zero while a connection is kept, or one is being made
	Kept       bool              `json:"kept"`          // its connection is kept
	Today      int               `json:"knocks_today"`
	Hand       time.Time         `json:"hand_next,omitzero"` // when "check now" is possible; in the past: at once
	Directions []DirectionStatus `json:"directions"`
	Items      int               `json:"items"`                // lines of its checklist
	Reviewed   time.Time         `json:"reviewed,omitzero"`    // when its mail was last reviewed
	MailError  string            `json:"mail_error,omitempty"` // of the last review, not translated
}

// DirectionStatus is one direction of an account.
type DirectionStatus struct {
	Direction probe.Direction `json:"direction"`
	Endpoint  string          `json:"endpoint"`
	State     State           `json:"state"`
	Why       Why             `json:"why,omitempty"`
	Since     time.Time       `json:"since,omitzero"`
	Last      time.Time       `json:"last,omitzero"`
	Ending    probe.Ending    `json:"ending,omitempty"` // of the last look
	Next      time.Time       `json:"next,omitzero"`
	// Week is the part of the looks of the last 7 days that passed, from 0 to 1; -1 where there were none.
	Week float64 `json:"week"`
}

// IncidentStatus is an incident that lasts.
type IncidentStatus struct {
	ID         string            `json:"id"`
	Operator   string            `json:"operator"`
	Name       string            `json:"name"`
	Begin      time.Time         `json:"begin"`
	Directions []probe.Direction `json:"directions"`
	Outage     string            `json:"outage,omitempty"`
}

// Connection is how often a host was contacted.
type Connection struct {
	Host  string         `json:"host"`
	Today int            `json:"today"`
	Last  time.Time      `json:"last,omitzero"`
	Next  time.Time      `json:"next,omitzero"`
	Why   map[Reason]int `json:"why"` // today's contacts by reason
}

// Status gives the last status.
func (w *Watcher) Status() Status { return *w.status.Load() }

// publish makes a new status.
func (w *Watcher) publish(now time.Time) {
	s := Status{
		At: now, Paused: w.voice.paused, Accounts: []AccountStatus{}, Incidents: []IncidentStatus{},
		Connections: w.connections(now),
	}
	if w.voice.snoozed.After(now) {
		s.Snoozed = w.voice.snoozed
	}
	var states []State
	for _, a := range w.p.Accounts {
		as := w.accountStatus(a, now)
		s.Accounts = append(s.Accounts, as)
		if len(as.Directions) > 0 {
			states = append(states, as.State)
		}
	}
	s.State = Combine(states...)
	for _, i := range w.incidents {
		if i.Open() {
			s.Incidents = append(s.Incidents, IncidentStatus{i.ID, i.Operator, i.Name, i.Begin, slices.Clone(i.Directions), i.Outage})
		}
	}
	for _, t := range w.voice.lost {
		s.Unshown = append(s.Unshown, t.Kind)
	}
	if w.trouble != nil {
		s.Trouble = text(w.trouble.Error())
	}
	w.status.Store(&s)
	if w.p.Changed != nil {
		w.p.Changed(s)
	}
}

func (w *Watcher) accountStatus(a Account, now time.Time) AccountStatus {
	as := AccountStatus{ID: a.ID, Operator: a.Operator, Name: a.Name, Hand: w.bucket(a.ID).Next(), Directions: []DirectionStatus{}}
	var states []State
	accept := Unknown
	for _, e := range w.endpoints {
		if !e.of(a) {
			continue
		}
		d := w.directionStatus(e, now)
		as.Directions = append(as.Directions, d)
		if d.Direction == probe.Accept {
			accept = d.State
		} else {
			states = append(states, d.State)
		}
		as.Kept = as.Kept || e.poke != nil
		as.Today += w.knocks.today(e)
		if d.Last.After(as.Last) {
			as.Last = d.Last
		}
		if !d.Next.IsZero() && (as.Next.IsZero() || d.Next.Before(as.Next)) {
			as.Next = d.Next
		}
	}
	as.State = whole(Combine(states...), accept)
	as.Why, as.Since = because(as.State, as.Directions)
	if m := w.mail[a.ID]; m != nil {
		as.Items, as.Reviewed = len(m.items), m.at
		if m.err != nil {
			as.MailError = text(m.err.Error())
		}
	}
	return as
}

// whole is the state of an account. A provider's MX is asked so rarely that for an hour nobody knows that it is down too:
// until then it must not make "works in part" of what does not work at all.
func whole(reach, accept State) State {
	switch {
	case reach == Unknown:
		return accept
	case reach == Up && (accept == Down || accept == Flapping):
		return Degraded
	}
	return reach
}

// because gives the reason of an account's state, and since when it is so.
func because(state State, list []DirectionStatus) (why Why, since time.Time) {
	for _, d := range list {
		if d.State == state && (since.IsZero() || d.Since.Before(since)) {
			why, since = d.Why, d.Since
		}
	}
	if since.IsZero() && state == Degraded {
		why = WhySome
		for _, d := range list {
			if d.State != Up && d.Since.After(since) {
				since = d.Since
			}
		}
	}
	return why, since
}

func (w *Watcher) directionStatus(e *endpoint, now time.Time) DirectionStatus {
	d := DirectionStatus{
		Direction: e.direction, Endpoint: e.key, State: e.standing.State, Why: e.standing.Why, Since: e.standing.Since,
		Next: w.next(e, now), Week: e.week,
	}
	for _, s := range slices.Backward(e.looks) {
		if s.Look != LookLine {
			d.Last, d.Ending = s.At, s.Ending
			break
		}
	}
	return d
}

// next is when an endpoint is contacted next, by the machine's clock; zero where nobody can say.
func (w *Watcher) next(e *endpoint, now time.Time) time.Time {
	if !w.mayStart(e) {
		return time.Time{}
	}
	return now.Add(time.Until(e.due)).Truncate(time.Second)
}

// connections tells of every host how often it was contacted today, why, and when it is next.
func (w *Watcher) connections(now time.Time) []Connection {
	byHost := map[string]*Connection{}
	of := func(host string) *Connection {
		if byHost[host] == nil {
			byHost[host] = &Connection{Host: host, Why: map[Reason]int{}}
		}
		return byHost[host]
	}
	for _, k := range w.knocks.list {
		c := of(k.Host)
		c.Today += k.Times
		c.Why[k.Why] += k.Times
		if k.Last.After(c.Last) {
			c.Last = k.Last
		}
	}
	for _, e := range w.endpoints {
		if at := w.next(e, now); !at.IsZero() {
			if c := of(e.key); c.Next.IsZero() || at.Before(c.Next) {
				c.Next = at
			}
		}
	}
	list := []Connection{}
	for _, c := range byHost {
		list = append(list, *c)
	}
	slices.SortFunc(list, func(a, b Connection) int { return cmp.Compare(a.Host, b.Host) })
	return list
}

// ledger counts contacts of the day. It belongs to the goroutine of Run.
type ledger struct {
	day  string
	list []Knock
}

func (l *ledger) today(e *endpoint) int {
	n := 0
	for _, k := range l.list {
		if k.Host == e.key {
			n += k.Times
		}
	}
	return n
}

// knock counts a contact.
func (w *Watcher) knock(e *endpoint, why Reason) {
	now := w.p.Wall()
	w.newDay(now)
	one := Knock{Day: w.knocks.day, Host: e.key, Why: why, Times: 1, Last: now}
	w.remember("keeping count", w.p.History.Knock(w.ctx, one))
	for i := range w.knocks.list {
		if k := &w.knocks.list[i]; k.Host == e.key && k.Why == why {
			k.Times, k.Last = k.Times+1, now
			return
		}
	}
	w.knocks.list = append(w.knocks.list, one)
}

// newDay begins a new page when the day changes.
func (w *Watcher) newDay(now time.Time) {
	day := now.In(w.p.Zone).Format(time.DateOnly)
	if day == w.knocks.day {
		return
	}
	w.knocks = ledger{day: day}
	sums, err := w.p.History.Sums(w.ctx, now.Add(-oldNews))
	w.remember("reading the week", err)
	for _, e := range w.endpoints {
		e.weekOf(sums)
	}
}
