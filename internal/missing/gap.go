package missing

import (
	"slices"
	"strings"
	"time"

	"rimbalzo/internal/bounce"
)

// How long a gap must be, beside the usual interval and the longest one there was; after it the rhythm must be back.
const (
	gapUsual    = 3
	gapLongest  = 1.5
	backAgain   = 2 // intervals after the gap
	clearGap    = 5
	clearSeries = 12
)

// gap finds the pause that the outage made in a series.
func (v *view) gap(s *series) (Finding, bool) {
	i := v.widest(s.times)
	if i < 1 {
		return Finding{}, false
	}
	r, ok := rhythmOf(s.times[:i])
	after := s.times[i:min(len(s.times), i+mostIntervals)]
	if !ok || len(after) <= backAgain {
		return Finding{}, false
	}
	last, next := s.times[i-1], s.times[i]
	pause := next.Sub(last)
	again := median(after)
	switch {
	case pause < gapUsual*r.usual || float64(pause) < gapLongest*float64(r.longest):
		return Finding{}, false
	case again < r.usual/2 || again > 2*r.usual:
		return Finding{}, false
	case last.Add(r.usual).Before(v.from.Add(-r.usual/2)) || next.Add(-r.usual).After(v.to.Add(r.usual/2)):
		return Finding{}, false // the pause began before the outage, or lasted beyond it
	}
	f := v.ofSeries(s, Gap)
	f.From, f.To = last, next
	f.Count = int((pause+r.usual/2)/r.usual) - 1
	f.Reasons = append(f.Reasons, because("rhythm", "Who", s.name(), "Every", round(r.usual)), because("pause", "Long", round(pause), "Count", f.Count),
		v.way(f.Mailbox, s.from))
	if v.at.Before(v.settled) {
		f.Reasons = append(f.Reasons, because("early", "Time", v.settled))
	} else if r.n >= clearSeries && pause >= clearGap*r.usual {
		f.Confidence = bounce.Likely
	}
	return f, true
}

// widest is the index of the instant after the longest pause that touches the window, -1 for none.
func (v *view) widest(times []time.Time) int {
	best := -1
	i, _ := slices.BinarySearchFunc(times, v.from, time.Time.Compare)
	for i = max(i, 1); i < len(times) && !times[i-1].After(v.to); i++ {
		if best < 0 || times[i].Sub(times[i-1]) > times[best].Sub(times[best-1]) {
			best = i
		}
	}
	return best
}

// How long a series must have been silent, beside its usual interval, for a list to have struck an address off.
const (
	silentUsual = 3
	silentLeast = 14 * 24 * time.Hour
	lastBefore  = 2 // intervals before the window in which the last letter must have come
	clearSilent = 5
)

// struckOff finds a list or service that wrote until the outage and not once after it.
func (v *view) struckOff(s *series) (Finding, bool) {
	if !(v.falseRefusals || v.refusals) || !(s.bulk || automatic(s.from)) {
		return Finding{}, false
	}
	last := s.times[len(s.times)-1]
	r, ok := rhythmOf(s.times)
	if !ok || last.Before(v.from.Add(-lastBefore*r.usual)) || last.After(v.back) {
		return Finding{}, false
	}
	silent := minTime(v.at, v.horizon).Sub(v.back)
	if silent < silentLeast || silent < silentUsual*r.usual || float64(silent) < gapLongest*float64(r.longest) {
		return Finding{}, false
	}
	f := v.ofSeries(s, StruckOff)
	f.From = last
	f.Reasons = append(f.Reasons, because("silent", "Who", s.name(), "Every", round(r.usual), "Last", last, "Until", minTime(v.at, v.horizon)))
	if v.falseRefusals {
		f.Reasons = append(f.Reasons, because("false-refusal", "Mailbox", f.Mailbox))
		if r.n >= clearSeries && silent >= clearSilent*r.usual {
			f.Confidence = bounce.Likely
		}
	} else {
		f.Reasons = append(f.Reasons, because("refusal", "Mailbox", f.Mailbox))
	}
	return f, true
}

func (v *view) ofSeries(s *series, kind Kind) Finding {
	l := &v.letters[s.last]
	f := Finding{
		Kind: kind, Outage: v.outage.ID, Who: []string{s.from}, List: s.list, Subject: l.subject, Confidence: bounce.Unsure,
		Source: l.source, Mailbox: v.mailboxes[0],
	}
	for _, a := range l.to {
		if slices.Contains(v.mailboxes, a) {
			f.Mailbox = a
		}
	}
	return f
}

// name is how a series is called.
func (s *series) name() string {
	if s.list != "" {
		return s.list
	}
	return s.from
}

func median(times []time.Time) time.Duration {
	intervals := make([]time.Duration, 0, len(times))
	for i := 1; i < len(times); i++ {
		intervals = append(intervals, times[i].Sub(times[i-1]))
	}
	slices.Sort(intervals)
	return intervals[len(intervals)/2]
}

// round gives a length as people say it: in days from two days on.
func round(d time.Duration) time.Duration {
	if d > 36*time.Hour {
		return max(d.Round(24*time.Hour), 48*time.Hour)
	}
	return d.Round(time.Hour)
}

// automatic reports whether an address is that of a machine that nobody answers at.
func automatic(address string) bool {
	local, _, _ := strings.Cut(address, "@")
	local = strings.NewReplacer("-", "", "_", "", ".", "").Replace(local)
	for _, word := range []string{"noreply", "donotreply", "dontreply", "nonrispondere", "noresponder", "mailerdaemon", "notification", "notifiche", "bounce"} {
		if strings.Contains(local, word) {
			return true
		}
	}
	return false
}
