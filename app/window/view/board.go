package view

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"rimbalzo/app/window/session"
	"rimbalzo/internal/advice"
	"rimbalzo/internal/checklist"
	"rimbalzo/internal/words"
)

// boardParams is what the board needs from the frame.
type boardParams struct {
	words    *words.Words
	zone     *time.Location
	ticks    *checklist.Ticks
	onTick   func() // after a tick changed
	onExport func()
	onNotes  func()
	copied   func(string)
}

// board is the main page: the outage, the messages, and why.
type board struct {
	boardParams
	report checklist.Report
	groups []checklist.PhaseGroup
	filter session.Filter
	shown  *advice.Item
	expl   session.Explainer

	outage   *outagePane
	list     *list
	why      *whyPane
	headline *widget.Label
	first    *widget.Label
	filters  map[advice.Verdict]*pill
	none     *widget.Label
	notes    *pill
	busy     *widget.ProgressBarInfinite
	middle   *fyne.Container
	root     fyne.CanvasObject
}

func newBoard(p boardParams) *board {
	b := &board{boardParams: p, filters: map[advice.Verdict]*pill{}}
	b.outage = newOutagePane(p.words, p.zone, p.copied, func(outage, phase string) {
		b.filter.Outage, b.filter.Phase = outage, phase
		b.fill()
	})
	b.list = newList(p.words, b.said, b.tick, b.pick)
	b.why = newWhyPane(p.words, p.copied, func(word advice.Word) { b.say(b.shown, word) })
	b.headline = bold("")
	b.first = text("")
	b.none = text(p.words.T("window.none-here"))
	b.none.Alignment = fyne.TextAlignCenter
	b.notes = newPill("", "", p.onNotes)
	b.busy = widget.NewProgressBarInfinite()
	b.busy.Hide()
	b.root = b.layout()
	return b
}

func (b *board) layout() fyne.CanvasObject {
	export := widget.NewButton(b.words.T("window.export"), b.onExport)
	export.Importance = widget.HighImportance
	right := panel(container.NewBorder(nil, export, nil, nil, b.why.scroll))
	busy := container.New(strip{3}, b.busy) // its place is kept, so that the list does not jump
	top := container.NewVBox(tight(b.headline, b.first), inset(b.filterBar()), busy)
	bottom := inset(container.NewHBox(b.notes, layout.NewSpacer()))
	messages := container.NewStack(b.list, b.none)
	b.middle = container.New(&sparing{inner: layout.NewBorderLayout(top, bottom, nil, nil), spare: b.headline}, top, bottom, messages)
	return container.New(columns{}, panel(b.outage.body), panel(b.middle), right)
}

func (b *board) filterBar() fyne.CanvasObject {
	bar := container.New(&flow{width: 500})
	add := func(v advice.Verdict, symbol string) {
		p := newPill("", symbol, func() {
			if b.filter.Verdict == v { // a second press lets go
				b.filter.Verdict = ""
			} else {
				b.filter.Verdict = v
			}
			b.fill()
		})
		b.filters[v] = p
		bar.Add(p)
	}
	add("", "")
	for _, v := range session.Verdicts {
		add(v, string(v))
		b.filters[v].colour = verdictColour(v)
	}
	return bar
}

// load shows another report, keeping what is chosen where it can.
func (b *board) load(r checklist.Report, sources map[string]string) {
	b.report, b.groups = r, checklist.Group(r)
	b.expl = session.Explainer{Words: b.words, Zone: b.zone, Outages: r.Outages, Sources: sources}
	b.outage.load(r.Outages, r.At, b.filter, b.expl)
	n := len(r.NotYours) + len(r.Unreadable)
	b.notes.set(b.words.N("window.notes", n), false)
	setVisible(b.notes, n > 0)
	b.sum()
	b.fill()
}

// sum says in a sentence or two how things stand.
func (b *board) sum() {
	o := checklist.Options{Words: b.words, Zone: b.zone, Ticks: b.ticks}
	b.headline.SetText(checklist.Headline(b.report, o))
	b.first.SetText(checklist.FirstStep(b.report, o))
	setVisible(b.first, len(b.report.Items) > 0)
}

// fill shows what the filter lets pass.
func (b *board) fill() {
	counts := session.Counts(b.groups, b.filter)
	for v, p := range b.filters {
		id := "window.all"
		if v != "" {
			id = "verdict." + string(v)
		}
		p.set(b.words.T(id)+" "+b.words.Number(counts[v]), b.filter.Verdict == v)
		setVisible(p, v == "" || counts[v] > 0 || b.filter.Verdict == v)
	}
	rows := session.Rows(b.groups, b.filter)
	setVisible(b.none, len(rows) == 0)
	b.middle.Refresh() // sentences and filters may need another height now
	b.list.load(rows, b.expl, b.shown)
}

func (b *board) pick(it *advice.Item) {
	b.shown = it
	if it == nil {
		b.why.show(nil)
		return
	}
	why := b.expl.Explain(it)
	b.why.said.set(b.said(it))
	b.why.show(&why)
}

func (b *board) said(it *advice.Item) advice.Word { return b.ticks.Word(it) }

// tick says that an item is dealt with, or takes back whatever was said of it.
func (b *board) tick(it *advice.Item) {
	word := b.said(it)
	if word == "" {
		word = advice.SaidDone
	}
	b.say(it, word)
}

// say takes the person's word about an item; saying the same again takes it back.
func (b *board) say(it *advice.Item, word advice.Word) {
	if it == nil {
		return
	}
	if b.said(it) == word {
		b.ticks.Unset(it, time.Now())
	} else {
		b.ticks.Say(it, word, time.Now())
	}
	if it == b.shown {
		b.why.said.set(b.said(it))
	}
	b.list.Refresh()
	b.sum()
	b.onTick()
}
