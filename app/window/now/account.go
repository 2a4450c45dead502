package now

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"rimbalzo/app/window/cite"
	"rimbalzo/app/window/kit"
	"rimbalzo/app/window/session"
)

// mostCards is how many accounts get a card each; with more of them, those that work stand on a line each.
const mostCards = 2

// accounts shows each account, those in trouble first.
func (page *Page) accounts(n session.Now) *fyne.Container {
	list := container.NewVBox()
	lines := kit.Tight()
	for _, a := range n.Accounts {
		if len(n.Accounts) > mostCards && a.Mood == session.MoodGood {
			lines.Add(page.line(a))
			continue
		}
		list.Add(page.card(a))
	}
	if len(lines.Objects) > 0 {
		list.Add(kit.Panel(kit.Tight(kit.Bold(page.p.Words.T("now.others")), lines)))
	}
	return list
}

// line is an account that works, with no more than that.
func (page *Page) line(a session.Standing) fyne.CanvasObject {
	name := widget.NewLabel(a.Name)
	name.Truncation = fyne.TextTruncateEllipsis
	return container.NewBorder(nil, nil, kit.Inset(container.NewCenter(drawing(a.Mood, 18))), kit.Inset(container.NewCenter(page.check(a))), name)
}

// card is an account whose state wants words.
func (page *Page) card(a session.Standing) fyne.CanvasObject {
	state := a.Title
	if a.Since != "" {
		state += " · " + a.Since
	}
	if a.Why != "" {
		state += " · " + a.Why
	}
	head := container.NewBorder(nil, nil, container.NewVBox(kit.Inset(drawing(a.Mood, 26))), nil, kit.Tight(kit.Bold(a.Name), kit.Text(state)))
	parts := container.New(&kit.Flow{Width: 400})
	for _, p := range a.Parts {
		parts.Add(part(p))
	}
	body := container.NewVBox(head, kit.Inset(parts))
	if a.Do != "" {
		body.Add(kit.Text(a.Do))
	}
	if a.Meanwhile != "" {
		body.Add(kit.Box(kit.Text(a.Meanwhile)))
	}
	next := container.New(&kit.Flow{Width: 400})
	if a.Next != "" {
		next.Add(kit.Flat(a.Next))
	}
	next.Add(page.check(a))
	body.Add(kit.Inset(next))
	return kit.Panel(body)
}

// check is "check now", or from when on it is possible.
func (page *Page) check(a session.Standing) fyne.CanvasObject {
	if !a.CanCheck || page.p.OnCheck == nil {
		return kit.Flat(a.Check)
	}
	return page.pill(a.Check, "now", func() { page.p.OnCheck(a.ID) })
}

// part is one direction of a service, with its drawing.
func part(p session.Part) fyne.CanvasObject {
	return container.NewStack(kit.NewPlane(kit.ColourGroup, 6),
		container.New(layout.NewCustomPaddedLayout(0, 0, 6, 8), container.NewBorder(nil, nil, container.NewCenter(drawing(p.Mood, 16)), nil, kit.Flat(p.Name+": "+p.State))))
}

// going shows the outages of the catalogue that last, with what their providers said.
func (page *Page) going(list []session.Going) fyne.CanvasObject {
	w := page.p.Words
	all := container.NewVBox()
	for i, g := range list {
		content := kit.Tight(kit.Bold(g.Name), kit.Quiet(g.Since))
		for _, said := range []struct{ title, text string }{{"", g.Phase}, {"now.for-sender", g.ForSender}, {"now.for-owner", g.ForOwner}} {
			if said.text == "" {
				continue
			}
			if said.title != "" {
				content.Add(kit.Bold(w.T(said.title)))
			}
			content.Add(kit.Text(said.text))
		}
		if g.Said != nil {
			ci := cite.Citer{Words: w, Copied: page.p.Copied}
			content.Add(ci.Provider(g.Said))
		}
		if i == 0 && page.p.OnOutage != nil {
			content.Add(kit.Inset(container.NewHBox(page.pill(w.T("now.more-said"), "outage", page.p.OnOutage))))
		}
		all.Add(kit.Panel(content))
	}
	return all
}
