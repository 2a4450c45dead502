//go:build !windows && !darwin

package account

import (
	"context"
	"errors"
	"net"
	"path/filepath"
	"testing"
	"time"
)

// vaultOn is a vault on a bus.
func vaultOn(address string, mayPrompt bool) *keyring {
	return newKeyring(secretService{bus: address}, mayPrompt)
}

// impatient has a vault give up soon, where that is what a test waits for.
func (k *keyring) impatient() *keyring {
	k.lane.limit, k.lane.prompt = 400*time.Millisecond, 800*time.Millisecond
	return k
}

func TestSecretServiceThatWorks(t *testing.T) {
	for name, tc := range map[string]struct {
		service   *fakeService
		mayPrompt bool
	}{
		"unlocked, for a watcher":     {&fakeService{login: true}, false},
		"only a default keyring":      {&fakeService{}, false},
		"unlocked by its prompt":      {&fakeService{locked: true, answer: "unlock"}, true},
		"items that are locked each":  {&fakeService{guarded: true, answer: "unlock"}, true},
		"no keyring until it is made": {&fakeService{none: true, answer: "unlock"}, true},
		"one that ends, and is followed by another": {
			&fakeService{dieAt: "CreateItem", next: &fakeService{}}, false,
		},
	} {
		t.Run(name, func(t *testing.T) {
			address, _ := privateBus(t)
			service := tc.service.serve(t, address)
			v := vaultOn(address, tc.mayPrompt)
			if err := v.Set(t.Context(), "maria@libero.it", "sécret"); err != nil {
				t.Fatal(err)
			}
			if got, err := v.Get(t.Context(), "maria@libero.it"); err != nil || got != "sécret" {
				t.Errorf("got %q, %v", got, err)
			}
			if _, err := v.Get(t.Context(), "elena@libero.it"); !errors.Is(err, ErrNoSecret) {
				t.Errorf("of an account without a secret: %v", err)
			}
			if state := v.State(t.Context()); state != Ready {
				t.Errorf("the state is %q", state)
			}
			if err := v.Delete(t.Context(), "maria@libero.it"); err != nil {
				t.Error(err)
			}
			if _, err := v.Get(t.Context(), "maria@libero.it"); !errors.Is(err, ErrNoSecret) {
				t.Errorf("after deleting: %v", err)
			}
			if !tc.mayPrompt && service.asked("Unlock", "Prompt", "CreateCollection") {
				t.Errorf("a watcher's vault made it ask: %v", service.calls)
			}
		})
	}
}

