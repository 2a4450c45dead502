package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"rimbalzo/app/watcher/autostart"
	"rimbalzo/internal/account"
	"rimbalzo/internal/account/autoconfig"
	"rimbalzo/internal/demo"
	"rimbalzo/internal/store"
)

// desk is a person's computer: a data folder and a keyring that outlive each run of the command line.
type desk struct {
	t       *testing.T
	data    string
	keyring *fakeKeyring
	typed   []string // what the person types at prompts for a password; nil: there is no terminal
	find    func(context.Context, string) ([]autoconfig.Candidate, error)
	now     time.Time
}

// fakeKeyring is a keyring in memory.
type fakeKeyring struct {
	kept map[string]string
	err  error // of every call
	mine bool  // may ask the person
}

func (k *fakeKeyring) Get(_ context.Context, id string) (string, error) {
	s, ok := k.kept[id]
	if k.err == nil && !ok {
		return "", account.ErrNoSecret
	}
	return s, k.err
}

func (k *fakeKeyring) Set(_ context.Context, id, secret string) error {
	if k.err == nil {
		k.kept[id] = secret
	}
	return k.err
}

func (k *fakeKeyring) Delete(_ context.Context, id string) error {
	if k.err == nil {
		delete(k.kept, id)
	}
	return k.err
}

func (k *fakeKeyring) State(context.Context) account.State {
	if k.err != nil {
		return account.NoBus
	}
	return account.Ready
}

func newDesk(t *testing.T) *desk {
	return &desk{
		t: t, data: filepath.Join(t.TempDir(), "data"), keyring: &fakeKeyring{kept: map[string]string{}},
		now: time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC),
	}
}

func (d *desk) run(stdin string, args ...string) outcome {
	d.t.Helper()
	return d.command(stdin, append([]string{"account"}, args...)...)
}

// command runs any command of the program.
func (d *desk) command(stdin string, args ...string) outcome {
	d.t.Helper()
	var out, errs bytes.Buffer
	env := Env{
		Stdin: strings.NewReader(stdin), Stdout: &out, Stderr: &errs, Getenv: func(string) string { return "" },
		Locale: func() string { return "en" }, Now: func() time.Time { return d.now },
		Vault:       func(mayPrompt bool) account.Vault { d.keyring.mine = d.keyring.mine || mayPrompt; return d.keyring },
		FindServers: d.find,
		AtLogin:     autostart.Entry{ID: "test", Name: "Test", Command: []string{"/opt/rimbalzo"}, Config: d.data + "-config"},
	}
	if d.typed != nil {
		env.ReadPassword = func(string) (string, error) {
			if len(d.typed) == 0 {
				return "", errors.New("asked once too often")
			}
			word := d.typed[0]
			d.typed = d.typed[1:]
			return word, nil
		}
	}
	status := Run(d.t.Context(), env, append(args, "--data", d.data))
	return outcome{status, out.String(), errs.String()}
}

// demoAccount starts the demo's servers and gives the arguments that set its account up.
func demoAccount(t *testing.T) (s *demo.Server, args []string) {
	t.Helper()
	s, err := demo.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	ca := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(ca, s.CAPEM, 0o600); err != nil {
		t.Fatal(err)
	}
	host := s.IMAPURL[strings.LastIndexByte(s.IMAPURL, '@')+1:]
	return s, []string{s.User, "--imap", host, "--smtp", s.SMTPAddr, "--security", "tls", "--ca", ca}
}

