package cli

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"rimbalzo/app/watcher"
	"rimbalzo/app/watcher/ipc"
)

// How long a watcher that was just started may take to answer before the window opens without it, how long it may take beside the
// window, and one that was asked to end to be gone.
const (
	startPatience = 3 * time.Second
	latePatience  = time.Minute
	endPatience   = 10 * time.Second
	askAgain      = 50 * time.Millisecond
)

// meet sees to it that a watcher of this program's version runs, and gives what it tells the window, until ctx ends; nil where
// there is none, which the window can do without. raised means that another window came to the front.
func (a *app) meet(ctx context.Context) (events <-chan ipc.Event, raised bool) {
	if a.env.Spawn == nil || !a.env.Built {
		return nil, false
	}
	dir, err := a.dataDir()
	if err != nil {
		return nil, false
	}
	if err := a.ask(ctx, watcher.VerbRaise, nil, &raised); err == nil && raised {
		return nil, true
	}
	line, err := a.callOrStart(ctx, dir)
	switch {
	case errors.Is(err, ipc.ErrAbsent): // it was started, and is slow
		return a.await(ctx, dir), false
	case err != nil:
		a.complain(a.words.T("watch.error.no-watcher", "Error", clean(err.Error())))
		return nil, false
	}
	context.AfterFunc(ctx, line.Close)
	return line.Events, false
}

// await gives what a watcher tells that does not answer yet. Once it does, the window is to look at everything again.
func (a *app) await(ctx context.Context, dir string) <-chan ipc.Event {
	events := make(chan ipc.Event, 1)
	go func() {
		defer close(events)
		line, err := a.call(ctx, dir, latePatience)
		if err != nil {
			return // the window shows that nobody watches
		}
		defer line.Close()
		events <- ipc.EventChanged
		for {
			select {
			case e, more := <-line.Events:
				if !more {
					return
				}
				select {
				case events <- e:
				case <-ctx.Done():
					return
				}
			case <-ctx.Done():
				return
			}
		}
	}()
	return events
}

// callOrStart calls the watcher, after starting one where there is none, or in place of one of an older version.
func (a *app) callOrStart(ctx context.Context, dir string) (*ipc.Client, error) {
	c, err := ipc.Dial(ctx, dir, a.env.Version, ipc.RoleWindow)
	switch {
	case err == nil && !older(c.Version, a.env.Version):
		return c, nil
	case err == nil:
		c.Close()
		if err := a.retire(ctx, dir); err != nil {
			return nil, err
		}
	case !errors.Is(err, ipc.ErrAbsent):
		return nil, err
	}
	if err := a.spawn(nil, "watch", "--background"); err != nil {
		return nil, err
	}
	return a.call(ctx, dir, startPatience)
}

// call calls a watcher that was started, until it answers; [ipc.ErrAbsent] where it does not in good time.
func (a *app) call(ctx context.Context, dir string, patience time.Duration) (*ipc.Client, error) {
	for end := time.Now().Add(patience); ; {
		c, err := ipc.Dial(ctx, dir, a.env.Version, ipc.RoleWindow)
		if err == nil || !errors.Is(err, ipc.ErrAbsent) || time.Now().After(end) {
			return c, err
		}
		if err := sleep(ctx, askAgain); err != nil {
			return nil, err
		}
	}
}

// retire ends the watcher of an older version.
func (a *app) retire(ctx context.Context, dir string) error {
	if err := a.ask(ctx, watcher.VerbQuit, nil, nil); err != nil && !errors.Is(err, ipc.ErrAbsent) {
		return err
	}
	for end := time.Now().Add(endPatience); time.Now().Before(end); {
		c, err := ipc.Dial(ctx, dir, a.env.Version, ipc.RoleCommand)
		if errors.Is(err, ipc.ErrAbsent) {
			return nil
		}
		if err == nil {
			c.Close()
		}
		if err := sleep(ctx, askAgain); err != nil {
			return err
		}
	}
	return fmt.Errorf("end the watcher of the older version: %w", context.DeadlineExceeded)
}

// spawn starts this program once more, for the same data folder.
func (a *app) spawn(failed func(said string), args ...string) error {
	if a.env.Spawn == nil {
		return errUsage{a.words.T("watch.error.no-spawn")}
	}
	return a.env.Spawn(failed, append(args, a.same()...)...)
}

// same are the flags with which another process of this program has the same data folder, and speaks the language that was
// asked for; else it finds out for itself, and goes by the settings when they change.
func (a *app) same() (flags []string) {
	if a.asked {
		flags = append(flags, "--lang", a.lang)
	}
	if a.data != "" {
		data := a.data
		if whole, err := filepath.Abs(data); err == nil {
			data = whole // at login nobody is in this folder
		}
		flags = append(flags, "--data", data)
	}
	return flags
}

// older reports whether version a is older than b; both are numbers between dots.
func older(a, b string) bool {
	x, y := strings.Split(a, "."), strings.Split(b, ".")
	for i := range max(len(x), len(y)) {
		if m, n := number(x, i), number(y, i); m != n {
			return m < n
		}
	}
	return false
}

func number(parts []string, i int) int {
	if i >= len(parts) {
		return 0
	}
	n, err := strconv.Atoi(parts[i])
	if err != nil {
		return -1 // what is no version is older than any
	}
	return n
}
