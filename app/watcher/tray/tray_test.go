//go:build linux

package tray

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
)

// panel is a desktop's panel: it has items register and reads their menus.
type panel struct {
	conn  *dbus.Conn
	items chan string
}

func (p *panel) RegisterStatusNotifierItem(sender dbus.Sender, service string) *dbus.Error {
	p.items <- string(sender)
	return nil
}

func (p *panel) Get(string, string) (dbus.Variant, *dbus.Error) { return dbus.MakeVariant(true), nil }

func startBus(t *testing.T) {
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
}

func startPanel(t *testing.T) *panel {
	t.Helper()
	conn, err := dbus.ConnectSessionBus()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	p := &panel{conn: conn, items: make(chan string, 4)}
	for _, face := range []string{hostName, "org.freedesktop.DBus.Properties"} {
		if err := conn.Export(p, hostPath, face); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := conn.RequestName(hostName, dbus.NameFlagDoNotQueue); err != nil {
		t.Fatal(err)
	}
	return p
}

// layout is com.canonical.dbusmenu's tree of items.
type layout struct {
	ID       int32
	Props    map[string]dbus.Variant
	Children []dbus.Variant
}

// entry is one line of a menu as a panel shows it.
type entry struct {
	id      int32
	label   string
	enabled bool
}

func (p *panel) menu(t *testing.T, item string) (list []entry) {
	t.Helper()
	var revision uint32
	var root layout
	call := p.conn.Object(item, "/StatusNotifierItem/menu").Call("com.canonical.dbusmenu.GetLayout", 0, int32(0), int32(-1), []string{})
	if err := call.Store(&revision, &root); err != nil {
		t.Fatal(err)
	}
	for _, c := range root.Children {
		fields, ok := c.Value().([]any)
		if !ok || len(fields) != 3 {
			t.Fatalf("a strange item: %v", c)
		}
		id, _ := fields[0].(int32)
		props, _ := fields[1].(map[string]dbus.Variant)
		label, _ := props["label"].Value().(string)
		enabled, said := props["enabled"].Value().(bool)
		list = append(list, entry{id, label, enabled || !said})
	}
	return list
}

// until waits for a menu to read as wanted: "label" for one that can be chosen, "(label)" for one that cannot, "-".
func (p *panel) until(t *testing.T, item string, want ...string) []entry {
	t.Helper()
	var got []string
	for range 100 {
		got = nil
		menu := p.menu(t, item)
		for _, e := range menu {
			switch {
			case e.label == "":
				got = append(got, "-")
			case e.enabled:
				got = append(got, e.label)
			default:
				got = append(got, "("+e.label+")")
			}
		}
		if slices.Equal(got, want) {
			return menu
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatalf("the menu reads %q, want %q", got, want)
	return nil
}

func (p *panel) click(t *testing.T, item string, id int32) {
	t.Helper()
	call := p.conn.Object(item, "/StatusNotifierItem/menu").Call("com.canonical.dbusmenu.Event", 0, id, "clicked", dbus.MakeVariant(""), uint32(0))
	if call.Err != nil {
		t.Fatal(call.Err)
	}
}

func (p *panel) pixels(t *testing.T, item string) string {
	t.Helper()
	v, err := p.conn.Object(item, "/StatusNotifierItem").GetProperty("org.kde.StatusNotifierItem.IconPixmap")
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprint(v.Value())
}

func TestTray(t *testing.T) {
	startBus(t)
	if Hosted(t.Context()) {
		t.Error("a tray is seen where there is none")
	}
	p := startPanel(t)
	if !Hosted(t.Context()) {
		t.Error("the tray is not seen")
	}
	var mu sync.Mutex
	var chosen []string
	up := View{State: "up", Tooltip: "Tutto bene", Items: []Item{{Label: "Libero: funziona"}, {}, {ID: "open", Label: "Apri"}, {ID: "check", Label: "Controlla"}, {ID: "quit", Label: "Esci"}}}
	tr := New(up, func(id string) {
		mu.Lock()
		defer mu.Unlock()
		chosen = append(chosen, id)
	})
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	started := time.Now()
	go func() {
		defer close(done)
		tr.Run(ctx)
	}()
	var item string
	select {
	case item = <-p.items:
	case <-time.After(10 * time.Second):
		t.Fatal("the icon does not come")
	}
	t.Logf("the icon was there after %v", time.Since(started))
	menu := p.until(t, item, "(Libero: funziona)", "-", "Apri", "Controlla", "Esci")
	was := p.pixels(t, item)
	p.click(t, item, menu[2].id)

	// Other words in the same shape: the same items, so that an open menu stays open.
	down := up
	down.State, down.Items = "down", slices.Clone(up.Items)
	down.Items[0].Label, down.Items[3] = "Libero: fuori servizio", Item{ID: "check", Label: "Controlla (fra 8 minuti)", Disabled: true}
	tr.Show(down)
	renamed := p.until(t, item, "(Libero: fuori servizio)", "-", "Apri", "(Controlla (fra 8 minuti))", "Esci")
	if renamed[2].id != menu[2].id {
		t.Error("the menu was made anew for a change of words")
	}
	if p.pixels(t, item) == was || was == "[]" {
		t.Error("the icon is the same for both states")
	}

	// Another shape: a menu made anew, whose items work.
	more := down
	more.Items = append([]Item{{Label: "Virgilio: funziona"}}, down.Items...)
	tr.Show(more)
	menu = p.until(t, item, "(Virgilio: funziona)", "(Libero: fuori servizio)", "-", "Apri", "(Controlla (fra 8 minuti))", "Esci")
	p.click(t, item, menu[5].id)
	for range 100 {
		mu.Lock()
		n := len(chosen)
		mu.Unlock()
		if n == 2 {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	cancel()
	select {
	case <-done:
	case <-time.After(10 * time.Second):
		t.Fatal("the tray does not end")
	}
	if got := strings.Join(chosen, " "); got != "open quit" {
		t.Errorf("chosen: %q", got)
	}
}

func TestMuteBus(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bus")
	ln, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path="+path)
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	start := time.Now()
	if Hosted(ctx) {
		t.Error("a mute bus has a tray")
	}
	New(View{}, nil).Run(ctx)
	if took := time.Since(start); took > 2*time.Second {
		t.Errorf("it took %v", took)
	}
}
