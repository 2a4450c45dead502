//go:build linux

package real

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
)

// notices is a notification server that writes down what it is told to show
// (https://specifications.freedesktop.org/notification-spec/latest/protocol.html).
type notices struct {
	mu   sync.Mutex
	list []string // "title | body"
}

func (n *notices) Notify(_ string, _ uint32, _, title, body string, _ []string, _ map[string]dbus.Variant, _ int32) (uint32, *dbus.Error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.list = append(n.list, title+" | "+body)
	return uint32(len(n.list)), nil
}

func (n *notices) GetCapabilities() ([]string, *dbus.Error) { return []string{"body", "actions"}, nil }

func (n *notices) GetServerInformation() (name, vendor, version, spec string, err *dbus.Error) {
	return "notices", "test", "1", "1.2", nil
}

// told gives how many notices hold a word.
func (n *notices) told(word string) (count int) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, text := range n.list {
		if strings.Contains(text, word) {
			count++
		}
	}
	return count
}

func (n *notices) all() []string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.Clone(n.list)
}

// showNotices has the test itself show the session's notices.
func (s *session) showNotices(t *testing.T) *notices {
	t.Helper()
	n := &notices{}
	if err := s.conn.Export(n, "/org/freedesktop/Notifications", "org.freedesktop.Notifications"); err != nil {
		t.Fatal(err)
	}
	if reply, err := s.conn.RequestName("org.freedesktop.Notifications", dbus.NameFlagDoNotQueue); err != nil || reply != dbus.RequestNameReplyPrimaryOwner {
		t.Fatal(reply, err)
	}
	return n
}

const bounceOfLife = "From: Mail Delivery System <MAILER-DAEMON@sender.example>\r\nTo: " + mailUser + "\r\nSubject: Undelivered Mail Returned to Sender\r\n" +
	"Date: %[2]s\r\nMessage-ID: <bounce%[1]d@sender.example>\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n" +
	"Content-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\r\n\r\n" +
	"--b\r\nContent-Type: text/plain\r\n\r\nI'm sorry: your message could not be delivered.\r\n" +
	"--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.sender.example\r\nArrival-Date: %[2]s\r\n\r\n" +
	"Final-Recipient: rfc822; friend%[1]d@libero.it\r\nAction: failed\r\nStatus: 4.4.1\r\nDiagnostic-Code: X-Postfix; connect to smtp-in.libero.it[213.209.1.129]:25: Connection timed out\r\n\r\n" +
	"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nFrom: " + mailUser + "\r\nTo: friend%[1]d@libero.it\r\nSubject: Letter %[1]d\r\nDate: %[2]s\r\nMessage-ID: <letter%[1]d@sender.example>\r\n\r\n--b--\r\n"

// deliver puts a bounce into the mail server's inbox as a delivery agent does.
func deliver(t *testing.T, maildir string, n int) { deliverTo(t, maildir, mailUser, n) }

func deliverTo(t *testing.T, maildir, who string, n int) {
	t.Helper()
	owner, err := os.Stat(maildir)
	if err != nil {
		t.Fatal(err)
	}
	file := owner.Sys().(*syscall.Stat_t)
	name := fmt.Sprintf("%d.M%d.test", time.Now().Unix(), n)
	path := filepath.Join(maildir, "tmp", name)
	text := strings.ReplaceAll(fmt.Sprintf(bounceOfLife, n, time.Now().Format(time.RFC1123Z)), mailUser, who)
	err = errors.Join(os.WriteFile(path, []byte(text), 0o600), os.Chown(path, int(file.Uid), int(file.Gid)), os.Rename(path, filepath.Join(maildir, "new", name)))
	if err != nil {
		t.Fatal(err)
	}
}

// loaded builds the program with dice that always fall low: its pauses are the shortest that courtesy allows.
func loaded(t *testing.T) string {
	t.Helper()
	exe := filepath.Join(t.TempDir(), "rimbalzo")
	build := exec.Command("go", "test", "-c", "-o", exe, "rimbalzo/app")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("building the program: %v\n%s", err, out)
	}
	return exe
}

// logins counts those that the mail server has seen.
func logins(t *testing.T, dir string) int {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "log"))
	if err != nil {
		t.Fatal(err)
	}
	return strings.Count(string(text), "Login: user=")
}

