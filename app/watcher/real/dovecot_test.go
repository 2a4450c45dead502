//go:build linux

package real

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"testing"
	"time"
)

const dovecotConfig = `base_dir = %[1]s/run
state_dir = %[1]s/state
log_path = %[1]s/log
protocols = imap
listen = 127.0.0.1
ssl = required
ssl_cert = <%[1]s/cert.pem
ssl_key = <%[1]s/key.pem
default_internal_user = %[2]s
default_internal_group = %[4]s
default_login_user = %[3]s
mail_location = maildir:%[1]s/mail
mail_uid = %[5]d
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
    port = 0
  }
  inet_listener imaps {
    port = %[7]s
    ssl = yes
  }
}
namespace inbox {
  inbox = yes
  separator = /
  mailbox Sent {
    auto = create
    special_use = \Sent
  }
}
`

const (
	mailUser     = "anna@sender.example"
	mailPassword = "correct horse"
)

// startDovecot starts a real IMAP server with one account, and gives its address and the file of its authority.
func (s *session) startDovecot(t *testing.T) (address, ca string) {
	t.Helper()
	binary, err := exec.LookPath("dovecot")
	if err != nil {
		if binary = "/usr/sbin/dovecot"; exec.Command("test", "-x", binary).Run() != nil {
			t.Skip("Dovecot is not installed here")
		}
	}
	dir, err := os.MkdirTemp("", "dove") // not in the session's home, which others may not enter
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(ln.Addr().String())
	ln.Close()
	me, err := user.Current()
	if err != nil {
		t.Fatal(err)
	}
	own, login, group := me.Username, me.Username, me.Username
	if me.Uid == "0" {
		own, login, group = "dovecot", "dovenull", "dovecot"
		if me, err = user.Lookup("nobody"); err != nil {
			t.Skip("nobody to run the mail server as:", err)
		}
	}
	uid, _ := strconv.Atoi(me.Uid)
	gid, _ := strconv.Atoi(me.Gid)
	writeCertificate(t, dir)
	write(t, filepath.Join(dir, "passwd"), mailUser+":{PLAIN}"+mailPassword+"\n")
	write(t, filepath.Join(dir, "conf"), fmt.Sprintf(dovecotConfig, dir, own, login, group, uid, gid, port))
	for _, name := range []string{"mail", "home"} {
		if err := errors.Join(os.Mkdir(filepath.Join(dir, name), 0o700), os.Chown(filepath.Join(dir, name), uid, gid)); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(os.Chmod(dir, 0o755), os.Chmod(filepath.Join(dir, "passwd"), 0o644)); err != nil {
		t.Fatal(err)
	}
	s.start(t, "", nil, binary, "-F", "-c", filepath.Join(dir, "conf"))
	address = "localhost:" + port
	until(t, "a mail server", 20*time.Second, func() bool {
		conn, err := net.Dial("tcp", "127.0.0.1:"+port)
		if err == nil {
			conn.Close()
		}
		return err == nil
	})
	return address, filepath.Join(dir, "cert.pem")
}

// writeCertificate makes a certificate for localhost that vouches for itself.
func writeCertificate(t *testing.T, dir string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "localhost"}, DNSNames: []string{"localhost"}, IsCA: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(90 * 24 * time.Hour), BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "cert.pem"), string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})))
	write(t, filepath.Join(dir, "key.pem"), string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: raw})))
}

// startKeyring starts a real keyring that is unlocked.
func (s *session) startKeyring(t *testing.T) {
	t.Helper()
	s.start(t, "of the login", nil, "gnome-keyring-daemon", "--foreground", "--components=secrets", "--unlock")
	until(t, "a keyring", 20*time.Second, func() bool {
		if !s.owns("org.freedesktop.secrets") {
			return false // asked too early, the bus would start another one
		}
		var locked any
		v, err := s.conn.Object("org.freedesktop.secrets", "/org/freedesktop/secrets/aliases/default").GetProperty("org.freedesktop.Secret.Collection.Locked")
		if err == nil {
			locked = v.Value()
		}
		return locked == false
	})
}
