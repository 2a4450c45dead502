package board

import (
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/driver/desktop"

	"rimbalzo/app/window/kit"
	"rimbalzo/app/window/session"
	"rimbalzo/internal/advice"
)

// saidAtOnce is how many messages are ticked before the window draws again.
const saidAtOnce = 1500

// tick says of an item that it is dealt with, or takes back whatever was said of it.
func (b *Page) tick(it *advice.Item) {
	if b.Sheet.IsDone(it) {
		b.say([]*advice.Item{it}, "")
		return
	}
	b.say([]*advice.Item{it}, advice.SaidDone)
}

// Say takes the person's word about those chosen, or about the message whose reasons are shown; saying the same again takes it back.
func (b *Page) Say(word advice.Word) {
	items := b.targets()
	if len(items) == 1 && b.Sheet.IsDone(items[0]) && b.Ticks.Word(items[0]) == word {
		word = ""
	}
	b.say(items, word)
}

// targets are those chosen in the list, else the message whose reasons are shown.
func (b *Page) targets() []*advice.Item {
	if items := b.List.pick.Items(b.List.Rows); len(items) > 0 {
		return items
	}
	if b.Shown != nil {
		return []*advice.Item{b.Shown}
	}
	return nil
}

func (b *Page) say(items []*advice.Item, word advice.Word) {
	if b.Sheet == nil || len(items) == 0 {
		return
	}
	b.inParts(b.Sheet.Saying(items, word, time.Now()), func() {
		b.foot.did()
		b.changed()
	})
}

// Undo takes back what was said last.
func (b *Page) Undo() {
	if b.Sheet == nil {
		return
	}
	_, _, n := b.Sheet.Last()
	if n == 0 {
		return
	}
	b.inParts(b.Sheet.Undoing(time.Now()), func() {
		b.foot.undid(n)
		b.changed()
	})
}

// inParts goes on with a long step until it is done, and lets the window draw in between.
func (b *Page) inParts(step func(n int) bool, then func()) {
	if !step(saidAtOnce) {
		then()
		return
	}
	b.Busy.Show()
	b.Later(func() {
		if b.closed {
			return
		}
		b.Busy.Hide()
		b.inParts(step, then)
	})
}

// changed shows and keeps what was said.
func (b *Page) changed() {
	b.Why.said()
	b.List.Refresh()
	b.sum()
	if b.Filter.Ticked != "" { // what is ticked leaves the list, or comes into it
		b.fill()
	}
	b.OnTick()
}

// note asks for a note about those chosen.
func (b *Page) note() {
	items := b.targets()
	if len(items) == 0 || b.Window == nil {
		return
	}
	w := b.Words
	entry := kit.NewLines()
	entry.Wrapping = fyne.TextWrapWord
	entry.SetMinRowsVisible(3)
	entry.SetText(b.Ticks.Note(items[0]))
	keep := func() {
		b.Sheet.Write(items, strings.TrimSpace(session.Line(entry.Text, maxNote)), time.Now())
		b.foot.did()
		b.changed()
	}
	body := kit.Tight(kit.Quiet(w.T("board.note.what")), kit.Inset(entry))
	d := dialog.NewCustomConfirm(w.N("board.note.title", len(items)), w.T("board.note.keep"), w.T("board.cancel"), body, func(yes bool) {
		if yes {
			keep()
		}
		b.focus(b.List)
	}, b.Window)
	d.Resize(fyne.NewSize(min(460, b.Window.Canvas().Size().Width-40), 250))
	b.ask(d)
	b.focus(entry)
}

// maxNote bounds a note, as the checklist does, in characters.
const maxNote = 500

// Shortcuts are the page's own, wherever the keys go. The list takes them by itself.
func Shortcuts() []fyne.Shortcut {
	return []fyne.Shortcut{&fyne.ShortcutUndo{}, &fyne.ShortcutSelectAll{}, command(fyne.KeyF)}
}

func command(key fyne.KeyName) *desktop.CustomShortcut {
	return &desktop.CustomShortcut{KeyName: key, Modifier: fyne.KeyModifierShortcutDefault}
}

// Do does what a shortcut stands for; it reports whether it is one of the page's.
func (b *Page) Do(s fyne.Shortcut) bool {
	switch s.ShortcutName() {
	case (&fyne.ShortcutUndo{}).ShortcutName():
		b.Undo()
	case (&fyne.ShortcutSelectAll{}).ShortcutName():
		b.List.all()
	case command(fyne.KeyF).ShortcutName():
		b.both.show(false)
		b.focus(b.Head.search)
	default:
		return false
	}
	return true
}
