//go:build unix

package probe

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"
)

const eximConfig = `primary_hostname = mail.example
local_interfaces = 127.0.0.1
daemon_smtp_ports = %[2]d : %[3]d
tls_on_connect_ports = %[3]d
tls_advertise_hosts = *
tls_certificate = %[1]s/cert.pem
tls_privatekey = %[1]s/key.pem
spool_directory = %[1]s/spool
log_file_path = %[1]s/spool/%%slog
pid_file_path = %[1]s/spool/pid
exim_user = %[4]s
keep_environment =
host_lookup =
rfc1413_query_timeout = 0s
smtp_accept_max = 2
acl_smtp_connect = connecting
acl_smtp_rcpt = deny
acl_smtp_mail = noticed
begin acl
connecting:
  deny  condition = ${if exists{%[1]s/closed}}
        message = 5.7.1 Service unavailable; client [192.0.2.7] blocked using zen.spamhaus.org
  accept
noticed:
  deny  message = a check has said MAIL
begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = ${if and{{eq{$auth2}{ada}}{eq{$auth3}{secret}}}}
  server_set_id = $auth2
  server_advertise_condition = ${if def:tls_in_cipher}
`

// TestProbeExim checks a real Exim as MX and as submission server: with and without a login, with too many connections, when
// it turns this line away, and when nobody is there.
func TestProbeExim(t *testing.T) {
	binary := installed(t, "exim4-daemon-light", "exim4", "exim")
	a := newAuthority(t)
	r := real{folder(t, a), free(t, 3)}
	u, uid, gid := runAs(t, "nobody")
	put(t, r.dir, "conf", fmt.Sprintf(eximConfig, r.dir, r.ports[0], r.ports[1], u.Username))
	spool := filepath.Join(r.dir, "spool")
	if err := os.MkdirAll(spool, 0o755); err != nil {
		t.Fatal(err)
	}
	give(t, spool, uid, gid)
	give(t, filepath.Join(r.dir, "key.pem"), uid, gid)
	r.start(t, []string{"spool/mainlog", "spool/paniclog", "spool/rejectlog"}, binary, "-bdf", "-C", filepath.Join(r.dir, "conf"))
	time.Sleep(200 * time.Millisecond) // the connection that waited for the start counts for a moment
	check := func(name string, target Target, want Ending, code int) {
		t.Helper()
		target.Host, target.Roots = "127.0.0.1", a.pool
		got := Check(t.Context(), target, Deps{})
		if got.Ending != want || got.Code != code || got.Took > 6*time.Second {
			t.Errorf("%s: %s %d after %v, want %s %d: %+v", name, got.Ending, got.Code, got.Took, want, code, got.Stages)
		}
	}
	mx := Target{Kind: KindMX, Port: r.ports[0], LineOpen: true}
	tls := Target{Kind: KindSMTP, Port: r.ports[1], Security: SecurityTLS}
	starttls := Target{Kind: KindSMTP, Port: r.ports[0], Security: SecurityStartTLS}
	check("MX", mx, EndingOK, 0)
	check("465, bare", tls, EndingOK, 0)
	check("587, bare", starttls, EndingOK, 0)
	for _, target := range []Target{tls, starttls} {
		target.Login = with("ada", "secret")
		check("login", target, EndingOK, 0)
		target.Login = with("ada", "guess")
		check("wrong password", target, EndingAuth, 535)
	}
	check("TLS where there is none", Target{Kind: KindSMTP, Port: r.ports[0], Security: SecurityTLS}, EndingTLSPlain, 0)
	check("nobody there", Target{Kind: KindSMTP, Port: r.ports[2], Security: SecurityTLS}, EndingRefused, 0)
	put(t, r.dir, "closed", "")
	check("turned away", mx, EndingPolicy, 550)
	if err := os.Remove(filepath.Join(r.dir, "closed")); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		conn, err := net.Dial("tcp4", fmt.Sprintf("127.0.0.1:%d", r.ports[0]))
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
	}
	time.Sleep(200 * time.Millisecond)
	check("421 storm", mx, EndingGreeting421, 421)
}
