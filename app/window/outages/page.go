package outages

import (
	"context"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"rimbalzo/app/window/cite"
	"rimbalzo/app/window/kit"
	"rimbalzo/app/window/session"
	"rimbalzo/internal/checklist"
	"rimbalzo/internal/discovery"
	"rimbalzo/internal/outage"
	"rimbalzo/internal/words"
)

// Params is what the page needs from the frame.
type Params struct {
	Words  *words.Words
	Zone   *time.Location
	Now    func() time.Time
	Copied func(string) // puts text on the clipboard
	// OnPhase shows the messages of a phase.
	OnPhase func(outage, phase string)
	// History gives what the watcher kept, see [session.Params.History]; nil where nothing is.
	History func(ctx context.Context, since time.Time) (session.Past, error)
	// Run does something that takes long elsewhere, and what that gives back on the toolkit's goroutine.
	Run func(do func(ctx context.Context) (done func()))
	// Explain gives an error in words.
	Explain func(error) string
}

// Page is the page of outages: one of them on its time axis and as a table, what the provider said, and how available the
// providers were, seen from here.
type Page struct {
	Params
	citer   cite.Citer
	report  checklist.Report
	expl    session.Explainer
	known   []session.Known
	chosen  string // id of what is shown
	period  session.Period
	mail    []session.Noticed // of the outage mailOf; they take a while to gather
	mailOf  string
	seen    []session.Series
	lost    error // why the history could not be read
	reading bool
	loads   int // so that what an older Load asked for is not taken for the newer one's

	chart  *chart
	drawn  *fyne.Container // where the chart is
	choice *widget.Select
	head   *fyne.Container
	body   *fyne.Container // the drawing and the table
	talk   *fyne.Container // what the provider said, and what sources say
	talker fyne.CanvasObject
	avail  *fyne.Container
	scroll *container.Scroll
	root   fyne.CanvasObject
}

// State is what the page keeps when it is built anew, as in another language.
type State struct {
	Outage string
	Period session.Period
}

// New makes the page, with nothing in it yet.
func New(p Params) *Page {
	g := &Page{Params: p, period: session.LastMonth, head: container.NewVBox(), body: container.NewVBox(), drawn: container.NewStack(), avail: container.NewVBox()}
	g.citer = cite.Citer{Words: p.Words, Copied: p.Copied}
	g.talk = container.NewVBox()
	g.talker = kit.Panel(g.talk)
	g.scroll = container.NewVScroll(container.NewVBox(kit.Panel(container.NewVBox(g.head, g.body)), kit.Panel(g.avail), g.talker))
	g.root = container.NewPadded(g.scroll)
	return g
}

// Root is what the frame shows.
func (g *Page) Root() fyne.CanvasObject { return g.root }

// First is what the keys go to when the page opens: the drawing, else the choice.
func (g *Page) First() fyne.Focusable {
	if g.chart != nil {
		for _, l := range g.chart.lanes {
			if l.data.Kind == session.LanePhases {
				return l
			}
		}
		return g.chart.lanes[0]
	}
	return nil
}

// State gives what [Page.Restore] takes.
func (g *Page) State() State { return State{g.chosen, g.period} }

// Restore chooses what was chosen before; call it before Load.
func (g *Page) Restore(s State) {
	g.chosen = s.Outage
	if s.Period != "" {
		g.period = s.Period
	}
}

// Load shows a report: its outages, those of the catalogue (which may be nil), and what the watcher saw.
func (g *Page) Load(r checklist.Report, c *outage.Catalogue) {
	found := discovery.Catalogue(r.Found)
	if c == nil {
		c = found
	} else {
		c = c.Merge(found)
	}
	g.report, g.mail = r, nil
	g.expl = session.Explainer{Words: g.Words, Zone: g.Zone, Outages: r.Outages, Sources: c.Sources}
	g.known = g.expl.Known(r, c, g.History != nil && !r.Demo)
	if !g.has(g.chosen) {
		g.chosen = session.FirstOf(g.known)
	}
	g.heading()
	g.seen, g.lost, g.reading = nil, nil, false
	switch {
	case r.Demo:
		g.pretend()
	case g.History != nil && g.Run != nil:
		g.look()
	}
	g.build()
	g.scroll.ScrollToTop()
}

// pretend takes invented checks for the demo, whose mail is invented, too.
func (g *Page) pretend() {
	if len(g.report.Outages) > 0 {
		g.seen = session.DemoPast(&g.report.Outages[0].Outage, g.report.At, g.Zone).Series()
	}
}

