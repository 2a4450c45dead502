package board

import (
	"rimbalzo/app/window/kit"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// tick is a check box without a place in the Tab order: in the list, Space ticks the chosen row.
type tick struct {
	widget.BaseWidget
	image    *canvas.Image
	on       bool
	hovered  bool
	onTapped func()
}

func newTick() *tick {
	t := &tick{image: &canvas.Image{FillMode: canvas.ImageFillContain}, onTapped: func() {}}
	t.ExtendBaseWidget(t)
	return t
}

func (t *tick) set(on bool) {
	t.on = on
	t.Refresh()
}

func (t *tick) Tapped(*fyne.PointEvent)        { t.onTapped() }
func (t *tick) MouseIn(*desktop.MouseEvent)    { t.hovered = true; t.Refresh() }
func (t *tick) MouseMoved(*desktop.MouseEvent) {}
func (t *tick) MouseOut()                      { t.hovered = false; t.Refresh() }

func (t *tick) Refresh() {
	name, colour := "unticked", theme.ColorNamePlaceHolder
	if t.on {
		name, colour = "ticked", theme.ColorNamePrimary
	}
	if t.hovered {
		colour = theme.ColorNamePrimary
	}
	t.image.Resource = kit.Symbol(name, colour)
	t.image.Refresh()
	t.BaseWidget.Refresh()
}

func (t *tick) CreateRenderer() fyne.WidgetRenderer {
	return &tickRenderer{WidgetRenderer: widget.NewSimpleRenderer(t.image), t: t}
}

type tickRenderer struct {
	fyne.WidgetRenderer
	t *tick
}

func (r *tickRenderer) Layout(size fyne.Size) {
	r.t.image.Move(fyne.NewPos(rowTick, (size.Height-rowTickSize)/2))
	r.t.image.Resize(fyne.NewSquareSize(rowTickSize))
}
