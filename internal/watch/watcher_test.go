package watch

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"rimbalzo/internal/probe"
)

// during runs a watcher in virtual time while f does things to it and its world.
func during(t *testing.T, seed uint64, who []string, f func(w *world, watcher *Watcher)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, seed)
		watcher := New(w.params(who...))
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- watcher.Run(ctx) }()
		f(w, watcher)
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Run: %v", err)
		}
		w.manners()
	})
}

// TestAWeekWithoutGrowth: what the watcher holds after a week with a drop every day is what it held after two days.
func TestAWeekWithoutGrowth(t *testing.T) {
	during(t, 1, mixed, func(w *world, watcher *Watcher) {
		measure := func() (goroutines int, heap uint64) {
			synctest.Wait()
			w.mu.Lock()
			w.contacts, w.history.looks = map[string][]time.Time{}, nil // what the test and the history keep is not the watcher's
			w.mu.Unlock()
			runtime.GC()
			runtime.GC()
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			return runtime.NumGoroutine(), m.HeapAlloc
		}
		day := func() {
			w.mu.Lock()
			w.do([]string{"drop", "all"})
			w.mu.Unlock()
			time.Sleep(24 * time.Hour)
		}
		day()
		day()
		goroutines, heap := measure()
		for range 5 {
			day()
		}
		goroutinesAfter, heapAfter := measure()
		if goroutinesAfter > goroutines {
			t.Errorf("%d goroutines after two days, %d after a week", goroutines, goroutinesAfter)
		}
		if heapAfter > heap+1<<20 {
			t.Errorf("%d kB after two days, %d kB after a week", heap>>10, heapAfter>>10)
		}
		for _, e := range watcher.endpoints {
			if len(e.looks) > mostRecent {
				t.Errorf("%s keeps %d looks", e.key, len(e.looks))
			}
		}
	})
}

// TestCancelled: the end comes at once, in the middle of checks that nobody answers, and leaves nothing.
func TestCancelled(t *testing.T) {
	for name, wait := range map[string]time.Duration{"before the first check": 0, "in the middle of checks": 25 * time.Second, "while connections are kept": time.Hour} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t, 1)
			if wait == 25*time.Second {
				w.set("all", behaviour{"silent", 20 * time.Second})
			}
			ctx, cancel := context.WithCancel(t.Context())
			done := make(chan error, 1)
			watcher := New(w.params("anna", "dora"))
			go func() { done <- watcher.Run(ctx) }()
			time.Sleep(wait)
			cancel()
			begin := time.Now()
			if err := <-done; err != nil || time.Since(begin) > time.Second {
				t.Errorf("%s: Run ended with %v after %v", name, err, time.Since(begin))
			}
			if _, err := watcher.CheckNow(t.Context(), ""); !errors.Is(err, errStopped) {
				t.Errorf("%s: a watcher that has ended takes orders: %v", name, err)
			}
		})
	}
}

// TestStaleConnections: after a sleep and after a change of network, a connection that does not answer is given up
// within 30 seconds, and made anew within as many.
func TestStaleConnections(t *testing.T) {
	for name, event := range map[string][]string{"sleep": {"clock", "8h"}, "network": {"network", "office"}} {
		during(t, 2, alone, func(w *world, _ *Watcher) {
			time.Sleep(time.Hour)
			synctest.Wait()
			w.mu.Lock()
			if len(w.links) != 1 {
				t.Fatalf("%s: %d connections are kept", name, len(w.links))
			}
			var old *fakeLink
			for l := range w.links {
				old = l
			}
			w.behave["anna imap"] = behaviour{"silent", time.Second} // the old connection leads nowhere
			w.do(event)
			w.mu.Unlock()
			time.Sleep(30 * time.Second)
			synctest.Wait()
			w.mu.Lock()
			if w.links[old] {
				t.Errorf("%s: the stale connection is kept for more than 30 s", name)
			}
			delete(w.behave, "anna imap")
			w.mu.Unlock()
			time.Sleep(30 * time.Minute)
			synctest.Wait()
			w.mu.Lock()
			defer w.mu.Unlock()
			if len(w.links) != 1 {
				t.Errorf("%s: %d connections half an hour later", name, len(w.links))
			}
		})
	}
}

