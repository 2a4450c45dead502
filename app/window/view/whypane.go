package view

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"rimbalzo/app/window/session"
	"rimbalzo/internal/advice"
	"rimbalzo/internal/words"
)

// maxBounces is how many bounces of one message are shown: more tell nothing new, and a flood of them shall not fill
// the window.
const maxBounces = 12

// whyPane explains the chosen message.
type whyPane struct {
	citer
	said   *wordBar
	body   *fyne.Container
	scroll *container.Scroll
}

func newWhyPane(w *words.Words, copied func(string), say func(advice.Word)) *whyPane {
	p := &whyPane{citer: citer{words: w, copied: copied}, said: newWordBar(w, say), body: container.NewVBox()}
	p.scroll = container.NewVScroll(p.body)
	return p
}

// show explains y; nil says how to come by an explanation.
func (p *whyPane) show(y *session.Why) {
	if y == nil {
		p.body.Objects = []fyne.CanvasObject{text(p.words.T("window.choose"))}
	} else {
		p.body.Objects = p.explain(y)
	}
	p.body.Refresh()
	p.scroll.ScrollToTop()
}

func (p *whyPane) explain(y *session.Why) []fyne.CanvasObject {
	list := []fyne.CanvasObject{p.verdict(y)}
	if y.When != "" {
		list = append(list, box(bold(y.When)))
	}
	about := tight(bold(y.Subject), quiet(p.words.T("window.to", "Recipient", y.Recipient)))
	if y.Sent != "" {
		about.Add(quiet(p.words.T("window.sent", "Time", y.Sent)))
	}
	list = append(list, p.said.root, widget.NewSeparator(), about)
	if len(y.Reasons) > 0 || y.Sure != "" {
		list = append(list, p.titled("window.why", p.reasons(y)))
	}
	if len(y.Bounces) > 0 {
		list = append(list, p.titled("window.said", p.bounces(y.Bounces)...))
	}
	if y.Phase != "" {
		list = append(list, p.titled("window.phase", p.phase(y)...))
	}
	return list
}

// verdict is the answer, in words, symbol and colour.
func (p *whyPane) verdict(y *session.Why) fyne.CanvasObject {
	icon := canvas.NewImageFromResource(verdictSymbol(y.Verdict))
	icon.FillMode = canvas.ImageFillContain
	icon.SetMinSize(fyne.NewSquareSize(26))
	word := &tinted{text: y.Word, colour: verdictColour(y.Verdict)}
	word.ExtendBaseWidget(word)
	head := container.NewHBox(icon, word, layout.NewSpacer())
	return container.NewVBox(inset(head), text(y.What))
}

func (p *whyPane) titled(id string, content ...fyne.CanvasObject) fyne.CanvasObject {
	return container.NewVBox(append([]fyne.CanvasObject{widget.NewSeparator(), bold(p.words.T(id))}, content...)...)
}

func (p *whyPane) reasons(y *session.Why) fyne.CanvasObject {
	list := tight()
	for _, r := range y.Reasons {
		list.Add(container.NewBorder(nil, nil, widget.NewLabel("•"), nil, text(r)))
	}
	if y.Sure != "" {
		list.Add(quiet(y.Sure))
	}
	return list
}

func (p *whyPane) bounces(all []session.BounceText) []fyne.CanvasObject {
	var list []fyne.CanvasObject
	for i, b := range all {
		if i == maxBounces {
			list = append(list, quiet(p.words.N("window.more-bounces", len(all)-i)))
			break
		}
		title := text(b.Title)
		title.TextStyle.Bold = b.Deciding
		content := tight(title)
		if b.When != "" {
			content.Add(quiet(b.When))
		}
		if b.Reply != "" {
			reply := text(b.Reply)
			reply.TextStyle.Monospace = true
			reply.SizeName = theme.SizeNameCaptionText
			reply.Selectable = true
			content.Add(reply)
		}
		if b.Own != "" {
			own := text(b.Own)
			own.TextStyle.Italic = true
			own.SizeName = theme.SizeNameCaptionText
			own.Selectable = true
			content.Add(own)
		}
		content.Add(quiet(p.words.T("window.lies", "Source", b.Source)))
		list = append(list, box(content))
	}
	return list
}

func (p *whyPane) phase(y *session.Why) []fyne.CanvasObject {
	about := tight(text(y.Phase), quiet(y.PhaseWhen))
	if y.PhaseOther != "" {
		about.Add(quiet(y.PhaseOther))
	}
	list := []fyne.CanvasObject{about}
	if len(y.Sources) > 0 {
		list = append(list, quiet(p.words.T("window.sources")))
	}
	for _, c := range y.Sources {
		list = append(list, p.citation(c))
	}
	return list
}

// tinted is a word in a colour of the theme.
type tinted struct {
	widget.BaseWidget
	text   string
	colour fyne.ThemeColorName
}

func (t *tinted) CreateRenderer() fyne.WidgetRenderer {
	c := &canvas.Text{TextStyle: fyne.TextStyle{Bold: true}}
	r := &tintedRenderer{WidgetRenderer: widget.NewSimpleRenderer(c), t: t, c: c}
	r.Refresh()
	return r
}

type tintedRenderer struct {
	fyne.WidgetRenderer
	t *tinted
	c *canvas.Text
}

func (r *tintedRenderer) Refresh() {
	r.c.Text, r.c.Color, r.c.TextSize = r.t.text, theme.Color(r.t.colour), theme.TextSubHeadingSize()
	r.c.Refresh()
}
