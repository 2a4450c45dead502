package account

import (
	"context"
	"errors"
)

// Vault keeps secrets, one for each account. Every call comes back: after 5 seconds, or 60 while the system asks the
// person to unlock the keyring, or when its context ends. It is safe for concurrent use.
type Vault interface {
	// Get gives the secret of an account; [ErrNoSecret] where none is kept.
	Get(ctx context.Context, id string) (string, error)
	// Set keeps a secret in place of the one before.
	Set(ctx context.Context, id, secret string) error
	// Delete takes a secret away; none being there is no error.
	Delete(ctx context.Context, id string) error
	// State tells whether secrets can be had just now. It never makes the system ask the person for anything.
	State(ctx context.Context) State
}

// State is how a vault is.
type State string

// The states of a vault. All but Ready and Locked mean that no secret can be kept beyond the program's end.
const (
	Ready     State = "ready"
	Locked    State = "locked"     // it has to be unlocked, which only a window or a terminal may ask for
	NoBus     State = "no-bus"     // Linux: there is no D-Bus session, as in a plain ssh login
	NoService State = "no-service" // no keyring program answers to the name
	NoKeyring State = "no-keyring" // the keyring program runs, and holds no keyring yet
	Mute      State = "mute"       // it is there and does not answer
	Broken    State = "broken"     // it answers with an error
)

// What can be wrong with a keyring. [Describe] has a sentence and a next step for each.
var (
	// ErrNoSecret: the keyring holds no secret of that account (any more).
	ErrNoSecret = errors.New("no secret of this account in the keyring")
	// ErrLocked: the keyring is locked, and the caller may not make the system ask for its password.
	ErrLocked = errors.New("the keyring is locked")
	// ErrDismissed: the person was asked to unlock the keyring and did not.
	ErrDismissed = errors.New("the keyring's prompt was dismissed")
	// ErrNoBus: there is no D-Bus session to find a keyring on.
	ErrNoBus = errors.New("there is no D-Bus session")
	// ErrNoService: no program on this computer keeps secrets.
	ErrNoService = errors.New("there is no keyring service")
	// ErrNoKeyring: the service has no keyring yet, and making one takes the person.
	ErrNoKeyring = errors.New("the keyring service holds no keyring")
	// ErrMute: the keyring did not answer in time.
	ErrMute = errors.New("the keyring does not answer")
	// ErrPromptOpen: the person did not answer the keyring's prompt in time.
	ErrPromptOpen = errors.New("the keyring's prompt was not answered")
	// ErrDied: the keyring ended in the middle of a call.
	ErrDied = errors.New("the keyring ended in the middle of a call")
	// ErrReplaced: another keyring took the place of the one that was being spoken to, twice in one call.
	ErrReplaced = errors.New("another keyring took over in the middle of a call")
	// ErrTooLong: the secret is longer than any keyring takes.
	ErrTooLong = errors.New("the secret is too long for the keyring")
	// ErrDamaged: what the keyring gave back is not what was put in.
	ErrDamaged = errors.New("the secret in the keyring is damaged")
	// ErrRefused: the keyring answered with an error of its own.
	ErrRefused = errors.New("the keyring refused")
)
