//go:build unix

package probe

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// real is a real server on loopback, in a folder of its own; the test ends it by its process id.
type real struct {
	dir   string
	ports []int
}

// free gives n ports that nobody listens on.
func free(t *testing.T, n int) (ports []int) {
	t.Helper()
	for range n {
		l, err := net.Listen("tcp4", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		ports = append(ports, l.Addr().(*net.TCPAddr).Port)
	}
	return ports
}

// installed finds a program, also where only root looks; the test is skipped without it.
func installed(t *testing.T, pkg string, names ...string) string {
	t.Helper()
	if os.Getenv("RIMBALZO_SLOW") == "" {
		t.Skipf("a slow test: set RIMBALZO_SLOW=1 to run it with a real %s", names[0])
	}
	for _, name := range names {
		for _, path := range []string{name, "/usr/sbin/" + name, "/sbin/" + name} {
			if found, err := exec.LookPath(path); err == nil {
				return found
			}
		}
	}
	t.Skipf("%s is not installed here: apt-get install %s", names[0], pkg)
	return ""
}

// folder makes a folder with a certificate in it that other users can read: the servers give up being root.
func folder(t *testing.T, a *authority) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "probe") // a short path: sockets' names have a limit
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	pair := a.issue(t, nil).Certificates[0]
	key, err := x509.MarshalPKCS8PrivateKey(pair.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	put(t, dir, "cert.pem", string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: pair.Certificate[0]})))
	put(t, dir, "key.pem", string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key})))
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

func put(t *testing.T, dir, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// start runs a server in the foreground until the test ends, and waits until its first port answers.
func (r real) start(t *testing.T, logs []string, name string, args ...string) {
	t.Helper()
	server := exec.Command(name, args...)
	out, err := os.Create(filepath.Join(r.dir, "output"))
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	server.Stdout, server.Stderr = out, out
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		server.Process.Signal(syscall.SIGTERM)
		server.Wait()
		for _, log := range append(logs, "output") {
			if text, err := os.ReadFile(filepath.Join(r.dir, log)); err == nil && t.Failed() {
				t.Logf("%s:\n%s", log, text)
			}
		}
	})
	for range 200 {
		if conn, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", r.ports[0])); err == nil {
			conn.Close()
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatalf("%s does not start", name)
}

// give hands a folder and all in it to a user.
func give(t *testing.T, dir string, uid, gid int) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Lchown(path, uid, gid)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// runAs is who a server runs as: nobody, or name, when the test is root's; else the test's own user.
func runAs(t *testing.T, name string) (*user.User, int, int) {
	t.Helper()
	u, err := user.Current()
	if err == nil && u.Uid == "0" {
		u, err = user.Lookup(name)
	}
	if err != nil {
		t.Skip("nobody to run the mail server as:", err)
	}
	uid, _ := strconv.Atoi(u.Uid)
	gid, _ := strconv.Atoi(u.Gid)
	return u, uid, gid
}

const dovecotConfig = `base_dir = %[1]s/run
state_dir = %[1]s/state
log_path = %[1]s/log
protocols = imap%[9]s
listen = 127.0.0.1
ssl = required
ssl_cert = <%[1]s/cert.pem
ssl_key = <%[1]s/key.pem
disable_plaintext_auth = yes
default_internal_user = %[2]s
default_internal_group = %[4]s
default_login_user = %[3]s
mail_location = maildir:%[1]s/mail
mail_uid = %[5]d
mail_gid = %[6]d
first_valid_uid = 1
first_valid_gid = 0
mail_max_userip_connections = 1
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
    port = %[7]d
  }
  inet_listener imaps {
    port = %[8]d
    ssl = yes
  }
}
`

const dovecotPOP3 = `service pop3-login {
  chroot =
  inet_listener pop3 {
    port = %d
  }
  inet_listener pop3s {
    port = %d
    ssl = yes
  }
}
`

