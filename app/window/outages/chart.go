package outages

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"rimbalzo/app/window/cite"
	"rimbalzo/app/window/kit"
	"rimbalzo/app/window/session"
	"rimbalzo/internal/words"
)

// chart draws an outage's lanes below each other, the days below them, and says in words what the pointer or the keys are on.
type chart struct {
	words *words.Words
	lanes []*lane
	told  *widget.Label
	more  *fyne.Container // messages or sources that Enter brought
	citer cite.Citer
	// pinned are the words of what more is about; "" for nothing.
	pinned string
	root   fyne.CanvasObject
}

func newChart(data session.Chart, citer cite.Citer, onPhase func(string), reveal func(fyne.CanvasObject)) *chart {
	w := citer.Words
	c := &chart{words: w, citer: citer, more: container.NewVBox(), told: kit.Text(w.T("outagepage.hint"))}
	stack := container.New(&laneLayout{width: laneSide})
	for _, d := range data.Lanes {
		l := newLane(d, data)
		l.tell, l.detail, l.onPhase, l.aside, l.reveal = c.tell, c.detail, onPhase, c.aside, reveal
		c.lanes = append(c.lanes, l)
		stack.Add(l)
	}
	stack.Add(newDays(data, w.T("window.now")))
	c.root = container.NewVBox(stack, container.New(&steady{least: 62}, kit.Box(c.told)), c.more, c.legend(data))
	return c
}

// tell says what something is; "" goes back to how to find out.
func (c *chart) tell(words string) {
	if words == "" {
		words = c.words.T("outagepage.hint")
	}
	c.told.SetText(words)
}

// detail tells which messages notices are about, and where a statement stands, until something else is asked for; once more
// for the same thing puts it away. It does not go with the pointer: there is something to press in it.
func (c *chart) detail(p session.Piece) {
	again := c.pinned == p.Words
	c.pinned, c.more.Objects = "", nil
	if !again && len(p.Mail)+len(p.Sources) > 0 {
		c.pinned = p.Words
		list := kit.Tight(kit.Bold(p.Words))
		for _, line := range p.Mail {
			list.Add(container.NewBorder(nil, nil, widget.NewLabel("•"), nil, kit.Text(line)))
		}
		if p.More > 0 {
			list.Add(kit.Quiet(c.words.N("outagepage.mail.more", p.More)))
		}
		for _, s := range p.Sources {
			list.Add(c.citer.Citation(s))
		}
		c.more.Objects = []fyne.CanvasObject{kit.Box(list)}
	}
	c.more.Refresh()
	c.root.Refresh()
}

// aside moves the keys to the lane above or below, to what lies nearest there.
func (c *chart) aside(from *lane, dir int) {
	for i, l := range c.lanes {
		to := i + dir
		if l != from || to < 0 || to >= len(c.lanes) {
			continue
		}
		next := c.lanes[to]
		if from.at >= 0 && from.at < len(from.data.Pieces) {
			next.at = nearest(next.data.Pieces, from.data.Pieces[from.at].From)
		}
		if canvas := fyne.CurrentApp().Driver().CanvasForObject(next); canvas != nil {
			canvas.Focus(next)
		}
	}
}

func nearest(pieces []session.Piece, at float32) int {
	best, distance := -1, float32(2)
	for i, p := range pieces {
		if off := max(p.From-at, at-p.To, 0); off < distance {
			best, distance = i, off
		}
	}
	return best
}

// legend explains the shapes that are in view.
func (c *chart) legend(data session.Chart) fyne.CanvasObject {
	row := container.New(&kit.Flow{Width: 600})
	seen := map[string]bool{}
	add := func(id string, kind session.LaneKind, p session.Piece) {
		if !seen[id] {
			seen[id] = true
			row.Add(newSample(c.words.T(id), kind, p))
		}
	}
	for _, l := range data.Lanes {
		for _, p := range l.Pieces {
			for _, e := range legendOf(l.Kind, p) {
				add(e.id, l.Kind, e.piece)
			}
		}
	}
	return row
}

