package watcher

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"rimbalzo/app/watcher/ipc"
	"rimbalzo/internal/probe"
	"rimbalzo/internal/watch"
)

// TestAWindowThatCannotStart: whoever chose "open" in the tray sees no window come, and is told why instead.
func TestAWindowThatCannotStart(t *testing.T) {
	for name, tc := range map[string]struct {
		err  error
		said string
		want string
	}{
		"no driver":      {nil, "libGL error: x\nrimbalzo: The window could not be opened: no GL\n", "The window could not be opened: no GL — Rimbalzo goes on"},
		"no library":     {nil, "rimbalzo.bin: error while loading shared libraries: libGL.so.1: not found\n", "rimbalzo.bin: error while loading shared libraries: libGL.so.1: not found — Rimbalzo goes on"},
		"a crash":        {nil, "panic: oh no\n\ngoroutine 1 [running]:\nmain.main()\n", "panic: oh no — "},
		"nothing said":   {nil, "", "Rimbalzo goes on"},
		"no program":     {errors.New("start /gone: no such file"), "", "start /gone: no such file — "},
		"hostile":        {nil, "\x1b[31m\u202e" + strings.Repeat("x", 5000), ""},
		"said and ended": {nil, "rimbalzo: first\nrimbalzo: second\nexit\n", "second — "},
	} {
		t.Run(name, func(t *testing.T) {
			d := startDesk(t, false)
			var opened atomic.Int32
			p := Params{
				ID: "app.id", Name: "App", Version: "1", Data: t.TempDir(), Chosen: english, Zone: time.UTC, Log: slog.New(slog.DiscardHandler),
				Load: func(context.Context) (watch.Params, func(), error) {
					return watch.Params{History: &watch.Memory{}, Dice: rand.New(rand.NewPCG(1, 2))}, nil, nil
				},
				OpenWindow: func(failed func(string)) error {
					if opened.Add(1); tc.err != nil {
						return tc.err
					}
					go failed(tc.said)
					return nil
				},
			}
			ctx, cancel := context.WithCancel(t.Context())
			done := make(chan error, 1)
			go func() { done <- Run(ctx, p) }()
			o := world{data: p.Data, done: done}
			c := o.call(t, ipc.RoleCommand)
			err := c.Ask(t.Context(), VerbOpen, nil, nil)
			if (err != nil) != (tc.err != nil) {
				t.Errorf("asked: %v", err)
			}
			text, id := d.until(t, "The window could not be opened | "+tc.want)
			if len(text) > 700 || strings.ContainsAny(text, "\x1b\u202e") || !strings.HasSuffix(text, "open Try again") {
				t.Errorf("told: %q", text)
			}
			d.press(t, id, "open")
			for end := time.Now().Add(5 * time.Second); opened.Load() < 2 && time.Now().Before(end); {
				time.Sleep(10 * time.Millisecond)
			}
			if n := opened.Load(); n != 2 {
				t.Errorf("“Try again” has tried %d times", n)
			}
			cancel()
			if err := o.ends(t); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestNoTrayIsSaidOnce in the life of a data folder, where there is something to watch.
func TestNoTrayIsSaidOnce(t *testing.T) {
	was := trayPatience
	trayPatience = 50 * time.Millisecond
	defer func() { trayPatience = was }()
	d := startDesk(t, false)
	history := &watch.Memory{}
	data := t.TempDir()
	for i, want := range []uint32{0, 1, 1} {
		p := Params{
			ID: "app.id", Name: "App", Version: "1", Data: data, Chosen: english, Zone: time.UTC, Log: slog.New(slog.DiscardHandler),
			Load: func(context.Context) (watch.Params, func(), error) {
				params := watch.Params{
					History: history, Dice: rand.New(rand.NewPCG(1, 2)), Network: func() watch.Network { return watch.Network{Up: true} },
					Check: func(_ context.Context, target probe.Target) probe.Result {
						return probe.Result{Target: target, At: time.Now(), Ending: probe.EndingOK}
					},
				}
				if i > 0 {
					params.Accounts = []watch.Account{{ID: "a", Operator: "o", Name: "o"}}
				}
				return params, nil, nil
			},
		}
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- Run(ctx, p) }()
		time.Sleep(time.Second)
		cancel()
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		if text, n := d.last(); n != want || want > 0 && !strings.HasPrefix(text, "Rimbalzo is watching, out of sight | This desktop shows no icons") {
			t.Errorf("start %d: %d notices, the last is %q", i, n, text)
		}
	}
}
