package ipc

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
	"time"
)

// start opens a line in a data folder of its own and answers "echo", "fail" and "quit".
func start(t *testing.T, data string) (*Server, func()) {
	t.Helper()
	notOnWine(t)
	s, err := Listen(data, "1.2.3")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() {
		done <- s.Serve(ctx, func(_ context.Context, verb string, data json.RawMessage) (any, error) {
			switch verb {
			case "echo":
				return data, nil
			case "quit":
				cancel()
				return nil, nil
			}
			return nil, errors.New("no such question: " + verb)
		})
	}()
	return s, func() {
		cancel()
		select {
		case err := <-done:
			if err != nil {
				t.Errorf("the watcher's side ended with %v", err)
			}
		case <-time.After(10 * time.Second):
			t.Error("the watcher's side does not end")
		}
	}
}

func call(t *testing.T, data, role string) *Client {
	t.Helper()
	c, err := Dial(t.Context(), data, "1.2.4", role)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

func TestAskAndAnswer(t *testing.T) {
	data := t.TempDir()
	_, stop := start(t, data)
	defer stop()
	c := call(t, data, RoleCommand)
	if c.Version != "1.2.3" {
		t.Errorf("the watcher's version is told as %q", c.Version)
	}
	var answer string
	if err := c.Ask(t.Context(), "echo", strings.Repeat("è", 100_000), &answer); err != nil || len(answer) != 200_000 {
		t.Errorf("echo: %d bytes, %v", len(answer), err)
	}
	var no *Refused
	if err := c.Ask(t.Context(), "dance", nil, nil); !errors.As(err, &no) || no.Text != "no such question: dance" {
		t.Errorf("an unknown question: %v", err)
	}
	if err := c.Ask(t.Context(), "echo", "still there", &answer); err != nil || answer != "still there" {
		t.Errorf("after a no: %q, %v", answer, err)
	}
}

func TestOnlyOneWatcher(t *testing.T) {
	data := t.TempDir()
	if _, err := Dial(t.Context(), data, "1", RoleCommand); !errors.Is(err, ErrAbsent) {
		t.Errorf("without a watcher: %v", err)
	}
	_, stop := start(t, data)
	if _, err := Listen(data, "2"); !errors.Is(err, ErrRunning) {
		t.Errorf("a second watcher: %v", err)
	}
	_, stopOther := start(t, t.TempDir()) // another data folder is another line
	stopOther()
	stop()
	if _, err := Dial(t.Context(), data, "1", RoleCommand); !errors.Is(err, ErrAbsent) {
		t.Errorf("after the watcher's end: %v", err)
	}
	_, stop = start(t, data)
	stop()
}

func TestWindowsAreTold(t *testing.T) {
	data := t.TempDir()
	s, stop := start(t, data)
	defer stop()
	if n := s.Tell(EventRaise); n != 0 {
		t.Errorf("%d windows were told, and there are none", n)
	}
	command, window := call(t, data, RoleCommand), call(t, data, RoleWindow)
	// A question answered means that the hello was taken in.
	for _, c := range []*Client{command, window} {
		if err := c.Ask(t.Context(), "echo", 1, nil); err != nil {
			t.Fatal(err)
		}
	}
	if n := s.Tell(EventRaise); n != 1 {
		t.Errorf("%d windows were told, want the one", n)
	}
	select {
	case e := <-window.Events:
		if e != EventRaise {
			t.Errorf("told %q", e)
		}
	case <-time.After(5 * time.Second):
		t.Error("the window was not told")
	}
	select {
	case e := <-command.Events:
		t.Errorf("a command was told %q", e)
	default:
	}
}

func TestTheLineEndsWithTheWatcher(t *testing.T) {
	data := t.TempDir()
	_, stop := start(t, data)
	c := call(t, data, RoleWindow)
	// Whether the answer still gets through is a race that does not matter.
	_ = c.Ask(t.Context(), "quit", nil, nil)
	stop()
	select {
	case _, open := <-c.Events:
		if open {
			t.Error("an event from nowhere")
		}
	case <-time.After(5 * time.Second):
		t.Error("the window does not learn that the watcher has ended")
	}
	if err := c.Ask(t.Context(), "echo", nil, nil); err == nil {
		t.Error("an answer from nowhere")
	}
}

func TestNonsenseIsHungUpOn(t *testing.T) {
	data := t.TempDir()
	_, stop := start(t, data)
	defer stop()
	for name, line := range map[string]string{
		"no hello": `{"verb":"echo"}` + "\n", "no JSON": "GET / HTTP/1.1\n", "endless": strings.Repeat("x", maxLine+8192),
	} {
		conn, err := dial(t.Context(), data)
		if err != nil {
			t.Fatal(err)
		}
		go func() { _, _ = io.WriteString(conn, line) }() // it may be cut off in the middle
		if err := conn.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
			t.Fatal(err)
		}
		if n, err := conn.Read(make([]byte, 1)); n > 0 || err == nil || isTimeout(err) {
			t.Errorf("%s: %d bytes, %v", name, n, err)
		}
		_ = conn.Close()
	}
	c := call(t, data, RoleCommand)
	if err := c.Ask(t.Context(), "echo", 1, nil); err != nil {
		t.Errorf("after the nonsense: %v", err)
	}
}

func isTimeout(err error) bool {
	var t interface{ Timeout() bool }
	return errors.As(err, &t) && t.Timeout()
}

func FuzzFrames(f *testing.F) {
	f.Add("{}\n{\"verb\":\"x\"}\n")
	f.Add("\n\n")
	f.Fuzz(func(t *testing.T, s string) {
		in := &frames{in: strings.NewReader(s)}
		for range len(s) + 2 {
			if _, err := in.next(); err == io.EOF {
				return
			}
		}
		t.Error("it never ends")
	})
}
