// Package outages draws an outage: its phases on a time axis, and what the provider said of it.
package outages

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"rimbalzo/app/window/kit"
	"rimbalzo/app/window/session"
)

// Places on the axis, in the toolkit's pixels: days and times on the left, the bar, then what happened.
const (
	axisBar      = 80 // left edge of the bar, right edge of the times
	axisBarWidth = 14
	axisBox      = axisBar + axisBarWidth + 2
	axisInset    = 16 // above the first and below the last boundary
	axisSoft     = 30 // height of a boundary that nobody knows exactly
	axisHatch    = 6  // distance of its lines
)

// axis draws an outage's phases along a vertical line, one box each. Unsharp boundaries are blended and hatched.
type axis struct {
	widget.BaseWidget
	data  session.Axis
	now   string
	Boxes []*phaseBox
	width float32 // last known; the height of the texts follows from it
}

// newAxis shows data; now stands beside the present moment, onTapped gets the place of a phase.
func newAxis(data session.Axis, now string, onTapped func(int)) *axis {
	a := &axis{data: data, now: now, width: 280}
	for i, s := range data.Segments {
		a.Boxes = append(a.Boxes, newPhaseBox(s, func() { onTapped(i) }))
	}
	a.ExtendBaseWidget(a)
	return a
}

// choose marks one phase; -1 none.
func (a *axis) choose(phase int) {
	for i, b := range a.Boxes {
		b.chosen = i == phase
		b.Refresh()
	}
}

func (a *axis) least() []float32 {
	least := make([]float32, len(a.Boxes))
	for i, b := range a.Boxes {
		b.Resize(fyne.NewSize(a.width-axisBox, b.Size().Height))
		least[i] = max(b.MinSize().Height, 2*axisSoft) + 4
	}
	return least
}

func (a *axis) CreateRenderer() fyne.WidgetRenderer {
	r := &axisRenderer{a: a}
	r.build()
	return r
}

type axisRenderer struct {
	a       *axis
	bars    []*canvas.Rectangle
	marks   []axisMark
	nowLine *canvas.Line
	nowText *canvas.Text
	objects []fyne.CanvasObject
}

// axisMark is what is drawn for a boundary.
type axisMark struct {
	day, clock *canvas.Text
	line       *canvas.Line
	blend      *canvas.LinearGradient // nil for a sharp boundary
	hatch      []*canvas.Line
}

func (r *axisRenderer) build() {
	for range r.a.data.Segments {
		bar := canvas.NewRectangle(nil)
		r.bars = append(r.bars, bar)
		r.objects = append(r.objects, bar)
	}
	for _, m := range r.a.data.Marks {
		mark := axisMark{
			day:   &canvas.Text{Text: m.Day, Alignment: fyne.TextAlignTrailing},
			clock: &canvas.Text{Text: m.Clock, Alignment: fyne.TextAlignTrailing},
			line:  &canvas.Line{StrokeWidth: 2},
		}
		r.objects = append(r.objects, mark.day, mark.clock, mark.line)
		if m.Soft {
			mark.line.Hide()
			mark.blend = &canvas.LinearGradient{}
			r.objects = append(r.objects, mark.blend)
			for range axisSoft / axisHatch {
				l := &canvas.Line{StrokeWidth: 1.5}
				mark.hatch = append(mark.hatch, l)
				r.objects = append(r.objects, l)
			}
		}
		r.marks = append(r.marks, mark)
	}
	r.nowLine, r.nowText = &canvas.Line{StrokeWidth: 2}, &canvas.Text{Text: r.a.now, TextStyle: fyne.TextStyle{Bold: true}}
	kit.SetVisible(r.nowLine, r.a.data.Now >= 0)
	kit.SetVisible(r.nowText, r.a.data.Now >= 0)
	r.objects = append(r.objects, r.nowLine, r.nowText)
	for _, b := range r.a.Boxes {
		r.objects = append(r.objects, b)
	}
	r.paint()
}

