package mailbox

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"
)

// archive is a server with an inbox in which every third message is a bounce.
type archive struct {
	messages int
	validity int
	lies     bool      // the search for bounces finds only the first
	all      bool      // it finds all messages
	refuses  bool      // it answers as Yahoo does
	first    time.Time // when message 1 arrived; the others at one a day
	fetches  int       // messages asked for
}

func (s *archive) date(uid int) time.Time { return s.first.AddDate(0, 0, uid-1) }

func (s *archive) answer(w io.Writer, tag, line string) bool {
	plain := ordinary(s.messages, func(w io.Writer, uid int, command string) {
		s.fetches++
		text := strings.Replace(ordinaryMessage, "<1@", fmt.Sprintf("<%d@", uid), 1)
		if uid%3 == 0 {
			text = strings.Replace(bounceMessage, "<3@", fmt.Sprintf("<%d@", uid), 1)
		}
		var said strings.Builder
		fetchResponse(&said, uid, command, strings.ReplaceAll(text, "\n", "\r\n"))
		io.WriteString(w, strings.Replace(said.String(), "23-Jan-2023", s.date(uid).Format("02-Jan-2006"), 1))
	})
	switch {
	case strings.HasPrefix(line, "EXAMINE"):
		fmt.Fprintf(w, "* %d EXISTS\r\n* OK [UIDVALIDITY %d] ok\r\n* OK [UIDNEXT %d] ok\r\n%s OK done\r\n", s.messages, s.validity, s.messages+1, tag)
	case strings.HasPrefix(line, "UID SEARCH") && strings.Contains(line, "OR (") && s.refuses:
		fmt.Fprintf(w, "%s NO [SERVERBUG] UID SEARCH Server error - Please try again later\r\n", tag)
	case strings.HasPrefix(line, "UID SEARCH"):
		io.WriteString(w, "* SEARCH")
		since, before := dayAfter(line, "SINCE "), dayAfter(line, "BEFORE ")
		for uid := 1; uid <= s.messages; uid++ {
			hit := !strings.Contains(line, "OR (") || s.all || uid%3 == 0 && (uid == 3 || !s.lies)
			if day := dayOf(s.date(uid)); hit && !day.Before(since) && (before.IsZero() || day.Before(before)) {
				fmt.Fprintf(w, " %d", uid)
			}
		}
		fmt.Fprintf(w, "\r\n%s OK done\r\n", tag)
	default:
		return plain(w, tag, line)
	}
	return true
}

// dayAfter reads the date behind a word of a search.
func dayAfter(line, word string) time.Time {
	_, after, _ := strings.Cut(line, word)
	day, _ := time.Parse("2-Jan-2006", strings.Trim(strings.Fields(after + " -")[0], `"()`))
	return day
}

// reader reads again and again, each time from where its marks say that it ended.
type reader struct {
	cfg   IMAPConfig
	marks map[string]Mark
	seen  map[uint32]int // visits
	order []uint32
}

var errDied = errors.New("the machine died")

// read goes on until it is done, or dies at the visit with that number.
func (r *reader) read(t *testing.T, dies int) error {
	cfg := r.cfg
	for _, m := range r.marks {
		cfg.Marks = append(cfg.Marks, m)
	}
	cfg.Marked = func(m Mark) error { r.marks[m.Folder] = m; return nil }
	visits := 0
	_, err := IMAP(cfg).Read(t.Context(), func(m Message) error {
		if visits++; visits == dies {
			return errDied
		}
		r.seen[m.UID]++
		r.order = append(r.order, m.UID)
		return nil
	})
	return err
}

func newReader(cfg IMAPConfig) *reader {
	return &reader{cfg: cfg, marks: map[string]Mark{}, seen: map[uint32]int{}}
}

