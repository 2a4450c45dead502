package view

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"rimbalzo/app/window/kit"
)

// narrowStrip is the width of the page below which the moments are a list to unfold.
const narrowStrip = 780

// strip stands above the page where what is shown is not the person's own mail: what it is, the demo's moments, and the way
// out of it. Else it is empty.
func (f *Frame) strip() fyne.CanvasObject {
	if f.request == nil || f.own.shown || (f.p.Banner == "" && len(f.p.Moments) == 0 && !f.own.some) {
		return container.NewWithoutLayout()
	}
	lines := kit.Adaptive(narrowStrip, f.moments(), f.shortMoments())
	return container.NewStack(kit.NewPlane(kit.ColourBanner, 0), container.New(layout.NewCustomPaddedLayout(0, 2, 2, 2), lines))
}

// stripEnds are the ways out of what the strip tells of.
func (f *Frame) stripEnds() *fyne.Container {
	ends := container.NewHBox()
	if f.own.some {
		ends.Add(kit.NewPill(f.p.Words.T("window.my-mail"), "account", f.home))
	} else if f.p.Desk != nil {
		ends.Add(kit.NewPill(f.p.Words.T("window.leave-demo"), "", f.leave))
	}
	return ends
}

// moments says what this is, offers the moments, and tells what is particular about the chosen one.
func (f *Frame) moments() fyne.CanvasObject {
	strip := kit.Tight()
	banner, why := f.told()
	choice := container.New(&kit.Flow{Width: f.win.Canvas().Size().Width})
	for i, m := range f.p.Moments {
		p := kit.NewPill(m.Title, "", func() { f.move(i) })
		p.Chosen = i == f.moment
		choice.Add(p)
	}
	if ends := f.stripEnds(); banner != "" || len(ends.Objects) > 0 {
		strip.Add(container.NewBorder(nil, nil, nil, container.NewVBox(ends), kit.Text(banner)))
	}
	if len(choice.Objects) > 0 {
		strip.Add(kit.Inset(choice))
	}
	if why != "" {
		note := kit.Text(why)
		note.SizeName = theme.SizeNameCaptionText
		strip.Add(note)
	}
	return strip
}

// told is what is said of the mail in view, and of the moment chosen.
func (f *Frame) told() (banner, why string) {
	banner = f.p.Banner
	if f.moment >= 0 && f.moment < len(f.p.Moments) {
		m := f.p.Moments[f.moment]
		if why = m.Why; m.Banner != "" {
			banner = m.Banner
		}
	}
	return banner, why
}

// shortMoments is the same on one line, for a window that is narrow.
func (f *Frame) shortMoments() fyne.CanvasObject {
	banner, _ := f.told()
	line := widget.NewLabel(banner)
	line.Truncation = fyne.TextTruncateEllipsis
	titles := make([]string, len(f.p.Moments))
	for i, m := range f.p.Moments {
		titles[i] = m.Title
	}
	ends := f.stripEnds()
	if len(titles) == 0 {
		return container.NewBorder(nil, nil, nil, ends, line)
	}
	choice := widget.NewSelect(titles, nil)
	if f.moment >= 0 {
		choice.SetSelectedIndex(f.moment)
	}
	choice.OnChanged = func(string) { f.move(choice.SelectedIndex()) }
	return container.NewBorder(nil, nil, nil, ends, choice)
}
