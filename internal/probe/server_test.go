package probe

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"io"
	"math/big"
	"net"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"
)

// authority is a certificate authority made for a test.
type authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
	pool *x509.CertPool
}

func newAuthority(t testing.TB) *authority {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Test"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-1000 * time.Hour), NotAfter: time.Now().Add(1000 * time.Hour), KeyUsage: x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(cert)
	return &authority{cert, key, pool}
}

// issue makes a server's configuration with a certificate for loopback, as change leaves it.
func (a *authority) issue(t testing.TB, change func(*x509.Certificate)) *tls.Config {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "Server"},
		DNSNames: []string{"localhost", "mail.example"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-100 * time.Hour), NotAfter: time.Now().Add(100 * time.Hour),
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	if change != nil {
		change(template)
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.cert, &key.PublicKey, a.key)
	if err != nil {
		t.Fatal(err)
	}
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}, MinVersion: tls.VersionTLS10}
}

// play is one conversation of a scripted server. It ends when the play returns.
type play func(*stage)

// stage is what a play has: a connection, in clear or within TLS, and what it was told.
type stage struct {
	net.Conn
	lines *bufio.Reader
	tls   *tls.Config
	heard *record
}

// record keeps what checks said to a server.
type record struct {
	mu    sync.Mutex
	lines []string
}

func (r *record) add(line string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.lines = append(r.lines, line)
}

// say writes lines as they are given, each with its end.
func (s *stage) say(lines ...string) {
	io.WriteString(s.Conn, strings.Join(lines, "\r\n")+"\r\n")
}

// hear reads one line, "" at the end.
func (s *stage) hear() string {
	line, err := s.lines.ReadString('\n')
	if err != nil {
		return ""
	}
	line = strings.TrimRight(line, "\r\n")
	s.heard.add(line)
	return line
}

// secure goes over to TLS.
func (s *stage) secure() bool {
	conn := tls.Server(s.Conn, s.tls)
	if conn.Handshake() != nil {
		return false
	}
	s.Conn, s.lines = conn, bufio.NewReader(conn)
	return true
}

// rest waits until the other side goes.
func (s *stage) rest() { io.Copy(io.Discard, s.lines) }

// serve starts a server on loopback that plays the same to everybody, and gives its port and what it heard.
func serve(t testing.TB, config *tls.Config, p play) (port int, heard *record) {
	t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	heard = &record{}
	var plays sync.WaitGroup
	plays.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			plays.Go(func() {
				defer conn.Close()
				conn.SetDeadline(time.Now().Add(20 * time.Second))
				p(&stage{Conn: conn, lines: bufio.NewReader(conn), tls: config, heard: heard})
			})
		}
	})
	t.Cleanup(func() {
		l.Close()
		plays.Wait()
	})
	return l.Addr().(*net.TCPAddr).Port, heard
}

// names is a DNS of a few names.
type names struct {
	a, aaaa map[string][]string
	mx      map[string][]*net.MX
	ns      map[string]bool
	fails   map[string]*net.DNSError // by name, with its dot
	hangs   map[string]bool
}

func (n names) fault(ctx context.Context, host string) error {
	if n.hangs[host] {
		<-ctx.Done()
		return &net.DNSError{Err: "i/o timeout", Name: host, IsTimeout: true}
	}
	if err := n.fails[host]; err != nil {
		return err
	}
	return nil
}

func unknown(host string) error {
	return &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
}

// LookupNetIP implements [Resolver].
func (n names) LookupNetIP(ctx context.Context, network, host string) (addrs []netip.Addr, err error) {
	host = strings.TrimSuffix(host, ".")
	if err := n.fault(ctx, host); err != nil {
		return nil, err
	}
	list := n.a[host]
	switch network {
	case "ip6":
		list = n.aaaa[host]
	case "ip":
		list = append(append([]string(nil), list...), n.aaaa[host]...)
	}
	for _, s := range list {
		addrs = append(addrs, netip.MustParseAddr(s))
	}
	if len(addrs) == 0 {
		return nil, unknown(host)
	}
	return addrs, nil
}

// LookupMX implements [Resolver].
func (n names) LookupMX(ctx context.Context, host string) ([]*net.MX, error) {
	host = strings.TrimSuffix(host, ".")
	if err := n.fault(ctx, host); err != nil {
		return nil, err
	}
	if len(n.mx[host]) == 0 {
		return nil, unknown(host)
	}
	return n.mx[host], nil
}

// LookupNS implements [Resolver].
func (n names) LookupNS(ctx context.Context, host string) ([]*net.NS, error) {
	host = strings.TrimSuffix(host, ".")
	if err := n.fault(ctx, host); err != nil {
		return nil, err
	}
	if n.ns[host] {
		return []*net.NS{{Host: "ns." + host + "."}}, nil
	}
	return nil, unknown(host)
}

// quick are limits for servers that are silent on purpose. On a busy machine a good server may need most of them.
var quick = Limits{
	Whole: 15 * time.Second, DNS: 500 * time.Millisecond, TCP: 2 * time.Second, TLS: 2 * time.Second, Greeting: 700 * time.Millisecond,
	Command: 700 * time.Millisecond, Login: time.Second, Quit: 100 * time.Millisecond,
}

// local is a world in which mail.example is this machine.
func local() Deps {
	return Deps{Resolver: names{a: map[string][]string{"mail.example": {"127.0.0.1"}}}, Limits: Limits{Quit: 100 * time.Millisecond}}
}

// with gives a login with a password.
func with(user, password string) *Login {
	return &Login{User: user, Password: func(context.Context) (string, error) { return password, nil }}
}