// startDovecot starts it with one message in the inbox of ada, password secret: IMAP, IMAPS and, where it is installed,
// POP3 and POP3S.
func startDovecot(t *testing.T, a *authority, arrived time.Time) (r real, pop bool) {
	t.Helper()
	binary := installed(t, "dovecot-imapd", "dovecot")
	_, err := os.Stat("/usr/share/dovecot/protocols.d/pop3d.protocol")
	pop = err == nil
	r = real{folder(t, a), free(t, 4)}
	u, uid, gid := runAs(t, "nobody")
	own, login, group := "dovecot", "dovenull", "dovecot"
	if os.Getuid() != 0 {
		g, err := user.LookupGroupId(u.Gid)
		if err != nil {
			t.Fatal(err)
		}
		own, login, group = u.Username, u.Username, g.Name
	}
	more := ""
	if pop {
		more = " pop3"
	}
	config := fmt.Sprintf(dovecotConfig, r.dir, own, login, group, uid, gid, r.ports[0], r.ports[1], more)
	if pop {
		config += fmt.Sprintf(dovecotPOP3, r.ports[2], r.ports[3])
	}
	put(t, r.dir, "conf", config)
	put(t, r.dir, "passwd", "ada:{PLAIN}secret\n")
	for _, sub := range []string{"mail/cur", "mail/new", "mail/tmp", "home"} {
		if err := os.MkdirAll(filepath.Join(r.dir, sub), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	put(t, r.dir, "mail/new/1674468000.M1P1.test", "From: Bob <bob@example.org>\nSubject: hello\n\nhello\n")
	if err := os.Chtimes(filepath.Join(r.dir, "mail/new/1674468000.M1P1.test"), arrived, arrived); err != nil {
		t.Fatal(err)
	}
	give(t, filepath.Join(r.dir, "mail"), uid, gid)
	give(t, filepath.Join(r.dir, "home"), uid, gid)
	r.start(t, []string{"log"}, binary, "-F", "-c", filepath.Join(r.dir, "conf"))
	return r, pop
}

// TestProbeDovecot checks a real Dovecot: as far as the newest message, with a wrong password, one connection too many, POP3,
// and after it has gone.
func TestProbeDovecot(t *testing.T) {
	a := newAuthority(t)
	arrived := time.Date(2023, 1, 23, 10, 0, 0, 0, time.UTC)
	r, pop := startDovecot(t, a, arrived)
	check := func(target Target) Result {
		target.Host, target.Roots = "localhost", a.pool
		return Check(t.Context(), target, Deps{})
	}
	for name, tc := range map[string]struct {
		target Target
		want   Ending
		absent bool
	}{
		"imaps":          {Target{Kind: KindIMAP, Port: r.ports[1], Login: with("ada", "secret")}, EndingOK, false},
		"imap, STARTTLS": {Target{Kind: KindIMAP, Port: r.ports[0], Security: SecurityStartTLS, Login: with("ada", "secret")}, EndingOK, false},
		"bare":           {Target{Kind: KindIMAP, Port: r.ports[1]}, EndingOK, false},
		"wrong password": {Target{Kind: KindIMAP, Port: r.ports[1], Login: with("ada", "guess")}, EndingAuthFailed, false},
		"clear port":     {Target{Kind: KindIMAP, Port: r.ports[0], Security: SecurityTLS}, EndingTLSPlain, false},
		"pop3s":          {Target{Kind: KindPOP3, Port: r.ports[3]}, EndingOK, !pop},
		"pop3, STLS":     {Target{Kind: KindPOP3, Port: r.ports[2], Security: SecurityStartTLS}, EndingOK, !pop},
		"IMAP for SMTP":  {Target{Kind: KindSMTP, Port: r.ports[1], Security: SecurityTLS}, EndingGarbage, false},
	} {
		if tc.absent {
			t.Logf("%s: not installed here: apt-get install dovecot-pop3d", name)
			continue
		}
		got := check(tc.target)
		if got.Ending != tc.want || got.Took > 6*time.Second {
			t.Errorf("%s: %s after %v, want %s: %+v", name, got.Ending, got.Took, tc.want, got.Stages)
		}
		if tc.target.Login != nil && tc.want == EndingOK && !got.Newest.Equal(arrived) {
			t.Errorf("%s: the newest message arrived %v, want %v", name, got.Newest, arrived)
		}
		if tc.want == EndingOK && got.CertificateUntil.IsZero() {
			t.Errorf("%s: nothing is known of the certificate", name)
		}
	}
	defer holdIMAP(t, a, r.ports[1])()
	if got := check(Target{Kind: KindIMAP, Port: r.ports[1], Login: with("ada", "secret")}); got.Ending != EndingLimit {
		t.Errorf("one connection too many: %s, want %s: %+v", got.Ending, EndingLimit, got.Stages)
	}
}

// holdIMAP logs in and stays, until the function that it gives is called.
func holdIMAP(t *testing.T, a *authority, port int) (end func()) {
	t.Helper()
	conn, err := tls.Dial("tcp", fmt.Sprintf("localhost:%d", port), &tls.Config{RootCAs: a.pool, ServerName: "localhost"})
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprint(conn, "a LOGIN ada secret\r\n")
	for lines := bufio.NewScanner(conn); lines.Scan(); {
		if strings.HasPrefix(lines.Text(), "a ") {
			if !strings.HasPrefix(lines.Text(), "a OK") {
				t.Fatal(lines.Text())
			}
			break
		}
	}
	return func() { conn.Close() }
}
