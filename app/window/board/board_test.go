package board

import (
	"os"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"rimbalzo/app/window/golden"
	"rimbalzo/app/window/kit"
	"rimbalzo/app/window/session"
	"rimbalzo/internal/advice"
	"rimbalzo/internal/words"
)

func TestMain(m *testing.M) {
	// The toolkit complains of LANG=C, and fails the goldens by the complaint's absence elsewhere.
	if err := os.Setenv("LANG", "en_US.UTF-8"); err != nil {
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// shownPage shows a sample of n messages in a window.
func shownPage(t testing.TB, lang string, n int) (*Page, fyne.Window, *asked) {
	t.Helper()
	test.NewTempApp(t).Settings().SetTheme(kit.NewLookIn(theme.VariantLight))
	a := newAsked()
	win := test.NewTempWindow(t, widget.NewLabel(""))
	p := params(words.New(lang), a)
	p.Window = win
	b := New(p)
	t.Cleanup(b.Close)
	win.SetPadded(false)
	win.SetContent(b.Root())
	win.Resize(golden.Room)
	b.Load(sample(t, n), nil)
	win.Canvas().Focus(b.First())
	return b, win, a
}

// press types keys into what has the focus.
func press(win fyne.Window, keys ...fyne.KeyName) {
	for _, k := range keys {
		win.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: k})
	}
}

// shifted types keys while Shift is held down.
func shifted(win fyne.Window, keys ...fyne.KeyName) {
	held, _ := win.Canvas().Focused().(desktop.Keyable)
	held.KeyDown(&fyne.KeyEvent{Name: desktop.KeyShiftLeft})
	press(win, keys...)
	held.KeyUp(&fyne.KeyEvent{Name: desktop.KeyShiftLeft})
}

func shortcut(win fyne.Window, s fyne.Shortcut) {
	if to, ok := win.Canvas().Focused().(fyne.Shortcutable); ok {
		to.TypedShortcut(s)
	}
}

func ctrl(key fyne.KeyName) fyne.Shortcut {
	return &desktop.CustomShortcut{KeyName: key, Modifier: fyne.KeyModifierShortcutDefault}
}

// tapPill presses the pill in view with these words on it.
func tapPill(t *testing.T, o fyne.CanvasObject, label string) {
	t.Helper()
	for _, p := range golden.Pills(o) {
		if strings.HasPrefix(p.Text, label) {
			test.Tap(p)
			return
		}
	}
	t.Fatalf("no pill %q in view", label)
}

func TestKeyboard(t *testing.T) {
	b, win, _ := shownPage(t, "en", 30)
	l := b.List
	first := l.Item()
	press(win, fyne.KeyDown)
	if l.Item() == first || l.Item() == nil || b.Shown != l.Item() {
		t.Errorf("Down chose %v, the reasons are of %v", l.Item(), b.Shown)
	}
	press(win, fyne.KeySpace)
	if !b.Ticks.Has(l.Item()) || b.Ticks.Has(first) {
		t.Error("Space did not tick the chosen message")
	}
	press(win, fyne.KeySpace)
	if b.Ticks.Has(l.Item()) {
		t.Error("Space a second time did not take the tick away")
	}
	press(win, fyne.KeyEnd, fyne.KeyDown)
	if l.At() != len(l.Rows)-1 {
		t.Errorf("End leads to row %d of %d", l.At(), len(l.Rows))
	}
	press(win, fyne.KeyHome, fyne.KeyUp)
	if l.Item() != first {
		t.Error("Home does not lead to the first message")
	}
	l.TypedRune('a')
	if b.Ticks.Word(first) != advice.SaidArrived {
		t.Errorf("A says %q", b.Ticks.Word(first))
	}
	l.TypedRune('X')
	if b.Ticks.Word(first) != advice.SaidNotNeeded {
		t.Errorf("X says %q", b.Ticks.Word(first))
	}
	press(win, fyne.KeyReturn, fyne.KeyPageDown)
	if win.Canvas().Focused() != fyne.Focusable(b.Why.reader) || b.Why.scroll.Offset.Y == 0 {
		t.Errorf("Enter leads to %T, moved by %v", win.Canvas().Focused(), b.Why.scroll.Offset.Y)
	}
	press(win, fyne.KeyEscape)
	shortcut(win, ctrl(fyne.KeyF))
	if win.Canvas().Focused() != fyne.Focusable(b.Head.search) {
		t.Errorf("Ctrl+F leads to %T", win.Canvas().Focused())
	}
	press(win, fyne.KeyDown)
	if win.Canvas().Focused() != fyne.Focusable(l) {
		t.Errorf("Down in the search leads to %T", win.Canvas().Focused())
	}
}

