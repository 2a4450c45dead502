package board

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"rimbalzo/app/window/kit"
	"rimbalzo/app/window/session"
	"rimbalzo/internal/advice"
	"rimbalzo/internal/checklist"
)

// head stands above the list: how things stand, what is searched for, and which messages are shown in which order.
type head struct {
	b        *Page
	Headline *widget.Label
	First    *widget.Label
	search   *search
	group    *choice
	sort     *choice
	ticked   *choice
	phase    *choice
	Filters  map[advice.Verdict]*kit.Pill
	none     *widget.Label
	all      *kit.Pill // lets go of every filter, where nothing is left
	empty    *fyne.Container
	outages  []checklist.OutageCount
	bar      *fyne.Container // of the choices
	finder   *fyne.Container // the search and the choices
	pills    *fyne.Container // of the verdicts
	flow     *fyne.Container
	root     *fyne.Container
}

func newHead(b *Page) *head {
	h := &head{b: b, Filters: map[advice.Verdict]*kit.Pill{}}
	w := b.Words
	h.Headline, h.First = kit.Bold(""), kit.Text("")
	h.search = newSearch(w.T("board.search"), h.typed, func() { b.focus(b.List) })
	h.group = newChoice(b, "board.group", h.groups)
	h.sort = newChoice(b, "board.sort", h.sorts)
	h.ticked = newChoice(b, "board.ticked", h.ticks)
	h.phase = newChoice(b, "board.in-phase", h.phaseOptions)
	h.none = kit.Centred(kit.Text(""))
	h.all = kit.NewPill(w.T("board.show-all"), "", func() { b.Choose(b.Filter.All()) })
	h.empty = container.NewVBox(h.none, container.NewCenter(h.all))
	h.bar = container.New(&kit.Flow{Width: 420}, h.group.Pill, h.sort.Pill, h.ticked.Pill, h.phase.Pill)
	h.finder = container.NewVBox(kit.Inset(h.search), kit.Inset(h.bar))
	h.pills = container.NewStack(kit.Inset(h.verdicts()))
	h.root = container.NewVBox(kit.Tight(h.Headline, h.First), h.finder, h.pills)
	return h
}

// verdicts lets one kind of advice pass alone; a second press lets go.
func (h *head) verdicts() fyne.CanvasObject {
	h.flow = container.New(&kit.Flow{Width: 420})
	add := func(v advice.Verdict, symbol string) *kit.Pill {
		p := kit.NewPill("", symbol, func() {
			if h.b.Filter.Verdict == v {
				h.b.Filter.Verdict = ""
			} else {
				h.b.Filter.Verdict = v
			}
			h.b.fill()
		})
		h.Filters[v] = p
		h.flow.Add(p)
		return p
	}
	add("", "")
	for _, v := range session.Verdicts {
		add(v, string(v)).Colour = kit.VerdictColour(v)
	}
	return h.flow
}

// say shows how things stand.
func (h *head) say(headline, first string) {
	h.Headline.SetText(headline)
	h.First.SetText(first)
	kit.SetVisible(h.First, len(h.b.Report.Items) > 0)
	h.b.both.Refresh()
}

// show tells what the filter lets pass.
func (h *head) show(shown session.Shown) {
	w, f := h.b.Words, h.b.Filter
	for v, p := range h.Filters {
		id := "board.all"
		if v != "" {
			id = "verdict." + string(v)
		}
		p.Set(w.T(id)+" "+w.Number(shown.Counts[v]), f.Verdict == v)
		kit.SetVisible(p, v == "" || shown.Counts[v] > 0 || f.Verdict == v)
	}
	for _, c := range []*choice{h.group, h.sort, h.ticked, h.phase} {
		c.show()
	}
	kit.SetVisible(h.phase.Pill, len(h.phaseOptions()) > 1)
	h.bar.Refresh() // other words, other widths
	h.flow.Refresh()
	h.none.SetText(w.T("board.none-here"))
	switch {
	case len(h.b.Report.Items) == 0:
		h.none.SetText(w.T("board.nothing"))
	case f.Search != "":
		h.none.SetText(w.T("board.none-found", "Text", session.Line(f.Search, 80)))
	}
	kit.SetVisible(h.all, f.Narrows())
	kit.SetVisible(h.empty, shown.Items == 0)
}

