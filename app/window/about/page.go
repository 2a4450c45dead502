// Package about is the page on which the program says what it is, what it promises and what its facts rest on.
package about

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	facts "rimbalzo/app/about"
	"rimbalzo/app/window/kit"
	"rimbalzo/app/window/session"
	"rimbalzo/internal/outage"
	"rimbalzo/internal/provider"
	"rimbalzo/internal/words"
)

// Params is what the page needs from the frame.
type Params struct {
	Words     *words.Words
	Version   string
	Homepage  string // where newer versions are; "" shows nothing
	Catalogue *outage.Catalogue
	Licences  func() (string, error) // the text of package licences; may take a moment
	Errands   *session.Errands
	Copied    func(string)
	Explain   func(error) string
}

// Page is the about page.
type Page struct {
	Params
	parts    []facts.Part
	folded   *kit.Pill
	list     *widget.List
	licence  *widget.Label
	unfolded *fyne.Container
	count    *widget.Label
	root     fyne.CanvasObject
}

// New gives the page.
func New(p Params) *Page {
	g := &Page{Params: p}
	w := p.Words
	content := []fyne.CanvasObject{
		kit.Heading(w.T("about.version", "Version", p.Version), theme.SizeNameHeadingText),
		kit.Text(w.T("about.licence", "Licence", facts.Licence)),
	}
	if p.Homepage != "" {
		content = append(content, kit.Tight(kit.Text(w.T("about.newer")), g.link(p.Homepage)))
	}
	content = append(content, kit.Heading(w.T("about.promises"), theme.SizeNameSubHeadingText), g.promises())
	content = append(content, kit.Heading(w.T("about.sources"), theme.SizeNameSubHeadingText), kit.Text(w.T("about.sources.what")),
		g.rests("about.sources.outages", facts.Outages(p.Catalogue, w.Lang())), g.rests("about.sources.providers", facts.Providers(provider.Builtin())))
	content = append(content, g.licences()...)
	g.root = kit.Page(kit.PageWidth+40, content...)
	return g
}

// Root is what is drawn.
func (g *Page) Root() fyne.CanvasObject { return g.root }

// First is where the keys go.
func (g *Page) First() fyne.Focusable { return g.folded }

func (g *Page) promises() fyne.CanvasObject {
	list := kit.Tight()
	for _, p := range facts.Promises(g.Words) {
		list.Add(container.NewBorder(nil, nil, container.NewVBox(widget.NewLabel("•")), nil, kit.Text(p)))
	}
	return list
}

// link is an address that is copied and not opened.
func (g *Page) link(address string) fyne.CanvasObject {
	line := kit.Quiet(address)
	line.Wrapping, line.Selectable = fyne.TextWrapBreak, true
	p := kit.NewPill(g.Words.T("aboutpage.copy"), "copy", nil)
	p.OnTapped = func() {
		g.Copied(address)
		p.Set(g.Words.T("aboutpage.copied"), false)
	}
	return kit.Tight(line, kit.Inset(container.NewHBox(p, layout.NewSpacer())))
}

// rests offers the sources of one thing after the other.
func (g *Page) rests(id string, rests []facts.Rest) fyne.CanvasObject {
	names := make([]string, len(rests))
	for i, r := range rests {
		names[i] = r.Name
	}
	shown := container.NewVBox()
	choice := widget.NewSelect(names, nil)
	choice.PlaceHolder = g.Words.T("aboutpage.choose")
	choice.OnChanged = func(string) {
		shown.RemoveAll()
		if i := choice.SelectedIndex(); i >= 0 && i < len(rests) {
			for _, s := range rests[i].Sources {
				shown.Add(g.source(s))
			}
		}
		shown.Refresh()
	}
	return container.NewVBox(kit.Bold(g.Words.T(id)), kit.Inset(choice), shown)
}

func (g *Page) source(s facts.Source) fyne.CanvasObject {
	lines := kit.Tight()
	if s.Note != "" {
		lines.Add(kit.Text(s.Note))
	}
	if s.Link != "" {
		lines.Add(g.link(s.Link))
	}
	return kit.Box(lines)
}

// listHeight and textHeight are those of the parts and of a licence in view.
const listHeight, textHeight = 220, 320

// licences are the parts that others wrote, folded away until somebody wants them.
func (g *Page) licences() []fyne.CanvasObject {
	w := g.Words
	g.count = kit.Text(w.T("window.reading-start"))
	g.licence = kit.Text(w.T("aboutpage.choose-part"))
	g.licence.TextStyle.Monospace, g.licence.Selectable, g.licence.SizeName = true, true, theme.SizeNameCaptionText
	g.list = widget.NewList(func() int { return len(g.parts) }, newLine, func(i widget.ListItemID, o fyne.CanvasObject) {
		if l, ok := o.(*widget.Label); ok && i < len(g.parts) {
			p := g.parts[i]
			l.SetText(p.Name + " " + p.Version + " · " + p.Licences)
		}
	})
	text := container.NewVScroll(g.licence)
	g.list.OnSelected = func(i widget.ListItemID) {
		if i < len(g.parts) {
			g.licence.SetText(g.parts[i].Text)
			text.ScrollToTop()
		}
	}
	g.unfolded = container.NewVBox(container.New(kit.Strip{Height: listHeight}, g.list), container.New(kit.Strip{Height: textHeight}, kit.Box(text)))
	g.unfolded.Hide()
	g.folded = kit.NewPill(w.T("aboutpage.show-parts"), "", g.unfold)
	g.Errands.Go(func(*session.Errand) func() {
		all, err := g.Licences()
		parts := facts.Parts(all)
		return func() { g.take(parts, err) }
	})
	return []fyne.CanvasObject{
		kit.Tight(g.count, kit.Quiet(w.T("about.parts.what"))), kit.Inset(container.NewHBox(g.folded, layout.NewSpacer())), g.unfolded,
	}
}

func newLine() fyne.CanvasObject {
	l := widget.NewLabel("")
	l.Truncation = fyne.TextTruncateEllipsis
	return l
}

func (g *Page) take(parts []facts.Part, err error) {
	if err != nil {
		g.count.SetText(session.Lines(g.Explain(err), 400))
		g.folded.Hide()
		return
	}
	g.parts = parts
	g.count.SetText(g.Words.N("about.parts", len(parts)))
	g.list.Refresh()
}

// unfold shows the list of parts, or hides it.
func (g *Page) unfold() {
	show := !g.unfolded.Visible()
	kit.SetVisible(g.unfolded, show)
	id := "aboutpage.show-parts"
	if show {
		id = "aboutpage.hide-parts"
	}
	g.folded.Set(g.Words.T(id), show)
	g.root.Refresh()
}
