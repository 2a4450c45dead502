package autoconfig

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// world is the internet as far as a test needs it: HTTPS servers for all names on one port of this computer, and a DNS.
type world struct {
	t     *testing.T
	pages map[string]http.HandlerFunc // by "host/path"
	mx    map[string][]*net.MX
	srv   map[string][]*net.SRV
	down  bool // no connection comes about
	names []string

	mu    sync.Mutex
	asked []string // every address asked for, every name looked up
	told  string   // everything that was sent
	addr  string
	roots *x509.CertPool
}

// newWorld serves the names over HTTPS, with a certificate of an authority of the test's own for each of them.
func newWorld(t *testing.T, names ...string) *world {
	w := &world{t: t, pages: map[string]http.HandlerFunc{}, mx: map[string][]*net.MX{}, srv: map[string][]*net.SRV{}, names: names}
	cert := certify(t, names)
	server := httptest.NewUnstartedServer(w)
	server.TLS = &tls.Config{Certificates: []tls.Certificate{cert}}
	server.Config.ErrorLog = nil
	server.StartTLS()
	t.Cleanup(server.Close)
	w.addr, w.roots = server.Listener.Addr().String(), x509.NewCertPool()
	w.roots.AddCert(cert.Leaf)
	return w
}

func certify(t *testing.T, names []string) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	sheet := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"}, DNSNames: names, NotBefore: time.Now().Add(-time.Hour),
		NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
	}
	der, err := x509.CreateCertificate(rand.Reader, sheet, sheet, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}
}

func (w *world) ServeHTTP(out http.ResponseWriter, r *http.Request) {
	w.mu.Lock()
	w.asked = append(w.asked, "https://"+r.Host+r.URL.String())
	w.told += fmt.Sprint(r.Host, r.URL, r.Header)
	w.mu.Unlock()
	page := w.pages[r.Host+r.URL.Path]
	if page == nil {
		http.NotFound(out, r)
		return
	}
	page(out, r)
}

func (w *world) client() Client {
	return Client{Roots: w.roots, Resolver: w, Dial: func(ctx context.Context, network, address string) (net.Conn, error) {
		host, port, _ := net.SplitHostPort(address)
		if w.down || port != "443" || !slices.Contains(w.names, host) {
			return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
		}
		return (&net.Dialer{}).DialContext(ctx, network, w.addr)
	}}
}

func (w *world) LookupMX(_ context.Context, name string) ([]*net.MX, error) {
	w.note("MX " + name)
	if list := w.mx[name]; list != nil {
		return list, nil
	}
	return nil, &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
}

func (w *world) LookupSRV(_ context.Context, service, proto, name string) (string, []*net.SRV, error) {
	w.note("SRV _" + service + "._" + proto + "." + name)
	if list := w.srv[service+"."+name]; list != nil {
		return "", list, nil
	}
	return "", nil, &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
}

func (w *world) note(asked string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.asked = append(w.asked, asked)
	w.told += asked
}

// says makes a host answer with a text.
func (w *world) says(address, text string) {
	w.pages[strings.TrimPrefix(address, "https://")] = func(out http.ResponseWriter, _ *http.Request) { _, _ = out.Write([]byte(text)) }
}

// moved makes a host send the asker elsewhere.
func (w *world) moved(address, to string) {
	w.pages[strings.TrimPrefix(address, "https://")] = func(out http.ResponseWriter, r *http.Request) { http.Redirect(out, r, to, http.StatusFound) }
}

// config is an autoconfig file with one IMAP and one SMTP server on host.
func config(host string) string {
	return `<?xml version="1.0" encoding="UTF-8"?>
<clientConfig version="1.1"><emailProvider id="studio.example"><domain>studio.example</domain><displayName>Studio Rossi</displayName>
<incomingServer type="imap"><hostname>` + host + `</hostname><port>993</port><socketType>SSL</socketType>
<username>%EMAILADDRESS%</username><authentication>password-cleartext</authentication></incomingServer>
<outgoingServer type="smtp"><hostname>` + host + `</hostname><port>587</port><socketType>STARTTLS</socketType>
<username>%EMAILADDRESS%</username><authentication>password-cleartext</authentication></outgoingServer>
</emailProvider></clientConfig>`
}
