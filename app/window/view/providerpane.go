package view

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"rimbalzo/app/window/session"
	"rimbalzo/internal/words"
)

// citer shows sources. A link is copied, not opened: the person decides where it is looked at.
type citer struct {
	words  *words.Words
	copied func(string) // puts text on the clipboard
}

// citation shows a source as text.
func (ci citer) citation(c session.Citation) fyne.CanvasObject {
	content := tight()
	if c.Note != "" {
		note := text(c.Note)
		note.SizeName = theme.SizeNameCaptionText
		content.Add(note)
	}
	if c.Link != "" {
		content.Add(ci.link(c.Link))
		content.Add(inset(container.NewHBox(ci.copyPill(c.Link), layout.NewSpacer())))
	}
	return box(content)
}

func (ci citer) link(address string) fyne.CanvasObject {
	link := quiet(address)
	link.Wrapping, link.Selectable = fyne.TextWrapBreak, true
	return link
}

func (ci citer) copyPill(address string) fyne.CanvasObject {
	p := newPill(ci.words.T("window.copy-link"), "copy", nil)
	p.onTapped = func() {
		ci.copied(address)
		p.set(ci.words.T("window.copied"), false)
	}
	return p
}

// providerPage shows what the provider said, when, and whether it was kept, with its help line, page and warning.
func (ci citer) providerPage(p *session.Provider) fyne.CanvasObject {
	list := container.NewVBox()
	if p.Warning != "" {
		list.Add(box(tight(bold(ci.words.T("window.beware")), text(p.Warning))))
	}
	contact := tight()
	if p.HelpLine != "" {
		contact.Add(text(p.HelpLine))
	}
	if p.Page != "" {
		contact.Add(text(p.Page))
	}
	if p.PageLink != "" {
		contact.Add(ci.link(p.PageLink))
		contact.Add(inset(container.NewHBox(ci.copyPill(p.PageLink), layout.NewSpacer())))
	}
	if len(contact.Objects) > 0 {
		list.Add(contact)
	}
	if len(p.Said) > 0 {
		list.Add(widget.NewSeparator())
		list.Add(tight(bold(ci.words.T("window.provider-said")), quiet(p.Note)))
	}
	for _, s := range p.Said {
		list.Add(ci.statement(s))
	}
	return container.NewVScroll(list)
}

func (ci citer) statement(s session.Statement) fyne.CanvasObject {
	head := s.When
	if s.Kept != "" {
		head += " · " + s.Kept
	}
	when := quiet(head)
	when.TextStyle.Bold = true
	if s.Broken {
		when.Importance = widget.WarningImportance
	}
	content := tight(when, text(s.Text))
	for _, c := range s.Sources {
		if c.Link == "" {
			content.Add(quiet(c.Note))
			continue
		}
		content.Add(ci.link(c.Link))
		content.Add(inset(container.NewHBox(ci.copyPill(c.Link), layout.NewSpacer())))
	}
	return box(content)
}
