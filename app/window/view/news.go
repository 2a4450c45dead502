package view

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"rimbalzo/app/window/kit"
	"rimbalzo/app/window/session"
)

// topped puts the lines about the reading above a page of the accounts' mail.
func (f *Frame) topped(page fyne.CanvasObject) fyne.CanvasObject {
	if f.p.Desk == nil || !f.own.shown {
		return page
	}
	f.news = container.NewVBox()
	f.renews()
	return container.NewBorder(container.New(layout.NewCustomPaddedLayout(0, 0, 6, 6), f.news), nil, nil, nil, page)
}

// renews words how the reading of the accounts stands.
func (f *Frame) renews() {
	if f.news == nil {
		return
	}
	f.news.RemoveAll()
	w := f.p.Words
	switch {
	case f.own.busy:
		said := f.lookedText(f.own.looked)
		if at := f.own.last.Oldest; !at.IsZero() {
			said = w.T("window.as-of", "Time", at.In(f.p.Zone)) + " " + said
		}
		f.news.Add(f.line(kit.ColourBanner, said, kit.NewPill(w.T("window.stop"), "", func() {
			f.stopReading()
			f.renews()
		})))
	case f.own.failed != nil:
		f.news.Add(f.line(kit.ColourBanner, w.T("window.not-read"), f.whyPill(f.own.failed), f.readPill()))
	case f.stopped():
		f.news.Add(f.line(kit.ColourBanner, w.T("window.as-of", "Time", f.own.last.Oldest.In(f.p.Zone))+" "+w.T("window.was-stopped"), f.readPill()))
	}
	for _, t := range f.own.last.Troubles {
		name := session.Line(t.Account, 80)
		said := w.T("window.account-failed", "Name", name)
		if !t.Last.IsZero() {
			said = w.T("window.account-stale", "Name", name, "Time", t.Last.In(f.p.Zone))
		}
		f.news.Add(f.line(kit.ColourBanner, said, f.whyPill(t.Err), kit.NewPill(w.T("window.accounts"), "", f.openAccounts)))
	}
	for _, name := range f.own.last.Unsent {
		name = session.Line(name, 80)
		why := kit.NewPill(w.T("window.why-not"), "", func() { f.tell("window.why-not", w.T("window.no-sent-why", "Name", name)) })
		f.news.Add(f.line(kit.ColourBanner, w.T("window.no-sent", "Name", name), why))
	}
	f.news.Refresh()
}

// freshFor is how old what is shown may be without a word about it.
const freshFor = 10 * time.Minute

// stopped reports whether what is shown is older than it could be, because the person did not want to wait.
func (f *Frame) stopped() bool {
	at := f.own.last.Oldest
	return f.reviewed && !at.IsZero() && len(f.own.last.Troubles) == 0 && f.request != nil && f.request.At.Sub(at) > freshFor
}

func (f *Frame) whyPill(err error) *kit.Pill {
	return kit.NewPill(f.p.Words.T("window.why-not"), "", func() { f.tell("window.why-not", f.explain(err)) })
}

func (f *Frame) readPill() *kit.Pill {
	return kit.NewPill(f.p.Words.T("window.read-now"), "", f.readNew)
}

// lookedText counts what was read so far.
func (f *Frame) lookedText(l session.Looked) string {
	w := f.p.Words
	if l.Looked == 0 && l.Left == 0 {
		return w.T("window.looking")
	}
	return w.T("window.looked", "Looked", w.Number(l.Looked), "Found", w.Number(l.Found), "Left", w.Number(l.Left))
}

// line is one slim line with buttons at its end.
func (f *Frame) line(colour fyne.ThemeColorName, said string, pills ...*kit.Pill) fyne.CanvasObject {
	label := widget.NewLabel(said)
	label.Truncation = fyne.TextTruncateEllipsis
	label.SizeName = theme.SizeNameCaptionText
	ends := container.NewHBox()
	for _, p := range pills {
		ends.Add(p)
	}
	return container.NewStack(kit.NewPlane(colour, 6), container.New(layout.NewCustomPaddedLayout(1, 1, 4, 4), container.NewBorder(nil, nil, nil, ends, label)))
}
