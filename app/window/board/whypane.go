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
	"rimbalzo/internal/words"
)

// maxBounces is how many bounces of one message are shown: more tell nothing new, and a flood of them shall not fill
// the window.
const maxBounces = 12

// whyPane explains the chosen message.
type whyPane struct {
	cite.Citer
	Said   *wordBar
	body   *fyne.Container
	scroll *container.Scroll
}

func newWhyPane(w *words.Words, copied func(string), say func(advice.Word)) *whyPane {
	p := &whyPane{Citer: cite.Citer{Words: w, Copied: copied}, Said: newWordBar(w, say), body: container.NewVBox()}
	p.scroll = container.NewVScroll(p.body)
	return p
}

// show explains y; nil says how to come by an explanation.
func (p *whyPane) show(y *session.Why) {
	if y == nil {
		p.body.Objects = []fyne.CanvasObject{kit.Text(p.Words.T("board.choose"))}
	} else {
		p.body.Objects = p.explain(y)
	}
	p.body.Refresh()
	p.scroll.ScrollToTop()
}

func (p *whyPane) explain(y *session.Why) []fyne.CanvasObject {
	list := []fyne.CanvasObject{p.verdict(y)}
	if y.When != "" {
		list = append(list, kit.Box(kit.Bold(y.When)))
	}
	about := kit.Tight(kit.Bold(y.Subject), kit.Quiet(p.Words.T("board.to", "Recipient", y.Recipient)))
	if y.Sent != "" {
		about.Add(kit.Quiet(p.Words.T("board.sent", "Time", y.Sent)))
	}
	list = append(list, p.Said.root, widget.NewSeparator(), about)
	if len(y.Reasons) > 0 || y.Sure != "" {
		list = append(list, p.titled("board.why", p.reasons(y)))
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

func (p *whyPane) reasons(y *session.Why) fyne.CanvasObject {
	list := kit.Tight()
	for _, r := range y.Reasons {
		list.Add(container.NewBorder(nil, nil, widget.NewLabel("•"), nil, kit.Text(r)))
	}
	if y.Sure != "" {
		list.Add(kit.Quiet(y.Sure))
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
			reply := kit.Text(b.Reply)
			reply.TextStyle.Monospace = true
			reply.SizeName = theme.SizeNameCaptionText
			reply.Selectable = true
			content.Add(reply)
		}
		if b.Own != "" {
			own := kit.Text(b.Own)
			own.TextStyle.Italic = true
			own.SizeName = theme.SizeNameCaptionText
			own.Selectable = true
			content.Add(own)
		}
		content.Add(kit.Quiet(p.Words.T("board.lies", "Source", b.Source)))
		list = append(list, kit.Box(content))
	}
	return list
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
