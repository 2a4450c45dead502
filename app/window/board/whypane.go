package board

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"rimbalzo/app/window/cite"
	"rimbalzo/app/window/kit"
	"rimbalzo/app/window/session"
	"rimbalzo/internal/advice"
	"rimbalzo/internal/checklist"
)

// maxBounces is how many bounces of one message are shown: more tell nothing new, and a flood of them shall not fill
// the window.
const maxBounces = 12

// maxSame is how many other recipients of the same message are listed.
const maxSame = 20

// whyPane explains the chosen message.
type whyPane struct {
	cite.Citer
	b      *Page
	item   *advice.Item
	word   *wordBar
	again  *again
	body   *fyne.Container
	scroll *container.Scroll
	reader *reader
	left   *widget.Label // how long is still to be waited; nil where nothing is waited for
}

func newWhyPane(b *Page) *whyPane {
	p := &whyPane{Citer: cite.Citer{Words: b.Words, Copied: b.Copied}, b: b, body: container.NewVBox()}
	p.word, p.again = newWordBar(b), newAgain(b)
	p.scroll = container.NewVScroll(p.body)
	p.reader = newReader(p)
	p.show(nil)
	return p
}

// first is what the keys go to in the pane.
func (p *whyPane) first() fyne.Focusable { return p.reader }

// explains reports whether the pane is about an item, as it is in the report of now.
func (p *whyPane) explains(it *advice.Item) bool { return p.item == it }

// show explains an item; nil says how to come by an explanation.
func (p *whyPane) show(it *advice.Item) {
	same := it != nil && sameMessage(p.item, it)
	p.item, p.left = it, nil
	if it == nil {
		p.again.forget()
		p.body.Objects = nil
		if len(p.b.Report.Items) > 0 {
			p.body.Objects = []fyne.CanvasObject{kit.Text(p.Words.T("board.choose"))}
		}
	} else {
		p.word.set(it)
		y := p.b.expl.Explain(it)
		p.body.Objects = p.explain(it, &y)
	}
	p.body.Refresh()
	if !same { // who reads goes on reading where mail was read anew
		p.scroll.ScrollToTop()
	}
}

// said takes over what the person said of the item.
func (p *whyPane) said() {
	if p.item != nil {
		p.word.set(p.item)
		p.body.Refresh()
	}
}

// renew words anew how long is still to be waited.
func (p *whyPane) renew() {
	if p.left != nil {
		p.left.SetText(p.b.expl.Countdown(p.item, p.b.now()))
	}
}

// explain puts the answer first, then what can be done, then how it is known.
func (p *whyPane) explain(it *advice.Item, y *session.Why) []fyne.CanvasObject {
	list := []fyne.CanvasObject{p.verdict(y)}
	if y.When != "" {
		when := kit.Tight(kit.Bold(y.When))
		if left := p.b.expl.Countdown(it, p.b.now()); left != "" && it.Verdict == advice.Wait {
			p.left = kit.Text(left)
			when.Add(p.left)
		}
		list = append(list, kit.Box(when))
	}
	about := kit.Tight(kit.Bold(y.Subject), kit.Quiet(p.Words.T("board.to", "Recipient", y.Recipient)))
	if y.Sent != "" {
		about.Add(kit.Quiet(p.Words.T("board.sent", "Time", y.Sent)))
	}
	list = append(list, p.word.root, widget.NewSeparator(), about)
	if steps := p.b.expl.CannotWait(it, p.b.Sheet.Index); len(steps) > 0 {
		list = append(list, p.titled("board.cannot-wait", p.points(steps)))
	}
	list = append(list, p.again.show(it))
	list = append(list, p.story(it))
	if len(y.Reasons) > 0 || y.Sure != "" {
		reasons := p.points(y.Reasons)
		if y.Sure != "" {
			reasons.Add(kit.Quiet(y.Sure))
		}
		list = append(list, p.titled("board.why", reasons))
	}
	list = append(list, p.titled("board.change", kit.Text(p.b.expl.Change(it))))
	if same := p.same(it); same != nil {
		list = append(list, p.titled("board.again.got-it", same))
	}
	if len(y.Bounces) > 0 {
		list = append(list, p.titled("board.said", p.bounces(y.Bounces)...))
	}
	if y.Phase != "" {
		list = append(list, p.titled("board.phase", p.phase(y)...))
	}
	return list
}