// look reads what the watcher kept.
func (g *Page) look() {
	g.reading = true
	g.loads++
	load, since := g.loads, g.now().AddDate(-1, 0, 0)
	for _, k := range g.known {
		if start := k.Count.Outage.Start; !start.Open() && start.At.Before(since) {
			since = start.At
		}
	}
	g.Run(func(ctx context.Context) func() {
		past, err := g.History(ctx, since)
		seen := past.Series()
		return func() {
			if load == g.loads {
				g.seen, g.lost, g.reading = seen, err, false
				g.redraw()
			}
		}
	})
}

// now is the report's moment in the demo, whose clock stands.
func (g *Page) now() time.Time {
	if g.report.Demo {
		return g.report.At
	}
	return g.Now()
}

func (g *Page) has(id string) bool {
	for _, k := range g.known {
		if k.ID == id {
			return true
		}
	}
	return false
}

// heading offers the choice.
func (g *Page) heading() {
	w := g.Words
	g.head.Objects = []fyne.CanvasObject{kit.Heading(w.T("outagepage.title"), theme.SizeNameHeadingText)}
	g.choice = nil
	if len(g.report.Outages) == 0 {
		g.head.Add(kit.Text(w.T("outagepage.none.untouched")))
	}
	if len(g.known) > 1 {
		var titles []string
		at := 0
		for i, k := range g.known {
			titles = append(titles, k.Title)
			if k.ID == g.chosen {
				at = i
			}
		}
		g.choice = widget.NewSelect(titles, nil)
		g.choice.SetSelectedIndex(at)
		g.choice.OnChanged = func(string) {
			g.chosen = g.known[g.choice.SelectedIndex()].ID
			g.build()
		}
		which := widget.NewLabel(w.T("outagepage.which"))
		which.TextStyle.Bold = true
		g.head.Add(container.NewBorder(nil, nil, which, nil, g.choice))
	}
	g.head.Refresh()
}

// build draws what is chosen.
func (g *Page) build() {
	g.chart = nil
	g.talk.Objects = nil
	g.body.Objects = g.content()
	g.body.Refresh()
	kit.SetVisible(g.talker, len(g.talk.Objects) > 0)
	g.talk.Refresh()
	g.availability()
}

func (g *Page) content() []fyne.CanvasObject {
	for i := range g.known {
		if g.known[i].ID == g.chosen {
			return g.shown(&g.known[i])
		}
	}
	return []fyne.CanvasObject{kit.Bold(g.Words.T("outagepage.none")), kit.Text(g.Words.T("outagepage.none.what"))}
}

func (g *Page) shown(k *session.Known) []fyne.CanvasObject {
	data := g.draw(k)
	list := []fyne.CanvasObject{
		kit.Tight(kit.Heading(data.Name, theme.SizeNameSubHeadingText), kit.Text(data.Dates), kit.Quiet(k.Origin)),
		g.drawn,
	}
	if k.ID == session.OwnChecks {
		return list
	}
	rows := g.expl.PhaseRows(&k.Count)
	list = append(list, widget.NewSeparator(),
		kit.Tight(kit.Bold(g.Words.T("outagepage.table")), kit.Quiet(g.Words.T("outagepage.table.what"))),
		newTable(rows, g.citer, func(phase string) { g.OnPhase(k.ID, phase) }, g.reveal))
	g.talk.Objects = g.said(&k.Count.Outage)
	return list
}

// draw makes the chart anew.
func (g *Page) draw(k *session.Known) session.Chart {
	var data session.Chart
	if k.ID == session.OwnChecks {
		data = g.expl.OwnChart(g.seen, g.now())
	} else {
		if g.mail == nil || g.mailOf != k.ID {
			g.mail, g.mailOf = session.Notices(g.report, k.ID, g.Zone), k.ID
		}
		data = g.expl.Chart(&k.Count, g.mail, g.seen, g.now())
	}
	for i := range data.Lanes {
		if l := &data.Lanes[i]; k.Found && l.Kind == session.LanePhases {
			l.Name = g.Words.T("outagepage.lane.concluded")
		}
	}
	g.excuse(&data)
	g.chart = newChart(data, g.citer, func(phase string) { g.OnPhase(k.ID, phase) }, g.reveal)
	g.drawn.Objects = []fyne.CanvasObject{g.chart.root}
	g.drawn.Refresh()
	return data
}

