package mailbox

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// watchedServer is a server whose inbox a test fills while it is watched.
type watchedServer struct {
	caps    string
	next    atomic.Int64 // UIDNEXT
	logins  atomic.Int64
	idles   atomic.Int64
	polls   atomic.Int64
	down    atomic.Int64 // bytes of the answers to one look
	hangUp  atomic.Bool  // instead of idling
	idleTag string
}

func (s *watchedServer) answer(w io.Writer, tag, line string) bool {
	plain := ordinary(3, func(w io.Writer, uid int, _ string) {
		fmt.Fprintf(w, "* %d FETCH (INTERNALDATE \"23-Jan-2023 11:00:00 +0100\")\r\n", uid)
	})
	switch {
	case line == "CAPABILITY":
		fmt.Fprintf(w, "* CAPABILITY IMAP4rev1 %s\r\n%s OK done\r\n", s.caps, tag)
	case strings.HasPrefix(line, "LOGIN"):
		s.logins.Add(1)
		return plain(w, tag, line)
	case strings.HasPrefix(line, "STATUS"):
		s.polls.Add(1)
		said := fmt.Sprintf("* STATUS INBOX (UIDNEXT %d UIDVALIDITY 1674468000)\r\n%s OK Status completed (0.001 + 0.000 secs).\r\n", s.next.Load(), tag)
		s.down.Store(int64(len(said)))
		io.WriteString(w, said)
	case strings.HasPrefix(line, "EXAMINE"):
		fmt.Fprintf(w, "* 3 EXISTS\r\n* OK [UIDVALIDITY 1674468000] ok\r\n* OK [UIDNEXT %d] ok\r\n%s OK done\r\n", s.next.Load(), tag)
	case line == "IDLE":
		if s.hangUp.Load() {
			return false
		}
		s.idles.Add(1)
		s.idleTag = tag
		fmt.Fprintf(w, "+ idling\r\n")
		if s.idles.Load() == 1 {
			s.next.Add(1)
			fmt.Fprintf(w, "* 4 EXISTS\r\n")
		}
	case tag == "DONE":
		fmt.Fprintf(w, "%s OK done\r\n", s.idleTag)
	default:
		return plain(w, tag, line)
	}
	return true
}

// held checks an account of such a server and keeps the connection.
func (s *watchedServer) held(t *testing.T, a *authority) (*Held, IMAPConfig) {
	t.Helper()
	address, _ := serveScript(t, script{greeting: "* OK hi\r\n", tls: a.good(t), answer: s.answer, apart: true})
	cfg := config(a, address)
	cfg.lookEvery = 100 * time.Millisecond
	held, err := CheckAndHold(t.Context(), cfg, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(held.Close)
	return held, cfg
}

func TestWait(t *testing.T) {
	a := newAuthority(t)
	for name, c := range map[string]struct {
		caps    string
		change  bool // mail comes while it waits
		hangUp  bool
		quick   bool // it is told at once, and not at the next look
		kind    string
		noIdles bool
	}{
		"IDLE tells":        {caps: "IDLE", quick: true},
		"polling tells":     {change: true, noIdles: true},
		"a lost connection": {caps: "IDLE", hangUp: true, kind: KindDropped, noIdles: true},
		"nothing comes":     {caps: "", noIdles: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := &watchedServer{caps: c.caps}
			s.next.Store(10)
			s.hangUp.Store(c.hangUp)
			held, _ := s.held(t, a)
			if c.quick {
				held.course.cfg.lookEvery = time.Hour
			}
			if c.change {
				time.AfterFunc(300*time.Millisecond, func() { s.next.Add(1) })
			}
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			err := held.Wait(ctx)
			var e *Error
			switch {
			case c.kind != "":
				if !errors.As(err, &e) || e.Kind != c.kind {
					t.Errorf("it ended with %v", err)
				}
				return
			case c.quick || c.change:
				if err != nil {
					t.Errorf("it ended with %v", err)
				}
			case !errors.Is(err, context.DeadlineExceeded):
				t.Errorf("it ended with %v", err)
			}
			// The next wait tells nothing old, and the connection is still the same.
			if err := held.Noop(t.Context()); err != nil {
				t.Error(err)
			}
			held.course.cfg.lookEvery = 100 * time.Millisecond
			again, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
			defer cancel()
			if err := held.Wait(again); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("the next wait: %v", err)
			}
			if err := held.Noop(t.Context()); err != nil {
				t.Error(err)
			}
			if s.logins.Load() != 1 || c.noIdles != (s.idles.Load() == 0) {
				t.Errorf("%d logins and %d times idle", s.logins.Load(), s.idles.Load())
			}
		})
	}
}

