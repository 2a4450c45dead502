package watcher

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"runtime"
	"testing"
	"time"

	"rimbalzo/app/watcher/ipc"
	"rimbalzo/app/watcher/notice"
	"rimbalzo/app/watcher/tray"
	"rimbalzo/internal/watch"
)

// load is what a process holds on to.
type load struct {
	goroutines, files int
	heap              uint64 // bytes
}

// loadOf waits until what is about to end has ended: goroutines are counted when they are fewest.
func loadOf(t *testing.T) load {
	t.Helper()
	l := load{goroutines: 1 << 20, files: 1 << 20}
	for range 50 {
		files, err := os.ReadDir("/proc/self/fd")
		if err != nil {
			t.Fatal(err)
		}
		l.goroutines, l.files = min(l.goroutines, runtime.NumGoroutine()), min(l.files, len(files))
		time.Sleep(10 * time.Millisecond)
	}
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	l.heap = m.HeapAlloc
	return l
}

// TestAWeek lives through a week in front of a desktop and its windows: every minute other words in the tray, every hour another
// state, six notices a day that somebody presses, windows that come and go. Nothing may grow.
func TestAWeek(t *testing.T) {
	d := startDesk(t, true)
	data := t.TempDir()
	server, err := ipc.Listen(data, "1")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	pressed := make(chan string, 16)
	p := &process{Params: Params{ID: "app.id", Name: "App", Version: "1", Data: data, Chosen: english, Zone: time.UTC, Log: slog.New(slog.DiscardHandler)}, server: server, quit: cancel}
	p.choose()
	p.desktop = desktop{params: notice.Params{ID: "app.id", Name: "App", OnAction: func(c notice.Chosen) { pressed <- c.Action }}}
	p.tray = tray.New(view(watch.Status{}, time.Time{}, p.words(), time.UTC), func(string) {})
	ended := make(chan struct{}, 2)
	go func() { p.tray.Run(ctx); ended <- struct{}{} }()
	go func() { _ = server.Serve(ctx, p.answer); ended <- struct{}{} }()
	var item string
	select {
	case item = <-d.icons:
	case <-time.After(10 * time.Second):
		t.Fatal("the icon does not come")
	}

	clock := time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)
	states := []watch.State{watch.Up, watch.Degraded, watch.Suspect, watch.Down, watch.Flapping, watch.Recovering, watch.Offline, watch.Unknown}
	var window *ipc.Client
	minute := func(i int) {
		clock = clock.Add(time.Minute)
		s := watch.Status{At: clock, State: states[i/60%len(states)], Paused: i/60%24 == 5}
		for a := range 1 + i/60%3 {
			s.Accounts = append(s.Accounts, watch.AccountStatus{ID: fmt.Sprint("account", a), Name: "libero.it", State: s.State, Since: clock.Truncate(time.Hour), Hand: clock.Add(time.Hour)})
		}
		p.tray.Show(view(s, clock, p.words(), time.UTC))
		server.Tell(ipc.EventChanged)
		if i%240 == 0 { // six a day
			if err := p.show(ctx, notice.Notice{Key: fmt.Sprint("notice", i), Title: "Back", Body: "It was down.", Actions: []notice.Action{{ID: "open", Label: "Open"}, {ID: "snooze", Label: "Later"}}}); err != nil {
				t.Fatal(err)
			}
			_, id := d.last()
			d.press(t, id, "snooze")
			if got := <-pressed; got != "snooze" {
				t.Fatalf("pressed: %s", got)
			}
		}
		switch i % 120 { // a window is open for an hour, and closed for another
		case 10:
			if window, err = ipc.Dial(ctx, data, "1", ipc.RoleWindow); err != nil {
				t.Fatal(err)
			}
		case 70:
			window.Close()
		}
		if i%10 == 0 {
			c, err := ipc.Dial(ctx, data, "1", ipc.RoleCommand)
			if err != nil {
				t.Fatal(err)
			}
			if err := c.Ask(ctx, VerbStatus, nil, nil); err != nil {
				t.Fatal(err)
			}
			c.Close()
		}
		if i%60 == 0 { // the panel looks at the menu
			if call := d.conn.Object(item, "/StatusNotifierItem/menu").Call("com.canonical.dbusmenu.GetLayout", 0, int32(0), int32(-1), []string{}); call.Err != nil {
				t.Fatal(call.Err)
			}
		}
	}
	const day = 24 * 60
	for i := range day {
		minute(i)
	}
	before := loadOf(t)
	for i := range 7 * day {
		minute(i)
	}
	after := loadOf(t)
	t.Logf("after a day %+v, a week later %+v", before, after)
	if after.goroutines > before.goroutines+2 || after.files > before.files || after.heap > before.heap+512<<10 {
		t.Errorf("it grows: after a day %+v, a week later %+v", before, after)
	}
	// When the session ends, its bus goes first. The watcher must live on.
	d.end()
	for i := range 100 {
		p.tray.Show(view(watch.Status{State: states[i%len(states)]}, clock, p.words(), time.UTC))
		time.Sleep(time.Millisecond)
	}
	if err := p.show(ctx, notice.Notice{Key: "late", Title: "Nobody sees it"}); err == nil {
		t.Error("a notice was shown on a desktop that is gone")
	}
	if c, err := ipc.Dial(ctx, data, "1", ipc.RoleCommand); err != nil || c.Ask(ctx, VerbStatus, nil, nil) != nil {
		t.Errorf("it no longer answers: %v", err)
	}
	p.desktop.close()
	cancel()
	<-ended
	<-ended
}
