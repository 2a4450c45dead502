package board

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"rimbalzo/app/window/kit"
	"rimbalzo/app/window/session"
	"rimbalzo/internal/advice"
)

// wordBar lets a person say of the message whose reasons are shown that it is dealt with, arrived, or is not needed, and write
// a note; saying the same again takes it back.
type wordBar struct {
	b        *Page
	Pills    map[advice.Word]*kit.Pill
	note     *kit.Pill
	written  *widget.Label
	reopened *widget.Label
	root     fyne.CanvasObject
}

func newWordBar(b *Page) *wordBar {
	bar := &wordBar{b: b, Pills: map[advice.Word]*kit.Pill{}}
	row := container.New(&kit.Flow{Width: 280})
	for _, word := range []advice.Word{advice.SaidDone, advice.SaidArrived, advice.SaidNotNeeded} {
		p := kit.NewPill(b.Words.T("board.word."+string(word)), "", func() { bar.say(word) })
		bar.Pills[word] = p
		row.Add(p)
	}
	bar.note = kit.NewPill("", "", b.note)
	row.Add(bar.note)
	bar.written, bar.reopened = kit.Text(""), kit.Text(b.Words.T("board.reopened-why"))
	bar.reopened.Importance = widget.WarningImportance
	bar.root = kit.Tight(bar.reopened, kit.Quiet(b.Words.T("board.ask-word")), kit.Inset(row), bar.written)
	return bar
}

// say takes a word about the message whose reasons are shown, whatever else is chosen.
func (bar *wordBar) say(word advice.Word) {
	b := bar.b
	if b.Shown == nil {
		return
	}
	if b.Sheet.IsDone(b.Shown) && b.Ticks.Word(b.Shown) == word {
		word = ""
	}
	b.say([]*advice.Item{b.Shown}, word)
}

// set shows what was said of an item.
func (bar *wordBar) set(it *advice.Item) {
	ticks, w := bar.b.Ticks, bar.b.Words
	said, open := ticks.Word(it), session.Reopened(it, ticks)
	for word, p := range bar.Pills {
		p.Set(w.T("board.word."+string(word)), word == said && !open)
	}
	note := ticks.Note(it)
	id := "board.note"
	if note != "" {
		id = "board.note-change"
	}
	bar.note.Set(w.T(id), false)
	bar.written.SetText("“" + note + "”")
	kit.SetVisible(bar.written, note != "")
	kit.SetVisible(bar.reopened, open)
}