// verdict is the answer, in words, symbol and colour.
func (p *whyPane) verdict(y *session.Why) fyne.CanvasObject {
	icon := canvas.NewImageFromResource(kit.VerdictSymbol(y.Verdict))
	icon.FillMode = canvas.ImageFillContain
	icon.SetMinSize(fyne.NewSquareSize(26))
	word := &kit.Tinted{Text: y.Word, Colour: kit.VerdictColour(y.Verdict)}
	word.ExtendBaseWidget(word)
	head := container.NewHBox(icon, word, layout.NewSpacer())
	return container.NewVBox(kit.Inset(head), kit.Text(y.What))
}

func (p *whyPane) titled(id string, content ...fyne.CanvasObject) fyne.CanvasObject {
	return container.NewVBox(append([]fyne.CanvasObject{widget.NewSeparator(), kit.Bold(p.Words.T(id))}, content...)...)
}

// points lists sentences.
func (p *whyPane) points(sentences []string) *fyne.Container {
	list := kit.Tight()
	for _, s := range sentences {
		list.Add(container.NewBorder(nil, nil, widget.NewLabel("•"), nil, kit.Text(s)))
	}
	return list
}

// same says what became of the message with its other recipients; nil where it had one only.
func (p *whyPane) same(it *advice.Item) fyne.CanvasObject {
	list := kit.Tight()
	for _, other := range p.b.Sheet.Index.Same(it) {
		if other != it && len(list.Objects) < maxSame {
			list.Add(kit.Text(p.Words.T("board.again.one", "Recipient", session.Line(other.Recipient, session.MaxAddress), "What", checklist.Verdict(other, p.Words))))
		}
	}
	if len(list.Objects) == 0 {
		return nil
	}
	return list
}

func (p *whyPane) bounces(all []session.BounceText) []fyne.CanvasObject {
	var list []fyne.CanvasObject
	for i, b := range all {
		if i == maxBounces {
			list = append(list, kit.Quiet(p.Words.N("board.more-bounces", len(all)-i)))
			break
		}
		title := kit.Text(b.Title)
		title.TextStyle.Bold = b.Deciding
		content := kit.Tight(title)
		if b.When != "" {
			content.Add(kit.Quiet(b.When))
		}
		if b.Reply != "" {
			content.Add(quoted(b.Reply, fyne.TextStyle{Monospace: true}))
		}
		if b.Own != "" {
			content.Add(quoted(b.Own, fyne.TextStyle{Italic: true}))
		}
		content.Add(kit.Quiet(p.Words.T("board.lies", "Source", b.Source)))
		list = append(list, kit.Box(content))
	}
	return list
}

// quoted shows other people's words, which can be chosen and copied.
func quoted(text string, style fyne.TextStyle) *widget.Label {
	l := kit.Text(text)
	l.TextStyle, l.SizeName, l.Selectable = style, theme.SizeNameCaptionText, true
	return l
}

func (p *whyPane) phase(y *session.Why) []fyne.CanvasObject {
	about := kit.Tight(kit.Text(y.Phase), kit.Quiet(y.PhaseWhen))
	if y.PhaseOther != "" {
		about.Add(kit.Quiet(y.PhaseOther))
	}
	list := []fyne.CanvasObject{about}
	if len(y.Sources) > 0 {
		list = append(list, kit.Quiet(p.Words.T("board.sources")))
	}
	for _, c := range y.Sources {
		list = append(list, p.Citation(c))
	}
	return list
}
