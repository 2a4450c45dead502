package golden

import (
	"fmt"
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"
)

// box is a part of the window, from its upper left corner.
type box struct{ left, top, right, bottom float32 }

func (b box) and(c box) box {
	return box{max(b.left, c.left), max(b.top, c.top), min(b.right, c.right), min(b.bottom, c.bottom)}
}

// slack is by how much letters may reach over an edge: the height of a line holds room for accents that most lines lack.
const (
	slack     = 2
	slackLine = 7
)

// word is a text in view, with its place, the place that it may fill, and what it scrolls in: beyond the edges of that it is not
// seen.
type word struct {
	text    string
	at, may box
	in      *scroller
}

// scroller is what content moves in, and the part of the window in which that is seen.
type scroller struct{ box }

// over gives the place where two words are seen over each other.
func (w word) over(other word) box {
	if w.in == other.in {
		return w.at.and(other.at)
	}
	over := w.at.and(other.at)
	for _, in := range []*scroller{w.in, other.in} {
		if in != nil {
			over = over.and(in.box)
		}
	}
	return over
}

// Faults says which words of a page are cut off by what they stand in, or lie over other words.
func Faults(page fyne.CanvasObject) (wrong []string) {
	var seen []word
	everywhere := box{-math.MaxFloat32, -math.MaxFloat32, math.MaxFloat32, math.MaxFloat32}
	gather(page, fyne.Position{}, everywhere, nil, &seen)
	for i, w := range seen {
		if w.at.left < w.may.left-slack || w.at.right > w.may.right+slack || w.at.top < w.may.top-slackLine || w.at.bottom > w.may.bottom+slackLine {
			wrong = append(wrong, fmt.Sprintf("%q at %v is cut off: it may fill %v", w.text, w.at, w.may))
		}
		for _, other := range seen[:i] {
			over := w.over(other)
			if over.right-over.left > slack && over.bottom-over.top > slackLine {
				wrong = append(wrong, fmt.Sprintf("%q at %v lies over %q at %v", w.text, w.at, other.text, other.at))
			}
		}
	}
	return wrong
}

// gather collects the texts of an object and of what is in it. In a scroller's direction there is room without end.
func gather(o fyne.CanvasObject, from fyne.Position, may box, in *scroller, seen *[]word) {
	if o == nil || !o.Visible() {
		return
	}
	at := from.Add(o.Position())
	size := o.Size()
	if t, ok := o.(*canvas.Text); ok {
		if t.Text != "" {
			*seen = append(*seen, word{t.Text, inked(t, at), may, in})
		}
		return
	}
	view := box{at.X, at.Y, at.X + size.Width, at.Y + size.Height}
	may = may.and(view)
	if in != nil {
		view = view.and(in.box)
	}
	switch o := o.(type) {
	case *fyne.Container:
		for _, part := range o.Objects {
			gather(part, at, may, in, seen)
		}
	case *container.Scroll:
		if o.Direction == container.ScrollVerticalOnly || o.Direction == container.ScrollBoth {
			may.top, may.bottom = -math.MaxFloat32, math.MaxFloat32
		}
		if o.Direction == container.ScrollHorizontalOnly || o.Direction == container.ScrollBoth {
			may.left, may.right = -math.MaxFloat32, math.MaxFloat32
		}
		if o.Content != nil {
			gather(o.Content, at, may, &scroller{view}, seen)
		}
	case *widget.Entry:
		// What somebody types may be longer than its field, which scrolls by itself.
	case *widget.List:
		// Its rows come and go at its edges, cut by them: they are looked at one by one.
		may.top, may.bottom = -math.MaxFloat32, math.MaxFloat32
		parts(o, at, may, in, seen)
	case fyne.Widget:
		parts(o, at, may, in, seen)
	}
}

func parts(w fyne.Widget, at fyne.Position, may box, in *scroller, seen *[]word) {
	for _, part := range test.WidgetRenderer(w).Objects() {
		gather(part, at, may, in, seen)
	}
}

// inked is where a text is drawn: from its place on, or about its alignment within its size.
func inked(t *canvas.Text, at fyne.Position) box {
	ink, size := t.MinSize(), t.Size()
	x := at.X
	switch t.Alignment {
	case fyne.TextAlignCenter:
		x += (size.Width - ink.Width) / 2
	case fyne.TextAlignTrailing:
		x += size.Width - ink.Width
	}
	y := at.Y + (size.Height-ink.Height)/2
	return box{x, y, x + ink.Width, y + ink.Height}
}
