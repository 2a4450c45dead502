package mailbox

import (
	"bytes"
	"compress/flate"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// flood writes the same again and again until nobody listens any more.
func flood(text string) func(io.Writer, string) bool {
	chunk := []byte(strings.Repeat(text, 1+(16<<10)/len(text)))
	return func(w io.Writer, _ string) bool {
		for {
			if _, err := w.Write(chunk); err != nil {
				return false
			}
		}
	}
}

// utter writes a text, with TAG for the command's tag, and goes on listening.
func utter(text string) func(io.Writer, string) bool {
	return func(w io.Writer, tag string) bool {
		_, err := io.WriteString(w, strings.ReplaceAll(text, "TAG", tag))
		return err == nil
	}
}

// begun writes a beginning and then floods.
func begun(text, with string) func(io.Writer, string) bool {
	return func(w io.Writer, tag string) bool { return utter(text)(w, tag) && flood(with)(w, tag) }
}

// drip writes a text a byte at a time, for ever.
func drip(text string) func(io.Writer, string) bool {
	return func(w io.Writer, tag string) bool {
		for i := 0; ; i++ {
			if _, err := w.Write([]byte{text[i%len(text)]}); err != nil {
				return false
			}
			time.Sleep(20 * time.Millisecond)
		}
	}
}

// cut writes a text and hangs up.
func cut(text string) func(io.Writer, string) bool {
	return func(w io.Writer, tag string) bool { utter(text)(w, tag); return false }
}

// bomb is a stream of zeros, compressed a thousand times (RFC 4978 uses RFC 1951).
func bomb(w io.Writer, tag string) bool {
	if !utter("TAG OK DEFLATE active\r\n")(w, tag) {
		return false
	}
	var packed bytes.Buffer
	z, _ := flate.NewWriter(&packed, flate.BestCompression)
	z.Write(make([]byte, 16<<20))
	z.Flush()
	for range 64 {
		if _, err := w.Write(packed.Bytes()); err != nil {
			return false
		}
	}
	return true
}

// allNumbers finds every message that there could ever be.
func allNumbers(w io.Writer, tag string) bool {
	_, err := fmt.Fprintf(w, "* ESEARCH (TAG %q) UID ALL 1:4294967295\r\n%s OK\r\n", tag, tag)
	return err == nil
}

// atGreeting stands for the moment before the client has said anything.
const atGreeting = "greeting"

// hostileScripts are servers that answer one command as no server should and the others as they should. kind is the error of a
// check, reading is the error of a reading ("" where it goes on without what cannot be had).
var hostileScripts = map[string]struct {
	on      string // the beginning of the command
	answer  func(io.Writer, string) bool
	caps    string
	kind    string
	reading string
}{
	"greeting: endless line":                 {atGreeting, flood("x"), "", KindNotIMAP, KindNotIMAP},
	"greeting: endless OK":                   {atGreeting, begun("* OK ", "x"), "", KindNotIMAP, KindNotIMAP},
	"greeting: zeros":                        {atGreeting, flood("\x00"), "", KindNotIMAP, KindNotIMAP},
	"greeting: empty lines":                  {atGreeting, flood("\r\n"), "", KindNotIMAP, KindNotIMAP},
	"greeting: parentheses":                  {atGreeting, flood("("), "", KindNotIMAP, KindNotIMAP},
	"greeting: drip":                         {atGreeting, drip("* OK hello "), "", KindStalled, KindStalled},
	"greeting: again and again":              {atGreeting, flood("* OK hi\r\n"), "", KindHostile, KindHostile},
	"greeting: a list among capabilities":    {atGreeting, utter("* OK [CAPABILITY IMAP4rev1 ((((] hi\r\n"), "", "", ""},
	"greeting: ten thousand capabilities":    {atGreeting, utter("* OK [CAPABILITY" + strings.Repeat(" A", 3000) + "] hi\r\n"), "", "", ""},
	"greeting: cut":                          {atGreeting, cut("* O"), "", KindCut, KindCut},
	"capability: endless line":               {"CAPABILITY", begun("* CAPABILITY IMAP4rev1", " X"), "", KindHostile, KindHostile},
	"capability: endless lines":              {"CAPABILITY", flood("* CAPABILITY IMAP4rev1\r\n"), "", KindHostile, KindHostile},
	"capability: a list":                     {"CAPABILITY", utter("* CAPABILITY IMAP4rev1 (\r\nTAG OK\r\n"), "", KindHostile, KindHostile},
	"capability: never said":                 {"CAPABILITY", utter("TAG OK done\r\n"), "", KindBroken, KindBroken},
	"capability: of nothing":                 {"CAPABILITY", utter("* CAPABILITY\r\nTAG OK done\r\n"), "", KindBroken, KindBroken},
	"capability: with control characters":    {"CAPABILITY", utter("* CAPABILITY IMAP4rev1 A\x01B\x1b[31m\r\nTAG OK done\r\n"), "", "", ""},
	"capability: drip":                       {"CAPABILITY", drip("* OK wait\r\n"), "", KindStalled, KindStalled},
	"capability: another's tag":              {"CAPABILITY", utter("* CAPABILITY IMAP4rev1\r\nC999 OK done\r\n"), "", KindBroken, KindBroken},
	"capability: no tag":                     {"CAPABILITY", utter("OK done\r\n"), "", KindBroken, KindBroken},
	"capability: BYE in the middle":          {"CAPABILITY", cut("* CAPABILITY IMAP4rev1\r\n* BYE going down\r\n"), "", KindBye, KindBye},
	"capability: huge literal":               {"CAPABILITY", utter("* LIST () \"/\" {268435456}\r\n"), "", KindHostile, KindHostile},
	"capability: endless literal":            {"CAPABILITY", begun("* LIST () \"/\" {8000000}\r\n", "x"), "", KindHostile, KindHostile},
	"capability: literal after literal":      {"CAPABILITY", flood("* LIST () \"/\" {1000}\r\n" + strings.Repeat("x", 1000)), "", KindHostile, KindHostile},
	"login: asks for more and more":          {"LOGIN", flood("+ more\r\n"), "", KindBroken, KindBroken},
	"login: asks for more, PLAIN":            {"AUTHENTICATE", flood("+ \r\n"), "AUTH=PLAIN", KindBroken, KindBroken},
	"login: a challenge of 64 KB":            {"AUTHENTICATE", utter("+ " + strings.Repeat("A", 60<<10) + "\r\nTAG NO no\r\n"), "AUTH=PLAIN", KindBroken, KindBroken},
	"login: a challenge without an end":      {"AUTHENTICATE", begun("+ ", "A"), "AUTH=PLAIN", KindHostile, KindHostile},
	"login: 60 KB of refusal":                {"LOGIN", utter("TAG NO " + strings.Repeat("no ", 20<<10) + "\r\n"), "", KindLoginRefused, KindLoginRefused},
	"login: refusal without an end":          {"LOGIN", begun("TAG NO ", "no "), "", KindHostile, KindHostile},
	"login: refusal of zeros and escapes":    {"LOGIN", utter("TAG NO \x00\x1b]0;x\x07\u202e\xff\r\n"), "", KindLoginRefused, KindLoginRefused},
	"login: zeros":                           {"LOGIN", flood("\x00"), "", KindHostile, KindHostile},
	"login: drip":                            {"LOGIN", drip("* OK wait\r\n"), "", KindStalled, KindStalled},
	"login: let in twice":                    {"LOGIN", utter("TAG OK in\r\nTAG OK in again\r\n"), "", KindBroken, KindBroken},
	"login: an OK for a command to come":     {"LOGIN", utter("TAG OK [CAPABILITY IMAP4rev1] in\r\nC3 OK\r\nC4 OK\r\n"), "", "", KindBroken},
	"inbox: four thousand million":           {"EXAMINE", utter("* 4294967295 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\nTAG OK done\r\n"), "", "", ""},
	"inbox: beyond numbers":                  {"EXAMINE", utter("* 99999999999999999999 EXISTS\r\nTAG OK done\r\n"), "", "", KindBroken},
	"inbox: less than nothing":               {"EXAMINE", utter("* -1 EXISTS\r\nTAG OK done\r\n"), "", "", KindBroken},
	"inbox: endless flags":                   {"EXAMINE", begun("* FLAGS (", "\\A "), "", KindHostile, KindHostile},
	"inbox: endless counts":                  {"EXAMINE", flood("* 1 EXISTS\r\n"), "", KindHostile, KindStalled},
	"inbox: nested lists":                    {"EXAMINE", begun("* FLAGS ", "("), "", KindHostile, KindHostile},
	"inbox: BYE":                             {"EXAMINE", cut("* BYE [UNAVAILABLE] x\r\n"), "", KindUnavailable, KindUnavailable},
	"list: four million parentheses":         {"LIST", begun("* LIST ", "("), "", "", ""},
	"list: endless":                          {"LIST", flood("* LIST () \"/\" x\r\n"), "", "", KindStalled},
	"list: a name of 60 KB":                  {"LIST", utter("* LIST () \"/\" {60000}\r\n" + strings.Repeat("n", 60000) + "\r\nTAG OK done\r\n"), "", "", ""},
	"list: a name without an end":            {"LIST", begun("* LIST () \"/\" \"", "n"), "", "", ""},
	"list: zeros":                            {"LIST", flood("\x00"), "", "", ""},
	"list: a literal of 256 MB":              {"LIST", begun("* LIST () \"/\" {268435456}\r\n", "x"), "", "", ""},
	"list: silence":                          {"LIST", utter(""), "", "", KindStalled},
	"list: enabled, a list":                  {"LIST", utter("* ENABLED (\r\nTAG OK\r\n"), "", "", ""},
	"list: a status with a number":           {"LIST", utter("* 1 OK {100}\r\nTAG OK\r\n"), "", "", ""},
	"search: endless numbers":                {"UID SEARCH", begun("* SEARCH", " 1"), "", "", KindHostile},
	"search: all numbers at once":            {"UID SEARCH", allNumbers, "", "", ""},
	"search: zeros":                          {"UID SEARCH", flood("\x00"), "", "", KindBroken},
	"search: silence":                        {"UID SEARCH", utter(""), "", "", KindStalled},
	"message: a literal of 256 MB":           {"UID FETCH", begun("* 1 FETCH (UID 1 BODY[HEADER]<0> {268435456}\r\n", "x"), "", "", ""},
	"message: a literal without an end":      {"UID FETCH", begun("* 1 FETCH (UID 1 BODY[HEADER]<0> {8000000}\r\n", "x"), "", "", ""},
	"message: a literal that never comes":    {"UID FETCH", utter("* 1 FETCH (UID 1 BODY[HEADER]<0> {8000}\r\n"), "", "", ""},
	"message: four million parentheses":      {"UID FETCH", begun("* 1 FETCH (UID 1 BODYSTRUCTURE ", "("), "", "", ""},
	"message: another's, for ever":           {"UID FETCH", flood("* 9 FETCH (UID 9 FLAGS ())\r\n"), "", "", ""},
	"message: a literal of negative length":  {"UID FETCH", utter("* 1 FETCH (UID 1 BODY[HEADER]<0> {-5}\r\n"), "", "", ""},
	"message: cut in the literal":            {"UID FETCH", cut("* 1 FETCH (UID 1 BODY[HEADER]<0> {80}\r\nSubject:"), "", "", ""},
	"message: zeros":                         {"UID FETCH", flood("\x00"), "", "", ""},
	"message: drip":                          {"UID FETCH", drip("* OK wait\r\n"), "", "", ""},
	"newest: endless":                        {"FETCH", flood("* 1 FETCH (FLAGS ())\r\n"), "", KindHostile, ""},
	"newest: a date without an end":          {"FETCH", begun("* 1 FETCH (INTERNALDATE \"", "1"), "", KindHostile, ""},
	"compress: said yes to, then clear text": {"COMPRESS", utter("TAG OK fine\r\n* OK not compressed\r\n"), "COMPRESS=DEFLATE", "", ""},
	"compress: a bomb":                       {"COMPRESS", bomb, "COMPRESS=DEFLATE", "", ""},
}

func TestHostileServers(t *testing.T) {
	if len(hostileScripts) < 40 {
		t.Fatalf("only %d scripts", len(hostileScripts))
	}
	a := newAuthority(t)
	good := a.good(t)
	peak, base := watchMemory(t)
	var wg sync.WaitGroup
	turns := make(chan struct{}, 8) // most of the time they wait for time to pass
	for name, s := range hostileScripts {
		wg.Go(func() {
			turns <- struct{}{}
			defer func() { <-turns }()
			t.Run(name, func(t *testing.T) {
				for _, check := range []bool{true, false} {
					address := serveHostile(t, script{tls: good}, s.on, s.caps, s.answer)
					cfg := config(a, address)
					cfg.Timeouts = Timeouts{Dial: 800 * time.Millisecond, Idle: 800 * time.Millisecond, Command: 1500 * time.Millisecond, Retry: time.Millisecond}
					ctx, cancel := context.WithTimeout(t.Context(), 90*time.Second)
					defer cancel()
					want, err := s.reading, error(nil)
					if check {
						want, err = s.kind, Check(ctx, cfg, nil)
					} else {
						_, _, err = readAll(IMAP(cfg))
					}
					holdTo(t, fmt.Sprintf("check %v", check), err, want)
				}
			})
		})
	}
	wg.Wait()
	t.Logf("%d scripts, at most %d MB", len(hostileScripts), (peak.Load()-base)>>20)
	if grown := peak.Load() - base; grown > 200<<20 {
		t.Errorf("at its highest the memory was %d MB more than before", grown>>20)
	}
}

// TestHostileWhileWatching has the server that is watched misbehave while nothing is asked of it but to wait.
func TestHostileWhileWatching(t *testing.T) {
	a := newAuthority(t)
	good := a.good(t)
	for name, c := range map[string]struct {
		on     string
		answer func(io.Writer, string) bool
		kind   string
	}{
		"never goes on":              {"IDLE", utter("* OK wait\r\n"), KindStalled},
		"a flood of numbers":         {"IDLE", begun("+ idling\r\n", "* 1 EXISTS\r\n"), KindHostile},
		"a line without an end":      {"IDLE", begun("+ idling\r\n* OK ", "x"), KindHostile},
		"parentheses":                {"IDLE", begun("+ idling\r\n* 1 FETCH (BODYSTRUCTURE ", "("), KindHostile},
		"a literal of 256 MB":        {"IDLE", begun("+ idling\r\n* LIST () \"/\" {268435456}\r\n", "x"), KindHostile},
		"zeros":                      {"IDLE", begun("+ idling\r\n", "\x00"), KindBroken},
		"BYE":                        {"IDLE", cut("+ idling\r\n* BYE [UNAVAILABLE] going down\r\n"), KindUnavailable},
		"the end":                    {"IDLE", cut("+ idling\r\n"), KindDropped},
		"refuses":                    {"IDLE", utter("TAG NO [LIMIT] not you\r\n"), KindLimit},
		"refuses to say how it is":   {"STATUS", utter("TAG NO [SERVERBUG] no\r\n"), KindServerBug},
		"a state without an end":     {"STATUS", begun("* STATUS INBOX (", "MESSAGES 1 "), KindHostile},
		"silent about how it stands": {"STATUS", utter(""), KindStalled},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cfg := config(a, serveHostile(t, script{tls: good}, c.on, "IDLE", c.answer))
			cfg.Timeouts = Timeouts{Dial: time.Second, Idle: 800 * time.Millisecond, Command: 2 * time.Second}
			cfg.lookEvery = 200 * time.Millisecond
			ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
			defer cancel()
			held, err := CheckAndHold(ctx, cfg, nil)
			if err != nil {
				t.Fatal(err)
			}
			defer held.Close()
			holdTo(t, "watching", held.Wait(ctx), c.kind)
		})
	}
}

