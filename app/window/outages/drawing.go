package outages

import (
	"image/color"
	"math"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"

	"rimbalzo/app/window/kit"
	"rimbalzo/app/window/session"
	"rimbalzo/internal/advice"
	"rimbalzo/internal/outage"
)

// Sizes of what is drawn, in the toolkit's pixels.
const (
	phaseBand  = 15 // of a phase's colour; its name stands below
	hatchStep  = 6  // between two lines of a hatching
	flagWidth  = 14
	flagHeight = 11
	flagLevels = 3 // flags near each other stand at so many heights
	dotStep    = 7
	mostLines  = 600 // of one hatching, whatever the window's size
)

// drawing collects what is drawn of a lane within left, top, width and height.
type drawing struct {
	left, top, width, height float32
	objects                  []fyne.CanvasObject
}

func (d *drawing) add(o fyne.CanvasObject) { d.objects = append(d.objects, o) }

// x is the place of a part of the time.
func (d *drawing) x(part float32) float32 { return d.left + part*d.width }

func (d *drawing) line(colour fyne.ThemeColorName, stroke, x1, y1, x2, y2 float32) {
	d.add(&canvas.Line{StrokeColor: theme.Color(colour), StrokeWidth: stroke, Position1: fyne.NewPos(x1, y1), Position2: fyne.NewPos(x2, y2)})
}

func (d *drawing) filled(colour fyne.ThemeColorName, x, y, width, height float32) {
	r := canvas.NewRectangle(theme.Color(colour))
	r.Move(fyne.NewPos(x, y))
	r.Resize(fyne.NewSize(width, height))
	d.add(r)
}

func (d *drawing) outline(colour fyne.ThemeColorName, stroke, x, y, width, height float32) {
	r := &canvas.Rectangle{FillColor: color.Transparent, StrokeColor: theme.Color(colour), StrokeWidth: stroke, CornerRadius: 3}
	r.Move(fyne.NewPos(x, y))
	r.Resize(fyne.NewSize(width, height))
	d.add(r)
}

// hatch draws slanted lines, clipped to a box; down ones for a second time across.
func (d *drawing) hatch(colour fyne.ThemeColorName, x, y, width, height float32, down bool) {
	step := max(float32(hatchStep), width/mostLines)
	for at := x - height + step/2; at < x+width; at += step {
		// The line from (at, bottom) to (at+height, top), cut at the box.
		from, to := max(at, x), min(at+height, x+width)
		if to <= from {
			continue
		}
		y1, y2 := y+height-(from-at), y+height-(to-at)
		if down {
			y1, y2 = 2*y+height-y1, 2*y+height-y2
		}
		d.line(colour, 2, from, y1, to, y2)
	}
}

// span is where a piece lies across: wide enough to be seen.
func (d *drawing) span(p session.Piece) (x, width float32) {
	x, width = d.x(p.From), (p.To-p.From)*d.width
	if width < leastSeen {
		return min(x, d.left+d.width-leastSeen), leastSeen
	}
	return x, width
}

func (d *drawing) lane(l session.Lane) {
	switch l.Kind {
	case session.LanePhases:
		d.phases(l.Pieces)
	case session.LaneSaid:
		level, last := 0, float32(math.Inf(-1))
		for _, p := range l.Pieces {
			x := d.x(p.From)
			if x-last < flagWidth+4 {
				level = (level + 1) % flagLevels
			} else {
				level = 0
			}
			last = x
			d.flag(p, x, level)
		}
	case session.LaneBounces:
		d.notices(l.Pieces)
	case session.LaneIncidents:
		for _, p := range l.Pieces {
			x, width := d.span(p)
			d.line(kit.ColourRejected, 3, x, d.top+1.5, x+width, d.top+1.5)
			d.line(kit.ColourRejected, 2, x, d.top, x, d.top+d.height)
			d.line(kit.ColourRejected, 2, x+width, d.top, x+width, d.top+d.height)
		}
	case session.LaneOwn:
		for _, p := range l.Pieces {
			x, width := d.span(p)
			d.sight(p, x, width)
		}
	}
}

func (d *drawing) phases(pieces []session.Piece) {
	// A band reaches over its soft edges, where none of another phase lies over it.
	for _, p := range pieces {
		for _, s := range p.Soft {
			d.filled(kit.PhaseColour(p.Behaviour), d.x(s.From), d.top, (s.To-s.From)*d.width, phaseBand)
		}
	}
	for _, p := range pieces {
		x, width := d.span(p)
		d.filled(kit.PhaseColour(p.Behaviour), x, d.top, width, phaseBand)
	}
	for _, p := range pieces {
		for _, s := range p.Soft {
			d.soft(s)
		}
		d.line(theme.ColorNameForeground, 1.5, d.x(p.From), d.top, d.x(p.From), d.top+phaseBand+4)
		d.label(p)
	}
}

// soft draws a span in which an edge lies: hatched, and crossed where sources contradict each other.
func (d *drawing) soft(s session.Soft) {
	x, width := d.x(s.From), (s.To-s.From)*d.width
	d.hatch(kit.ColourPanel, x, d.top, width, phaseBand, false)
	if s.Disputed {
		d.hatch(kit.ColourPanel, x, d.top, width, phaseBand, true)
	}
}

// label writes a phase's number and name below its band, or its number alone where there is no room.
func (d *drawing) label(p session.Piece) {
	x, width := d.span(p)
	text := p.Label
	for at := len(text); ; {
		t := caption(text, theme.ColorNameForeground)
		if t.MinSize().Width <= width-4 {
			t.Move(fyne.NewPos(x+3, d.top+phaseBand+1))
			d.add(t)
			return
		}
		at = strings.LastIndexByte(p.Label[:at], ' ')
		if at < 0 {
			return
		}
		text = strings.TrimRight(p.Label[:at], ":,;") + "…"
		if number, _, more := strings.Cut(p.Label, " "); more && at == len(number) {
			text = number
		}
	}
}

