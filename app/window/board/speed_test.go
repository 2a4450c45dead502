package board

import (
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"rimbalzo/app/window/golden"
	"rimbalzo/app/window/session"
	"rimbalzo/internal/advice"
)

// longestHold is how long the toolkit's goroutine may be held in tests. The window feels stuck from 100 ms on; a busy machine
// gets several times that.
const longestHold = 700 * time.Millisecond

// TestManyMessages: 100,000 messages are put together, searched, ticked and taken back beside the toolkit's goroutine, and only
// what is in view is drawn.
func TestManyMessages(t *testing.T) {
	b, win, a := shownPage(t, "it", 0)
	r := sample(t, 100_000)
	began := time.Now()
	b.Load(r, nil)
	held := time.Since(began)
	wait := func(what string, do func(), so func() bool) {
		t.Helper()
		began := time.Now()
		do()
		held = max(held, time.Since(began), a.pump(t, so))
		if held > longestHold {
			t.Errorf("%s held the toolkit's goroutine for %v", what, held)
		}
		t.Logf("%s: held for %v", what, held)
		held = 0
	}
	idle := func() bool { return !b.Busy.Visible() && len(a.queue) == 0 }
	wait("loading", func() {}, func() bool { return len(b.List.Rows) > 100_000 && idle() })
	fastest := time.Hour // other programs slow a page down, nothing makes it faster
	for range 12 {
		began := time.Now()
		press(win, fyne.KeyPageDown)
		fastest = min(fastest, time.Since(began))
	}
	if fastest > 200*time.Millisecond {
		t.Errorf("a page takes %v", fastest)
	}
	wait("searching", func() { test.Type(b.Head.search, "verbale") }, func() bool { return b.Filter.Search == "verbale" && idle() && b.foot.shown == 10_000 })
	wait("choosing all", func() { b.List.all() }, idle)
	wait("ticking", func() { b.Say(advice.SaidDone) }, func() bool { _, _, n := b.Sheet.Last(); return n == 10_000 && idle() })
	if a.ticked != 1 {
		t.Errorf("kept %d times", a.ticked)
	}
	wait("taking back", b.Undo, func() bool { return a.ticked == 2 && idle() })
	for _, d := range b.Sheet.Done() {
		if d {
			t.Fatal("some stay ticked")
		}
	}
	wait("sorting", func() {
		b.Choose(session.Filter{Sort: session.SortBySubject, Group: session.GroupByPhase})
	}, func() bool { return idle() && b.foot.shown == 100_000 })
	press(win, fyne.KeyEnd)
	win.Canvas().Focus(b.List)
	press(win, fyne.KeyEnd)
	if !strings.Contains(golden.Shown(b.Root()), "Arretrati") && b.List.At() != len(b.List.Rows)-1 {
		t.Error("its end is not in view")
	}
}

func BenchmarkRow(b *testing.B) {
	p, _, _ := shownPage(b, "it", 300)
	r := newRow(p.List)
	at := 0
	for b.Loop() {
		if at++; at >= len(p.List.Rows) {
			at = 0
		}
		p.List.update(at, r)
	}
}

func BenchmarkScroll(b *testing.B) {
	p, _, _ := shownPage(b, "it", 2900)
	offset := float32(0)
	for b.Loop() {
		if offset += 56; offset > 100_000 {
			offset = 0
		}
		p.List.ScrollToOffset(offset)
	}
}

func BenchmarkWhy(b *testing.B) {
	p, _, _ := shownPage(b, "it", 300)
	for i := 0; b.Loop(); i++ {
		p.Why.show(p.Sheet.Index.Items[i%300])
	}
}