// TestSeveralAtOnce: rows are chosen by keys and by mouse, ticked together, and taken back with one key.
func TestSeveralAtOnce(t *testing.T) {
	b, win, a := shownPage(t, "en", 30)
	l := b.List
	b.Choose(session.Filter{Group: session.GroupByPhase})
	shifted(win, fyne.KeyDown, fyne.KeyDown)
	if l.pick.Count() != 3 || !strings.Contains(golden.Shown(b.Root()), "3 messages chosen") {
		t.Fatalf("%d are chosen; shown is\n%s", l.pick.Count(), golden.Shown(b.foot.root))
	}
	press(win, fyne.KeySpace)
	if shown := golden.Shown(b.Root()); !strings.Contains(shown, "3 messages ticked as dealt with. Undo (Ctrl+Z)") || a.ticked != 1 {
		t.Errorf("kept %d times; shown is\n%s", a.ticked, golden.Shown(b.foot.root))
	}
	dealt := func() (n int) {
		for _, d := range b.Sheet.Done() {
			if d {
				n++
			}
		}
		return n
	}
	shortcut(win, &fyne.ShortcutUndo{})
	if dealt() != 0 || a.ticked != 2 || !strings.Contains(golden.Shown(b.foot.root), "3 messages are as before") {
		t.Errorf("after undoing %d are dealt with; shown is\n%s", dealt(), golden.Shown(b.foot.root))
	}
	click := func(at int, held fyne.KeyModifier) {
		for _, o := range test.LaidOutObjects(l) {
			if r, ok := o.(*row); ok && r.at == at {
				r.MouseDown(&desktop.MouseEvent{Modifier: held})
				test.Tap(r)
				return
			}
		}
		t.Fatalf("row %d is not in view", at)
	}
	click(2, 0)
	click(4, fyne.KeyModifierShift)
	if got := l.pick.Count(); got != 3 {
		t.Errorf("Shift and a click choose %d", got)
	}
	click(3, fyne.KeyModifierShortcutDefault)
	if got := l.pick.Count(); got != 2 {
		t.Errorf("Ctrl and a click leave %d", got)
	}
	shortcut(win, ctrl(fyne.KeyDown))
	shortcut(win, ctrl(fyne.KeyDown))
	shortcut(win, ctrl(fyne.KeySpace))
	if got := l.pick.Count(); got != 3 {
		t.Errorf("Ctrl and the space bar leave %d", got)
	}
	shortcut(win, &fyne.ShortcutSelectAll{})
	tapPill(t, b.foot.root, "Not needed")
	win.Canvas().Focus(l)
	if dealt() != 30 {
		t.Errorf("%d of 30 are dealt with", dealt())
	}
	press(win, fyne.KeyEscape)
	if l.pick.Count() != 1 {
		t.Errorf("Escape leaves %d chosen", l.pick.Count())
	}
}

// TestWords: what a person says of a message stands beside it, is kept, and is taken back by saying it again.
func TestWords(t *testing.T) {
	b, _, a := shownPage(t, "en", 6)
	shown := b.Shown
	tap := func(w advice.Word) func() { return func() { test.Tap(b.Why.word.Pills[w]) } }
	space := func() { b.List.TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace}) }
	for i, s := range []struct {
		do   func()
		want advice.Word
	}{
		{tap(advice.SaidArrived), advice.SaidArrived},
		{tap(advice.SaidNotNeeded), advice.SaidNotNeeded},
		{tap(advice.SaidNotNeeded), ""},
		{space, advice.SaidDone},
		{tap(advice.SaidArrived), advice.SaidArrived},
		{space, advice.SaidDone},
		{space, ""},
		{b.Undo, advice.SaidDone},
	} {
		s.do()
		if got := b.Ticks.Word(shown); got != s.want || a.ticked != i+1 {
			t.Errorf("step %d: %q is noted, kept %d times, want %q", i, got, a.ticked, s.want)
		}
		for word, pill := range b.Why.word.Pills {
			if pill.Chosen != (word == s.want) {
				t.Errorf("step %d: the button of %s is pressed: %v", i, word, pill.Chosen)
			}
		}
	}
}

