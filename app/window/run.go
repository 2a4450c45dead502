//go:build cgo

package window

import (
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"path/filepath"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"

	"rimbalzo/app/watcher/ipc"
	"rimbalzo/app/window/session"
	"rimbalzo/app/window/view"
	"rimbalzo/icons"
)

// Run shows the window and returns when it is closed. It must be called from the main goroutine, once.
//
// What goes wrong inside the toolkit on this goroutine ends the window with a sentence and not with a panic.
func Run(p Params) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = errors.New(p.Words.T("window.broke", "What", session.Line(fmt.Sprint(r), 200)))
		}
	}()
	weighLess()
	if err := keepWithin(p.Data); err != nil {
		return errors.New(p.Explain(err, p.Words))
	}
	// What "fyne package" would bake in from FyneApp.toml. Migrations says that nothing draws outside the toolkit's goroutine.
	app.SetMetadata(fyne.AppMetadata{ID: p.ID, Name: "Rimbalzo", Version: p.Version, Migrations: map[string]bool{"fyneDo": true}})
	a := app.NewWithID(p.ID)
	a.SetIcon(fyne.NewStaticResource("rimbalzo.png", icons.PNG))
	if err := view.Dress(a, p.Settings); err != nil {
		return errors.New(p.Explain(err, p.Words))
	}
	win := a.NewWindow(p.Words.T("window.title"))
	win.Resize(view.StartSize(p.Settings))
	win.CenterOnScreen()
	win.SetMaster()
	loop := newEnded()
	frame := view.NewFrame(p, win, loop.later)
	go loop.follow(p, win, frame)
	if err := show(win); err != nil {
		loop.end(a)
		frame.Close()
		return errors.New(p.Words.T("window.no-driver", "What", session.Line(err.Error(), 200)))
	}
	a.Run()
	loop.end(a)
	frame.Close()
	// The demo takes its folder away, which the toolkit follows. Nothing that it says from here on concerns a person.
	log.SetOutput(io.Discard)
	loop.still(p.Data, p.ID)
	return nil
}

// follow does what the watcher and the system ask of the window, until either ends.
func (e *ended) follow(p Params, win fyne.Window, frame *view.Frame) {
	for {
		select {
		case <-e.when:
			return
		case <-p.Ending:
			// The toolkit listens to the system too, but only once its loop runs: what was asked before would be lost.
			e.later(win.Close)
			return
		case event, more := <-p.Events:
			switch {
			case !more:
				p.Events = nil
			case event == ipc.EventRaise:
				e.later(win.RequestFocus)
			case event == ipc.EventChanged:
				e.later(frame.Changed)
			}
		}
	}
}

// keepWithin makes the toolkit keep what it keeps (the folder last used in a dialog, caches) in the program's own folder. It
// knows no other way than the system's variables; on Windows and macOS it goes by the user's folder whatever they say.
func keepWithin(data string) error {
	if data == "" {
		return nil
	}
	for name, folder := range map[string]string{"XDG_CONFIG_HOME": "config", "XDG_CACHE_HOME": "cache"} {
		folder = filepath.Join(data, "window", folder)
		// The toolkit makes its own folder in it, but not its parents.
		if err := os.MkdirAll(filepath.Join(folder, "fyne"), 0o700); err != nil {
			return fmt.Errorf("making the window's folder: %w", err)
		}
		if err := os.Setenv(name, folder); err != nil {
			return fmt.Errorf("pointing the window to its folder: %w", err)
		}
	}
	return nil
}
