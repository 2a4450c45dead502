package mailbox

import (
	"bufio"
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"
)

const (
	testUser     = "ada@sender.example"
	testPassword = "s3cret-però-non-ASCII"
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
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), KeyUsage: x509.KeyUsageCertSign,
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

// issue makes a server's configuration with a certificate for name that ends at end.
func (a *authority) issue(t testing.TB, name string, end time.Time) *tls.Config {
	t.Helper()
	return a.sign(t, &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: name}, DNSNames: []string{name},
		NotBefore: end.Add(-24 * time.Hour), NotAfter: end, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}, false)
}

// sign makes a server's configuration with a certificate of the authority's, or one that is signed by itself.
func (a *authority) sign(t testing.TB, template *x509.Certificate, bySelf bool) *tls.Config {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	parent, signer := a.cert, a.key
	if bySelf {
		parent, signer = template, key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, &key.PublicKey, signer)
	if err != nil {
		t.Fatal(err)
	}
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}, MinVersion: tls.VersionTLS10}
}

// clientTLS trusts an authority.
func clientTLS(a *authority) *tls.Config {
	return &tls.Config{RootCAs: a.pool, ServerName: "localhost"}
}

func (a *authority) good(t testing.TB) *tls.Config {
	return a.issue(t, "localhost", time.Now().Add(time.Hour))
}

// record keeps what went over a connection.
type record struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (r *record) Write(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.buf.Write(p)
}

func (r *record) String() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.buf.String()
}

// wire is a listener that keeps what clients send, as it goes over the wire.
type wire struct {
	net.Listener
	sent *record
}

func (w wire) Accept() (net.Conn, error) {
	conn, err := w.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return wireConn{conn, w.sent}, nil
}

type wireConn struct {
	net.Conn
	sent *record
}

func (c wireConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.sent.Write(p[:n])
	return n, err
}

func listen(t testing.TB) (wire, string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	_, port, _ := net.SplitHostPort(l.Addr().String())
	return wire{l, &record{}}, port
}

// memory is an IMAP server of the library's with one account.
type memory struct {
	url      string
	user     *imapmemserver.User
	raw      *record // as it went over the wire
	dialogue *record // both sides in clear text
}

// serveMemory starts one; implicit says whether TLS begins at once or after STARTTLS.
func serveMemory(t testing.TB, a *authority, implicit bool) *memory {
	t.Helper()
	l, port := listen(t)
	m := &memory{user: imapmemserver.NewUser(testUser, testPassword), raw: l.sent, dialogue: &record{}}
	mem := imapmemserver.New()
	mem.AddUser(m.user)
	options := &imapserver.Options{
		NewSession: func(*imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			return mem.NewSession(), nil, nil
		},
		Caps:        imap.CapSet{imap.CapIMAP4rev1: {}, imap.CapESearch: {}},
		DebugWriter: m.dialogue,
		Logger:      log.New(io.Discard, "", 0),
	}
	var listener net.Listener = l
	scheme := "imap"
	if implicit {
		scheme, listener = "imaps", tls.NewListener(l, a.good(t))
	} else {
		options.TLSConfig = a.good(t)
	}
	server := imapserver.New(options)
	go server.Serve(listener)
	t.Cleanup(func() { server.Close() })
	m.url = fmt.Sprintf("%s://%s@localhost:%s", scheme, testUser, port)
	return m
}

// put adds a message to a folder, which it makes when it is new.
func (m *memory) put(t testing.TB, folder, text string, at time.Time) {
	t.Helper()
	if _, err := m.user.Status(folder, &imap.StatusOptions{}); err != nil {
		if err := m.user.Create(folder, nil); err != nil {
			t.Fatal(err)
		}
	}
	text = strings.ReplaceAll(text, "\n", "\r\n")
	if _, err := m.user.Append(folder, literal{strings.NewReader(text)}, &imap.AppendOptions{Time: at}); err != nil {
		t.Fatal(err)
	}
}

type literal struct{ *strings.Reader }

// commands gives what the client said, without tags: "C1" is said by hand, "T1" by the library.
func (m *memory) commands() (list []string) {
	for line := range strings.SplitSeq(m.dialogue.String(), "\r\n") {
		tag, rest, _ := strings.Cut(line, " ")
		if _, err := strconv.Atoi(strings.TrimLeft(tag, "TC")); err == nil && strings.ContainsAny(tag, "TC") && !strings.HasPrefix(rest, "OK") && !strings.HasPrefix(rest, "NO") && !strings.HasPrefix(rest, "BAD") {
			list = append(list, rest)
		}
	}
	return list
}

// script is a server that says what a test wants: answer gets each line of a client with its tag, and the connection
// before TLS or in it. Its result says whether it goes on.
type script struct {
	greeting string
	answer   func(w io.Writer, tag, line string) bool
	tls      *tls.Config          // nil: none at all
	plain    bool                 // TLS by STARTTLS
	hangUp   bool                 // end the connection behind the greeting
	greet    func(io.Writer) bool // instead of greeting
	apart    bool                 // conversations share nothing: answer may run for several at once
	heard    *record              // what came through, in clear text; nil: nobody looks
}

