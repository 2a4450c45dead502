// Package board is the page of the checklist: the messages, and why each is where it is.
package board

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"rimbalzo/app/window/kit"
	"rimbalzo/app/window/outages"
	"rimbalzo/app/window/session"
	"rimbalzo/internal/advice"
	"rimbalzo/internal/checklist"
	"rimbalzo/internal/words"
)

// Params is what the board needs from the frame.
type Params struct {
	Words    *words.Words
	Zone     *time.Location
	Ticks    *checklist.Ticks
	OnTick   func() // after a tick changed
	OnExport func()
	OnNotes  func()
	Copied   func(string)
}

// Board is the main page: the outage, the messages, and why.
type Board struct {
	Params
	report checklist.Report
	index  *session.Index
	Filter session.Filter
	Shown  *advice.Item
	expl   session.Explainer

	Outage   *outages.Pane
	List     *list
	Why      *whyPane
	Headline *widget.Label
	First    *widget.Label
	Filters  map[advice.Verdict]*kit.Pill
	none     *widget.Label
	notes    *kit.Pill
	Busy     *widget.ProgressBarInfinite
	middle   *fyne.Container
	Root     fyne.CanvasObject
}

func New(p Params) *Board {
	b := &Board{Params: p, Filters: map[advice.Verdict]*kit.Pill{}}
	b.Outage = outages.NewPane(p.Words, p.Zone, p.Copied, func(outage, phase string) {
		b.Filter.Outage, b.Filter.Phase = outage, phase
		b.fill()
	})
	b.List = newList(p.Words, b.said, b.tick, b.pick)
	b.Why = newWhyPane(p.Words, p.Copied, func(word advice.Word) { b.Say(b.Shown, word) })
	b.Headline = kit.Bold("")
	b.First = kit.Text("")
	b.none = kit.Text(p.Words.T("board.none-here"))
	b.none.Alignment = fyne.TextAlignCenter
	b.notes = kit.NewPill("", "", p.OnNotes)
	b.Busy = widget.NewProgressBarInfinite()
	b.Busy.Hide()
	b.Root = b.layout()
	return b
}

func (b *Board) layout() fyne.CanvasObject {
	export := widget.NewButton(b.Words.T("window.export"), b.OnExport)
	export.Importance = widget.HighImportance
	right := kit.Panel(container.NewBorder(nil, export, nil, nil, b.Why.scroll))
	busy := container.New(kit.Strip{Height: 3}, b.Busy) // its place is kept, so that the list does not jump
	top := container.NewVBox(kit.Tight(b.Headline, b.First), kit.Inset(b.filterBar()), busy)
	bottom := kit.Inset(container.NewHBox(b.notes, layout.NewSpacer()))
	messages := container.NewStack(b.List, b.none)
	b.middle = container.New(&sparing{inner: layout.NewBorderLayout(top, bottom, nil, nil), spare: b.Headline}, top, bottom, messages)
	return container.New(columns{}, kit.Panel(b.Outage.Body), kit.Panel(b.middle), right)
}

func (b *Board) filterBar() fyne.CanvasObject {
	bar := container.New(&kit.Flow{Width: 500})
	add := func(v advice.Verdict, symbol string) {
		p := kit.NewPill("", symbol, func() {
			if b.Filter.Verdict == v { // a second press lets go
				b.Filter.Verdict = ""
			} else {
				b.Filter.Verdict = v
			}
			b.fill()
		})
		b.Filters[v] = p
		bar.Add(p)
	}
	add("", "")
	for _, v := range session.Verdicts {
		add(v, string(v))
		b.Filters[v].Colour = kit.VerdictColour(v)
	}
	return bar
}

// Load shows another report, keeping what is chosen where it can.
func (b *Board) Load(r checklist.Report, sources map[string]string) {
	b.report, b.index = r, session.NewIndex(r)
	b.expl = session.Explainer{Words: b.Words, Zone: b.Zone, Outages: r.Outages, Sources: sources}
	b.Outage.Load(r.Outages, r.At, b.Filter, b.expl)
	n := len(r.NotYours) + len(r.Unreadable)
	b.notes.Set(b.Words.N("window.notes", n), false)
	kit.SetVisible(b.notes, n > 0)
	b.sum()
	b.fill()
}

