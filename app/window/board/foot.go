package board

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"rimbalzo/app/window/kit"
	"rimbalzo/internal/advice"
)

// foot stands below the list: what can be done with several messages, what was done and how to take it back, which keys do what.
type foot struct {
	b         *Page
	shown     int // messages in the list
	line      *widget.Label
	keys      *widget.Label
	undo      *kit.Pill
	chooseAll *kit.Pill
	aside     *kit.Pill
	merge     *kit.Pill
	several   *fyne.Container // what can be done with several at once
	single    *fyne.Container
	root      *fyne.Container
}

func newFoot(b *Page) *foot {
	f := &foot{b: b}
	w := b.Words
	f.line = kit.Bold("")
	f.keys = kit.Quiet(w.T("board.keys", "Find", kit.Chord("F"), "All", kit.Chord("A"), "Undo", kit.Chord("Z")))
	f.undo = kit.NewPill(w.T("board.undo", "Key", kit.Chord("Z")), "", b.Undo)
	f.aside = kit.NewPill("", "", b.OnNotes)
	f.chooseAll = kit.NewPill("", "", b.List.all)
	f.several = container.New(&kit.Flow{Width: 420})
	for _, word := range []advice.Word{advice.SaidDone, advice.SaidArrived, advice.SaidNotNeeded} {
		f.several.Add(kit.NewPill(w.T("board.word."+string(word)), "", func() { b.say(b.targets(), word) }))
	}
	f.several.Add(kit.NewPill(w.T("board.untick"), "", func() { b.say(b.targets(), "") }))
	f.several.Add(kit.NewPill(w.T("board.note"), "", b.note))
	f.several.Add(f.chooseAll)
	f.several.Add(kit.NewPill(w.T("board.choose-none"), "", b.List.none))
	f.single = container.New(&kit.Flow{Width: 420}, kit.NewPill(w.T("window.export"), "export", b.OnExport), f.aside)
	f.merge = kit.NewPill(w.T("board.merge"), "open", b.OnMerge)
	f.single.Add(f.merge)
	told := container.NewBorder(nil, nil, nil, container.NewCenter(f.undo), container.NewStack(f.line, f.keys))
	f.root = container.NewVBox(told, kit.Inset(container.NewStack(f.several, f.single)))
	f.notes(0)
	f.refresh()
	return f
}

// notes shows how many messages were set aside.
func (f *foot) notes(n int) {
	f.aside.Set(f.b.Words.N("window.notes", n), false)
	kit.SetVisible(f.aside, n > 0)
}

// refresh shows what can be done with those chosen, after another choice.
func (f *foot) refresh() {
	w, n := f.b.Words, f.b.List.pick.Count()
	many := n > 1
	f.line.SetText("")
	if many {
		f.line.SetText(w.N("board.chosen", n))
		f.chooseAll.Set(w.N("board.choose-all", f.shown, "Key", kit.Chord("A")), false)
	}
	kit.SetVisible(f.several, many)
	kit.SetVisible(f.single, !many)
	kit.SetVisible(f.chooseAll, n < f.shown)
	f.offer()
}

// did tells what was said last, with a way back.
func (f *foot) did() {
	word, note, n := f.b.Sheet.Last()
	if n == 0 {
		return
	}
	id := "nothing"
	switch {
	case note:
		id = "note"
	case word != "":
		id = string(word)
	}
	f.line.SetText(f.b.Words.N("board.did."+id, n))
	f.offer()
}

// undid tells that it was taken back.
func (f *foot) undid(n int) {
	f.line.SetText(f.b.Words.N("board.did.undone", n))
	f.offer()
}

// offer shows the way back where there is one, and the keys where nothing else is told.
func (f *foot) offer() {
	n := 0
	if f.b.Sheet != nil {
		_, _, n = f.b.Sheet.Last()
	}
	kit.SetVisible(f.undo, n > 0)
	if f.b.both != nil {
		f.b.both.Refresh()
	}
}

// spare leaves out what there is no room for.
func (f *foot) spare(low, brief bool) {
	f.line.Hidden = f.line.Text == ""
	f.keys.Hidden = low || !f.line.Hidden
	f.merge.Hidden = brief || f.b.OnMerge == nil
}