// TestWaitEndsAtOnce: it ends when its context does, in order, and asks little.
func TestWaitEndsAtOnce(t *testing.T) {
	a := newAuthority(t)
	for _, caps := range []string{"IDLE", ""} {
		s := &watchedServer{caps: caps}
		s.idles.Store(1) // nothing comes
		held, _ := s.held(t, a)
		held.course.cfg.lookEvery = time.Hour
		ctx, cancel := context.WithCancel(t.Context())
		var ended time.Time
		time.AfterFunc(500*time.Millisecond, func() { ended = time.Now(); cancel() })
		err := held.Wait(ctx)
		if took := time.Since(ended); !errors.Is(err, context.Canceled) || took > 100*time.Millisecond {
			t.Errorf("%q: %v, %v after the end", caps, err, took)
		}
		if s.polls.Load() != 1 || s.down.Load() > 250 {
			t.Errorf("%q: %d looks of %d bytes", caps, s.polls.Load(), s.down.Load())
		}
	}
}

// TestOneConnectionForAll: an account is checked, watched and read over one connection, with one login; a wait gives way to a
// reading and goes on after it. Where that connection is gone, the reading makes one of its own.
func TestOneConnectionForAll(t *testing.T) {
	a := newAuthority(t)
	m := serveMemory(t, a, true)
	fill(t, m)
	cfg := config(a, m.url)
	whole, _, err := readAll(IMAP(cfg))
	if err != nil || len(whole) == 0 {
		t.Fatal(len(whole), err)
	}
	before := count(m.commands(), "AUTHENTICATE")
	held, err := CheckAndHold(t.Context(), cfg, nil)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	waited := make(chan error, 1)
	go func() { waited <- held.Wait(ctx) }()
	cfg.Held = held
	for range 3 {
		time.Sleep(100 * time.Millisecond)
		if got, _, err := readAll(IMAP(cfg)); err != nil || len(got) != len(whole) {
			t.Errorf("%d of %d messages, %v", len(got), len(whole), err)
		}
		if err := held.Noop(t.Context()); err != nil {
			t.Error(err)
		}
	}
	cancel()
	if err := <-waited; !errors.Is(err, context.Canceled) {
		t.Errorf("the wait ended with %v", err)
	}
	if logins := count(m.commands(), "AUTHENTICATE") - before; logins != 1 {
		t.Errorf("%d logins", logins)
	}
	held.Close()
	if got, _, err := readAll(IMAP(cfg)); err != nil || len(got) != len(whole) {
		t.Errorf("after the end: %d of %d messages, %v", len(got), len(whole), err)
	}
	if logins := count(m.commands(), "AUTHENTICATE") - before; logins != 2 {
		t.Errorf("%d logins, want one more", logins)
	}
}

// TestABrokenOffReadingCostsTheConnection: it may have ended in the middle of an answer.
func TestABrokenOffReadingCostsTheConnection(t *testing.T) {
	a := newAuthority(t)
	m := serveMemory(t, a, true)
	fill(t, m)
	cfg := config(a, m.url)
	held, err := CheckAndHold(t.Context(), cfg, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer held.Close()
	cfg.Held = held
	enough := errors.New("enough")
	if _, err := IMAP(cfg).Read(t.Context(), func(Message) error { return enough }); !errors.Is(err, enough) {
		t.Fatal(err)
	}
	var e *Error
	if err := held.Wait(t.Context()); !errors.As(err, &e) {
		t.Errorf("a wait on it: %v", err)
	}
}

func count(commands []string, verb string) (n int) {
	for _, c := range commands {
		if strings.HasPrefix(c, verb) {
			n++
		}
	}
	return n
}
