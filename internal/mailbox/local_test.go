package mailbox

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// follower reads paths again and again, as the watcher does: each time from the marks of the time before.
type follower struct {
	t     *testing.T
	paths []LocalPath
	marks map[string]LocalMark
	now   time.Time
	cov   Coverage
	calls int
}

func newFollower(t *testing.T, paths ...LocalPath) *follower {
	return &follower{t: t, paths: paths, marks: map[string]LocalMark{}, now: time.Now().Add(time.Hour)}
}

// read gives the subjects of what is visited in this pass.
func (f *follower) read() string {
	f.t.Helper()
	var got []string
	cfg := LocalConfig{Paths: f.paths, Marked: func(m LocalMark) error {
		f.marks[m.Path] = m
		f.calls++
		return nil
	}}
	for _, m := range f.marks {
		cfg.Marks = append(cfg.Marks, m)
	}
	var err error
	f.cov, err = local{cfg, func() time.Time { return f.now }}.Read(f.t.Context(), func(m Message) error {
		text, err := io.ReadAll(m.Body)
		got = append(got, subjectOf(string(text)))
		return err
	})
	if err != nil {
		f.t.Fatal(err)
	}
	return strings.Join(got, " ")
}

func subjectOf(text string) string {
	_, after, _ := strings.Cut(text, "Subject: ")
	subject, _, _ := strings.Cut(after, "\n")
	return strings.TrimSpace(subject)
}

// letter is a message in an mbox, with the flags that Thunderbird keeps in it.
func letter(subject, flags string) string {
	return "From - Mon Jan 23 10:00:00 2023\nX-Mozilla-Status: " + flags + "\nX-Mozilla-Status2: 00000000\nFrom: ada@sender.example\n" +
		"Message-ID: <" + subject + "@sender.example>\nSubject: " + subject + "\n\ntext of " + subject + "\n\n"
}

func letters(subjects string) string {
	var all strings.Builder
	for _, s := range strings.Fields(subjects) {
		all.WriteString(letter(s, "0001"))
	}
	return all.String()
}

// TestMboxIsFollowed: what Thunderbird does to an mbox, one thing after the other, and what is read each time.
func TestMboxIsFollowed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "Inbox")
	f := newFollower(t, LocalPath{path, RoleInbox})
	half := strings.Replace(letter("g", "0000"), "\n\ntext of g\n\n", "\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\ntext of g\n", 1)
	for _, step := range []struct {
		what, file, want string
	}{
		{"nothing yet", "", ""},
		{"two came", letters("a b"), "a b"},
		{"nothing new", letters("a b"), ""},
		{"one came", letters("a b c"), "c"},
		{"one was read", letter("a", "0000") + letters("b c"), ""},
		{"the last was read", letters("a b") + letter("c", "0000"), ""},
		{"one was deleted", letters("a") + letter("b", "0009") + letters("c"), ""},
		{"one came meanwhile", letters("a") + letter("b", "0009") + letters("c d"), "d"},
		{"it was compacted", letters("a c d"), "a c d"},
		{"the last was deleted and compacted", letters("a c"), "a c"},
		{"one came after that", letters("a c e"), "e"},
		{"compacted, and as long as before", letters("c e f"), "c e f"},
		{"emptied", "", ""},
		{"filled again", letters("h i"), "h i"},
		{"a newer Thunderbird has come", letters("h i") + strings.ReplaceAll(strings.Replace(letter("p", "0000"), "From - Mon Jan 23 10:00:00 2023", "From ", 1), "\n", "\r\n"), "p"},
		{"and goes on", letters("h i") + strings.ReplaceAll(strings.ReplaceAll(letters("p q"), "From - Mon Jan 23 10:00:00 2023", "From "), "\n", "\r\n"), "q"},
		{"and deletes", letters("h i"), "h i"},
		{"without the empty line at its end", strings.TrimSuffix(letters("h i j"), "\n"), "j"},
		{"and on", letters("h i j k"), "k"},
	} {
		write(t, path, step.file)
		f.now = f.now.Add(time.Hour) // long after the file was written
		if got := f.read(); got != step.want || len(f.cov.Unreadable) > 0 || !f.cov.Roles[RoleInbox] {
			t.Errorf("%s: read %q, want %q; %v, roles %v", step.what, got, step.want, notes(f.cov), f.cov.Roles)
		}
	}

	// A message that is being written is waited for, and read when it is whole.
	write(t, path, letters("h i j k")+half)
	f.now = time.Now()
	if got := f.read(); got != "" || !slices.Equal(notes(f.cov), []string{"unfinished " + path}) || !f.marks[path].Waiting {
		t.Errorf("while g is written: %q, %v", got, notes(f.cov))
	}
	write(t, path, letters("h i j k")+half+"--x--\n\n"+letters("l"))
	if got := f.read(); got != "g l" || len(f.cov.Unreadable) > 0 || f.marks[path].Waiting {
		t.Errorf("when g is whole: %q, %v", got, notes(f.cov))
	}
	// One that stays cut is read for what it is.
	write(t, path, letters("m")+half)
	if got := f.read(); got != "m" {
		t.Errorf("while the file is fresh: %q", got)
	}
	f.now = time.Now().Add(settled + time.Second)
	if got := f.read(); got != "g" || !slices.Equal(notes(f.cov), []string{"truncated " + path + "#2"}) {
		t.Errorf("when nothing came any more: %q, %v", got, notes(f.cov))
	}
}