func (r *axisRenderer) Destroy() {}

func (r *axisRenderer) Objects() []fyne.CanvasObject { return r.objects }

func (r *axisRenderer) MinSize() fyne.Size {
	height := float32(2 * axisInset)
	for _, h := range r.a.least() {
		height += h
	}
	return fyne.NewSize(axisBox+110, height)
}

func (r *axisRenderer) Layout(size fyne.Size) {
	a := r.a
	a.width = size.Width
	heights := a.data.Heights(size.Height-2*axisInset, a.least())
	y := float32(axisInset)
	for i, h := range heights {
		r.bars[i].Move(fyne.NewPos(axisBar, y))
		r.bars[i].Resize(fyne.NewSize(axisBarWidth, h))
		a.Boxes[i].Move(fyne.NewPos(axisBox, y+2))
		a.Boxes[i].Resize(fyne.NewSize(size.Width-axisBox, h-4))
		if i == a.data.Now {
			r.placeNow(y + h*a.data.Part)
		}
		if i < len(r.marks) {
			r.marks[i].place(y, i == 0, false)
		}
		y += h
	}
	if n := len(r.marks); n > 0 {
		r.marks[n-1].place(y, false, true)
	}
}

func (r *axisRenderer) placeNow(y float32) {
	r.nowLine.Position1, r.nowLine.Position2 = fyne.NewPos(axisBar-4, y), fyne.NewPos(axisBar+axisBarWidth+4, y)
	text := r.nowText.MinSize()
	r.nowText.Move(fyne.NewPos(axisBar-7-text.Width, y-text.Height/2))
	r.nowText.Resize(text)
}

func (m axisMark) place(y float32, first, last bool) {
	for i, t := range []*canvas.Text{m.day, m.clock} {
		size := t.MinSize()
		t.Move(fyne.NewPos(axisBar-7-size.Width, y+float32(i-1)*(size.Height-1)))
		t.Resize(size)
	}
	m.line.Position1, m.line.Position2 = fyne.NewPos(axisBar-4, y), fyne.NewPos(axisBar+axisBarWidth, y)
	if m.blend == nil {
		return
	}
	top, height := y-axisSoft/2, float32(axisSoft)
	switch {
	case first:
		top, height = y-axisInset, axisInset+axisSoft/2
	case last:
		height = axisSoft/2 + axisInset
	}
	m.blend.Move(fyne.NewPos(axisBar, top))
	m.blend.Resize(fyne.NewSize(axisBarWidth, height))
	for i, l := range m.hatch {
		at := top + float32(i)*axisHatch + axisHatch
		l.Position1 = fyne.NewPos(axisBar, at)
		l.Position2 = fyne.NewPos(axisBar+axisBarWidth, at-axisHatch)
	}
}

func (r *axisRenderer) paint() {
	segments := r.a.data.Segments
	for i, s := range segments {
		r.bars[i].FillColor = theme.Color(kit.PhaseColour(s.Behaviour))
	}
	panel := theme.Color(kit.ColourPanel)
	for i, m := range r.marks {
		for _, t := range []*canvas.Text{m.day, m.clock} {
			t.Color, t.TextSize = theme.Color(theme.ColorNamePlaceHolder), theme.CaptionTextSize()
		}
		m.line.StrokeColor = theme.Color(theme.ColorNameForeground)
		if m.blend != nil {
			m.blend.StartColor, m.blend.EndColor = panel, panel
			if i > 0 {
				m.blend.StartColor = r.bars[i-1].FillColor
			}
			if i < len(segments) {
				m.blend.EndColor = r.bars[i].FillColor
			}
		}
		for _, l := range m.hatch {
			l.StrokeColor = panel
		}
	}
	r.nowLine.StrokeColor, r.nowText.Color = theme.Color(theme.ColorNamePrimary), theme.Color(theme.ColorNamePrimary)
	r.nowText.TextSize = theme.CaptionTextSize()
}

