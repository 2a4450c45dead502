//go:build linux

package real

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// What the window may cost with a store of 100,000 messages, under software GL.
const (
	manyMessages   = 100_000
	mostFirstFrame = 800 * time.Millisecond
	mostWindow     = 250 << 10 // KB, resident
)

// writeMany writes a mailbox of 100,000 messages, of which one in twelve came back.
func writeMany(t *testing.T, path string) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	out := bufio.NewWriter(f)
	begin := time.Now().AddDate(0, 0, -300)
	for i := range manyMessages {
		at := begin.Add(time.Duration(i) * 4 * time.Minute).Format(time.RFC1123Z)
		if i%12 == 0 {
			fmt.Fprintf(out, "From - Thu Jan  1 00:00:00 2026\n%s\n", strings.ReplaceAll(fmt.Sprintf(bounceOfLife, i, at), "\r\n", "\n"))
			continue
		}
		fmt.Fprintf(out, "From - Thu Jan  1 00:00:00 2026\nFrom: friend%[1]d@libero.it\nTo: %[2]s\nSubject: Answer %[1]d\nDate: %[3]s\nMessage-ID: <answer%[1]d@libero.it>\n\nHello\n\n", i, mailUser, at)
	}
	if err := out.Flush(); err != nil {
		t.Fatal(err)
	}
}

// TestFirstFrame measures the time until there is something on the screen, and the memory of the window once it has reviewed
// what the store has.
func TestFirstFrame(t *testing.T) {
	slow(t, "Xvfb", "dbus-daemon", "gnome-keyring-daemon", "import", "xwininfo")
	exe := program(t, "1")
	s := newSession(t)
	s.startKeyring(t)
	writeMany(t, s.in("big.mbox"))
	s.run(t, "", exe, "account", "add", s.in("big.mbox"))
	w := s.start(t, "", nil, exe, "watch", "--background")
	until(t, "a mailbox that was read", 10*time.Minute, func() bool { return s.list(t, exe) > manyMessages/13 })
	for range 3 {
		begun := time.Now()
		window := s.start(t, "", nil, exe)
		until(t, "a first frame", 2*time.Minute, func() bool { return s.drawn() })
		frame := time.Since(begun)
		time.Sleep(30 * time.Second) // the review is over
		cost := costOf(t, window.Process.Pid)
		fmt.Printf("first frame after %d ms, then %.0f MB resident (%.0f MB of its own, at most %.0f MB)\n", frame.Milliseconds(), float64(cost.resident)/1024, float64(cost.anonymous)/1024, float64(cost.peak)/1024)
		if frame > mostFirstFrame || cost.resident > mostWindow {
			t.Errorf("more than %v or %d KB", mostFirstFrame, mostWindow)
		}
		_ = window.Process.Kill()
		<-window.ended
	}
	_ = w.Process.Kill()
}

// drawn reports whether the window shows anything but one colour.
func (s *session) drawn() bool {
	cmd := exec.Command("sh", "-c", `id=$(xwininfo -name Rimbalzo | sed -n 's/.*Window id: \(0x[0-9a-f]*\).*/\1/p'); test -n "$id" && import -window "$id" -sample 40x25 -format %k info:`)
	cmd.Env = s.env
	out, err := cmd.Output()
	colours := 0
	fmt.Sscan(string(out), &colours)
	return err == nil && colours > 1
}
