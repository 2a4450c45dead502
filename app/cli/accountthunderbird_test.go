package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"rimbalzo/internal/account"
)

// thunderbirdHome lays out a home with a profile of Thunderbird's: a POP3 account with so many folders, and an IMAP account.
func thunderbirdHome(t *testing.T, folders int) {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("the home folder of this test is laid out as on Linux")
	}
	home := t.TempDir()
	t.Setenv("HOME", home)
	files := map[string]string{
		"profiles.ini": "[Profile0]\nName=default\nIsRelative=1\nPath=p\n",
		"p/prefs.js": `user_pref("mail.account.account1.identities", "id1");
user_pref("mail.account.account1.server", "server1");
user_pref("mail.identity.id1.useremail", "maria@studio.example");
user_pref("mail.server.server1.directory-rel", "[ProfD]Mail/pop.studio.example");
user_pref("mail.server.server1.name", "Maria Rossi");
user_pref("mail.server.server1.type", "pop3");
user_pref("mail.server.server2.directory-rel", "[ProfD]ImapMail/imap.hoster.test");
user_pref("mail.server.server2.name", "At work");
user_pref("mail.server.server2.type", "imap");
`,
		"p/ImapMail/imap.hoster.test/INBOX":      "From - Thu Jan 26 10:00:00 2023\nFrom: a@sender.example\nSubject: a\n\nx\n\n",
		"p/Mail/pop.studio.example/Inbox":        "From - Thu Jan 26 10:00:00 2023\nFrom: a@sender.example\nSubject: a\n\nx\n\n",
		"p/Mail/pop.studio.example/Sent":         "",
		"p/Mail/pop.studio.example/Sent.msf":     "index",
		"p/Mail/pop.studio.example/Inbox.msf":    "index",
		"p/Mail/pop.studio.example/popstate.dat": "x",
	}
	for n := range folders {
		files[fmt.Sprintf("p/Mail/pop.studio.example/A%03d", n)] = ""
		files[fmt.Sprintf("p/Mail/pop.studio.example/A%03d.msf", n)] = "index"
	}
	for name, text := range files {
		path := filepath.Join(home, ".thunderbird", name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func TestThunderbirdAccounts(t *testing.T) {
	thunderbirdHome(t, 1)
	d := newDesk(t)
	got := d.run("", "thunderbird")
	for _, want := range []string{"thunderbird-maria@studio.example", "Maria Rossi", "3 folders", "thunderbird-At-work", "only what it has fetched"} {
		if !strings.Contains(got.out, want) {
			t.Errorf("the list lacks %q: %s", want, got.out)
		}
	}
	for _, name := range [][]string{{"thunderbird-maria@studio.example"}, {"MARIA@studio.example"}, {"Maria", "Rossi"}} {
		if got := d.run("", append([]string{"thunderbird"}, name...)...); got.status != exitDone || !strings.Contains(got.out, "thunderbird-maria@studio.example") {
			t.Fatalf("%q: status %d, %s%s", name, got.status, got.out, got.errors)
		}
	}
	if got := d.run("", "list"); strings.Count(got.out, "thunderbird-") != 1 || !strings.Contains(got.out, "Inbox") {
		t.Errorf("afterwards the list is %s", got.out)
	}
	if got := d.run("", "test", "thunderbird-maria@studio.example"); got.status != exitDone {
		t.Errorf("trying it: %d, %s", got.status, got.errors)
	}
	if got := d.run("", "thunderbird", "nobody"); got.status != exitUsage || !strings.Contains(got.errors, "nobody") {
		t.Errorf("an unknown name: %d, %s", got.status, got.errors)
	}
}

func TestThunderbirdWithVeryManyFolders(t *testing.T) {
	thunderbirdHome(t, 300)
	d := newDesk(t)
	if got := d.run("", "thunderbird", "maria@studio.example"); got.status != exitDone || !strings.Contains(got.errors, "200") {
		t.Fatalf("status %d, %s", got.status, got.errors)
	}
	book, err := account.Open(d.data)
	if err != nil {
		t.Fatal(err)
	}
	acc, err := book.Get("thunderbird-maria@studio.example")
	roles := map[string]bool{}
	for _, p := range acc.Paths {
		roles[p.Role] = true
	}
	if err != nil || len(acc.Paths) != 200 || !roles["inbox"] || !roles["sent"] {
		t.Errorf("%d folders, roles %v, %v", len(acc.Paths), roles, err)
	}
}

func TestNoThunderbird(t *testing.T) {
	t.Setenv("HOME", t.TempDir())
	t.Setenv("APPDATA", t.TempDir())
	if got := newDesk(t).run("", "thunderbird"); got.status != exitFailed || !strings.Contains(got.errors, "rimbalzo account add PATH") {
		t.Errorf("status %d, %s", got.status, got.errors)
	}
}

// TestSignInWithoutAClient: a program that is registered nowhere says so at once, with what to do instead.
func TestSignInWithoutAClient(t *testing.T) {
	for address, provider := range map[string]string{"maria@outlook.com": "Microsoft", "maria@gmail.com": "Google"} {
		got := newDesk(t).run("", "add", address, "--sign-in")
		if got.status != exitFailed || !strings.Contains(got.errors, provider) || !strings.Contains(got.errors, "app password") || !strings.Contains(got.errors, "mail files") {
			t.Errorf("%s: status %d, %s", address, got.status, got.errors)
		}
	}
}
