package oauth

import (
	"context"
	"errors"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// vault is where the test keeps a grant, as the keyring would.
type vault struct {
	mu   sync.Mutex
	text string
	full bool // refuses to keep
}

func (v *vault) keeper(lock string) Keeper {
	return Keeper{
		Load: func(context.Context) (Grant, error) {
			v.mu.Lock()
			defer v.mu.Unlock()
			return ParseGrant(v.text)
		},
		Save: func(_ context.Context, g Grant) error {
			v.mu.Lock()
			defer v.mu.Unlock()
			if v.full {
				return errors.New("the keyring is locked")
			}
			v.text = g.Encode()
			return nil
		},
		LockFile: lock,
	}
}

// granted gives a source with a grant that the server knows, and a clock that the test sets.
func granted(t *testing.T, a *authority) (*Source, *vault, *time.Time) {
	t.Helper()
	a.refresh[canary+"-refresh-0"] = true
	v := &vault{text: Grant{Provider: "google", Refresh: canary + "-refresh-0"}.Encode()}
	s := NewSource(a.provider(), a.registered(), v.keeper(""), Grant{})
	now := time.Date(2023, 1, 26, 12, 0, 0, 0, time.UTC)
	s.now = func() time.Time { return now }
	return s, v, &now
}

func TestTokenIsRenewedBeforeItsEnd(t *testing.T) {
	for _, lasts := range []int{3600, 0} {
		a := newAuthority(t)
		a.lasts = lasts
		s, _, now := granted(t, a)
		life := time.Duration(lasts) * time.Second
		if lasts == 0 {
			life = unsaidLife
		}
		count := 0
		for _, step := range []struct {
			at      time.Duration
			refused bool
			issued  int
		}{
			{0, false, 1},
			{time.Minute, false, 1},
			{life - early - time.Second, false, 1},
			{life - early, false, 2},
			{life, false, 2},
			{life, true, 3}, // the mail server did not take it, whatever its age
			{5 * life, false, 4},
		} {
			*now = time.Date(2023, 1, 26, 12, 0, 0, 0, time.UTC).Add(step.at)
			text, err := s.Token(t.Context(), step.refused)
			if err != nil || !a.access[text] || a.count() != step.issued {
				t.Errorf("%d s, after %s (refused %v): %d tokens, want %d; %v", lasts, step.at, step.refused, a.count(), step.issued, err)
			}
			count++
		}
	}
}

func TestRotatedTokenIsKeptAtOnce(t *testing.T) {
	a := newAuthority(t)
	a.rotates = true
	s, v, _ := granted(t, a)
	for range 3 {
		if _, err := s.Token(t.Context(), true); err != nil {
			t.Fatal(err)
		}
		g, err := ParseGrant(v.text)
		if err != nil || !a.refresh[g.Refresh] {
			t.Fatal("the vault holds a refresh token that no longer works")
		}
	}
	// The vault is locked for a while: the new grant is not lost.
	v.full = true
	for range 2 {
		if _, err := s.Token(t.Context(), true); err != nil {
			t.Fatal(err)
		}
	}
	v.full = false
	if _, err := s.Token(t.Context(), true); err != nil {
		t.Fatal(err)
	}
	if g, err := ParseGrant(v.text); err != nil || !a.refresh[g.Refresh] {
		t.Error("after the vault opened again it holds a refresh token that no longer works")
	}
}

// TestTwoProcessesShareAGrant: watcher and window renew a grant whose refresh tokens work once, both all the time.
func TestTwoProcessesShareAGrant(t *testing.T) {
	a := newAuthority(t)
	a.rotates = true
	_, v, _ := granted(t, a)
	lock := filepath.Join(t.TempDir(), "locks", "account.lock")
	var all sync.WaitGroup
	for range 2 {
		s := NewSource(a.provider(), a.registered(), v.keeper(lock), Grant{})
		for range 4 {
			all.Go(func() {
				for range 5 {
					if _, err := s.Token(t.Context(), true); err != nil {
						t.Error(err)
					}
				}
			})
		}
	}
	all.Wait()
}

// TestLockedKeyring: what the keyring says reaches whoever decides on it, and a keyring that opens later is enough.
func TestLockedKeyring(t *testing.T) {
	a := newAuthority(t)
	s, _, _ := granted(t, a)
	locked, load := errors.New("locked"), s.keeper.Load
	s.keeper.Load = func(context.Context) (Grant, error) { return Grant{}, locked }
	if _, err := s.Token(t.Context(), false); !errors.Is(err, locked) || errors.Is(err, ErrRevoked) || !strings.Contains(err.Error(), "grant of google") {
		t.Error(err)
	}
	s.keeper.Load = load
	if _, err := s.Token(t.Context(), false); err != nil {
		t.Error(err)
	}
}

// TestOneRenewalForAll: who asks at the same time shares one request.
func TestOneRenewalForAll(t *testing.T) {
	a := newAuthority(t)
	s, _, _ := granted(t, a)
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			if _, err := s.Token(t.Context(), false); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if a.count() != 1 {
		t.Errorf("%d requests for 20 callers", a.count())
	}
}

func TestRevokedGrantAsksOnce(t *testing.T) {
	a := newAuthority(t)
	s, v, _ := granted(t, a)
	a.set(func() { clear(a.refresh) })
	asked := 0
	s.client.HTTP = &http.Client{Transport: counting{a.Client().Transport, &asked}}
	for range 3 {
		_, err := s.Token(t.Context(), false)
		checkError(t, err, "revoked", ErrRevoked)
	}
	if asked != 1 {
		t.Errorf("the provider was asked %d times about a grant that it refused", asked)
	}
	// The person signed in again, perhaps in the other process: the vault has another grant.
	a.set(func() { a.refresh["new"] = true })
	v.text = Grant{Provider: "google", Refresh: "new"}.Encode()
	if _, err := s.Token(t.Context(), false); err != nil {
		t.Error(err)
	}
}

type counting struct {
	http.RoundTripper
	n *int
}

func (c counting) RoundTrip(r *http.Request) (*http.Response, error) {
	*c.n++
	return c.RoundTripper.RoundTrip(r)
}

type failing struct{ err error }

func (f failing) RoundTrip(*http.Request) (*http.Response, error) { return nil, f.err }

// TestTroubleIsNotARevokedGrant: what passes by itself is tried again, and the grant stays.
func TestTroubleIsNotARevokedGrant(t *testing.T) {
	for name, tc := range map[string]struct {
		trouble func(*authority, *Source)
		kind    string
	}{
		"no network": {func(_ *authority, s *Source) {
			s.client.HTTP = &http.Client{Transport: failing{&net.DNSError{Err: "no such host"}}}
		}, "network"},
		"a 503":            {func(a *authority, _ *Source) { a.body, a.status = canary, 503 }, "busy"},
		"too many":         {func(a *authority, _ *Source) { a.body, a.status = `{"error":"invalid_grant"}`, 429 }, "busy"},
		"a welcome page":   {func(a *authority, _ *Source) { a.body, a.status = "<html>"+canary, 200 }, "garbled"},
		"a forbidden page": {func(a *authority, _ *Source) { a.body, a.status = "<html>"+canary, 403 }, "garbled"},
		"a redirect":       {func(a *authority, _ *Source) { a.body, a.status = canary, 302 }, "garbled"},
		"a huge answer":    {func(a *authority, _ *Source) { a.body, a.status = `{"access_token":"`+strings.Repeat("x", 3<<20), 200 }, "garbled"},
		"a wrong client":   {func(_ *authority, s *Source) { s.client.Secret = "another" }, "client"},
		"an odd code":      {func(a *authority, _ *Source) { a.says = "invalid_scope" }, "refused"},
	} {
		t.Run(name, func(t *testing.T) {
			a := newAuthority(t)
			s, v, _ := granted(t, a)
			client, kept := s.client, v.text
			tc.trouble(a, s)
			_, err := s.Token(t.Context(), false)
			checkError(t, err, tc.kind, nil)
			if errors.Is(err, ErrRevoked) || v.text != kept {
				t.Error("it was taken for a revoked grant")
			}
			a.set(func() { a.body, a.says = "", "" })
			s.client = client
			if _, err := s.Token(t.Context(), false); err != nil {
				t.Error("afterwards:", err)
			}
		})
	}
}

// TestCallerMayLeave: a caller that gives up ends at once, and a rotated token is kept all the same.
func TestCallerMayLeave(t *testing.T) {
	a := newAuthority(t)
	a.rotates = true
	s, v, _ := granted(t, a)
	hold := make(chan struct{})
	s.client.HTTP = &http.Client{Transport: slow{a.Client().Transport, hold}}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := s.Token(ctx, false); !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
	close(hold)
	if _, err := s.Token(t.Context(), false); err != nil || a.count() != 1 {
		t.Errorf("%v, %d tokens", err, a.count())
	}
	if g, err := ParseGrant(v.text); err != nil || !a.refresh[g.Refresh] {
		t.Error("the rotated token was lost")
	}
}

type slow struct {
	http.RoundTripper
	hold chan struct{}
}

func (s slow) RoundTrip(r *http.Request) (*http.Response, error) {
	<-s.hold
	return s.RoundTripper.RoundTrip(r)
}