// TestMessageThatGrew: a message whose end came after it had been taken for whole is read again, and nothing before it.
func TestMessageThatGrew(t *testing.T) {
	path := filepath.Join(t.TempDir(), "Inbox")
	f := newFollower(t, LocalPath{path, RoleInbox})
	write(t, path, letters("a")+strings.TrimSuffix(letter("b", "0000"), "\n"))
	if got := f.read(); got != "a b" {
		t.Fatal(got)
	}
	write(t, path, letters("a")+strings.TrimSuffix(letter("b", "0000"), "\n")+"a second line of b\n\n"+letters("c"))
	if got := f.read(); got != "b c" {
		t.Errorf("read %q, want b again and c", got)
	}
}

// TestLongMboxIsBrokenOff: the first reading of a long file goes on where the mark stands, without missing or repeating more than
// what lies between two marks.
func TestLongMboxIsBrokenOff(t *testing.T) {
	path := filepath.Join(t.TempDir(), "Inbox")
	const all = 3*markEvery + 10
	var text strings.Builder
	for n := range all {
		text.WriteString(letter(fmt.Sprintf("m%d", n), "0001"))
	}
	write(t, path, text.String())
	var mark LocalMark
	stop := errors.New("stop")
	visits := map[string]int{}
	read := func(limit int) error {
		n := 0
		cfg := LocalConfig{Paths: []LocalPath{{path, RoleInbox}}, Marks: []LocalMark{mark}, Marked: func(m LocalMark) error { mark = m; return nil }}
		_, err := Local(cfg).Read(t.Context(), func(m Message) error {
			if n++; n > limit {
				return stop
			}
			visits[m.Key]++
			if !strings.HasPrefix(m.Source, path+"#") {
				t.Errorf("source %q", m.Source)
			}
			return nil
		})
		return err
	}
	if err := read(2*markEvery + 7); !errors.Is(err, stop) {
		t.Fatal(err)
	}
	if mark.Messages != 2*markEvery {
		t.Errorf("the mark covers %d messages", mark.Messages)
	}
	if err := read(all); err != nil || len(visits) != all || mark.Messages != all {
		t.Errorf("%v, %d messages, mark %d", err, len(visits), mark.Messages)
	}
	twice := 0
	for _, n := range visits {
		twice += n - 1
	}
	if twice != 7 {
		t.Errorf("%d messages were read twice, want 7", twice)
	}
}

func TestMarkThatCannotBeKeptEndsTheReading(t *testing.T) {
	path := filepath.Join(t.TempDir(), "Inbox")
	write(t, path, letters("a"))
	full := errors.New("disk full")
	_, err := Local(LocalConfig{Paths: []LocalPath{{path, RoleInbox}}, Marked: func(LocalMark) error { return full }}).Read(t.Context(), func(Message) error { return nil })
	if !errors.Is(err, full) {
		t.Error(err)
	}
}

