package view

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// plane is a rectangle in a colour of the theme, also after the theme changes.
type plane struct {
	widget.BaseWidget
	colour fyne.ThemeColorName
	radius float32
}

func newPlane(colour fyne.ThemeColorName, radius float32) *plane {
	p := &plane{colour: colour, radius: radius}
	p.ExtendBaseWidget(p)
	return p
}

func (p *plane) CreateRenderer() fyne.WidgetRenderer {
	rect := canvas.NewRectangle(color.Transparent)
	r := &planeRenderer{WidgetRenderer: widget.NewSimpleRenderer(rect), p: p, rect: rect}
	r.Refresh()
	return r
}

type planeRenderer struct {
	fyne.WidgetRenderer
	p    *plane
	rect *canvas.Rectangle
}

func (r *planeRenderer) MinSize() fyne.Size { return fyne.Size{} }

func (r *planeRenderer) Refresh() {
	r.rect.FillColor, r.rect.CornerRadius = theme.Color(r.p.colour), r.p.radius
	r.rect.Refresh()
}

// panel puts content on a light ground with a rim.
func panel(content fyne.CanvasObject) fyne.CanvasObject {
	return container.NewStack(newPlane(colourPanel, 8), container.New(layout.NewCustomPaddedLayout(8, 8, 8, 8), content))
}

// box sets content apart inside a panel.
func box(content fyne.CanvasObject) fyne.CanvasObject {
	return container.NewStack(newPlane(colourGroup, 6), container.New(layout.NewCustomPaddedLayout(4, 4, 4, 4), content))
}

// inset gives content the indent that labels have.
func inset(content fyne.CanvasObject) fyne.CanvasObject {
	pad := theme.InnerPadding()
	return container.New(layout.NewCustomPaddedLayout(0, 0, pad, pad), content)
}

// tight lays objects out from top to bottom without the toolkit's gaps, which labels bring with them already.
func tight(objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(layout.NewCustomPaddedVBoxLayout(-4), objects...)
}

// text is a label of several lines that breaks between words. What it shows is never read as markup.
func text(s string) *widget.Label {
	l := widget.NewLabel(s)
	l.Wrapping = fyne.TextWrapWord
	return l
}

func bold(s string) *widget.Label {
	l := text(s)
	l.TextStyle.Bold = true
	return l
}

func heading(s string, size fyne.ThemeSizeName) *widget.Label {
	l := bold(s)
	l.SizeName = size
	return l
}

// quiet is small text of second rank.
func quiet(s string) *widget.Label {
	l := text(s)
	l.SizeName, l.Importance = theme.SizeNameCaptionText, widget.LowImportance
	return l
}

// narrow keeps content at most width wide, in the middle.
type narrow struct{ width float32 }

func (n narrow) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	width := min(n.width, size.Width)
	for _, o := range objects {
		o.Move(fyne.NewPos((size.Width-width)/2, 0))
		o.Resize(fyne.NewSize(width, size.Height))
	}
}

func (n narrow) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var size fyne.Size
	for _, o := range objects {
		size = size.Max(o.MinSize())
	}
	return size
}

// strip is a place of a fixed height.
type strip struct{ height float32 }

func (s strip) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		o.Resize(size)
	}
}

func (s strip) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(1, s.height) }

// sparing is a layout that leaves something out where there is little height: the messages need it more.
type sparing struct {
	inner fyne.Layout
	spare *widget.Label
}

// spareBelow is the height under which something is left out.
const spareBelow = 540

func (l *sparing) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	l.spare.Hidden = size.Height < spareBelow
	l.inner.Layout(objects, size)
}

func (l *sparing) MinSize(objects []fyne.CanvasObject) fyne.Size { return l.inner.MinSize(objects) }

// columns lays out the board: the outage, the messages, and why. The outer two stay readable in a small window and do not
// spread in a large one; the messages get the rest.
type columns struct{}

const (
	columnGap                 = 6
	leastOutage, mostOutage   = 262, 340
	leastWhy, mostWhy         = 296, 460
	shareOutage, shareWhy     = 0.235, 0.29
	leastMessages, leastBoard = 360, 300
)

func (columns) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	left := min(max(size.Width*shareOutage, leastOutage), mostOutage)
	right := min(max(size.Width*shareWhy, leastWhy), mostWhy)
	x := float32(columnGap)
	height := size.Height - 2*columnGap
	for i, width := range []float32{left, size.Width - left - right - 4*columnGap, right} {
		objects[i].Move(fyne.NewPos(x, columnGap))
		objects[i].Resize(fyne.NewSize(max(0, width), height))
		x += width + columnGap
	}
}

func (columns) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(leastOutage+leastMessages+leastWhy+4*columnGap, leastBoard)
}
