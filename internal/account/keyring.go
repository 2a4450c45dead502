package account

import (
	"context"
	"errors"
	"fmt"
)

// Service is the name under which the keyring has the program's secrets.
const Service = "rimbalzo"

// Keyring gives the vault that keeps secrets in the keyring of the operating system: Keychain on macOS, Credential Manager
// on Windows, the Secret Service elsewhere (https://specifications.freedesktop.org/secret-service/). With mayPrompt the
// system may ask the person to unlock it: for a window or a terminal only, where somebody just did something. Without, a
// locked keyring is [ErrLocked].
func Keyring(mayPrompt bool) Vault { return newKeyring(systemRing(), mayPrompt) }

// ring is one system's keyring. A call comes back early when ctx ends, as far as the system lets it. asking is called
// before the person is asked for something; where it is nil, nobody may be asked. An empty place is [ErrNoSecret].
type ring interface {
	get(ctx context.Context, asking func(), name string) (string, error)
	set(ctx context.Context, asking func(), name, secret string) error
	delete(ctx context.Context, asking func(), name string) error
	// look says how the keyring is; nil is ready. It never asks anybody.
	look(ctx context.Context) error
	// limit is the longest secret it takes at once, in bytes.
	limit() int
}

// keyring is a [Vault] on a system's ring.
type keyring struct {
	ring      ring
	mayPrompt bool
	lane      lane
}

func newKeyring(r ring, mayPrompt bool) *keyring { return &keyring{r, mayPrompt, newLane()} }

func (k *keyring) do(ctx context.Context, what, id string, call func(p places) error) error {
	err := k.lane.do(ctx, func(ctx context.Context, asking func()) error {
		if !k.mayPrompt {
			asking = nil
		}
		return call(places{ctx, asking, k.ring})
	})
	if err != nil {
		return fmt.Errorf("%s the secret of %q: %w", what, id, err)
	}
	return nil
}

// Get gives the secret of an account.
func (k *keyring) Get(ctx context.Context, id string) (string, error) {
	var secret string
	got := make(chan string, 1) // a call that was given up may end later, and finds nobody
	err := k.do(ctx, "get", id, func(p places) error {
		s, err := p.get(id)
		got <- s
		return err
	})
	if err == nil {
		secret = <-got
	}
	return secret, err
}

// Set keeps a secret in place of the one before.
func (k *keyring) Set(ctx context.Context, id, secret string) error {
	return k.do(ctx, "keep", id, func(p places) error { return p.set(id, secret) })
}

// Delete takes a secret away, all pieces of it.
func (k *keyring) Delete(ctx context.Context, id string) error {
	return k.do(ctx, "delete", id, func(p places) error { return p.delete(id) })
}

// State tells whether secrets can be had just now, without asking anybody.
func (k *keyring) State(ctx context.Context) State {
	return stateOf(k.lane.do(ctx, func(ctx context.Context, _ func()) error { return k.ring.look(ctx) }))
}

// stateOf is the state that an error of a ring stands for.
func stateOf(err error) State {
	for _, s := range []struct {
		err   error
		state State
	}{{ErrLocked, Locked}, {ErrNoBus, NoBus}, {ErrNoService, NoService}, {ErrNoKeyring, NoKeyring}, {ErrMute, Mute}} {
		if errors.Is(err, s.err) {
			return s.state
		}
	}
	if err != nil {
		return Broken
	}
	return Ready
}