func (r *axisRenderer) Refresh() {
	r.paint()
	r.Layout(r.a.Size())
	for _, o := range r.objects {
		o.Refresh()
	}
}

// phaseBox is what happened in a phase, and how much of the person's mail fell in it. A click, Space or Enter chooses it.
type phaseBox struct {
	widget.BaseWidget
	onTapped                 func()
	chosen, hovered, focused bool
	back                     *canvas.Rectangle
	title, counts            *widget.Label
}

func newPhaseBox(s session.Segment, onTapped func()) *phaseBox {
	b := &phaseBox{onTapped: onTapped, back: &canvas.Rectangle{CornerRadius: 6}, title: widget.NewLabel(s.Title), counts: widget.NewLabel(s.Counts)}
	b.title.Wrapping, b.counts.Wrapping = fyne.TextWrapWord, fyne.TextWrapWord
	b.title.TextStyle.Bold = !s.Empty
	b.counts.SizeName, b.counts.Importance = theme.SizeNameCaptionText, widget.LowImportance
	if s.Empty {
		b.title.Importance = widget.LowImportance
	}
	b.ExtendBaseWidget(b)
	return b
}

func (b *phaseBox) Tapped(*fyne.PointEvent)        { b.onTapped() }
func (b *phaseBox) MouseIn(*desktop.MouseEvent)    { b.hovered = true; b.Refresh() }
func (b *phaseBox) MouseMoved(*desktop.MouseEvent) {}
func (b *phaseBox) MouseOut()                      { b.hovered = false; b.Refresh() }
func (b *phaseBox) FocusGained()                   { b.focused = true; b.Refresh() }
func (b *phaseBox) FocusLost()                     { b.focused = false; b.Refresh() }
func (b *phaseBox) TypedRune(rune)                 {}
func (b *phaseBox) Cursor() desktop.Cursor         { return desktop.PointerCursor }

func (b *phaseBox) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeySpace, fyne.KeyReturn, fyne.KeyEnter:
		b.onTapped()
	}
}

func (b *phaseBox) CreateRenderer() fyne.WidgetRenderer {
	r := &phaseBoxRenderer{b}
	r.Refresh()
	return r
}

type phaseBoxRenderer struct{ b *phaseBox }

func (r *phaseBoxRenderer) Destroy() {}

func (r *phaseBoxRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.b.back, r.b.title, r.b.counts}
}

// boxOverlap takes away the blank that two labels have between them.
const boxOverlap = 12

func (r *phaseBoxRenderer) MinSize() fyne.Size {
	return fyne.NewSize(80, r.b.title.MinSize().Height+r.b.counts.MinSize().Height-boxOverlap)
}

func (r *phaseBoxRenderer) Layout(size fyne.Size) {
	b := r.b
	b.back.Resize(size)
	b.title.Resize(fyne.NewSize(size.Width, b.title.Size().Height))
	b.counts.Resize(fyne.NewSize(size.Width, b.counts.Size().Height))
	top := max(0, (size.Height-r.MinSize().Height)/2)
	title := b.title.MinSize().Height
	b.title.Move(fyne.NewPos(0, top))
	b.title.Resize(fyne.NewSize(size.Width, title))
	b.counts.Move(fyne.NewPos(0, top+title-boxOverlap))
	b.counts.Resize(fyne.NewSize(size.Width, b.counts.MinSize().Height))
}

func (r *phaseBoxRenderer) Refresh() {
	b := r.b
	b.back.FillColor, b.back.StrokeWidth = theme.Color(kit.ColourPanel), 0
	switch {
	case b.chosen:
		b.back.FillColor = theme.Color(kit.ColourChosen)
	case b.hovered:
		b.back.FillColor = theme.Color(kit.ColourGroup)
	}
	if b.focused {
		b.back.StrokeWidth, b.back.StrokeColor = 2, theme.Color(theme.ColorNamePrimary)
	}
	r.Layout(b.Size())
	for _, o := range r.Objects() {
		o.Refresh()
	}
}