// TestKeyStays: the same message has one key wherever it lies and whatever was done to it, and others have others.
func TestKeyStays(t *testing.T) {
	dir := t.TempDir()
	keys := map[string]string{}
	for name, text := range map[string]string{
		"read/inbox": letter("a", "0001"), "unread/inbox": letter("a", "0000"), "moved/archive": letters("x y") + letter("a", "0001"),
		"crlf/inbox": strings.ReplaceAll(letter("a", "0001"), "\n", "\r\n"), "single/a.eml": strings.SplitN(letter("a", "0001"), "\n", 2)[1],
		"tagged/inbox": strings.Replace(letter("a", "0001"), "From: ", "X-Mozilla-Keys: $label1\n folded\nFrom: ", 1), "other/inbox": letter("b", "0001"),
	} {
		path := filepath.Join(dir, name)
		write(t, path, text)
		_, err := Local(LocalConfig{Paths: []LocalPath{{path, RoleInbox}}}).Read(t.Context(), func(m Message) error {
			keys[filepath.Dir(name)] = m.Key
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for name, key := range keys {
		if len(key) != 32 || (key == keys["read"]) != (name != "other") {
			t.Errorf("%s has the key %s, read has %s", name, key, keys["read"])
		}
	}
}

func TestMaildirIsFollowed(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "Maildir")
	at := func(name string) string { return filepath.Join(dir, name) }
	one := func(s string) string { return "From: ada@sender.example\nSubject: " + s + "\n\ntext\n" }
	f := newFollower(t, LocalPath{dir, RoleSent})
	write(t, at("new/100.x"), one("a"))
	write(t, at("cur/200.x:2,"), one("b"))
	write(t, at("tmp/300.x"), one("c"))
	if got := f.read(); got != "a b" {
		t.Errorf("first %q", got)
	}
	for old, moved := range map[string]string{"new/100.x": "cur/100.x:2,S", "cur/200.x:2,": "cur/200.x:2,RS", "tmp/300.x": "new/300.x"} {
		if err := os.Rename(at(old), at(moved)); err != nil {
			t.Fatal(err)
		}
	}
	if got := f.read(); got != "c" || !f.cov.Roles[RoleSent] {
		t.Errorf("after moving %q", got)
	}
	if err := os.Remove(at("cur/100.x:2,S")); err != nil {
		t.Fatal(err)
	}
	if got := f.read(); got != "" || len(f.marks[dir].Seen) != 2*markSize {
		t.Errorf("after deleting %q, %d bytes of mark", got, len(f.marks[dir].Seen))
	}
}

func TestMailboxOfMaildirsIsTakenWhole(t *testing.T) {
	for name, c := range map[string]struct{ inbox, sent, junk, other string }{
		"Maildir++":    {"", ".Posta inviata", ".Junk", ".Lavoro.2023"},
		"as by mbsync": {"INBOX", "Sent", "Spam", "Lavoro"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			write(t, filepath.Join(dir, c.inbox, "cur", "1.x:2,S"), "Subject: came\n\n")
			write(t, filepath.Join(dir, c.sent, "new", "2.x"), "Subject: sent\n\n")
			write(t, filepath.Join(dir, c.other, "cur", "3.x"), "Subject: other\n\n")
			f := newFollower(t, LocalPath{Path: dir})
			got := strings.Fields(f.read())
			slices.Sort(got)
			if !slices.Equal(got, []string{"came", "other", "sent"}) || !f.cov.Roles[RoleInbox] || !f.cov.Roles[RoleSent] || f.cov.Roles[RoleJunk] {
				t.Errorf("read %v, roles %v, unreadable %v", got, f.cov.Roles, f.cov.Unreadable)
			}
			write(t, filepath.Join(dir, c.junk, "cur", "4.x"), "Subject: junk\n\n")
			if got := f.read(); got != "junk" || !f.cov.Roles[RoleJunk] {
				t.Errorf("of a folder that came later: %q, roles %v", got, f.cov.Roles)
			}
			// What the person said of a path counts.
			f = newFollower(t, LocalPath{filepath.Join(dir, c.inbox), RoleInbox})
			if got := f.read(); got != "came" {
				t.Errorf("of the inbox alone: %q", got)
			}
		})
	}
}

func TestFolderOfFilesIsFollowed(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "saved")
	at := func(name string) string { return filepath.Join(dir, name) }
	f := newFollower(t, LocalPath{dir, RoleInbox})
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if got := f.read(); got != "" || f.cov.Roles[RoleInbox] {
		t.Errorf("an empty folder: %q, roles %v", got, f.cov.Roles)
	}
	write(t, at("a.eml"), "From: ada@sender.example\nSubject: a\n\ntext\n")
	write(t, at("notes.txt"), "no mail\n")
	if got := f.read(); got != "a" || !f.cov.Roles[RoleInbox] {
		t.Errorf("one file: %q", got)
	}
	write(t, at("b.eml"), "From: ada@sender.example\nSubject: b\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\nhalf\n")
	f.now = time.Now()
	if got := f.read(); got != "" || !slices.Equal(notes(f.cov), []string{"unfinished " + at("b.eml")}) || !f.cov.Roles[RoleInbox] {
		t.Errorf("half a file: %q, %v", got, notes(f.cov))
	}
	write(t, at("b.eml"), "From: ada@sender.example\nSubject: b\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\nall\n--x--\n")
	if got := f.read(); got != "b" {
		t.Errorf("the whole file: %q, %v", got, notes(f.cov))
	}
	if got := f.read(); got != "" {
		t.Errorf("nothing new: %q", got)
	}
}

