package board

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
)

// looks say how a happening is drawn: a drawing of its own, and a colour that says the same to those who see it.
var looks = map[session.Kind]struct {
	symbol string
	colour fyne.ThemeColorName
}{
	session.KindSent:     {"resend", theme.ColorNamePrimary},
	session.KindTaken:    {"story-taken", theme.ColorNamePrimary},
	session.KindTried:    {"story-tried", kit.VerdictColour(advice.Check)},
	session.KindRefused:  {"failed", kit.VerdictColour(advice.Resend)},
	session.KindWarned:   {"story-warned", kit.VerdictColour(advice.Check)},
	session.KindBounced:  {"story-bounced", kit.VerdictColour(advice.Resend)},
	session.KindArrived:  {"delivered", kit.VerdictColour(advice.Delivered)},
	session.KindAnswered: {"story-answered", kit.VerdictColour(advice.Delivered)},
	session.KindAgain:    {"resent", kit.VerdictColour(advice.Resent)},
	session.KindTold:     {"ticked", theme.ColorNamePrimary},
	session.KindUntil:    {"wait", kit.VerdictColour(advice.Wait)},
	session.KindRetry:    {"resend", kit.VerdictColour(advice.Resend)},
	session.KindToday:    {"story-now", theme.ColorNameForeground},
}

// Measures of the line, in the toolkit's pixels.
const (
	storyHeight = 40
	storySymbol = 20
	storyLeast  = 22 // between two symbols
	storyInset  = 14
)

// story is what became of a message: drawn on a line of time, and told below it.
func (p *whyPane) story(it *advice.Item) fyne.CanvasObject {
	list := p.b.expl.Story(it, p.b.now())
	told := kit.Tight()
	for _, h := range list {
		told.Add(p.happening(h))
	}
	copying := kit.NewPill(p.Words.T("board.story.copy"), "copy", nil)
	copying.OnTapped = func() {
		p.Copied(session.StoryText(list))
		copying.Set(p.Words.T("window.copied"), false)
	}
	line := newStoryLine(list, p.b.expl)
	return p.titled("board.story", line, p.legend(line.phases), told, kit.Inset(container.NewHBox(copying, layout.NewSpacer())))
}

// legend says in words what the coloured strips below the line are, from left to right.
func (p *whyPane) legend(phases []session.Band) fyne.CanvasObject {
	list := kit.Tight()
	if len(phases) > 0 {
		list.Add(kit.Quiet(p.Words.T("board.story.strips")))
	}
	for _, b := range phases {
		swatch := container.New(layout.NewCustomPaddedLayout(0, 0, 2*theme.InnerPadding(), 0),
			container.NewCenter(container.NewGridWrap(fyne.NewSize(18, 6), kit.NewPlane(kit.PhaseColour(b.Behaviour), 2))))
		list.Add(container.NewBorder(nil, nil, swatch, nil, kit.Quiet(b.Title)))
	}
	return list
}

// happening tells one thing: its drawing, when, and what.
func (p *whyPane) happening(h session.Happening) fyne.CanvasObject {
	look := looks[h.Kind]
	icon := canvas.NewImageFromResource(kit.Symbol(look.symbol, look.colour))
	icon.FillMode = canvas.ImageFillContain
	icon.SetMinSize(fyne.NewSquareSize(16))
	when := kit.Quiet(h.When)
	when.TextStyle.Bold = true
	text := kit.Text(h.Text)
	text.TextStyle.Italic = h.Ahead
	content := kit.Tight(when, text)
	if h.Detail != "" {
		content.Add(quoted(h.Detail, fyne.TextStyle{Monospace: true}))
	}
	mark := container.New(layout.NewCustomPaddedLayout(7, 0, theme.InnerPadding(), 0), container.NewVBox(icon))
	return container.NewBorder(nil, nil, mark, nil, content)
}

// storyLine draws the happenings on a line: the further apart the more time passed, the phases of the outage along it, what is
// still to come on a thinner line. What it shows is told below it in words.
type storyLine struct {
	widget.BaseWidget
	list   []session.Happening
	phases []session.Band
}