// redraw draws again what hangs on what was seen. The keys stay where they are.
func (g *Page) redraw() {
	old := g.chart
	for i := range g.known {
		if k := &g.known[i]; k.ID == g.chosen {
			g.draw(k)
		}
	}
	g.availability()
	if old == nil || g.chart == nil {
		return
	}
	for i, l := range old.lanes {
		if !l.focused || i >= len(g.chart.lanes) {
			continue
		}
		g.chart.lanes[i].at = l.at
		if c := fyne.CurrentApp().Driver().CanvasForObject(g.root); c != nil {
			c.Focus(g.chart.lanes[i])
		}
	}
}

// excuse says why nothing was seen, where that is not known to be so.
func (g *Page) excuse(c *session.Chart) {
	why := ""
	switch {
	case g.reading:
		why = g.Words.T("outagepage.reading")
	case g.lost != nil:
		why = g.Words.T("outagepage.unread")
	}
	for i := range c.Lanes {
		if l := &c.Lanes[i]; why != "" && (l.Kind == session.LaneOwn || l.Kind == session.LaneIncidents) {
			l.None = why
		}
	}
}

// said is what the provider said, what owners could reach, and what sources contradict each other on.
func (g *Page) said(o *outage.Outage) (list []fyne.CanvasObject) {
	if p := g.expl.Provider(o); p != nil {
		list = append(list, g.citer.Provider(p))
	}
	titled := func(id string, lines []string) {
		if len(lines) == 0 {
			return
		}
		if len(list) > 0 {
			list = append(list, widget.NewSeparator())
		}
		list = append(list, kit.Bold(g.Words.T(id)))
		for _, l := range lines {
			list = append(list, container.NewBorder(nil, nil, widget.NewLabel("•"), nil, kit.Text(l)))
		}
	}
	titled("outagepage.access", g.expl.Access(o))
	titled("outagepage.conflicts", g.expl.Conflicts(o))
	return list
}

// availability shows how available the providers were.
func (g *Page) availability() {
	w := g.Words
	list := []fyne.CanvasObject{kit.Tight(kit.Bold(w.T("outagepage.availability")), kit.Quiet(w.T("outagepage.availability.what")))}
	add := func(o fyne.CanvasObject) { list = append(list, o) }
	switch {
	case g.reading:
		add(kit.Text(w.T("outagepage.reading")))
	case g.lost != nil:
		add(kit.Text(w.T("outagepage.unread")))
		if g.Explain != nil {
			add(kit.Text(session.Lines(g.Explain(g.lost), 800)))
		}
	case len(g.seen) == 0:
		add(kit.Text(w.T("outagepage.no-history")))
	default:
		add(kit.Quiet(w.T("outagepage.bars")))
		if g.report.Demo {
			add(kit.Text(w.T("outagepage.demo")))
		}
		list = append(list, g.periods()...)
	}
	g.avail.Objects = list
	g.avail.Refresh()
}

// periods are the choice of a period and what was seen in it.
func (g *Page) periods() (list []fyne.CanvasObject) {
	w := g.Words
	choice := container.New(&kit.Flow{Width: 400})
	for _, p := range session.Periods {
		pill := kit.NewPill(session.PeriodWords(p, w), "", nil)
		pill.Set(pill.Text, p == g.period)
		pill.OnTapped = func() {
			g.period = p
			g.availability()
		}
		choice.Add(pill)
	}
	list = append(list, kit.Inset(choice))
	if g.period == session.LastYear {
		list = append(list, kit.Quiet(w.T("outagepage.year-hourly")))
	}
	rows, more := g.expl.AvailabilityRows(g.seen, g.period, g.now())
	for _, r := range rows {
		list = append(list, newAvailability(r, g.reveal))
	}
	if more > 0 {
		list = append(list, kit.Quiet(w.N("outagepage.more", more)))
	}
	return list
}

// reveal scrolls what has the focus into view.
func (g *Page) reveal(o fyne.CanvasObject) {
	driver := fyne.CurrentApp().Driver()
	top := driver.AbsolutePositionForObject(o).Y - driver.AbsolutePositionForObject(g.scroll).Y
	bottom := top + o.Size().Height
	switch room := g.scroll.Size().Height; {
	case top < 0:
		g.scroll.ScrollToOffset(fyne.NewPos(0, g.scroll.Offset.Y+top))
	case bottom > room:
		g.scroll.ScrollToOffset(fyne.NewPos(0, g.scroll.Offset.Y+min(top, bottom-room)))
	}
}