// flag draws what the provider said: full with a tick where it was kept, empty with a cross where not, empty where nobody knows.
func (d *drawing) flag(p session.Piece, x float32, level int) {
	x = min(x, d.left+d.width-flagWidth)
	top := d.top + float32(level)*(d.height-flagHeight)/flagLevels
	for _, s := range p.Soft {
		d.line(theme.ColorNamePlaceHolder, 1.5, d.x(s.From), d.top+d.height, d.x(s.To), d.top+d.height)
	}
	d.line(theme.ColorNameForeground, 1.5, x, top, x, d.top+d.height)
	switch p.Kept {
	case "yes":
		d.filled(theme.ColorNameSuccess, x, top, flagWidth, flagHeight)
		d.line(kit.ColourPanel, 2, x+3, top+5, x+6, top+8.5)
		d.line(kit.ColourPanel, 2, x+6, top+8.5, x+11, top+2)
	case "no":
		d.filled(kit.ColourPanel, x, top, flagWidth, flagHeight)
		d.outline(theme.ColorNameError, 1.5, x, top, flagWidth, flagHeight)
		d.line(theme.ColorNameError, 2, x+3, top+2, x+11, top+9)
		d.line(theme.ColorNameError, 2, x+3, top+9, x+11, top+2)
	default:
		d.filled(kit.ColourPanel, x, top, flagWidth, flagHeight)
		d.outline(theme.ColorNameForeground, 1.5, x, top, flagWidth, flagHeight)
	}
}

// notices draws a column for each part of the time: full for failures, empty above it for warnings.
func (d *drawing) notices(pieces []session.Piece) {
	most := 1
	for _, p := range pieces {
		most = max(most, p.Failed+p.Warned)
	}
	for _, p := range pieces {
		x, width := d.span(p)
		width = max(leastSeen, width-1)
		all := float32(p.Failed + p.Warned)
		tall := max(5, d.height*float32(math.Sqrt(float64(all)/float64(most))))
		failed := tall * float32(p.Failed) / all
		bottom := d.top + d.height
		d.filled(kit.ColourRejected, x, bottom-failed, width, failed)
		if p.Warned > 0 {
			r := &canvas.Rectangle{FillColor: color.Transparent, StrokeColor: theme.Color(kit.VerdictColour(advice.Wait)), StrokeWidth: 1.5}
			r.Move(fyne.NewPos(x, bottom-tall))
			r.Resize(fyne.NewSize(width, tall-failed))
			d.add(r)
		}
	}
	d.line(theme.ColorNameSeparator, 1, d.left, d.top+d.height, d.left+d.width, d.top+d.height)
}

// sight draws what this computer saw, each in a shape of its own.
func (d *drawing) sight(p session.Piece, x, width float32) {
	middle := d.top + d.height/2
	switch p.Sight {
	case session.Works:
		d.filled(sightColour(p.Sight), x, middle-4, width, 8)
	case session.Partly:
		d.filled(sightColour(p.Sight), x, d.top+2, width, 3)
		d.filled(sightColour(p.Sight), x, d.top+d.height-5, width, 3)
	case session.Broken:
		d.filled(sightColour(p.Sight), x, d.top, width, d.height)
		if width > hatchStep {
			d.hatch(kit.ColourPanel, x, d.top, width, d.height, false)
		}
	case session.Refused:
		d.outline(sightColour(p.Sight), 1.5, x, middle-5, width, 10)
	case session.Offline:
		d.gap(p.Label, x, width, middle, 4)
	default:
		d.gap(p.Label, x, width, middle, 1.5)
	}
}

// gap draws a time of which nothing was seen, and says so where there is room.
func (d *drawing) gap(word string, x, width, y, length float32) {
	t := caption(word, theme.ColorNamePlaceHolder)
	size := t.MinSize()
	if word == "" || size.Width+6*dotStep > width {
		d.dotted(x, width, y, length)
		return
	}
	side := (width - size.Width) / 2
	d.dotted(x, side-4, y, length)
	t.Move(fyne.NewPos(x+side, y-size.Height/2))
	d.add(t)
	d.dotted(x+side+size.Width+4, side-4, y, length)
}

// sightColour is the colour beside the shape.
func sightColour(s session.Sight) fyne.ThemeColorName {
	switch s {
	case session.Works:
		return kit.PhaseColour(outage.NormalDegraded)
	case session.Partly:
		return kit.PhaseColour(outage.Reopening)
	case session.Broken:
		return kit.ColourRejected
	case session.Refused:
		return kit.ColourRefused
	}
	return theme.ColorNamePlaceHolder
}

// dotted draws a row of strokes of a length.
func (d *drawing) dotted(x, width, y, length float32) {
	step := max(float32(dotStep), width/mostLines)
	for at := x + step/2; at+length <= x+width; at += step {
		d.line(theme.ColorNamePlaceHolder, 1.5, at, y, at+length, y)
	}
}

// frame marks the piece that the keys or the pointer are on.
func (d *drawing) frame(l session.Lane, at int, colour fyne.ThemeColorName) {
	p := l.Pieces[at]
	x, width := d.span(p)
	if l.Kind == session.LaneSaid {
		x, width = min(x, d.left+d.width-flagWidth), flagWidth
	}
	d.outline(colour, 2, x-2, d.top-2, width+4, d.height+4)
}
