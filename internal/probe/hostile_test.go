package probe

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"
)

// TestHostileServers: whatever a server does, a check ends in time, in bounds, and leaves nothing behind.
func TestHostileServers(t *testing.T) {
	a := newAuthority(t)
	drip := func(first string) play {
		return func(s *stage) {
			s.Write([]byte(first))
			for {
				if _, err := s.Write([]byte("x")); err != nil {
					return
				}
				time.Sleep(20 * time.Millisecond)
			}
		}
	}
	eight := strings.Repeat("\x80\xff\x00\x1b[31m\u202e", 20)
	before := runtime.NumGoroutine()
	for name, tc := range map[string]struct {
		scene
		want Ending
	}{
		"greeting without end":         {scene{target: mx, play: endless("220-", "x")}, EndingFlood},
		"lines without end":            {scene{target: mx, play: endless("", "220-x\r\n")}, EndingFlood},
		"EHLO lines without end":       {scene{target: mx, play: endless("220 hi\r\n", "250-x\r\n")}, EndingFlood},
		"empty lines without end":      {scene{target: mx, play: endless("", "\r\n")}, EndingGarbage},
		"capabilities without end":     {scene{target: pop3s, play: endless("+OK hi\r\n+OK\r\n", "X\r\n")}, EndingFlood},
		"IMAP's capabilities":          {scene{target: imaps, play: endless("* OK hi\r\n* CAPABILITY ", "X ")}, EndingFlood},
		"header without end":           {scene{target: web, play: endless("HTTP/1.1 200 OK\r\n", "X: "+strings.Repeat("y", 1000)+"\r\n")}, EndingFlood},
		"interim answers without end":  {scene{target: web, play: endless("", "HTTP/1.1 103 Early Hints\r\n\r\n")}, EndingGarbage},
		"greeting that drips":          {scene{target: mx, play: drip("220-")}, EndingStalled},
		"EHLO that drips":              {scene{target: mx, play: drip("220 hi\r\n250-")}, EndingStalled},
		"CAPA that drips":              {scene{target: pop3s, play: drip("+OK\r\n+OK\r\n")}, EndingStalled},
		"login that drips":             {scene{target: imaps, play: drip("* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] hi\r\n* OK ")}, EndingStalled},
		"page that drips":              {scene{target: web, play: drip("HTTP/1.1 200 OK\r\nX: ")}, EndingStalled},
		"handshake that drips":         {scene{target: smtps, plain: true, play: drip("\x16\x03\x03\x3f\xff")}, EndingStalled},
		"8-bit greeting":               {scene{target: mx, play: greeting("554 " + eight)}, EndingGreeting554},
		"8-bit IMAP greeting":          {scene{target: imaps, play: greeting("* BYE " + eight)}, EndingBye},
		"8-bit where a code should be": {scene{target: mx, play: greeting(eight)}, EndingGarbage},
		"huge chain":                   {scene{target: smtps, plain: true, play: hugeChain(t, a, 100, 4000)}, EndingTLSFailed},
		"long chain":                   {scene{target: smtps, plain: true, play: hugeChain(t, a, 60, 100)}, EndingOK},
	} {
		t.Run(name, func(t *testing.T) {
			var old, now runtime.MemStats
			runtime.ReadMemStats(&old)
			tc.quick = tc.want == EndingStalled
			got := tc.run(t, a)
			runtime.ReadMemStats(&now)
			if got.Ending != tc.want {
				t.Errorf("it ended with %s, want %s: %+v", got.Ending, tc.want, got.Stages)
			}
			if got.Took > 10*time.Second {
				t.Errorf("it took %v", got.Took)
			}
			if used := now.TotalAlloc - old.TotalAlloc; used > 32<<20 {
				t.Errorf("it took %d MB of memory", used>>20)
			}
			for _, text := range append([]string{got.Said}, details(got)...) {
				if len(text) > maxText || strings.ContainsAny(text, "\x00\x1b\r\n\u202e") {
					t.Errorf("%q is kept of the server's words", text)
				}
			}
		})
	}
	nothingLeft(t, before)
}

func details(r Result) (all []string) {
	for _, s := range r.Stages {
		all = append(all, s.Detail)
	}
	return all
}

// hugeChain is a server whose certificate comes with many more, each padded.
func hugeChain(t *testing.T, a *authority, certificates, padding int) play {
	config := a.issue(t, nil)
	extra := a.issue(t, func(c *x509.Certificate) {
		for i := range padding / 50 {
			c.DNSNames = append(c.DNSNames, fmt.Sprintf("%s%d.example", strings.Repeat("x", 40), i))
		}
	})
	for range certificates {
		config.Certificates[0].Certificate = append(config.Certificates[0].Certificate, extra.Certificates[0].Certificate[0])
	}
	return func(s *stage) {
		conn := tls.Server(s.Conn, config)
		if conn.Handshake() == nil {
			fmt.Fprint(conn, "220 hi\r\n250 x\r\n221 bye\r\n")
			s.Conn = conn
			s.rest()
		}
	}
}

// nothingLeft waits a moment for goroutines that are about to end.
func nothingLeft(t *testing.T, before int) {
	t.Helper()
	for range 100 {
		if runtime.NumGoroutine() <= before {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	stacks := make([]byte, 1<<20)
	t.Errorf("%d goroutines, %d before:\n%s", runtime.NumGoroutine(), before, stacks[:runtime.Stack(stacks, true)])
}

// TestWholeCheck: no check outlives its whole time, however many stages are slow, and however it is called off.
func TestWholeCheck(t *testing.T) {
	a := newAuthority(t)
	before := runtime.NumGoroutine()
	slow := func(s *stage) {
		for _, line := range []string{"220 hi", "250-x", "250-y", "250-z", "250 AUTH PLAIN", "235 in", "221 bye"} {
			time.Sleep(300 * time.Millisecond)
			s.say(line)
		}
		s.rest()
	}
	t.Run("slow as tar", func(t *testing.T) {
		port, _ := serve(t, a.issue(t, nil), slow)
		limits := Limits{Whole: time.Second}
		got := Check(t.Context(), Target{Kind: KindMX, Host: "127.0.0.1", Port: port, LineOpen: true}, Deps{Limits: limits})
		if got.Ending != EndingStalled || got.Took > 3*time.Second {
			t.Errorf("%s after %v", got.Ending, got.Took)
		}
	})
	t.Run("called off", func(t *testing.T) {
		port, _ := serve(t, a.issue(t, nil), (*stage).rest)
		ctx, cancel := context.WithCancelCause(t.Context())
		time.AfterFunc(100*time.Millisecond, func() { cancel(errors.New("enough")) })
		for _, kind := range []Kind{KindSMTP, KindPOP3, KindIMAP, KindMX} {
			got := Check(ctx, Target{Kind: kind, Host: "127.0.0.1", Port: port}, Deps{})
			if got.Ending != EndingCancelled || got.Took > 3*time.Second {
				t.Errorf("%s: %s after %v", kind, got.Ending, got.Took)
			}
		}
	})
	nothingLeft(t, before)
}
