package outages

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"rimbalzo/app/window/cite"
	"rimbalzo/app/window/kit"
	"rimbalzo/app/window/session"
	"rimbalzo/internal/words"
)

// columns are the table's, with the share of the width that each gets.
var columns = []struct {
	id    string
	share float32
	text  func(r session.PhaseRow) string
}{
	{"outagepage.column.phase", 0.17, func(r session.PhaseRow) string { return r.Number + " " + r.Title }},
	{"outagepage.column.from", 0.15, func(r session.PhaseRow) string { return r.From }},
	{"outagepage.column.to", 0.15, func(r session.PhaseRow) string { return r.To }},
	{"outagepage.column.notice", 0.14, func(r session.PhaseRow) string { return r.Notice }},
	{"outagepage.column.fate", 0.17, func(r session.PhaseRow) string { return r.Fate }},
	{"outagepage.column.yours", 0.10, func(r session.PhaseRow) string { return r.Yours }},
	{"outagepage.column.sources", 0.12, nil}, // a button
}

// mostTableRows bounds how many phases are listed; no known outage has a tenth of them.
const mostTableRows = 100

// newTable lists the phases; a press on one calls onPhase.
func newTable(rows []session.PhaseRow, ci cite.Citer, onPhase func(string), reveal func(fyne.CanvasObject)) *fyne.Container {
	head := container.New(newGrid())
	for _, c := range columns {
		head.Add(kit.Quiet(ci.Words.T(c.id)))
	}
	list := []fyne.CanvasObject{kit.Adaptive(tableSide, kit.Box(head), container.NewStack())}
	for _, r := range rows[:min(len(rows), mostTableRows)] {
		sources := container.NewVBox()
		sources.Hide()
		list = append(list, newPhaseRow(r, ci.Words, func() { onPhase(r.ID) }, func() bool { return toggle(sources, r.Sources, ci) }, reveal), sources)
	}
	return container.NewVBox(list...)
}

// toggle shows a phase's sources or hides them, and says which.
func toggle(place *fyne.Container, sources []session.Citation, ci cite.Citer) bool {
	if len(place.Objects) == 0 {
		for _, c := range sources {
			place.Add(ci.Citation(c))
		}
	}
	kit.SetVisible(place, !place.Visible())
	return place.Visible()
}

// tableSide is from which width on the table has columns; below, each cell is a line of its own.
const tableSide = 800

// grid lays the cells of a row side by side, or below each other.
type grid struct{ width float32 }

func newGrid() *grid { return &grid{width: 900} }

func (g *grid) place(objects []fyne.CanvasObject, width float32, put func(o fyne.CanvasObject, at fyne.Position, width float32)) (height float32) {
	x, y := float32(0), float32(0)
	for i, o := range objects {
		w := width
		if width >= tableSide {
			w = columns[i].share * width
		}
		put(o, fyne.NewPos(x, y), w)
		h := o.MinSize().Height
		if width >= tableSide {
			x += w
			height = max(height, h)
		} else {
			y += h - theme.InnerPadding()
			height = y + theme.InnerPadding()
		}
	}
	return height
}

func (g *grid) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	g.width = size.Width
	g.place(objects, size.Width, func(o fyne.CanvasObject, at fyne.Position, width float32) {
		o.Move(at)
		o.Resize(fyne.NewSize(width, o.MinSize().Height))
		o.Resize(fyne.NewSize(width, o.MinSize().Height))
	})
}

func (g *grid) MinSize(objects []fyne.CanvasObject) fyne.Size {
	height := g.place(objects, g.width, func(o fyne.CanvasObject, _ fyne.Position, width float32) {
		o.Resize(fyne.NewSize(width, o.Size().Height))
	})
	return fyne.NewSize(160, height)
}

// phaseRow is a line of the table. A click, Space or Enter shows its messages.
type phaseRow struct {
	widget.BaseWidget
	onTapped         func()
	reveal           func(fyne.CanvasObject)
	hovered, focused bool
	back             *canvas.Rectangle
	wide, narrow     *fyne.Container
}

func newPhaseRow(r session.PhaseRow, w *words.Words, onTapped func(), sources func() bool, reveal func(fyne.CanvasObject)) *phaseRow {
	b := &phaseRow{onTapped: onTapped, reveal: reveal, back: &canvas.Rectangle{CornerRadius: 6}, wide: container.New(newGrid()), narrow: container.New(newGrid())}
	for i, c := range columns[:len(columns)-1] {
		cell, line := kit.Text(c.text(r)), kit.Text(w.T("outagepage.cell", "Column", w.T(c.id), "Text", c.text(r)))
		cell.SizeName, line.SizeName = theme.SizeNameCaptionText, theme.SizeNameCaptionText
		if i == 0 {
			cell.TextStyle.Bold, line.TextStyle.Bold, line.Text = true, true, c.text(r)
		}
		b.wide.Add(cell)
		b.narrow.Add(line)
	}
	if len(r.Sources) > 0 {
		b.wide.Add(sourcesPill(w.N("outagepage.sources", len(r.Sources)), sources))
		b.narrow.Add(sourcesPill(w.N("outagepage.sources", len(r.Sources)), sources))
	}
	b.ExtendBaseWidget(b)
	return b
}

// sourcesPill shows the sources, and hides them again.
func sourcesPill(text string, toggle func() bool) fyne.CanvasObject {
	pill := kit.NewPill(text, "", nil)
	pill.OnTapped = func() { pill.Set(pill.Text, toggle()) }
	return container.New(layout.NewCustomPaddedLayout(6, 8, theme.InnerPadding(), 0), container.NewHBox(pill))
}

func (b *phaseRow) Tapped(*fyne.PointEvent)        { b.onTapped() }
func (b *phaseRow) MouseIn(*desktop.MouseEvent)    { b.hovered = true; b.Refresh() }
func (b *phaseRow) MouseMoved(*desktop.MouseEvent) {}
func (b *phaseRow) MouseOut()                      { b.hovered = false; b.Refresh() }
func (b *phaseRow) FocusGained()                   { b.focused = true; b.reveal(b); b.Refresh() }
func (b *phaseRow) FocusLost()                     { b.focused = false; b.Refresh() }
func (b *phaseRow) TypedRune(rune)                 {}
func (b *phaseRow) Cursor() desktop.Cursor         { return desktop.PointerCursor }

func (b *phaseRow) TypedKey(e *fyne.KeyEvent) {
	if !kit.Presses(e) {
		kit.PassOn(b, e)
		return
	}
	b.onTapped()
}

func (b *phaseRow) CreateRenderer() fyne.WidgetRenderer {
	cells := kit.Adaptive(tableSide, b.wide, b.narrow)
	r := &phaseRowRenderer{WidgetRenderer: widget.NewSimpleRenderer(container.NewStack(b.back, cells)), b: b}
	r.Refresh()
	return r
}

type phaseRowRenderer struct {
	fyne.WidgetRenderer
	b *phaseRow
}

func (r *phaseRowRenderer) Refresh() {
	b := r.b
	b.back.FillColor, b.back.StrokeWidth = theme.Color(kit.ColourPanel), 1
	b.back.StrokeColor = theme.Color(theme.ColorNameSeparator)
	if b.hovered {
		b.back.FillColor = theme.Color(kit.ColourGroup)
	}
	if b.focused {
		b.back.StrokeWidth, b.back.StrokeColor = 2, theme.Color(theme.ColorNamePrimary)
	}
	r.WidgetRenderer.Refresh()
}
