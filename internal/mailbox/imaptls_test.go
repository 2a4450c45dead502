package mailbox

import (
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"strings"
	"testing"
	"time"

	"rimbalzo/internal/words"
)

// certificate is a good one for localhost until a test changes it.
func certificate(change func(*x509.Certificate)) *x509.Certificate {
	c := &x509.Certificate{
		SerialNumber: big.NewInt(3), Subject: pkix.Name{CommonName: "localhost"}, DNSNames: []string{"localhost"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	change(c)
	return c
}

// TestNothingIsSentWithoutTLS goes to servers that cannot prove who they are, at once and by STARTTLS, with a password and
// with a token, and looks at every byte that they get: neither the name nor the secret, nor is the secret even asked for.
func TestNothingIsSentWithoutTLS(t *testing.T) {
	a, stranger := newAuthority(t), newAuthority(t)
	old := a.good(t)
	old.MaxVersion = tls.VersionTLS11
	oldest := a.good(t)
	oldest.MaxVersion = tls.VersionTLS10
	sentences := map[string]string{}
	for name, c := range map[string]struct {
		tls  *tls.Config
		kind string
	}{
		"another host": {a.issue(t, "other.example", time.Now().Add(time.Hour)), KindCertHost},
		"another host, address": {
			a.sign(t, certificate(func(c *x509.Certificate) { c.DNSNames, c.IPAddresses = nil, []net.IP{{192, 0, 2, 1}} }), false), KindCertHost,
		},
		"name only in the subject": {a.sign(t, certificate(func(c *x509.Certificate) { c.DNSNames = nil }), false), KindCertHost},
		"expired":                  {a.issue(t, "localhost", time.Now().Add(-time.Minute)), KindCertExpired},
		"not yet valid":            {a.issue(t, "localhost", time.Now().Add(48*time.Hour)), KindCertNotYet},
		"self-signed":              {a.sign(t, certificate(func(*x509.Certificate) {}), true), KindCertSelfSigned},
		"unknown authority":        {stranger.good(t), KindCertUnknown},
		"for clients":              {a.sign(t, certificate(func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth} }), false), KindCertInvalid},
		"TLS 1.1":                  {old, KindTLSOld},
		"TLS 1.0":                  {oldest, KindTLSOld},
	} {
		for _, plain := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, STARTTLS %v", name, plain), func(t *testing.T) {
				s := script{greeting: "* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR] hi\r\n", tls: c.tls, plain: plain, answer: ordinary(0, nil)}
				err := refusedUnasked(t, a, s)
				var e *Error
				if !errors.As(err, &e) || e.Kind != c.kind || e.Stage != StageTLS {
					t.Errorf("%v, want %s", err, c.kind)
				}
				checkWords(t, err)
				sentences[c.kind], _ = Describe(err, words.New("en"))
			})
		}
	}
	seen := map[string]string{}
	for kind, sentence := range sentences {
		if other, double := seen[sentence]; double {
			t.Errorf("%s and %s share the sentence %q", kind, other, sentence)
		}
		seen[sentence] = kind
	}
}

// refusedUnasked reads from a server with a password and then with a token, and gives the error. It fails the test where a
// secret was asked for or anything of it, or the name, went out in any form.
func refusedUnasked(t *testing.T, a *authority, s script) (err error) {
	t.Helper()
	for _, withToken := range []bool{false, true} {
		address, sent := serveScript(t, s)
		cfg := config(a, address)
		asked := false
		cfg.Password = func() (string, error) { asked = true; return testPassword, nil }
		if withToken {
			cfg.Auth.Token = tokens(&asked)
		}
		_, _, err = readAll(IMAP(cfg))
		if asked {
			t.Error("the secret was asked for")
		}
		wire := sent.String()
		for _, secret := range []string{testPassword, testUser, testToken} {
			for _, form := range []string{secret, base64.StdEncoding.EncodeToString([]byte(secret))[:8]} {
				if strings.Contains(wire, form) {
					t.Errorf("%q went over the wire", form)
				}
			}
		}
		for _, verb := range []string{"AUTHENTICATE", "LOGIN"} {
			if strings.Contains(strings.ToUpper(wire), verb) {
				t.Errorf("%s was said in clear text", verb)
			}
		}
		if clear := clearText(wire); s.plain && clear != "" && clear != "S1 STARTTLS\r\n" || !s.plain && clear != "" {
			t.Errorf("in clear text the client said %q", clear)
		}
	}
	return err
}

// clearText is what a client sent before its first TLS record.
func clearText(wire string) string {
	clear, _, _ := strings.Cut(wire, "\x16\x03")
	return clear
}

