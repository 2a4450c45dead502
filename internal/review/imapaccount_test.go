package review

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

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

// TestMarksComeBackWhole: where a reading goes on is kept with all that it needs to find its way, the digest of bounces too.
func TestMarksComeBackWhole(t *testing.T) {
	s := openStore(t, t.TempDir())
	mark := mailbox.Mark{
		Folder: "INBOX", Role: mailbox.RoleInbox, Validity: 7, Hits: 900, Next: 300, Digest: 0xfedcba9876543210,
		Since: time.Date(2023, 1, 20, 0, 0, 0, 0, time.UTC),
	}
	for i, v := 0, reflect.ValueOf(mark); i < v.NumField(); i++ {
		if v.Field(i).IsZero() {
			t.Errorf("the test leaves out %s", v.Type().Field(i).Name)
		}
	}
	for range 2 {
		reading, err := s.Begin(t.Context(), "elena")
		if err != nil {
			t.Fatal(err)
		}
		r := &resumption{ctx: t.Context(), since: mark.Since, marks: reading.Marks(), in: &intake{}, reading: reading}
		var got []mailbox.Mark
		for _, kept := range r.marks {
			if m, ok := r.mark(kept); ok {
				got = append(got, m)
			}
		}
		if len(r.marks) > 0 && !slices.Equal(got, []mailbox.Mark{mark}) {
			t.Errorf("%+v came back, want %+v", got, mark)
		}
		if err := r.marked(mark.Folder, mark.Validity, mark); err != nil {
			t.Fatal(err)
		}
	}
}
