package store

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"rimbalzo/internal/words"
)

// TestReadingWhileTheOtherWrites: whoever reads sees whole chunks, and the mark never without what it covers.
func TestReadingWhileTheOtherWrites(t *testing.T) {
	dir := t.TempDir()
	writer, reader := open(t, dir, Options{}), open(t, dir, Options{})
	ctx, stop := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	var looks, chunks atomic.Int32
	wg.Go(func() {
		defer stop()
		r, err := writer.Begin(ctx, elena)
		for i := 0; err == nil && i < 2000 && looks.Load() < 5; i++ {
			chunks.Add(1)
			var list []Record
			for j := range 10 {
				list = append(list, sentRecord(10*i+j+1))
			}
			err = r.Keep(ctx, Chunk{Records: list, Mark: &Mark{Place: "Sent", Validity: 7, Data: fmt.Append(nil, 10*i+10)}})
		}
		if err != nil {
			t.Error(err)
		}
	})
	for ; ctx.Err() == nil; looks.Add(1) {
		r, err := reader.Begin(t.Context(), elena)
		must(t, err)
		marked := 0
		if len(r.Marks()) > 0 {
			_, err := fmt.Sscan(string(r.Marks()[0].Data), &marked)
			must(t, err)
		}
		if n := len(evidence(t, reader, elena).Sent); n%10 != 0 || n < marked {
			t.Fatalf("%d messages are there, %d are marked as read", n, marked)
		}
	}
	wg.Wait()
	if n := len(evidence(t, reader, elena).Sent); n != 10*int(chunks.Load()) || looks.Load() < 5 {
		t.Errorf("%d messages of %d chunks after %d looks", n, chunks.Load(), looks.Load())
	}
}

// everyFile gives the contents of all files of a folder.
func everyFile(t testing.TB, dir string) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	must(t, filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		files[path] = data
		return err
	}))
	return files
}

// TestForgetLeavesNothing, while another process has the files open and goes on with another account.
func TestForgetLeavesNothing(t *testing.T) {
	const canary = "kanarienvogel"
	dir := t.TempDir()
	window, watcher := open(t, dir, Options{}), open(t, dir, Options{})
	keep := func(s *Store, account string, mark string) {
		r := begin(t, s, account)
		for i := range 5 {
			sent, report, in := sentRecord(3*i+1), reportRecord(3*i+2), incomingRecord(3*i+3)
			sent.Sent.Subject, report.Report.Report.Text, in.Incoming.Subject = mark, mark, mark
			in.Incoming.To = []string{account}
			must(t, r.Keep(t.Context(), Chunk{Records: []Record{sent, report, in}, Mark: &Mark{Place: mark, Validity: 7, Data: []byte(mark)}}))
		}
		must(t, r.Finish(t.Context(), Covered{Roles: []string{"inbox"}, At: time.Unix(5, 0), Own: []string{account}, Unread: []Unread{{mark, "folder-refused", true}}}))
		must(t, s.Change(t.Context(), func(tx *sql.Tx) error {
			for _, q := range []string{
				"INSERT INTO claim (key, at) VALUES ('bounces/' || ?1, 1)", "INSERT OR REPLACE INTO told (id, kind, at, shown, keys) VALUES ('a' || ?1, 'down', 1, 1, ?1)",
				"INSERT OR IGNORE INTO value (name, value) VALUES (?1, ?1)", "INSERT OR IGNORE INTO endpoint (operator, account, name, direction) VALUES ('x', ?1, 'y', 'z')",
				"INSERT OR IGNORE INTO incident (id, begins, data) VALUES (length(?1), 1, json_object('Accounts', json_array('other', ?1), 'Name', 'libero.it'))",
			} {
				if _, err := tx.Exec(q, account); err != nil {
					return err
				}
			}
			return nil
		}))
	}
	keep(window, "vera@canary.example", canary)
	keep(watcher, elena, "other")
	must(t, watcher.SaveTicks(t.Context(), ticked(t, "a")))
	must(t, os.WriteFile(filepath.Join(dir, "mail.db.2026-01-01-000000.damaged"), []byte(canary), 0o600))
	found := func() (where []string) {
		for path, data := range everyFile(t, dir) {
			if bytes.Contains(data, []byte(canary)) || bytes.Contains(data, []byte("vera@canary.example")) {
				where = append(where, path)
			}
		}
		return where
	}
	if len(found()) == 0 {
		t.Fatal("the canary was never there")
	}
	must(t, window.Forget(t.Context(), "vera@canary.example"))
	if where := found(); len(where) > 0 {
		t.Errorf("something is left in %v", where)
	}
	if k := evidence(t, window, "vera@canary.example", elena); len(k.Accounts) != 1 || len(k.Sent) != 5 || len(k.Reports) != 5 {
		t.Errorf("of the other account there are %d sent and %d reports left: %+v", len(k.Sent), len(k.Reports), k.Accounts)
	}
	has(t, readTicks(t, watcher), "a")
	incident := ""
	must(t, watcher.Look(t.Context(), func() {}, func(rows *sql.Rows) error { return rows.Scan(&incident) }, "SELECT data FROM incident WHERE id = 19"))
	if incident != `{"Accounts":["other"],"Name":"libero.it"}` {
		t.Errorf("the incident is %s", incident)
	}
	must(t, begin(t, watcher, elena).Keep(t.Context(), Chunk{Records: []Record{sentRecord(1)}})) // it can go on
}

