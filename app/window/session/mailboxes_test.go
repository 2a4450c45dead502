package session

import (
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"rimbalzo/internal/account"
	"rimbalzo/internal/checklist"
	"rimbalzo/internal/outage"
	"rimbalzo/internal/review"
)

const sentMail = "Message-ID: <m1@studio.example>\nFrom: anna@studio.example\nTo: marta@libero.it\nSubject: Preventivo\nDate: Wed, 25 Jan 2023 10:00:00 +0100\n\nx\n"

// addLocal puts an account of mail files on a desk.
func addLocal(t *testing.T, m *Mailboxes, id string) (sent string) {
	t.Helper()
	dir := t.TempDir()
	acc := account.Account{ID: id, Kind: account.Local}
	for role, text := range map[string]string{"inbox": "Message-ID: <x@studio.example>\nFrom: b@studio.example\nSubject: x\nDate: Wed, 25 Jan 2023 10:00:00 +0100\n\nx\n", "sent": sentMail} {
		path := filepath.Join(dir, role+".eml")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		acc.Paths = append(acc.Paths, account.Path{Path: path, Role: role})
		if role == "sent" {
			sent = path
		}
	}
	if err := m.Desk.Put(acc); err != nil {
		t.Fatal(err)
	}
	return sent
}

func base() review.Request {
	return review.Request{Catalogue: outage.Builtin(), At: time.Now(), Zone: time.UTC, Discover: true}
}

func newMailboxes(t *testing.T) (*Mailboxes, *fakeKeyring) {
	desk, keyring := newDesk(t)
	return &Mailboxes{Desk: desk, Review: review.Run}, keyring
}

// TestKnownAtOnce: before anything was read nothing is known; afterwards the list is there without a file being opened.
func TestKnownAtOnce(t *testing.T) {
	m, _ := newMailboxes(t)
	if _, err := m.Read(t.Context(), base(), func(Looked) {}); !errors.Is(err, ErrNothingSetUp) {
		t.Errorf("without an account: %v", err)
	}
	sent := addLocal(t, m, "office")
	if r, known, err := m.Known(t.Context(), base()); err != nil || known || len(r.Report.Items) != 0 {
		t.Fatalf("before the first reading: %d items, known %v, %v", len(r.Report.Items), known, err)
	}
	first, err := m.Read(t.Context(), base(), func(Looked) {})
	if err != nil || len(first.Report.Items) == 0 || len(first.Troubles) != 0 {
		t.Fatalf("reading: %d items, %v, %v", len(first.Report.Items), first.Troubles, err)
	}
	if err := os.Remove(sent); err != nil {
		t.Fatal(err)
	}
	r, known, err := m.Known(t.Context(), base())
	if err != nil || !known || len(r.Report.Items) != len(first.Report.Items) || time.Since(r.Oldest) > time.Minute {
		t.Errorf("afterwards: %d items as of %v, known %v, %v", len(r.Report.Items), r.Oldest, known, err)
	}
}

// TestOneAccountFails: its trouble is told, and the others are shown.
func TestOneAccountFails(t *testing.T) {
	m, keyring := newMailboxes(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = l.Close()
	far := account.Account{ID: "far@studio.example", Address: "far@studio.example", User: "far", Kind: account.IMAP, Auth: account.Password, IMAP: endpoint(t, l.Addr().String())}
	keyring.kept[far.ID] = "x"
	if err := m.Desk.Put(far); err != nil {
		t.Fatal(err)
	}
	if r, err := m.Read(t.Context(), base(), func(Looked) {}); err == nil || len(r.Troubles) != 1 {
		t.Errorf("alone and never read: %+v, %v", r.Troubles, err)
	}
	addLocal(t, m, "office")
	r, err := m.Read(t.Context(), base(), func(Looked) {})
	if err != nil || len(r.Report.Items) == 0 {
		t.Fatalf("beside another: %d items, %v", len(r.Report.Items), err)
	}
	if len(r.Troubles) != 1 || r.Troubles[0].Account != far.ID || !r.Troubles[0].Last.IsZero() || r.Troubles[0].Err == nil {
		t.Errorf("told of %+v", r.Troubles)
	}
}

// TestStaleAccount: what was read of an account that cannot be read now stays in view, with its time. A real server is asked,
// and its progress counts.
func TestStaleAccount(t *testing.T) {
	m, keyring := newMailboxes(t)
	acc, s := demoAccount(t)
	keyring.kept[acc.ID] = s.Password
	if err := m.Desk.Put(acc); err != nil {
		t.Fatal(err)
	}
	req := base()
	req.At = time.Date(2023, 2, 3, 9, 0, 0, 0, time.UTC)
	var seen Looked
	first, err := m.Read(t.Context(), req, func(l Looked) { seen = l })
	if err != nil || len(first.Report.Items) == 0 {
		t.Fatalf("reading: %d items, %v", len(first.Report.Items), err)
	}
	if seen.Looked+seen.Left == 0 {
		t.Error("no progress was told")
	}
	_ = s.Close()
	r, err := m.Read(t.Context(), req, func(Looked) {})
	if err != nil || len(r.Report.Items) != len(first.Report.Items) {
		t.Fatalf("with the server gone: %d items, %v", len(r.Report.Items), err)
	}
	if len(r.Troubles) != 1 || time.Since(r.Troubles[0].Last) > time.Minute {
		t.Errorf("told of %+v", r.Troubles)
	}
	cards, err := Cards(t.Context(), m.Desk)
	if err != nil || len(cards) != 1 || cards[0].Secret != "kept" || cards[0].Read.At.IsZero() {
		t.Errorf("its card: %+v, %v", cards, err)
	}
}

// TestReadingIsCancelled: it ends with its context.
func TestReadingIsCancelled(t *testing.T) {
	m, _ := newMailboxes(t)
	addLocal(t, m, "office")
	m.Review = func(ctx context.Context, _ review.Request) (checklist.Report, error) {
		<-ctx.Done()
		return checklist.Report{}, ctx.Err()
	}
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(50*time.Millisecond, cancel)
	if _, err := m.Read(ctx, base(), func(Looked) {}); !errors.Is(err, context.Canceled) {
		t.Errorf("ended with %v", err)
	}
}

// TestNoSentFolderIsToldOnce: an account without a folder of sent mail is named, whether its mail is read or known already.
func TestNoSentFolderIsToldOnce(t *testing.T) {
	m, _ := newMailboxes(t)
	addLocal(t, m, "office")
	m.Review = func(ctx context.Context, req review.Request) (checklist.Report, error) {
		if req.Unsent != nil {
			req.Unsent("far@studio.example")
		}
		return review.Run(ctx, req)
	}
	r, err := m.Read(t.Context(), base(), func(Looked) {})
	if err != nil || len(r.Unsent) != 1 || r.Unsent[0] != "far@studio.example" {
		t.Errorf("after a reading: %q, %v", r.Unsent, err)
	}
	if r, _, err := m.Known(t.Context(), base()); err != nil || len(r.Unsent) != 1 {
		t.Errorf("out of the store: %q, %v", r.Unsent, err)
	}
}
