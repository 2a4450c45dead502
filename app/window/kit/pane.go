package kit

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

func NewPlane(colour fyne.ThemeColorName, radius float32) *plane {
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

// Panel puts content on a light ground with a rim.
func Panel(content fyne.CanvasObject) fyne.CanvasObject {
	return container.NewStack(NewPlane(ColourPanel, 8), container.New(layout.NewCustomPaddedLayout(8, 8, 8, 8), content))
}

// Box sets content apart inside a panel.
func Box(content fyne.CanvasObject) fyne.CanvasObject {
	return container.NewStack(NewPlane(ColourGroup, 6), container.New(layout.NewCustomPaddedLayout(4, 4, 4, 4), content))
}

// Inset gives content the indent that labels have.
func Inset(content fyne.CanvasObject) fyne.CanvasObject {
	pad := theme.InnerPadding()
	return container.New(layout.NewCustomPaddedLayout(0, 0, pad, pad), content)
}

// Tight lays objects out from top to bottom without the toolkit's gaps, which labels bring with them already.
func Tight(objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(layout.NewCustomPaddedVBoxLayout(-4), objects...)
}

// Text is a label of several lines that breaks between words. What it shows is never read as markup.
func Text(s string) *widget.Label {
	l := widget.NewLabel(s)
	l.Wrapping = fyne.TextWrapWord
	return l
}

func Bold(s string) *widget.Label {
	l := Text(s)
	l.TextStyle.Bold = true
	return l
}

func Heading(s string, size fyne.ThemeSizeName) *widget.Label {
	l := Bold(s)
	l.SizeName = size
	return l
}

// Quiet is small text of second rank.
func Quiet(s string) *widget.Label {
	l := Text(s)
	l.SizeName, l.Importance = theme.SizeNameCaptionText, widget.LowImportance
	return l
}

// Flat is a word or a few on one line that does not break, as high as a pill.
func Flat(s string) fyne.CanvasObject {
	l := widget.NewLabel(s)
	l.SizeName = theme.SizeNameCaptionText
	pad := theme.InnerPadding()
	return container.New(layout.NewCustomPaddedLayout(0, 0, -pad, -pad), container.New(Strip{Height: pillHeight, Fits: true}, l))
}

// Narrow keeps content at most width wide, in the middle.
type Narrow struct{ Width float32 }

func (n Narrow) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	width := min(n.Width, size.Width)
	for _, o := range objects {
		o.Move(fyne.NewPos((size.Width-width)/2, 0))
		o.Resize(fyne.NewSize(width, size.Height))
	}
}

func (n Narrow) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var size fyne.Size
	for _, o := range objects {
		size = size.Max(o.MinSize())
	}
	return size
}

// Strip is a place of a fixed height; one that Fits is as wide as its content.
type Strip struct {
	Height float32
	Fits   bool
}

func (s Strip) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		o.Resize(size)
	}
}

func (s Strip) MinSize(objects []fyne.CanvasObject) fyne.Size {
	width := float32(1)
	for _, o := range objects {
		if s.Fits {
			width = max(width, o.MinSize().Width)
		}
	}
	return fyne.NewSize(width, s.Height)
}

// SetVisible shows an object or hides it.
func SetVisible(o fyne.CanvasObject, visible bool) {
	if visible {
		o.Show()
	} else {
		o.Hide()
	}
}

// Centred puts a label's text in the middle.
func Centred(l *widget.Label) *widget.Label {
	l.Alignment = fyne.TextAlignCenter
	return l
}
