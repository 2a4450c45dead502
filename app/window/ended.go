//go:build cgo

package window

import (
	"os"
	"path/filepath"
	"runtime"
	"sync/atomic"
	"time"

	"fyne.io/fyne/v2"
)

// endPatience is how long a function that went wrong beside the toolkit's loop may have done so because the loop has just ended.
const endPatience = time.Second

// stillPatience is how long the toolkit may take to be told of a file.
const stillPatience = 300 * time.Millisecond

// ended tells whether the toolkit's loop is over. Beyond it the toolkit still follows its files and the desktop's colours until
// the process ends, and whatever it is handed then runs at once, on the caller's goroutine, over a driver that is gone
// (fyne v2.8.0, internal/driver/glfw/loop.go: drained): "GLFW library is not initialized".
type ended struct {
	over atomic.Bool
	when chan struct{}
	held chan struct{} // one for each goroutine of the toolkit's that wanted something since
}

func newEnded() *ended { return &ended{when: make(chan struct{}), held: make(chan struct{}, 2)} }

// end says that the loop is over, and takes the toolkit's app out of its hands: it does nothing any more.
func (e *ended) end(a fyne.App) {
	e.over.Store(true)
	close(e.when)
	fyne.SetCurrentApp(silent{a, e.held})
}

// later runs f on the toolkit's goroutine without waiting for it, and not at all once the loop is over.
func (e *ended) later(f func()) {
	if e.over.Load() {
		return
	}
	fyne.Do(func() {
		if e.over.Load() {
			return
		}
		defer e.forgive()
		f()
	})
}

// forgive lets a function go wrong that was handed over in the moment between the loop's end and the word of it: it ran on
// another goroutine than the toolkit's, which tells of the end meanwhile. On the toolkit's own, nobody does, and Run says it.
func (e *ended) forgive() {
	r := recover()
	if r == nil {
		return
	}
	select {
	case <-e.when:
	case <-time.After(endPatience):
		panic(r)
	}
}

// still has the toolkit follow its files under data no more, so that the folder can be taken away: it would make it again. It
// gives no way to stop, so each of its two followers is told of a file, and is held where it wants to tell.
func (e *ended) still(data, id string) {
	if data == "" || runtime.GOOS == "windows" || runtime.GOOS == "darwin" {
		return // it follows the user's folder, which stays
	}
	enough := time.After(stillPatience)
	fyneDir := filepath.Join(data, "window", "config", "fyne")
	for _, folder := range []string{fyneDir, filepath.Join(fyneDir, id)} {
		sign := filepath.Join(folder, "end")
		if err := os.WriteFile(sign, nil, 0o600); err != nil {
			continue // nobody follows what is not there
		}
		select {
		case <-e.held:
		case <-enough:
		}
		_ = os.Remove(sign) // an empty file in a folder of the toolkit's troubles nobody
	}
}

// silent is an app whose loop is over.
type silent struct {
	fyne.App
	held chan<- struct{}
}

// Driver gives a driver that runs nothing.
func (s silent) Driver() fyne.Driver { return mute{s.App.Driver(), s.held} }

// mute is a driver whose loop is over.
type mute struct {
	fyne.Driver
	held chan<- struct{}
}

// DoFromGoroutine never runs the function, nor comes back: who calls it is one of the toolkit's own goroutines, and the process
// is about to end.
func (m mute) DoFromGoroutine(func(), bool) {
	select {
	case m.held <- struct{}{}:
	default:
	}
	select {}
}
