package account

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"sync"
	"testing"
)

var (
	maria = Account{
		ID: "maria@libero.it", Address: "maria@libero.it", User: "maria@libero.it", Kind: IMAP, Auth: Password, Operator: "italiaonline",
		IMAP: Endpoint{"imapmail.libero.it", 993, TLS}, SMTP: Endpoint{"smtp.libero.it", 465, TLS}, Folders: []string{"[Gmail]/Perché \"no\"", "Lavoro"},
	}
	files = Account{ID: "old-mail", Kind: Local, Paths: []Path{{absolute("/home/maria/Inbox.mbox"), "inbox"}, {absolute("/home/maria/Sent"), ""}}}
	watch = Account{ID: "watch-italiaonline", Kind: Watched, Operator: "italiaonline"}
)

// absolute makes a path absolute on Windows too.
func absolute(path string) string {
	if runtime.GOOS == "windows" {
		return `C:` + filepath.FromSlash(path)
	}
	return path
}

func book(t *testing.T) (*Book, string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "data")
	b, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return b, filepath.Join(dir, "accounts.toml")
}

func TestAccountsComeBackAsTheyWerePutIn(t *testing.T) {
	b, path := book(t)
	if list, err := b.List(); err != nil || len(list) > 0 {
		t.Fatalf("a new book holds %v, %v", list, err)
	}
	for _, a := range []Account{maria, files, watch} {
		if err := b.Add(a); err != nil {
			t.Fatal(err)
		}
	}
	changed := files
	changed.Address = "maria@studio.example"
	if err := errors.Join(b.Change(changed), b.Remove("WATCH-ItaliaOnline")); err != nil {
		t.Fatal(err)
	}
	again, err := Open(filepath.Dir(path))
	if err != nil {
		t.Fatal(err)
	}
	list, err := again.List()
	if want := []Account{maria, changed}; err != nil || !reflect.DeepEqual(list, want) {
		t.Errorf("read %+v, %v\nwant %+v", list, err, want)
	}
	if a, err := again.Get("Maria@Libero.it"); err != nil || a.ID != maria.ID {
		t.Errorf("by its name in other letters: %+v, %v", a, err)
	}
	for what, err := range map[string]error{"adding twice": b.Add(Account{ID: "MARIA@libero.it"}), "changing none": b.Change(watch), "removing none": b.Remove("x")} {
		if !errors.Is(err, ErrExists) && !errors.Is(err, ErrNoAccount) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if runtime.GOOS != "windows" {
		file, _ := os.Stat(path)
		folder, _ := os.Stat(filepath.Dir(path))
		if file.Mode().Perm() != 0o600 || folder.Mode().Perm() != 0o700 {
			t.Errorf("the file is %v and its folder %v, want them for their owner alone", file.Mode(), folder.Mode())
		}
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(path), ".accounts-*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// sound is a file as a person would write it by hand.
const sound = `version = 1

[[account]]
id = "maria@libero.it" # mine
kind = "imap"
user = "maria@libero.it"
auth = "password"
imap = { host = "imapmail.libero.it", port = 993, security = "tls" }
folders = [
  "Lavoro",
]
`

func TestFaultyFileIsToldLineByLineAndLeftAlone(t *testing.T) {
	if list, wrong := parse([]byte(sound)); len(wrong) > 0 || len(list) != 1 || list[0].IMAP.Port != 993 || list[0].Folders[0] != "Lavoro" {
		t.Fatalf("the sound file: %+v, %+v", list, wrong)
	}
	for name, tc := range map[string]struct {
		old, new string // replaced in the sound file
		line     int
		rule     string
		good     int // accounts that can be used all the same
	}{
		"a newer program's":     {"version = 1", "version = 2", 1, "newer", 0},
		"no text":               {"mine", "mi\x00ne", 4, "not-text", 0},
		"not UTF-8":             {"mine", "mi\xffne", 4, "not-text", 0},
		"broken text":           {`"maria@libero.it" #`, `"maria@libero.it #`, 4, "syntax", 0},
		"half a line":           {`auth = "password"`, `auth`, 7, "form", 0},
		"a key twice":           {`auth = "password"`, `id = "x"`, 7, "syntax", 0},
		"another table":         {"[[account]]", "[[konto]]", 3, "form", 0},
		"an unknown key":        {`auth = "password"`, "auth = \"password\"\npasswort = \"x\"", 8, "unknown-key", 0},
		"a number for a name":   {`user = "maria@libero.it"`, "user = 7", 6, "not-words", 0},
		"a kind that is none":   {`"imap"`, `"pop3"`, 5, "bad-kind", 0},
		"a port that is none":   {"993", "99300", 8, "bad-port", 0},
		"a port in words":       {"993", `"993"`, 8, "not-number", 0},
		"nothing secured":       {`"tls"`, `"none"`, 8, "bad-security", 0},
		"no host":               {`"imapmail.libero.it"`, `"-"`, 8, "bad-host", 0},
		"no way to log in":      {`"password"`, `"cram"`, 7, "bad-auth", 0},
		"a name out of sight":   {`"maria@libero.it" #`, "\"maria\\u202e@libero.it\" #", 4, "hidden", 0},
		"no such authority":     {`auth = "password"`, "auth = \"password\"\nca = \"hello\"", 8, "bad-ca", 0},
		"a folder that is none": {`"Lavoro"`, `""`, 9, "bad-folder", 0},
		"folders in a number":   {`"Lavoro"`, `7`, 10, "form", 0},
		"nesting":               {`"Lavoro"`, strings.Repeat("[", 5000), 10, "form", 0},
		"deep names":            {`auth =`, strings.Repeat("a.", 5000) + "auth =", 7, "form", 0},
		"the same name again": {
			"folders", "smtp = { host = \"x.example\", port = 1, security = \"tls\" }\n[[account]]\nid = \"MARIA@libero.it\"\nkind = \"watched\"\noperator = \"tim\"\nfolders",
			11, "twice", 1,
		},
	} {
		t.Run(name, func(t *testing.T) {
			b, path := book(t)
			text := strings.Replace(sound, tc.old, tc.new, 1)
			if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(text), 0o600)); err != nil {
				t.Fatal(err)
			}
			list, err := b.List()
			var wrong *FileError
			if !errors.As(err, &wrong) {
				t.Fatalf("accepted, with %+v", list)
			}
			if p := wrong.Problems[0]; p.Line != tc.line || p.Rule != tc.rule || len(list) != tc.good {
				t.Errorf("line %d, %q, %d good accounts; want line %d, %q, %d", p.Line, p.Rule, len(list), tc.line, tc.rule, tc.good)
			}
			if err := b.Add(watch); !errors.As(err, &wrong) {
				t.Errorf("a change of a faulty file: %v", err)
			}
			if after, _ := os.ReadFile(path); string(after) != text {
				t.Errorf("the file was changed to %s", after)
			}
		})
	}
}

func TestHugeFileAndPipeAreRefused(t *testing.T) {
	b, path := book(t)
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, make([]byte, maxFile+10), 0o600)); err != nil {
		t.Fatal(err)
	}
	var wrong *FileError
	if err := b.Add(watch); !errors.As(err, &wrong) || wrong.Problems[0].Rule != "too-large" {
		t.Errorf("a huge file: %v", err)
	}
	if err := errors.Join(os.Remove(path), os.Mkdir(path, 0o700)); err != nil {
		t.Fatal(err)
	}
	if err := b.Add(watch); !errors.Is(err, ErrNotRegular) {
		t.Errorf("a folder in the file's place: %v", err)
	}
}

