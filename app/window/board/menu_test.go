package board

import (
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"rimbalzo/app/window/golden"
	"rimbalzo/internal/advice"
)

// TestContextMenu: a right click opens what can be done with a message, each with its key; what was chosen stays chosen.
func TestContextMenu(t *testing.T) {
	b, win, a := shownPage(t, "en", 30)
	l := b.List
	names := func() (list []string) {
		for _, item := range l.choices() {
			list = append(list, item.Label)
		}
		return list
	}
	do := func(label string) {
		t.Helper()
		for _, item := range l.choices() {
			if strings.HasPrefix(item.Label, label) {
				item.Action()
				return
			}
		}
		t.Fatalf("no %q among %q", label, names())
	}
	second := func(at int) {
		t.Helper()
		for _, o := range test.LaidOutObjects(l) {
			if r, ok := o.(*row); ok && r.at == at {
				r.TappedSecondary(&fyne.PointEvent{AbsolutePosition: fyne.NewPos(100, 100)})
			}
		}
	}
	third := l.At() + 2
	second(third)
	if l.At() != third || b.Shown != l.Rows[third].Item || win.Canvas().Overlays().Top() == nil {
		t.Fatalf("the keys are on row %d, not %d", l.At(), third)
	}
	for _, want := range []string{"Dealt with (Space)", "It arrived (A)", "Not needed (X)", "Read why (Enter)", "Choose all 30 messages (Ctrl+A)"} {
		if !slices.Contains(names(), want) {
			t.Errorf("%q is not among %q", want, names())
		}
		if shown := golden.Shown(win.Canvas().Overlays().Top()); !strings.Contains(shown, want) {
			t.Errorf("%q is not in view: %s", want, shown)
		}
	}
	if slices.Contains(names(), "Undo the last thing (Ctrl+Z)") {
		t.Error("there is something to undo before anything was said")
	}
	do("It arrived")
	if b.Ticks.Word(l.Item()) != advice.SaidArrived {
		t.Error("nothing was said")
	}
	do("Take the tick away")
	do("Copy subject")
	if b.Ticks.Has(l.Item()) || !strings.Contains(a.copied, l.Item().Recipient) {
		t.Errorf("copied is %q", a.copied)
	}
	do("Choose all 30")
	second(third)
	if l.pick.Count() != 30 {
		t.Errorf("a right click leaves %d chosen", l.pick.Count())
	}
	do("Dealt with")
	do("Undo the last thing")
	if slices.Contains(b.Sheet.Done(), true) {
		t.Error("undone, some stay ticked")
	}
	win.Canvas().Overlays().Remove(win.Canvas().Overlays().Top())
	l.none()
	win.Canvas().Focus(l)
	press(win, desktop.KeyMenu)
	if win.Canvas().Overlays().Top() == nil {
		t.Error("the menu key opens nothing")
	}
	second(0) // a header has no menu
}
