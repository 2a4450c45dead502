package mailbox

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"
)

// The times of following. Mail programs write in many small steps: one looks when they have been quiet, or after a while all
// the same.
const (
	followQuiet  = 3 * time.Second
	followAtMost = 30 * time.Second
	// followPoll is how often one looks without being told: network drives tell nothing, nor does a system whose watches ran out.
	followPoll = time.Minute
)

// Follow calls changed, on its own goroutine, when mail at one of the paths has changed and its writer has been quiet for three
// seconds, or has gone on for thirty; and once more a little over two minutes after, when a message that had no end yet is read
// as it is. It returns when ctx ends, with its error. Paths that are not there are waited for.
func Follow(ctx context.Context, paths []string, changed func()) error {
	f := &following{
		paths: paths, changed: changed, quiet: followQuiet, atMost: followAtMost, poll: followPoll, settle: settled + time.Second,
	}
	return f.run(ctx)
}

// following is one run of [Follow].
type following struct {
	paths   []string
	changed func()
	quiet, atMost,
	poll, settle time.Duration
	// deaf leaves the system's notices out; for tests of the polling.
	deaf bool

	state map[string]string
}

func (f *following) run(ctx context.Context) error {
	notices, stop := f.listen()
	defer stop()
	f.state = f.look()
	poll := time.NewTicker(f.poll)
	defer poll.Stop()
	quiet, settle := time.NewTimer(time.Hour), time.NewTimer(time.Hour)
	quiet.Stop()
	settle.Stop()
	defer quiet.Stop()
	defer settle.Stop()
	var since time.Time // of the first change that was not told yet; zero where there is none
	notice := func() {
		now := time.Now()
		if since.IsZero() {
			since = now
		}
		quiet.Reset(max(min(f.quiet, f.atMost-now.Sub(since)), 0))
	}
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case event, open := <-notices:
			if !open {
				notices = nil // from here on by polling alone
			} else if f.concerns(event.Name) {
				notice()
			}
		case <-poll.C:
			if f.moved() {
				notice()
			}
		case <-quiet.C:
			since = time.Time{}
			f.state = f.look()
			settle.Reset(f.settle)
			f.changed()
		case <-settle.C:
			f.changed()
		}
	}
}

// listen asks the system for notices. Without them (too many watches, a drive that has none) polling is enough.
func (f *following) listen() (<-chan fsnotify.Event, func()) {
	if f.deaf {
		return nil, func() {}
	}
	w, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, func() {}
	}
	for _, dir := range f.folders() {
		// One that cannot be watched is polled, as all are.
		_ = w.Add(dir)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for range w.Errors { // an overflow of notices: polling catches what they would have told
		}
	}()
	return w.Events, func() {
		_ = w.Close()
		<-ended
	}
}

// folders are the folders whose entries tell of changes. A file is watched by its folder: mail programs put a new file in the
// place of the old one.
func (f *following) folders() []string {
	var out []string
	for _, path := range f.unfolded() {
		of := []string{filepath.Dir(path)}
		if isDir(path) {
			of = []string{path, filepath.Join(path, "new"), filepath.Join(path, "cur")}
		}
		for _, dir := range of {
			if isDir(dir) && !slices.Contains(out, dir) {
				out = append(out, dir)
			}
		}
	}
	return out
}

// unfolded are the paths with the folders that lie in them now.
func (f *following) unfolded() []string {
	var out []string
	for _, path := range f.paths {
		out = append(out, path)
		maildirs, _ := innerMaildirs(LocalPath{Path: path})
		for _, inner := range maildirs {
			out = append(out, inner.Path)
		}
	}
	return out
}

// concerns reports whether a notice is about one of the paths, and not about an index or another file beside them.
func (f *following) concerns(name string) bool {
	for _, path := range f.paths {
		if name == path || strings.HasPrefix(name, path+string(filepath.Separator)) {
			return true
		}
	}
	return false
}

// moved reports whether something is not as it was when one looked last, and remembers how it is.
func (f *following) moved() bool {
	now := f.look()
	for place, state := range now {
		if f.state[place] != state {
			f.state = now
			return true
		}
	}
	return false
}

// look gives what a change of a path would show in: sizes and times of files, times of folders.
func (f *following) look() map[string]string {
	out := map[string]string{}
	for _, path := range f.unfolded() {
		for _, place := range []string{path, filepath.Join(path, "new"), filepath.Join(path, "cur")} {
			state := "absent"
			if info, err := os.Stat(place); err == nil {
				state = info.ModTime().String()
				if !info.IsDir() {
					state += fmt.Sprintf(" %d", info.Size())
				}
			}
			out[place] = state
		}
	}
	return out
}
