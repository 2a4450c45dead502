package split

import "fyne.io/fyne/v2"

// Headed puts the first of two objects above the second, as high as it wants to be at this width, which labels know only when
// they have it. The second has the rest, and at least Least in height.
type Headed struct{ Least float32 }

// Layout implements [fyne.Layout].
func (l Headed) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	head, body := objects[0], objects[1]
	head.Move(fyne.NewPos(0, 0))
	head.Resize(fyne.NewSize(size.Width, head.MinSize().Height))
	top := head.MinSize().Height
	head.Resize(fyne.NewSize(size.Width, top))
	body.Move(fyne.NewPos(0, top+gap))
	body.Resize(fyne.NewSize(size.Width, max(l.Least, size.Height-top-gap)))
}

// MinSize implements [fyne.Layout].
func (l Headed) MinSize(objects []fyne.CanvasObject) fyne.Size {
	head, body := objects[0].MinSize(), objects[1].MinSize()
	return fyne.NewSize(max(head.Width, body.Width), head.Height+gap+l.Least)
}
