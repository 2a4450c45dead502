package account

import (
	"context"
	"errors"
	"maps"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// stubRing is a keyring in memory with a system's limit, and with a fault where before makes one.
type stubRing struct {
	sync.Mutex
	kept   map[string]string
	most   int
	before func(ctx context.Context, asking func(), method, name string) error
}

func (r *stubRing) do(ctx context.Context, asking func(), method, name string, act func() error) error {
	if r.before != nil {
		if err := r.before(ctx, asking, method, name); err != nil {
			return err
		}
	}
	r.Lock()
	defer r.Unlock()
	if _, ok := r.kept[name]; !ok && method != "set" && method != "look" {
		return ErrNoSecret
	}
	return act()
}

func (r *stubRing) get(ctx context.Context, asking func(), name string) (secret string, err error) {
	err = r.do(ctx, asking, "get", name, func() error { secret = r.kept[name]; return nil })
	return secret, err
}

func (r *stubRing) set(ctx context.Context, asking func(), name, secret string) error {
	return r.do(ctx, asking, "set", name, func() error {
		if len(secret) > r.most {
			return ErrTooLong
		}
		r.kept[name] = secret
		return nil
	})
}

func (r *stubRing) delete(ctx context.Context, asking func(), name string) error {
	return r.do(ctx, asking, "delete", name, func() error { delete(r.kept, name); return nil })
}

func (r *stubRing) look(ctx context.Context) error {
	return r.do(ctx, nil, "look", "", func() error { return nil })
}

func (r *stubRing) limit() int { return r.most }

func newStub(before func(context.Context, func(), string, string) error) *stubRing {
	return &stubRing{kept: map[string]string{"maria": "secret"}, most: 2000, before: before}
}

// TestEveryCallComesBackInTime runs in virtual time: how long a caller waits is exact.
func TestEveryCallComesBackInTime(t *testing.T) {
	var never chan struct{} // made anew in each bubble of virtual time
	for name, tc := range map[string]struct {
		before func(ctx context.Context, asking func(), method, name string) error
		cancel time.Duration // when the caller gives up; 0: never
		want   error
		took   time.Duration
	}{
		"at once":            {nil, 0, nil, 0},
		"after four seconds": {func(context.Context, func(), string, string) error { time.Sleep(4 * time.Second); return nil }, 0, nil, 4 * time.Second},
		"never":              {func(context.Context, func(), string, string) error { <-never; return nil }, 0, ErrMute, callLimit + windUp},
		"when told to": {
			func(ctx context.Context, _ func(), _, _ string) error { <-ctx.Done(); return ctx.Err() }, 0, ErrMute, callLimit,
		},
		"answered after 50 s": {
			func(_ context.Context, asking func(), _, _ string) error {
				asking()
				time.Sleep(50 * time.Second)
				return nil
			}, 0, nil, 50 * time.Second,
		},
		"unanswered": {
			func(ctx context.Context, asking func(), _, _ string) error { asking(); <-ctx.Done(); return ctx.Err() }, 0, ErrPromptOpen, promptLimit,
		},
		"given up while asking": {
			func(ctx context.Context, asking func(), _, _ string) error { asking(); <-ctx.Done(); return ctx.Err() },
			20 * time.Second, context.Canceled, 20 * time.Second,
		},
		"a panic": {func(context.Context, func(), string, string) error { panic("of the library") }, 0, ErrRefused, 0},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				never = make(chan struct{})
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				if tc.cancel > 0 {
					time.AfterFunc(tc.cancel, cancel)
				}
				start := time.Now()
				v := newKeyring(newStub(tc.before), true)
				secret, err := v.Get(ctx, "maria")
				if took := time.Since(start); !errors.Is(err, tc.want) || took != tc.took || (err == nil) != (secret == "secret") {
					t.Errorf("%q, %v after %v; want %v after %v", secret, err, took, tc.want, tc.took)
				}
				if name == "never" {
					// One call hangs; those that follow do not start another one, and come back too.
					for range 3 {
						if _, err := v.Get(ctx, "maria"); !errors.Is(err, ErrMute) {
							t.Errorf("after a call that hangs: %v", err)
						}
					}
					if state := v.State(ctx); state != Mute {
						t.Errorf("the state is %q, want mute", state)
					}
					never <- struct{}{} // exactly one waits
					synctest.Wait()
				}
			})
		})
	}
}

func TestLongSecretIsKeptInPieces(t *testing.T) {
	r := newStub(nil)
	r.kept = map[string]string{}
	v := newKeyring(r, true)
	for _, secret := range []string{"short", strings.Repeat("x", 2000), strings.Repeat("é", 2001), strings.Repeat("y", 30_000), pieceMark + "1:trick", "", "short again"} {
		if err := v.Set(t.Context(), "maria", secret); err != nil {
			t.Fatalf("%d bytes: %v", len(secret), err)
		}
		if got, err := v.Get(t.Context(), "maria"); err != nil || got != secret {
			t.Errorf("%d bytes: came back as %d bytes, %v", len(secret), len(got), err)
		}
		if want := 1 + len(secret)/2001; len(secret) < 2000 && secret != pieceMark+"1:trick" && len(r.kept) != want {
			t.Errorf("%d bytes: %d places are used, want %d", len(secret), len(r.kept), want)
		}
	}
	if err := v.Set(t.Context(), "maria", strings.Repeat("z", 40_000)); !errors.Is(err, ErrTooLong) {
		t.Errorf("a secret of 40,000 bytes: %v", err)
	}
	if err := errors.Join(v.Set(t.Context(), "maria", strings.Repeat("a", 7000)), v.Set(t.Context(), "other", "stays")); err != nil {
		t.Fatal(err)
	}
	whole := maps.Clone(r.kept)
	for damage, do := range map[string]func(){
		"a piece changed":   func() { r.kept[pieceName("maria", 2)] = "b" },
		"a piece gone":      func() { delete(r.kept, pieceName("maria", 4)) },
		"the note of fewer": func() { r.kept["maria"] = strings.Replace(r.kept["maria"], "4:", "3:", 1) },
		"the note of none":  func() { r.kept["maria"] = pieceMark },
	} {
		do()
		if got, err := v.Get(t.Context(), "maria"); !errors.Is(err, ErrDamaged) {
			t.Errorf("%s: got %d bytes, %v", damage, len(got), err)
		}
		maps.Copy(r.kept, whole)
	}
	if err := v.Delete(t.Context(), "maria"); err != nil || len(r.kept) != 1 || r.kept["other"] != "stays" {
		t.Errorf("after deleting, %d places are left, %v", len(r.kept), err)
	}
	if err := v.Delete(t.Context(), "maria"); err != nil {
		t.Errorf("deleting what is not there: %v", err)
	}
}
