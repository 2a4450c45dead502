package watch

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"rimbalzo/internal/probe"
)

// reviews counts the reviews of a watch of the accounts, in virtual time, while act goes on; each takes some time.
func reviews(t *testing.T, takes time.Duration, change func(*Params), act func(w *world, count *atomic.Int32)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, 1)
		p := w.params("anna")
		var count atomic.Int32
		p.Review = func(ctx context.Context, _ string) ([]Item, error) {
			select {
			case <-ctx.Done():
			case <-time.After(takes):
			}
			count.Add(1)
			return nil, nil
		}
		if change != nil {
			change(&p)
		}
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- New(p).Run(ctx) }()
		act(w, &count)
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

// TestMailOnThisComputerIsFollowed: a change of its files leads to a review within seconds, with no server and no network.
func TestMailOnThisComputerIsFollowed(t *testing.T) {
	changes := make(chan struct{})
	var followed atomic.Int32
	offline := func(p *Params) {
		p.Accounts = []Account{{ID: "files", Operator: "files", Name: "files", Reads: true}}
		p.Network = func() Network { return Network{} }
		p.Follow = func(ctx context.Context, _ string, changed func()) error {
			followed.Add(1)
			defer followed.Add(-1)
			for {
				select {
				case <-ctx.Done():
					return ctx.Err()
				case <-changes:
					changed()
				}
			}
		}
	}
	reviews(t, time.Second, func(p *Params) { changes = make(chan struct{}); offline(p) }, func(_ *world, count *atomic.Int32) {
		time.Sleep(time.Minute)
		if count.Load() != 1 || followed.Load() != 1 {
			t.Fatalf("at first %d reviews, %d follow", count.Load(), followed.Load())
		}
		changes <- struct{}{}
		time.Sleep(newMailTo + 2*time.Second)
		if count.Load() != 2 {
			t.Errorf("after a change %d reviews", count.Load())
		}
	})
	if followed.Load() != 0 {
		t.Error("it follows still")
	}
}

// TestNewMailDuringAReview: what comes while a review is under way is reviewed after it.
func TestNewMailDuringAReview(t *testing.T) {
	changes := make(chan struct{})
	reviews(t, time.Minute, func(p *Params) {
		changes = make(chan struct{})
		p.Accounts = []Account{{ID: "files", Operator: "files", Name: "files", Reads: true}}
		p.Follow = func(ctx context.Context, _ string, changed func()) error {
			select {
			case <-ctx.Done():
			case <-changes:
				changed()
				<-ctx.Done()
			}
			return ctx.Err()
		}
	}, func(_ *world, count *atomic.Int32) {
		time.Sleep(firstReview + 30*time.Second)
		changes <- struct{}{}
		time.Sleep(10 * time.Minute)
		if count.Load() != 2 {
			t.Errorf("%d reviews, want another one after the first", count.Load())
		}
	})
}

// TestPort25 holds that a check knows whether this network lets port 25 through: for a week, after a restart too, and not on another one.
func TestPort25(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, 1)
		first := make(chan bool, 1) // whether the first look of a run knew it open
		play := func(sign string, d time.Duration) bool {
			p := w.params("anna")
			check := p.Check
			p.Check = func(ctx context.Context, target probe.Target) probe.Result {
				if target.Kind == probe.KindMX {
					select {
					case first <- target.LineOpen:
					default:
					}
				}
				return check(ctx, target)
			}
			p.Network = func() Network { return Network{Up: true, Sign: sign} }
			ctx, cancel := context.WithTimeout(t.Context(), d)
			defer cancel()
			if err := New(p).Run(ctx); err != nil {
				t.Error(err)
			}
			return <-first
		}
		for _, c := range []struct {
			sign string
			wait time.Duration
			want bool
		}{{"home", 0, false}, {"home", 0, true}, {"train", 0, false}, {"train", 6 * 24 * time.Hour, true}, {"train", 8 * 24 * time.Hour, false}} {
			time.Sleep(c.wait)
			if got := play(c.sign, time.Hour); got != c.want {
				t.Errorf("on %q after %v: open %v, want %v", c.sign, c.wait, got, c.want)
			}
		}
	})
}

// TestBlockedPort25 holds that a line that blocks port 25 is remembered: by the watcher, and for whoever checks by hand. What was
// seen with nobody to compare with, or on another network, is not.
func TestBlockedPort25(t *testing.T) {
	for name, c := range map[string]struct {
		others []string
		sign   string
		want   bool
	}{
		"at home":           {[]string{"gmail.com"}, "home", true},
		"in the train":      {[]string{"gmail.com"}, "train", false},
		"nobody to compare": {nil, "home", false},
	} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t, 1)
			w.set("mx", behaviour{probe.EndingUnseen, time.Second})
			p := w.params("anna")
			for i := range p.Accounts[0].Targets {
				p.Accounts[0].Targets[i].Others = c.others
			}
			w.run(p, "1:00 end")
			known, err := LoadPort25(t.Context(), w.history)
			if err != nil {
				t.Fatal(err)
			}
			mx, imap := probe.Target{Kind: probe.KindMX, Host: "libero.it"}, probe.Target{Kind: probe.KindIMAP, Host: "imap.libero.it"}
			known.Apply(&mx, Network{Up: true, Sign: c.sign}, time.Now())
			known.Apply(&imap, Network{Up: true, Sign: c.sign}, time.Now())
			if mx.LineBlocked != c.want || mx.LineOpen || imap.LineBlocked {
				t.Errorf("%s: %+v, %+v", name, mx, imap)
			}
		})
	}
}
