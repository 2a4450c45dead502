package kit

import "fyne.io/fyne/v2"

// Row lays objects out beside each other in columns of one width, each at least Least wide; those that do not fit go below. All
// of a line are as high as the highest.
type Row struct {
	Least float32
	width float32 // last known, for the height that is needed
}

// rowGap is between objects.
const rowGap = 8

func (l *Row) columns(n int) int {
	return max(1, min(n, int((l.width+rowGap)/(l.Least+rowGap))))
}

// walk places the objects and gives the height of all.
func (l *Row) walk(objects []fyne.CanvasObject, place func(fyne.CanvasObject, fyne.Position, fyne.Size)) float32 {
	n := l.columns(len(objects))
	width := (l.width - rowGap*float32(n-1)) / float32(n)
	y := float32(0)
	for i := 0; i < len(objects); i += n {
		line := objects[i:min(i+n, len(objects))]
		height := float32(0)
		for _, o := range line {
			height = max(height, o.MinSize().Height)
		}
		for j, o := range line {
			place(o, fyne.NewPos(float32(j)*(width+rowGap), y), fyne.NewSize(width, height))
		}
		y += height + rowGap
	}
	return max(0, y-rowGap)
}

func (l *Row) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	l.width = size.Width
	l.walk(objects, func(o fyne.CanvasObject, at fyne.Position, size fyne.Size) {
		o.Move(at)
		o.Resize(size)
	})
}

func (l *Row) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(l.Least, l.walk(objects, func(fyne.CanvasObject, fyne.Position, fyne.Size) {}))
}
