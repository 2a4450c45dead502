// Package help is the page of the program's help: topics to choose from and to search, and the text of one.
package help

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	texts "rimbalzo/app/help"
	"rimbalzo/app/window/kit"
	"rimbalzo/app/window/split"
	"rimbalzo/internal/outage"
	"rimbalzo/internal/words"
)

// Params is what the page needs from the frame.
type Params struct {
	Words     *words.Words
	Zone      *time.Location
	Catalogue *outage.Catalogue
	Copied    func(string) // puts text on the clipboard
}

// State is what the page was left in.
type State struct{ Topic, Query string }

// Page is the help.
type Page struct {
	Params
	book   *texts.Book
	found  []texts.Topic
	topic  texts.Topic
	search *kit.Field
	count  *widget.Label
	list   *widget.List
	text   *fyne.Container
	scroll *container.Scroll
	root   fyne.CanvasObject
}

// New gives the page with the first topic in view.
func New(p Params) *Page {
	g := &Page{Params: p, book: texts.Open(p.Words, p.Zone, p.Catalogue), text: container.NewVBox()}
	g.search = kit.NewField()
	g.search.SetPlaceHolder(p.Words.T("help.search"))
	g.search.OnChanged = func(string) { g.look() }
	g.count = kit.Quiet("")
	g.list = widget.NewList(func() int { return len(g.found) }, newLine, func(i widget.ListItemID, o fyne.CanvasObject) {
		if l, ok := o.(*widget.Label); ok && i < len(g.found) {
			l.SetText(g.found[i].Title)
		}
	})
	g.list.OnSelected = func(i widget.ListItemID) {
		if i < len(g.found) {
			g.show(g.found[i])
		}
	}
	g.scroll = container.NewVScroll(container.New(kit.Narrow{Width: kit.PageWidth}, container.New(layout.NewCustomPaddedLayout(4, 20, 8, 16), g.text)))
	choice := container.NewBorder(kit.Tight(g.search, g.count), nil, nil, nil, g.list)
	g.root = container.New(layout.NewCustomPaddedLayout(10, 10, 10, 10),
		container.New(split.Layout{Side: 270, Top: 150, Break: 760}, kit.Panel(choice), kit.Panel(g.scroll)))
	g.look()
	return g
}

// newLine is a line of the list of topics.
func newLine() fyne.CanvasObject {
	l := widget.NewLabel("")
	l.Truncation = fyne.TextTruncateEllipsis
	return l
}

// Root is what is drawn.
func (g *Page) Root() fyne.CanvasObject { return g.root }

// First is what typing goes into.
func (g *Page) First() fyne.Focusable { return g.search }

// State gives what is chosen.
func (g *Page) State() State { return State{g.topic.ID, g.search.Text} }

// Restore chooses it again.
func (g *Page) Restore(s State) {
	g.search.SetText(s.Query)
	g.Open(s.Topic)
}

// Open shows a topic by its id; one that is not there changes nothing.
func (g *Page) Open(id string) {
	t, ok := g.book.Topic(id)
	if !ok {
		return
	}
	for i := range g.found {
		if g.found[i].ID == t.ID {
			g.list.Select(i)
			return
		}
	}
	g.search.SetText("") // the topic is not among those that were found
	g.Open(id)
}

// look searches, and shows the first topic found where the one in view is not among them.
func (g *Page) look() {
	w, query := g.Words, g.search.Text
	g.found = g.book.Search(query)
	switch {
	case len(g.found) == 0:
		g.count.SetText(w.T("help.nothing", "Text", query))
	case query == "":
		g.count.SetText("")
	default:
		g.count.SetText(w.N("help.found", len(g.found)))
	}
	kit.SetVisible(g.count, query != "")
	g.list.UnselectAll()
	g.list.Refresh()
	for i := range g.found {
		if g.found[i].ID == g.topic.ID {
			g.list.Select(i)
			return
		}
	}
	if len(g.found) > 0 {
		g.list.Select(0)
	}
}

// show puts a topic in view, at the first place that was searched for.
func (g *Page) show(t texts.Topic) {
	g.topic = t
	g.text.RemoveAll()
	g.text.Add(kit.Heading(t.Title, theme.SizeNameHeadingText))
	var first fyne.CanvasObject
	hits := t.Hits(g.search.Text)
	for i, b := range t.Blocks {
		o := g.block(b)
		if hits[i] {
			if first == nil {
				first = o
			}
			o = kit.Box(o)
		}
		g.text.Add(o)
	}
	// Lines that break are as high as the width that they were last given: the second pass knows it.
	g.text.Refresh()
	g.text.Refresh()
	g.scroll.Refresh()
	g.scroll.ScrollToTop()
	if first != nil {
		g.scroll.ScrollToOffset(fyne.NewPos(0, max(0, above(g.text, first)-40)))
	}
}

// above is how far below the top an object of the text is, which may stand in a box.
func above(text *fyne.Container, o fyne.CanvasObject) float32 {
	for _, part := range text.Objects {
		if part == o {
			return part.Position().Y
		}
		if box, ok := part.(*fyne.Container); ok && holds(box, o) {
			return part.Position().Y
		}
	}
	return 0
}

func holds(c *fyne.Container, o fyne.CanvasObject) bool {
	for _, part := range c.Objects {
		if inner, ok := part.(*fyne.Container); part == o || ok && holds(inner, o) {
			return true
		}
	}
	return false
}

// block draws a block. Nothing in it is read as markup.
func (g *Page) block(b texts.Block) fyne.CanvasObject {
	switch b.Kind {
	case texts.Heading:
		return kit.Heading(b.Text, theme.SizeNameSubHeadingText)
	case texts.Part:
		return kit.Bold(b.Text)
	case texts.Item:
		return container.NewBorder(nil, nil, container.NewVBox(widget.NewLabel("•")), nil, kit.Text(b.Text))
	case texts.Command:
		line := kit.Text(b.Text)
		line.TextStyle.Monospace, line.Selectable = true, true
		return kit.Box(container.NewBorder(nil, nil, nil, container.NewVBox(g.copyPill("help.copy-command", b.Text)), line))
	case texts.Link:
		line := kit.Quiet(b.Text)
		line.Wrapping, line.Selectable = fyne.TextWrapBreak, true
		return container.NewBorder(nil, nil, nil, container.NewVBox(g.copyPill("help.copy-link", b.Text)), line)
	}
	return kit.Text(b.Text)
}

// copyPill copies a text: links are not opened, commands are not run.
func (g *Page) copyPill(id, text string) *kit.Pill {
	p := kit.NewPill(g.Words.T(id), "copy", nil)
	p.OnTapped = func() {
		g.Copied(text)
		p.Set(g.Words.T("help.copied"), false)
	}
	return p
}
