package view

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"

	"rimbalzo/app/window/kit"
	"rimbalzo/internal/advice"
	"rimbalzo/internal/checklist"
)

// TestWords: what a person says of a message stands beside it, is kept, and is taken back by saying it again.
func TestWords(t *testing.T) {
	test.NewApp().Settings().SetTheme(kit.NewLookIn(theme.VariantLight))
	p := params("en")
	saved := 0
	p.SaveTicks = func(*checklist.Ticks) error { saved++; return nil }
	f, win := still(p, sample(t, 6))
	defer f.Close()
	win.Resize(fyne.NewSize(1280, 800))
	b := f.board
	shown := b.Shown
	press := func(w advice.Word) func() { return func() { test.Tap(b.Why.Said.Pills[w]) } }
	for i, s := range []struct {
		do   func()
		want advice.Word
	}{
		{press(advice.SaidArrived), advice.SaidArrived},
		{press(advice.SaidNotNeeded), advice.SaidNotNeeded},
		{press(advice.SaidNotNeeded), ""},
		{func() { b.List.TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace}) }, advice.SaidDone},
		{press(advice.SaidArrived), advice.SaidArrived},
		{func() { b.List.TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace}) }, ""},
	} {
		s.do()
		if got := b.Ticks.Word(shown); got != s.want || saved != i+1 {
			t.Errorf("step %d: %q is noted, saved %d times, want %q", i, got, saved, s.want)
		}
		for word, pill := range b.Why.Said.Pills {
			if pill.Chosen != (word == s.want) {
				t.Errorf("step %d: the button of %s is pressed: %v", i, word, pill.Chosen)
			}
		}
	}
	b.Say(nil, advice.SaidDone) // nothing is chosen
}

// TestProviderPage: the pane of the outage turns to what the provider said, and back.
func TestProviderPage(t *testing.T) {
	test.NewApp().Settings().SetTheme(kit.NewLookIn(theme.VariantLight))
	f, win := still(params("en"), sample(t, 6))
	defer f.Close()
	win.Resize(fyne.NewSize(1280, 800))
	has := func(text string) bool { return strings.Contains(shownIn(win), text) }
	const said = "Said by the operator, summed up in our words"
	if has(said) {
		t.Error("it is shown before it is asked for")
	}
	test.Tap(f.board.Outage.Talk)
	if !has(said) {
		t.Error("it is not shown when it is asked for")
	}
	test.Tap(f.board.Outage.Talk)
	if has(said) {
		t.Error("the phases do not come back")
	}
}
