package review

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"rimbalzo/internal/advice"
	"rimbalzo/internal/mailbox"
	"rimbalzo/internal/store"
)

// shelf is a mailbox on a scripted server: folders of messages, read from their marks on as internal/mailbox does.
type shelf struct {
	folders  map[string]*folder
	perMark  int
	breaksAt int // after how many visits the connection is lost; 0 for never
	visits   []string
}

type folder struct {
	role     mailbox.Role
	validity uint32
	texts    []string // the UID is the place, from 1; "" was deleted
	refused  bool
}

var errLine = errors.New("the line is cut")

// account is the shelf as an account.
func (s *shelf) account(id string) Account {
	return Account{id: id, whole: true, open: func(r *resumption) mailbox.Source { return shelfReading{s, r, nil} }}
}

type shelfReading struct {
	*shelf
	r    *resumption
	kept func(place string, validity uint32, next int) // told of each mark that was kept; may be nil
}

func (s shelfReading) Read(ctx context.Context, visit func(mailbox.Message) error) (mailbox.Coverage, error) {
	cov := mailbox.Coverage{Roles: map[mailbox.Role]bool{}, Accounts: []string{"elena@fabbri.example"}}
	names := make([]string, 0, len(s.folders))
	for name := range s.folders {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		f := s.folders[name]
		if f.refused {
			cov.Unreadable = append(cov.Unreadable, mailbox.Unreadable{Source: name, Why: "folder-refused", Err: errLine})
			continue
		}
		next := 1
		for _, m := range s.r.marks {
			if m.Place == name && m.Validity == f.validity {
				if _, err := fmt.Sscan(string(m.Data), &next); err != nil {
					return cov, err
				}
			}
		}
		for uid := next; uid <= len(f.texts); uid++ {
			if s.breaksAt > 0 && len(s.visits) >= s.breaksAt {
				return cov, errLine
			}
			m := mailbox.Message{
				Source: fmt.Sprintf("%s;%d/%d", name, f.validity, uid), Folder: name, Role: f.role, UID: uint32(uid), Validity: f.validity,
				Body: strings.NewReader(f.texts[uid-1]),
			}
			if f.texts[uid-1] == "" {
				continue
			}
			s.visits = append(s.visits, m.Source)
			if err := visit(m); err != nil {
				return cov, err
			}
			if uid%s.perMark == 0 || uid == len(f.texts) {
				if err := s.r.marked(name, f.validity, uid+1); err != nil {
					return cov, err
				}
				if s.kept != nil {
					s.kept(name, f.validity, uid+1)
				}
			}
		}
		cov.Roles[f.role] = true
	}
	return cov, nil
}

// newShelf holds n sent messages and their bounces, with an ordinary old message in each folder, which shows since when it is there.
func newShelf(n int) *shelf {
	const old = "From: amica@posta.example\nTo: elena@fabbri.example\nDate: Mon, 2 Jan 2023 10:00:00 +0100\nSubject: Ciao\n\nCiao!\n"
	s := &shelf{perMark: 3, folders: map[string]*folder{
		"INBOX": {role: mailbox.RoleInbox, validity: 7, texts: []string{old}},
		"Junk":  {role: mailbox.RoleJunk, validity: 7, texts: []string{old}},
		"Sent":  {role: mailbox.RoleSent, validity: 7},
	}}
	for i := range n {
		id, to := fmt.Sprintf("m%d", i), fmt.Sprintf("persona%d@libero.it", i)
		s.folders["Sent"].texts = append(s.folders["Sent"].texts, letter(id, to, sentAt, ""))
		s.folders["INBOX"].texts = append(s.folders["INBOX"].texts, refusal(id, to, sentAt, refusedAt, "550 <"+to+"> recipient rejected"))
	}
	return s
}

