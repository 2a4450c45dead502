package board

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"rimbalzo/app/window/kit"
)

// reader lets the keys move what is read: the arrows by lines, Page Up and Page Down by pages; Escape goes back to the list. The
// letters that say something of a message say it here, too.
type reader struct {
	widget.BaseWidget
	p     *whyPane
	focus bool
}

// readLine is how far an arrow moves, in the toolkit's pixels.
const readLine = 40

func newReader(p *whyPane) *reader {
	r := &reader{p: p}
	r.ExtendBaseWidget(r)
	return r
}

func (r *reader) FocusGained() { r.focus = true; r.Refresh() }
func (r *reader) FocusLost()   { r.focus = false; r.Refresh() }

// TypedShortcut takes the page's shortcuts; the rest goes to the window.
func (r *reader) TypedShortcut(s fyne.Shortcut) { r.p.b.List.TypedShortcut(s) }

func (r *reader) TypedRune(key rune) { r.p.b.List.TypedRune(key) }

func (r *reader) TypedKey(e *fyne.KeyEvent) {
	s := r.p.scroll
	page := max(readLine, s.Size().Height-readLine)
	switch e.Name {
	case fyne.KeyDown:
		r.move(readLine)
	case fyne.KeyUp:
		r.move(-readLine)
	case fyne.KeyPageDown:
		r.move(page)
	case fyne.KeyPageUp:
		r.move(-page)
	case fyne.KeyHome:
		s.ScrollToTop()
	case fyne.KeyEnd:
		s.ScrollToBottom()
	case fyne.KeySpace:
		r.p.b.List.TypedKey(e)
	case fyne.KeyEscape:
		r.p.b.both.show(false)
		r.p.b.focus(r.p.b.List)
	default:
		kit.PassOn(r, e)
	}
}

func (r *reader) move(by float32) {
	s := r.p.scroll
	last := max(0, s.Content.MinSize().Height-s.Size().Height)
	s.ScrollToOffset(fyne.NewPos(0, min(max(0, s.Offset.Y+by), last)))
}

func (r *reader) CreateRenderer() fyne.WidgetRenderer {
	rr := &readerRenderer{r: r, ring: &canvas.Rectangle{CornerRadius: 6, StrokeWidth: 2}}
	rr.Refresh()
	return rr
}

type readerRenderer struct {
	r    *reader
	ring *canvas.Rectangle // where the keys go
}

func (rr *readerRenderer) Destroy() {}

func (rr *readerRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{rr.r.p.scroll, rr.ring}
}

func (rr *readerRenderer) MinSize() fyne.Size { return rr.r.p.scroll.MinSize() }

func (rr *readerRenderer) Layout(size fyne.Size) {
	rr.r.p.scroll.Resize(size)
	rr.ring.Resize(size)
}

func (rr *readerRenderer) Refresh() {
	rr.ring.StrokeColor = theme.Color(theme.ColorNamePrimary)
	rr.ring.Hidden = !rr.r.focus
	rr.ring.Refresh()
	rr.r.p.scroll.Refresh()
}
