//go:build linux

package real

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"rimbalzo/internal/demo"
)

// fillMailbox copies the demo's mailbox, as its servers hand it out, into the real IMAP server, and gives the address of its
// owner, who logs in there with the same password as everybody.
func fillMailbox(t *testing.T, address, ca string) (owner string) {
	t.Helper()
	from, err := demo.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer from.Close()
	where, err := url.Parse(from.IMAPURL)
	if err != nil {
		t.Fatal(err)
	}
	letIn(t, filepath.Dir(ca), from.User)
	pem, err := os.ReadFile(ca)
	if err != nil {
		t.Fatal(err)
	}
	trust := x509.NewCertPool()
	trust.AppendCertsFromPEM(pem)
	source, target := logIn(t, where.Host, from.CA, from.User, from.Password), logIn(t, address, trust, from.User, mailPassword)
	defer source.Close()
	defer target.Close()
	folders, err := source.List("", "*", nil).Collect()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range folders {
		copyFolder(t, source, target, f.Mailbox)
	}
	return from.User
}

// letIn adds a person to those whom the mail server knows.
func letIn(t *testing.T, dir, address string) {
	t.Helper()
	path := filepath.Join(dir, "passwd")
	known, err := os.ReadFile(path)
	if err == nil {
		err = os.WriteFile(path, append(known, address+":{PLAIN}"+mailPassword+"\n"...), 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func logIn(t *testing.T, address string, trust *x509.CertPool, name, password string) *imapclient.Client {
	t.Helper()
	c, err := imapclient.DialTLS(address, &imapclient.Options{TLSConfig: &tls.Config{RootCAs: trust}})
	if err == nil {
		err = c.Login(name, password).Wait()
	}
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// copyFolder copies the messages of a folder with the times at which they came. The demo calls Sent by its Italian name.
func copyFolder(t *testing.T, source, target *imapclient.Client, name string) {
	t.Helper()
	chosen, err := source.Select(name, &imap.SelectOptions{ReadOnly: true}).Wait()
	if err != nil {
		t.Fatal(err)
	}
	into := name
	if name == "Inviata" {
		into = "Sent"
	} else if name != "INBOX" {
		if err := target.Create(name, nil).Wait(); err != nil {
			t.Fatal(err)
		}
	}
	if chosen.NumMessages == 0 {
		return
	}
	var all imap.SeqSet
	all.AddRange(1, chosen.NumMessages)
	whole := &imap.FetchItemBodySection{Peek: true}
	list, err := source.Fetch(all, &imap.FetchOptions{InternalDate: true, BodySection: []*imap.FetchItemBodySection{whole}}).Collect()
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range list {
		if len(m.BodySection) != 1 {
			t.Fatalf("a message of %s has %d bodies", name, len(m.BodySection))
		}
		raw := m.BodySection[0].Bytes
		if len(raw) == 0 {
			continue // the one that is no message: the demo's server hands it out empty, and Dovecot takes nothing empty
		}
		put := target.Append(into, int64(len(raw)), &imap.AppendOptions{Time: m.InternalDate, Flags: []imap.Flag{imap.FlagSeen}})
		_, err := put.Write(raw)
		if err = errors.Join(err, put.Close()); err == nil {
			_, err = put.Wait()
		}
		if err != nil {
			t.Fatalf("copying %s, %d bytes: %v", name, len(raw), err)
		}
	}
}

const eximConfig = `primary_hostname = localhost
local_interfaces = 127.0.0.1
daemon_smtp_ports = %[2]s
tls_on_connect_ports = %[2]s
tls_advertise_hosts = *
tls_certificate = %[1]s/cert.pem
tls_privatekey = %[1]s/smtp.pem
spool_directory = %[1]s/spool
log_file_path = %[1]s/spool/%%slog
pid_file_path = %[1]s/spool/pid
exim_user = %[3]s
keep_environment =
host_lookup =
rfc1413_query_timeout = 0s
acl_smtp_rcpt = deny
acl_smtp_mail = noticed
begin acl
noticed:
  deny message = nobody sends anything from here
begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = ${if and{{eq{$auth2}{%[4]s}}{eq{$auth3}{%[5]s}}}}
  server_set_id = $auth2
  server_advertise_condition = ${if def:tls_in_cipher}
`

// startExim starts a real submission server for one person, with the certificate of the IMAP server, and gives its address.
func (s *session) startExim(t *testing.T, ca, owner string) (address string) {
	t.Helper()
	binary := exim(t)
	dir := filepath.Dir(ca)
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(ln.Addr().String())
	ln.Close()
	me, err := user.Current()
	if err == nil && me.Uid == "0" {
		me, err = user.Lookup("nobody")
	}
	if err != nil {
		t.Skip("nobody to run the mail server as:", err)
	}
	uid, _ := strconv.Atoi(me.Uid)
	gid, _ := strconv.Atoi(me.Gid)
	key, err := os.ReadFile(filepath.Join(dir, "key.pem"))
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "smtp.pem"), string(key))
	write(t, filepath.Join(dir, "exim"), fmt.Sprintf(eximConfig, dir, port, me.Username, owner, mailPassword))
	if err := errors.Join(os.Mkdir(filepath.Join(dir, "spool"), 0o755), os.Chown(filepath.Join(dir, "spool"), uid, gid),
		os.Chown(filepath.Join(dir, "smtp.pem"), uid, gid), os.Chmod(filepath.Join(dir, "cert.pem"), 0o644)); err != nil {
		t.Fatal(err)
	}
	s.start(t, "", nil, binary, "-bdf", "-C", filepath.Join(dir, "exim"))
	until(t, "a submission server", 30*time.Second, func() bool {
		conn, err := net.Dial("tcp", "127.0.0.1:"+port)
		if err == nil {
			conn.Close()
		}
		return err == nil
	})
	return "localhost:" + port
}

func exim(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"exim4", "exim", "/usr/sbin/exim4", "/usr/sbin/exim"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Skip("Exim is not installed here")
	return ""
}