func openStore(t testing.TB, dir string) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), dir, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// remembered is a review of accounts.
func remembered(t testing.TB, s *store.Store, accounts ...Account) Request {
	req := request(t, "2023-02-10 12:00")
	req.Store, req.Accounts = s, accounts
	return req
}

func resends(t testing.TB, req Request) int {
	t.Helper()
	r, err := Run(t.Context(), req)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, i := range r.Items {
		if i.Verdict == advice.Resend {
			n++
		}
	}
	return n
}

// TestOnlyWhatIsNewIsRead: the second review asks for nothing that it has, and comes to the same.
func TestOnlyWhatIsNewIsRead(t *testing.T) {
	dir := t.TempDir()
	mail := newShelf(10)
	s := openStore(t, dir)
	if n := resends(t, remembered(t, s, mail.account("a"))); n != 10 || len(mail.visits) != 22 {
		t.Fatalf("%d to resend after %d visits, want 10 and 22", n, len(mail.visits))
	}
	mail.visits = nil
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = openStore(t, dir)
	if n := resends(t, remembered(t, s, mail.account("a"))); n != 10 || len(mail.visits) != 0 {
		t.Errorf("the next time: %d to resend after %v, want 10 after none", n, mail.visits)
	}
	more := newShelf(12)
	mail.folders["Sent"].texts, mail.folders["INBOX"].texts = more.folders["Sent"].texts, more.folders["INBOX"].texts
	if n := resends(t, remembered(t, s, mail.account("a"))); n != 12 || len(mail.visits) != 4 {
		t.Errorf("with two more: %d to resend after %v, want 12 after four", n, mail.visits)
	}
}