func TestTakeout(t *testing.T) {
	path := filepath.Join(t.TempDir(), "All mail Including Spam and Trash.mbox")
	text := ""
	want := map[string]Role{}
	for n, c := range []struct {
		labels string
		role   Role
	}{
		{"Inbox,Important,Opened", RoleInbox},
		{"Sent,Opened", RoleSent},
		{"Spam,Unread", RoleJunk},
		{"Trash,Sent", RoleTrash},
		{"Drafts", RoleDrafts},
		{"Archived,Opened,\"Clients, new\"", RoleAll},
		{"Posta in arrivo,Importanti", RoleInbox},
		{"Inviati", RoleSent},
		{"Cestino,Posta in arrivo", RoleTrash},
		{"Bozze", RoleDrafts},
		{"=?UTF-8?Q?Bo=C3=AEte_de_r=C3=A9ception,Important?=", RoleInbox},
		{"Opened,\r\n Sent", RoleSent},
		{"\"Inbox", RoleInbox},
		{strings.Repeat("x", 2*maxLabels), RoleOther},
	} {
		subject := fmt.Sprint("m", n)
		want[subject] = c.role
		text += strings.Replace(letter(subject, "0001"), "From: ", "X-Gmail-Labels: "+c.labels+"\nFrom: ", 1)
	}
	write(t, path, text)
	var mark LocalMark
	for pass := range 2 {
		got := 0
		cfg := LocalConfig{Paths: []LocalPath{{Path: path}}, Marks: []LocalMark{mark}, Marked: func(m LocalMark) error { mark = m; return nil }}
		cov, err := Local(cfg).Read(t.Context(), func(m Message) error {
			text, err := io.ReadAll(m.Body)
			if subject := subjectOf(string(text)); m.Role != want[subject] {
				t.Errorf("%s is %q, want %q", subject, m.Role, want[subject])
			}
			got++
			return err
		})
		if err != nil || got != len(want)*(1-pass) || !cov.Roles[RoleJunk] || !cov.Roles[RoleSent] || !cov.Roles[RoleInbox] || !cov.Roles[RoleAll] {
			t.Errorf("pass %d: %d messages, %v, roles %v", pass, got, err, cov.Roles)
		}
	}
}