// TestForgottenAccountStaysForgotten: a reading that is under way in the other process does not bring it back.
func TestForgottenAccountStaysForgotten(t *testing.T) {
	dir := t.TempDir()
	window, watcher := open(t, dir, Options{}), open(t, dir, Options{})
	r := begin(t, watcher, elena)
	must(t, r.Keep(t.Context(), Chunk{Records: []Record{sentRecord(1)}}))
	must(t, window.Forget(t.Context(), elena))
	if err := r.Keep(t.Context(), Chunk{Records: []Record{sentRecord(2)}, Mark: &Mark{Place: "Sent", Validity: 7}}); !errors.Is(err, ErrRebuilt) {
		t.Errorf("keeping on gives %v, want ErrRebuilt", err)
	}
	if err := r.Finish(t.Context(), Covered{At: time.Unix(1, 0)}); !errors.Is(err, ErrRebuilt) {
		t.Errorf("finishing gives %v, want ErrRebuilt", err)
	}
	if k := evidence(t, window, elena); len(k.Sent) > 0 || len(k.Accounts) > 0 {
		t.Errorf("%+v came back", k.Accounts)
	}
}

func TestForgetWhileTheOtherIsBusy(t *testing.T) {
	dir := t.TempDir()
	window, watcher := open(t, dir, Options{Patience: 200 * time.Millisecond}), open(t, dir, Options{Idle: 10 * time.Millisecond})
	must(t, begin(t, window, elena).Keep(t.Context(), Chunk{Records: []Record{sentRecord(1)}}))
	_, err := watcher.enter(t.Context(), &watcher.mail)
	must(t, err)
	start := time.Now()
	err = window.Forget(t.Context(), elena)
	if !errors.Is(err, ErrInUse) || time.Since(start) > 5*time.Second {
		t.Errorf("after %v: %v, want ErrInUse soon", time.Since(start), err)
	}
	if text, ok := Describe(err, words.New("en")); !ok || !strings.Contains(text, "Another Rimbalzo window") {
		t.Errorf("it is said as %q", text)
	}
	watcher.leave()
	must(t, window.Forget(t.Context(), elena))
}

