// Package watcher is the process that lives for months in the background: it lets internal/watch check and review, shows
// the tray's icon, shows notices, and answers the window and the command line on its line. It never draws a window and
// knows no toolkit.
package watcher

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"rimbalzo/app/watcher/ipc"
	"rimbalzo/app/watcher/notice"
	"rimbalzo/app/watcher/rest"
	"rimbalzo/app/watcher/tray"
	"rimbalzo/internal/watch"
	"rimbalzo/internal/words"
)

// Params is what a watcher stands on.
type Params struct {
	ID, Name, Version string // of FyneApp.toml
	Data              string // the data folder; one watcher each
	Zone              *time.Location
	// Chosen gives what the person chose, as it is at that moment. It is called at the start and whenever the settings have
	// changed; the error is only logged, since what could be read counts.
	Chosen func() (Choice, error)
	// Load gives what a watch stands on; its Notify and Changed are the watcher's. It is called at the start and whenever the
	// accounts have changed; release, which may be nil, is called when that watch has ended.
	Load func(ctx context.Context) (p watch.Params, release func(), err error)
	// OpenWindow starts the window in a process of its own. Where that process ends badly, failed gets the last of what it said.
	OpenWindow func(failed func(said string)) error
	Log        *slog.Logger
	// Hidden keeps it off the desktop: no icon and no notices, as in a terminal of a server.
	Hidden bool
	// Fleeting ends it when there is nothing to watch and no window any more: a window has started it, and not the person.
	Fleeting bool
	// Printed is told of every status and notice; nil where nobody looks at a terminal. It must not wait.
	Printed func(watch.Status, *watch.Notice)
}

// Choice is what a person chose of what concerns the watcher.
type Choice struct {
	Words *words.Words // in his language
	Quiet watch.Quiet  // what he does not want to be told, and when
}

// process is one run of the watcher.
type process struct {
	Params
	choice  atomic.Pointer[Choice]
	server  *ipc.Server
	desktop desktop
	tray    *tray.Tray
	hosted  atomic.Bool // a tray shows the icon
	current atomic.Pointer[watch.Watcher]
	history atomic.Pointer[watch.History]
	fresh   chan struct{} // something changed that the tray shows
	reload  chan struct{} // the accounts have changed
	quit    context.CancelFunc
}

// Run watches until ctx ends or somebody asks it to quit. It must be called from the main goroutine, which the tray needs
// on macOS and Windows. The error is [ipc.ErrRunning] where another watcher has the data folder, [ipc.ErrStranger], that of
// Load, or that of a history that cannot be read.
func Run(ctx context.Context, p Params) error {
	server, err := ipc.Listen(p.Data, p.Version)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	d := &process{Params: p, server: server, fresh: make(chan struct{}, 1), reload: make(chan struct{}, 1), quit: cancel}
	d.choose()
	d.desktop = desktop{params: notice.Params{ID: p.ID, Name: p.Name, OnAction: func(c notice.Chosen) { d.act(ctx, c.Action) }}}
	defer d.desktop.close()
	d.tray = tray.New(view(watch.Status{}, time.Time{}, d.words(), p.Zone), func(id string) { d.act(ctx, id) })

	var wg sync.WaitGroup
	var served, watched error
	wg.Go(func() {
		defer cancel()
		served = server.Serve(ctx, d.answer)
	})
	wg.Go(func() {
		defer cancel()
		watched = d.watch(ctx)
	})
	wg.Go(func() { d.draw(ctx) })
	wg.Go(func() { d.mindTheTray(ctx) })
	wg.Go(func() { rest.Run(ctx) })
	if p.Fleeting {
		wg.Go(func() { d.mindTheWindows(ctx) })
	}
	p.Log.Info("the watcher has begun", "version", p.Version)
	if p.Hidden {
		<-ctx.Done()
	} else {
		d.tray.Run(ctx)
	}
	cancel()
	wg.Wait()
	p.Log.Info("the watcher has ended")
	return errors.Join(served, watched)
}

// choose takes in what the person chose.
func (d *process) choose() {
	c, err := d.Chosen()
	if err != nil {
		d.Log.Warn("the settings could not be read whole", "error", err)
	}
	d.choice.Store(&c)
}

func (d *process) words() *words.Words { return d.choice.Load().Words }