func TestSecretServiceWithFaults(t *testing.T) {
	const died, locked = "org.freedesktop.DBus.Error.NoReply", "org.freedesktop.Secret.Error.IsLocked"
	kept := func(f *fakeService) *fakeService {
		f.items = map[string]string{"maria": "secret"}
		return f
	}
	for name, tc := range map[string]struct {
		service   *fakeService
		mayPrompt bool
		want      error
		state     State // "" where looking does not tell
	}{
		"locked, for a watcher":               {kept(&fakeService{locked: true, answer: "unlock"}), false, ErrLocked, Locked},
		"locked between the look and the get": {kept(&fakeService{refuse: map[string]string{"GetSecret": locked}}), false, ErrLocked, Ready},
		"an item locked, for a watcher":       {kept(&fakeService{guarded: true, answer: "unlock"}), false, ErrLocked, Ready},
		"no keyring at all":                   {&fakeService{none: true}, false, ErrNoSecret, NoKeyring},
		"prompt dismissed":                    {kept(&fakeService{locked: true, answer: "dismiss"}), true, ErrDismissed, Locked},
		"prompt unanswered":                   {kept(&fakeService{locked: true, answer: "never"}), true, ErrPromptOpen, Locked},
		"prompt answered with garbage":        {kept(&fakeService{locked: true, answer: "garbage"}), true, ErrRefused, Locked},
		"dies while its prompt is up":         {kept(&fakeService{locked: true, answer: "die"}), true, ErrDied, ""},
		"mute from the start":                 {kept(&fakeService{mute: "Get Collections"}), true, ErrMute, Mute},
		"mute when handing out":               {kept(&fakeService{mute: "GetSecret"}), true, ErrMute, Ready},
		"dies in mid-call":                    {kept(&fakeService{dieAt: "GetSecret"}), true, ErrDied, ""},
		"replaced, and the new one lacks it":  {kept(&fakeService{dieAt: "GetSecret", next: &fakeService{}}), true, ErrNoSecret, ""},
		"replaced twice":                      {kept(&fakeService{dieAt: "GetSecret", next: &fakeService{dieAt: "SearchItems", next: &fakeService{}}}), true, ErrReplaced, ""},
		"the item is gone":                    {kept(&fakeService{refuse: map[string]string{"GetSecret": "org.freedesktop.Secret.Error.NoSuchObject"}}), true, ErrNoSecret, Ready},
		"refuses":                             {kept(&fakeService{refuse: map[string]string{"OpenSession": "org.example.Strange"}}), true, ErrRefused, Ready},
		"refuses to be looked at":             {kept(&fakeService{refuse: map[string]string{"Get Collections": "org.example.Strange"}}), true, ErrRefused, Broken},
		"says that nobody answers":            {kept(&fakeService{refuse: map[string]string{"SearchItems": died}}), true, ErrDied, Ready},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			address, _ := privateBus(t)
			service := tc.service.serve(t, address)
			v := vaultOn(address, tc.mayPrompt)
			if tc.want == ErrMute || tc.want == ErrPromptOpen {
				v.impatient()
			}
			if tc.state != "" {
				if state := v.State(t.Context()); state != tc.state {
					t.Errorf("the state is %q, want %q", state, tc.state)
				}
				if service.asked("Unlock", "Prompt") {
					t.Error("looking at the state made it ask")
				}
			}
			got, err := v.Get(t.Context(), "maria")
			if !errors.Is(err, tc.want) || got != "" {
				t.Errorf("got %q, %v; want %v", got, err, tc.want)
			}
			if !tc.mayPrompt && service.asked("Unlock", "Prompt") {
				t.Errorf("a watcher's vault made it ask: %v", service.calls)
			}
		})
	}
}

func TestGivingUpTakesThePromptAway(t *testing.T) {
	address, _ := privateBus(t)
	service := (&fakeService{locked: true, answer: "never", items: map[string]string{"maria": "secret"}}).serve(t, address)
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		defer cancel()
		service.await("Prompt")
	}()
	if _, err := vaultOn(address, true).Get(ctx, "maria"); !errors.Is(err, context.Canceled) {
		t.Errorf("given up: %v", err)
	}
	if !service.await("Dismiss") {
		t.Error("the prompt was left standing")
	}
}

// await waits until a method was called, three seconds at most.
func (f *fakeService) await(method string) bool {
	for range 300 {
		if f.asked(method) {
			return true
		}
		time.Sleep(10 * time.Millisecond)
	}
	return false
}

func TestBusWithoutKeyringAndNoBus(t *testing.T) {
	address, end := privateBus(t)
	v := vaultOn(address, true)
	if _, err := v.Get(t.Context(), "maria"); !errors.Is(err, ErrNoService) || v.State(t.Context()) != NoService {
		t.Errorf("a bus without a service: %v, %s", err, v.State(t.Context()))
	}
	// The bus ends while the service thinks about it.
	(&fakeService{mute: "Get Collections"}).serve(t, address)
	time.AfterFunc(100*time.Millisecond, end)
	if err := v.Set(t.Context(), "maria", "secret"); !errors.Is(err, ErrDied) {
		t.Errorf("the bus ended in mid-call: %v", err)
	}
	if err := v.Set(t.Context(), "maria", "secret"); !errors.Is(err, ErrNoBus) || v.State(t.Context()) != NoBus {
		t.Errorf("after the bus ended: %v", err)
	}
	// Something listens where the bus should be, and says nothing.
	socket := filepath.Join(t.TempDir(), "s")
	l, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	mute := vaultOn("unix:path="+socket, true).impatient()
	if err := mute.Set(t.Context(), "maria", "secret"); !errors.Is(err, ErrMute) || mute.State(t.Context()) != Mute {
		t.Errorf("a mute bus: %v", err)
	}
}
