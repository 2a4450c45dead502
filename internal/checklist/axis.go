package checklist

import (
	"strings"
	"time"

	"rimbalzo/internal/outage"
)

// axis is an outage drawn along time, in units of an SVG of axisWidth by axisHeight.
type axis struct {
	Label  string
	Bars   []bar
	Ticks  []mark // days
	Marker *mark  // the moment for which the report speaks, nil where it lies outside
}

// bar is a phase: its number, where it surely was, and the spans at its ends that are not sharp.
type bar struct {
	Number   int
	X, Width float64
	Middle   float64
	Numbered bool // wide enough for its number
	Odd      bool // neighbours differ in shade
	Soft     []soft
}

// soft is a span in which a boundary lies.
type soft struct{ X, Width float64 }

// mark is a point on the axis with a word.
type mark struct {
	X     float64
	Text  string
	Right bool // the word stands left of the point, to stay inside the drawing
}

const (
	axisWidth   = 1000.0
	numberWidth = 18.0
	maxTimes    = 9 // words under the axis
	day         = 24 * time.Hour
)

// newAxis draws the phases of an outage; nil where their times do not make an axis.
func newAxis(r Report, o Options, out *outage.Outage) *axis {
	from, to := extent(out)
	if !from.Before(to) {
		return nil
	}
	scale := func(t time.Time) float64 {
		x := axisWidth * t.Sub(from).Seconds() / to.Sub(from).Seconds()
		return min(max(x, 0), axisWidth)
	}
	a := &axis{Label: o.Words.T("checklist.axis", "From", o.local(from), "To", o.local(to))}
	for i := range out.Phases {
		p := &out.Phases[i]
		if p.From.At.IsZero() || p.To.At.IsZero() || p.To.At.Before(p.From.At) {
			continue
		}
		x, end := scale(p.From.At), scale(p.To.At)
		b := bar{Number: i + 1, X: x, Width: end - x, Middle: (x + end) / 2, Numbered: end-x >= numberWidth, Odd: i%2 == 1}
		if e := p.From.Earliest; !e.IsZero() && e.Before(p.From.Latest) {
			b.Soft = append(b.Soft, soft{X: scale(e), Width: scale(p.From.Latest) - scale(e)})
		}
		a.Bars = append(a.Bars, b)
	}
	a.Ticks = o.days(from, to, scale)
	if !r.At.Before(from) && !r.At.After(to) {
		x := scale(r.At)
		a.keepClear(x)
		a.Marker = &mark{X: x, Text: o.Words.T("checklist.axis.at", "Time", o.Words.ShortTime(o.local(r.At))), Right: x > axisWidth/2}
	}
	return a
}

// keepClear moves the number of a phase aside where a line at x would cross it.
func (a *axis) keepClear(x float64) {
	for i := range a.Bars {
		b := &a.Bars[i]
		if aside := b.Middle - x; b.Width < 3*numberWidth || aside <= -numberWidth/2 || aside >= numberWidth/2 {
			continue
		} else if aside < 0 {
			b.Middle = x - numberWidth
		} else {
			b.Middle = x + numberWidth
		}
	}
}

// extent gives the first and last instant of the phases.
func extent(out *outage.Outage) (from, to time.Time) {
	for _, p := range out.Phases {
		if !p.From.At.IsZero() && (from.IsZero() || p.From.At.Before(from)) {
			from = p.From.At
		}
		if p.To.At.After(to) {
			to = p.To.At
		}
	}
	return from, to
}

// days marks midnights, as many as there is room to name.
func (o Options) days(from, to time.Time, scale func(time.Time) float64) []mark {
	step := 1 + int(to.Sub(from)/day)/maxTimes
	var marks []mark
	t := o.local(from)
	for t = time.Date(t.Year(), t.Month(), t.Day()+1, 0, 0, 0, 0, t.Location()); t.Before(to); t = t.AddDate(0, 0, step) {
		name := strings.TrimSuffix(o.Words.ShortTime(t), " "+o.Words.Clock(t))
		marks = append(marks, mark{X: scale(t), Text: name, Right: scale(t) > axisWidth-60})
	}
	return marks
}