func TestResume(t *testing.T) {
	a := newAuthority(t)
	for _, lies := range []bool{false, true} {
		for _, dies := range []int{1, 2, 50, 101, 133, 134, 199, 250, 333, 399} {
			t.Run(fmt.Sprintf("lies %v, dies at %d", lies, dies), func(t *testing.T) {
				t.Parallel()
				s := &archive{messages: 400, validity: 7, lies: lies, first: january}
				address, _ := serveScript(t, script{greeting: "* OK hi\r\n", tls: a.good(t), answer: s.answer})
				r := newReader(config(a, address))
				if err := r.read(t, dies); !errors.Is(err, errDied) {
					t.Fatalf("it ended with %v", err)
				}
				if err := r.read(t, -1); err != nil {
					t.Fatal(err)
				}
				twice := 0
				for uid := uint32(1); uid <= 400; uid++ {
					if r.seen[uid] == 0 {
						t.Errorf("message %d was not read", uid)
					}
					twice += max(r.seen[uid]-1, 0)
				}
				if twice >= markStep {
					t.Errorf("%d messages were read twice", twice)
				}
				if !lies && r.order[0]%3 != 0 {
					t.Errorf("first came message %d", r.order[0])
				}
				// A third reading has nothing to do, and a new message is all that a fourth reads.
				before, fetches := len(r.order), s.fetches
				if err := r.read(t, -1); err != nil || len(r.order) != before || s.fetches != fetches {
					t.Errorf("a reading of nothing new: %d visits, %d fetched, %v", len(r.order)-before, s.fetches-fetches, err)
				}
				s.messages++
				if err := r.read(t, -1); err != nil || len(r.order) != before+1 || r.seen[401] != 1 {
					t.Errorf("a reading of one new message: %d visits, %v", len(r.order)-before, err)
				}
			})
		}
	}
}

// TestSearchesGoneWrong reads from servers that do not search for bounces as they should: none is missed.
func TestSearchesGoneWrong(t *testing.T) {
	a := newAuthority(t)
	for name, s := range map[string]*archive{
		"all is well": {}, "finds one": {lies: true}, "finds everything": {all: true}, "refuses": {refuses: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s.messages, s.validity, s.first = 600, 7, january
			address, _ := serveScript(t, script{greeting: "* OK hi\r\n", tls: a.good(t), answer: s.answer})
			got, cov, err := readAll(IMAP(config(a, address)))
			bounces := 0
			for _, m := range got {
				if m.UID%3 == 0 && strings.Contains(m.text, "host unreachable") {
					bounces++
				}
			}
			if err != nil || len(got) != 600 || bounces != 200 || len(cov.Unreadable) > 0 {
				t.Errorf("%d messages, %d bounces, %v, %v", len(got), bounces, cov.Unreadable, err)
			}
			if s.fetches > 2*600+200 {
				t.Errorf("messages were asked for %d times", s.fetches)
			}
		})
	}
}

func TestMarksThatNoLongerHold(t *testing.T) {
	a := newAuthority(t)
	s := &archive{messages: 90, validity: 7, first: january}
	address, _ := serveScript(t, script{greeting: "* OK hi\r\n", tls: a.good(t), answer: s.answer})
	r := newReader(config(a, address))
	r.cfg.Since = s.date(61)
	for _, step := range []struct {
		what   string
		change func()
		visits int
	}{
		{"the last month", func() {}, 30},
		{"more of it", func() { r.cfg.Since = s.date(41) }, 20},
		{"less of it", func() { r.cfg.Since = s.date(81) }, 0},
		{"all of it", func() { r.cfg.Since = time.Time{} }, 40},
		{"made anew", func() { s.validity = 8 }, 90},
		{"counted anew", func() { s.messages = 60 }, 60},
	} {
		step.change()
		before := len(r.order)
		if err := r.read(t, -1); err != nil || len(r.order)-before != step.visits {
			t.Errorf("%s: %d visits, want %d; %v", step.what, len(r.order)-before, step.visits, err)
		}
	}
}

// TestEveryStopIsAtOnce ends a reading while the server is silent about each kind of command.
func TestEveryStopIsAtOnce(t *testing.T) {
	a := newAuthority(t)
	for _, command := range []string{"LOGIN", "LIST", "EXAMINE", "UID SEARCH", "UID FETCH", "LOGOUT"} {
		t.Run(command, func(t *testing.T) {
			t.Parallel()
			s := &archive{messages: 400, validity: 7, first: january}
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			var ended time.Time
			address, _ := serveScript(t, script{greeting: "* OK hi\r\n", tls: a.good(t), answer: func(w io.Writer, tag, line string) bool {
				if !strings.HasPrefix(line, command) {
					return s.answer(w, tag, line)
				}
				if ended.IsZero() {
					ended = time.Now()
					cancel()
				}
				return true
			}})
			cfg := config(a, address)
			cfg.Timeouts = Timeouts{}
			_, err := IMAP(cfg).Read(ctx, func(Message) error { return nil })
			if took := time.Since(ended); command != "LOGOUT" && !errors.Is(err, context.Canceled) || took > 100*time.Millisecond {
				t.Errorf("%v, %v after the end", err, took)
			}
		})
	}
}