// TestLifeOfAnAccount sets one up, looks at it, tries it and forgets it; no trace is left, and no password is told.
func TestLifeOfAnAccount(t *testing.T) {
	s, args := demoAccount(t)
	d := newDesk(t)
	add := func(password string, more ...string) outcome {
		return d.run(password+"\n", append(append([]string{"add", "--password-stdin"}, args...), more...)...)
	}
	if got := add("wrong-one"); got.status != exitFailed || !strings.Contains(got.errors, "failed: log in") || d.keyring.kept[s.User] != "" {
		t.Errorf("a wrong password: %+v, kept %v", got, d.keyring.kept)
	}
	if got := d.run("", "test", s.User); got.status != exitUsage {
		t.Errorf("it was set up all the same: %+v", got)
	}
	if got := add(s.Password); got.status != exitDone || !strings.Contains(got.out, s.User) || d.keyring.kept[s.User] != s.Password {
		t.Fatalf("adding: %+v", got)
	}
	if text, _ := os.ReadFile(filepath.Join(d.data, "accounts.toml")); strings.Contains(string(text), s.Password) || !strings.Contains(string(text), "BEGIN CERTIFICATE") {
		t.Errorf("accounts.toml: %s", text)
	}
	if got := d.run("", "list"); !strings.Contains(got.out, "the password is in the keyring") || d.keyring.mine {
		t.Errorf("list: %+v, may ask %v", got, d.keyring.mine)
	}
	if got := d.run("", "test", strings.ToUpper(s.User)); got.status != exitDone || !strings.Contains(got.errors, "done: open the inbox") {
		t.Errorf("test: %+v", got)
	}
	d.keyring.kept[s.User] = "old"
	if got := add(s.Password); got.status != exitDone || d.keyring.kept[s.User] != s.Password {
		t.Errorf("renewing the password: %+v", got)
	}
	for _, got := range []outcome{d.run("", "list"), d.run("", "list", "--format", "json"), d.run("", "test", s.User)} {
		if strings.Contains(got.out+got.errors, s.Password) {
			t.Error("the password is told")
		}
	}
	if got := d.run("", "forget", s.User); got.status != exitDone || len(d.keyring.kept) > 0 {
		t.Errorf("forget: %+v, kept %v", got, d.keyring.kept)
	}
	files, _ := filepath.Glob(filepath.Join(d.data, "*"))
	for _, f := range files {
		if text, _ := os.ReadFile(f); strings.Contains(string(text), "fabbri") {
			t.Errorf("%s still tells of the account", f)
		}
	}
	if got := d.run("", "remove", s.User); got.status != exitUsage {
		t.Errorf("removing what is gone: %+v", got)
	}
	if got := d.run("", "forget", s.User); got.status != exitUsage {
		t.Errorf("forgetting what is gone, and nothing was read: %+v", got)
	}
	kept, err := store.Open(t.Context(), d.data, store.Options{})
	if err == nil {
		err = kept.Close()
	}
	if got := d.run("", "forget", s.User); err != nil || got.status != exitDone || !strings.Contains(got.out, "Whatever had been read") {
		t.Errorf("forgetting what an account left behind: %+v, %v", got, err)
	}
}

func TestWithoutAKeyringThePasswordIsAskedFor(t *testing.T) {
	s, args := demoAccount(t)
	d := newDesk(t)
	d.keyring.err, d.typed = account.ErrNoBus, []string{s.Password, s.Password}
	got := d.run("", append([]string{"add"}, args...)...)
	if got.status != exitDone || !strings.Contains(got.errors, "no place to keep passwords") || !strings.Contains(got.errors, "keeps it in memory") {
		t.Errorf("add: %+v", got)
	}
	if got := d.run("", "test", s.User); got.status != exitDone || len(d.typed) != 0 || !strings.Contains(got.errors, "no place to keep passwords") {
		t.Errorf("test: %+v", got)
	}
	if got := d.run("", "list", "--format", "json"); !strings.Contains(got.out, `"secret": "unknown"`) || !strings.Contains(got.out, `"keyring": "no-bus"`) {
		t.Errorf("list: %+v", got)
	}
	d.typed = nil
	if got := d.run("", "test", s.User); got.status != exitFailed || !strings.Contains(got.errors, "no place to keep passwords") || !strings.Contains(got.errors, "--password-stdin") {
		t.Errorf("test without a terminal: %+v", got)
	}
	if got := d.run(s.Password+"\n", "test", s.User, "--password-stdin"); got.status != exitDone {
		t.Errorf("test with the password handed over: %+v", got)
	}
	if got := d.run("", "list"); got.status != exitDone || !strings.Contains(got.out, "cannot be read just now") || !strings.Contains(got.errors, "no place to keep passwords") {
		t.Errorf("list: %+v", got)
	}
	d.keyring.err = account.ErrLocked
	if got := d.run("", "remove", s.User); got.status != exitFailed || !strings.Contains(got.errors, "locked") {
		t.Errorf("removing while the keyring is locked would leave the secret behind: %+v", got)
	}
	d.keyring.err = account.ErrNoBus
	if got := d.run("", "remove", s.User); got.status != exitDone || !strings.Contains(got.errors, "No keyring can be reached") {
		t.Errorf("remove: %+v", got)
	}
}