type legendEntry struct {
	id    string
	piece session.Piece
}

// legendOf gives what has to be explained of a piece.
func legendOf(kind session.LaneKind, p session.Piece) (list []legendEntry) {
	whole := session.Piece{To: 1, Behaviour: p.Behaviour, Sight: p.Sight, Kept: p.Kept}
	switch kind {
	case session.LaneSaid:
		id := map[string]string{"yes": "outagepage.legend.kept", "no": "outagepage.legend.broken", "": "outagepage.legend.unknown"}[p.Kept]
		return []legendEntry{{id, whole}}
	case session.LanePhases:
		for _, s := range p.Soft {
			id := "outagepage.legend.soft"
			if s.Disputed {
				id = "outagepage.legend.disputed"
			}
			whole.Soft = []session.Soft{{From: 0, To: 1, Disputed: s.Disputed}}
			list = append(list, legendEntry{id, whole})
		}
	case session.LaneBounces:
		if p.Failed > 0 {
			list = append(list, legendEntry{"outagepage.legend.failed", session.Piece{To: 1, Failed: 1}})
		}
		if p.Warned > 0 {
			list = append(list, legendEntry{"outagepage.legend.warned", session.Piece{To: 1, Warned: 1}})
		}
	case session.LaneOwn:
		id := map[session.Sight]string{
			session.Works: "outagepage.legend.works", session.Partly: "outagepage.legend.partly", session.Broken: "outagepage.legend.own-broken",
			session.Refused: "outagepage.legend.refused", session.Offline: "outagepage.legend.offline", session.NotLooked: "outagepage.legend.not-looked",
		}[p.Sight]
		return []legendEntry{{id, whole}}
	}
	return list
}

// sample is a shape with its meaning.
type sample struct {
	widget.BaseWidget
	text  string
	kind  session.LaneKind
	piece session.Piece
}

func newSample(text string, kind session.LaneKind, p session.Piece) *sample {
	s := &sample{text: text, kind: kind, piece: p}
	s.ExtendBaseWidget(s)
	return s
}

const (
	sampleWidth  = 26
	sampleHeight = 16
)

func (s *sample) CreateRenderer() fyne.WidgetRenderer {
	r := &sampleRenderer{s: s}
	r.draw()
	return r
}

type sampleRenderer struct {
	s       *sample
	objects []fyne.CanvasObject
	size    fyne.Size
}

func (r *sampleRenderer) draw() {
	d := drawing{left: 0, top: 3, width: sampleWidth, height: sampleHeight}
	s := r.s
	switch s.kind {
	case session.LaneSaid:
		d.flag(s.piece, 6, 0)
	case session.LaneBounces:
		d.left, d.width = 8, 8
		d.notices([]session.Piece{s.piece})
	case session.LanePhases:
		d.filled(kit.PhaseColour(s.piece.Behaviour), 0, d.top, sampleWidth, phaseBand)
		for _, soft := range s.piece.Soft {
			d.soft(soft)
		}
	default:
		d.lane(session.Lane{Kind: s.kind, Pieces: []session.Piece{s.piece}})
	}
	text := caption(s.text, theme.ColorNameForeground)
	text.Move(fyne.NewPos(sampleWidth+6, 3))
	r.objects = append(d.objects, text)
	r.size = fyne.NewSize(sampleWidth+6+text.MinSize().Width+12, sampleHeight+6)
}

func (r *sampleRenderer) Destroy()                     {}
func (r *sampleRenderer) Layout(fyne.Size)             {}
func (r *sampleRenderer) MinSize() fyne.Size           { return r.size }
func (r *sampleRenderer) Objects() []fyne.CanvasObject { return r.objects }

func (r *sampleRenderer) Refresh() {
	r.draw()
	canvas.Refresh(r.s)
}
