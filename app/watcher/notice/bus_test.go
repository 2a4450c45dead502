//go:build linux

package notice

import (
	"context"
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
)

// privateBus starts a message bus of the test's own, and gives what ends it.
func privateBus(t *testing.T) (end func()) {
	t.Helper()
	daemon, err := exec.LookPath("dbus-daemon")
	if err != nil {
		t.Skip("dbus-daemon is not installed")
	}
	dir := t.TempDir()
	config := filepath.Join(dir, "bus.conf")
	text := `<busconfig><type>session</type><listen>unix:dir=` + dir + `</listen><policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>`
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(daemon, "--nofork", "--print-address", "--config-file="+config)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	line := make([]byte, 512)
	n, err := out.Read(line)
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", strings.TrimSpace(string(line[:n])))
	return func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	}
}

// shown is what a desktop was asked to show.
type shown struct {
	replaces    uint32
	title, body string
	actions     []string
	urgency     byte
	portal      map[string]dbus.Variant
	key         string
}

// desktop is a notification server.
type desktop struct {
	can  []string
	mu   sync.Mutex
	last shown
	next uint32
	conn *dbus.Conn
}

func (d *desktop) GetCapabilities() ([]string, *dbus.Error) { return d.can, nil }

func (d *desktop) Notify(_ string, replaces uint32, _, title, body string, actions []string, hints map[string]dbus.Variant, _ int32) (uint32, *dbus.Error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	urgency, _ := hints["urgency"].Value().(byte)
	d.last = shown{replaces: replaces, title: title, body: body, actions: actions, urgency: urgency}
	if d.next++; replaces != 0 {
		return replaces, nil
	}
	return d.next, nil
}

func (d *desktop) AddNotification(key string, args map[string]dbus.Variant) *dbus.Error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.last = shown{key: key, portal: args}
	return nil
}

func (d *desktop) seen() shown {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.last
}

func serve(t *testing.T, name, path, face string, can ...string) *desktop {
	t.Helper()
	conn, err := dbus.ConnectSessionBus()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	d := &desktop{can: can, conn: conn}
	if err := conn.Export(d, dbus.ObjectPath(path), face); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.RequestName(name, dbus.NameFlagDoNotQueue); err != nil {
		t.Fatal(err)
	}
	return d
}

func open(t *testing.T, portal bool) (Desktop, <-chan Chosen) {
	t.Helper()
	chosen := make(chan Chosen, 4)
	d, err := openBus(Params{ID: "app.id", Name: "App", OnAction: func(c Chosen) { chosen <- c }}, portal)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	return d, chosen
}

var sample = Notice{Key: "down/libero", Title: "Libero & Virgilio", Body: `<b>7</b> "messages"`, Urgent: true, Actions: []Action{{"open", "Open"}, {"snooze", "Later"}}}

func TestNoticeOverTheBus(t *testing.T) {
	privateBus(t)
	server := serve(t, serverName, serverPath, serverName, "body", "body-markup", "actions")
	d, chosen := open(t, false)
	if err := d.Show(t.Context(), sample); err != nil {
		t.Fatal(err)
	}
	got := server.seen()
	if got.title != "Libero & Virgilio" || got.body != "&lt;b&gt;7&lt;/b&gt; &quot;messages&quot;" || got.urgency != 2 || got.replaces != 0 {
		t.Errorf("shown: %+v", got)
	}
	if want := "default Open open Open snooze Later"; strings.Join(got.actions, " ") != want {
		t.Errorf("buttons: %q", got.actions)
	}
	if err := d.Show(t.Context(), sample); err != nil {
		t.Fatal(err)
	}
	if got := server.seen(); got.replaces != 1 {
		t.Errorf("the second notice of one key takes the place of %d, want 1", got.replaces)
	}
	// Signals in forms that the specification does not know come first: they must do no harm.
	for _, body := range [][]any{{}, {uint32(1)}, {"1", uint32(2)}, {int32(1), "open"}, {uint32(99), "open"}} {
		if err := server.conn.Emit(serverPath, serverName+".ActionInvoked", body...); err != nil {
			t.Fatal(err)
		}
	}
	server.press(t, chosen, 1, "snooze", Chosen{"down/libero", "snooze"})
	// A click on the notice itself is the first of its buttons; and a server shows notices that it has closed again.
	if err := server.conn.Emit(serverPath, serverName+".NotificationClosed", uint32(1), uint32(2)); err != nil {
		t.Fatal(err)
	}
	server.press(t, chosen, 1, "default", Chosen{"down/libero", "open"})
}

// press has the person press a button, and waits until that is told.
func (d *desktop) press(t *testing.T, chosen <-chan Chosen, id uint32, button string, want Chosen) {
	t.Helper()
	if err := d.conn.Emit(serverPath, serverName+".ActionInvoked", id, button); err != nil {
		t.Fatal(err)
	}
	select {
	case c := <-chosen:
		if c != want {
			t.Errorf("pressed: %+v, want %+v", c, want)
		}
	case <-time.After(5 * time.Second):
		t.Errorf("%s of %d is not told", button, id)
	}
}