// holdTo compares an error's kind, and asks for its sentence. Which bound a flood meets first, of bytes or of time, is the
// machine's to say.
func holdTo(t *testing.T, what string, err error, want string) {
	t.Helper()
	var e *Error
	either := errors.As(err, &e) && (want == KindHostile || want == KindStalled) && (e.Kind == KindHostile || e.Kind == KindStalled)
	switch {
	case want == "" && err != nil, want != "" && (e == nil || e.Kind != want && !either):
		t.Errorf("%s: %.300v, want %q", what, err, want)
	case err != nil:
		checkWords(t, err)
		if len(err.Error()) > 1000 {
			t.Errorf("%s: an error of %d bytes", what, len(err.Error()))
		}
	}
}

// serveHostile starts a server with three messages that answers one command in its own way.
func serveHostile(t *testing.T, s script, on, caps string, answer func(io.Writer, string) bool) string {
	plain := ordinary(3, func(w io.Writer, uid int, command string) {
		if strings.HasPrefix(command, "FETCH") {
			fmt.Fprintf(w, "* %d FETCH (INTERNALDATE \"23-Jan-2023 11:00:00 +0100\")\r\n", uid)
			return
		}
		if uid > 3 {
			return
		}
		fetchResponse(w, uid, command, "Subject: x\r\nFrom: x@y.example\r\n\r\ntext\r\n")
	})
	s.greeting = "* OK hi\r\n"
	if on == atGreeting {
		s.greeting = ""
		s.greet = func(w io.Writer) bool { return answer(w, "") }
	}
	s.apart = true
	s.answer = func(w io.Writer, tag, line string) bool {
		switch {
		case strings.HasPrefix(line, on):
			return answer(w, tag)
		case strings.HasPrefix(line, "CAPABILITY") && caps != "":
			fmt.Fprintf(w, "* CAPABILITY IMAP4rev1 %s\r\n%s OK done\r\n", caps, tag)
			return true
		}
		return plain(w, tag, line)
	}
	address, _ := serveScript(t, s)
	return address
}

// watchMemory samples how much memory is in use until the test ends.
func watchMemory(t *testing.T) (peak *atomic.Int64, base int64) {
	t.Helper()
	inUse := func() int64 {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return int64(m.HeapAlloc)
	}
	runtime.GC()
	base, peak = inUse(), &atomic.Int64{}
	stop, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		for {
			select {
			case <-stop:
				return
			case <-time.After(10 * time.Millisecond):
				peak.Store(max(peak.Load(), inUse()))
			}
		}
	}()
	t.Cleanup(func() { close(stop); <-done })
	return peak, base
}
