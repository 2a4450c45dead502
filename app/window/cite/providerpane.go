// Package cite shows sources and what a provider said.
package cite

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"rimbalzo/app/window/kit"
	"rimbalzo/app/window/session"
	"rimbalzo/internal/words"
)

// Citer shows sources. A link is copied, not opened: the person decides where it is looked at.
type Citer struct {
	Words  *words.Words
	Copied func(string) // puts text on the clipboard
}

// Citation shows a source as text.
func (ci Citer) Citation(c session.Citation) fyne.CanvasObject {
	content := kit.Tight()
	if c.Note != "" {
		note := kit.Text(c.Note)
		note.SizeName = theme.SizeNameCaptionText
		content.Add(note)
	}
	if c.Link != "" {
		content.Add(ci.link(c.Link))
		content.Add(kit.Inset(container.NewHBox(ci.CopyPill(c.Link), layout.NewSpacer())))
	}
	return kit.Box(content)
}

func (ci Citer) link(address string) fyne.CanvasObject {
	link := kit.Quiet(address)
	link.Wrapping, link.Selectable = fyne.TextWrapBreak, true
	return link
}

func (ci Citer) CopyPill(address string) fyne.CanvasObject {
	p := kit.NewPill(ci.Words.T("window.copy-link"), "copy", nil)
	p.OnTapped = func() {
		ci.Copied(address)
		p.Set(ci.Words.T("window.copied"), false)
	}
	return p
}

// Provider shows what the provider said, when, and whether it was kept, with its help line, page and warning.
func (ci Citer) Provider(p *session.Provider) fyne.CanvasObject {
	list := container.NewVBox()
	if p.Warning != "" {
		list.Add(kit.Box(kit.Tight(kit.Bold(ci.Words.T("window.beware")), kit.Text(p.Warning))))
	}
	contact := kit.Tight()
	if p.HelpLine != "" {
		contact.Add(kit.Text(p.HelpLine))
	}
	if p.Page != "" {
		contact.Add(kit.Text(p.Page))
	}
	if p.PageLink != "" {
		contact.Add(ci.link(p.PageLink))
		contact.Add(kit.Inset(container.NewHBox(ci.CopyPill(p.PageLink), layout.NewSpacer())))
	}
	if len(contact.Objects) > 0 {
		list.Add(contact)
	}
	if len(p.Said) > 0 {
		list.Add(widget.NewSeparator())
		list.Add(kit.Tight(kit.Bold(ci.Words.T("window.provider-said")), kit.Quiet(p.Note)))
	}
	for _, s := range p.Said {
		list.Add(ci.statement(s))
	}
	return list
}

func (ci Citer) statement(s session.Statement) fyne.CanvasObject {
	head := s.When
	if s.Kept != "" {
		head += " · " + s.Kept
	}
	when := kit.Quiet(head)
	when.TextStyle.Bold = true
	if s.Broken {
		when.Importance = widget.WarningImportance
	}
	content := kit.Tight(when, kit.Text(s.Text))
	for _, c := range s.Sources {
		if c.Link == "" {
			content.Add(kit.Quiet(c.Note))
			continue
		}
		content.Add(ci.link(c.Link))
		content.Add(kit.Inset(container.NewHBox(ci.CopyPill(c.Link), layout.NewSpacer())))
	}
	return kit.Box(content)
}
