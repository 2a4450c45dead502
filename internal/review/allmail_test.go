package review

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"

	"rimbalzo/internal/mailbox"
)

// bigServer is a server that shows each message once more in a folder of all mail, as Gmail does.
type bigServer struct {
	user *imapmemserver.User
	cfg  mailbox.IMAPConfig
}

func startBigServer(t *testing.T) *bigServer {
	t.Helper()
	const name, password = "elena@fabbri.example", "geheim"
	s := &bigServer{user: imapmemserver.NewUser(name, password)}
	mem := imapmemserver.New()
	mem.AddUser(s.user)
	certified := httptest.NewTLSServer(nil)
	t.Cleanup(certified.Close)
	roots := x509.NewCertPool()
	roots.AddCert(certified.Certificate())
	l, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: certified.TLS.Certificates, MinVersion: tls.VersionTLS12})
	if err != nil {
		t.Fatal(err)
	}
	server := imapserver.New(&imapserver.Options{
		NewSession: func(*imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			return mem.NewSession(), nil, nil
		},
		Logger: log.New(io.Discard, "", 0),
	})
	go server.Serve(l)
	t.Cleanup(func() { server.Close() })
	_, port, _ := net.SplitHostPort(l.Addr().String())
	s.cfg = mailbox.IMAPConfig{
		URL: "imaps://" + name + "@127.0.0.1:" + port, Roots: roots,
		Password: func() (string, error) { return password, nil },
	}
	for _, folder := range []string{"INBOX", "Inviati", "All Mail"} {
		if err := s.user.Create(folder, nil); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// put lays a message into folders.
func (s *bigServer) put(t *testing.T, text string, folders ...string) {
	t.Helper()
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\n", "\r\n")
	for _, folder := range folders {
		r := struct{ *strings.Reader }{strings.NewReader(text)}
		if _, err := s.user.Append(folder, r, &imap.AppendOptions{Time: time.Date(2023, 1, 25, 22, 0, 0, 0, time.UTC)}); err != nil {
			t.Fatal(err)
		}
	}
}

// fill lays letters, their bounces and a message to nobody in part into one folder, in part into the other.
func (s *bigServer) fill(t *testing.T, from, to int, inbox, sent []string) {
	t.Helper()
	for i := from; i < to; i++ {
		id, rcpt := fmt.Sprintf("m%d", i), fmt.Sprintf("persona%d@libero.it", i)
		s.put(t, letter(id, rcpt, sentAt, ""), sent...)
		s.put(t, "Message-ID: <b"+id+"@mail.fabbri.example>\n"+refusal(id, rcpt, sentAt, refusedAt, "550 <"+rcpt+"> recipient rejected"), inbox...)
	}
	s.put(t, strings.Replace(letter(fmt.Sprintf("n%d", from), "", sentAt, ""), "Preventivo", "Undelivered Mail Returned to Sender", 1), sent...)
}

// mortal is a reading that dies at a visit.
type mortal struct {
	mailbox.Source
	left *int
}

func (m mortal) Read(ctx context.Context, visit func(mailbox.Message) error) (mailbox.Coverage, error) {
	return m.Source.Read(ctx, func(msg mailbox.Message) error {
		if *m.left--; *m.left == 0 {
			return errLine
		}
		return visit(msg)
	})
}

// learned is what a review of the account learns, with the sources it learns it from; dies at that visit, 0 for never.
func (s *bigServer) learned(t *testing.T, dir string, dies int) (list []string, err error) {
	t.Helper()
	st := openStore(t, dir)
	defer st.Close()
	account := IMAPAccount("elena", s.cfg)
	plain := account.open
	account.open = func(r *resumption) mailbox.Source { return mortal{plain(r), &dies} }
	r, err := Run(t.Context(), remembered(t, st, account))
	if err != nil {
		return nil, err
	}
	kept, err := st.Evidence(t.Context(), []string{"elena"})
	if err != nil {
		t.Fatal(err)
	}
	for id, verdict := range verdicts(r) {
		list = append(list, fmt.Sprint(id, " ", verdict))
	}
	for _, m := range kept.Sent {
		list = append(list, "sent "+m.Source)
	}
	for _, m := range kept.Incoming {
		list = append(list, "incoming "+m.Source)
	}
	for _, m := range kept.Reports {
		list = append(list, "report "+m.Source)
	}
	slices.Sort(list)
	return list, nil
}

// TestAllMailRepeatsNothing: whatever the moments at which readings die and at which mail shows up in which folder, what is known in the
// end is what a single reading tells, and nothing of it twice.
func TestAllMailRepeatsNothing(t *testing.T) {
	s := startBigServer(t)
	const all = "All Mail"
	s.fill(t, 0, 4, []string{"INBOX", all}, []string{"Inviati", all})
	s.fill(t, 4, 5, []string{all}, []string{"Inviati", all}) // put into the archive
	want, err := s.learned(t, t.TempDir(), 0)
	if err != nil || len(want) != 5+7+5 {
		t.Fatalf("a single reading tells %q, %v", want, err)
	}
	deaths := 0
	for dies := 1; ; dies++ {
		dir := t.TempDir()
		if _, err := s.learned(t, dir, dies); err == nil {
			break
		} else if !errors.Is(err, errLine) {
			t.Fatal(err)
		}
		deaths++
		if got, err := s.learned(t, dir, 0); err != nil || !slices.Equal(got, want) {
			t.Errorf("after a death at visit %d:\n got %q\nwant %q\n%v", dies, got, want, err)
		}
	}
	if deaths < 10 {
		t.Errorf("it died %d times", deaths)
	}
	// What is in all mail already, and not yet in its folder.
	dir := t.TempDir()
	for _, step := range []struct{ inbox, sent []string }{
		{[]string{all}, []string{all}}, {[]string{"INBOX"}, nil}, {nil, []string{"Inviati"}},
	} {
		s.fill(t, 5, 8, step.inbox, step.sent)
		if _, err := s.learned(t, dir, 0); err != nil {
			t.Fatal(err)
		}
	}
	want, err = s.learned(t, t.TempDir(), 0)
	got, bad := s.learned(t, dir, 0)
	if err = errors.Join(err, bad); err != nil || !slices.Equal(got, want) || len(want) != 8+11+8 {
		t.Errorf("all mail came first:\n got %q\nwant %q\n%v", got, want, err)
	}
}
