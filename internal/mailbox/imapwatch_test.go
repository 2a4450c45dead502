package mailbox

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
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
	plain := ordinary(3, nil)
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

func TestWatch(t *testing.T) {
	a := newAuthority(t)
	enough := errors.New("enough")
	for name, c := range map[string]struct {
		caps    string
		mark    uint32 // UID up to which the inbox was read; 0: no mark
		change  bool   // the inbox changes while it is polled
		hangUp  bool
		sleep   bool // the machine is suspended
		news    int
		logins  int64
		kind    string
		noIdles bool
	}{
		"IDLE tells":                  {caps: "IDLE", news: 1, logins: 1},
		"polling tells":               {change: true, news: 1, logins: 1, noIdles: true},
		"what came before it began":   {caps: "IDLE", mark: 4, news: 1, logins: 1, noIdles: true},
		"what was read is not new":    {caps: "IDLE", mark: 10, news: 1, logins: 1},
		"a lost connection":           {caps: "IDLE", hangUp: true, logins: 1, kind: KindDropped, noIdles: true},
		"a suspended machine":         {change: true, sleep: true, news: 1, logins: 2, noIdles: true},
		"a suspended machine, idling": {caps: "IDLE", mark: 10, sleep: true, news: 2, logins: 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := &watchedServer{caps: c.caps}
			s.next.Store(10)
			s.hangUp.Store(c.hangUp)
			address, _ := serveScript(t, script{greeting: "* OK hi\r\n", tls: a.good(t), answer: s.answer, apart: true})
			cfg := config(a, address)
			start, slept := time.Now(), atomic.Bool{}
			cfg.clocks = func() (wall, mono time.Duration) {
				mono = time.Since(start)
				if slept.Load() {
					return mono + time.Hour, mono
				}
				return mono, mono
			}
			if c.mark > 0 {
				cfg.Marks = []Mark{{Folder: "INBOX", Validity: 1674468000, Next: c.mark}}
			}
			ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
			defer cancel()
			if c.sleep {
				time.AfterFunc(300*time.Millisecond, func() { slept.Store(true) })
				time.AfterFunc(600*time.Millisecond, func() { s.next.Add(1) })
			} else if c.change {
				time.AfterFunc(300*time.Millisecond, func() { s.next.Add(1) })
			}
			var news []News
			err := Watch(ctx, cfg, 100*time.Millisecond, func(n News) error {
				if news = append(news, n); len(news) == c.news {
					return enough
				}
				return nil
			})
			var e *Error
			if c.kind != "" && (!errors.As(err, &e) || e.Kind != c.kind) || c.kind == "" && !errors.Is(err, enough) {
				t.Errorf("it ended with %v", err)
			}
			if len(news) != c.news || slices.ContainsFunc(news, func(n News) bool { return n != (News{"INBOX", RoleInbox}) }) {
				t.Errorf("it told of %v", news)
			}
			if s.logins.Load() != c.logins || c.noIdles != (s.idles.Load() == 0) {
				t.Errorf("%d logins and %d times idle", s.logins.Load(), s.idles.Load())
			}
		})
	}
}

func TestWatchEndsAtOnce(t *testing.T) {
	a := newAuthority(t)
	for _, caps := range []string{"IDLE", ""} {
		s := &watchedServer{caps: caps}
		s.idles.Store(1) // nothing comes
		address, _ := serveScript(t, script{greeting: "* OK hi\r\n", tls: a.good(t), answer: s.answer, apart: true})
		ctx, cancel := context.WithCancel(t.Context())
		var ended time.Time
		time.AfterFunc(500*time.Millisecond, func() { ended = time.Now(); cancel() })
		err := Watch(ctx, config(a, address), time.Hour, func(News) error { return nil })
		if took := time.Since(ended); !errors.Is(err, context.Canceled) || took > 100*time.Millisecond {
			t.Errorf("%q: %v, %v after the end", caps, err, took)
		}
		if s.polls.Load() != 1 || s.down.Load() > 250 {
			t.Errorf("%q: %d looks of %d bytes", caps, s.polls.Load(), s.down.Load())
		}
	}
}