func TestAccountThatCannotBeReadBackIsNotWritten(t *testing.T) {
	for name, a := range map[string]Account{
		"no name":         {Kind: Watched, Operator: "tim"},
		"a space":         {ID: "a b", Kind: Watched, Operator: "tim"},
		"a relative path": {ID: "m", Kind: Local, Paths: []Path{{"Inbox", ""}}},
		"a made-up role":  {ID: "m", Kind: Local, Paths: []Path{{absolute("/x"), "spam"}}},
		"no server":       {ID: "m", Kind: IMAP, User: "m", Auth: Password},
		"nothing to look": {ID: "m", Kind: Watched},
		"bad address":     {ID: "m", Address: "Maria <m@x.example>", Kind: Watched, Operator: "tim"},
		"too long":        {ID: strings.Repeat("x", 2000), Kind: Watched, Operator: "tim"},
	} {
		b, path := book(t)
		var invalid *InvalidError
		if err := b.Add(a); !errors.As(err, &invalid) {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := os.Stat(path); err == nil {
			t.Errorf("%s: it was written", name)
		}
	}
}

// TestTwoProcessesLoseNothing lets several processes add accounts at once.
func TestTwoProcessesLoseNothing(t *testing.T) {
	if dir := os.Getenv("RIMBALZO_TEST_ADD"); dir != "" {
		b, _ := Open(dir)
		for i := range 5 {
			if err := b.Add(Account{ID: fmt.Sprintf("p%s-%d", os.Getenv("RIMBALZO_TEST_NAME"), i), Kind: Watched, Operator: "tim"}); err != nil {
				t.Fatal(err)
			}
		}
		return
	}
	b, path := book(t)
	var wait sync.WaitGroup
	for i := range 4 {
		wait.Go(func() {
			c := exec.Command(os.Args[0], "-test.run=^TestTwoProcessesLoseNothing$")
			c.Env = append(os.Environ(), "RIMBALZO_TEST_ADD="+filepath.Dir(path), fmt.Sprintf("RIMBALZO_TEST_NAME=%d", i))
			if out, err := c.CombinedOutput(); err != nil {
				t.Errorf("%v: %s", err, out)
			}
		})
	}
	wait.Wait()
	if list, err := b.List(); err != nil || len(list) != 20 {
		t.Errorf("%d accounts are there, %v; want 20", len(list), err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(sound))
	f.Add([]byte("[[account]]\nid='x'\nkind='local'\n[[account.paths]]\npath='/a'\nrole='inbox'\n"))
	f.Add([]byte("version=1\naccount=[{id='x',kind='watched',operator='tim'}]\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		list, wrong := parse(data)
		if len(wrong) > maxProblems || len(list) > maxAccounts {
			t.Fatalf("%d accounts, %d problems", len(list), len(wrong))
		}
		for i, a := range list {
			if key, rule, _ := fault(a, list[:i]); rule != "" {
				t.Fatalf("an account with a fault was let through: %s %s", key, rule)
			}
		}
		// What was read can be written, and says the same when it is read again.
		text, err := encode(list)
		if err != nil {
			t.Fatal(err)
		}
		if again, wrong := parse(text); len(wrong) > 0 || fmt.Sprintf("%#v", again) != fmt.Sprintf("%#v", list) {
			t.Fatalf("read %#v, wrote and read %#v, %v", list, again, wrong)
		}
	})
}
