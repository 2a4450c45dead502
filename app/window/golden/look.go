package golden

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"

	"rimbalzo/app/window/kit"
)

// Texts gives the texts in view, in the order in which they are drawn.
func Texts(o fyne.CanvasObject) (list []string) {
	for _, part := range test.LaidOutObjects(o) {
		if t, ok := part.(*canvas.Text); ok && t.Visible() && t.Text != "" {
			list = append(list, t.Text)
		}
	}
	return list
}

// Pills gives the pills in view.
func Pills(o fyne.CanvasObject) (list []*kit.Pill) {
	for _, part := range test.LaidOutObjects(o) {
		if p, ok := part.(*kit.Pill); ok && p.Visible() {
			list = append(list, p)
		}
	}
	return list
}
