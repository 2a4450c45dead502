package golden

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
)

// Shown gives the words of an object and of what is in it, but for what is hidden, with single blanks between them.
func Shown(o fyne.CanvasObject) string { return strings.Join(strings.Fields(spoken(o)), " ") }

func spoken(o fyne.CanvasObject) string {
	if o == nil || !o.Visible() {
		return ""
	}
	var parts []fyne.CanvasObject
	switch o := o.(type) {
	case *canvas.Text:
		return o.Text + " "
	case *fyne.Container:
		parts = o.Objects
	case *container.Scroll:
		parts = []fyne.CanvasObject{o.Content}
	case fyne.Widget:
		parts = test.WidgetRenderer(o).Objects()
	}
	var b strings.Builder
	for _, p := range parts {
		b.WriteString(spoken(p))
	}
	return b.String()
}
