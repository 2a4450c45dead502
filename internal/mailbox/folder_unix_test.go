//go:build unix

package mailbox

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestPathErrors(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "empty", "sub", "a.eml"), eml)
	write(t, filepath.Join(dir, "notes", "README.txt"), "Nothing here.\n")
	if err := os.Symlink("loop", filepath.Join(dir, "loop")); err != nil {
		t.Skip("no symbolic links here:", err)
	}
	if err := syscall.Mkfifo(filepath.Join(dir, "fifo"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		kind string
		is   error
	}{
		"absent":      {"missing", ErrMissing},
		"empty":       {"no-mail", ErrNoMail},
		"notes":       {"no-mail", ErrNoMail},
		"loop":        {"loop", syscall.ELOOP},
		"fifo":        {"special", errSpecial},
		"fifo/inside": {"missing", ErrMissing},
	} {
		for _, src := range []Source{Path(filepath.Join(dir, name), RoleInbox), Maildirpp(filepath.Join(dir, name), noRole)} {
			got, cov, err := readAll(src)
			var bad *PathError
			if !errors.As(err, &bad) {
				t.Fatalf("%s: %T says %v", name, src, err)
			}
			if _, whole := src.(maildirpp); whole && name == "fifo" {
				c.kind, c.is = "missing", ErrMissing // no folder there
			}
			if !errors.Is(err, c.is) || bad.Kind != c.kind || len(got) > 0 || len(cov.Roles) > 0 {
				t.Errorf("%s: %T says %v (%s), want %v (%s)", name, src, err, bad.Kind, c.is, c.kind)
			}
		}
	}
}

func TestFolderOfFiles(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	write(t, at("b.eml"), eml)
	write(t, at("a.EML"), eml)
	write(t, at("17"), eml)
	write(t, at("c.eml"), from1+eml)
	write(t, at("box"), from1+eml+"\n"+from1+eml)
	write(t, at("zero.eml"), "")
	write(t, at("photo.eml"), "\xff\xd8\xff\xe0\x00\x10JFIF")
	write(t, at("photo.jpg"), "\xff\xd8\xff\xe0\x00\x10JFIF")
	write(t, at("notes.txt"), "Nothing here.\n")
	write(t, at(".hidden.eml"), eml)
	write(t, at("inside/c.eml"), eml)
	want := []string{
		"special " + at("fifo"), "loop " + at("loop.eml"), "binary " + at("photo.eml"), "vanished " + at("stale.eml"),
		"empty " + at("zero.eml"), "subfolder " + at("inside"),
	}
	if err := errors.Join(os.Symlink("loop.eml", at("loop.eml")), os.Symlink("gone", at("stale.eml")), syscall.Mkfifo(at("fifo"), 0o600)); err != nil {
		t.Fatal(err)
	}
	got, cov, err := readAll(Path(dir, RoleInbox))
	var sources []string
	for _, m := range got {
		sources = append(sources, m.Source)
		if m.text != eml || (m.ArrivedAt.IsZero() == strings.Contains(m.Source, "#")) {
			t.Errorf("%s: arrived %v, %q", m.Source, m.ArrivedAt, m.text)
		}
	}
	if err != nil || !slices.Equal(sources, []string{at("17"), at("a.EML"), at("b.eml"), at("box#1"), at("box#2"), at("c.eml")}) {
		t.Errorf("%v, %q", err, sources)
	}
	if got := notes(cov); !slices.Equal(got, want) {
		t.Errorf("unreadable\n%q, want\n%q", got, want)
	}
}

func TestMaildir(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	write(t, at("cur/200.x:2,S"), eml)
	write(t, at("new/100.x"), eml)
	write(t, at("cur/300.x:2,"), "From ada Mon Jan 23 10:00:00 2023\n"+eml)
	write(t, at("cur/400.x:2,"), "")
	write(t, at("tmp/500.x"), eml)
	write(t, at("new/600.x"), eml)
	write(t, at("new/700.x"), eml)
	arrived := time.Date(2023, 1, 23, 10, 0, 0, 0, time.UTC)
	for _, name := range []string{"cur/200.x:2,S", "new/100.x", "cur/300.x:2,", "new/600.x"} {
		if err := os.Chtimes(at(name), arrived, arrived); err != nil {
			t.Fatal(err)
		}
	}
	var sources []string
	cov, err := Path(dir, RoleInbox).Read(t.Context(), func(m Message) error {
		// A mail program at work: one message is moved from new to cur, one is deleted.
		os.Rename(at("new/600.x"), at("cur/600.x:2,S"))
		os.Remove(at("new/700.x"))
		text, err := io.ReadAll(m.Body)
		if string(text) != eml || !m.ArrivedAt.Equal(arrived) {
			t.Errorf("%s: %v %q", m.Source, m.ArrivedAt, text)
		}
		sources = append(sources, m.Source)
		return err
	})
	want := []string{at("new/100.x"), at("cur/200.x:2,S"), at("cur/300.x:2,"), at("cur/600.x:2,S")}
	if err != nil || !slices.Equal(sources, want) {
		t.Errorf("%v, %q, want %q", err, sources, want)
	}
	if got := notes(cov); !slices.Equal(got, []string{"empty " + at("cur/400.x:2,"), "vanished " + at("new/700.x")}) {
		t.Errorf("unreadable %q", got)
	}
}

func noRole(string) Role { return RoleOther }

func TestMaildirpp(t *testing.T) {
	dir := t.TempDir()
	roles := map[string]Role{
		"Posta inviata": RoleSent, "Sent": RoleSent, "Junk": RoleJunk, "Entwürfe": RoleDrafts, "Cestino": RoleTrash, "Archivio": RoleArchive,
	}
	want := map[string]Role{
		"INBOX": RoleInbox, "Posta inviata": RoleSent, "Junk": RoleJunk, "Entwürfe": RoleDrafts, "INBOX.Cestino": RoleTrash,
		"Archivio.2023": RoleArchive, "Lavoro": RoleOther, "Sent": RoleSent, "A&B": RoleOther,
	}
	for _, name := range []string{
		".", ".Posta inviata", ".Junk", ".Entw&APw-rfe", ".INBOX.Cestino", ".Archivio.2023", ".Lavoro", "Sent", ".A&B",
	} {
		write(t, filepath.Join(dir, name, "cur", "1.x:2,S"), eml)
	}
	write(t, filepath.Join(dir, "dovecot.index"), "\x00")
	write(t, filepath.Join(dir, ".notmail", "file"), eml)
	got, cov, err := readAll(Maildirpp(dir, func(name string) Role { return roles[name] }))
	if err != nil || len(cov.Unreadable) > 0 || len(got) != len(want) {
		t.Fatalf("%d messages, %v, %v", len(got), cov.Unreadable, err)
	}
	for _, m := range got {
		if m.Role != want[m.Folder] {
			t.Errorf("%q is %q, want %q", m.Folder, m.Role, want[m.Folder])
		}
		if !cov.Roles[m.Role] {
			t.Errorf("role %q is not covered", m.Role)
		}
	}
}
