package cli

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"rimbalzo/app/watcher"
	"rimbalzo/app/watcher/autostart"
	"rimbalzo/app/window/session"
)

// safeBuffer is a buffer that a watcher writes to while a test reads it.
type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *safeBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *safeBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// house is one data folder in which several commands run, and what they start.
type house struct {
	t       *testing.T
	data    string
	version string
	windows int
	spawned [][]string
	wg      sync.WaitGroup
}

func newHouse(t *testing.T) *house {
	h := &house{t: t, data: filepath.Join(t.TempDir(), "data"), version: "1.2.3"}
	t.Cleanup(h.wg.Wait)
	return h
}

// env is the world of one command; a process that it starts runs beside it.
func (h *house) env(ctx context.Context, stdin string, out, errs io.Writer) Env {
	return Env{
		Stdin: strings.NewReader(stdin), Stdout: out, Stderr: errs, Getenv: func(string) string { return "" }, Locale: func() string { return "en" },
		Now: time.Now, Version: h.version, ID: "test", Built: true, HasDisplay: func() bool { return true },
		Window: func(p session.Params) error {
			h.windows++
			return nil
		},
		AtLogin: autostart.Entry{ID: "test", Name: "Test", Command: []string{"/opt/rimbalzo"}, Config: filepath.Join(h.data, "config")},
		Spawn: func(_ func(string), args ...string) error {
			h.spawned = append(h.spawned, args)
			h.wg.Go(func() { Run(ctx, h.env(ctx, "", io.Discard, io.Discard), args) })
			return nil
		},
	}
}

func (h *house) run(ctx context.Context, stdin string, args ...string) outcome {
	var out, errs safeBuffer
	status := Run(ctx, h.env(ctx, stdin, &out, &errs), append([]string{"--data", h.data}, args...))
	return outcome{status, out.String(), errs.String()}
}

// until runs a command until its outcome is as wished.
func (h *house) until(ctx context.Context, wished func(outcome) bool, args ...string) outcome {
	h.t.Helper()
	var o outcome
	for range 200 {
		if o = h.run(ctx, "", args...); wished(o) {
			return o
		}
		time.Sleep(20 * time.Millisecond)
	}
	h.t.Fatalf("%q never came out as wished; last %+v", args, o)
	return o
}

func TestWatchStatusAndDiagnose(t *testing.T) {
	h := newHouse(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	if o := h.run(ctx, "", "status"); o.status != exitNoWatcher || o.out != "" || !strings.Contains(o.errors, "No watcher is running") {
		t.Errorf("status without a watcher: %+v", o)
	}
	if o := h.run(ctx, "", "watch"); o.status != exitUsage || !strings.Contains(o.errors, "nothing to keep an eye on") {
		t.Errorf("watch without an account: %+v", o)
	}
	var watched safeBuffer
	done := make(chan int, 1)
	go func() {
		done <- Run(ctx, h.env(ctx, "", &watched, io.Discard), []string{"--data", h.data, "watch", "--imap", "127.0.0.1:1", "--format", "json"})
	}()
	h.until(ctx, func(o outcome) bool { return strings.Contains(o.out, "127.0.0.1:1") }, "status")
	o := h.run(ctx, "", "status", "--format", "json")
	var s watcher.Status
	if err := json.Unmarshal([]byte(o.out), &s); err != nil || len(s.Accounts) != 1 || s.Version != "1.2.3" || s.Tray {
		t.Errorf("status as JSON: %+v, %v", s, err)
	}
	if o := h.run(ctx, "", "watch", "--imap", "127.0.0.1:1"); o.status != exitFailed || !strings.Contains(o.errors, "running already") {
		t.Errorf("a second watcher: %+v", o)
	}

	path := filepath.Join(t.TempDir(), "help.zip")
	if o := h.run(ctx, "n\n", "diagnose", "-o", path); o.status != exitDone || !strings.Contains(o.errors, "Nothing was written") {
		t.Errorf("diagnose, refused: %+v", o)
	}
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("written though refused: %v", err)
	}
	if o := h.run(ctx, "y\n", "diagnose", "-o", path); o.status != exitDone || !strings.Contains(o.out, "watcher.log") {
		t.Errorf("diagnose: %+v", o)
	}
	z, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	var names []string
	for _, f := range z.File {
		names = append(names, f.Name)
	}
	if got := strings.Join(names, " "); got != "program.txt surroundings.txt folder.txt store.txt accounts.txt status.json watcher.log" {
		t.Errorf("in the file: %s", got)
	}
	cancel()
	if status := <-done; status != exitDone {
		t.Errorf("the watcher ended with %d", status)
	}
	if out := watched.String(); !strings.Contains(out, `"event":"state"`) {
		t.Errorf("the watcher wrote %q", out)
	}
}

