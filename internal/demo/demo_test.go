package demo

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"rimbalzo/internal/words"
)

func started(t *testing.T) *Server {
	t.Helper()
	s, err := Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func loggedIn(t *testing.T, s *Server) *imapclient.Client {
	t.Helper()
	u, err := url.Parse(s.IMAPURL)
	if err != nil {
		t.Fatal(err)
	}
	c, err := imapclient.DialTLS(u.Host, &imapclient.Options{TLSConfig: &tls.Config{RootCAs: s.CA}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	if err := c.Login(u.User.Username(), s.Password).Wait(); err != nil {
		t.Fatal(err)
	}
	return c
}

func TestMailboxAsAnAccountSeesIt(t *testing.T) {
	c := loggedIn(t, started(t))
	list, err := c.List("", "*", &imap.ListOptions{ReturnSpecialUse: true}).Collect()
	if err != nil {
		t.Fatal(err)
	}
	uses := map[string]imap.MailboxAttr{}
	for _, l := range list {
		uses[l.Mailbox] = ""
		for _, a := range l.Attrs {
			uses[l.Mailbox] = a
		}
	}
	for name, want := range map[string]imap.MailboxAttr{
		"INBOX": "", "Inviata": imap.MailboxAttrSent, "Indesiderata": imap.MailboxAttrJunk,
		"Cestino": imap.MailboxAttrTrash, "Bozze": imap.MailboxAttrDrafts,
	} {
		if got, ok := uses[name]; !ok || got != want {
			t.Errorf("folder %s is for %q (listed: %v), want %q", name, got, ok, want)
		}
	}
	for name, least := range map[string]uint32{"INBOX": 350, "Inviata": 60, "Indesiderata": 8} {
		if data, err := c.Select(name, &imap.SelectOptions{ReadOnly: true}).Wait(); err != nil || data.NumMessages < least {
			t.Errorf("%s holds %+v (%v), want at least %d messages", name, data, err, least)
		}
	}
}

func TestMessageCarriesItsArrivalAndStaysUnread(t *testing.T) {
	c := loggedIn(t, started(t))
	if _, err := c.Select("INBOX", nil).Wait(); err != nil {
		t.Fatal(err)
	}
	found, err := c.UIDSearch(&imap.SearchCriteria{
		Header:  []imap.SearchCriteriaHeaderField{{Key: "Subject", Value: "Undelivered Mail Returned"}},
		NotFlag: []imap.Flag{imap.FlagSeen}, Since: time.Date(2023, 1, 25, 0, 0, 0, 0, rome),
	}, nil).Wait()
	if err != nil || len(found.AllUIDs()) == 0 {
		t.Fatalf("no unread bounce: %v", err)
	}
	whole := &imap.FetchItemBodySection{} // not a peek
	options := &imap.FetchOptions{InternalDate: true, BodySection: []*imap.FetchItemBodySection{whole}}
	one := imap.UIDSetNum(found.AllUIDs()[0])
	got, err := c.Fetch(one, options).Collect()
	if err != nil || len(got) != 1 {
		t.Fatalf("%d messages, %v", len(got), err)
	}
	if date := got[0].InternalDate; date.Year() != 2023 || date.After(time.Date(2023, 2, 4, 0, 0, 0, 0, rome)) {
		t.Errorf("it arrived on %v", date)
	}
	again, err := c.Fetch(one, &imap.FetchOptions{Flags: true}).Collect()
	if err != nil || len(again) != 1 || slices.Contains(again[0].Flags, imap.FlagSeen) {
		t.Errorf("reading marked it as read: %+v, %v", again, err)
	}
}

func TestMailCannotBeChanged(t *testing.T) {
	c := loggedIn(t, started(t))
	if _, err := c.Select("INBOX", nil).Wait(); err != nil {
		t.Fatal(err)
	}
	first := imap.SeqSetNum(1)
	deleted := &imap.StoreFlags{Op: imap.StoreFlagsAdd, Flags: []imap.Flag{imap.FlagDeleted}}
	_, copyErr := c.Copy(first, "Cestino").Wait()
	_, moveErr := c.Move(first, "Cestino").Wait()
	for what, err := range map[string]error{
		"delete a folder": c.Delete("Inviata").Wait(), "make a folder": c.Create("Nuova", nil).Wait(),
		"rename a folder": c.Rename("Inviata", "Altra", nil).Wait(), "mark a message": c.Store(first, deleted, nil).Close(),
		"copy": copyErr, "move": moveErr,
	} {
		if err == nil {
			t.Errorf("it let us %s", what)
		}
	}
}

func TestStrangersStayOut(t *testing.T) {
	s := started(t)
	u, err := url.Parse(s.IMAPURL)
	if err != nil {
		t.Fatal(err)
	}
	for _, address := range []string{u.Host, s.SMTPAddr} {
		host, _, err := net.SplitHostPort(address)
		if err != nil || !net.ParseIP(host).IsLoopback() {
			t.Errorf("%s is not on loopback (%v)", address, err)
		}
		if c, err := tls.Dial("tcp", address, &tls.Config{ServerName: "127.0.0.1"}); err == nil {
			_ = c.Close()
			t.Errorf("%s is trusted without its own authority", address)
		}
	}
	c, err := imapclient.DialTLS(u.Host, &imapclient.Options{TLSConfig: &tls.Config{RootCAs: s.CA}})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	for user, password := range map[string]string{u.User.Username(): "password", "someone@else.example": s.Password} {
		if err := c.Login(user, password).Wait(); err == nil {
			t.Errorf("%s got in with %q", user, password)
		}
	}
	other := started(t)
	if other.Password == s.Password || string(other.CAPEM) == string(s.CAPEM) {
		t.Error("two starts share a password or an authority")
	}
}

func TestSubmissionSendsNothing(t *testing.T) {
	s := started(t)
	c, err := smtp.DialTLS(s.SMTPAddr, &tls.Config{RootCAs: s.CA})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	if ok, _ := c.Extension("AUTH"); !ok {
		t.Error("it does not offer AUTH")
	}
	if err := c.Auth(sasl.NewPlainClient("", s.User, "wrong")); err == nil {
		t.Error("a wrong password was taken")
	}
	if err := c.Auth(sasl.NewPlainClient("", s.User, s.Password)); err != nil {
		t.Error(err)
	}
	var refusal *smtp.SMTPError
	if err := c.Mail(s.User, nil); !errors.As(err, &refusal) || refusal.Code != 550 {
		t.Errorf("MAIL was answered %v, want 550", err)
	}
	if err := c.Quit(); err != nil {
		t.Error(err)
	}
}

func TestEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	s, err := Start(ctx)
	if err != nil {
		t.Fatal(err)
	}
	c := loggedIn(t, s)
	cancel()
	if err := s.Close(); err != nil { // waits for the closing that cancel began
		t.Error(err)
	}
	if err := c.Noop().Wait(); err == nil {
		t.Error("a connection outlived the demo")
	}
	if conn, err := net.DialTimeout("tcp", s.SMTPAddr, time.Second); err == nil {
		_ = conn.Close()
		t.Error("the port outlived the demo")
	}
}

// The same mail at every start: people compare pictures and reports of the demo.
func TestMailIsTheSameAtEveryStart(t *testing.T) {
	write := func() []message {
		st, err := readScript()
		if err != nil {
			t.Fatal(err)
		}
		all, err := st.messages()
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	a, b := write(), write()
	if len(a) != len(b) {
		t.Fatalf("%d messages, then %d", len(a), len(b))
	}
	ids := map[string]bool{}
	for i := range a {
		if string(a[i].raw) != string(b[i].raw) || !a[i].arrived.Equal(b[i].arrived) || a[i].folder != b[i].folder {
			t.Fatalf("message %d differs from one start to the next:\n%s\n%s", i, a[i].raw, b[i].raw)
		}
		head, _, _ := strings.Cut(string(a[i].raw), "\r\n\r\n")
		for line := range strings.Lines(head) {
			if id, ok := strings.CutPrefix(strings.ToLower(line), "message-id: "); ok {
				if ids[id] {
					t.Errorf("Message-ID %s occurs twice", strings.TrimSpace(id))
				}
				ids[id] = true
			}
		}
	}
}

func TestMomentsAreInOrderAndOneIsTheFirstShown(t *testing.T) {
	moments, defaults := Moments(), 0
	for i, m := range moments {
		if m.Default {
			defaults++
		}
		for _, lang := range words.Languages {
			if w := words.New(lang); !w.Has("demo.moment."+m.ID) || !w.Has("demo.moment."+m.ID+".why") {
				t.Errorf("%s has no title or no reason in %s", m.ID, lang)
			}
		}
		if i > 0 && !m.At.After(moments[i-1].At) {
			t.Errorf("%s does not come after %s", m.ID, moments[i-1].ID)
		}
	}
	if len(moments) != 4 || defaults != 1 {
		t.Errorf("%d moments, %d defaults; want 4 and 1", len(moments), defaults)
	}
}

func BenchmarkStart(b *testing.B) {
	for b.Loop() {
		s, err := Start(b.Context())
		if err != nil {
			b.Fatal(err)
		}
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

var _ io.Closer = (*Server)(nil)
