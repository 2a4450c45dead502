package outages

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"rimbalzo/app/window/kit"
	"rimbalzo/app/window/session"
)

// newAvailability is one direction of an account: how available it was, in figures, in bars, and in words.
func newAvailability(r session.AvailabilityRow, reveal func(fyne.CanvasObject)) fyne.CanvasObject {
	facts := ""
	for _, f := range r.Facts {
		if facts != "" {
			facts += " "
		}
		facts += f
	}
	told := kit.Quiet(facts)
	percent := widget.NewLabel(r.Percent)
	percent.TextStyle.Bold = true
	b := newBars(r.Bars, func(words string) {
		if words == "" {
			words = facts
		}
		told.SetText(words)
	}, reveal)
	return kit.Tight(container.NewBorder(nil, nil, nil, percent, kit.Bold(r.Name)), kit.Inset(b), container.New(&steady{}, told))
}

const (
	barsHeight = 26
	barsInset  = 3
)

// bars are the parts of a period side by side: what worked grows from below, broad; what did not hangs from above, narrow.
type bars struct {
	widget.BaseWidget
	list    []session.BarPiece
	tell    func(string)
	reveal  func(fyne.CanvasObject)
	at      int // what the keys are on
	under   int // what the pointer is on, -1 for nothing
	focused bool
}

func newBars(list []session.BarPiece, tell func(string), reveal func(fyne.CanvasObject)) *bars {
	b := &bars{list: list, tell: tell, reveal: reveal, at: len(list) - 1, under: -1}
	b.ExtendBaseWidget(b)
	return b
}

func (b *bars) step(to int) {
	if len(b.list) == 0 {
		return
	}
	b.at = min(max(to, 0), len(b.list)-1)
	b.tell(b.list[b.at].Words)
	b.Refresh()
}

func (b *bars) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyRight:
		b.step(b.at + 1)
	case fyne.KeyLeft:
		b.step(b.at - 1)
	case fyne.KeyHome:
		b.step(0)
	case fyne.KeyEnd:
		b.step(len(b.list) - 1)
	default:
		kit.PassOn(b, e)
	}
}

func (b *bars) TypedRune(rune) {}

func (b *bars) FocusGained() {
	b.focused = true
	b.reveal(b)
	b.step(b.at)
}

func (b *bars) FocusLost() {
	b.focused = false
	b.tell("")
	b.Refresh()
}

func (b *bars) MouseIn(e *desktop.MouseEvent) { b.MouseMoved(e) }

func (b *bars) MouseMoved(e *desktop.MouseEvent) {
	i := int(e.Position.X / max(1, b.Size().Width) * float32(len(b.list)))
	if i < 0 || i >= len(b.list) || i == b.under {
		return
	}
	b.under = i
	b.tell(b.list[i].Words)
	b.Refresh()
}

func (b *bars) MouseOut() {
	if b.under = -1; b.focused {
		b.step(b.at)
		return
	}
	b.tell("")
	b.Refresh()
}

func (b *bars) CreateRenderer() fyne.WidgetRenderer { return &barsRenderer{b: b} }

type barsRenderer struct {
	b       *bars
	objects []fyne.CanvasObject
}

func (r *barsRenderer) Destroy()                     {}
func (r *barsRenderer) Objects() []fyne.CanvasObject { return r.objects }
func (r *barsRenderer) MinSize() fyne.Size           { return fyne.NewSize(160, barsHeight) }

func (r *barsRenderer) Refresh() {
	r.Layout(r.b.Size())
	canvas.Refresh(r.b)
}

func (r *barsRenderer) Layout(size fyne.Size) {
	b := r.b
	d := drawing{left: 0, top: barsInset, width: size.Width, height: size.Height - 2*barsInset}
	step := size.Width / float32(max(1, len(b.list)))
	gap := min(3, step/4)
	for i, p := range b.list {
		x := float32(i)*step + gap/2
		d.bar(p, x, step-gap)
		switch {
		case b.focused && i == b.at:
			d.outline(theme.ColorNameForeground, 2, x-2, 0, step-gap+4, size.Height)
		case i == b.under:
			d.outline(theme.ColorNamePlaceHolder, 1.5, x-2, 0, step-gap+4, size.Height)
		}
	}
	if b.focused {
		d.outline(theme.ColorNamePrimary, 2, 0, 0, size.Width, size.Height)
	}
	r.objects = d.objects
}

// bar draws one part of a period.
func (d *drawing) bar(p session.BarPiece, x, width float32) {
	bottom := d.top + d.height
	switch p.Sight {
	case session.Works, session.Partly, session.Broken:
		works := float32(p.Part) * d.height
		d.filled(sightColour(session.Works), x, bottom-works, width, works)
		if p.Part < 1 {
			narrow := max(2, width*0.4)
			// A break of a minute in a day is to be seen as well.
			d.filled(sightColour(session.Broken), x+(width-narrow)/2, d.top, narrow, max(3, d.height-works))
		}
	case session.Refused:
		d.outline(sightColour(p.Sight), 1.5, x, d.top+d.height/2, width, d.height/2)
	case session.Offline:
		d.line(theme.ColorNamePlaceHolder, 1.5, x, bottom-2, x+width, bottom-2)
	default:
		d.line(theme.ColorNamePlaceHolder, 1.5, x+width/2-1, bottom-2, x+width/2+1, bottom-2)
	}
}