func TestNote(t *testing.T) {
	b, win, a := shownPage(t, "en", 6)
	b.List.TypedRune('n')
	entry, ok := win.Canvas().Focused().(*kit.Lines)
	if !ok || a.dialogs != 1 {
		t.Fatalf("the keys go to %T", win.Canvas().Focused())
	}
	entry.SetText("rang\u202e her\n up ")
	for _, o := range test.LaidOutObjects(win.Canvas().Overlays().Top()) {
		if button, ok := o.(*widget.Button); ok && button.Text == "Keep the note" {
			test.Tap(button)
		}
	}
	shown := golden.Shown(b.Root())
	if b.Ticks.Note(b.Shown) != "rang her up" || strings.Count(shown, "“rang her up”") != 2 || a.ticked != 1 {
		t.Errorf("noted is %q; shown\n%s", b.Ticks.Note(b.Shown), shown)
	}
	b.Undo()
	if b.Ticks.Note(b.Shown) != "" || strings.Contains(golden.Shown(b.Root()), "rang her") {
		t.Error("the note was not taken back")
	}
}

// TestReopenedRow: a notice after the tick opens the message again, and the row and the reasons say so until it is ticked anew.
func TestReopenedRow(t *testing.T) {
	b, _, _ := shownPage(t, "it", 6)
	r := sample(t, 6)
	it := &r.Items[0]
	b.Ticks.Set(it, january(26, 9, 0))
	it.Reasons = append(it.Reasons, advice.Reason{Rule: "said-before", Args: map[string]any{"Time": january(26, 9, 0)}})
	b.Shown = it
	b.Load(r, nil)
	if shown := golden.Shown(b.Root()); !strings.Contains(shown, "riaperto: nuovo avviso") || !strings.Contains(shown, "L'avevi già segnato") {
		t.Errorf("shown is\n%s", shown)
	}
	b.tick(it)
	if shown := golden.Shown(b.Root()); strings.Contains(shown, "riaperto") || !b.Sheet.IsDone(it) {
		t.Errorf("ticked again, shown is\n%s", shown)
	}
}

func TestFilterSearchSort(t *testing.T) {
	b, win, _ := shownPage(t, "it", 35)
	all := len(b.List.Rows)
	test.Tap(b.Head.Filters[advice.Wait])
	for _, r := range b.List.Rows {
		if r.Item != nil && r.Item.Verdict != advice.Wait {
			t.Fatalf("«Aspetta» shows %s", r.Item.Verdict)
		}
	}
	if b.Shown == nil || b.Shown.Verdict != advice.Wait {
		t.Errorf("the reasons are of %v", b.Shown)
	}
	b.Choose(session.Filter{Outage: "libero-2023-01", Phase: "refuse", Verdict: advice.Wait})
	for _, r := range b.List.Rows {
		if r.Item != nil && r.Item.Phase != "refuse" {
			t.Errorf("the phase's messages hold one of %s", r.Item.Phase)
		}
	}
	b.Choose(b.Filter.All())
	if len(b.List.Rows) != all {
		t.Errorf("%d rows after letting go, %d before", len(b.List.Rows), all)
	}
	win.Canvas().Focus(b.Head.search)
	test.Type(b.Head.search, "zia.pina auguri")
	for _, r := range b.List.Rows {
		if r.Item != nil && (r.Item.Subject != "Auguri!" || r.Item.Recipient != "zia.pina@inwind.it") {
			t.Errorf("found %s to %s", r.Item.Subject, r.Item.Recipient)
		}
	}
	test.Type(b.Head.search, " qwerty")
	if shown := golden.Shown(b.Root()); len(b.List.Rows) != 0 || !strings.Contains(shown, "Nessun messaggio contiene «zia.pina auguri qwerty»") || !strings.Contains(shown, "Scegli un messaggio") {
		t.Errorf("in vain, and shown is\n%s", shown)
	}
	tapPill(t, b.Root(), "Mostra tutti i messaggi")
	if len(b.List.Rows) != all || b.Head.search.Text != "" {
		t.Errorf("%d rows, %q is searched", len(b.List.Rows), b.Head.search.Text)
	}
	b.Head.group.options()[2].choose()
	b.fill()
	if b.List.Rows[0].Head.Recipient == "" || !strings.Contains(b.Head.group.Text, "per destinatario") {
		t.Errorf("%q puts under %+v", b.Head.group.Text, b.List.Rows[0].Head)
	}
}

