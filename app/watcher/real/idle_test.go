//go:build linux

package real

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// What a watcher of one account may cost while nothing happens.
const (
	mostMemory  = 40 << 10 // KB, resident
	mostCPU     = 0.0005   // of one core
	mostWakeups = 2.0      // a second; being pushed aside by a busy machine is none
	mostWait    = 300 * time.Millisecond
	measured    = 5 * time.Minute
	settling    = time.Minute // the first check and the first reading are over by then
)

// cost is what a process has used so far.
type cost struct {
	resident, anonymous, peak int // KB
	cpu                       time.Duration
	switches                  int
}

// costOf reads /proc (proc(5)).
func costOf(t *testing.T, pid int) (c cost) {
	t.Helper()
	dir := filepath.Join("/proc", strconv.Itoa(pid))
	status, err := os.ReadFile(filepath.Join(dir, "status"))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(status)) {
		name, value, _ := strings.Cut(line, ":")
		n, _ := strconv.Atoi(strings.TrimSuffix(strings.TrimSpace(value), " kB"))
		switch name {
		case "VmRSS":
			c.resident = n
		case "RssAnon":
			c.anonymous = n
		case "VmHWM":
			c.peak = n
		}
	}
	tasks, err := filepath.Glob(filepath.Join(dir, "task", "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, task := range tasks {
		text, err := os.ReadFile(filepath.Join(task, "status"))
		if err != nil {
			continue // a thread that has ended
		}
		for line := range strings.Lines(string(text)) {
			if name, value, _ := strings.Cut(line, ":"); name == "voluntary_ctxt_switches" {
				n, _ := strconv.Atoi(strings.TrimSpace(value))
				c.switches += n
			}
		}
		// The scheduler's own account, in nanoseconds: the ticks of stat are too coarse for one part in two thousand.
		sched, err := os.ReadFile(filepath.Join(task, "schedstat"))
		if err != nil {
			continue
		}
		ns, _, _ := strings.Cut(string(sched), " ")
		n, _ := strconv.ParseInt(ns, 10, 64)
		c.cpu += time.Duration(n)
	}
	return c
}

// TestIdle measures the real program while it watches one account on a real Dovecot and nothing happens.
func TestIdle(t *testing.T) {
	slow(t, "Xvfb", "dbus-daemon", "dunst", "xfce4-panel", "gnome-keyring-daemon")
	for name, cgo := range map[string]string{"without the window": "0", "with the window": "1"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			exe := program(t, cgo)
			s := newSession(t)
			s.startPanel(t)
			s.startKeyring(t)
			address, ca := s.startDovecot(t)
			s.run(t, mailPassword+"\n", exe, "account", "add", mailUser, "--imap", address, "--ca", ca, "--password-stdin")
			begun := time.Now()
			w := s.start(t, "", nil, exe, "watch", "--log-level", "debug")
			for len(s.items()) == 0 && time.Since(begun) < 10*time.Second {
				time.Sleep(2 * time.Millisecond)
			}
			icon := time.Since(begun)
			s.click(t, "Check now", settling) // the first look comes at a random moment
			until(t, "a connection that is kept", settling, func() bool {
				v, ok := s.status(exe)
				return ok && len(v.Accounts) == 1 && v.Accounts[0].Kept
			})
			time.Sleep(settling)
			before := costOf(t, w.Process.Pid)
			time.Sleep(measured)
			after := costOf(t, w.Process.Pid)
			used := float64(after.cpu-before.cpu) / float64(measured)
			wakeups := float64(after.switches-before.switches) / measured.Seconds()
			fmt.Printf("%s: icon after %d ms; over %v %.1f MB resident (%.1f MB of its own, at most %.1f MB), %.4f %% of a core, %.2f wakeups/s\n", name, icon.Milliseconds(), measured,
				float64(after.resident)/1024, float64(after.anonymous)/1024, float64(after.peak)/1024, 100*used, wakeups)
			if v, ok := s.status(exe); !ok || !v.Accounts[0].Kept || !v.Tray {
				t.Errorf("at the end: %+v, %t", v, ok)
			}
			if after.resident > mostMemory || used > mostCPU || wakeups > mostWakeups || icon > mostWait {
				t.Errorf("more than %d KB, %v of a core, %v wakeups/s or %v until the icon", mostMemory, mostCPU, mostWakeups, mostWait)
			}
		})
	}
}
