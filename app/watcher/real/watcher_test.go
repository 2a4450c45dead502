//go:build linux

package real

import (
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"rimbalzo/internal/probe"
	"rimbalzo/internal/store"
	"rimbalzo/internal/store/history"
	"rimbalzo/internal/watch"
)

// closedPort is an address of this machine where nobody answers.
func closedPort(t *testing.T) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	return ln.Addr().String()
}

// seed has the watcher remember two failures of a server, as it would from before a restart.
func (s *session) seed(t *testing.T, address string) {
	t.Helper()
	kept, err := store.Open(t.Context(), s.in("config/rimbalzo"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer kept.Close()
	host, _, _ := net.SplitHostPort(address)
	for _, ago := range []time.Duration{25 * time.Minute, 15 * time.Minute} {
		err := history.In(kept).Note(t.Context(), watch.Seen{
			At: time.Now().Add(-ago), Operator: host, Endpoint: "imap " + address, Direction: probe.Receive, Look: watch.LookBare,
			Ending: probe.EndingRefused, Line: watch.LineUp,
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// children are the processes that a process has started and that run.
func children(pid int) (list []int) {
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		return nil
	}
	for _, path := range stats {
		text, err := os.ReadFile(path)
		if err != nil {
			continue // it has ended
		}
		// The name is in brackets and may hold anything; state and parent follow (proc(5)).
		fields := strings.Fields(string(text)[strings.LastIndexByte(string(text), ')')+1:])
		if len(fields) > 1 && fields[1] == strconv.Itoa(pid) && fields[0] != "Z" {
			child, _ := strconv.Atoi(filepath.Base(filepath.Dir(path)))
			list = append(list, child)
		}
	}
	return list
}

// endOwn ends the processes that the program has started in the session and let go of: those with the session's home.
func (s *session) endOwn() {
	list, err := filepath.Glob("/proc/[0-9]*/environ")
	if err != nil {
		return
	}
	for _, path := range list {
		env, err := os.ReadFile(path)
		line, _ := os.ReadFile(filepath.Join(filepath.Dir(path), "cmdline"))
		if err != nil || !strings.Contains(string(env), "HOME="+s.home+"\x00") || !strings.Contains(string(line), "\x00watch\x00") {
			continue
		}
		if pid, err := strconv.Atoi(filepath.Base(filepath.Dir(path))); err == nil {
			_ = syscall.Kill(pid, syscall.SIGTERM) // it may have ended
		}
	}
}

// windowShown reports whether the program's window is on the screen.
func (s *session) windowShown(t *testing.T) bool {
	return strings.Contains(s.run(t, "", "sh", "-c", "xwininfo -name Rimbalzo || true"), "Map State: IsViewable")
}

// picker stands in for the menu that dunst shows for a notice's buttons: it chooses the line that holds the word in a file.
const picker = "#!/bin/sh\ntee %s/offered | grep -m1 \"$(cat %s/pick)\"\n"

// TestDesktopWatcher has a person use the watcher of the real program: the icon, its menu, its notice with its buttons.
func TestDesktopWatcher(t *testing.T) {
	slow(t, "Xvfb", "dbus-daemon", "dunst", "dunstctl", "xfce4-panel", "import", "xwininfo")
	exe := program(t, "1")
	s := newSession(t)
	write(t, s.in("picker"), strings.ReplaceAll(picker, "%s", s.home))
	if err := os.Chmod(s.in("picker"), 0o700); err != nil {
		t.Fatal(err)
	}
	write(t, s.in("config/dunst/dunstrc"), "[global]\ndmenu = "+s.in("picker")+"\n")
	s.startPanel(t)
	address := closedPort(t)
	s.run(t, "", exe, "account", "add", "--watch", "prova", "--imap", address)
	s.seed(t, address)
	w := s.start(t, "", nil, exe, "watch")
	until(t, "a menu that names the account", 10*time.Second, func() bool { return strings.Contains(s.labels(t)[0], "prova") })
	if menu := s.labels(t); !slices.Equal(menu[1:], []string{"-", "Open Rimbalzo", "Check now", "Pause", "-", "Quit"}) {
		t.Errorf("the menu reads %q", menu)
	}
	time.Sleep(time.Second) // it is drawn
	s.picture(t, "tray-unknown")

	// The third failure.
	s.click(t, "Check now", 5*time.Second)
	until(t, "out of service", time.Minute, func() bool { v, ok := s.status(exe); return ok && v.State == "down" })
	until(t, "a notice", time.Minute, func() bool { return strings.TrimSpace(s.run(t, "", "dunstctl", "count", "displayed")) == "1" })
	time.Sleep(time.Second) // it is drawn
	s.picture(t, "tray-down")

	s.snoozeByNotice(t, exe)
	s.openByNotice(t, exe, w.Process.Pid)

	s.click(t, "Pause", 5*time.Second)
	until(t, "paused", 5*time.Second, func() bool { v, ok := s.status(exe); return ok && v.Paused && slices.Contains(s.labels(t), "Go on") })
	time.Sleep(time.Second) // it is drawn
	s.picture(t, "tray-paused")
	s.click(t, "Quit", 5*time.Second)
	select {
	case <-w.ended:
		if code := w.ProcessState.ExitCode(); code != 0 {
			t.Errorf("after \"quit\" the watcher ends with %d", code)
		}
	case <-time.After(10 * time.Second):
		t.Error("\"quit\" does not end the watcher")
	}
	until(t, "the icon gone", 5*time.Second, func() bool { return len(s.items()) == 0 })
}

// openByNotice clicks on the notice: a window comes, and its violent end does not touch the watcher.
func (s *session) openByNotice(t *testing.T, exe string, watcher int) {
	t.Helper()
	if strings.TrimSpace(s.run(t, "", "dunstctl", "count", "displayed")) == "0" {
		s.run(t, "", "dunstctl", "history-pop") // a pressed button puts the notice away
	}
	s.run(t, "", "dunstctl", "action")
	until(t, "a window process", 10*time.Second, func() bool { return len(children(watcher)) == 1 })
	until(t, "a window on the screen", time.Minute, func() bool { return s.windowShown(t) })
	time.Sleep(2 * time.Second) // it is drawn
	s.picture(t, "window-by-notice")
	s.startAgain(t, exe, watcher)
	if err := syscall.Kill(children(watcher)[0], syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	until(t, "the window gone", 10*time.Second, func() bool { return len(children(watcher)) == 0 })
	if v, ok := s.status(exe); !ok || v.State != "down" || len(s.items()) != 1 {
		t.Errorf("after the window was killed: %+v, %t, %d icons", v, ok, len(s.items()))
	}
}

// startAgain starts the program a second time: that brings the window to the front, and ends at once.
func (s *session) startAgain(t *testing.T, exe string, watcher int) {
	t.Helper()
	second := s.start(t, "", nil, exe)
	select {
	case <-second.ended:
		if code := second.ProcessState.ExitCode(); code != 0 {
			t.Errorf("the second start ends with %d", code)
		}
	case <-time.After(10 * time.Second):
		t.Error("the second start has not ended")
	}
	if n := len(children(watcher)); n != 1 || !s.windowShown(t) {
		t.Errorf("after it there are %d windows", n)
	}
}

// snoozeByNotice chooses "not for an hour" among the buttons of the notice.
func (s *session) snoozeByNotice(t *testing.T, exe string) {
	t.Helper()
	write(t, s.in("pick"), "Not for an hour")
	s.run(t, "", "dunstctl", "context")
	until(t, "snoozed", 10*time.Second, func() bool { v, ok := s.status(exe); return ok && v.Snoozed.After(time.Now()) })
}

// TestDesktopWithoutDisplayOrDriver chooses "open" where no window can come: the watcher lives on, and a notice and the log say
// why.
func TestDesktopWithoutDisplayOrDriver(t *testing.T) {
	slow(t, "Xvfb", "dbus-daemon", "dunst", "dunstctl", "xfce4-panel")
	exe := program(t, "1")
	for name, c := range map[string]struct{ display, env []string }{
		"no driver": {[]string{"-extension", "GLX"}, nil},
		"dead":      {nil, []string{"DISPLAY=:59000"}},
		"none":      {nil, []string{"DISPLAY=", "WAYLAND_DISPLAY="}},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSession(t, c.display...)
			s.startPanel(t)
			w := s.start(t, "", c.env, exe, "watch", "--imap", closedPort(t))
			s.click(t, "Open Rimbalzo", 10*time.Second)
			logged := ""
			until(t, "the reason in the log", 30*time.Second, func() bool {
				text, err := os.ReadFile(s.in("config/rimbalzo/watcher.log"))
				logged = string(text)
				return err == nil && strings.Contains(logged, "ended badly")
			})
			t.Log(logged)
			until(t, "a notice with the reason", 10*time.Second, func() bool { return strings.TrimSpace(s.run(t, "", "dunstctl", "count", "displayed")) == "1" })
			time.Sleep(time.Second) // it is drawn
			s.picture(t, "without-"+strings.ReplaceAll(name, " ", "-"))
			if v, ok := s.status(exe); !ok || !v.Tray || len(children(w.Process.Pid)) != 0 {
				t.Errorf("the watcher: %+v, %t", v, ok)
			}
			s.click(t, "Quit", 5*time.Second)
			<-w.ended
			if code := w.ProcessState.ExitCode(); code != 0 {
				t.Errorf("it ends with %d", code)
			}
		})
	}
}
