// Package demo is a mail account to try the program on: an IMAP server and an SMTP server inside the process, on
// loopback only, holding made-up mail of January 2023. It reads nothing and writes nothing of the person's.
//
// The mail is that of Elena Fabbri, who makes ceramics in Faenza and does not exist. It is told in data/*.toml: who
// writes to whom, when, and which server bounced it; layouts/*.tmpl say how each kind of server words a bounce.
package demo

import (
	"context"
	"crypto/rand"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/url"
	"sync"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-smtp"
)

// maxConns is how many connections each server serves at a time; a review needs one or two, a window one more.
const maxConns = 32

// Server is the running demo.
type Server struct {
	// IMAPURL is imaps://USER@127.0.0.1:PORT, the user's address percent-encoded.
	IMAPURL string
	// SMTPAddr is host:port of the submission server, which speaks TLS from the first byte (RFC 8314 section 3.3).
	SMTPAddr string
	// User and Password log in to both servers. The password is another one at each start.
	User, Password string
	// CA is what the servers' certificate is signed with, and CAPEM the same as PEM; its key is forgotten at once.
	CA    *x509.CertPool
	CAPEM []byte

	imap      *imapserver.Server
	smtp      *smtp.Server
	listeners []net.Listener
	end       context.CancelFunc
	shut      func() error
	serving   sync.WaitGroup
}

// Start makes the mailbox and serves it until ctx ends or [Server.Close] is called. It fails where loopback has no
// port to give.
func Start(ctx context.Context) (*Server, error) {
	st, err := readScript()
	if err != nil {
		return nil, err
	}
	messages, err := st.messages()
	if err != nil {
		return nil, err
	}
	password, err := randomPassword()
	if err != nil {
		return nil, err
	}
	user, err := newUser(st.Owner.Address, password, messages)
	if err != nil {
		return nil, err
	}
	id, err := newIdentity(time.Now())
	if err != nil {
		return nil, err
	}
	s := &Server{User: st.Owner.Address, Password: password, CA: id.pool, CAPEM: id.pem}
	quiet := log.New(io.Discard, "", 0)
	s.imap = imapserver.New(&imapserver.Options{
		NewSession: func(*imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			return &session{account: user}, nil, nil
		},
		Caps: imap.CapSet{
			imap.CapIMAP4rev1: {}, imap.CapNamespace: {}, imap.CapUIDPlus: {}, imap.CapESearch: {},
			imap.CapSpecialUse: {}, imap.CapListExtended: {}, imap.CapListStatus: {},
		},
		Logger: quiet,
	})
	s.smtp = newSubmission(s.User, s.Password, quiet)
	s.shut = sync.OnceValue(s.close)
	ctx, s.end = context.WithCancel(ctx)
	if err := s.listen(ctx, id); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func (s *Server) listen(ctx context.Context, id *identity) error {
	imapListener, err := id.listen(ctx, "imap")
	if err != nil {
		return fmt.Errorf("demo: listening for IMAP: %w", err)
	}
	s.listeners = append(s.listeners, imapListener)
	smtpListener, err := id.listen(ctx, "smtp")
	if err != nil {
		return fmt.Errorf("demo: listening for SMTP: %w", err)
	}
	s.listeners = append(s.listeners, smtpListener)
	s.IMAPURL = (&url.URL{Scheme: "imaps", User: url.User(s.User), Host: imapListener.Addr().String()}).String()
	s.SMTPAddr = smtpListener.Addr().String()
	s.serving.Go(func() { _ = s.imap.Serve(imapListener) }) // each ends with Close, and has nobody to tell
	s.serving.Go(func() { _ = s.smtp.Serve(smtpListener) })
	s.serving.Go(func() {
		<-ctx.Done()
		_ = s.shut() // whoever calls Close is told
	})
	return nil
}

// Close ends both servers and their connections, and waits for them. It may be called more than once.
func (s *Server) Close() error {
	s.end()
	s.serving.Wait()
	return s.shut()
}

func (s *Server) close() error {
	err := errors.Join(s.imap.Close(), s.smtp.Close())
	for _, l := range s.listeners {
		// The servers close the listeners they know of; one that has not begun to serve yet knows of none.
		if e := l.Close(); !errors.Is(e, net.ErrClosed) {
			err = errors.Join(err, e)
		}
	}
	if err != nil {
		return fmt.Errorf("demo: closing: %w", err)
	}
	return nil
}

func randomPassword() (string, error) {
	b := make([]byte, 16)
	if _, err := rand.Read(b); err != nil {
		return "", fmt.Errorf("demo: making a password: %w", err)
	}
	return hex.EncodeToString(b), nil
}
