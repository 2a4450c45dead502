package session

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"rimbalzo/app/watcher"
	"rimbalzo/internal/advice"
	"rimbalzo/internal/checklist"
	"rimbalzo/internal/outage"
	"rimbalzo/internal/watch"
)

// Situation is what is known when somebody asks how things are.
type Situation struct {
	Status    *watcher.Status // nil where no watcher runs
	Watches   bool            // a watcher was asked for: its absence is worth a word
	Asking    bool            // it was not heard of yet
	Accounts  int             // that are set up
	Demo      bool
	At        time.Time // the moment that is asked about
	Catalogue *outage.Catalogue
}

// Now is how things stand, in words: the page of that name.
type Now struct {
	Mood     Mood
	Head     string // one sentence over all
	Do       string // the next step, where there is one for all; "" where each account has its own
	Note     string // what to know of it; "" for nothing
	Accounts []Standing
	Going    []Going
	Outbox   string    // where to look for what was written meanwhile; "" where nothing can be stuck
	Again    time.Time // when it changes by itself; zero for never
}

// Mood is what a drawing tells of a state, beside its words.
type Mood string

// The moods.
const (
	MoodGood    Mood = "good"
	MoodTrouble Mood = "trouble"
	MoodBad     Mood = "bad"
	MoodUnknown Mood = "unknown"
	MoodOffline Mood = "offline"
)

// Standing is how an account's service is.
type Standing struct {
	ID, Name  string
	Mood      Mood
	Title     string // the state in a word or three
	Since     string // "" where nobody knows
	Why       string // more about the state; "" for nothing
	Do        string // the next step
	Meanwhile string // "" where nothing needs saying
	Parts     []Part
	Next      string // when it is looked at next
	Check     string // what "check now" says; CanCheck, whether it can be pressed
	CanCheck  bool
	Operator  string
}

// Part is one direction of a service.
type Part struct {
	Name, State string
	Mood        Mood
}

// Going is an outage of the catalogue that lasts at the moment asked about.
type Going struct {
	ID          string
	Name, Since string
	Phase       string // what servers did then; "" between two phases
	ForSender   string
	ForOwner    string
	Said        *Provider // what the provider said last, up to the moment; nil for nothing
}

// Mail is how things stand with the person's messages.
type Mail struct {
	Reading bool                   // they are being read for the first time
	Failed  bool                   // they could not be
	Open    map[advice.Verdict]int // what is not ticked off, by verdict; nil where nothing was read
}

// OpenOnes counts the items that nobody has dealt with.
func OpenOnes(r checklist.Report, ticks *checklist.Ticks) map[advice.Verdict]int {
	n := map[advice.Verdict]int{}
	for i := range r.Items {
		if it := &r.Items[i]; !ticks.Has(it) {
			n[it.Verdict]++
		}
	}
	return n
}

// mostSaid is how many of a provider's statements the page shows, the last ones.
const mostSaid = 3

// Now words a situation; e gives language, zone and sources.
func (e Explainer) Now(s Situation) Now {
	n := Now{Going: e.going(s)}
	if s.Status != nil {
		for _, a := range s.Status.Accounts {
			if len(a.Directions) > 0 { // mail kept on this computer has no service
				n.Accounts = append(n.Accounts, e.standing(a, *s.Status, s.At))
			}
			for _, at := range []time.Time{a.Hand, a.Next} {
				if at.After(s.At) && (n.Again.IsZero() || at.Before(n.Again)) {
					n.Again = at
				}
			}
		}
		slices.SortStableFunc(n.Accounts, func(a, b Standing) int { return cmp.Compare(urgency[a.Mood], urgency[b.Mood]) })
	}
	n.Mood, n.Head, n.Note = e.head(s, n)
	if len(n.Accounts) == 1 {
		n.Do, n.Accounts[0].Do = n.Accounts[0].Do, ""
	}
	stuck := slices.ContainsFunc(n.Accounts, func(a Standing) bool { return a.Mood == MoodBad || a.Mood == MoodTrouble })
	if stuck || (len(n.Going) > 0 && !s.Demo) {
		n.Outbox = e.Words.T("now.outbox")
	}
	return n
}

// urgency orders accounts: what does not work comes first.
var urgency = map[Mood]int{MoodBad: 0, MoodTrouble: 1, MoodOffline: 2, MoodUnknown: 3, MoodGood: 4}

// head is the sentence over all, and what to know of it.
func (e Explainer) head(s Situation, n Now) (mood Mood, head, note string) {
	w := e.Words
	said := func(mood Mood, id, note string) (Mood, string, string) { return mood, w.T("now.head." + id), note }
	switch {
	case s.Demo && len(n.Going) > 0:
		return said(MoodBad, "outage", w.T("now.note.demo"))
	case s.Demo:
		return said(MoodGood, "no-outage", w.T("now.note.demo"))
	case s.Status != nil && s.Status.Paused:
		return said(MoodUnknown, "paused", w.T("now.note.paused"))
	case len(n.Accounts) == 0 && len(n.Going) > 0:
		return said(MoodTrouble, "outage", e.unwatched(s))
	case s.Accounts == 0:
		return said(MoodUnknown, "no-accounts", w.T("now.note.no-accounts"))
	case s.Status == nil && s.Asking:
		return said(MoodUnknown, "asking", "")
	case s.Status == nil && s.Watches:
		return said(MoodUnknown, "no-watcher", w.T("now.note.no-watcher"))
	case len(n.Accounts) == 0:
		return said(MoodUnknown, "nothing-watched", w.T("now.note.nothing-watched"))
	}
	worst := n.Accounts[0].Mood
	if len(n.Accounts) == 1 {
		return worst, w.T("now.head.one."+string(worst), "Name", n.Accounts[0].Name), ""
	}
	ill := 0
	for _, a := range n.Accounts {
		if a.Mood == worst {
			ill++
		}
	}
	return worst, w.N("now.head.many."+string(worst), ill), ""
}