func TestCheckNow(t *testing.T) {
	during(t, 3, alone, func(w *world, watcher *Watcher) {
		press := func() Hand {
			t.Helper()
			h, err := watcher.CheckNow(w.t.Context(), "anna")
			if err != nil {
				t.Fatal(err)
			}
			return h
		}
		time.Sleep(time.Hour)
		first, second := press(), press()
		if !first.Begun || second.Begun || !second.Next.Equal(first.Next) || time.Until(first.Next) != time.Minute {
			t.Errorf("while it works: %+v, then %+v; want one in a minute", first, second)
		}
		time.Sleep(time.Minute)
		if h := press(); !h.Begun {
			t.Errorf("a minute later: %+v", h)
		}
		w.play("2:00 libero refused\n2:30 end")
		begun := 0
		for range 60 {
			if press().Begun {
				begun++
			}
			time.Sleep(time.Minute)
		}
		if begun < 3 || begun > 6 {
			t.Errorf("%d checks by hand in an hour of trouble; want one in 10 minutes at most, and some", begun)
		}
		synctest.Wait()
		w.mu.Lock()
		contacts := w.contacts["anna imap"]
		w.mu.Unlock()
		for i := 1; i < len(contacts); i++ {
			if contacts[i].Sub(contacts[i-1]) < 2*time.Minute && contacts[i].Sub(w.begin) > 2*time.Hour {
				t.Errorf("two knocks within %v during the trouble", contacts[i].Sub(contacts[i-1]))
			}
		}
		status := watcher.Status()
		if a := status.Accounts[0]; a.Hand.IsZero() || a.Today == 0 || a.Next.IsZero() || a.State != Down {
			t.Errorf("the status does not say when and how often: %+v", a)
		}
		if i := slices.IndexFunc(status.Connections, func(c Connection) bool { return c.Host == "imap imap.libero.it:993" }); i < 0 || status.Connections[i].Why[ForHand] == 0 || status.Connections[i].Today == 0 {
			t.Errorf("the connections do not tell of the knocks by hand: %+v", status.Connections)
		}
	})
}

// restarted runs one watcher after the other over the same history, each for a while.
func (w *world) restarted(times int, each time.Duration, who ...string) Status {
	var last Status
	for range times {
		watcher := New(w.params(who...))
		ctx, cancel := context.WithCancel(w.t.Context())
		done := make(chan error, 1)
		go func() { done <- watcher.Run(ctx) }()
		time.Sleep(each)
		synctest.Wait()
		last = watcher.Status()
		cancel()
		if err := <-done; err != nil {
			w.t.Error(err)
		}
	}
	return last
}

// TestRestartsDoNotHammer: whoever starts the program every two minutes, in the middle of an outage and with a wrong
// password, makes it knock as rarely as one that runs through; the limits of refused logins are held by the world.
func TestRestartsDoNotHammer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, 4)
		w.restarted(1, time.Hour, "anna")
		w.set("libero", behaviour{"refused", time.Second})
		before := len(w.contacts["anna imap"])
		w.restarted(90, 2*time.Minute, "anna")
		if n := len(w.contacts["anna imap"]) - before; n < 3 || n > 14 {
			t.Errorf("%d knocks in three hours of restarts; a watcher that runs through makes about 9", n)
		}
		if got := w.told(); got != "down" {
			t.Errorf("told %q over 90 restarts, want one notice", got)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, 5)
		w.set("anna.imap", behaviour{"auth-failed", time.Second})
		w.set("anna.smtp", behaviour{"auth", time.Second})
		w.restarted(200, 10*time.Minute, "anna", "bruno")
		if n := len(w.refused["anna"]); n < 6 || n > 12 {
			t.Errorf("%d refused logins in 33 hours, want 6 a day", n)
		}
	})
}

// TestRestartAfterADrop: a connection that ended, young or old, is no failed knock. Whoever starts the program again after it
// makes the first one at a random moment of 15 minutes, as the process before would have, and may not press the button at once.
func TestRestartAfterADrop(t *testing.T) {
	for name, look := range map[string]Look{"a young connection": LookAgain, "an old one": LookDrop} {
		longest, held := time.Duration(0), 0
		for seed := range uint64(20) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, seed)
				seen := Seen{
					Operator: "italiaonline", Account: "anna", Endpoint: "imap imap.libero.it:993", Direction: probe.Receive, Look: LookLogin, Ending: probe.EndingOK,
				}
				for ago, l := range map[time.Duration]Look{5 * time.Minute: LookLogin, 4 * time.Minute: LookAgain, 10 * time.Second: look} {
					seen.At, seen.Look = time.Now().Add(-ago), l
					if seen.Ending = probe.EndingOK; ago < time.Minute {
						seen.Ending = probe.EndingCut
					}
					if err := w.history.Note(t.Context(), seen); err != nil {
						t.Fatal(err)
					}
				}
				status := w.restarted(1, time.Second, "anna")
				for _, d := range status.Accounts[0].Directions {
					if next := time.Until(d.Next); d.Direction == probe.Receive {
						longest = max(longest, next)
						if next > firstContact {
							t.Errorf("%s: the first knock is in %v", name, next)
						}
					}
				}
				if status.Accounts[0].Hand.After(time.Now()) {
					held++
				}
			})
		}
		if longest < 2*2*firstPause || held < 10 {
			t.Errorf("%s: the longest of twenty first pauses is %v, %d of them keep the button back", name, longest, held)
		}
	}
}

