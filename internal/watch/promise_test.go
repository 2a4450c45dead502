package watch

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"rimbalzo/internal/advice"
)

// listener is a person with quiet hours and muted kinds, on whose desktop some notices are never shown: the process was
// killed after it had claimed them, before or after they could be seen.
type listener struct {
	*world
	dice  *rand.Rand
	told  map[string]bool // keys
	kinds map[Kind]int
	kill  context.CancelFunc
	kills int
}

func (l *listener) notify(ctx context.Context, n Notice) error {
	l.mu.Lock()
	quiet, killed := l.quiet, l.dice.IntN(6) == 0
	l.kinds[n.Kind]++
	if quiet.holds(time.Now().In(time.UTC)) {
		l.t.Errorf("%v: %s is told in quiet hours", l.clock(), n.Kind)
	}
	if slices.Contains(quiet.Mute, n.Kind) {
		l.t.Errorf("%v: %s is told, though muted", l.clock(), n.Kind)
	}
	for _, key := range n.Keys {
		if l.told[key] {
			l.t.Errorf("%v: %s tells %s a second time", l.clock(), n.Kind, key)
		}
		l.told[key] = true
	}
	l.mu.Unlock()
	if err := l.world.notify(ctx, n); err != nil || !killed {
		return err
	}
	l.mu.Lock()
	l.kills++
	l.mu.Unlock()
	l.kill()
	<-ctx.Done()
	return ctx.Err()
}

// live runs watchers over one history, a new one whenever one was killed, while act goes on.
func (l *listener) live(act func()) {
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		act()
	}()
	for over := false; !over; {
		p := l.params("anna", "dora")
		p.Notify = l.notify
		ctx, cancel := context.WithCancel(l.t.Context())
		l.mu.Lock()
		l.kill = cancel
		l.mu.Unlock()
		done := make(chan error, 1)
		go func() { done <- New(p).Run(ctx) }()
		select {
		case <-ended:
			over = true
		case <-ctx.Done():
		}
		cancel()
		if err := <-done; err != nil {
			l.t.Error(err)
		}
	}
}

// happen lets bounces come, and the provider go and come back, at random for some days, and gives the keys of the bounces.
func (l *listener) happen(days int) (keys []string) {
	var items []Item
	for range days * 12 {
		time.Sleep(time.Duration(l.roll(240)) * time.Minute)
		switch l.roll(4) {
		case 0:
			l.mu.Lock()
			l.set("libero", behaviour{"refused", time.Second})
			l.mu.Unlock()
		case 1:
			l.mu.Lock()
			l.set("libero", behaviour{"ok", time.Second})
			l.mu.Unlock()
		default:
			for range 1 + l.roll(3) {
				it := mailing(fmt.Sprint("m", len(items)), advice.Resend, advice.WhenBack, time.Now())
				items = append(items, it)
				keys = append(keys, "bounce/"+it.Bounces[0].Key)
			}
			l.bring("dora", slices.Clone(items)...)
		}
	}
	l.mu.Lock()
	l.set("libero", behaviour{"ok", time.Second})
	l.mu.Unlock()
	time.Sleep(48 * time.Hour) // nothing more happens: what was kept back is told
	return keys
}

func (l *listener) roll(n int) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.dice.IntN(n)
}

// TestPromises: whatever happens, and however often the process is killed in the middle of telling, nothing is told in quiet
// hours, nor of a muted kind, nor twice, nor more than six times a day, and no bounce is forgotten.
func TestPromises(t *testing.T) {
	if testing.Short() {
		t.Skip("virtual days take some seconds")
	}
	kinds, kills := map[Kind]int{}, 0
	for seed := range max(3, *seeds) {
		synctest.Test(t, func(t *testing.T) {
			dice := rand.New(rand.NewPCG(seed, 7))
			l := &listener{world: newWorld(t, seed), dice: dice, told: map[string]bool{}, kinds: kinds}
			from := dice.IntN(24)
			l.quiet = Quiet{From: time.Duration(from) * time.Hour, To: time.Duration((from+3+dice.IntN(10))%24) * time.Hour}
			for _, kind := range []Kind{KindDown, KindBack, KindBounces, KindResend} {
				if dice.IntN(5) == 0 {
					l.quiet.Mute = append(l.quiet.Mute, kind)
				}
			}
			var keys []string
			l.live(func() {
				time.Sleep(2 * time.Hour) // the first review
				keys = l.happen(3)
			})
			kills += l.kills
			claimed, err := l.history.Claimed(t.Context(), keys)
			if err != nil {
				t.Fatal(err)
			}
			var lost []string
			for _, key := range keys {
				if !claimed[key] {
					lost = append(lost, key)
				}
			}
			if len(lost) > 0 {
				t.Errorf("seed %d: never told: %s", seed, strings.Join(lost, ", "))
			}
		})
	}
	for _, kind := range []Kind{KindDown, KindBack, KindBounces, KindResend} {
		if kinds[kind] == 0 {
			t.Errorf("chance never told %s: this test says nothing of it", kind)
		}
	}
	if kills == 0 {
		t.Error("nobody was ever killed")
	}
	t.Logf("told %v, killed %d times", kinds, kills)
}
