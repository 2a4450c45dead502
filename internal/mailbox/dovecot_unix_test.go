//go:build unix

package mailbox

import (
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// dovecot is a real server on the loopback, with TLS and one account in a Maildir.
type dovecot struct {
	dir, mail     string
	imap, imaps   string // ports
	uid, gid      int    // whose the mail is
	mailUser, own string
}

const dovecotConfig = `base_dir = %[1]s/run
state_dir = %[1]s/state
log_path = %[1]s/log
protocols = imap
listen = 127.0.0.1
ssl = required
ssl_cert = <%[1]s/cert.pem
ssl_key = <%[1]s/key.pem
disable_plaintext_auth = yes
default_internal_user = %[2]s
default_internal_group = %[4]s
default_login_user = %[3]s
mail_location = maildir:%[1]s/mail
mail_uid = %[5]s
mail_gid = %[6]d
first_valid_uid = 1
first_valid_gid = 0
passdb {
  driver = passwd-file
  args = %[1]s/passwd
}
userdb {
  driver = static
  args = home=%[1]s/home
}
service anvil {
  chroot =
}
service imap-login {
  chroot =
  inet_listener imap {
    port = %[7]s
  }
  inet_listener imaps {
    port = %[8]s
    ssl = yes
  }
}
protocol imap {
  mail_plugins = imap_zlib
}
namespace inbox {
  inbox = yes
  separator = /
  mailbox Zugestellt {
    special_use = \Sent
  }
}
`

// startDovecot sets it up in a folder of its own and starts it; the test ends it by its process id.
func startDovecot(t *testing.T, a *authority) *dovecot {
	t.Helper()
	binary, err := exec.LookPath("dovecot")
	if err != nil {
		if binary = "/usr/sbin/dovecot"; !isExecutable(binary) {
			t.Skip("Dovecot is not installed here: apt-get install dovecot-imapd")
		}
	}
	dir, err := os.MkdirTemp("", "dovecot") // a short path: sockets' names have a limit
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	d := &dovecot{dir: dir, mail: filepath.Join(dir, "mail"), imap: freePort(t), imaps: freePort(t)}
	d.findUsers(t)
	d.writeFiles(t, a)
	server := exec.Command(binary, "-F", "-c", filepath.Join(dir, "conf"))
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		server.Process.Signal(syscall.SIGTERM)
		server.Wait()
		if t.Failed() {
			log, _ := os.ReadFile(filepath.Join(dir, "log"))
			t.Logf("Dovecot's log:\n%s", log)
		}
	})
	for range 100 {
		if conn, err := net.Dial("tcp", "127.0.0.1:"+d.imaps); err == nil {
			conn.Close()
			return d
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatal("Dovecot does not start")
	return nil
}

func isExecutable(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode()&0o111 != 0
}

func freePort(t *testing.T) string {
	t.Helper()
	l, port := listen(t)
	l.Close()
	return port
}

// findUsers picks who the server's parts run as: Dovecot refuses to serve mail as root.
func (d *dovecot) findUsers(t *testing.T) {
	t.Helper()
	me, err := user.Current()
	if err != nil {
		t.Fatal(err)
	}
	d.mailUser, d.own = me.Username, me.Username
	if me.Uid == "0" {
		nobody, err := user.Lookup("nobody")
		if err != nil {
			t.Skip("nobody to run the mail server as:", err)
		}
		d.own, me, d.mailUser = "dovecot", nobody, "nobody"
	}
	d.uid, _ = strconv.Atoi(me.Uid)
	d.gid, _ = strconv.Atoi(me.Gid)
}

func (d *dovecot) writeFiles(t *testing.T, a *authority) {
	t.Helper()
	login, group := "dovenull", "dovecot"
	if d.own != "dovecot" {
		g, err := user.LookupGroupId(strconv.Itoa(d.gid))
		if err != nil {
			t.Fatal(err)
		}
		login, group = d.own, g.Name
	}
	pair := a.good(t).Certificates[0]
	key, err := x509.MarshalPKCS8PrivateKey(pair.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(d.dir, "cert.pem"), string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: pair.Certificate[0]})))
	write(t, filepath.Join(d.dir, "key.pem"), string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key})))
	write(t, filepath.Join(d.dir, "passwd"), testUser+":{PLAIN}"+testPassword+"\n")
	write(t, filepath.Join(d.dir, "conf"), fmt.Sprintf(dovecotConfig, d.dir, d.own, login, group, d.mailUser, d.gid, d.imap, d.imaps))
	if err := errors.Join(os.Chmod(d.dir, 0o755), os.Chmod(filepath.Join(d.dir, "passwd"), 0o644), os.MkdirAll(filepath.Join(d.dir, "home"), 0o777)); err != nil {
		t.Fatal(err)
	}
}

