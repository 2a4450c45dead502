package missing

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"rimbalzo/app/window/kit"
)

// Rows are all of one height: a correspondent, and below how much and how sure; at the left whether it is dealt with.
func newRow() fyne.CanvasObject {
	who, brief := widget.NewLabel(""), widget.NewLabel("")
	who.Truncation, brief.Truncation = fyne.TextTruncateEllipsis, fyne.TextTruncateEllipsis
	who.TextStyle.Bold = true
	brief.SizeName, brief.Importance = theme.SizeNameCaptionText, widget.LowImportance
	mark := &canvas.Image{FillMode: canvas.ImageFillContain}
	mark.SetMinSize(fyne.NewSquareSize(18))
	return container.NewBorder(nil, nil, container.NewCenter(mark), nil, kit.Tight(who, brief))
}

// fill fills a row: the first one is the overview.
func (g *Page) fill(i widget.ListItemID, o fyne.CanvasObject) {
	row, ok := o.(*fyne.Container)
	if !ok || i > len(g.lacking.Lacks) {
		return
	}
	mark, who, brief := parts(row)
	if i == 0 {
		mark.Resource = kit.Symbol("about", theme.ColorNameForeground)
		mark.Refresh()
		who.SetText(g.Words.T("missingpage.overview"))
		brief.SetText(g.Words.T("missingpage.overview.what"))
		return
	}
	lack := &g.lacking.Lacks[i-1]
	drawing, text := "unticked", lack.Brief
	if said := lack.Said(g.Ticks); said != "" {
		drawing, text = "ticked", g.Words.T("missingpage.said."+string(said))
	}
	mark.Resource = kit.Symbol(drawing, theme.ColorNameForeground)
	mark.Refresh()
	who.SetText(lack.Who)
	brief.SetText(text)
}

// parts gives the pieces of a row, as newRow put them together.
func parts(row *fyne.Container) (mark *canvas.Image, who, brief *widget.Label) {
	for _, part := range row.Objects {
		c, ok := part.(*fyne.Container)
		if !ok {
			continue
		}
		for _, o := range c.Objects {
			switch o := o.(type) {
			case *canvas.Image:
				mark = o
			case *widget.Label:
				if who == nil {
					who = o
				} else {
					brief = o
				}
			}
		}
	}
	return mark, who, brief
}