func TestTheWindowHasAWatcher(t *testing.T) {
	h := newHouse(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	if o := h.run(ctx, ""); o.status != exitDone || h.windows != 1 || len(h.spawned) != 1 {
		t.Fatalf("%d windows, started %q: %+v", h.windows, h.spawned, o)
	}
	if got := strings.Join(h.spawned[0], " "); got != "watch --background --data "+h.data {
		t.Errorf("started: %q", got)
	}
	// The watcher lives on and serves the next window too.
	if o := h.run(ctx, ""); o.status != exitDone || h.windows != 2 || len(h.spawned) != 1 {
		t.Errorf("%d windows, started %q: %+v", h.windows, h.spawned, o)
	}
	// After an upgrade the old one makes way.
	h.version = "1.10.0"
	if o := h.run(ctx, ""); o.status != exitDone || h.windows != 3 || len(h.spawned) != 2 || o.errors != "" {
		t.Errorf("%d windows, started %q: %+v", h.windows, h.spawned, o)
	}
	var s watcher.Status
	if o := h.run(ctx, "", "status", "--format", "json"); json.Unmarshal([]byte(o.out), &s) != nil || s.Version != "1.10.0" {
		t.Errorf("after the upgrade: %+v", o)
	}
	// An older program leaves a newer watcher alone.
	h.version = "1.9.9"
	if o := h.run(ctx, ""); o.status != exitDone || len(h.spawned) != 2 {
		t.Errorf("started %q: %+v", h.spawned, o)
	}
}

func TestASecondStartRaisesTheWindow(t *testing.T) {
	h := newHouse(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	opened, closed := make(chan session.Params), make(chan struct{})
	env := h.env(ctx, "", io.Discard, io.Discard)
	env.Window = func(p session.Params) error {
		opened <- p
		<-closed
		return nil
	}
	go Run(ctx, env, []string{"--data", h.data})
	p := <-opened
	// On a slow machine the window does not wait for the watcher.
	for end := time.Now().Add(30 * time.Second); h.run(ctx, "", "status").status != exitDone && time.Now().Before(end); {
		time.Sleep(50 * time.Millisecond)
	}
	if o := h.run(ctx, ""); o.status != exitDone || h.windows != 0 {
		t.Errorf("a second window was opened: %+v", o)
	}
	select {
	case <-p.Events:
	case <-time.After(10 * time.Second):
		t.Error("the first window is not told")
	}
	close(closed)
}

func TestStartAtLogin(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("elsewhere it would change what the person's own system starts")
	}
	h := newHouse(t)
	entry := filepath.Join(h.data, "config", "autostart", "test.desktop")
	if o := h.run(t.Context(), "", "watch", "--at-login", "perhaps"); o.status != exitUsage {
		t.Errorf("perhaps: %+v", o)
	}
	if o := h.run(t.Context(), "", "watch", "--at-login", "on"); o.status != exitDone {
		t.Fatalf("on: %+v", o)
	}
	text, err := os.ReadFile(entry)
	if err != nil || !strings.Contains(string(text), `Exec="/opt/rimbalzo" "watch" "--background" "--delayed" "--data"`) {
		t.Errorf("the entry reads %s, %v", text, err)
	}
	if o := h.run(t.Context(), "", "watch", "--at-login", "off"); o.status != exitDone {
		t.Errorf("off: %+v", o)
	}
	if _, err := os.Stat(entry); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the entry is still there: %v", err)
	}
}

func TestOlder(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{{"1.2.3", "1.2.3", false}, {"1.2.3", "1.10.0", true}, {"1.10.0", "1.9.9", false}, {"1.2", "1.2.1", true}, {"dev", "0.1.0", true}, {"0.1.0", "dev", false}, {"", "1", true}} {
		if got := older(c.a, c.b); got != c.want {
			t.Errorf("older(%q, %q) is %t", c.a, c.b, got)
		}
	}
}
