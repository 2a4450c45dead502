package review

import (
	"context"
	"fmt"
	"testing"

	"rimbalzo/internal/demo"
	"rimbalzo/internal/mailbox"
	"rimbalzo/internal/outage"
)

// counting counts what a source hands on.
type counting struct {
	mailbox.Source
	n *int
}

func (c counting) Read(ctx context.Context, visit func(mailbox.Message) error) (mailbox.Coverage, error) {
	return c.Source.Read(ctx, func(m mailbox.Message) error {
		*c.n++
		return visit(m)
	})
}

// TestAccountOnAServer: read once over IMAP and remembered, the demonstration's mailbox gives at every moment what it gives when it
// is read anew each time.
func TestAccountOnAServer(t *testing.T) {
	server, err := demo.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	password := func() (string, error) { return server.Password, nil }
	account := IMAPAccount("elena", mailbox.IMAPConfig{URL: server.IMAPURL, Roots: server.CA, Password: password})
	visits, plain := 0, account.open
	account.open = func(r *resumption) mailbox.Source { return counting{plain(r), &visits} }
	dir := t.TempDir()
	first := 0
	for i, m := range demo.Moments() {
		s := openStore(t, dir)
		anew := Request{
			IMAP: server.IMAPURL, Roots: server.CA, Password: func(context.Context) (string, error) { return server.Password, nil },
			At: m.At, Catalogue: outage.Builtin(), Zone: rome(t),
		}
		kept := Request{Accounts: []Account{account}, Store: s, At: m.At, Catalogue: outage.Builtin(), Zone: rome(t)}
		a, b := verdicts(reviewed(t, anew)), verdicts(reviewed(t, kept))
		if len(a) < 20 || fmt.Sprint(a) != fmt.Sprint(b) {
			t.Errorf("at %s: %d verdicts read anew, %d out of the store, and they are not the same", m.At, len(a), len(b))
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if i == 0 {
			first, visits = visits, 0
		}
	}
	if first < 300 || visits > 0 {
		t.Errorf("%d messages were read the first time, %d later", first, visits)
	}
}
