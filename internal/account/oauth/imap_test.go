package oauth

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"
	"github.com/emersion/go-sasl"

	"rimbalzo/internal/mailbox"
	"rimbalzo/internal/words"
)

const mailUser = "maria@studio.example"

// tokenSession is a session of an IMAP server that takes access tokens of the authority and nothing else.
type tokenSession struct {
	*imapmemserver.UserSession
	a    *authority
	user *imapmemserver.User
	mech string
}

func (s *tokenSession) AuthenticateMechanisms() []string { return []string{s.mech} }
func (s *tokenSession) Login(string, string) error       { return imapserver.ErrAuthFailed }

func (s *tokenSession) Authenticate(mech string) (sasl.Server, error) {
	if mech != s.mech {
		return nil, imapserver.ErrAuthFailed
	}
	if mech == sasl.OAuthBearer {
		return saying{sasl.NewOAuthBearerServer(func(o sasl.OAuthBearerOptions) *sasl.OAuthBearerError {
			if !s.takes(o.Username, o.Token) {
				return &sasl.OAuthBearerError{Status: "invalid_token", Schemes: "bearer"}
			}
			return nil
		})}, nil
	}
	return &xoauth2Server{takes: s.takes}, nil
}

// saying answers a refusal with the words of real servers.
type saying struct{ sasl.Server }

func (s saying) Next(response []byte) ([]byte, bool, error) {
	challenge, done, err := s.Server.Next(response)
	if err != nil {
		err = imapserver.ErrAuthFailed
	}
	return challenge, done, err
}

func (s *tokenSession) takes(user, token string) bool {
	s.a.mu.Lock()
	defer s.a.mu.Unlock()
	if user != mailUser || !s.a.access[token] {
		return false
	}
	s.UserSession = imapmemserver.NewUserSession(s.user)
	return true
}

// xoauth2Server is the server's side of XOAUTH2 (https://developers.google.com/gmail/imap/xoauth2-protocol).
type xoauth2Server struct {
	takes   func(user, token string) bool
	refused bool
}

func (x *xoauth2Server) Next(response []byte) ([]byte, bool, error) {
	if x.refused {
		return nil, true, imapserver.ErrAuthFailed
	}
	if response == nil {
		return []byte{}, false, nil
	}
	user, rest, _ := strings.Cut(strings.TrimPrefix(string(response), "user="), "\x01auth=Bearer ")
	if token, ok := strings.CutSuffix(rest, "\x01\x01"); ok && x.takes(user, token) {
		return nil, true, nil
	}
	x.refused = true
	return []byte(`{"status":"400","schemes":"Bearer","scope":"https://mail.google.com/"}`), false, nil
}

// serveMail runs the IMAP server on loopback, with one message in its INBOX.
func (a *authority) serveMail(t *testing.T, mech string) mailbox.IMAPConfig {
	t.Helper()
	user := imapmemserver.NewUser(mailUser, "no password")
	if err := user.Create("INBOX", nil); err != nil {
		t.Fatal(err)
	}
	text := "From: mailer-daemon@hoster.test\r\nSubject: Undelivered\r\n\r\nx\r\n"
	if _, err := user.Append("INBOX", literal{strings.NewReader(text)}, &imap.AppendOptions{}); err != nil {
		t.Fatal(err)
	}
	server := imapserver.New(&imapserver.Options{
		NewSession: func(*imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			return &tokenSession{a: a, user: user, mech: mech}, nil, nil
		},
		Caps: imap.CapSet{imap.CapIMAP4rev1: {}}, InsecureAuth: true,
	})
	port, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = server.Serve(tls.NewListener(port, &tls.Config{Certificates: a.TLS.Certificates})) }()
	t.Cleanup(func() { _ = server.Close() })
	roots := x509.NewCertPool()
	roots.AddCert(a.Certificate())
	return mailbox.IMAPConfig{
		URL: "imaps://" + mailUser + "@" + port.Addr().String(), Roots: roots, RoleOf: func(string) mailbox.Role { return "" },
		Timeouts: mailbox.Timeouts{Dial: 5 * time.Second, Retry: time.Millisecond},
	}
}

type literal struct{ *strings.Reader }

func (l literal) Size() int64 { return l.Reader.Size() }

// TestFromTheBrowserToTheMailbox goes the whole way that a person goes: sign in, read mail, have the token renewed, have the
// permission withdrawn, sign in again.
func TestFromTheBrowserToTheMailbox(t *testing.T) {
	for _, mech := range []string{sasl.OAuthBearer, "XOAUTH2"} {
		t.Run(mech, func(t *testing.T) {
			a := newAuthority(t)
			a.rotates = true
			cfg, v := a.serveMail(t, mech), &vault{}
			signIn := func() {
				g, err := SignIn(t.Context(), a.provider(), a.registered(), a.person(t, make(chan string, 1)), words.New("it"))
				if err != nil {
					t.Fatal(err)
				}
				v.text = g.Encode()
			}
			cfg.Auth = mailbox.Auth{Token: NewSource(a.provider(), a.registered(), v.keeper(""), Grant{}).Token}
			check := func() error { return mailbox.Check(t.Context(), cfg, func(mailbox.StageResult) {}) }

			signIn()
			if err := check(); err != nil {
				t.Fatalf("after signing in: %v", err)
			}
			read := 0
			_, err := mailbox.IMAP(cfg).Read(t.Context(), func(m mailbox.Message) error {
				read++
				_, err := io.Copy(io.Discard, m.Body)
				return err
			})
			if err != nil || read != 1 || a.count() != 2 {
				t.Errorf("reading: %d messages, %d tokens, %v", read, a.count(), err)
			}

			// The server no longer takes the token, long before its end: a fresh one is had, once, without the person.
			a.set(func() { clear(a.access) })
			if err := check(); err != nil || a.count() != 3 {
				t.Errorf("after the token was refused: %v, %d tokens", err, a.count())
			}

			// The person withdraws the permission.
			a.set(func() { clear(a.access); clear(a.refresh) })
			for range 2 {
				if err := check(); !errors.Is(err, ErrRevoked) || strings.Contains(err.Error(), canary) {
					t.Errorf("after the permission was withdrawn: %v", err)
				}
			}
			signIn()
			if err := check(); err != nil {
				t.Errorf("after signing in again: %v", err)
			}
		})
	}
}

// TestWrongMailbox: a sign-in for another mailbox than the account's is refused by the mail server, in words and without a loop.
func TestWrongMailbox(t *testing.T) {
	a := newAuthority(t)
	cfg := a.serveMail(t, sasl.OAuthBearer)
	cfg.URL = strings.Replace(cfg.URL, "maria", "anna", 1)
	a.set(func() { a.refresh["r"] = true })
	v := &vault{text: Grant{Provider: "google", Refresh: "r"}.Encode()}
	cfg.Auth = mailbox.Auth{Token: NewSource(a.provider(), a.registered(), v.keeper(""), Grant{}).Token}
	err := mailbox.Check(context.Background(), cfg, func(mailbox.StageResult) {})
	if text, ok := mailbox.Describe(err, words.New("en")); !ok || a.count() != 2 || strings.Contains(text, canary) {
		t.Errorf("%v, %q, %d tokens", err, text, a.count())
	}
}
