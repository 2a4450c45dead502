package board

import (
	"runtime"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"rimbalzo/app/window/golden"
	"rimbalzo/app/window/session"
	"rimbalzo/internal/advice"
)

// longestHold is how long the toolkit's goroutine may be held, in the processor's time. The window feels stuck from 100 ms on.
const longestHold = 100 * time.Millisecond

// TestManyMessages: 100,000 messages are put together, searched, ticked and taken back beside the toolkit's goroutine, and only
// what is in view is drawn.
func TestManyMessages(t *testing.T) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	b, win, a := shownPage(t, "it", 0)
	r := sample(t, 100_000)
	began := spent()
	b.Load(r, nil)
	held := spent() - began
	wait := func(what string, do func(), so func() bool) {
		t.Helper()
		began := spent()
		do()
		held = max(held, spent()-began, a.pump(t, so))
		if held > longestHold {
			t.Errorf("%s held the toolkit's goroutine for %v", what, held)
		}
		t.Logf("%s: held for %v", what, held)
		held = 0
	}
	idle := func() bool { return !b.Busy.Visible() && len(a.queue) == 0 }
	wait("loading", func() {}, func() bool { return len(b.List.Rows) > 100_000 && idle() })
	fastest := time.Hour // what is told of the first one is measured by the toolkit once
	for range 12 {
		began := spent()
		press(win, fyne.KeyPageDown)
		fastest = min(fastest, spent()-began)
	}
	if fastest > longestHold {
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

// TestKeyHeld: while an arrow is held down the list goes on, and the reasons come when it is let go.
func TestKeyHeld(t *testing.T) {
	for name, leave := range map[string]func(b *Page, win fyne.Window){
		"let go":  func(b *Page, _ fyne.Window) { b.List.KeyUp(&fyne.KeyEvent{Name: fyne.KeyDown}) },
		"tabbed":  func(_ *Page, win fyne.Window) { win.Canvas().Unfocus() },
		"clicked": func(b *Page, _ fyne.Window) { b.List.click(b.List.At(), 0) },
	} {
		b, win, _ := shownPage(t, "en", 30)
		win.Canvas().Focus(b.List)
		first := b.Shown
		b.List.KeyDown(&fyne.KeyEvent{Name: fyne.KeyDown})
		press(win, fyne.KeyDown)
		if second := b.List.Item(); second == first || !b.Why.explains(second) {
			t.Errorf("%s: the first step is not explained at once", name)
		}
		at := b.List.At()
		for range 5 {
			press(win, fyne.KeyDown)
		}
		if b.List.At() <= at || b.Why.explains(b.List.Item()) {
			t.Errorf("%s: each of them is explained while the key is held", name)
		}
		if leave(b, win); !b.Why.explains(b.List.Item()) || b.Shown != b.List.Item() {
			t.Errorf("%s: the last one is not explained", name)
		}
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
