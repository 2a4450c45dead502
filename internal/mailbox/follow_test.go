package mailbox

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// started runs a following with short times; calls counts what it tells.
func started(t *testing.T, deaf bool, settle time.Duration, paths ...string) chan struct{} {
	t.Helper()
	calls, ended := make(chan struct{}, 100), make(chan error, 1)
	f := &following{
		paths: paths, changed: func() { calls <- struct{}{} }, quiet: 60 * time.Millisecond, atMost: 300 * time.Millisecond, poll: 40 * time.Millisecond,
		settle: settle, deaf: deaf,
	}
	if !deaf {
		f.poll = time.Hour
	}
	ctx, cancel := context.WithCancel(t.Context())
	go func() { ended <- f.run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("it ended with %v", err)
		}
	})
	time.Sleep(100 * time.Millisecond) // until it looked for the first time
	return calls
}

func wait(t *testing.T, calls chan struct{}, what string) {
	t.Helper()
	select {
	case <-calls:
	case <-time.After(5 * time.Second):
		t.Fatalf("%s: nothing was told", what)
	}
}

func silent(t *testing.T, calls chan struct{}, what string) {
	t.Helper()
	select {
	case <-calls:
		t.Errorf("%s: told", what)
	case <-time.After(250 * time.Millisecond):
	}
}

func TestFollow(t *testing.T) {
	for name, deaf := range map[string]bool{"told by the system": false, "by polling": true} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			inbox, later, maildir := filepath.Join(dir, "Inbox"), filepath.Join(dir, "Sent"), filepath.Join(dir, "Maildir")
			write(t, inbox, letters("a"))
			write(t, filepath.Join(maildir, "cur", "1.x:2,S"), eml)
			write(t, filepath.Join(maildir, "new", "2.x"), eml)
			calls := started(t, deaf, time.Hour, inbox, later, maildir)
			silent(t, calls, "nothing happened")

			write(t, inbox, letters("a b"))
			wait(t, calls, "an mbox grew")
			silent(t, calls, "and then nothing")

			write(t, inbox+".msf", "index")
			write(t, filepath.Join(dir, "Inbox2"), letters("x"))
			silent(t, calls, "the index and another file changed")

			write(t, filepath.Join(maildir, "new", "3.x"), eml)
			wait(t, calls, "mail came into a Maildir")
			if err := os.Rename(filepath.Join(maildir, "new", "3.x"), filepath.Join(maildir, "cur", "3.x:2,S")); err != nil {
				t.Fatal(err)
			}
			wait(t, calls, "it was read")

			write(t, later, letters("c"))
			wait(t, calls, "a file came into being")
			write(t, inbox+".new", letters("b"))
			if err := os.Rename(inbox+".new", inbox); err != nil {
				t.Fatal(err)
			}
			wait(t, calls, "an mbox was compacted")
			if err := os.Remove(later); err != nil {
				t.Fatal(err)
			}
			wait(t, calls, "a file went")
		})
	}
}

// TestFollowWaitsForQuiet: many small steps are told once when they end, and now and then while they do not.
func TestFollowWaitsForQuiet(t *testing.T) {
	inbox := filepath.Join(t.TempDir(), "Inbox")
	write(t, inbox, "")
	calls := started(t, false, time.Hour, inbox)
	f, err := os.OpenFile(inbox, os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	end := time.Now().Add(time.Second)
	for time.Now().Before(end) {
		if _, err := f.WriteString(letters("a")); err != nil {
			t.Fatal(err)
		}
		time.Sleep(10 * time.Millisecond)
	}
	time.Sleep(200 * time.Millisecond)
	if n := len(calls); n < 2 || n > 6 {
		t.Errorf("a hundred steps in a second were told %d times, want one every 300 ms", n)
	}
}

// TestFollowLooksAgain: after the last change one is told once more, when a message without an end is no longer waited for.
func TestFollowLooksAgain(t *testing.T) {
	inbox := filepath.Join(t.TempDir(), "Inbox")
	write(t, inbox, "")
	calls := started(t, false, 200*time.Millisecond, inbox)
	write(t, inbox, letters("a"))
	wait(t, calls, "the change")
	wait(t, calls, "later")
	time.Sleep(100 * time.Millisecond)
	silent(t, calls, "and that is all")
}