// TestServerThatIsStartedAgain: its numbers begin anew, and an old one may be another program's.
func TestServerThatIsStartedAgain(t *testing.T) {
	privateBus(t)
	first := serve(t, serverName, serverPath, serverName, "actions")
	d, chosen := open(t, false)
	for _, key := range []string{"one", "two"} {
		if err := d.Show(t.Context(), Notice{Key: key, Title: key, Actions: sample.Actions}); err != nil {
			t.Fatal(err)
		}
	}
	if err := first.conn.Close(); err != nil {
		t.Fatal(err)
	}
	second := serve(t, serverName, serverPath, serverName, "actions")
	for range 100 {
		// Told by the bus, and so a moment later.
		if err := d.Show(t.Context(), Notice{Key: "two", Title: "two", Actions: sample.Actions}); err != nil {
			t.Fatal(err)
		}
		if second.seen().replaces != 2 {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	if got := second.seen(); got.replaces == 2 {
		t.Error("the number of a server that has ended is used with the next one")
	}
	second.press(t, chosen, 1, "open", Chosen{"two", "open"})
}

// TestServerThatComesLater: at login the watcher may be there first.
func TestServerThatComesLater(t *testing.T) {
	privateBus(t)
	d, _ := open(t, false)
	if err := d.Show(t.Context(), sample); !errors.Is(err, ErrNoDesktop) {
		t.Errorf("before it came: %v", err)
	}
	server := serve(t, serverName, serverPath, serverName, "body")
	if err := d.Show(t.Context(), sample); err != nil || server.seen().title != sample.Title {
		t.Errorf("after it came: %+v, %v", server.seen(), err)
	}
}

// TestBusThatIsStartedAgain takes the bus away and starts another: the next notice is shown there, and its buttons work.
func TestBusThatIsStartedAgain(t *testing.T) {
	for name, portal := range map[string]bool{"server": false, "portal": true} {
		t.Run(name, func(t *testing.T) {
			end := privateBus(t)
			d, chosen := open(t, portal)
			end()
			for range 100 {
				if err := d.Show(t.Context(), sample); errors.Is(err, ErrNoDesktop) {
					break
				}
				time.Sleep(10 * time.Millisecond)
			}
			privateBus(t)
			if portal {
				server := serve(t, portalName, portalPath, portalNotify)
				if err := d.Show(t.Context(), sample); err != nil || server.seen().key != sample.Key {
					t.Errorf("on the new bus: %+v, %v", server.seen(), err)
				}
				return
			}
			server := serve(t, serverName, serverPath, serverName, "actions")
			if err := d.Show(t.Context(), sample); err != nil || server.seen().title != sample.Title {
				t.Errorf("on the new bus: %+v, %v", server.seen(), err)
			}
			server.press(t, chosen, 1, "default", Chosen{sample.Key, "open"})
		})
	}
}

func TestServerWithoutMarkupOrButtons(t *testing.T) {
	privateBus(t)
	server := serve(t, serverName, serverPath, serverName, "body")
	d, _ := open(t, false)
	if err := d.Show(t.Context(), sample); err != nil {
		t.Fatal(err)
	}
	if got := server.seen(); got.body != `<b>7</b> "messages"` || len(got.actions) != 0 {
		t.Errorf("shown: %+v", got)
	}
}

func TestPortal(t *testing.T) {
	privateBus(t)
	server := serve(t, portalName, portalPath, portalNotify)
	d, chosen := open(t, true)
	if err := d.Show(t.Context(), sample); err != nil {
		t.Fatal(err)
	}
	got := server.seen()
	if got.key != sample.Key || got.portal["body"].Value() != sample.Body || got.portal["priority"].Value() != "high" || got.portal["default-action"].Value() != "open" {
		t.Errorf("shown: %+v", got)
	}
	if err := server.conn.Emit(portalPath, portalNotify+".ActionInvoked", sample.Key, "open", []dbus.Variant{}); err != nil {
		t.Fatal(err)
	}
	select {
	case c := <-chosen:
		if c != (Chosen{sample.Key, "open"}) {
			t.Errorf("pressed: %+v", c)
		}
	case <-time.After(5 * time.Second):
		t.Error("the pressed button is not told")
	}
}

// TestMuteBus looks that a bus that never answers holds nobody up for ever.
func TestMuteBus(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bus")
	ln, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path="+path)
	start := time.Now()
	if _, err := openBus(Params{}, false); !errors.Is(err, ErrNoDesktop) || time.Since(start) > 2*limit {
		t.Errorf("after %v: %v", time.Since(start), err)
	}
}

func TestNobodyShowsNotices(t *testing.T) {
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path="+filepath.Join(t.TempDir(), "none"))
	if _, err := openBus(Params{}, false); !errors.Is(err, ErrNoDesktop) {
		t.Errorf("without a bus: %v", err)
	}
	privateBus(t)
	d, _ := open(t, false)
	if err := d.Show(context.Background(), sample); !errors.Is(err, ErrNoDesktop) {
		t.Errorf("without a server: %v", err)
	}
}
