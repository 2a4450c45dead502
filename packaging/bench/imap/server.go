package main

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
	"time"
)

const serverConfig = `base_dir = %[1]s/run
state_dir = %[1]s/state
log_path = %[1]s/log
protocols = imap
listen = 127.0.0.1
ssl = required
ssl_cert = <%[1]s/cert.pem
ssl_key = <%[1]s/key.pem
mail_location = maildir:%[1]s/mail
maildir_very_dirty_syncs = yes
mail_uid = %[3]s
mail_gid = %[4]s
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
    port = %[2]s
    ssl = yes
  }
}
protocol imap {
  mail_plugins = %[5]s
}
namespace inbox {
  inbox = yes
  separator = /
}
`

// The account's name and password.
const account, password = "ada@sender.example", "bench"

// server is a Dovecot on the loopback behind a link.
type server struct {
	*link
	direct string // without the link
	ca     string // the file with its certificate
	cmd    *exec.Cmd
}

// startServer starts Dovecot, which compresses where asked to. Dovecot does not serve mail as root: nobody owns it.
func (b *bench) startServer(ctx context.Context, compressed bool) (*server, error) {
	owner, err := user.Lookup("nobody")
	if err != nil {
		return nil, err
	}
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	ca, err := b.certificate()
	if err != nil {
		return nil, err
	}
	plugins := ""
	if compressed {
		plugins = "imap_zlib"
	}
	files := map[string]string{
		"conf":   fmt.Sprintf(serverConfig, b.dir, port, owner.Username, owner.Gid, plugins),
		"passwd": account + ":{PLAIN}" + password + "\n",
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(b.dir, name), []byte(text), 0o644); err != nil {
			return nil, err
		}
	}
	if err := b.handOver(owner); err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, "dovecot", "-F", "-c", filepath.Join(b.dir, "conf"))
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	s := &server{direct: "127.0.0.1:" + port, ca: ca, cmd: cmd}
	for range 100 {
		if conn, err := net.Dial("tcp", s.direct); err == nil {
			conn.Close()
			s.link, err = openLink(s.direct)
			return s, err
		}
		time.Sleep(50 * time.Millisecond)
	}
	s.stop()
	return nil, errors.New("start Dovecot: it does not answer")
}

func (s *server) stop() {
	if s.link != nil {
		s.Close()
	}
	_ = s.cmd.Process.Signal(syscall.SIGTERM)
	_ = s.cmd.Wait()
}

func freePort() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return strconv.Itoa(l.Addr().(*net.TCPAddr).Port), nil
}

// handOver gives the mail to the user that serves it.
func (b *bench) handOver(owner *user.User) error {
	uid, _ := strconv.Atoi(owner.Uid)
	gid, _ := strconv.Atoi(owner.Gid)
	if err := errors.Join(os.Chmod(b.dir, 0o755), os.MkdirAll(filepath.Join(b.dir, "home"), 0o755)); err != nil {
		return err
	}
	for _, dir := range []string{"mail", "home"} {
		err := filepath.WalkDir(filepath.Join(b.dir, dir), func(path string, _ fs.DirEntry, err error) error {
			return errors.Join(err, os.Lchown(path, uid, gid))
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// certificate makes one that is its own authority.
func (b *bench) certificate() (path string, err error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return "", err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "localhost"}, DNSNames: []string{"localhost"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour), IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return "", err
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return "", err
	}
	path = filepath.Join(b.dir, "cert.pem")
	return path, errors.Join(
		os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o644),
		os.WriteFile(filepath.Join(b.dir, "key.pem"), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}), 0o600),
	)
}
