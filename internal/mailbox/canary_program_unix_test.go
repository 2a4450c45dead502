//go:build unix

package mailbox

import (
	"bytes"
	"crypto/tls"
	"encoding/pem"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// program is the real binary with a home of its own.
type program struct {
	exe, home string
	env       []string
}

// buildProgram builds it without cgo, and gives it folders that are searched afterwards.
func buildProgram(t *testing.T) *program {
	t.Helper()
	p := &program{exe: filepath.Join(t.TempDir(), "rimbalzo"), home: t.TempDir()}
	build := exec.Command("go", "build", "-o", p.exe, "./app")
	build.Dir, build.Env = moduleRoot(t), append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("building the program: %v\n%s", err, out)
	}
	for _, name := range []string{"data", "config", "state", "cache", "run", "tmp", "cwd"} {
		if err := os.Mkdir(filepath.Join(p.home, name), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	in := func(name string) string { return filepath.Join(p.home, name) }
	p.env = []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + p.home, "LANG=en_US.UTF-8", "GOTRACEBACK=crash",
		"XDG_DATA_HOME=" + in("data"), "XDG_CONFIG_HOME=" + in("config"), "XDG_STATE_HOME=" + in("state"), "XDG_CACHE_HOME=" + in("cache"),
		"XDG_RUNTIME_DIR=" + in("run"), "TMPDIR=" + in("tmp"),
		"DBUS_SESSION_BUS_ADDRESS=unix:path=" + in("no-such-bus"), // no keyring
	}
	return p
}

// run runs it with core dumps allowed; a signal, when there is one, is sent as soon as ready is closed. It gives all that was
// written to a terminal.
func (p *program) run(t *testing.T, stdin string, ready <-chan struct{}, signal syscall.Signal, args ...string) string {
	t.Helper()
	cmd := exec.Command("sh", append([]string{"-c", `ulimit -c unlimited 2>/dev/null; exec "$0" "$@"`, p.exe}, args...)...)
	cmd.Env, cmd.Dir, cmd.Stdin = p.env, filepath.Join(p.home, "cwd"), strings.NewReader(stdin)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	kill := time.AfterFunc(time.Minute, func() { cmd.Process.Kill() })
	defer kill.Stop()
	if signal != 0 {
		select {
		case <-ready:
		case <-time.After(30 * time.Second):
			t.Error("the program never logged in")
		}
		if err := cmd.Process.Signal(signal); err != nil {
			t.Error(err)
		}
	}
	_ = cmd.Wait() // most of these runs end badly, as they should
	return out.String()
}

// TestCanaryProgram runs the real program with a canary for a password through everything that can go wrong, core dumps and
// tracebacks included, and then searches every file that it left, and all that it said.
func TestCanaryProgram(t *testing.T) {
	if os.Getenv("RIMBALZO_SLOW") == "" {
		t.Skip("a slow test: set RIMBALZO_SLOW=1 to run the real program")
	}
	a, stranger := newAuthority(t), newAuthority(t)
	p := buildProgram(t)
	ca := filepath.Join(p.home, "ca.pem")
	write(t, ca, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.cert.Raw})))
	const hello = "* OK hi\r\n"
	serve := func(config *tls.Config, answers map[string]string) string {
		address, _ := serveScript(t, script{greeting: hello, tls: config, answer: saying(answers)})
		return address
	}
	good := a.good(t)
	report := func(address string) []string {
		return []string{"report", "--imap", address, "--ca", ca, "--password-stdin", "--at", "2023-01-27 18:00"}
	}
	for name, c := range map[string]struct {
		args []string
		says string // part of what the person reads
	}{
		"all is well":         {report(serve(good, nil)), ""},
		"wrong password":      {report(serve(good, map[string]string{"LOGIN": "TAG NO [AUTHENTICATIONFAILED] no\r\n"})), "did not accept"},
		"echo":                {report(serve(good, map[string]string{"LOGIN": "TAG NO [AUTHENTICATIONFAILED] bad password " + canary + "\r\n"})), "repeat part of your password"},
		"echo at the list":    {report(serve(good, map[string]string{"LIST": "TAG NO " + canary + "\r\n"})), ""},
		"unknown authority":   {report(serve(stranger.good(t), nil)), "was not sent"},
		"no TLS":              {report(serve(nil, nil)), "was not sent"},
		"garbage":             {report(serve(good, map[string]string{"LOGIN": "?? " + canary + "\r\n"})), ""},
		"password in the URL": {[]string{"report", "--imap", "imaps://ada:" + canary + "@localhost:1"}, "into the address"},
	} {
		if out := p.run(t, canary+"\n", nil, 0, c.args...); findCanary(out) != "" || !strings.Contains(out, c.says) {
			t.Errorf("%s: the program said\n%s", name, out)
		}
	}
	p.runAccounts(t, ca, serve, good)
	for _, signal := range []syscall.Signal{syscall.SIGQUIT, syscall.SIGABRT, syscall.SIGSEGV, syscall.SIGKILL} {
		ready := make(chan struct{})
		address, _ := serveScript(t, script{greeting: hello, tls: good, answer: func(w io.Writer, tag, line string) bool {
			if strings.HasPrefix(line, "LOGIN") {
				close(ready) // and not a word more: the password is in use
				return true
			}
			return ordinary(0, nil)(w, tag, line)
		}})
		out := p.run(t, canary+"\n", ready, signal, report(address)...)
		if form := findCanary(out); form != "" {
			t.Errorf("%v: the traceback holds %q", signal, form)
		}
		if signal == syscall.SIGQUIT && !strings.Contains(out, "goroutine ") {
			t.Errorf("%v: no traceback was written: %.200s", signal, out)
		}
	}
	searchFiles(t, p.home)
}

