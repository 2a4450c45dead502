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

// Places in a lane, in the toolkit's pixels.
const (
	nameInset = 5   // of a name
	laneNames = 170 // of the names at the left
	laneSide  = 640 // in a chart of less width the names stand above
	laneAbove = 17  // what they take there
	laneEdge  = 8   // at the right
	laneInset = 4   // above and below what is drawn
	nearly    = 5   // so near a thing is still meant by the pointer
	leastSeen = 2.5 // width of the shortest thing
)

// laneHeight is how high what a lane draws is.
var laneHeight = map[session.LaneKind]float32{
	session.LaneSaid: 34, session.LanePhases: 34, session.LaneBounces: 34, session.LaneIncidents: 10, session.LaneOwn: 16,
}

// lane is one line of the chart. Tab goes to it, the arrows to what is on it; what that is is told in words.
type lane struct {
	widget.BaseWidget
	data    session.Lane
	days    []session.Tick
	now     float32
	tell    func(words string)        // what the pointer or the keys are on; "" for nothing any more
	detail  func(p session.Piece)     // more of it is asked for
	onPhase func(phase string)        // a phase was chosen
	aside   func(from *lane, dir int) // the keys go to another lane
	reveal  func(o fyne.CanvasObject) // what has the focus is to be in view
	at      int                       // what the keys are on, -1 for nothing
	under   int                       // what the pointer is on, -1 for nothing
	focused bool
}

func newLane(data session.Lane, c session.Chart) *lane {
	l := &lane{data: data, days: c.Days, now: c.Now, at: -1, under: -1}
	l.ExtendBaseWidget(l)
	return l
}

// track is where time runs.
func (l *lane) track() (from, width float32) {
	size := l.Size()
	if size.Width >= laneSide {
		from = laneNames
	}
	return from, max(1, size.Width-from-laneEdge)
}

func (l *lane) height(width float32) float32 {
	h := laneHeight[l.data.Kind] + 2*laneInset
	if width < laneSide {
		h += laneAbove
	}
	return h
}

// find gives the piece at a place across, the nearest of those that are near; -1 for none.
func (l *lane) find(x float32) int {
	from, width := l.track()
	best, distance := -1, float32(nearly)
	for i, p := range l.data.Pieces {
		left, right := from+p.From*width, from+p.To*width
		if l.data.Kind == session.LaneSaid {
			right = left + flagWidth
		}
		off := max(left-x, x-right, 0)
		if off < distance || off == 0 && best >= 0 {
			best, distance = i, max(off, 0.01)
		}
	}
	return best
}

// step puts the keys on another piece and tells it.
func (l *lane) step(to int) {
	if len(l.data.Pieces) == 0 {
		l.tell(l.data.Name + ": " + l.data.None)
		return
	}
	l.at = min(max(to, 0), len(l.data.Pieces)-1)
	l.tell(l.data.Pieces[l.at].Words)
	l.Refresh()
}

func (l *lane) press(i int) {
	switch {
	case i < 0 || i >= len(l.data.Pieces):
	case l.data.Pieces[i].Phase != "":
		l.onPhase(l.data.Pieces[i].Phase)
	default:
		l.detail(l.data.Pieces[i])
	}
}

func (l *lane) Tapped(e *fyne.PointEvent) {
	if i := l.find(e.Position.X); i >= 0 {
		l.step(i)
		l.press(i)
	}
}

func (l *lane) MouseIn(e *desktop.MouseEvent) { l.MouseMoved(e) }

func (l *lane) MouseMoved(e *desktop.MouseEvent) {
	i := l.find(e.Position.X)
	if i == l.under {
		return
	}
	if l.under = i; i >= 0 {
		l.tell(l.data.Pieces[i].Words)
	}
	l.Refresh()
}

func (l *lane) MouseOut() {
	l.under = -1
	switch {
	case !l.focused:
		l.tell("")
	case l.at >= 0:
		l.tell(l.data.Pieces[l.at].Words)
	}
	l.Refresh()
}

func (l *lane) Cursor() desktop.Cursor {
	if p := l.under; p >= 0 && (l.data.Pieces[p].Phase != "" || len(l.data.Pieces[p].Mail)+len(l.data.Pieces[p].Sources) > 0) {
		return desktop.PointerCursor
	}
	return desktop.DefaultCursor
}

func (l *lane) FocusGained() {
	l.focused = true
	l.reveal(l)
	l.step(max(l.at, 0))
	l.Refresh()
}

func (l *lane) FocusLost() {
	l.focused = false
	l.tell("")
	l.Refresh()
}

func (l *lane) TypedRune(rune) {}

func (l *lane) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyRight:
		l.step(l.at + 1)
	case fyne.KeyLeft:
		l.step(l.at - 1)
	case fyne.KeyHome:
		l.step(0)
	case fyne.KeyEnd:
		l.step(len(l.data.Pieces) - 1)
	case fyne.KeyUp:
		l.aside(l, -1)
	case fyne.KeyDown:
		l.aside(l, 1)
	default:
		if !kit.Presses(e) {
			kit.PassOn(l, e)
			return
		}
		l.press(l.at)
	}
}

func (l *lane) CreateRenderer() fyne.WidgetRenderer { return &laneRenderer{l: l} }

// laneRenderer draws a lane anew for each width.
type laneRenderer struct {
	l       *lane
	objects []fyne.CanvasObject
}

func (r *laneRenderer) Destroy() {}

func (r *laneRenderer) Objects() []fyne.CanvasObject { return r.objects }

func (r *laneRenderer) MinSize() fyne.Size { return fyne.NewSize(200, r.l.height(r.l.Size().Width)) }

func (r *laneRenderer) Layout(size fyne.Size) {
	l := r.l
	from, width := l.track()
	top := float32(laneInset)
	name := caption(l.data.Name, theme.ColorNameForeground)
	if size.Width < laneSide {
		top += laneAbove
		name.Move(fyne.NewPos(nameInset, 1))
	} else {
		name.Move(fyne.NewPos(nameInset, (size.Height-name.MinSize().Height)/2))
	}
	d := drawing{left: from, top: top, width: width, height: laneHeight[l.data.Kind]}
	for _, t := range l.days {
		d.line(theme.ColorNameSeparator, 1, d.x(t.At), 0, d.x(t.At), size.Height)
	}
	d.lane(l.data)
	if len(l.data.Pieces) == 0 {
		none := caption(l.data.None, theme.ColorNamePlaceHolder)
		none.Move(fyne.NewPos(from, top+(d.height-none.MinSize().Height)/2))
		d.add(none)
	}
	if l.now >= 0 {
		d.line(theme.ColorNamePrimary, 2, d.x(l.now), 0, d.x(l.now), size.Height)
	}
	if l.under >= 0 {
		d.frame(l.data, l.under, theme.ColorNamePlaceHolder)
	}
	if l.focused {
		if l.at >= 0 {
			d.frame(l.data, l.at, theme.ColorNameForeground)
		}
		d.outline(theme.ColorNamePrimary, 2, 0, 0, size.Width, size.Height)
	}
	r.objects = append(d.objects, name)
}

func (r *laneRenderer) Refresh() {
	r.Layout(r.l.Size())
	canvas.Refresh(r.l)
}

// caption is a small text in a colour of the theme, as large as it needs.
func caption(text string, colour fyne.ThemeColorName) *canvas.Text {
	t := &canvas.Text{Text: text, Color: theme.Color(colour), TextSize: theme.CaptionTextSize()}
	t.Resize(t.MinSize())
	return t
}
