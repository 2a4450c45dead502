package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

const (
	pillHeight = 30
	pillGap    = 10 // between edge and content
	pillIcon   = 16
)

// Pill is a small button that can stay pressed: a choice of several, a filter, a command. Space and Enter press it.
type Pill struct {
	widget.BaseWidget
	Text     string
	symbol   string // name of a drawing; "" for none
	Colour   fyne.ThemeColorName
	Chosen   bool
	OnTapped func()

	hovered, focused bool
}

func NewPill(text, symbol string, onTapped func()) *Pill {
	p := &Pill{Text: text, symbol: symbol, Colour: theme.ColorNameForeground, OnTapped: onTapped}
	p.ExtendBaseWidget(p)
	return p
}

func (p *Pill) Set(text string, chosen bool) {
	if p.Text != text || p.Chosen != chosen {
		p.Text, p.Chosen = text, chosen
		p.Refresh()
	}
}

func (p *Pill) Tapped(*fyne.PointEvent) { p.OnTapped() }

func (p *Pill) MouseIn(*desktop.MouseEvent)    { p.hovered = true; p.Refresh() }
func (p *Pill) MouseMoved(*desktop.MouseEvent) {}
func (p *Pill) MouseOut()                      { p.hovered = false; p.Refresh() }
func (p *Pill) FocusGained()                   { p.focused = true; p.Refresh() }
func (p *Pill) FocusLost()                     { p.focused = false; p.Refresh() }
func (p *Pill) TypedRune(rune)                 {}
func (p *Pill) Cursor() desktop.Cursor         { return desktop.PointerCursor }

func (p *Pill) TypedKey(e *fyne.KeyEvent) {
	if !Presses(e) {
		PassOn(p, e)
		return
	}
	p.OnTapped()
}

// AccessibilityLabel is what a screen reader says of the pill.
func (p *Pill) AccessibilityLabel() string { return p.Text }

// AccessibilityRole is that of a button.
func (p *Pill) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

func (p *Pill) CreateRenderer() fyne.WidgetRenderer {
	r := &pillRenderer{p: p, back: &canvas.Rectangle{CornerRadius: 6}, text: &canvas.Text{}, icon: &canvas.Image{FillMode: canvas.ImageFillContain}}
	r.Refresh()
	return r
}

type pillRenderer struct {
	p    *Pill
	back *canvas.Rectangle
	text *canvas.Text
	icon *canvas.Image
}

func (r *pillRenderer) Destroy() {}

func (r *pillRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.back, r.icon, r.text}
}

func (r *pillRenderer) MinSize() fyne.Size {
	w := r.text.MinSize().Width + 2*pillGap
	if r.p.symbol != "" {
		w += pillIcon + 6
	}
	return fyne.NewSize(w, pillHeight)
}

func (r *pillRenderer) Layout(size fyne.Size) {
	r.back.Resize(size)
	x := (size.Width - r.MinSize().Width) / 2
	x = max(x, 0) + pillGap
	if r.p.symbol != "" {
		r.icon.Move(fyne.NewPos(x, (size.Height-pillIcon)/2))
		r.icon.Resize(fyne.NewSquareSize(pillIcon))
		x += pillIcon + 6
	}
	text := r.text.MinSize()
	r.text.Move(fyne.NewPos(x, (size.Height-text.Height)/2))
	r.text.Resize(text)
}

func (r *pillRenderer) Refresh() {
	p := r.p
	colour, back := p.Colour, theme.ColorNameButton
	if p.Chosen {
		colour, back = theme.ColorNameForegroundOnPrimary, theme.ColorNamePrimary
	}
	r.back.FillColor = theme.Color(back)
	r.back.StrokeWidth = 0
	if p.hovered && !p.Chosen {
		r.back.StrokeWidth, r.back.StrokeColor = 1, theme.Color(theme.ColorNameInputBorder)
	}
	if p.focused {
		r.back.StrokeWidth, r.back.StrokeColor = 2, theme.Color(theme.ColorNameForeground)
	}
	r.text.Text, r.text.Color = p.Text, theme.Color(colour)
	r.text.TextSize = theme.TextSize() - 1
	if p.symbol != "" {
		r.icon.Resource = Symbol(p.symbol, colour)
	}
	r.icon.Hidden = p.symbol == ""
	r.Layout(p.Size())
	for _, o := range r.Objects() {
		o.Refresh()
	}
}

// Flow lays objects out in lines, each as wide as it wants, breaking where the width ends.
type Flow struct {
	Width float32 // last known, for the height that it needs
}

func (l *Flow) walk(objects []fyne.CanvasObject, width float32, place func(fyne.CanvasObject, fyne.Position, fyne.Size)) float32 {
	const gap = 5
	x, y, line := float32(0), float32(0), float32(0)
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		size := o.MinSize()
		if x > 0 && x+size.Width > width {
			x, y, line = 0, y+line+gap, 0
		}
		place(o, fyne.NewPos(x, y), size)
		x += size.Width + gap
		line = max(line, size.Height)
	}
	return y + line
}

func (l *Flow) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	l.Width = size.Width
	l.walk(objects, size.Width, func(o fyne.CanvasObject, at fyne.Position, min fyne.Size) {
		o.Move(at)
		o.Resize(min)
	})
}

func (l *Flow) MinSize(objects []fyne.CanvasObject) fyne.Size {
	widest := float32(0)
	height := l.walk(objects, l.Width, func(o fyne.CanvasObject, _ fyne.Position, min fyne.Size) {
		widest = max(widest, min.Width)
	})
	return fyne.NewSize(widest, height)
}
