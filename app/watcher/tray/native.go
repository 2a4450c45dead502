//go:build !darwin || cgo

package tray

import (
	"context"
	"log/slog"
	"runtime"
	"sync"

	"fyne.io/systray"

	"rimbalzo/icons"
)

// Built says whether this program can show itself in a tray: on macOS that takes a C compiler.
const Built = true

// Tray is the icon. There is one for each process.
type Tray struct {
	chosen func(id string)

	mu    sync.Mutex
	ready bool
	view  View
	shown []Item
	items []*systray.MenuItem
	stop  chan struct{} // ends the goroutines that wait for the items
	wg    sync.WaitGroup
}

// New makes a tray that shows view; chosen gets the ids of the items that the person chooses, from other goroutines.
func New(view View, chosen func(id string)) *Tray { return &Tray{view: view, chosen: chosen} }

// Run shows the icon until ctx ends. It must be called from the main goroutine: macOS and Windows want it so. Where
// there is no tray it only waits.
func (t *Tray) Run(ctx context.Context) {
	if !busAnswers(ctx) {
		<-ctx.Done()
		return
	}
	defer context.AfterFunc(ctx, systray.Quit)()
	systray.Run(t.start, func() {})
	if runtime.GOOS == "linux" {
		<-ctx.Done() // it may give up on the bus before; elsewhere its end is that of the session
	}
	t.mu.Lock()
	t.ready = false
	t.dropItems()
	t.mu.Unlock()
	t.wg.Wait()
}

func (t *Tray) start() {
	t.mu.Lock()
	defer t.mu.Unlock()
	defer t.lost()
	t.ready = true
	t.draw()
}

// lost is deferred where the library is called with t.mu held: it panics when the session's message bus has gone, as at the
// end of a session (systray_unix.go, SetIcon). Then there is no icon any more, and the watcher goes on without.
func (t *Tray) lost() {
	if r := recover(); r != nil {
		t.ready = false
		slog.Warn("the tray's icon is gone", "why", r)
	}
}

// Show shows another view.
func (t *Tray) Show(v View) {
	t.mu.Lock()
	defer t.mu.Unlock()
	defer t.lost()
	state := t.view.State
	t.view = v
	if !t.ready {
		return
	}
	if v.State != state {
		t.icon()
	}
	t.words()
}

func (t *Tray) draw() {
	t.icon()
	t.words()
}

func (t *Tray) icon() {
	if data := icons.Tray(t.view.State, runtime.GOOS == "windows"); data != nil {
		systray.SetIcon(data)
	}
}

func (t *Tray) words() {
	systray.SetTooltip(t.view.Tooltip)
	if runtime.GOOS == "linux" {
		systray.SetTitle(t.view.Tooltip) // what a screen reader says of the icon there; elsewhere it would stand beside it
	}
	if t.items != nil && sameShape(t.shown, t.view.Items) {
		t.rename()
	} else {
		t.rebuild()
	}
	t.shown = t.view.Items
}

// rename changes the words of the menu that is there.
func (t *Tray) rename() {
	for i, item := range t.view.Items {
		if t.items[i] == nil || item == t.shown[i] {
			continue
		}
		t.items[i].SetTitle(item.Label)
		able(t.items[i], item)
	}
}

// able lets an item be chosen, or not.
func able(m *systray.MenuItem, item Item) {
	if item.ID != "" && !item.Disabled {
		m.Enable()
	} else {
		m.Disable()
	}
}

// rebuild makes the menu anew.
func (t *Tray) rebuild() {
	t.dropItems()
	systray.ResetMenu()
	t.stop = make(chan struct{})
	t.items = make([]*systray.MenuItem, 0, len(t.view.Items))
	for _, item := range t.view.Items {
		if item.Label == "" {
			systray.AddSeparator()
			t.items = append(t.items, nil)
			continue
		}
		m := systray.AddMenuItem(item.Label, "")
		able(m, item)
		t.items = append(t.items, m)
		if item.ID != "" {
			t.wait(m, item.ID, t.stop)
		}
	}
}

func (t *Tray) wait(m *systray.MenuItem, id string, stop <-chan struct{}) {
	t.wg.Go(func() {
		for {
			select {
			case <-stop:
				return
			case _, open := <-m.ClickedCh:
				if !open {
					return // the library closes it with the item
				}
				t.chosen(id)
			}
		}
	})
}

func (t *Tray) dropItems() {
	if t.stop != nil {
		close(t.stop)
		t.stop = nil
	}
	t.items = nil
}
