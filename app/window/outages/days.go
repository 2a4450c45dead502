package outages

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"rimbalzo/app/window/session"
)

// days are the names of the days below the lanes, and where now is.
type days struct {
	widget.BaseWidget
	ticks []session.Tick
	now   float32
	word  string
}

func newDays(c session.Chart, now string) *days {
	d := &days{ticks: c.Days, now: c.Now, word: now}
	d.ExtendBaseWidget(d)
	return d
}

func (d *days) CreateRenderer() fyne.WidgetRenderer { return &daysRenderer{d: d} }

type daysRenderer struct {
	d       *days
	objects []fyne.CanvasObject
}

func (r *daysRenderer) Destroy() {}

func (r *daysRenderer) Objects() []fyne.CanvasObject { return r.objects }

func (r *daysRenderer) MinSize() fyne.Size { return fyne.NewSize(100, 20) }

// Layout writes the days that there is room for; now comes first.
func (r *daysRenderer) Layout(size fyne.Size) {
	from := float32(0)
	if size.Width >= laneSide {
		from = laneNames
	}
	width := max(1, size.Width-from-laneEdge)
	r.objects = nil
	taken := [2]float32{-1, -1}
	if r.d.now >= 0 {
		t := caption(r.d.word, theme.ColorNamePrimary)
		t.TextStyle.Bold = true
		t.Resize(t.MinSize())
		x := min(max(from+r.d.now*width-t.MinSize().Width/2, 0), size.Width-t.MinSize().Width)
		t.Move(fyne.NewPos(x, 2))
		taken = [2]float32{x - 6, x + t.MinSize().Width + 6}
		r.objects = append(r.objects, t)
	}
	free := float32(-100)
	for _, tick := range r.d.ticks {
		t := caption(tick.Text, theme.ColorNamePlaceHolder)
		x := from + tick.At*width + 3
		end := x + t.MinSize().Width
		if x < free || end > size.Width || x < taken[1] && end > taken[0] {
			continue
		}
		t.Move(fyne.NewPos(x, 2))
		r.objects = append(r.objects, t)
		free = end + 8
	}
}

func (r *daysRenderer) Refresh() {
	r.Layout(r.d.Size())
	canvas.Refresh(r.d)
}

// laneLayout puts lanes below each other, each as high as it is at this width.
type laneLayout struct{ width float32 }

func (l *laneLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	l.width = size.Width
	y := float32(0)
	for _, o := range objects {
		h := l.height(o)
		o.Move(fyne.NewPos(0, y))
		o.Resize(fyne.NewSize(size.Width, h))
		y += h
	}
}

func (l *laneLayout) height(o fyne.CanvasObject) float32 {
	if one, ok := o.(*lane); ok {
		return one.height(l.width)
	}
	return o.MinSize().Height
}

func (l *laneLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	size := fyne.NewSize(200, 0)
	for _, o := range objects {
		size.Height += l.height(o)
	}
	return size
}

// steady is as high as its content ever was at this width: what stands below does not jump while the words change.
type steady struct {
	width, height float32
	least         float32
}

func (s *steady) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	if size.Width != s.width {
		s.width, s.height = size.Width, 0
	}
	for _, o := range objects {
		o.Resize(size)
	}
}

func (s *steady) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var size fyne.Size
	for _, o := range objects {
		size = size.Max(o.MinSize())
	}
	s.height = max(s.height, size.Height, s.least)
	return fyne.NewSize(size.Width, s.height)
}