// runAccounts sets an account up where there is no keyring, tests it against servers that refuse and echo, and watches it with a log
// that tells everything.
func (p *program) runAccounts(t *testing.T, ca string, serve func(*tls.Config, map[string]string) string, good *tls.Config) {
	t.Helper()
	hostOf := func(address string) string { return address[strings.LastIndexByte(address, '@')+1:] }
	trouble := map[string]string{
		"": "", "wrong@sender.example": "TAG NO [AUTHENTICATIONFAILED] no\r\n", "echo@sender.example": "TAG NO " + canary + "\r\n",
		"bye@sender.example": "* BYE " + canary + "\r\n",
	}
	for name, refusal := range trouble {
		answers := map[string]string{}
		if refusal != "" {
			answers["LOGIN"] = refusal
		} else {
			name = testUser
		}
		out := p.run(t, canary+"\n", nil, 0, "account", "add", name, "--imap", hostOf(serve(good, answers)), "--ca", ca, "--password-stdin", "--keep")
		out += p.run(t, canary+"\n", nil, 0, "account", "test", name, "--password-stdin")
		if findCanary(out) != "" || !strings.Contains(out, name) {
			t.Errorf("account %s: the program said\n%s", name, out)
		}
	}
	if out := p.run(t, "", nil, 0, "account", "list", "--format", "json"); !strings.Contains(out, testUser) || findCanary(out) != "" {
		t.Errorf("the accounts are listed as\n%s", out)
	}
	later := make(chan struct{})
	time.AfterFunc(3*time.Second, func() { close(later) })
	if out := p.run(t, "", later, syscall.SIGTERM, "watch", "--log-level", "debug"); findCanary(out) != "" || strings.Contains(out, "panic") {
		t.Errorf("the watcher said\n%s", out)
	}
}

// searchFiles looks for the canary in every file below dir.
func searchFiles(t *testing.T, dir string) {
	t.Helper()
	files := 0
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		files++
		text, err := os.ReadFile(path)
		if form := findCanary(string(text)); form != "" {
			t.Errorf("%s holds %q", path, form)
		}
		if strings.HasPrefix(filepath.Base(path), "core") {
			t.Errorf("a core dump of %d bytes: %s", len(text), path)
		}
		return err
	})
	if err != nil || files == 0 {
		t.Errorf("%d files were searched, %v", files, err)
	}
}
