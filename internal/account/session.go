package account

import (
	"context"
	"errors"
	"fmt"
	"sync"
)

// ErrOnlyMemory: the secret could not be put into the keyring, and is kept in memory until the program ends.
var ErrOnlyMemory = errors.New("the secret is kept in memory only")

// Session is a vault that keeps in memory what its keyring does not take, until the program ends. Nothing is ever written
// to a file.
type Session struct {
	Vault

	mu   sync.Mutex
	kept map[string]string
}

// Remember gives the vault for one run of the program.
func Remember(v Vault) *Session { return &Session{Vault: v, kept: map[string]string{}} }

// Get gives the secret of an account, out of memory where the keyring did not take it.
func (s *Session) Get(ctx context.Context, id string) (string, error) {
	s.mu.Lock()
	secret, ok := s.kept[id]
	s.mu.Unlock()
	if ok {
		return secret, nil
	}
	return s.Vault.Get(ctx, id)
}

// Set keeps a secret. Where the keyring does not take it, it is kept in memory and the error is [ErrOnlyMemory] with the
// keyring's own reason.
func (s *Session) Set(ctx context.Context, id, secret string) error {
	err := s.Vault.Set(ctx, id, secret)
	s.mu.Lock()
	defer s.mu.Unlock()
	if err == nil {
		delete(s.kept, id)
		return nil
	}
	s.kept[id] = secret
	return fmt.Errorf("%w: %w", ErrOnlyMemory, err)
}

// Delete takes a secret away, out of memory and keyring.
func (s *Session) Delete(ctx context.Context, id string) error {
	s.mu.Lock()
	delete(s.kept, id)
	s.mu.Unlock()
	return s.Vault.Delete(ctx, id)
}
