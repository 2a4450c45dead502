package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Measures of the rail. With narrow places its ten fit a window of 400 in height: 1280x800 at 200 %.
const (
	railWide, railNarrow   = 192, 78
	placeWide, placeNarrow = 34, 38
	placeSymbol            = 18
	placeMark              = 3 // the bar at the left of the place in view
	railPad                = 4
	railBreak              = 960 // a window of less width has the narrow rail
	// Every page is whole in this room. What asks for more for a moment, such as lines that do not know yet how wide they are,
	// must not make the window grow beyond the screen.
	pageWidth, pageHeight = 562, 330
)

// Place is one entry of the rail: where to go, with the keys that go there too. Space and Enter press it.
type Place struct {
	widget.BaseWidget
	ID, Text string
	Keys     string // the shortcut as it is shown, such as "Ctrl+1"; "" for none
	OnTapped func()

	symbol                            string
	chosen, narrow, hovered, focussed bool
}

// NewPlace gives a place with one of our drawings.
func NewPlace(id, text, symbol, keys string, onTapped func()) *Place {
	p := &Place{ID: id, Text: text, Keys: keys, OnTapped: onTapped, symbol: symbol}
	p.ExtendBaseWidget(p)
	return p
}

func (p *Place) Tapped(*fyne.PointEvent)        { p.OnTapped() }
func (p *Place) MouseIn(*desktop.MouseEvent)    { p.hovered = true; p.Refresh() }
func (p *Place) MouseMoved(*desktop.MouseEvent) {}
func (p *Place) MouseOut()                      { p.hovered = false; p.Refresh() }
func (p *Place) FocusGained()                   { p.focussed = true; p.Refresh() }
func (p *Place) FocusLost()                     { p.focussed = false; p.Refresh() }
func (p *Place) TypedRune(rune)                 {}
func (p *Place) Cursor() desktop.Cursor         { return desktop.PointerCursor }

func (p *Place) TypedKey(e *fyne.KeyEvent) {
	if !Presses(e) {
		PassOn(p, e)
		return
	}
	p.OnTapped()
}

// AccessibilityLabel is what a screen reader says of the place.
func (p *Place) AccessibilityLabel() string { return p.Text }

// AccessibilityRole is that of a button.
func (p *Place) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

func (p *Place) CreateRenderer() fyne.WidgetRenderer {
	r := &placeRenderer{
		p: p, back: &canvas.Rectangle{CornerRadius: 6}, mark: &canvas.Rectangle{CornerRadius: 1},
		icon: &canvas.Image{FillMode: canvas.ImageFillContain}, text: &canvas.Text{}, keys: &canvas.Text{},
	}
	r.Refresh()
	return r
}

type placeRenderer struct {
	p          *Place
	back, mark *canvas.Rectangle
	icon       *canvas.Image
	text, keys *canvas.Text
}

func (r *placeRenderer) Destroy() {}

func (r *placeRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.back, r.mark, r.icon, r.text, r.keys}
}

func (r *placeRenderer) MinSize() fyne.Size {
	if r.p.narrow {
		return fyne.NewSize(railNarrow-2*railPad, placeNarrow)
	}
	return fyne.NewSize(railWide-2*railPad, placeWide)
}

func (r *placeRenderer) Layout(size fyne.Size) {
	r.back.Resize(size)
	r.mark.Resize(fyne.NewSize(placeMark, size.Height-12))
	r.mark.Move(fyne.NewPos(1, 6))
	r.icon.Resize(fyne.NewSquareSize(placeSymbol))
	text, keys := r.text.MinSize(), r.keys.MinSize()
	r.text.Resize(text)
	r.keys.Resize(keys)
	if r.p.narrow {
		r.icon.Move(fyne.NewPos((size.Width-placeSymbol)/2, 3))
		r.text.Move(fyne.NewPos((size.Width-text.Width)/2, size.Height-text.Height-1))
		return
	}
	r.icon.Move(fyne.NewPos(12, (size.Height-placeSymbol)/2))
	r.text.Move(fyne.NewPos(12+placeSymbol+9, (size.Height-text.Height)/2))
	r.keys.Move(fyne.NewPos(size.Width-keys.Width-8, (size.Height-keys.Height)/2))
}