// TestRolesByName: what a file that a person chose is for, and what it lets silence be judged by.
func TestRolesByName(t *testing.T) {
	dir := t.TempDir()
	for name, c := range map[string]struct {
		role  Role
		known bool // counts as read
	}{
		"Sent.mbox": {RoleSent, true}, "Posta inviata": {RoleSent, true}, "Inbox": {RoleInbox, true}, "Clienti.mbox": {RoleOther, false},
		"ImapMail/imap.studio.example/INBOX": {RoleInbox, false}, // only what Thunderbird fetched is in it
	} {
		path := filepath.Join(dir, name)
		write(t, path, letters("a"))
		var role Role
		cov, err := Local(LocalConfig{Paths: []LocalPath{{Path: path}}}).Read(t.Context(), func(m Message) error { role = m.Role; return nil })
		if err != nil || role != c.role || cov.Roles[c.role] != c.known {
			t.Errorf("%s: %q, %v, %v; want %q %v", name, role, cov.Roles, err, c.role, c.known)
		}
	}
}

func TestPathsThatAreGone(t *testing.T) {
	dir := t.TempDir()
	here, gone, photo := filepath.Join(dir, "Inbox"), filepath.Join(dir, "gone"), filepath.Join(dir, "photo")
	write(t, here, letters("a"))
	write(t, photo, "\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01")
	f := newFollower(t, LocalPath{gone, RoleSent}, LocalPath{here, RoleInbox}, LocalPath{photo, RoleJunk})
	if got := f.read(); got != "a" || !slices.Equal(notes(f.cov), []string{"folder-gone " + gone, "binary " + photo}) {
		t.Errorf("%q, %v", got, notes(f.cov))
	}
	if !f.cov.Roles[RoleInbox] || f.cov.Roles[RoleSent] || f.cov.Roles[RoleJunk] || !MissesFolder(f.cov.Unreadable[0]) {
		t.Errorf("roles %v", f.cov.Roles)
	}
	_, err := Local(LocalConfig{Paths: []LocalPath{{gone, RoleSent}}}).Read(t.Context(), nil)
	var path *PathError
	if !errors.Is(err, ErrMissing) || !errors.As(err, &path) || path.Path != gone {
		t.Error(err)
	}
}

// FuzzLocalMbox holds following to give what one reading gives, whatever stands in the file and however it grows: every message of
// the whole file was visited, and none of what was whole before is read twice.
func FuzzLocalMbox(f *testing.F) {
	f.Add([]byte(letters("a b")), []byte(letters("c")))
	f.Add([]byte(letters("a")), []byte("more of a\nFrom nobody\n"))
	f.Add([]byte("rubbish\n\n"+letters("a")), []byte("\r\n\r\nFrom - Mon Jan 23 10:00:00 2023\r\nA: b\r\n\r\n"))
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, first, second []byte) {
		if len(first)+len(second) > 100_000 {
			return
		}
		path := filepath.Join(dir, "box")
		var marks []LocalMark
		seen := map[string]bool{}
		read := func(text []byte) {
			if err := os.WriteFile(path, text, 0o600); err != nil {
				t.Fatal(err)
			}
			src := local{LocalConfig{Paths: []LocalPath{{path, RoleInbox}}, Marks: marks, Marked: func(m LocalMark) error {
				if m.Offset < 0 || m.Offset > int64(len(text)) || m.Messages < 0 {
					t.Errorf("mark %+v of %d bytes", m, len(text))
				}
				marks = []LocalMark{m}
				return nil
			}}, func() time.Time { return time.Now().Add(time.Hour) }}
			_, err := src.Read(t.Context(), func(m Message) error {
				seen[m.Key] = true
				return nil
			})
			var bad *PathError
			if err != nil && !errors.As(err, &bad) {
				t.Error(err)
			}
		}
		read(first)
		read(slices.Concat(first, second))
		followed := seen
		seen, marks = map[string]bool{}, nil
		read(slices.Concat(first, second))
		for key := range seen {
			if !followed[key] {
				t.Errorf("following missed a message of %q + %q", first, second)
			}
		}
	})
}