// TestOutageIsNoWrongPassword: a provider in trouble may be kept, a wrong password or name of a server may not.
func TestOutageIsNoWrongPassword(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed := l.Addr().String()
	l.Close()
	s, args := demoAccount(t)
	struck := append([]string{"add", "maria@libero.it", "--user", s.User, "--password-stdin"}, args[1:]...)
	during, after := time.Date(2023, 1, 24, 12, 0, 0, 0, time.UTC), time.Date(2024, 1, 24, 12, 0, 0, 0, time.UTC)
	for name, tc := range map[string]struct {
		args  []string
		now   time.Time
		typed []string // with a terminal
		stdin string
		kept  bool
		says  string
	}{
		"refused":                          {[]string{"add", "maria@studio.example", "--imap", closed, "--security", "tls", "--password-stdin"}, after, nil, "pw\n", false, "--keep"},
		"refused, kept on wish":            {[]string{"add", "maria@studio.example", "--imap", closed, "--security", "tls", "--password-stdin", "--keep"}, after, nil, "pw\n", true, "does not take connections"},
		"refused, kept when asked":         {[]string{"add", "maria@studio.example", "--imap", closed, "--security", "tls"}, after, []string{"pw"}, "yes\n", true, "Keep the account"},
		"refused, not kept when asked":     {[]string{"add", "maria@studio.example", "--imap", closed, "--security", "tls"}, after, []string{"pw"}, "no\n", false, "Keep the account"},
		"a wrong password":                 {append(struck, "--keep"), after, nil, "wrong\n", false, "password"},
		"a refused password in an outage":  {append(struck, "--keep"), during, nil, "wrong\n", true, "do not change it"},
		"an unknown authority":             {[]string{"add", "maria@libero.it", "--imap", args[2], "--security", "tls", "--keep", "--password-stdin"}, during, nil, "pw\n", false, "not sent"},
		"a server that is not to be found": {[]string{"add", "maria@studio.example", "--imap", "imap.nowhere.invalid", "--keep", "--password-stdin"}, after, nil, "pw\n", false, "imap.nowhere.invalid"},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			d.now, d.typed = tc.now, tc.typed
			got := d.run(tc.stdin, tc.args...)
			_, kept := d.keyring.kept[tc.args[1]]
			if kept != tc.kept || (got.status == exitDone) != tc.kept || !strings.Contains(got.errors, tc.says) {
				t.Errorf("kept %v, want %v, and %q in: %+v", kept, tc.kept, tc.says, got)
			}
		})
	}
}

func TestWhatCanBeSetUp(t *testing.T) {
	mail, other := write(t, "Old mail.eml", letter), write(t, "photo.jpg", "\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01")
	strange := autoconfig.Candidate{
		Origin: autoconfig.OriginSRV, IMAP: []autoconfig.Server{{Host: "imap.elsewhere.example", Port: 993, Security: "tls"}}, Strange: []string{"imap.elsewhere.example"},
	}
	for name, tc := range map[string]struct {
		args   []string
		status int
		says   string
	}{
		"mail on this computer":     {[]string{"add", mail, "--role", "sent"}, exitDone, "Old-mail.eml"},
		"a photograph":              {[]string{"add", other}, exitUsage, other},
		"a role that is none":       {[]string{"add", mail, "--role", "spam"}, exitUsage, "spam"},
		"a name with a space":       {[]string{"add", mail, "--name", "my mail"}, exitUsage, "space"},
		"nothing":                   {[]string{"add"}, exitUsage, "What shall be set up?"},
		"two things":                {[]string{"add", mail, "--watch", "libero"}, exitUsage, "one at a time"},
		"neither address nor file":  {[]string{"add", "maria"}, exitUsage, "maria"},
		"a provider":                {[]string{"add", "--watch", "Libero"}, exitDone, "watch-italiaonline"},
		"a provider by its domain":  {[]string{"add", "--watch", "virgilio.it"}, exitDone, "watch-italiaonline"},
		"a provider that is none":   {[]string{"add", "--watch", "nobody"}, exitUsage, "libero"},
		"a provider by its servers": {[]string{"add", "--watch", "studio", "--imap", "imap.studio.example"}, exitDone, "watch-studio"},
		"an unknown provider":       {[]string{"add", "maria@studio.example"}, exitUsage, "--lookup"},
		"servers somewhere else":    {[]string{"add", "maria@studio.example", "--lookup"}, exitUsage, "imap.elsewhere.example"},
		"no way to ask":             {[]string{"add", "maria@libero.it"}, exitUsage, "--password-stdin"},
		"a password as an argument": {[]string{"add", "maria@libero.it", "--password", "x"}, exitUsage, "--password"},
		"a port that is none":       {[]string{"add", "maria@libero.it", "--imap", "x.example:99999"}, exitUsage, "x.example:99999"},
		"an unknown security":       {[]string{"add", "maria@libero.it", "--security", "none"}, exitUsage, "none"},
		"sign-in where there is no": {[]string{"add", "maria@libero.it", "--sign-in"}, exitUsage, "Google and Microsoft"},
		"test of nobody":            {[]string{"test", "nobody"}, exitUsage, "account list"},
		"forget without a name":     {[]string{"forget"}, exitUsage, "Which account?"},
		"list in another form":      {[]string{"list", "--format", "csv"}, exitUsage, "csv"},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			asked := ""
			d.find = func(_ context.Context, domain string) ([]autoconfig.Candidate, error) {
				asked = domain
				return []autoconfig.Candidate{strange}, nil
			}
			got := d.run("", tc.args...)
			if got.status != tc.status || !strings.Contains(got.out+got.errors, tc.says) {
				t.Errorf("status %d, want %d, and %q in: %+v", got.status, tc.status, tc.says, got)
			}
			if asked != "" && asked != "studio.example" {
				t.Errorf("others were told %q, want the domain only", asked)
			}
			if list := d.run("", "list").out; strings.Contains(list, "no accounts") != (tc.status != exitDone) {
				t.Errorf("the list is %s", list)
			}
		})
	}
}

