package view

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"rimbalzo/internal/advice"
	"rimbalzo/internal/words"
)

// wordBar lets a person say of the chosen message that it is dealt with, arrived, or is not needed; pressing the same again
// takes it back.
type wordBar struct {
	words *words.Words
	pills map[advice.Word]*pill
	root  fyne.CanvasObject
}

func newWordBar(w *words.Words, say func(advice.Word)) *wordBar {
	b := &wordBar{words: w, pills: map[advice.Word]*pill{}}
	row := container.New(&flow{width: 280})
	for _, word := range []advice.Word{advice.SaidDone, advice.SaidArrived, advice.SaidNotNeeded} {
		p := newPill(w.T("window.word."+string(word)), "", func() { say(word) })
		b.pills[word] = p
		row.Add(p)
	}
	b.root = inset(row)
	return b
}

// set shows which word stands; "" for none.
func (b *wordBar) set(said advice.Word) {
	for word, p := range b.pills {
		p.set(b.words.T("window.word."+string(word)), word == said)
	}
}
