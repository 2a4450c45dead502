package missing

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"rimbalzo/app/window/kit"
	"rimbalzo/app/window/session"
	"rimbalzo/internal/advice"
	"rimbalzo/internal/words"
)

// languageNames are what the languages call themselves.
var languageNames = map[string]string{"it": "Italiano", "en": "English"}

// show puts a correspondent in view, or the overview.
func (g *Page) show(at int) {
	if at >= len(g.lacking.Lacks) {
		return
	}
	g.at = at
	g.detail.RemoveAll()
	if at < 0 {
		g.overview()
	} else {
		g.lack(&g.lacking.Lacks[at])
	}
	// Lines that break are as high as the width that they were last given: the second pass knows it.
	g.detail.Refresh()
	g.detail.Refresh()
	g.scroll.Refresh()
	g.scroll.ScrollToTop()
}

func item(text string) fyne.CanvasObject {
	return container.NewBorder(nil, nil, container.NewVBox(widget.NewLabel("•")), nil, kit.Text(text))
}

// unknowable are the last parts of the ids of what nobody can know.
var unknowable = []string{"once", "others", "deleted", "queue"}

// overview says what was looked at, and what cannot be known.
func (g *Page) overview() {
	w := g.Words
	g.detail.Add(kit.Heading(w.T("missingpage.overview"), theme.SizeNameSubHeadingText))
	for _, about := range g.lacking.About {
		g.detail.Add(kit.Text(about))
	}
	if g.lacking.More != "" {
		g.detail.Add(kit.Text(g.lacking.More))
	}
	if len(g.lacking.Lacks) > 0 {
		g.detail.Add(kit.Text(w.T("missingpage.how")))
	}
	g.detail.Add(kit.Bold(w.T("missingpage.unknown")))
	list := kit.Tight()
	for _, note := range g.lacking.Notes {
		list.Add(item(note))
	}
	for _, id := range unknowable {
		list.Add(item(w.T("missingpage.unknown." + id)))
	}
	g.detail.Add(list)
}

// lack shows what one correspondent wrote in vain, and the text to send.
func (g *Page) lack(l *session.Lack) {
	w := g.Words
	who := kit.Heading(l.Who, theme.SizeNameSubHeadingText)
	who.Wrapping = fyne.TextWrapBreak
	g.detail.Add(who)
	g.detail.Add(kit.Inset(g.words(l)))
	for _, s := range l.Signs[:min(len(l.Signs), maxSigns)] {
		lines := kit.Tight(kit.Bold(s.Subject), kit.Quiet(s.When))
		for _, r := range s.Reasons {
			lines.Add(item(r))
		}
		g.detail.Add(kit.Box(lines))
	}
	if more := len(l.Signs) - maxSigns; more > 0 {
		g.detail.Add(kit.Text(w.N("missing.more", more)))
	}
	if l.Address == "" {
		g.detail.Add(kit.Text(w.T("missingpage.nobody")))
		return
	}
	g.letter(l)
}

// maxSigns is how many findings about one correspondent are shown.
const maxSigns = 40

// words are what the person may say of it.
func (g *Page) words(l *session.Lack) fyne.CanvasObject {
	row := container.New(&kit.Flow{Width: 400})
	said := l.Said(g.Ticks)
	for _, word := range []advice.Word{advice.SaidDone, advice.SaidArrived, advice.SaidNotNeeded} {
		symbol := "unticked"
		if said == word {
			symbol = "ticked"
		}
		p := kit.NewPill(g.Words.T("missingpage.say."+string(word)), symbol, func() { g.say(word) })
		row.Add(p)
	}
	return row
}

// letter is the text to send, in either language.
func (g *Page) letter(l *session.Lack) {
	w := g.Words
	g.detail.Add(kit.Bold(w.T("missingpage.letter")))
	row := container.New(&kit.Flow{Width: 400})
	for _, lang := range words.Languages {
		p := kit.NewPill(languageNames[lang], "", func() {
			g.speaks = lang
			at := g.scroll.Offset
			g.show(g.at)
			g.scroll.ScrollToOffset(at)
		})
		p.Chosen = lang == g.speaks
		row.Add(p)
	}
	letter := l.Texts[g.speaks]
	for _, c := range []struct{ id, text string }{
		{"missingpage.copy-address", l.Address}, {"missingpage.copy-subject", letter.Subject}, {"missingpage.copy-text", letter.Text},
	} {
		row.Add(g.copyPill(c.id, c.text))
	}
	g.detail.Add(kit.Inset(row))
	address, subject, text := kit.Text(w.T("missing.request.to", "Address", l.Address)), kit.Text(w.T("missing.request.about", "Text", letter.Subject)), kit.Text(letter.Text)
	for _, label := range []*widget.Label{address, subject, text} {
		label.Selectable = true
	}
	g.detail.Add(kit.Box(kit.Tight(address, subject, widget.NewSeparator(), text)))
	g.detail.Add(kit.Quiet(w.T("missingpage.by-hand")))
}

func (g *Page) copyPill(id, text string) *kit.Pill {
	p := kit.NewPill(g.Words.T(id), "copy", nil)
	p.OnTapped = func() {
		g.Copied(text)
		p.Set(g.Words.T("missingpage.copied"), false)
	}
	return p
}