// watch runs one watch after the other: a new one when the accounts have changed.
func (d *process) watch(ctx context.Context) error {
	for ctx.Err() == nil {
		if err := d.watchOnce(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (d *process) watchOnce(ctx context.Context) error {
	params, release, err := d.Load(ctx)
	if err != nil {
		return err
	}
	if release != nil {
		defer release()
	}
	params.Notify = d.notify
	params.Quiet = func() watch.Quiet { return d.choice.Load().Quiet }
	params.Changed = func(s watch.Status) {
		d.changed()
		if d.Printed != nil {
			d.Printed(s, nil)
		}
	}
	w := watch.New(params)
	d.history.Store(&params.History)
	d.current.Store(w)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	ended := make(chan error, 1)
	go func() { ended <- w.Run(ctx) }()
	select {
	case err := <-ended:
		return err
	case <-d.reload:
		d.Log.Info("the accounts have changed")
		cancel()
		return <-ended
	}
}

// changed has tray and windows look again.
func (d *process) changed() {
	select {
	case d.fresh <- struct{}{}:
	default: // somebody is about to look
	}
}

// drawEvery is how often the tray is looked over though nothing changed: it tells when the next check by hand is possible.
const drawEvery = time.Minute

// draw keeps the tray and the windows up to date.
func (d *process) draw(ctx context.Context) {
	ticker := time.NewTicker(drawEvery)
	defer ticker.Stop()
	var last tray.View
	for {
		select {
		case <-ctx.Done():
			return
		case <-d.fresh:
			d.server.Tell(ipc.EventChanged)
		case <-ticker.C:
		}
		if v := view(d.status().Status, time.Now(), d.words(), d.Zone); !same(v, last) {
			d.tray.Show(v)
			last = v
		}
	}
}

func (d *process) status() Status {
	s := Status{Version: d.Version, Tray: d.hosted.Load()}
	if w := d.current.Load(); w != nil {
		s.Status = w.Status()
	}
	return s
}

// notify shows one notice.
func (d *process) notify(ctx context.Context, n watch.Notice) error {
	title, body := n.Text(d.words(), d.Zone)
	if d.Printed != nil {
		d.Printed(d.status().Status, &n)
	}
	return d.show(ctx, notice.Notice{Key: n.ID, Title: title, Body: body, Urgent: n.Kind == watch.KindResend || n.Kind == watch.KindReopened, Actions: []notice.Action{
		{ID: "open", Label: d.words().T("watcher.open")}, {ID: "snooze", Label: d.words().T("watcher.snooze")},
	}})
}

func (d *process) show(ctx context.Context, n notice.Notice) error {
	if d.Hidden {
		return nil
	}
	err := d.desktop.show(ctx, n)
	if err != nil {
		d.Log.Warn("a notice could not be shown", "error", err)
	}
	return err
}

// trayPatience is how long after the start a tray may come: at login the panel often comes later than the watcher.
var trayPatience = 30 * time.Second

// mindTheTray finds out whether somebody shows the icon, and says once and for all where nobody does.
func (d *process) mindTheTray(ctx context.Context) {
	if d.Hidden {
		return
	}
	for range 2 {
		if d.hosted.Store(tray.Hosted(ctx)); d.hosted.Load() {
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(trayPatience):
		}
	}
	d.Log.Info("no tray shows the icon")
	if len(d.status().Accounts) > 0 { // else nobody expects anything of it
		d.tellOfTray(ctx)
	}
}

// tellOfTray says that there is no icon, in the whole life of a data folder once.
func (d *process) tellOfTray(ctx context.Context) {
	const id = "no-tray"
	h := *d.history.Load()
	if known, err := h.Claimed(ctx, []string{id}); err != nil || known[id] {
		return
	}
	w := d.words()
	n := notice.Notice{Key: id, Title: w.T("watcher.no-tray"), Body: w.T("watcher.no-tray.body"), Actions: []notice.Action{{ID: "open", Label: w.T("watcher.open")}}}
	if d.show(ctx, n) != nil {
		return // on a server without a desktop nobody misses it
	}
	if _, err := h.Claim(ctx, watch.Told{ID: id, Kind: watch.KindMark, At: time.Now(), Keys: []string{id}}); err != nil {
		d.Log.Warn("it may be said again that no tray shows the icon", "error", err)
	}
}

// lonelyFor is how long a fleeting watcher stays with nothing to watch and no window: a window may just be starting.
const lonelyFor = time.Minute

// mindTheWindows ends a watcher that nobody needs.
func (d *process) mindTheWindows(ctx context.Context) {
	lonely := time.Duration(0)
	const step = lonelyFor / 6
	for lonely < lonelyFor {
		select {
		case <-ctx.Done():
			return
		case <-time.After(step):
		}
		if lonely += step; d.server.Windows() > 0 || len(d.status().Accounts) > 0 {
			lonely = 0
		}
	}
	d.Log.Info("there is nothing to watch and no window")
	d.quit()
}

// snoozeFor is how long "not now" lasts.
const snoozeFor = time.Hour

// act does what the person chose in the tray or on a notice.
func (d *process) act(ctx context.Context, id string) {
	w := d.current.Load()
	var err error
	switch {
	case id == "open":
		err = d.open(ctx)
	case id == "quit":
		d.quit()
	case w == nil:
	case id == "check":
		_, err = w.CheckNow(ctx, "")
	case id == "pause":
		err = w.Pause(ctx, !w.Status().Paused)
	case id == "snooze":
		err = w.Snooze(ctx, time.Now().Add(snoozeFor))
	}
	if err != nil && ctx.Err() == nil {
		d.Log.Warn("what was chosen could not be done", "chosen", id, "error", err)
	}
}
