// Package now is the page that says how the service is, what to do next, and what to do meanwhile.
package now

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"rimbalzo/app/window/kit"
	"rimbalzo/app/window/session"
	"rimbalzo/internal/advice"
	"rimbalzo/internal/words"
)

// Params is what the page needs from the frame. A func that is nil has no button.
type Params struct {
	Words    *words.Words
	Copied   func(string)
	OnCheck  func(account string)
	OnList   func(advice.Verdict) // to the checklist, showing one verdict; "" for all
	OnOutage func()
	OnAdd    func() // to set an account up
	OnFiles  func()
	OnDemo   func()
}

// Page is the page.
type Page struct {
	p      Params
	body   *fyne.Container
	scroll *container.Scroll
	first  fyne.Focusable
}

// New gives the page, empty until Load.
func New(p Params) *Page {
	page := &Page{p: p, body: container.NewVBox()}
	padded := container.New(layout.NewCustomPaddedLayout(10, 14, 12, 12), container.New(kit.Narrow{Width: 1120}, page.body))
	page.scroll = container.NewVScroll(padded)
	return page
}

// Root is what is drawn.
func (page *Page) Root() fyne.CanvasObject { return page.scroll }

// First is where the keys go when the page opens; nil for nowhere.
func (page *Page) First() fyne.Focusable { return page.first }

// Load shows how things stand.
func (page *Page) Load(n session.Now, mail session.Mail) {
	page.first = nil
	page.body.RemoveAll()
	page.body.Add(page.head(n, mail))
	left := page.accounts(n)
	if n.Outbox != "" {
		left.Add(kit.Panel(kit.Text(n.Outbox)))
	}
	switch {
	case len(n.Going) > 0 && len(left.Objects) > 0:
		page.body.Add(container.New(&kit.Beside{Least: 860, Share: 0.5}, container.NewVBox(left), container.NewVBox(page.going(n.Going))))
	case len(n.Going) > 0:
		page.body.Add(page.going(n.Going))
	case len(left.Objects) > 0:
		page.body.Add(left)
	}
	page.body.Refresh()
}

// drawing is a mood as it is drawn.
func drawing(m session.Mood, size float32) fyne.CanvasObject {
	icon := canvas.NewImageFromResource(kit.Symbol("mood-"+string(m), moodColour(m)))
	icon.FillMode = canvas.ImageFillContain
	icon.SetMinSize(fyne.NewSquareSize(size))
	return icon
}

func moodColour(m session.Mood) fyne.ThemeColorName {
	switch m {
	case session.MoodGood:
		return theme.ColorNameSuccess
	case session.MoodBad:
		return theme.ColorNameError
	case session.MoodTrouble:
		return theme.ColorNameWarning
	}
	return theme.ColorNamePlaceHolder
}

// head is what is understood in five seconds: the sentence over all, and how many messages want something.
func (page *Page) head(n session.Now, mail session.Mail) fyne.CanvasObject {
	title := kit.Heading(n.Head, theme.SizeNameHeadingText)
	lines := kit.Tight(title)
	for _, text := range []string{n.Do, n.Note} {
		if text != "" {
			lines.Add(kit.Text(text))
		}
	}
	if starts := page.starts(n, mail); len(starts.Objects) > 0 {
		lines.Add(kit.Inset(container.New(layout.NewCustomPaddedLayout(4, 4, 0, 0), starts)))
	}
	head := container.NewVBox(container.NewBorder(nil, nil, container.NewVBox(kit.Inset(drawing(n.Mood, 40))), nil, lines))
	if counts := page.counts(mail); counts != nil {
		head.Add(widget.NewSeparator())
		head.Add(counts)
	}
	return kit.Panel(head)
}

// starts are the ways to begin, where there is nothing yet.
func (page *Page) starts(n session.Now, mail session.Mail) *fyne.Container {
	w, row := page.p.Words, container.New(&kit.Flow{Width: 400})
	if len(n.Accounts) > 0 || mail.Open != nil || mail.Reading {
		return row
	}
	for _, way := range []struct {
		id, symbol string
		do         func()
	}{{"window.way-imap.do", "account", page.p.OnAdd}, {"window.way-files.do", "open", page.p.OnFiles}, {"window.way-demo.do", "demo", page.p.OnDemo}} {
		if way.do != nil {
			row.Add(page.pill(w.T(way.id), way.symbol, way.do))
		}
	}
	return row
}

// pill is a button; the first of the page gets the keys.
func (page *Page) pill(text, symbol string, do func()) *kit.Pill {
	p := kit.NewPill(text, symbol, do)
	if page.first == nil {
		page.first = p
	}
	return p
}

// asking are the verdicts that want something of the person, or may.
var asking = []advice.Verdict{advice.Resend, advice.Check, advice.Fix, advice.Wait}

// counts says how many messages want something, and leads to them; nil where nothing is to be said.
func (page *Page) counts(mail session.Mail) fyne.CanvasObject {
	w := page.p.Words
	row := container.New(&kit.Flow{Width: 400})
	switch {
	case mail.Open != nil:
		for _, v := range asking {
			if n := mail.Open[v]; n > 0 {
				p := page.pill(w.N("now.count."+string(v), n), string(v), func() { page.p.OnList(v) })
				p.Colour = kit.VerdictColour(v)
				row.Add(p)
			}
		}
		if len(row.Objects) == 0 {
			row.Add(kit.Flat(w.T("now.count.none")))
		}
		row.Add(page.pill(w.T("now.to-list"), "checklist", func() { page.p.OnList("") }))
	case mail.Reading:
		row.Add(kit.Flat(w.T("now.counting")))
	case mail.Failed:
		row.Add(kit.Flat(w.T("now.not-read")))
	default:
		return nil
	}
	return kit.Tight(kit.Bold(w.T("now.mail")), kit.Inset(row))
}