// damage writes garbage into the middle of a file.
func damage(t testing.TB, path string, from int64) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	must(t, err)
	info, err := f.Stat()
	must(t, err)
	rng := rand.New(rand.NewPCG(1, 2))
	junk := make([]byte, info.Size()-from)
	for i := range junk {
		junk[i] = byte(rng.Uint32())
	}
	_, err = f.WriteAt(junk, from)
	must(t, errors.Join(err, f.Close()))
}

func TestDamagedFilesAreSetAside(t *testing.T) {
	for name, tc := range map[string]struct {
		file  string
		spoil func(t *testing.T, path string)
		aside bool
	}{
		"mail, from the start":   {"mail.db", func(t *testing.T, p string) { damage(t, p, 0) }, true},
		"mail, beyond the start": {"mail.db", func(t *testing.T, p string) { damage(t, p, 4096) }, true},
		"mail, cut off": {"mail.db", func(t *testing.T, p string) {
			must(t, os.Truncate(p, 8192))
		}, true},
		"mail, of other tables": {"mail.db", otherTables, true},
		"person, from the start": {"person.db", func(t *testing.T, p string) {
			damage(t, p, 0)
		}, true},
		"person, beyond the start": {"person.db", func(t *testing.T, p string) { damage(t, p, 4096) }, true},
		"person, of other tables":  {"person.db", otherTables, true},
		"person, gone":             {"person.db", func(t *testing.T, p string) { must(t, os.Remove(p)) }, false},
		"mail, gone":               {"mail.db", func(t *testing.T, p string) { must(t, os.Remove(p)) }, false},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			s := open(t, dir, Options{})
			r := begin(t, s, elena)
			for i := range 20 {
				must(t, r.Keep(t.Context(), Chunk{Records: []Record{sentRecord(i + 1), reportRecord(i + 1)}, Mark: &Mark{Place: "INBOX", Validity: 7}}))
			}
			must(t, r.Finish(t.Context(), Covered{At: time.Unix(1, 0)}))
			must(t, s.SaveTicks(t.Context(), ticked(t, "a", "b")))
			must(t, s.Close())
			tc.spoil(t, filepath.Join(dir, tc.file))

			s = open(t, dir, Options{})
			has(t, readTicks(t, s), "ab")
			k := evidence(t, s, elena)
			r = begin(t, s, elena)
			if tc.file == "mail.db" && (len(r.Marks()) > 0 || len(k.Sent) > 0) {
				t.Errorf("marks %v and %d messages are left: the mailbox would not be read again", r.Marks(), len(k.Sent))
			}
			must(t, r.Keep(t.Context(), Chunk{Records: []Record{sentRecord(1)}}))
			must(t, s.SaveTicks(t.Context(), ticked(t, "c")))
			has(t, readTicks(t, s), "abc")
			aside := s.SetAside()
			if (len(aside) == 1) != tc.aside {
				t.Fatalf("set aside are %+v", aside)
			}
			for _, a := range aside {
				if _, err := os.Stat(a.Path); err != nil || a.Name != tc.file {
					t.Errorf("%+v: %v", a, err)
				}
				if text := a.Describe(words.New("en")); !strings.Contains(text, a.Path) || (tc.file == "person.db" && !strings.Contains(text, "2 ticks were recovered")) {
					t.Errorf("it is said as %q", text)
				}
			}
		})
	}
}

// otherTables puts a sound file of the right number and the wrong tables in a file's place.
func otherTables(t *testing.T, path string) {
	must(t, os.Remove(path))
	db, err := sql.Open("sqlite", path)
	must(t, err)
	_, err = db.Exec(fmt.Sprintf("CREATE TABLE word (x); CREATE TABLE account (y); PRAGMA user_version = %d", map[bool]int{true: len(mailForms), false: len(personForms)}[strings.HasSuffix(path, "mail.db")]))
	must(t, errors.Join(err, db.Close()))
}

