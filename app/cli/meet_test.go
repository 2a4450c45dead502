package cli

import (
	"context"
	"io"
	"testing"
	"time"

	"rimbalzo/app/watcher"
	"rimbalzo/app/watcher/ipc"
	"rimbalzo/app/window/session"
)

// TestSlowWatcher: a watcher that takes longer to start than the window waits is asked and heard all the same, once it is there.
func TestSlowWatcher(t *testing.T) {
	h := newHouse(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	env := h.env(ctx, "", io.Discard, io.Discard)
	env.Spawn = func(func(string), ...string) error {
		h.wg.Go(func() {
			time.Sleep(startPatience + 500*time.Millisecond)
			Run(ctx, h.env(ctx, "", io.Discard, io.Discard), []string{"--data", h.data, "watch", "--imap", "127.0.0.1:1"})
		})
		return nil
	}
	env.Window = func(p session.Params) error {
		if p.Ask == nil || p.Events == nil {
			t.Fatal("the window has nobody to ask")
		}
		select {
		case e := <-p.Events:
			if e != ipc.EventChanged {
				t.Errorf("it hears %q first", e)
			}
		case <-time.After(30 * time.Second):
			t.Fatal("it hears nothing")
		}
		var s watcher.Status
		if err := p.Ask(ctx, watcher.VerbStatus, nil, &s); err != nil || len(s.Accounts) != 1 {
			t.Errorf("asked, it says %+v, %v", s, err)
		}
		return nil
	}
	if status := Run(ctx, env, []string{"--data", h.data}); status != exitDone {
		t.Errorf("it ended with %d", status)
	}
}