func newStoryLine(list []session.Happening, e session.Explainer) *storyLine {
	s := &storyLine{list: list, phases: e.Bands(list)}
	s.ExtendBaseWidget(s)
	return s
}

// AccessibilityLabel is what a screen reader says of the line.
func (s *storyLine) AccessibilityLabel() string { return session.StoryText(s.list) }

// AccessibilityRole is that of text.
func (s *storyLine) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }

func (s *storyLine) CreateRenderer() fyne.WidgetRenderer {
	r := &storyRenderer{s: s, past: canvas.NewRectangle(nil), ahead: canvas.NewRectangle(nil)}
	for range s.phases {
		r.bands = append(r.bands, &canvas.Rectangle{CornerRadius: 2})
	}
	for range s.list {
		r.plates = append(r.plates, &canvas.Circle{})
		r.marks = append(r.marks, &canvas.Image{FillMode: canvas.ImageFillContain})
	}
	r.Refresh()
	return r
}

type storyRenderer struct {
	s           *storyLine
	past, ahead *canvas.Rectangle
	bands       []*canvas.Rectangle
	plates      []*canvas.Circle // the ground on which a drawing stands out from the line
	marks       []*canvas.Image
}

func (r *storyRenderer) Destroy() {}

func (r *storyRenderer) MinSize() fyne.Size { return fyne.NewSize(120, storyHeight) }

func (r *storyRenderer) Objects() []fyne.CanvasObject {
	var list []fyne.CanvasObject
	for _, b := range r.bands {
		list = append(list, b)
	}
	list = append(list, r.past, r.ahead)
	for i := range r.marks {
		list = append(list, r.plates[i], r.marks[i])
	}
	return list
}

func (r *storyRenderer) Layout(size fyne.Size) {
	places := session.Spread(r.s.list, size.Width-2*storyInset, storyLeast)
	middle := float32(storyHeight-6) / 2
	for i, b := range r.s.phases {
		from, to := session.Share(r.s.list, places, b.From), session.Share(r.s.list, places, b.To)
		r.bands[i].Move(fyne.NewPos(storyInset+from, storyHeight-6))
		r.bands[i].Resize(fyne.NewSize(max(0, to-from-1), 5))
	}
	now := float32(0)
	for i, h := range r.s.list {
		at := fyne.NewPos(storyInset+places[i]-storySymbol/2, middle-storySymbol/2)
		r.marks[i].Move(at.AddXY(2, 2))
		r.marks[i].Resize(fyne.NewSquareSize(storySymbol - 4))
		r.plates[i].Move(at.AddXY(-1, -1))
		r.plates[i].Resize(fyne.NewSquareSize(storySymbol + 2))
		if !h.Ahead {
			now = places[i]
		}
	}
	r.past.Move(fyne.NewPos(storyInset, middle-1.5))
	r.past.Resize(fyne.NewSize(now, 3))
	r.ahead.Move(fyne.NewPos(storyInset+now, middle-0.5))
	r.ahead.Resize(fyne.NewSize(max(0, size.Width-2*storyInset-now), 1))
	r.ahead.Hidden = len(r.s.list) == 0 || !r.s.list[len(r.s.list)-1].Ahead
}

func (r *storyRenderer) Refresh() {
	r.past.FillColor, r.ahead.FillColor = theme.Color(theme.ColorNameInputBorder), theme.Color(theme.ColorNameInputBorder)
	for i, b := range r.s.phases {
		r.bands[i].FillColor = theme.Color(kit.PhaseColour(b.Behaviour))
	}
	for i, h := range r.s.list {
		look := looks[h.Kind]
		r.marks[i].Resource = kit.Symbol(look.symbol, look.colour)
		r.plates[i].FillColor = theme.Color(kit.ColourPanel)
	}
	r.Layout(r.s.Size())
	for _, o := range r.Objects() {
		o.Refresh()
	}
}
