//go:build windows || darwin

package account

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"runtime"
	"syscall"

	gokeyring "github.com/zalando/go-keyring"
)

// systemRing is Keychain or Credential Manager, through go-keyring.
//
// On macOS go-keyring runs /usr/bin/security: the secret is handed to it on its standard input ("add-generic-password", in
// Base64) and comes back on its standard output, never as an argument. The item belongs to that program and not to
// Rimbalzo, so every program of the person can read it with the same command, without being asked. On Windows too, every
// program of the person can read a credential (CredRead).
func systemRing() ring { return system{} }

type system struct{}

// limit leaves room below the 2,560 bytes of Windows and below the 4,096 of a command of macOS in Base64.
func (system) limit() int { return 2000 }

func (system) get(_ context.Context, asking func(), name string) (string, error) {
	mayAsk(asking)
	secret, err := gokeyring.Get(Service, name)
	return secret, meaning(err)
}

func (system) set(_ context.Context, asking func(), name, secret string) error {
	mayAsk(asking)
	return meaning(gokeyring.Set(Service, name, secret))
}

func (system) delete(_ context.Context, asking func(), name string) error {
	mayAsk(asking)
	return meaning(gokeyring.Delete(Service, name))
}

// look asks for a secret that is not there: an answer is an answer.
func (s system) look(ctx context.Context) error {
	if _, err := s.get(ctx, nil, "look piece 0"); !errors.Is(err, ErrNoSecret) {
		return err
	}
	return nil
}

// mayAsk allows for the system's own prompt, of which nothing tells when it is up.
func mayAsk(asking func()) {
	if asking != nil && runtime.GOOS == "darwin" { // Credential Manager never asks
		asking()
	}
}

// What /usr/bin/security ends with: the last byte of the OSStatus (SecBase.h).
var exits = map[int]error{
	36:  ErrLocked,    // errSecInteractionNotAllowed -25308: locked, and nobody can be asked
	37:  ErrNoKeyring, // errSecNoDefaultKeychain -25307
	44:  ErrNoSecret,  // errSecItemNotFound -25300
	50:  ErrNoKeyring, // errSecNoSuchKeychain -25294
	51:  ErrDismissed, // errSecAuthFailed -25293
	128: ErrDismissed, // errSecUserCanceled -128
}

// What Credential Manager says (winerror.h).
const (
	noSuchLogonSession = syscall.Errno(1312) // as in a session by ssh or a service
	notFound           = syscall.Errno(1168)
)

// meaning turns an error of go-keyring into one of this room.
func meaning(err error) error {
	var exit *exec.ExitError
	switch {
	case err == nil:
		return nil
	case errors.Is(err, gokeyring.ErrNotFound), errors.Is(err, notFound):
		return ErrNoSecret
	case errors.Is(err, gokeyring.ErrSetDataTooBig):
		return ErrTooLong
	case errors.Is(err, noSuchLogonSession), errors.Is(err, exec.ErrNotFound):
		return ErrNoService
	case errors.As(err, &exit):
		if known, ok := exits[exit.ExitCode()]; ok {
			return known
		}
	}
	return fmt.Errorf("%w: %w", ErrRefused, err)
}