// searchPause is how long after the last letter a large list is searched.
const searchPause = 150 * time.Millisecond

// typed looks for what is typed: at once, or in a large list after a pause.
func (h *head) typed(text string) {
	b := h.b
	if text == b.Filter.Search {
		return
	}
	b.Filter.Search = text
	if b.Sheet == nil || len(b.Sheet.Index.Items) <= large {
		b.fill()
		return
	}
	if b.typing != nil {
		b.typing.Stop()
	}
	b.typing = time.AfterFunc(searchPause, func() {
		b.Later(func() {
			if !b.closed {
				b.fill()
			}
		})
	})
}

func (h *head) groups() []option {
	f := &h.b.Filter
	return options(h.b, "board.group.", &f.Group,
		idOf[session.Grouping]{session.GroupByStep, "step"}, idOf[session.Grouping]{session.GroupByPhase, "phase"},
		idOf[session.Grouping]{session.GroupByRecipient, "recipient"})
}

func (h *head) sorts() []option {
	f := &h.b.Filter
	list := options(h.b, "board.sort.", &f.Sort,
		idOf[session.Sorting]{session.SortByUrgency, "urgency"}, idOf[session.Sorting]{session.SortByDate, "date"},
		idOf[session.Sorting]{session.SortByRecipient, "recipient"}, idOf[session.Sorting]{session.SortBySubject, "subject"})
	return append(list, option{text: h.b.Words.T("board.sort.backward"), beside: true, on: f.Backward, choose: func() { f.Backward = !f.Backward }})
}

func (h *head) ticks() []option {
	return options(h.b, "board.ticked.", &h.b.Filter.Ticked,
		idOf[session.Ticked]{session.TickedOrNot, "all"}, idOf[session.Ticked]{session.TickedNot, "open"}, idOf[session.Ticked]{session.TickedOnly, "done"})
}

// phases tells which outages there are to choose a phase of.
func (h *head) phases(outages []checklist.OutageCount) { h.outages = outages }

func (h *head) phaseOptions() []option {
	f, w := &h.b.Filter, h.b.Words
	list := []option{{text: w.T("board.in-phase.all"), on: f.Outage == "" && f.Phase == "", choose: func() { f.Outage, f.Phase = "", "" }}}
	for i := range h.outages {
		o := &h.outages[i].Outage
		for j := range o.Phases {
			p := &o.Phases[j]
			list = append(list, option{
				text: session.Line(p.Title.In(w.Lang()), maxPhase), on: f.Outage == o.ID && f.Phase == p.ID,
				choose: func() { f.Outage, f.Phase = o.ID, p.ID },
			})
		}
	}
	return list
}

// maxPhase bounds a phase's title in a menu, in characters.
const maxPhase = 60

// search is where one types what to look for. Escape empties it, Down and Enter go to the list.
type search struct {
	widget.Entry
	leave func()
}

func newSearch(hint string, typed func(string), leave func()) *search {
	s := &search{leave: leave}
	s.PlaceHolder, s.OnChanged = hint, typed
	s.Wrapping, s.Scroll = fyne.TextWrapOff, fyne.ScrollNone
	s.ActionItem = nil
	s.Icon = theme.SearchIcon()
	s.ExtendBaseWidget(s)
	return s
}

// TypedKey leaves the search where its keys say so.
func (s *search) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyEscape:
		s.SetText("")
		s.leave()
	case fyne.KeyDown, fyne.KeyReturn, fyne.KeyEnter:
		s.leave()
	default:
		s.Entry.TypedKey(e)
	}
}

// TypedShortcut takes a shortcut that has been pressed: the window's are the window's also while one searches.
func (s *search) TypedShortcut(sc fyne.Shortcut) { kit.TypedShortcut(s, &s.Entry, sc) }