// TestWatchedProviderIsTried without logging in, while its server is there and when it is gone.
func TestWatchedProviderIsTried(t *testing.T) {
	s, args := demoAccount(t)
	d := newDesk(t)
	add := append([]string{"add", "--watch", "studio"}, args[1:]...)
	if got := d.run("", add...); got.status != exitDone || !strings.Contains(got.out, "watch-studio") {
		t.Fatalf("adding: %+v", got)
	}
	if got := d.run("", "test", "watch-studio"); got.status != exitDone || !strings.Contains(got.out, args[2]) || !strings.Contains(got.out, s.SMTPAddr) {
		t.Errorf("while it is there: %+v", got)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if got := d.run("", "test", "watch-studio"); got.status != exitFailed || !strings.Contains(got.errors, "Not all servers") {
		t.Errorf("when it is gone: %+v", got)
	}
}

func TestFaultyAccountsFileIsTold(t *testing.T) {
	d := newDesk(t)
	if got := d.run("", "add", "--watch", "libero"); got.status != exitDone {
		t.Fatal(got)
	}
	path := filepath.Join(d.data, "accounts.toml")
	text, _ := os.ReadFile(path)
	if err := os.WriteFile(path, append(text, "colour = \"red\"\n"...), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"list"}, {"add", "--watch", "tim"}, {"remove", "watch-italiaonline"}} {
		got := d.run("", args...)
		if !strings.Contains(got.errors, "colour") || !strings.Contains(got.errors, "Line ") {
			t.Errorf("%v: %+v", args, got)
		}
	}
}

// TestAccountListContract holds the keys of the JSON: other programs rely on them.
func TestAccountListContract(t *testing.T) {
	d := newDesk(t)
	mail := write(t, "in.eml", letter)
	d.run("", "add", "--watch", "libero")
	d.run("", "add", mail, "--name", "files", "--address", "elena@fabbri.example")
	var got struct {
		Keyring  string
		Problems []any
		Accounts []map[string]any
	}
	if err := json.Unmarshal([]byte(d.run("", "list", "--format", "json").out), &got); err != nil {
		t.Fatal(err)
	}
	want := []map[string]any{
		{
			"name": "watch-italiaonline", "kind": "watched", "address": nil, "user": nil, "auth": nil, "operator": "italiaonline", "imap": nil, "smtp": nil,
			"private_ca": false, "paths": []any{}, "folders": []any{}, "secret": "none",
		},
		{
			"name": "files", "kind": "local", "address": "elena@fabbri.example", "user": nil, "auth": nil, "operator": nil, "imap": nil, "smtp": nil,
			"private_ca": false, "paths": []any{map[string]any{"path": mail, "role": nil}}, "folders": []any{}, "secret": "none",
		},
	}
	if got.Keyring != "ready" || got.Problems == nil || len(got.Problems) > 0 || !reflect.DeepEqual(got.Accounts, want) {
		t.Errorf("got %+v\nwant %+v", got, want)
	}
}
