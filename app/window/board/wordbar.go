package board

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"rimbalzo/app/window/kit"
	"rimbalzo/internal/advice"
	"rimbalzo/internal/words"
)

// wordBar lets a person say of the chosen message that it is dealt with, arrived, or is not needed; pressing the same again
// takes it back.
type wordBar struct {
	words *words.Words
	Pills map[advice.Word]*kit.Pill
	root  fyne.CanvasObject
}

func newWordBar(w *words.Words, say func(advice.Word)) *wordBar {
	b := &wordBar{words: w, Pills: map[advice.Word]*kit.Pill{}}
	row := container.New(&kit.Flow{Width: 280})
	for _, word := range []advice.Word{advice.SaidDone, advice.SaidArrived, advice.SaidNotNeeded} {
		p := kit.NewPill(w.T("board.word."+string(word)), "", func() { say(word) })
		b.Pills[word] = p
		row.Add(p)
	}
	b.root = kit.Inset(row)
	return b
}

// set shows which word stands; "" for none.
func (b *wordBar) set(said advice.Word) {
	for word, p := range b.Pills {
		p.Set(b.words.T("board.word."+string(word)), word == said)
	}
}
