package watcher

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rimbalzo/app/watcher/ipc"
	"rimbalzo/internal/probe"
	"rimbalzo/internal/watch"
	"rimbalzo/internal/words"
)

// world is a watcher whose servers all answer well, and what it did.
type world struct {
	data   string
	opened chan struct{}
	loads  chan struct{}
	done   chan error
}

func run(t *testing.T, load func(watch.Params) (watch.Params, error)) world {
	t.Helper()
	// Neither the tray nor the notices of whoever runs the tests.
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path="+filepath.Join(t.TempDir(), "none"))
	o := world{data: t.TempDir(), opened: make(chan struct{}, 8), loads: make(chan struct{}, 8), done: make(chan error, 1)}
	history := &watch.Memory{}
	p := Params{
		ID: "app.id", Name: "App", Version: "1", Data: o.data, Chosen: english, Zone: time.UTC, Log: slog.New(slog.DiscardHandler),
		OpenWindow: func(func(string)) error {
			o.opened <- struct{}{}
			return nil
		},
		Load: func(context.Context) (watch.Params, func(), error) {
			o.loads <- struct{}{}
			params, err := load(watch.Params{
				History: history, Dice: rand.New(rand.NewPCG(1, 2)), Zone: time.UTC,
				Network: func() watch.Network { return watch.Network{Up: true} },
				Check: func(_ context.Context, target probe.Target) probe.Result {
					return probe.Result{Target: target, At: time.Now(), Ending: probe.EndingOK}
				},
			})
			return params, nil, err
		},
	}
	ctx, cancel := context.WithCancel(context.Background())
	go func() { o.done <- Run(ctx, p) }()
	t.Cleanup(cancel)
	return o
}