// TestMenu: a menu opens below its pill, and choosing in it takes effect.
func TestMenu(t *testing.T) {
	b, win, _ := shownPage(t, "en", 35)
	test.Tap(b.Head.sort.Pill)
	menu := win.Canvas().Overlays().Top()
	where := fyne.CurrentApp().Driver().AbsolutePositionForObject
	if menu == nil || !strings.Contains(golden.Shown(menu), "subject") {
		t.Fatal("no menu opened")
	}
	for _, o := range test.LaidOutObjects(menu) {
		if m, ok := o.(*widget.PopUpMenu); ok && where(m).Y < where(b.Head.sort.Pill).Y {
			t.Errorf("it opened at %v, its pill is at %v", where(m), where(b.Head.sort.Pill))
		}
	}
	press(win, fyne.KeyDown, fyne.KeyDown, fyne.KeyReturn)
	if b.Filter.Sort != session.SortByDate || !strings.Contains(b.Head.sort.Text, "date") || win.Canvas().Overlays().Top() != nil {
		t.Errorf("sorted by %q, the pill says %q", b.Filter.Sort, b.Head.sort.Text)
	}
}

// TestRestore: what was chosen survives that the page is built anew.
func TestRestore(t *testing.T) {
	b, win, a := shownPage(t, "en", 35)
	b.Choose(session.Filter{Verdict: advice.Fix, Search: "a", Group: session.GroupByRecipient})
	b.Why.again.client = "gmail"
	press(win, fyne.KeyDown)
	p := params(words.New("it"), a)
	p.Ticks = b.Ticks
	c := New(p)
	t.Cleanup(c.Close)
	c.Restore(b.State())
	c.Load(b.Report, nil)
	if c.State() != b.State() || c.Head.search.Text != "a" || c.Shown == nil {
		t.Errorf("%+v, before %+v", c.State(), b.State())
	}
}

// TestCountdown: as time goes by the rows say so.
func TestCountdown(t *testing.T) {
	b, _, _ := shownPage(t, "en", 30)
	now := january(27, 18, 0)
	b.Now = func() time.Time { return now }
	b.Choose(session.Filter{Verdict: advice.Wait})
	before := golden.Shown(b.List)
	b.List.renew()
	if golden.Shown(b.List) != before {
		t.Error("without time going by it says something else")
	}
	now = now.Add(24 * time.Hour)
	b.List.renew()
	after := golden.Shown(b.List)
	left := b.Why.left.Text
	b.Why.renew()
	if b.Why.left.Text == left {
		t.Errorf("the reasons still say %q", left)
	}
	if after == before || !strings.Contains(after, "to go") {
		t.Errorf("before\n%s\nafter\n%s", before, after)
	}
}

// TestNarrow: where there is room for one pane the reasons take the list's place, and Escape brings it back.
func TestNarrow(t *testing.T) {
	b, win, _ := shownPage(t, "en", 30)
	win.Resize(golden.Scant)
	if shown := golden.Shown(b.Root()); !strings.Contains(shown, "Group by") || strings.Contains(shown, "Its story") {
		t.Fatalf("shown is\n%s", shown)
	}
	press(win, fyne.KeyReturn)
	if shown := golden.Shown(b.Root()); strings.Contains(shown, "Group by") || !strings.Contains(shown, "Back to the list") {
		t.Errorf("after Enter shown is\n%s", shown)
	}
	press(win, fyne.KeyEscape)
	if shown := golden.Shown(b.Root()); !strings.Contains(shown, "Group by") || win.Canvas().Focused() != fyne.Focusable(b.List) {
		t.Errorf("after Escape shown is\n%s", shown)
	}
}