// TestDamageUnderTheHand: the file is spoilt while a reading goes on, which then has to begin anew, and is told so.
func TestDamageUnderTheHand(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, Options{})
	r := begin(t, s, elena)
	for i := range 200 {
		must(t, r.Keep(t.Context(), Chunk{Records: []Record{sentRecord(i + 1), reportRecord(1000 + i)}, Mark: &Mark{Place: "INBOX", Validity: 7}}))
	}
	s.retreat() // as when the other process wanted the files
	damage(t, s.mail.path, 4096)
	var err error
	for i := 0; err == nil && i < 200; i++ {
		err = r.Keep(t.Context(), Chunk{Records: []Record{sentRecord(i + 1)}})
	}
	if !errors.Is(err, ErrRebuilt) {
		t.Fatalf("keeping on gives %v, want ErrRebuilt", err)
	}
	if r = begin(t, s, elena); len(r.Marks()) > 0 {
		t.Errorf("marks %v are left", r.Marks())
	}
}

func TestSpoiltRecordIsReadAgain(t *testing.T) {
	s := open(t, t.TempDir(), Options{})
	r := begin(t, s, elena)
	must(t, r.Keep(t.Context(), Chunk{Records: []Record{sentRecord(1)}, Mark: &Mark{Place: "Sent", Validity: 7}}))
	must(t, r.Keep(t.Context(), Chunk{Records: []Record{reportRecord(1)}, Mark: &Mark{Place: "INBOX", Validity: 7}}))
	must(t, s.use(t.Context(), &s.mail, func(db *database) error {
		_, err := db.write.Exec("UPDATE record SET data = x'0163' WHERE kind = 1")
		return err
	}))
	if _, err := s.Evidence(t.Context(), []string{elena}); !errors.Is(err, ErrRebuilt) {
		t.Errorf("got %v, want ErrRebuilt", err)
	}
	if m := begin(t, s, elena).Marks(); len(m) != 1 || m[0].Place != "INBOX" {
		t.Errorf("marks are %+v, want the inbox's alone", m)
	}
	if k := evidence(t, s, elena); len(k.Reports) != 1 {
		t.Errorf("%d reports", len(k.Reports))
	}
}

func TestFilesAreClosedWhenIdle(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, Options{Idle: 20 * time.Millisecond})
	must(t, begin(t, s, elena).Keep(t.Context(), Chunk{Records: []Record{sentRecord(1)}}))
	deadline := time.Now().Add(5 * time.Second)
	for {
		_, err := os.Stat(s.mail.path + "-wal")
		if errors.Is(err, fs.ErrNotExist) {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("the file is still open after 5 s without use")
		}
		time.Sleep(10 * time.Millisecond)
	}
	if k := evidence(t, s, elena); len(k.Sent) != 1 {
		t.Error("it does not open again")
	}
}

// TestFullDisk: what was kept before stays, and the person is told what to do.
func TestFullDisk(t *testing.T) {
	s := open(t, t.TempDir(), Options{})
	r := begin(t, s, elena)
	must(t, r.Keep(t.Context(), Chunk{Records: []Record{sentRecord(1)}}))
	must(t, s.use(t.Context(), &s.mail, func(db *database) error {
		_, err := db.write.Exec("PRAGMA max_page_count = 40")
		return err
	}))
	var list []Record
	for i := range 2000 {
		list = append(list, sentRecord(i+2))
	}
	err := r.Keep(t.Context(), Chunk{Records: list, Mark: &Mark{Place: "Sent", Validity: 7}})
	if text, ok := Describe(err, words.New("en")); !ok || !strings.Contains(text, "disk is full") {
		t.Errorf("%v is said as %q", err, text)
	}
	s.retreat() // the disk has room again
	if k, m := evidence(t, s, elena), begin(t, s, elena).Marks(); len(k.Sent) == 0 || len(m) > 0 {
		t.Errorf("%d messages and marks %+v; what was kept has to stay, and nothing counts as read that is not there", len(k.Sent), m)
	}
	must(t, r.Keep(t.Context(), Chunk{Records: list}))
}
