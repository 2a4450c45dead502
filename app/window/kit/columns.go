package kit

import "fyne.io/fyne/v2"

// Beside lays two objects out beside each other where there is at least Least of width, the first with Share of it; else
// under each other.
type Beside struct {
	Least, Share float32
	width        float32 // last known, for the height that is needed
}

// besideGap is between the two.
const besideGap = 10

// widths are those of the two objects; both the same, where they stand under each other.
func (l *Beside) widths(width float32) (first, second float32) {
	if width < l.Least {
		return width, width
	}
	first = (width - besideGap) * l.Share
	return first, width - besideGap - first
}

func (l *Beside) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	l.width = size.Width
	first, second := l.widths(size.Width)
	a, b := objects[0], objects[1]
	if size.Width >= l.Least {
		a.Resize(fyne.NewSize(first, size.Height))
		b.Move(fyne.NewPos(first+besideGap, 0))
		b.Resize(fyne.NewSize(second, size.Height))
		return
	}
	a.Resize(fyne.NewSize(first, a.MinSize().Height))
	top := a.MinSize().Height + besideGap
	b.Move(fyne.NewPos(0, top))
	b.Resize(fyne.NewSize(second, max(b.MinSize().Height, size.Height-top)))
}

func (l *Beside) MinSize(objects []fyne.CanvasObject) fyne.Size {
	a, b := objects[0].MinSize(), objects[1].MinSize()
	if l.width >= l.Least {
		return fyne.NewSize(max(a.Width, b.Width), max(a.Height, b.Height))
	}
	return fyne.NewSize(max(a.Width, b.Width), a.Height+besideGap+b.Height)
}
