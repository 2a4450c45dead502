package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Tinted is a word in a colour of the theme.
type Tinted struct {
	widget.BaseWidget
	Text   string
	Colour fyne.ThemeColorName
}

func (t *Tinted) CreateRenderer() fyne.WidgetRenderer {
	c := &canvas.Text{TextStyle: fyne.TextStyle{Bold: true}}
	r := &tintedRenderer{WidgetRenderer: widget.NewSimpleRenderer(c), t: t, c: c}
	r.Refresh()
	return r
}

type tintedRenderer struct {
	fyne.WidgetRenderer
	t *Tinted
	c *canvas.Text
}

func (r *tintedRenderer) Refresh() {
	r.c.Text, r.c.Color, r.c.TextSize = r.t.Text, theme.Color(r.t.Colour), theme.TextSubHeadingSize()
	r.c.Refresh()
}