func (r *placeRenderer) Refresh() {
	p := r.p
	r.back.FillColor, r.back.StrokeWidth = theme.Color(ColourRail), 0
	switch {
	case p.chosen:
		r.back.FillColor = theme.Color(ColourChosen)
	case p.hovered:
		r.back.FillColor = theme.Color(ColourGroup)
	}
	if p.focussed {
		r.back.StrokeWidth, r.back.StrokeColor = 2, theme.Color(theme.ColorNameForeground)
	}
	r.mark.FillColor, r.mark.Hidden = theme.Color(theme.ColorNamePrimary), !p.chosen
	r.icon.Resource = Symbol(p.symbol, theme.ColorNameForeground)
	r.text.Text, r.text.Color, r.text.TextStyle.Bold = p.Text, theme.Color(theme.ColorNameForeground), p.chosen
	r.text.TextSize = theme.TextSize()
	if p.narrow {
		r.text.TextSize = theme.CaptionTextSize() - 1.5
		// The word of the place in view is bold, and longer: it must stay within its place in any language.
		if width, room := r.text.MinSize().Width, float32(railNarrow-2*railPad-2*placeMark); width > room {
			r.text.TextSize *= room / width
		}
	}
	r.keys.Text, r.keys.Color, r.keys.TextSize = p.Keys, theme.Color(theme.ColorNamePlaceHolder), theme.CaptionTextSize()-1
	r.keys.Hidden = p.narrow
	r.Layout(p.Size())
	for _, o := range r.Objects() {
		o.Refresh()
	}
}

// Rail is the navigation at the left of a window. In a narrow window its places are drawings with their word below.
type Rail struct {
	places []*Place
	column *fyne.Container
	root   fyne.CanvasObject
	narrow bool
}

// NewRail gives a rail; below are the places that stand apart, at its lower end.
func NewRail(above, below []*Place) *Rail {
	r := &Rail{places: append(append([]*Place{}, above...), below...)}
	r.column = container.New(layout.NewCustomPaddedVBoxLayout(0))
	for _, p := range above {
		r.column.Add(p)
	}
	r.column.Add(layout.NewSpacer())
	for _, p := range below {
		r.column.Add(p)
	}
	scroll := container.NewVScroll(container.New(layout.NewCustomPaddedLayout(railPad, railPad, railPad, railPad), r.column))
	r.root = container.NewStack(NewPlane(ColourRail, 0), scroll)
	return r
}

// Choose marks the place in view; none, where id is no place's.
func (r *Rail) Choose(id string) {
	for _, p := range r.places {
		if chosen := p.ID == id; chosen != p.chosen {
			p.chosen = chosen
			p.Refresh()
		}
	}
}

// Beside lays a page out at the right of the rail.
func (r *Rail) Beside(page fyne.CanvasObject) *fyne.Container {
	return container.New(&besideRail{r}, r.root, page)
}

func (r *Rail) width() float32 {
	if r.narrow {
		return railNarrow
	}
	return railWide
}

// fit makes the rail narrow or wide.
func (r *Rail) fit(narrow bool) {
	if narrow == r.narrow {
		return
	}
	r.narrow = narrow
	for _, p := range r.places {
		p.narrow = narrow
		p.Refresh()
	}
}

// besideRail is the layout of a rail and a page.
type besideRail struct{ rail *Rail }

func (l *besideRail) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	l.rail.fit(size.Width < railBreak)
	width := l.rail.width()
	objects[0].Resize(fyne.NewSize(width, size.Height))
	objects[1].Move(fyne.NewPos(width, 0))
	objects[1].Resize(fyne.NewSize(max(0, size.Width-width), size.Height))
}

// MinSize counts the narrow rail: a window that becomes smaller gets it. No page counts for more than the room it is whole in.
func (l *besideRail) MinSize(objects []fyne.CanvasObject) fyne.Size {
	page := objects[1].MinSize()
	return fyne.NewSize(railNarrow+min(page.Width, pageWidth), min(page.Height, pageHeight))
}
