package watcher

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"rimbalzo/app/watcher/ipc"
	"rimbalzo/internal/watch"
)

// Verbs are the questions that a watcher answers.
const (
	VerbStatus   = "status"   // gives a [Status]
	VerbCheck    = "check"    // takes an account's id or "", gives a watch.Hand
	VerbPause    = "pause"    // takes a bool
	VerbSnooze   = "snooze"   // takes a time
	VerbSaw      = "saw"      // the person has the window before him
	VerbAccounts = "accounts" // the accounts have changed
	VerbSettings = "settings" // the settings have changed
	VerbRaise    = "raise"    // brings a window to the front; gives whether there is one
	VerbOpen     = "open"     // brings a window to the front, or starts one
	VerbQuit     = "quit"
)

// Status is what the watcher says of itself.
type Status struct {
	watch.Status
	Version string `json:"version"`
	Tray    bool   `json:"tray"` // a tray shows the icon
}

var errEarly = errors.New("the watcher is only beginning")

// answer answers one question of the line.
func (d *process) answer(ctx context.Context, verb string, data json.RawMessage) (any, error) {
	switch verb {
	case VerbStatus:
		return d.status(), nil
	case VerbRaise:
		return d.server.Tell(ipc.EventRaise) > 0, nil
	case VerbOpen:
		return nil, d.open(ctx)
	case VerbQuit:
		// The answer goes out before the line is closed.
		time.AfterFunc(50*time.Millisecond, d.quit)
		return nil, nil
	case VerbSettings:
		d.choose()
		d.changed()
		return nil, nil
	case VerbAccounts:
		select {
		case d.reload <- struct{}{}:
		default: // it is about to look
		}
		return nil, nil
	}
	w := d.current.Load()
	if w == nil {
		return nil, errEarly
	}
	switch verb {
	case VerbCheck:
		account, err := read[string](data)
		if err != nil {
			return nil, err
		}
		return w.CheckNow(ctx, account)
	case VerbPause:
		on, err := read[bool](data)
		if err != nil {
			return nil, err
		}
		return nil, w.Pause(ctx, on)
	case VerbSnooze:
		until, err := read[time.Time](data)
		if err != nil {
			return nil, err
		}
		return nil, w.Snooze(ctx, until)
	case VerbSaw:
		return nil, w.Saw(ctx)
	}
	return nil, fmt.Errorf("there is no question %q", verb)
}

func read[T any](data json.RawMessage) (value T, err error) {
	if err := json.Unmarshal(data, &value); err != nil {
		return value, fmt.Errorf("understand the question: %w", err)
	}
	return value, nil
}