// TestLife lives through what a watcher meets in months: new mail, a server that goes and comes back, and its own violent death.
// What is told is told once.
func TestLife(t *testing.T) {
	slow(t, "Xvfb", "dbus-daemon", "gnome-keyring-daemon")
	exe := loaded(t)
	s := newSession(t)
	s.env = append(s.env, "RIMBALZO_LOADED_DICE=1")
	n := s.showNotices(t)
	s.startKeyring(t)
	address, ca := s.startDovecot(t)
	dir := filepath.Dir(ca)
	s.run(t, mailPassword+"\n", exe, "account", "add", mailUser, "--imap", address, "--ca", ca, "--password-stdin")
	w := s.start(t, "", nil, exe, "watch", "--log-level", "debug")
	state := func(want string) func() bool {
		return func() bool {
			v, ok := s.status(exe)
			return ok && len(v.Accounts) == 1 && v.Accounts[0].State == want
		}
	}
	until(t, "an account that works", 2*time.Minute, state("up"))
	// The first review finds nothing, and what comes afterwards is news.
	until(t, "a first reading", time.Minute, func() bool { return s.list(t, exe) == 0 })
	before := logins(t, dir)

	begun := time.Now()
	deliver(t, filepath.Join(dir, "mail"), 1)
	until(t, "a bounce that was read", time.Minute, func() bool { return s.list(t, exe) == 1 })
	fmt.Printf("a bounce was read after %.1f s\n", time.Since(begun).Seconds())
	for i := 2; i <= 4; i++ {
		deliver(t, filepath.Join(dir, "mail"), i)
	}
	until(t, "four bounces that were read", 2*time.Minute, func() bool { return s.list(t, exe) == 4 })
	if more := logins(t, dir) - before; more != 0 {
		t.Errorf("%d logins more for reading new mail", more)
	}
	until(t, "a notice about bounces", 8*time.Minute, func() bool { return n.told("libero.it") > 0 })
	fmt.Printf("they were told after %.0f s: %q\n", time.Since(begun).Seconds(), n.all())
	if n.told("4 messages") != 1 || len(n.all()) != 1 {
		t.Errorf("told: %q", n.all())
	}

	stopDovecot(t, dir)
	gone := time.Now()
	until(t, "down", 5*time.Minute, state("down"))
	until(t, "a notice that it is down", time.Minute, func() bool { return len(n.all()) == 2 })
	fmt.Printf("down was told after %.0f s: %q\n", time.Since(gone).Seconds(), n.all()[1:])
	if took := time.Since(gone); took < 2*time.Minute {
		t.Errorf("down after %v", took)
	}

	// It dies as hard as can be, and what comes after it knows what was told.
	if err := w.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	<-w.ended
	s.start(t, "", nil, exe, "watch", "--log-level", "debug")
	until(t, "down after a restart", time.Minute, state("down"))
	s.start(t, "", nil, dovecot(t), "-F", "-c", filepath.Join(dir, "conf"))
	back := time.Now()
	until(t, "an account that works again", 10*time.Minute, state("up"))
	fmt.Printf("up again after %.0f s\n", time.Since(back).Seconds())
	until(t, "a notice that it is back", 12*time.Minute, func() bool { return len(n.all()) >= 3 })
	time.Sleep(20 * time.Second) // what else would be told by mistake
	if got := n.all(); len(got) != 3 {
		t.Errorf("told: %q", got)
	}
	fmt.Printf("told in all: %q\n", n.all())
}

// list gives how many items the watcher's list has, -1 before the first reading.
func (s *session) list(t *testing.T, exe string) int {
	t.Helper()
	cmd := exec.Command(exe, "status", "--format", "json")
	cmd.Env = s.env
	out, err := cmd.Output()
	var v struct {
		Accounts []struct {
			Items    int       `json:"items"`
			Reviewed time.Time `json:"reviewed"`
		} `json:"accounts"`
	}
	if err != nil || json.Unmarshal(out, &v) != nil || len(v.Accounts) != 1 || v.Accounts[0].Reviewed.IsZero() {
		return -1
	}
	return v.Accounts[0].Items
}

func dovecot(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"dovecot", "/usr/sbin/dovecot"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Skip("Dovecot is not installed here")
	return ""
}

// stopDovecot ends the mail server in order, and waits until it is gone.
func stopDovecot(t *testing.T, dir string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "run", "master.pid"))
	if err != nil {
		t.Fatal(err)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(pid, syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	until(t, "a mail server that is gone", 20*time.Second, func() bool { return syscall.Kill(pid, 0) != nil })
}
