//go:build unix

package probe

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"
)

const postfixMain = `compatibility_level = 3.6
queue_directory = %[1]s/spool
data_directory = %[1]s/data
daemon_directory = %[2]s
shlib_directory = %[3]s
mail_owner = %[4]s
setgid_group = mail
default_privs = nobody
import_environment = MAIL_CONFIG TZ LANG=C LD_LIBRARY_PATH
maillog_file = %[1]s/log/mail
maillog_file_prefixes = %[1]s
myhostname = mail.example
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
alias_maps =
local_recipient_maps =
smtpd_peername_lookup = no
smtpd_delay_reject = no
smtpd_tls_cert_file = %[1]s/cert.pem
smtpd_tls_key_file = %[1]s/key.pem
smtpd_tls_security_level = may
postscreen_access_list =
postscreen_greet_action = enforce
`

// postfixMaster has a door for mail of others, one behind postscreen, which says nothing for six seconds, one that turns
// everybody away, one that takes a single connection, and submission with and without STARTTLS.
const postfixMaster = `%[1]d inet n - n - - smtpd
%[2]d inet n - n - 1 postscreen
smtpd pass - - n - - smtpd
%[3]d inet n - n - - smtpd
  -o smtpd_client_restrictions=static:reject
%[4]d inet n - n - - smtpd
  -o smtpd_client_connection_count_limit=1
  -o smtpd_client_event_limit_exceptions=
%[5]d inet n - n - - smtpd
  -o smtpd_tls_wrappermode=yes
anvil unix - - n - 1 anvil
dnsblog unix - - n - 0 dnsblog
tlsproxy unix - - n - 0 tlsproxy
tlsmgr unix - - n 1000? 1 tlsmgr
proxymap unix - - n - - proxymap
postlog unix-dgram n - n - 1 postlogd
rewrite unix - - n - - trivial-rewrite
`

// postfixDaemons finds Postfix's programs: those of the machine, else those of Debian's package, which is unpacked beside and
// not installed, since it would take the place of another mail server. The test is skipped where neither is to be had.
func postfixDaemons(t *testing.T) (daemons, libraries string) {
	t.Helper()
	if os.Getenv("RIMBALZO_SLOW") == "" {
		t.Skip("a slow test: set RIMBALZO_SLOW=1 to run it with a real Postfix")
	}
	if os.Getuid() != 0 {
		t.Skip("Postfix wants to be started by root")
	}
	for _, dir := range []string{"/usr/lib/postfix/sbin", "/usr/libexec/postfix"} {
		if _, err := os.Stat(filepath.Join(dir, "master")); err == nil {
			return dir, "/usr/lib/postfix"
		}
	}
	dir, err := os.MkdirTemp("", "pf")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	unpack := exec.Command("sh", "-c", "apt-get download postfix && dpkg-deb -x postfix_*.deb .")
	unpack.Dir = dir
	if out, err := unpack.CombinedOutput(); err != nil {
		t.Skipf("Postfix is not installed, and its package is not to be had: %v\n%.500s", err, out)
	}
	libraries = filepath.Join(dir, "usr/lib/postfix")
	t.Setenv("LD_LIBRARY_PATH", libraries)
	return filepath.Join(libraries, "sbin"), libraries
}

// TestProbePostfix checks a real Postfix as MX and as submission server: as it is, behind postscreen, when it turns this line
// away, with too many connections, and when nobody is there.
func TestProbePostfix(t *testing.T) {
	daemons, libraries := postfixDaemons(t)
	a := newAuthority(t)
	r := real{folder(t, a), free(t, 6)}
	owner, uid, _ := runAs(t, "news") // neither root nor nobody, nor anybody else's: Postfix insists
	put(t, r.dir, "main.cf", fmt.Sprintf(postfixMain, r.dir, daemons, libraries, owner.Username))
	put(t, r.dir, "master.cf", fmt.Sprintf(postfixMaster, r.ports[0], r.ports[1], r.ports[2], r.ports[3], r.ports[4]))
	for _, name := range []string{"spool/pid", "spool/public", "spool/private", "spool/incoming", "spool/active", "spool/deferred", "log", "data"} {
		if err := os.MkdirAll(filepath.Join(r.dir, name), 0o755); err != nil {
			t.Fatal(err)
		}
		if name == "spool/pid" || name == "log" {
			continue
		}
		if err := os.Chown(filepath.Join(r.dir, name), uid, -1); err != nil {
			t.Fatal(err)
		}
	}
	r.start(t, []string{"log/mail"}, filepath.Join(daemons, "master"), "-c", r.dir, "-d")
	check := func(name string, target Target, want Ending, code int) {
		t.Helper()
		target.Host, target.Roots = "127.0.0.1", a.pool
		got := Check(t.Context(), target, Deps{})
		if got.Ending != want || got.Code != code || got.Took > 10*time.Second {
			t.Errorf("%s: %s %d after %v, want %s %d: %+v", name, got.Ending, got.Code, got.Took, want, code, got.Stages)
		}
	}
	mx := func(n int) Target { return Target{Kind: KindMX, Port: r.ports[n], LineOpen: true} }
	check("MX", mx(0), EndingOK, 0)
	check("behind postscreen", mx(1), EndingOK, 0)
	check("turned away", mx(2), EndingPolicy, 554)
	check("587, bare", Target{Kind: KindSMTP, Port: r.ports[0], Security: SecurityStartTLS}, EndingOK, 0)
	check("465, bare", Target{Kind: KindSMTP, Port: r.ports[4], Security: SecurityTLS}, EndingOK, 0)
	check("TLS where there is none", Target{Kind: KindSMTP, Port: r.ports[0], Security: SecurityTLS}, EndingTLSPlain, 0)
	check("nobody there", mx(5), EndingRefused, 0)
	conn, err := net.Dial("tcp4", net.JoinHostPort("127.0.0.1", strconv.Itoa(r.ports[3])))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := conn.Read(make([]byte, 100)); err != nil { // it is counted from its greeting on
		t.Fatal(err)
	}
	check("too many connections", mx(3), EndingLimit, 421)
}
