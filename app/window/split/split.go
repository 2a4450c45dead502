// Package split lays a choice out beside what was chosen.
package split

import "fyne.io/fyne/v2"

// Layout puts the first of two objects at the left of the second, or above it where the place is narrow.
type Layout struct {
	Side  float32 // width of the first one at the left
	Top   float32 // its height above, at most two fifths of the place
	Break float32 // a place of less width is narrow
}

// gap is between the two.
const gap = 8

// Layout implements [fyne.Layout].
func (l Layout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	first, second := objects[0], objects[1]
	if size.Width >= l.Break {
		first.Move(fyne.NewPos(0, 0))
		first.Resize(fyne.NewSize(l.Side, size.Height))
		second.Move(fyne.NewPos(l.Side+gap, 0))
		second.Resize(fyne.NewSize(size.Width-l.Side-gap, size.Height))
		return
	}
	top := min(l.Top, size.Height*2/5)
	first.Move(fyne.NewPos(0, 0))
	first.Resize(fyne.NewSize(size.Width, top))
	second.Move(fyne.NewPos(0, top+gap))
	second.Resize(fyne.NewSize(size.Width, max(0, size.Height-top-gap)))
}

// MinSize implements [fyne.Layout]: that of a narrow place.
func (l Layout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	a, b := objects[0].MinSize(), objects[1].MinSize()
	return fyne.NewSize(max(a.Width, b.Width), a.Height+gap+b.Height)
}