// unwatched says why nothing is known at first hand; "" where it is plain.
func (e Explainer) unwatched(s Situation) string {
	switch {
	case s.Accounts == 0:
		return e.Words.T("now.note.no-accounts")
	case s.Status == nil && s.Watches && !s.Asking:
		return e.Words.T("now.note.no-watcher")
	}
	return ""
}

// moodOf is what is drawn beside a state.
func moodOf(s watch.State) Mood {
	switch s {
	case watch.Up:
		return MoodGood
	case watch.Down:
		return MoodBad
	case watch.Offline:
		return MoodOffline
	case watch.Unknown, "":
		return MoodUnknown
	}
	return MoodTrouble
}

// known gives a state a name where the watcher gave none yet.
func known(s watch.State) string {
	if s == "" {
		s = watch.Unknown
	}
	return string(s)
}

// particular are the next steps that hang on the reason of a state.
var particular = map[watch.Why]string{
	watch.WhyPassword: "now.do.suspect.password", watch.WhyLong: "now.do.suspect.long", watch.WhyTLS: "now.do.down.tls",
	watch.WhyNoSecret: "now.do.unknown.no-secret", watch.WhyUnseen: "now.do.unknown.unseen", watch.WhyPortal: "now.do.offline.portal",
}

func (e Explainer) standing(a watch.AccountStatus, s watcher.Status, now time.Time) Standing {
	w := e.Words
	state := known(a.State)
	st := Standing{
		ID: a.ID, Name: Line(name(a), MaxAddress), Mood: moodOf(a.State), Operator: a.Operator,
		Title: w.T("now.state." + state), Do: w.T("now.do." + state), Check: w.T("watcher.check"), CanCheck: !s.Paused,
	}
	if a.Why != "" {
		st.Why = w.T("watch.why." + string(a.Why))
	}
	if id, ok := particular[a.Why]; ok {
		st.Do = w.T(id)
	}
	if !a.Since.IsZero() && st.Mood != MoodUnknown {
		st.Since = w.T("now.since", "Time", a.Since.In(e.Zone))
	}
	if st.Mood == MoodBad || st.Mood == MoodTrouble && a.Why != watch.WhyPassword {
		st.Meanwhile = w.T("now.meanwhile")
	}
	for _, d := range a.Directions {
		st.Parts = append(st.Parts, Part{w.T("now.part." + string(d.Direction)), w.T("now.part.state." + known(d.State)), moodOf(d.State)})
	}
	switch {
	case s.Paused:
		st.Next = w.T("watcher.paused")
	case a.Next.After(now):
		st.Next = w.T("now.next", "At", w.Clock(a.Next.In(e.Zone)))
	case a.Kept:
		st.Next = w.T("now.kept")
	}
	if a.Hand.After(now) {
		st.CanCheck, st.Check = false, w.T("watcher.check-from", "At", w.Clock(a.Hand.In(e.Zone)))
	}
	return st
}

// name is an account with its operator, where its address does not tell.
func name(a watch.AccountStatus) string {
	if a.Name == "" || strings.Contains(a.ID, a.Name) {
		return a.ID
	}
	return a.ID + " (" + a.Name + ")"
}

// going gives the outages of the catalogue that last at the moment, those of the person's own providers first.
func (e Explainer) going(s Situation) (list []Going) {
	if s.Catalogue == nil {
		return nil
	}
	own := map[string]bool{}
	if s.Status != nil {
		for _, a := range s.Status.Accounts {
			own[a.Operator] = true
		}
	}
	var lasts []*outage.Outage
	for i := range s.Catalogue.Outages {
		o := &s.Catalogue.Outages[i]
		if f := o.PhaseAt(s.At); f.Phase >= 0 || !f.Before && !f.After {
			lasts = append(lasts, o)
		}
	}
	slices.SortStableFunc(lasts, func(a, b *outage.Outage) int {
		switch {
		case own[a.Operator] == own[b.Operator]:
			return 0
		case own[a.Operator]:
			return -1
		}
		return 1
	})
	for _, o := range lasts {
		list = append(list, e.lasting(o, s.At, own[o.Operator] || s.Demo))
	}
	return list
}

// lasting words an outage as it is at a moment; to the owner of a mailbox with that operator it says what to do, too.
func (e Explainer) lasting(o *outage.Outage, at time.Time, owner bool) Going {
	w := e.Words
	g := Going{ID: o.ID, Name: Line(o.Name.In(w.Lang()), maxOwn), Since: w.T("now.since", "Time", o.Start.At.In(e.Zone))}
	if f := o.PhaseAt(at); f.Phase >= 0 {
		p := o.Phases[f.Phase]
		g.Phase, g.ForSender = Line(p.Title.In(w.Lang()), maxOwn), Lines(p.ForSender.In(w.Lang()), maxOwn)
		if owner {
			g.ForOwner = Lines(p.ForOwner.In(w.Lang()), maxOwn)
		}
	}
	until := *o
	until.Statements = slices.DeleteFunc(slices.Clone(o.Statements), func(s outage.Statement) bool { return s.At.At.After(at) })
	slices.SortStableFunc(until.Statements, func(a, b outage.Statement) int { return b.At.At.Compare(a.At.At) })
	until.Statements = until.Statements[:min(mostSaid, len(until.Statements))]
	// Whether it was kept is not known yet at that moment.
	for i := range until.Statements {
		until.Statements[i].Kept = ""
	}
	g.Said = e.Provider(&until)
	return g
}