func (o world) call(t *testing.T, role string) *ipc.Client {
	t.Helper()
	for range 200 {
		c, err := ipc.Dial(t.Context(), o.data, "1", role)
		if err == nil {
			t.Cleanup(c.Close)
			return c
		}
		if !errors.Is(err, ipc.ErrAbsent) {
			t.Fatal(err)
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatal("the watcher does not answer")
	return nil
}

func (o world) ends(t *testing.T) error {
	t.Helper()
	select {
	case err := <-o.done:
		return err
	case <-time.After(10 * time.Second):
		t.Fatal("the watcher does not end")
		return nil
	}
}

func english() (Choice, error) { return Choice{Words: words.New("en")}, nil }

func fine(p watch.Params) (watch.Params, error) { return p, nil }

func TestStatusAndQuit(t *testing.T) {
	o := run(t, fine)
	c := o.call(t, ipc.RoleCommand)
	var s Status
	for range 100 {
		if err := c.Ask(t.Context(), VerbStatus, nil, &s); err != nil {
			t.Fatal(err)
		}
		if !s.At.IsZero() {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	if s.Version != "1" || s.Tray || s.Accounts == nil || len(s.Accounts) != 0 {
		t.Errorf("status: %+v", s)
	}
	if err := c.Ask(t.Context(), VerbPause, true, nil); err != nil {
		t.Fatal(err)
	}
	if err := c.Ask(t.Context(), VerbStatus, nil, &s); err != nil || !s.Paused {
		t.Errorf("after the pause: %+v, %v", s, err)
	}
	until := time.Now().Add(time.Hour).Truncate(time.Second)
	if err := c.Ask(t.Context(), VerbSnooze, until, nil); err != nil {
		t.Fatal(err)
	}
	if err := c.Ask(t.Context(), VerbStatus, nil, &s); err != nil || !s.Snoozed.Equal(until) {
		t.Errorf("snoozed until %v, want %v, %v", s.Snoozed, until, err)
	}
	for verb, arg := range map[string]any{"dance": nil, VerbPause: "yes", VerbSnooze: "soon", VerbCheck: 7} {
		var no *ipc.Refused
		if err := c.Ask(t.Context(), verb, arg, nil); !errors.As(err, &no) {
			t.Errorf("%s %v: %v", verb, arg, err)
		}
	}
	if err := c.Ask(t.Context(), VerbQuit, nil, nil); err != nil {
		t.Fatal(err)
	}
	if err := o.ends(t); err != nil {
		t.Error(err)
	}
}

func TestTheWindowIsRaisedOrStarted(t *testing.T) {
	o := run(t, fine)
	c := o.call(t, ipc.RoleCommand)
	if err := c.Ask(t.Context(), VerbOpen, nil, nil); err != nil || len(o.opened) != 1 {
		t.Fatalf("%d windows were started, want one, %v", len(o.opened), err)
	}
	window := o.call(t, ipc.RoleWindow)
	if err := window.Ask(t.Context(), VerbStatus, nil, nil); err != nil {
		t.Fatal(err)
	}
	if err := c.Ask(t.Context(), VerbOpen, nil, nil); err != nil || len(o.opened) != 1 {
		t.Errorf("a window is there, and %d were started in all, %v", len(o.opened), err)
	}
	for e := range window.Events {
		if e == ipc.EventRaise {
			break // others tell that the status changed
		}
	}
}

func TestOtherAccounts(t *testing.T) {
	o := run(t, fine)
	c := o.call(t, ipc.RoleCommand)
	<-o.loads
	if err := c.Ask(t.Context(), VerbAccounts, nil, nil); err != nil {
		t.Fatal(err)
	}
	select {
	case <-o.loads:
	case <-time.After(10 * time.Second):
		t.Error("the accounts are not read anew")
	}
}

func TestOneWatcherForEachFolder(t *testing.T) {
	o := run(t, fine)
	o.call(t, ipc.RoleCommand)
	if err := Run(t.Context(), Params{Data: o.data, Chosen: english, Log: slog.New(slog.DiscardHandler)}); !errors.Is(err, ipc.ErrRunning) {
		t.Errorf("a second watcher: %v", err)
	}
}

func TestWhatCannotBeLoadedEndsIt(t *testing.T) {
	bad := errors.New("the store is broken")
	o := run(t, func(p watch.Params) (watch.Params, error) { return p, bad })
	if err := o.ends(t); !errors.Is(err, bad) {
		t.Errorf("it ended with %v", err)
	}
}

func TestView(t *testing.T) {
	now := time.Date(2023, 1, 26, 18, 0, 0, 0, time.UTC)
	account := func(id string, s watch.State, since time.Time) watch.AccountStatus {
		return watch.AccountStatus{ID: id, Name: "libero.it", State: s, Since: since}
	}
	for name, c := range map[string]struct {
		status watch.Status
		icon   string
		want   string
	}{
		"nothing to watch": {watch.Status{}, "unknown", "No account yet: open Rimbalzo to add one||Open Rimbalzo|(Check now)|Pause||Quit"},
		"all is well": {
			watch.Status{State: watch.Up, Accounts: []watch.AccountStatus{account("anna@libero.it", watch.Up, now)}},
			"up",
			"anna@libero.it: works||Open Rimbalzo|Check now|Pause||Quit",
		},
		"down": {
			watch.Status{State: watch.Down, Accounts: []watch.AccountStatus{account("office", watch.Down, now.Add(-time.Hour))}},
			"down",
			"office (libero.it): out of service, since 17:00 (26 January 2023)||Open Rimbalzo|Check now|Pause||Quit",
		},
		"checked a moment ago": {
			watch.Status{State: watch.Suspect, Accounts: []watch.AccountStatus{{ID: "a@libero.it", Name: "libero.it", State: watch.Suspect, Hand: now.Add(8 * time.Minute)}}},
			"trouble",
			"a@libero.it: refused a login; nothing to do yet||Open Rimbalzo|(Check now (possible from 18:08))|Pause||Quit",
		},
		"paused": {
			watch.Status{State: watch.Up, Paused: true, Accounts: []watch.AccountStatus{account("a@libero.it", watch.Up, now)}},
			"paused",
			"Paused: nothing is checked|a@libero.it: works||Open Rimbalzo|(Check now)|Go on||Quit",
		},
	} {
		v := view(c.status, now, words.New("en"), time.UTC)
		var got []string
		for _, item := range v.Items {
			if item.Disabled {
				item.Label = "(" + item.Label + ")"
			}
			got = append(got, item.Label)
		}
		if v.State != c.icon || strings.Join(got, "|") != c.want {
			t.Errorf("%s: %s %s\nwant %s %s", name, v.State, strings.Join(got, "|"), c.icon, c.want)
		}
	}
	var many watch.Status
	for range 10 {
		many.Accounts = append(many.Accounts, account("a@libero.it", watch.Up, now))
	}
	if v := view(many, now, words.New("en"), time.UTC); v.Items[mostLines].Label != "and 4 more" {
		t.Errorf("ten accounts: %+v", v.Items)
	}
	// Every state has words and an icon in both languages.
	for _, s := range []watch.State{watch.Unknown, watch.Offline, watch.Up, watch.Degraded, watch.Suspect, watch.Down, watch.Flapping, watch.Recovering} {
		for _, lang := range []string{"it", "en"} {
			if w := words.New(lang); !w.Has("watcher.state." + string(s)) {
				t.Errorf("%s has no words for %s", lang, s)
			}
		}
	}
}
