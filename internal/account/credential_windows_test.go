package account

import (
	"errors"
	"os"
	"strings"
	"testing"

	gokeyring "github.com/zalando/go-keyring"
)

// TestCredentialManager keeps secrets in the real Credential Manager of whoever runs it, and takes them away again.
func TestCredentialManager(t *testing.T) {
	if os.Getenv("RIMBALZO_SLOW") == "" {
		t.Skip("it writes to the person's own Credential Manager: set RIMBALZO_SLOW=1")
	}
	const id = "test@rimbalzo.example"
	v := Keyring(false)
	t.Cleanup(func() { _ = v.Delete(t.Context(), id) })
	if state := v.State(t.Context()); state != Ready {
		t.Fatalf("the state is %s", state)
	}
	if _, err := v.Get(t.Context(), id); !errors.Is(err, ErrNoSecret) {
		t.Errorf("before anything was kept: %v", err)
	}
	for name, secret := range map[string]string{
		"short": "pässword \"with\" $signs", "all that fits in one": strings.Repeat("x", 2000), "one more": strings.Repeat("x", 2001),
		"beyond Windows' limit": strings.Repeat("x", 2561), "a long token": strings.Repeat("token ", 2000), "short again": "1",
	} {
		if err := v.Set(t.Context(), id, secret); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got, err := v.Get(t.Context(), id); err != nil || got != secret {
			t.Errorf("%s comes back with %d bytes of %d, %v", name, len(got), len(secret), err)
		}
	}
	if err := v.Delete(t.Context(), id); err != nil {
		t.Error(err)
	}
	for n := range maxPieces + 1 {
		name := id
		if n > 0 {
			name = pieceName(id, n)
		}
		if _, err := gokeyring.Get(Service, name); !errors.Is(err, gokeyring.ErrNotFound) {
			t.Errorf("%q is left behind: %v", name, err)
		}
	}
}