// TestMeddlingBeforeTLS has servers, or whoever stands before them, take TLS away or put words in before it.
func TestMeddlingBeforeTLS(t *testing.T) {
	a := newAuthority(t)
	for name, c := range map[string]struct {
		greeting, answer, kind string
		tls                    bool
	}{
		"not known":              {"* OK hi\r\n", "S1 BAD what?\r\n", KindNoStartTLS, false},
		"not now":                {"* OK hi\r\n", "S1 NO TLS is not available\r\n", KindNoStartTLS, false},
		"not offered":            {"* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] hi\r\n", "S1 BAD Unknown command\r\n", KindNoStartTLS, false},
		"let in in clear text":   {"* PREAUTH welcome\r\n", "", KindPreauthClear, false},
		"let in, with TLS":       {"* PREAUTH [CAPABILITY IMAP4rev1 STARTTLS] welcome\r\n", "S1 OK go\r\n", KindPreauthClear, true},
		"words behind OK":        {"* OK hi\r\n", "S1 OK go\r\n* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\nC1 OK done\r\n", KindInjected, true},
		"a greeting behind OK":   {"* OK hi\r\n", "S1 OK go\r\n* PREAUTH welcome\r\n", KindInjected, true},
		"OK, but no TLS":         {"* OK hi\r\n", "S1 OK go\r\nS1 NO sorry\r\n", KindInjected, false},
		"OKAY":                   {"* OK hi\r\n", "S1 OKAY go\r\n", KindNoStartTLS, false},
		"never an answer":        {"* OK hi\r\n", strings.Repeat("* OK wait\r\n", 500), KindHostile, false},
		"an endless line":        {"* OK hi\r\n", "S1 " + strings.Repeat("x", 100_000), KindHostile, false},
		"the end":                {"* OK hi\r\n", "* BYE [UNAVAILABLE] later\r\n", KindUnavailable, false},
		"an alert in clear text": {"* OK hi\r\n", "S1 OK go\r\n\x15\x03\x01\x00\x02\x02\x28", KindTLSFailed, false},
	} {
		t.Run(name, func(t *testing.T) {
			s := script{greeting: c.greeting, plain: true, answer: func(w io.Writer, _, _ string) bool {
				_, err := io.WriteString(w, c.answer)
				return err == nil
			}}
			if c.tls { // TLS could follow: the words must not be taken for its
				s.answer = func(w io.Writer, _, _ string) bool {
					io.WriteString(w, c.answer)
					return tls.Server(w.(net.Conn), a.good(t)).Handshake() == nil
				}
			}
			err := refusedUnasked(t, a, s)
			var e *Error
			if !errors.As(err, &e) || e.Kind != c.kind {
				t.Errorf("%v, want %s", err, c.kind)
			}
			checkWords(t, err)
		})
	}
}

// TestClearTextIsForgotten says one thing before TLS and another in it: only the latter counts (RFC 9051 section 6.2.1).
func TestClearTextIsForgotten(t *testing.T) {
	a := newAuthority(t)
	heard := &record{}
	address, _ := serveScript(t, script{
		greeting: "* OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED AUTH=XOAUTH2 SASL-IR] hi\r\n",
		tls:      a.good(t), plain: true, answer: ordinary(0, nil), heard: heard,
	})
	if err := Check(t.Context(), config(a, address), nil); err != nil {
		t.Error(err)
	}
	if said := heard.String(); !strings.Contains(said, "C1 CAPABILITY\r\n") || !strings.Contains(said, "C2 LOGIN ") {
		t.Errorf("the client said %q", said)
	}
}

// TestPrivateAuthorityReplacesTheSystems holds that an account with an authority of its own trusts no other.
func TestPrivateAuthorityReplacesTheSystems(t *testing.T) {
	cfg := IMAPConfig{Roots: x509.NewCertPool()}
	c := account{host: "localhost"}.newCourse(&cfg)
	if got := c.tlsConfig(); got.RootCAs == nil || !got.RootCAs.Equal(cfg.Roots) || got.MinVersion != tls.VersionTLS12 || got.InsecureSkipVerify {
		t.Errorf("%+v", got)
	}
}

func TestLiteralIPv6Host(t *testing.T) {
	l, err := net.Listen("tcp", "[::1]:0")
	if err != nil {
		t.Skip("this machine has no IPv6 loopback:", err)
	}
	defer l.Close()
	a := newAuthority(t)
	config6 := a.sign(t, certificate(func(c *x509.Certificate) { c.DNSNames, c.IPAddresses = nil, []net.IP{net.IPv6loopback} }), false)
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go script{greeting: "* OK hi\r\n", tls: config6, answer: ordinary(0, nil)}.converse(conn)
		}
	}()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	if err := Check(t.Context(), config(a, "imaps://ada@[::1]:"+port), nil); err != nil {
		t.Error(err)
	}
}
