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
	b     *Page
	shown int // messages in the list
	line  *widget.Label
	keys  *widget.Label
	undo  *kit.Pill
	bar   *fyne.Container
	several,
	single []fyne.CanvasObject
	chooseAll, aside *kit.Pill
	root             fyne.CanvasObject
}

func newFoot(b *Page) *foot {
	f := &foot{b: b}
	w := b.Words
	f.line = kit.Bold("")
	f.keys = kit.Quiet(w.T("board.keys", "Find", kit.Chord("F"), "All", kit.Chord("A"), "Undo", kit.Chord("Z")))
	f.undo = kit.NewPill(w.T("board.undo", "Key", kit.Chord("Z")), "", b.Undo)
	f.aside = kit.NewPill("", "", b.OnNotes)
	f.chooseAll = kit.NewPill("", "", b.List.all)
	for _, word := range []advice.Word{advice.SaidDone, advice.SaidArrived, advice.SaidNotNeeded} {
		f.several = append(f.several, kit.NewPill(w.T("board.word."+string(word)), "", func() { b.say(b.targets(), word) }))
	}
	f.several = append(f.several,
		kit.NewPill(w.T("board.untick"), "", func() { b.say(b.targets(), "") }),
		kit.NewPill(w.T("board.note"), "", b.note),
		f.chooseAll,
		kit.NewPill(w.T("board.choose-none"), "", b.List.none),
	)
	export := kit.NewPill(w.T("window.export"), "export", b.OnExport)
	f.single = []fyne.CanvasObject{export, f.aside}
	if b.OnMerge != nil {
		f.single = append(f.single, kit.NewPill(w.T("board.merge"), "open", b.OnMerge))
	}
	f.bar = container.New(&kit.Flow{Width: 420}, f.undo)
	for _, o := range append(f.several, f.single...) {
		f.bar.Add(o)
	}
	f.root = container.NewVBox(kit.Tight(f.line, f.keys), kit.Inset(f.bar))
	f.notes(0)
	f.refresh()
	return f
}

// notes shows how many messages were set aside.
func (f *foot) notes(n int) {
	f.aside.Set(f.b.Words.N("window.notes", n), false)
	f.aside.Hidden = n == 0
}

// refresh shows what can be done with those chosen.
func (f *foot) refresh() {
	w, n := f.b.Words, f.b.List.pick.Count()
	many := n > 1
	if many {
		f.line.SetText(w.N("board.chosen", n))
		f.chooseAll.Set(w.N("board.choose-all", f.shown, "Key", kit.Chord("A")), false)
	} else if f.line.Text != "" && f.undo.Hidden {
		f.line.SetText("")
	}
	for _, o := range f.several {
		kit.SetVisible(o, many)
	}
	f.chooseAll.Hidden = !many || n >= f.shown
	for _, o := range f.single {
		kit.SetVisible(o, !many)
	}
	f.aside.Hidden = many || len(f.b.Report.NotYours)+len(f.b.Report.Unreadable) == 0
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
	f.undo.Hidden = true
	if f.b.Sheet != nil {
		_, _, n := f.b.Sheet.Last()
		f.undo.Hidden = n == 0
	}
	f.line.Hidden = f.line.Text == ""
	f.keys.Hidden = !f.line.Hidden || f.b.low()
	f.bar.Refresh()
	if f.b.both != nil {
		f.b.both.Refresh()
	}
}
