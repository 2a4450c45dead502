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
	frame := view.NewFrame(p, win)
	go func() {
		for e := range p.Events {
			switch e {
			case ipc.EventRaise:
				fyne.Do(win.RequestFocus)
			case ipc.EventChanged:
				fyne.Do(frame.Changed)
			}
		}
	}()
	if err := show(win); err != nil {
		frame.Close()
		return errors.New(p.Words.T("window.no-driver", "What", session.Line(err.Error(), 200)))
	}
	a.Run()
	frame.Close()
	// The toolkit goes on watching its files until the process ends, and complains on standard error when the demo takes its
	// folder away. Nothing that it says from here on concerns a person.
	log.SetOutput(io.Discard)
	return nil
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