// TestFoldersThatStandStill: what was read to its end is opened no more until something comes, and a server that does not say how a folder
// stands has it opened.
func TestFoldersThatStandStill(t *testing.T) {
	a := newAuthority(t)
	for _, c := range []struct {
		what, status string
		opened       bool
	}{
		{"all as it was", "* STATUS INBOX (UIDNEXT 91 UIDVALIDITY 7)\r\nTAG OK done\r\n", false},
		{"in another order, and more", "* STATUS \"INBOX\" (MESSAGES 90 UIDVALIDITY 7 UIDNEXT 91)\r\nTAG OK done\r\n", false},
		{"nothing about it", "TAG OK done\r\n", true},
		{"no UIDNEXT", "* STATUS INBOX (UIDVALIDITY 7)\r\nTAG OK done\r\n", true},
		{"made anew", "* STATUS INBOX (UIDNEXT 91 UIDVALIDITY 8)\r\nTAG OK done\r\n", true},
		{"counted anew", "* STATUS INBOX (UIDNEXT 61 UIDVALIDITY 7)\r\nTAG OK done\r\n", true},
		{"a refusal", "TAG NO [SERVERBUG] not now\r\n", true},
		{"not understood", "TAG BAD what\r\n", true},
		{"hangs up", "", true},
	} {
		t.Run(c.what, func(t *testing.T) {
			t.Parallel()
			s := &archive{messages: 90, validity: 7, first: january}
			opened := 0
			address, _ := serveScript(t, script{greeting: "* OK hi\r\n", tls: a.good(t), answer: func(w io.Writer, tag, line string) bool {
				switch {
				case strings.HasPrefix(line, "STATUS"):
					io.WriteString(w, strings.ReplaceAll(c.status, "TAG", tag))
					return c.status != ""
				case strings.HasPrefix(line, "EXAMINE"):
					opened++
				}
				return s.answer(w, tag, line)
			}})
			r := newReader(config(a, address))
			for range 2 {
				if err := r.read(t, -1); err != nil || len(r.order) != 90 {
					t.Fatalf("%d visits, %v", len(r.order), err)
				}
			}
			if want := map[bool]int{false: 1, true: 2}[c.opened]; opened != want {
				t.Errorf("it was opened %d times, want %d", opened, want)
			}
		})
	}
}

// TestProgressAfterADeath: a reading that goes on says how much is left of what nobody looked at, not of everything.
func TestProgressAfterADeath(t *testing.T) {
	a := newAuthority(t)
	for _, dies := range []int{101, 120, 250, 399} {
		s := &archive{messages: 400, validity: 7, first: january}
		address, _ := serveScript(t, script{greeting: "* OK hi\r\n", tls: a.good(t), answer: s.answer})
		r := newReader(config(a, address))
		if err := r.read(t, dies); !errors.Is(err, errDied) {
			t.Fatalf("it ended with %v", err)
		}
		before := len(r.order)
		var told []Progress
		r.cfg.Progress = func(p Progress) { told = append(told, p) }
		if err := r.read(t, -1); err != nil {
			t.Fatal(err)
		}
		visits, found := len(r.order)-before, 0
		for _, uid := range r.order[before:] {
			if uid%3 == 0 {
				found++
			}
		}
		for _, p := range told {
			if p.Looked+p.Left != visits {
				t.Errorf("died at %d: %d looked at and %d left of %d", dies, p.Looked, p.Left, visits)
			}
		}
		if last := told[len(told)-1]; last != (Progress{"INBOX", RoleInbox, visits, found, 0}) {
			t.Errorf("died at %d: at the end %+v, with %d visits and %d bounces", dies, last, visits, found)
		}
	}
}
