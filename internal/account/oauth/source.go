package oauth

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/gofrs/flock"
	"golang.org/x/oauth2"
)

const (
	// early is how long before its end an access token is replaced: a login that takes a while must not outlive it.
	early = 2 * time.Minute
	// refreshTime bounds one renewal with all it takes: the other process, the vault, the provider.
	refreshTime = 90 * time.Second
	// lockPause is how often one looks whether the other process is done.
	lockPause = 50 * time.Millisecond
)

// Keeper is where a grant is kept.
type Keeper struct {
	// Load gives the grant as it is kept now: the other process may have renewed it.
	Load func(ctx context.Context) (Grant, error)
	// Save keeps a new refresh token. Microsoft replaces it at each use
	// (https://learn.microsoft.com/en-us/entra/identity-platform/refresh-tokens).
	Save func(ctx context.Context, g Grant) error
	// LockFile keeps the watcher and the window from renewing the same grant at once; a file in the data folder, one per
	// account. "" where there is one process only.
	LockFile string
}

// Source gives access tokens for a grant. It is safe for use by several goroutines.
type Source struct {
	provider Provider
	client   Client
	keeper   Keeper
	now      func() time.Time

	mu      sync.Mutex
	current token
	running *renewal

	// Of the renewal that runs; there is one at a time.
	unsaved Grant  // a new grant that the vault did not take; it is tried again
	dead    string // the refresh token that the provider no longer takes
}

// renewal is one request for a fresh token, shared by everybody who waits for it.
type renewal struct {
	done chan struct{}
	err  error
}

// NewSource gives the source of an account's access tokens. first is the grant just signed in for, or the zero Grant.
func NewSource(p Provider, client Client, keeper Keeper, first Grant) *Source {
	return &Source{provider: p, client: client, keeper: keeper, now: time.Now, current: first.access}
}

// Token gives an access token that is good for two more minutes at least. refused says that the mail server did not take the
// last one, so that a fresh one is needed whatever its age. A revoked grant is [ErrRevoked], at once and without asking the
// provider again until another grant is kept; a network that fails is never taken for that.
func (s *Source) Token(ctx context.Context, refused bool) (string, error) {
	s.mu.Lock()
	if !refused && s.current.good(s.now()) {
		defer s.mu.Unlock()
		return s.current.text, nil
	}
	r := s.running
	if r == nil {
		r = &renewal{done: make(chan struct{})}
		s.running = r
		// It goes on when the caller gives up: between the provider's answer and the vault a rotated token could be lost.
		go s.renew(context.WithoutCancel(ctx), r)
	}
	s.mu.Unlock()
	select {
	case <-r.done:
	case <-ctx.Done():
		return "", ctx.Err()
	}
	if r.err != nil {
		return "", r.err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.current.text, nil
}

// good reports whether an access token can be handed out. Age is the larger of what the wall clock and what the running clock
// say: one of them stands still in suspend, the other jumps when it is set.
func (t token) good(now time.Time) bool {
	age := max(now.Sub(t.issued), now.Round(0).Sub(t.issued.Round(0)))
	return t.text != "" && age < t.lasts-early
}

// renew gets a fresh token and tells everybody who waits.
func (s *Source) renew(ctx context.Context, r *renewal) {
	ctx, cancel := context.WithTimeout(ctx, refreshTime)
	defer cancel()
	fresh, err := s.locked(ctx)
	s.mu.Lock()
	if err == nil {
		s.current = fresh
	}
	r.err, s.running = err, nil
	s.mu.Unlock()
	close(r.done)
}

// locked renews while no other process does.
func (s *Source) locked(ctx context.Context) (token, error) {
	if s.keeper.LockFile == "" {
		return s.refresh(ctx)
	}
	if err := os.MkdirAll(filepath.Dir(s.keeper.LockFile), 0o700); err != nil {
		return token{}, fmt.Errorf("make the folder of the lock: %w", err)
	}
	lock := flock.New(s.keeper.LockFile, flock.SetPermissions(0o600))
	if _, err := lock.TryLockContext(ctx, lockPause); err != nil {
		return token{}, fmt.Errorf("wait for the other part of the program to renew the sign-in: %w", err)
	}
	defer func() { _ = lock.Close() }() // the file stays; its lock ends with the descriptor
	return s.refresh(ctx)
}

// refresh asks with the grant that is kept. When the provider refuses it, it is read once more: it may have been replaced
// by a program that knows no lock.
func (s *Source) refresh(ctx context.Context) (token, error) {
	g, err := s.grant(ctx)
	if err != nil {
		return token{}, err
	}
	if g.Refresh == s.dead {
		return token{}, &Error{Provider: s.provider.Name, Kind: "revoked", Err: ErrRevoked}
	}
	fresh, err := s.ask(ctx, g)
	if errors.Is(err, ErrRevoked) {
		if again, loadErr := s.keeper.Load(ctx); loadErr == nil && again.Refresh != g.Refresh {
			g = again
			fresh, err = s.ask(ctx, g)
		}
	}
	if errors.Is(err, ErrRevoked) {
		s.dead, s.unsaved = g.Refresh, Grant{}
	}
	return fresh, err
}

// grant is the one to ask with: what could not be kept yet comes first.
func (s *Source) grant(ctx context.Context) (Grant, error) {
	if s.unsaved.Refresh != "" {
		return s.unsaved, nil
	}
	kept, err := s.keeper.Load(ctx)
	if err != nil {
		return Grant{}, fmt.Errorf("take the %v out of the keyring: %w", Grant{Provider: s.provider.ID}, err)
	}
	return kept, nil
}

// ask trades a refresh token for an access token (RFC 6749 section 6) and keeps a new refresh token at once.
func (s *Source) ask(ctx context.Context, g Grant) (token, error) {
	asked := s.now()
	config := s.client.config(s.provider, "")
	t, err := config.TokenSource(context.WithValue(ctx, oauth2.HTTPClient, s.client.http()), &oauth2.Token{RefreshToken: g.Refresh}).Token()
	if err != nil {
		return token{}, tokenError(s.provider, err)
	}
	if next := (Grant{Provider: g.Provider, Refresh: t.RefreshToken}); next.Refresh != g.Refresh || s.unsaved.Refresh != "" {
		// The token is good whether or not the vault takes the grant; when it does not, it is tried again next time.
		s.unsaved = next
		if s.keeper.Save(ctx, next) == nil {
			s.unsaved = Grant{}
		}
	}
	return tokenOf(t, asked), nil
}