// put adds a message to a folder of the account; folder is "" for the inbox, else as in a Maildir++.
func (d *dovecot) put(t *testing.T, folder string, n int, text string) {
	t.Helper()
	for _, sub := range []string{"cur", "new", "tmp"} {
		if err := os.MkdirAll(filepath.Join(d.mail, folder, sub), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	sub, flags := "new", ""
	if n%2 == 0 {
		sub, flags = "cur", ":2,"
	}
	path := filepath.Join(d.mail, folder, sub, fmt.Sprintf("%d.M%dP1.test%s", 1674468000+n, n, flags))
	write(t, path, text)
	if err := os.Chtimes(path, january, january); err != nil {
		t.Fatal(err)
	}
}

// handOver gives the mail to the user that serves it.
func (d *dovecot) handOver(t *testing.T) {
	t.Helper()
	for _, dir := range []string{d.mail, filepath.Join(d.dir, "home")} {
		err := filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
			return errors.Join(err, os.Lchown(path, d.uid, d.gid))
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// messages lists every message's file with its place, flags and text, as "new/name text".
func (d *dovecot) messages(t *testing.T) (list []string) {
	t.Helper()
	err := filepath.WalkDir(d.mail, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || !slices.Contains([]string{"new", "cur"}, filepath.Base(filepath.Dir(path))) {
			return err
		}
		text, err := os.ReadFile(path)
		list = append(list, strings.TrimPrefix(path, d.mail)+" "+string(text))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestDovecot(t *testing.T) {
	if os.Getenv("RIMBALZO_SLOW") == "" {
		t.Skip("a slow test: set RIMBALZO_SLOW=1 to run it with a real Dovecot")
	}
	a := newAuthority(t)
	d := startDovecot(t, a)
	const ordinaries = 3000
	for i := range ordinaries {
		d.put(t, "", i, strings.Replace(ordinaryMessage, "<1@", fmt.Sprintf("<%d@", i), 1)+strings.Repeat("text\n", 200))
	}
	for i := range 60 {
		d.put(t, "", ordinaries+i, strings.Replace(bounceMessage, "<3@", fmt.Sprintf("<b%d@", i), 1))
	}
	d.put(t, "", ordinaries+60, strings.Replace(bounceMessage, "<3@", "<huge@", 1)+strings.Repeat(strings.Repeat("x", 70)+"\n", 1<<20))
	d.put(t, "", ordinaries+61, longBounce(300_000))
	// Dovecot 2.3 says of message/global what RFC 3501 does, without the envelope that the library waits for: a structure
	// that ends the connection.
	d.put(t, "", ordinaries+62, strings.NewReplacer("message/rfc822", "message/global", "<9@", "<global@").Replace(longBounce(300_000)))
	d.put(t, ".Zugestellt", 1, ordinaryMessage)
	d.put(t, ".Posta &AOg- inviata", 1, ordinaryMessage)
	d.put(t, ".Junk.&2D3eAA-", 1, ordinaryMessage)
	d.put(t, ".Work", 1, ordinaryMessage)
	d.handOver(t)
	before := d.messages(t)
	for _, address := range []string{"imaps://" + testUser + "@localhost:" + d.imaps, "imap://" + testUser + "@localhost:" + d.imap} {
		cfg := config(a, address)
		cfg.Since = january.AddDate(0, 0, -3)
		cfg.Timeouts = Timeouts{}
		cfg.RoleOf = func(name string) Role {
			return map[string]Role{"Posta è inviata": RoleSent, "Junk": RoleJunk}[name]
		}
		start := time.Now()
		got, cov, err := readAll(IMAP(cfg))
		if err != nil || len(cov.Unreadable) > 0 {
			t.Fatalf("%v, %v", err, cov.Unreadable)
		}
		t.Logf("%d messages in %v over %s", len(got), time.Since(start), address[:5])
		count := map[string]int{}
		for _, m := range got {
			_, body, _ := strings.Cut(m.text, "\r\n\r\n")
			count[fmt.Sprintf("%s %s %v", m.Role, m.Folder, body != "")]++
			if !m.ArrivedAt.Equal(january) || len(m.text) > wholeLimit {
				t.Errorf("%s: arrived %v, %d bytes", m.Source, m.ArrivedAt, len(m.text))
			}
			if m.Parts != nil && !strings.Contains(m.text, "<global@") {
				count[verdict(m)]++
			}
		}
		want := map[string]int{
			"inbox INBOX false": ordinaries + 1, "inbox INBOX true": 62, wantVerdict: 1, "sent Zugestellt true": 1, "sent Posta è inviata true": 1, "junk Junk/😀 false": 1,
		}
		if fmt.Sprint(count) != fmt.Sprint(want) {
			t.Errorf("read %v, want %v", count, want)
		}
	}
	if after := d.messages(t); !slices.Equal(before, after) {
		t.Error("reading changed the mailbox: a message moved, or its flags or text changed")
	}
	cfg := config(a, "imaps://"+testUser+"@localhost:"+d.imaps)
	cfg.Timeouts = Timeouts{}
	cfg.Password = func() (string, error) { return "wrong", nil }
	_, _, err := readAll(IMAP(cfg))
	var e *Error
	if !errors.As(err, &e) || e.Kind != "password" {
		t.Errorf("with a wrong password: %v", err)
	}
}
