//go:build !windows && !darwin

package account

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
	gokeyring "github.com/zalando/go-keyring"
)

// gnomeKeyring is a real gnome-keyring with a home and a bus of its own.
type gnomeKeyring struct {
	home, bus string
	daemon    *exec.Cmd
}

// newGnomeKeyring starts one, with a login keyring that is unlocked.
func newGnomeKeyring(t *testing.T) *gnomeKeyring {
	t.Helper()
	if _, err := exec.LookPath("gnome-keyring-daemon"); err != nil {
		t.Skip("gnome-keyring is not installed here: apt-get install gnome-keyring")
	}
	home, err := os.MkdirTemp("", "keyring") // short: its control socket has a limit
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(home) })
	if err := errors.Join(os.Mkdir(filepath.Join(home, "run"), 0o700), os.Mkdir(filepath.Join(home, "data"), 0o700)); err != nil {
		t.Fatal(err)
	}
	g := &gnomeKeyring{home: home}
	g.bus, _ = privateBus(t)
	g.start(t, "of the login")
	t.Cleanup(g.kill)
	return g
}

// start runs the daemon; with a password it makes the login keyring or unlocks it, as logging in does.
func (g *gnomeKeyring) start(t *testing.T, password string) {
	t.Helper()
	args := []string{"--foreground", "--components=secrets"}
	if password != "" {
		args = append(args, "--unlock")
	}
	d := exec.Command("gnome-keyring-daemon", args...)
	d.Env = append(os.Environ(), "HOME="+g.home, "XDG_RUNTIME_DIR="+filepath.Join(g.home, "run"), "XDG_DATA_HOME="+filepath.Join(g.home, "data"), "DBUS_SESSION_BUS_ADDRESS="+g.bus)
	d.Stdin = strings.NewReader(password)
	var said bytes.Buffer
	d.Stdout, d.Stderr = &said, &said
	if err := d.Start(); err != nil {
		t.Fatal(err)
	}
	g.daemon = d
	v := vaultOn(g.bus, false)
	for range 200 {
		if state := v.State(t.Context()); state == Ready || (password == "" && state == Locked) {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	g.kill()
	t.Fatalf("gnome-keyring does not start: %s", said.String())
}

// kill ends the daemon as a crash would.
func (g *gnomeKeyring) kill() {
	_ = g.daemon.Process.Signal(syscall.SIGKILL)
	_ = g.daemon.Wait()
}

// call speaks with the service directly.
func (g *gnomeKeyring) call(t *testing.T, method string, args ...any) {
	t.Helper()
	conn, err := dbus.Connect(g.bus)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := conn.Object(serviceName, servicePath).Call(serviceFace+"."+method, 0, args...).Err; err != nil {
		t.Fatal(err)
	}
}

// TestGnomeKeyring goes through what befalls a real keyring.
func TestGnomeKeyring(t *testing.T) {
	if os.Getenv("RIMBALZO_SLOW") == "" {
		t.Skip("a slow test: set RIMBALZO_SLOW=1 to run it with a real gnome-keyring")
	}
	g := newGnomeKeyring(t)
	window, watcher := vaultOn(g.bus, true), vaultOn(g.bus, false)
	const maria, secret = "maria@libero.it", "pässword \"with\" $signs"

	begun := time.Now()
	if err := window.Set(t.Context(), maria, secret); err != nil {
		t.Fatal(err)
	}
	set := time.Since(begun)
	if got, err := watcher.Get(t.Context(), maria); err != nil || got != secret {
		t.Errorf("got %q, %v", got, err)
	}
	t.Logf("set took %v, get %v", set, time.Since(begun)-set)
	long := strings.Repeat("token ", 2000)
	if err := window.Set(t.Context(), "long", long); err != nil {
		t.Error(err)
	}
	if got, err := watcher.Get(t.Context(), "long"); err != nil || got != long {
		t.Errorf("a long secret came back with %d bytes, %v", len(got), err)
	}
	g.sharedWithGoKeyring(t, window, maria, secret)

	g.call(t, "Lock", []dbus.ObjectPath{loginPath})
	if _, err := watcher.Get(t.Context(), maria); !errors.Is(err, ErrLocked) || watcher.State(t.Context()) != Locked {
		t.Errorf("locked, for a watcher: %v, %s", err, watcher.State(t.Context()))
	}
	// There is no display here for the prompt to be shown on.
	if _, err := window.Get(t.Context(), maria); err == nil || errors.Is(err, ErrNoSecret) {
		t.Errorf("locked, for a window that nobody can see: %v", err)
	} else {
		t.Logf("unlocking without a display: %v", err)
	}

	g.kill()
	if _, err := watcher.Get(t.Context(), maria); !errors.Is(err, ErrNoService) || watcher.State(t.Context()) != NoService {
		t.Errorf("killed: %v, %s", err, watcher.State(t.Context()))
	}
	g.start(t, "of the login")
	if got, err := watcher.Get(t.Context(), maria); err != nil || got != secret {
		t.Errorf("started again: %q, %v", got, err)
	}
	if err := errors.Join(window.Delete(t.Context(), maria), window.Delete(t.Context(), "long")); err != nil {
		t.Error(err)
	}
	if _, err := watcher.Get(t.Context(), maria); !errors.Is(err, ErrNoSecret) {
		t.Errorf("deleted: %v", err)
	}
}

// sharedWithGoKeyring holds that the library finds what is kept here, and the other way round: whoever changes from one to
// the other loses no password.
func (g *gnomeKeyring) sharedWithGoKeyring(t *testing.T, v Vault, id, secret string) {
	t.Helper()
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", g.bus)
	if got, err := gokeyring.Get(Service, id); err != nil || got != secret {
		t.Errorf("go-keyring reads %q, %v", got, err)
	}
	if err := gokeyring.Set(Service, "other", "from the library"); err != nil {
		t.Error(err)
	}
	if got, err := v.Get(t.Context(), "other"); err != nil || got != "from the library" {
		t.Errorf("of go-keyring's: %q, %v", got, err)
	}
	if err := v.Delete(t.Context(), "other"); err != nil {
		t.Error(err)
	}
}
