package board

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"rimbalzo/app/window/kit"
	"rimbalzo/app/window/session"
	"rimbalzo/internal/advice"
)

// menu opens what can be done with the messages chosen, each with its key, at a place of the window.
func (l *list) menu(at fyne.Position) {
	canvas := fyne.CurrentApp().Driver().CanvasForObject(l)
	if canvas == nil || l.Item() == nil {
		return
	}
	widget.ShowPopUpMenuAtPosition(fyne.NewMenu("", l.choices()...), canvas, at)
}

// choices are what the menu offers: what the keys do, too.
func (l *list) choices() []*fyne.MenuItem {
	b, w := l.b, l.b.Words
	entry := func(what, key string, do func()) *fyne.MenuItem {
		return fyne.NewMenuItem(w.T("board.menu", "What", what, "Key", key), do)
	}
	var items []*fyne.MenuItem
	targets := b.targets()
	for _, say := range []struct {
		word advice.Word
		key  string
	}{{advice.SaidDone, w.T("board.menu.space")}, {advice.SaidArrived, "A"}, {advice.SaidNotNeeded, "X"}} {
		what := w.T("board.word." + string(say.word))
		if len(targets) == 1 && b.Sheet.IsDone(targets[0]) && b.Ticks.Word(targets[0]) == say.word {
			what = w.T("board.untick")
		}
		items = append(items, entry(what, say.key, func() { b.Say(say.word) }))
	}
	items = append(items,
		entry(w.T("board.note"), "N", b.note), fyne.NewMenuItemSeparator(),
		entry(w.T("board.menu.why"), w.T("board.menu.enter"), l.read),
		entry(w.T("board.menu.copy"), kit.Chord("C"), func() { b.Copied(l.line()) }), fyne.NewMenuItemSeparator(),
		entry(w.N("board.choose-all-plain", b.foot.shown), kit.Chord("A"), l.all))
	if _, _, n := b.Sheet.Last(); n > 0 {
		items = append(items, entry(w.T("board.menu.undo"), kit.Chord("Z"), b.Undo))
	}
	return items
}

// read goes to the reasons of the message that the keys are on.
func (l *list) read() {
	l.b.both.show(true)
	l.b.focus(l.b.Why.first())
}

// line is what is copied of a message: subject and recipient.
func (l *list) line() string {
	return l.b.expl.Subject(l.Item()) + "\t" + session.Line(l.Item().Recipient, session.MaxAddress)
}

// TappedSecondary opens the menu of the row; a row that is not chosen is chosen first.
func (r *row) TappedSecondary(e *fyne.PointEvent) {
	l := r.list
	if r.at >= len(l.Rows) || l.Rows[r.at].Item == nil {
		return
	}
	if !l.pick.Has(l.Rows[r.at].Item) {
		l.b.focus(l)
		l.choose(r.at)
	}
	l.menu(e.AbsolutePosition)
}