// TestReviewOutOfTheStoreIsTheSame as one of the same mail in files, at moments before, between and after.
func TestReviewOutOfTheStoreIsTheSame(t *testing.T) {
	mail := newShelf(8)
	s := openStore(t, t.TempDir())
	files := map[string]string{}
	for name, f := range mail.folders {
		dir := t.TempDir()
		for i, text := range f.texts {
			if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%d.eml", i)), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		files[name] = dir
	}
	for _, at := range []string{"2023-01-25 21:00", "2023-01-25 22:00", "2023-01-26 12:00", "2023-02-20 12:00"} {
		one, two := request(t, at), request(t, at)
		one.Store, one.Accounts = s, []Account{mail.account("a")}
		two.Inbox, two.Junk, two.Sent = []string{files["INBOX"]}, []string{files["Junk"]}, []string{files["Sent"]}
		if a, b := verdicts(reviewed(t, one)), verdicts(reviewed(t, two)); fmt.Sprint(a) != fmt.Sprint(b) {
			t.Errorf("at %s: out of the store %v, from files %v", at, a, b)
		}
	}
}

// TestInterruptedReadingGoesOn where it was cut, without missing a message and without reading again what was marked.
func TestInterruptedReadingGoesOn(t *testing.T) {
	s := openStore(t, t.TempDir())
	seen := map[string]int{}
	mail := newShelf(20)
	for try := 0; ; try++ {
		mail.breaksAt, mail.visits = 5, nil
		_, err := Run(t.Context(), remembered(t, s, mail.account("a")))
		for _, v := range mail.visits {
			seen[v]++
		}
		if err == nil {
			break
		}
		if !errors.Is(err, errLine) || try > 20 {
			t.Fatalf("after %d tries: %v", try, err)
		}
	}
	mail.breaksAt = 0
	if n := resends(t, remembered(t, s, mail.account("a"))); n != 20 {
		t.Errorf("%d to resend, want 20", n)
	}
	for source, n := range seen {
		if n > 2 {
			t.Errorf("%s was read %d times: of what is not marked yet there are only three", source, n)
		}
	}
	if len(seen) != 42 {
		t.Errorf("%d messages were read, want 42", len(seen))
	}
}

// TestUnreachableAccount: what was read earlier still gives advice, but silence no more; without it the review fails.
func TestUnreachableAccount(t *testing.T) {
	s := openStore(t, t.TempDir())
	mail := newShelf(1)
	mail.folders["Sent"].texts = append(mail.folders["Sent"].texts, letter("quiet", "nonna@libero.it", "Wed, 25 Jan 2023 10:00:00 +0100", ""))
	broken := newShelf(3)
	broken.breaksAt = 1
	req := remembered(t, s, broken.account("b"))
	req.Stale = func(string, time.Time, error) { t.Error("an account that was never read is taken for an old one") }
	if _, err := Run(t.Context(), req); !errors.Is(err, errLine) {
		t.Errorf("never read: %v", err)
	}
	if v := verdicts(reviewed(t, remembered(t, s, mail.account("a")))); v["quiet@fabbri.example nonna@libero.it"] != advice.Delivered || v["m0@fabbri.example persona0@libero.it"] != advice.Resend {
		t.Errorf("read: %v", v)
	}
	mail.folders["Sent"].texts = append(mail.folders["Sent"].texts, "")
	mail.breaksAt, mail.visits = 1, []string{"one"}
	req = remembered(t, s, mail.account("a"))
	if _, err := Run(t.Context(), req); !errors.Is(err, errLine) {
		t.Errorf("with nobody to tell: %v", err)
	}
	told := ""
	req.Stale = func(id string, last time.Time, err error) {
		told = fmt.Sprint(id, time.Since(last) < time.Minute, errors.Is(err, errLine))
	}
	if v := verdicts(reviewed(t, req)); v["quiet@fabbri.example nonna@libero.it"] != advice.Check || v["m0@fabbri.example persona0@libero.it"] != advice.Resend {
		t.Errorf("not read now: %v", v)
	}
	if told != "atrue true" {
		t.Errorf("told %q", told)
	}
}

// TestKnownAccountIsNotRead: what was read is shown without asking anybody; what was never read gives nothing, and a reading
// that failed before takes silence away as one that fails now does.
func TestKnownAccountIsNotRead(t *testing.T) {
	s := openStore(t, t.TempDir())
	mail := newShelf(2)
	mail.folders["Sent"].texts = append(mail.folders["Sent"].texts, letter("quiet", "nonna@libero.it", "Wed, 25 Jan 2023 10:00:00 +0100", ""))
	req := remembered(t, s, mail.account("a").Known(nil))
	if r := reviewed(t, req); len(r.Items) != 0 || len(mail.visits) != 0 {
		t.Errorf("never read: %d items after %d visits", len(r.Items), len(mail.visits))
	}
	reviewed(t, remembered(t, s, mail.account("a")))
	mail.visits = nil
	if v := verdicts(reviewed(t, req)); v["m0@fabbri.example persona0@libero.it"] != advice.Resend || v["quiet@fabbri.example nonna@libero.it"] != advice.Delivered || len(mail.visits) != 0 {
		t.Errorf("read before: %v after %d visits", v, len(mail.visits))
	}
	later := req
	later.At = time.Now().Add(current + time.Hour)
	if v := verdicts(reviewed(t, later)); v["quiet@fabbri.example nonna@libero.it"] != advice.Check {
		t.Errorf("read more than a day before: %v", v)
	}
	told := ""
	req = remembered(t, s, mail.account("a").Known(errLine))
	req.Stale = func(id string, _ time.Time, err error) { told = id + ": " + err.Error() }
	if v := verdicts(reviewed(t, req)); v["quiet@fabbri.example nonna@libero.it"] != advice.Check || told != "a: "+errLine.Error() {
		t.Errorf("not readable just before: %v, told %q", v, told)
	}
}

// TestDeletedAndRenumbered: a bounce that was deleted after it was read stays evidence, also when the folder is numbered anew.
func TestDeletedAndRenumbered(t *testing.T) {
	s := openStore(t, t.TempDir())
	mail := newShelf(4)
	if n := resends(t, remembered(t, s, mail.account("a"))); n != 4 {
		t.Fatalf("%d to resend", n)
	}
	inbox := mail.folders["INBOX"]
	inbox.texts[2] = ""
	if n := resends(t, remembered(t, s, mail.account("a"))); n != 4 {
		t.Errorf("after one bounce was deleted: %d to resend, want 4", n)
	}
	inbox.texts, inbox.validity = slices.DeleteFunc(inbox.texts, func(s string) bool { return s == "" }), 8
	r := reviewed(t, remembered(t, s, mail.account("a")))
	bounces := 0
	for _, i := range r.Items {
		bounces += len(i.Bounces)
	}
	if v := verdicts(r); len(v) != 4 || bounces != 4 || v["m1@fabbri.example persona1@libero.it"] != advice.Resend {
		t.Errorf("after the folder was numbered anew: %v with %d bounces", v, bounces)
	}
}

// TestSilenceNeedsEveryAccount: where one account's folder could not be opened, silence proves nothing.
func TestSilenceNeedsEveryAccount(t *testing.T) {
	quiet := func() *shelf {
		s := newShelf(0)
		s.folders["Sent"].texts = []string{letter("quiet", "nonna@libero.it", "Wed, 25 Jan 2023 10:00:00 +0100", "")}
		return s
	}
	refused, partial := quiet(), quiet()
	refused.folders["Junk"].refused = true
	delete(partial.folders, "INBOX")
	for name, tc := range map[string]struct {
		shelves []*shelf
		want    advice.Verdict
	}{
		"one":                      {[]*shelf{quiet()}, advice.Delivered},
		"two":                      {[]*shelf{quiet(), newShelf(0)}, advice.Delivered},
		"one with a closed folder": {[]*shelf{refused}, advice.Check},
		"two, one closed":          {[]*shelf{refused, newShelf(0)}, advice.Check},
		"one without an inbox":     {[]*shelf{partial}, advice.Check},
		"two, one without":         {[]*shelf{partial, newShelf(0)}, advice.Check},
	} {
		s := openStore(t, t.TempDir())
		var accounts []Account
		for i, m := range tc.shelves {
			accounts = append(accounts, m.account(fmt.Sprint(i)))
		}
		for range 2 { // the second time out of the store alone
			if got := verdicts(reviewed(t, remembered(t, s, accounts...)))["quiet@fabbri.example nonna@libero.it"]; got != tc.want {
				t.Errorf("%s: %s, want %s", name, got, tc.want)
			}
		}
	}
}

// TestMissingSentFolderIsTold: without it, what was sent again is not seen, and a second copy may be advised.
func TestMissingSentFolderIsTold(t *testing.T) {
	for name, c := range map[string]struct {
		without, server bool
		told            string
	}{"found": {false, true, ""}, "not found": {true, true, "uno"}, "files": {true, false, ""}} {
		t.Run(name, func(t *testing.T) {
			mail := newShelf(2)
			if c.without {
				delete(mail.folders, "Sent")
			}
			acc := mail.account("uno")
			acc.dated = c.server
			req, told := remembered(t, openStore(t, t.TempDir()), acc), ""
			req.Unsent = func(id string) { told += id }
			if resends(t, req); told != c.told {
				t.Errorf("told of %q", told)
			}
		})
	}
}

// TestUnreadableStaysListed though it is not read again.
func TestUnreadableStaysListed(t *testing.T) {
	s := openStore(t, t.TempDir())
	mail := newShelf(1)
	mail.folders["INBOX"].texts = append(mail.folders["INBOX"].texts, "From: mailer-daemon@x.example\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\nA")
	for i := range 2 {
		r := reviewed(t, remembered(t, s, mail.account("a")))
		if len(r.Unreadable) != 1 || r.Unreadable[0].Source != "INBOX;7/3" || r.Unreadable[0].Why != "empty-report" {
			t.Errorf("review %d lists %+v", i, r.Unreadable)
		}
	}
}

// TestForgottenInTheMiddle: another process forgets the account while it is read; the review starts over, and ends.
// TestWhatWasUnfinishedIsListedNoMore: a message that was still being written, and was read later, is not called unreadable.
func TestWhatWasUnfinishedIsListedNoMore(t *testing.T) {
	path := filepath.Join(t.TempDir(), "inbox.mbox")
	first := "From - Thu Jan  1 00:00:00 2023\nFrom: amica@posta.example\nDate: Mon, 2 Jan 2023 10:00:00 +0100\nMessage-ID: <1@posta.example>\n\nCiao\n\n"
	cut := "From - Thu Jan  1 00:00:00 2023\nFrom: amica@posta.example\nDate: Mon, 2 Jan 2023 11:00:00 +0100\nMessage-ID: <2@posta.example>\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nCi"
	s := openStore(t, t.TempDir())
	acc := LocalAccount("file", []mailbox.LocalPath{{Path: path, Role: mailbox.RoleInbox}})
	for _, c := range []struct {
		text   string
		age    time.Duration
		listed int
	}{{first + cut, 0, 1}, {first + cut + "ao\n\n--b--\n\n", time.Hour, 0}, {first + cut + "ao\n\n--b--\n\n", time.Hour, 0}} {
		if err := os.WriteFile(path, []byte(c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		at := time.Now().Add(-c.age)
		if err := os.Chtimes(path, at, at); err != nil {
			t.Fatal(err)
		}
		if r := reviewed(t, remembered(t, s, acc)); len(r.Unreadable) != c.listed {
			t.Errorf("after %v: %+v", c.age, r.Unreadable)
		}
	}
}

func TestForgottenInTheMiddle(t *testing.T) {
	dir := t.TempDir()
	s, other := openStore(t, dir), openStore(t, dir)
	mail := newShelf(10)
	req := remembered(t, s, mail.account("a"))
	plain, forgot := req.Accounts[0].open, false
	req.Accounts[0].open = func(r *resumption) mailbox.Source {
		if !forgot {
			forgot = true
			if err := other.Forget(t.Context(), "a"); err != nil {
				t.Error(err)
			}
		}
		return plain(r)
	}
	if n := resends(t, req); n != 10 || !forgot {
		t.Errorf("%d to resend, want 10", n)
	}
}

// BenchmarkReviewOutOfTheStore is a review of 100,000 messages that were read before; owed is a second. The same messages in
// an mbox are read beside it.
func BenchmarkReviewOutOfTheStore(b *testing.B) {
	const n = 100_000
	path := file(b, "big.mbox", func(w io.Writer) { mbox(w, n) })
	s := openStore(b, b.TempDir())
	fromStore := remembered(b, s, Account{id: "a", open: func(r *resumption) mailbox.Source { return onceRead{path, r} }})
	fromFile := request(b, "2023-02-10 12:00")
	fromFile.Inbox = []string{path}
	if _, err := Run(b.Context(), fromStore); err != nil {
		b.Fatal(err)
	}
	for name, req := range map[string]Request{"store": fromStore, "mbox": fromFile} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				r, err := Run(b.Context(), req)
				if err != nil || len(r.Items) < 8000 {
					b.Fatalf("%d items, %v", len(r.Items), err)
				}
			}
		})
	}
}

// onceRead reads a file the first time and nothing after it.
type onceRead struct {
	path string
	r    *resumption
}

func (o onceRead) Read(ctx context.Context, visit func(mailbox.Message) error) (mailbox.Coverage, error) {
	if len(o.r.marks) > 0 {
		return mailbox.Coverage{Roles: map[mailbox.Role]bool{mailbox.RoleInbox: true}}, nil
	}
	cov, err := mailbox.Path(o.path, mailbox.RoleInbox).Read(ctx, visit)
	if err != nil {
		return cov, err
	}
	return cov, o.r.marked(o.path, 0, 1)
}
