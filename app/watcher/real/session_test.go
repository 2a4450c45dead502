//go:build linux

// Package real holds the watcher against a real desktop: an X server in memory, a message bus of its own, a panel, a
// notification server, a keyring and a mail server, none of which are ours. Everything is ended by its process id.
package real

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
)

// session is a person's desktop session with a home of its own.
type session struct {
	home    string
	display string
	env     []string
	conn    *dbus.Conn
}

// slow skips a test unless a suite asked for it, or what it needs is not installed.
func slow(t *testing.T, programs ...string) {
	t.Helper()
	if os.Getenv("RIMBALZO_SLOW") == "" {
		t.Skip("a slow test: set RIMBALZO_SLOW=1 to run it on a real desktop")
	}
	for _, name := range programs {
		if _, err := exec.LookPath(name); err != nil {
			t.Skipf("%s is not installed here", name)
		}
	}
}

const busConfig = `<busconfig><type>session</type><listen>unix:dir=%s</listen><standard_session_servicedirs/><policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>`

// newSession starts a bus and an X server, the latter with further options.
func newSession(t *testing.T, options ...string) *session {
	t.Helper()
	home, err := os.MkdirTemp("", "desk") // short: sockets' names have a limit
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(home) })
	s := &session{home: home}
	for _, name := range []string{"run", "config", "data", "cache", "bus", "tmp"} {
		if err := os.Mkdir(filepath.Join(home, name), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	s.display = s.startDisplay(t, options)
	s.env = []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + home, "LANG=en_US.UTF-8", "DISPLAY=" + s.display, "LIBGL_ALWAYS_SOFTWARE=1", "NO_AT_BRIDGE=1",
		"XDG_RUNTIME_DIR=" + s.in("run"), "XDG_CONFIG_HOME=" + s.in("config"), "XDG_DATA_HOME=" + s.in("data"), "XDG_CACHE_HOME=" + s.in("cache"),
		"TMPDIR=" + s.in("tmp"),
	}
	config := s.in("bus.conf")
	write(t, config, fmt.Sprintf(busConfig, s.in("bus")))
	address := s.firstLine(t, "dbus-daemon", "--nofork", "--print-address", "--config-file="+config)
	s.env = append(s.env, "DBUS_SESSION_BUS_ADDRESS="+address)
	if s.conn, err = dbus.Connect(address); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.conn.Close() })
	return s
}

func (s *session) in(name string) string { return filepath.Join(s.home, name) }

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(text), 0o600)); err != nil {
		t.Fatal(err)
	}
}

// startDisplay starts an X server in memory and gives the name of its display.
func (s *session) startDisplay(t *testing.T, options []string) string {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	cmd := exec.Command("Xvfb", "-displayfd", "3", "-screen", "0", "1280x800x24", "-nolisten", "tcp")
	cmd.Args = append(cmd.Args, options...)
	cmd.ExtraFiles = []*os.File{w}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	w.Close()
	t.Cleanup(func() { stop(cmd) })
	line, err := bufio.NewReader(r).ReadString('\n')
	if err != nil {
		t.Fatalf("Xvfb does not say its display: %v", err)
	}
	return ":" + strings.TrimSpace(line)
}

func stop(cmd *exec.Cmd) {
	_ = cmd.Process.Signal(syscall.SIGTERM) // it may be gone
	kill := time.AfterFunc(5*time.Second, func() { cmd.Process.Kill() })
	defer kill.Stop()
	_ = cmd.Wait() // how it ends does not matter any more
}

// firstLine starts a server that says on its first line where it is.
func (s *session) firstLine(t *testing.T, name string, args ...string) string {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Env = s.env
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stop(cmd) })
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(line)
}

// job is a program that runs in the session.
type job struct {
	*exec.Cmd
	mu    sync.Mutex
	said  bytes.Buffer
	ended chan struct{}
}

func (j *job) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.said.Write(p)
}

func (j *job) output() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.said.String()
}

// start runs a program until the test ends.
func (s *session) start(t *testing.T, stdin string, env []string, name string, args ...string) *job {
	t.Helper()
	j := &job{Cmd: exec.Command(name, args...), ended: make(chan struct{})}
	j.Env, j.Dir, j.Stdin, j.Stdout, j.Stderr = append(append([]string{}, s.env...), env...), s.home, strings.NewReader(stdin), j, j
	if err := j.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		_ = j.Wait() // how it ends is for the test to see
		close(j.ended)
	}()
	t.Cleanup(func() {
		_ = j.Process.Signal(syscall.SIGTERM) // it may be gone
		select {
		case <-j.ended:
		case <-time.After(5 * time.Second):
			_ = j.Process.Kill()
			<-j.ended
		}
		if t.Failed() {
			t.Logf("%s said:\n%.3000s", filepath.Base(name), j.output())
		}
	})
	return j
}

// run runs a program to its end and gives what it said.
func (s *session) run(t *testing.T, stdin, name string, args ...string) string {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Env, cmd.Dir, cmd.Stdin = s.env, s.home, strings.NewReader(stdin)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s %q: %v\n%s", filepath.Base(name), args, err, out)
	}
	return string(out)
}

// owns reports whether somebody on the bus goes by a name.
func (s *session) owns(name string) bool {
	var there bool
	err := s.conn.BusObject().Call("org.freedesktop.DBus.NameHasOwner", 0, name).Store(&there)
	return err == nil && there
}

// until waits for something to come true.
func until(t *testing.T, what string, patience time.Duration, is func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !is(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("after %v: not %s", patience, what)
		}
	}
}

const panelConfig = `<?xml version="1.0"?><channel name="xfce4-panel" version="1.0"><property name="configver" type="int" value="2"/>
<property name="panels" type="array"><value type="int" value="1"/><property name="panel-1" type="empty">
<property name="position" type="string" value="p=8;x=640;y=780"/><property name="length" type="uint" value="100"/>
<property name="size" type="uint" value="36"/><property name="plugin-ids" type="array"><value type="int" value="1"/></property></property></property>
<property name="plugins" type="empty"><property name="plugin-1" type="string" value="systray"/></property></channel>`

// startPanel starts a real panel with a tray, and a real notification server.
func (s *session) startPanel(t *testing.T) {
	t.Helper()
	write(t, s.in("config/xfce4/xfconf/xfce-perchannel-xml/xfce4-panel.xml"), panelConfig)
	s.start(t, "", nil, "dunst")
	s.start(t, "", nil, "xfce4-panel")
	until(t, "a tray", 30*time.Second, func() bool { return s.owns(trayWatcher) && s.hosted() })
	until(t, "a notification server", 30*time.Second, func() bool { return s.owns("org.freedesktop.Notifications") })
}

// picture keeps what is on the screen, in the folder that the suite names.
func (s *session) picture(t *testing.T, name string) {
	t.Helper()
	dir := os.Getenv("RIMBALZO_PICTURES")
	if dir == "" {
		return
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	s.run(t, "", "import", "-window", "root", filepath.Join(dir, name+".png"))
}