// TestStateSurvives: an outage that began before a restart goes on after it, and its end is told once.
func TestStateSurvives(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, 6)
		w.restarted(1, time.Hour, "anna")
		w.set("libero", behaviour{"refused", time.Second})
		before := w.restarted(1, 2*time.Hour, "anna")
		after := w.restarted(1, time.Second, "anna")
		if before.State != Down || after.State != Down || len(after.Incidents) != 1 || !after.Incidents[0].Begin.Equal(before.Incidents[0].Begin) {
			t.Errorf("before the restart %s, %+v; after it %s, %+v", before.State, before.Incidents, after.State, after.Incidents)
		}
		w.set("libero", behaviour{"ok", time.Second})
		w.restarted(3, 2*time.Hour, "anna")
		if got := w.told(); got != "down back" {
			t.Errorf("told %q", got)
		}
		all, _ := w.history.Incidents(t.Context(), time.Time{})
		if len(all) != 1 || all[0].Open() || all[0].Endings[probe.EndingRefused] < 3 || len(all[0].Directions) < 2 {
			t.Errorf("incidents: %+v", all)
		}
	})
}

// TestKilledWhileTelling: a process that dies between claiming a notice and showing it does not tell it again; the status
// says that it may not have been seen.
func TestKilledWhileTelling(t *testing.T) {
	for name, notify := range map[string]func(*world) func(context.Context, Notice) error{
		"before it is shown": func(*world) func(context.Context, Notice) error {
			return func(ctx context.Context, _ Notice) error { <-ctx.Done(); return ctx.Err() }
		},
		"after it is shown": func(w *world) func(context.Context, Notice) error {
			return func(ctx context.Context, n Notice) error {
				_ = w.notify(ctx, n)
				<-ctx.Done() // it never comes to saying so
				return ctx.Err()
			}
		},
	} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t, 7)
			w.set("libero", behaviour{"refused", time.Second})
			p := w.params("anna")
			p.Notify = notify(w)
			watcher := New(p)
			ctx, cancel := context.WithCancel(t.Context())
			done := make(chan error, 1)
			go func() { done <- watcher.Run(ctx) }()
			time.Sleep(2 * time.Hour)
			cancel()
			<-done
			status := w.restarted(1, 2*time.Hour, "anna")
			if n := strings.Count(w.told(), "down"); n > 1 {
				t.Errorf("%s: told %d times", name, n)
			}
			if !slices.Equal(status.Unshown, []Kind{KindDown}) {
				t.Errorf("%s: nobody says that the notice may not have been seen: %v", name, status.Unshown)
			}
		})
	}
}

// TestPause: nothing is contacted and nothing told while the watching is paused, also after a restart.
func TestPause(t *testing.T) {
	during(t, 8, alone, func(w *world, watcher *Watcher) {
		time.Sleep(time.Hour)
		if err := watcher.Pause(w.t.Context(), true); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		w.mu.Lock()
		if len(w.links) != 0 {
			t.Error("a connection is kept during the pause")
		}
		n := len(w.contacts["anna smtp"]) + len(w.contacts["anna web"]) + len(w.contacts["anna mx"])
		w.mu.Unlock()
		time.Sleep(5 * time.Hour)
		synctest.Wait()
		w.mu.Lock()
		if now := len(w.contacts["anna smtp"]) + len(w.contacts["anna web"]) + len(w.contacts["anna mx"]); now != n {
			t.Errorf("%d contacts during the pause", now-n)
		}
		w.mu.Unlock()
		if kept, _ := w.history.Get(w.t.Context(), "paused"); kept == "" || !watcher.Status().Paused {
			t.Error("the pause is not kept")
		}
		if err := watcher.Pause(w.t.Context(), false); err != nil {
			t.Fatal(err)
		}
		time.Sleep(3 * time.Hour)
		synctest.Wait()
		w.mu.Lock()
		defer w.mu.Unlock()
		if now := len(w.contacts["anna smtp"]); now < 2 || len(w.links) != 1 {
			t.Error("it does not go on after the pause")
		}
	})
}
