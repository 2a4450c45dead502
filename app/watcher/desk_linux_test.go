package watcher

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
)

const (
	trayHost   = "org.kde.StatusNotifierWatcher"
	noticeHost = "org.freedesktop.Notifications"
	noticePath = "/org/freedesktop/Notifications"
)

// desk is a desktop on a message bus of the test's own: a server that shows notices and, where it is wanted, a panel that shows
// icons.
type desk struct {
	conn  *dbus.Conn
	icons chan string // the items that came
	end   func()      // of the bus

	mu    sync.Mutex
	shown []string // of each notice "title | body | actions"; the last few
	count uint32
}

func (d *desk) RegisterStatusNotifierItem(sender dbus.Sender, _ string) *dbus.Error {
	select {
	case d.icons <- string(sender):
	default:
	}
	return nil
}

func (d *desk) Get(string, string) (dbus.Variant, *dbus.Error) { return dbus.MakeVariant(true), nil }

func (d *desk) GetCapabilities() ([]string, *dbus.Error) { return []string{"body", "actions"}, nil }

func (d *desk) Notify(_ string, replaces uint32, _, title, body string, actions []string, _ map[string]dbus.Variant, _ int32) (uint32, *dbus.Error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.shown = append(d.shown, title+" | "+body+" | "+strings.Join(actions, " ")); len(d.shown) > 10 {
		d.shown = append([]string{}, d.shown[1:]...)
	}
	if replaces != 0 {
		return replaces, nil
	}
	d.count++
	return d.count, nil
}

// last gives the last notice and the number of the last one that replaced none.
func (d *desk) last() (string, uint32) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.shown) == 0 {
		return "", 0
	}
	return d.shown[len(d.shown)-1], d.count
}

// press has the person press a button of a notice, and the server close it.
func (d *desk) press(t *testing.T, id uint32, button string) {
	t.Helper()
	if err := d.conn.Emit(noticePath, noticeHost+".ActionInvoked", id, button); err != nil {
		t.Fatal(err)
	}
	if err := d.conn.Emit(noticePath, noticeHost+".NotificationClosed", id, uint32(2)); err != nil {
		t.Fatal(err)
	}
}

func startDesk(t *testing.T, panel bool) *desk {
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
	end := sync.OnceFunc(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	t.Cleanup(end)
	line := make([]byte, 512)
	n, err := out.Read(line)
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", strings.TrimSpace(string(line[:n])))
	conn, err := dbus.ConnectSessionBus()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	d := &desk{conn: conn, end: end, icons: make(chan string, 4)}
	serve := func(name, path, face string) {
		if err := conn.Export(d, dbus.ObjectPath(path), face); err != nil {
			t.Fatal(err)
		}
		if _, err := conn.RequestName(name, dbus.NameFlagDoNotQueue); err != nil {
			t.Fatal(err)
		}
	}
	serve(noticeHost, noticePath, noticeHost)
	if panel {
		if err := conn.Export(d, "/StatusNotifierWatcher", "org.freedesktop.DBus.Properties"); err != nil {
			t.Fatal(err)
		}
		serve(trayHost, "/StatusNotifierWatcher", trayHost)
	}
	return d
}

// until waits for a notice whose words begin so, and gives it.
func (d *desk) until(t *testing.T, begin string) (text string, id uint32) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if text, id = d.last(); strings.HasPrefix(text, begin) {
			return text, id
		}
	}
	t.Fatalf("the last notice is %q, want %q", text, begin)
	return "", 0
}
