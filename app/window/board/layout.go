package board

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"rimbalzo/app/window/kit"
)

// Measures of the page.
const (
	paneGap             = 6
	leastList           = 430 // a list of less width has the page to itself, and the reasons take its place
	leastWhy, mostWhy   = 330, 560
	shareWhy            = 0.42
	tightBelow          = 720      // a page of less height leaves out which keys there are, and what to do first
	lowBelow, briefFrom = 620, 440 // then how things stand, then filters
	leastPage           = 340
)

// twoPanes puts the list and the reasons beside each other, or one in the place of the other where there is little width.
type twoPanes struct {
	*fyne.Container
	b    *Page
	why  bool // where there is room for one: the reasons are in view
	back *kit.Pill
}

func (b *Page) layout() fyne.CanvasObject {
	busy := container.New(kit.Strip{Height: 3}, b.Busy) // its place is kept, so that the list does not jump
	top := container.NewVBox(b.Head.root, busy)
	messages := kit.Panel(container.NewBorder(top, b.foot.root, nil, nil, container.NewStack(b.List, container.NewVBox(layout.NewSpacer(), b.Head.empty, layout.NewSpacer()))))
	p := &twoPanes{b: b}
	b.both = p
	p.back = kit.NewPill(b.Words.T("board.back"), "", func() {
		p.show(false)
		b.focus(b.List)
	})
	why := kit.Panel(container.NewBorder(container.NewVBox(kit.Inset(container.NewHBox(p.back))), nil, nil, nil, b.Why.reader))
	p.Container = container.New(p, messages, why)
	return p.Container
}

// show puts the reasons, or the list, in view where there is room for one.
func (p *twoPanes) show(why bool) {
	if p.why != why {
		p.why = why
		p.Refresh()
	}
}

// narrow reports whether there is room for one pane alone.
func narrow(width float32) bool { return width < leastList+leastWhy+3*paneGap }

// Layout lays the panes out.
func (p *twoPanes) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	p.spare(size.Height)
	height := size.Height - 2*paneGap
	put := func(o fyne.CanvasObject, x, width float32) {
		o.Move(fyne.NewPos(x, paneGap))
		o.Resize(fyne.NewSize(max(0, width), height))
	}
	p.back.Hidden = !narrow(size.Width)
	if narrow(size.Width) {
		objects[0].(*fyne.Container).Hidden, objects[1].(*fyne.Container).Hidden = p.why, !p.why
		for _, o := range objects {
			put(o, paneGap, size.Width-2*paneGap)
		}
		return
	}
	objects[0].(*fyne.Container).Hidden, objects[1].(*fyne.Container).Hidden = false, false
	right := min(max(size.Width*shareWhy, leastWhy), mostWhy)
	left := size.Width - right - 3*paneGap
	put(objects[0], paneGap, left)
	put(objects[1], left+2*paneGap, right)
}

// spare leaves out what the list needs the place of more.
func (p *twoPanes) spare(height float32) {
	h, f := p.b.Head, p.b.foot
	tight, low, brief := height < tightBelow, height < lowBelow, height < briefFrom
	h.Headline.Hidden, h.First.Hidden = low, tight || len(p.b.Report.Items) == 0
	nothing := len(p.b.Report.Items) == 0 // then there is nothing to look for either
	h.finder.Hidden, h.pills.Hidden = nothing, brief || nothing
	f.spare(tight || nothing, brief)
}

// MinSize is what the page needs at least.
func (p *twoPanes) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(leastPage, leastPage-80)
}
