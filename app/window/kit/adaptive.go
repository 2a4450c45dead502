package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// Adaptive shows wide where there is at least width of room, and narrow where there is less.
func Adaptive(width float32, wide, narrow fyne.CanvasObject) *fyne.Container {
	narrow.Hide()
	return container.New(&adaptive{least: width}, wide, narrow)
}

// adaptive is its layout. It needs what is shown needs: the narrow one's width, so that a window can become that small.
type adaptive struct{ least float32 }

func (l *adaptive) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for i, o := range objects {
		if shown := (size.Width >= l.least) == (i == 0); shown != o.Visible() {
			SetVisible(o, shown)
		}
		o.Resize(size)
	}
}

func (l *adaptive) MinSize(objects []fyne.CanvasObject) fyne.Size {
	size := fyne.NewSize(objects[1].MinSize().Width, 0)
	for _, o := range objects {
		if o.Visible() {
			size.Height = o.MinSize().Height
		}
	}
	return size
}
