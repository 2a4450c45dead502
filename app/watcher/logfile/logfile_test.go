package logfile

import (
	"errors"
	"io"
	"log/slog"
	"os"
	"runtime"
	"strings"
	"testing"
)

func TestRedact(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"read mail of anna.rossi@libero.it at imap.libero.it:993: login: refused", "read mail of a…@libero.it at imap.libero.it:993: login: refused"},
		{"<bob@virgilio.it> and CARLA+x@inwind.it", "<b…@virgilio.it> and C…@inwind.it"},
		{"è@posta.example", "è…@posta.example"},
		{`password=hunter2 next`, `password=[…] next`},
		{`"password": "hunter 2"`, `"password": […]`},
		{"Authorization: Bearer abc.def", "Authorization: […]"},
		{"bearer abcdef", "bearer […]"},
		{"https://x.example/cb?code=4/0AX&state=zz&ok=1", "https://x.example/cb?code=[…]&state=[…]&ok=1"},
		{`"state": "down", "code": 550`, `"state": "down", "code": 550`},
		{"got ya29.A0AfH6SMBx7Jt3kLmN5oPqRsTuVwXyZ012345", "got […]"},
		{"the password was refused", "the password was refused"},
		{"open C:\\Users\\x and /var/lib/rimbalzo/a-very-long-folder-name-here/mail.db", "open C:\\Users\\x and /var/lib/rimbalzo/a-very-long-folder-name-here/mail.db"},
		{"message 20230126174501.4F3B21A0021@mx.example.net read", "message 2…@mx.example.net read"},
	} {
		got := Redact(c.text)
		if got != c.want {
			t.Errorf("%q becomes %q, want %q", c.text, got, c.want)
		}
	}
}

func TestTheLogStaysSmall(t *testing.T) {
	data := t.TempDir()
	log, closer, err := Open(data, slog.LevelInfo)
	if err != nil {
		t.Fatal(err)
	}
	log.Debug("not of interest")
	line := strings.Repeat("words ", 200)
	for i := range 3900 {
		log.Info(line, "i", i, "who", "anna@libero.it")
	}
	if err := closer.Close(); err != nil {
		t.Fatal(err)
	}
	log.Info("after its end") // does no harm
	var all int64
	for i, path := range Paths(data) {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if all += info.Size(); info.Size() > maxSize || (runtime.GOOS != "windows" && info.Mode().Perm() != 0o600) {
			t.Errorf("%s: %d bytes, %v", path, info.Size(), info.Mode())
		}
		text, err := os.ReadFile(path)
		if err != nil || strings.Contains(string(text), "anna") || strings.Contains(string(text), "of interest") {
			t.Errorf("%s holds what it must not, %v", path, err)
		}
		if i == 0 && !strings.Contains(string(text), "i=3899") {
			t.Error("the last line is not in the present file")
		}
	}
	if _, err := os.Stat(numbered(Paths(data)[0], kept+1)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("one file too many, %v", err)
	}
	if all < 3*maxSize {
		t.Errorf("only %d bytes are kept", all)
	}
}

func TestAnOldLogIsContinued(t *testing.T) {
	data := t.TempDir()
	for _, word := range []string{"first", "second"} {
		log, closer, err := Open(data, slog.LevelInfo)
		if err != nil {
			t.Fatal(err)
		}
		log.Info(word)
		if err := closer.Close(); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(Paths(data)[0])
	if err != nil || !strings.Contains(string(text), "first") || !strings.Contains(string(text), "second") {
		t.Errorf("%q, %v", text, err)
	}
}

// TestADiskThatIsFull has every write fail: the watcher must go on all the same.
func TestADiskThatIsFull(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip("there is no /dev/full here")
	}
	l := &file{path: "/nowhere/at/all", f: full}
	for range 3 {
		if n, err := io.WriteString(l, "a line\n"); n != 7 || err != nil {
			t.Errorf("%d, %v", n, err)
		}
	}
}