// sum says in a sentence or two how things stand.
func (b *Board) sum() {
	o := checklist.Options{Words: b.Words, Zone: b.Zone, Ticks: b.Ticks}
	b.Headline.SetText(checklist.Headline(b.report, o))
	b.First.SetText(checklist.FirstStep(b.report, o))
	kit.SetVisible(b.First, len(b.report.Items) > 0)
}

// fill shows what the filter lets pass.
func (b *Board) fill() {
	shown := b.index.Show(b.Filter, session.Dealt(b.index, b.Ticks))
	counts := shown.Counts
	for v, p := range b.Filters {
		id := "board.all"
		if v != "" {
			id = "verdict." + string(v)
		}
		p.Set(b.Words.T(id)+" "+b.Words.Number(counts[v]), b.Filter.Verdict == v)
		kit.SetVisible(p, v == "" || counts[v] > 0 || b.Filter.Verdict == v)
	}
	rows := shown.Rows
	kit.SetVisible(b.none, len(rows) == 0)
	b.middle.Refresh() // sentences and filters may need another height now
	b.List.load(rows, b.expl, b.Shown)
}

func (b *Board) pick(it *advice.Item) {
	b.Shown = it
	if it == nil {
		b.Why.show(nil)
		return
	}
	why := b.expl.Explain(it)
	b.Why.Said.set(b.said(it))
	b.Why.show(&why)
}

func (b *Board) said(it *advice.Item) advice.Word { return b.Ticks.Word(it) }

// tick says that an item is dealt with, or takes back whatever was said of it.
func (b *Board) tick(it *advice.Item) {
	word := b.said(it)
	if word == "" {
		word = advice.SaidDone
	}
	b.Say(it, word)
}

// Say takes the person's word about an item; saying the same again takes it back.
func (b *Board) Say(it *advice.Item, word advice.Word) {
	if it == nil {
		return
	}
	if b.said(it) == word {
		b.Ticks.Unset(it, time.Now())
	} else {
		b.Ticks.Say(it, word, time.Now())
	}
	if it == b.Shown {
		b.Why.Said.set(b.said(it))
	}
	b.List.Refresh()
	b.sum()
	b.OnTick()
}

// sparing is a layout that leaves something out where there is little height: the messages need it more.
type sparing struct {
	inner fyne.Layout
	spare *widget.Label
}

// spareBelow is the height under which something is left out.
const spareBelow = 540

func (l *sparing) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	l.spare.Hidden = size.Height < spareBelow
	l.inner.Layout(objects, size)
}

func (l *sparing) MinSize(objects []fyne.CanvasObject) fyne.Size { return l.inner.MinSize(objects) }

// columns lays out the board: the outage, the messages, and why. The outer two stay readable in a small window and do not
// spread in a large one; the messages get the rest.
type columns struct{}

const (
	columnGap                 = 6
	leastOutage, mostOutage   = 262, 340
	leastWhy, mostWhy         = 296, 460
	shareOutage, shareWhy     = 0.235, 0.29
	leastMessages, leastBoard = 360, 300
)

func (columns) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	left := min(max(size.Width*shareOutage, leastOutage), mostOutage)
	right := min(max(size.Width*shareWhy, leastWhy), mostWhy)
	x := float32(columnGap)
	height := size.Height - 2*columnGap
	for i, width := range []float32{left, size.Width - left - right - 4*columnGap, right} {
		objects[i].Move(fyne.NewPos(x, columnGap))
		objects[i].Resize(fyne.NewSize(max(0, width), height))
		x += width + columnGap
	}
}

func (columns) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(leastOutage+leastMessages+leastWhy+4*columnGap, leastBoard)
}
