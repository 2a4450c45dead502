package main

import (
	"bytes"
	"context"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"rimbalzo/app/cli"
)

// lines is a log that several goroutines write and read.
type lines struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

// lowest are dice that always fall as low as they can: the watcher's pauses are the shortest there are.
type lowest struct{}

func (lowest) Float64() float64 { return 0 }

// TestMain is also the process that the test starts; and the program itself with loaded dice, for the tests of the watcher's long
// life.
func TestMain(m *testing.M) {
	if os.Getenv("RIMBALZO_LOADED_DICE") != "" {
		env := world()
		env.Dice = lowest{}
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
		code := cli.Run(ctx, env, os.Args[1:])
		stop()
		os.Exit(code)
	}
	if os.Getenv("SPAWN_TEST_CHILD") != "" {
		os.Stderr.WriteString("no driver for GL\n" + strings.Repeat("goroutine\n", 10_000) + "the end\n")
		os.Exit(3)
	}
	os.Exit(m.Run())
}

// TestABadEndIsLogged: whoever looks for the reason why no window came finds it in the log.
func TestABadEndIsLogged(t *testing.T) {
	tmp := t.TempDir()
	t.Setenv("TMPDIR", tmp)
	was, env := slog.Default(), environment
	defer func() {
		slog.SetDefault(was)
		environment = env
	}()
	log := &lines{}
	slog.SetDefault(slog.New(slog.NewTextHandler(log, nil)))
	environment = append(os.Environ(), "SPAWN_TEST_CHILD=1")
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	told := make(chan string, 1)
	if err := launch(exe, func(said string) { told <- said }, "window"); err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(10 * time.Second); log.String() == "" && time.Now().Before(end); {
		time.Sleep(10 * time.Millisecond)
	}
	got := log.String()
	for _, part := range []string{"part=[window]", "exit status 3", "no driver for GL", "the end"} {
		if !strings.Contains(got, part) {
			t.Errorf("%q is not in the log: %.300s", part, got)
		}
	}
	if len(got) > 3*mostSaid {
		t.Errorf("%d bytes went into the log", len(got))
	}
	if said := <-told; !strings.HasPrefix(said, "no driver for GL") || !strings.HasSuffix(said, "the end\n") {
		t.Errorf("whoever started it is told %q", said)
	}
	if err := launch(filepath.Join(tmp, "none"), nil); err == nil {
		t.Error("a program that is not there was started")
	}
	for end := time.Now().Add(10 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		left, err := filepath.Glob(filepath.Join(tmp, "*"))
		if err == nil && len(left) == 0 {
			break
		}
		if time.Now().After(end) {
			t.Errorf("left behind: %v, %v", left, err)
			break
		}
	}
}