func serveScript(t testing.TB, s script) (url string, sent *record) {
	t.Helper()
	l, port := listen(t)
	var wg sync.WaitGroup
	stop := make(chan struct{})
	if answer := s.answer; answer != nil && !s.apart {
		var mu sync.Mutex // the conversations share what a test counts
		s.answer = func(w io.Writer, tag, line string) bool {
			mu.Lock()
			defer mu.Unlock()
			return answer(w, tag, line)
		}
	}
	t.Cleanup(func() { close(stop); l.Close(); wg.Wait() })
	wg.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			wg.Go(func() {
				done := make(chan struct{})
				defer close(done)
				go func() {
					select {
					case <-stop:
					case <-done:
					}
					conn.Close()
				}()
				s.converse(conn)
			})
		}
	})
	scheme := "imaps"
	if s.plain {
		scheme = "imap"
	}
	return fmt.Sprintf("%s://%s@localhost:%s", scheme, testUser, port), l.sent
}

// converse holds one conversation. After it the connection stays open until the test ends, unless answer said no.
func (s script) converse(conn net.Conn) {
	if s.tls != nil && !s.plain {
		secure := tls.Server(conn, s.tls)
		if secure.Handshake() != nil {
			return
		}
		conn = secure
	}
	io.WriteString(conn, s.greeting)
	if s.greet != nil && !s.greet(conn) {
		return
	}
	if s.hangUp {
		conn.Close()
		return
	}
	if s.heard != nil {
		conn = wireConn{conn, s.heard}
	}
	if s.answer == nil && !s.plain {
		io.Copy(io.Discard, conn)
		return
	}
	in := bufio.NewReader(conn)
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		tag, rest, _ := strings.Cut(strings.TrimRight(line, "\r\n"), " ")
		if strings.HasSuffix(rest, "}") { // a password that is not ASCII comes as a literal
			io.WriteString(conn, "+ go on\r\n")
			if _, err := in.ReadString('\n'); err != nil {
				return
			}
		}
		if rest == "STARTTLS" && s.tls != nil {
			fmt.Fprintf(conn, "%s OK go on\r\n", tag)
			secure := tls.Server(conn, s.tls)
			if secure.Handshake() != nil {
				return
			}
			conn = secure
			if s.heard != nil {
				conn = wireConn{conn, s.heard}
			}
			in = bufio.NewReader(conn)
			continue
		}
		if s.answer == nil {
			io.Copy(io.Discard, in)
		} else if !s.answer(conn, tag, rest) {
			return
		}
	}
}

// ordinary answers as a plain server does that holds an inbox with n messages; fetch writes a FETCH response.
func ordinary(n int, fetch func(w io.Writer, uid int, command string)) func(io.Writer, string, string) bool {
	return func(w io.Writer, tag, line string) bool {
		verb := strings.ToUpper(strings.Join(strings.Fields(line)[:min(2, len(strings.Fields(line)))], " "))
		switch {
		case verb == "CAPABILITY":
			io.WriteString(w, "* CAPABILITY IMAP4rev1\r\n")
		case strings.HasPrefix(verb, "LIST"):
			io.WriteString(w, "* LIST () \"/\" INBOX\r\n")
		case strings.HasPrefix(verb, "EXAMINE"):
			fmt.Fprintf(w, "* %d EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n", n)
		case verb == "UID SEARCH":
			io.WriteString(w, "* SEARCH")
			for i := range n {
				fmt.Fprintf(w, " %d", i+1)
			}
			io.WriteString(w, "\r\n")
		case strings.HasPrefix(verb, "FETCH"):
			fetch(w, n, line)
		case verb == "UID FETCH":
			set, err := parseUIDs(strings.Fields(line)[2])
			if err != nil {
				return false
			}
			for _, uid := range set {
				fetch(w, uid, line)
			}
		case verb == "LOGOUT":
			fmt.Fprintf(w, "* BYE\r\n%s OK bye\r\n", tag)
			return false
		}
		_, err := fmt.Fprintf(w, "%s OK done\r\n", tag)
		return err == nil
	}
}

func parseUIDs(set string) (uids []int, err error) {
	for part := range strings.SplitSeq(set, ",") {
		var from, to int
		if n, _ := fmt.Sscanf(part, "%d:%d", &from, &to); n == 1 {
			to = from
		} else if n != 2 {
			return nil, fmt.Errorf("no UID set: %q", set)
		}
		for uid := from; uid <= to; uid++ {
			uids = append(uids, uid)
		}
	}
	return uids, nil
}

// newPipe gives a connection whose other end says a text and closes, and keeps what it hears.
func newPipe(t testing.TB, says []byte) (near net.Conn, heard *record) {
	t.Helper()
	near, far := net.Pipe()
	heard = &record{}
	var wg sync.WaitGroup
	wg.Go(func() { io.Copy(heard, far) })
	wg.Go(func() {
		far.Write(says)
		far.Close()
	})
	t.Cleanup(func() { near.Close(); wg.Wait() })
	return near, heard
}
