package mailbox

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"
)

// split gives the messages of an mbox and when they arrived.
func split(src io.Reader) (texts []string, arrived []time.Time, s *splitter) {
	s = newSplitter(bufio.NewReaderSize(src, bufferSize))
	for s.next() {
		text, _ := io.ReadAll(s)
		texts, arrived = append(texts, string(text)), append(arrived, s.arrived)
	}
	return texts, arrived, s
}

const from1 = "From ada@sender.example Mon Jan 23 10:00:00 2023\n"

func TestSplit(t *testing.T) {
	long := "X-Long: " + strings.Repeat("a", 3*bufferSize) + "\n"
	for name, c := range map[string]struct {
		in   string
		want []string
	}{
		"two messages": {
			from1 + "Subject: a\n\none\n\n" + from1 + "Subject: b\n\ntwo\n\n",
			[]string{"Subject: a\n\none\n", "Subject: b\n\ntwo\n"},
		},
		"CRLF": {
			strings.ReplaceAll(from1+"Subject: a\n\none\n\n"+from1+"Subject: b\n\ntwo\n\n", "\n", "\r\n"),
			[]string{"Subject: a\r\n\r\none\r\n", "Subject: b\r\n\r\ntwo\r\n"},
		},
		"empty lines of the message stay": {
			from1 + "Subject: a\n\none\n\n\n\n" + from1 + "Subject: b\n\n\n\n",
			[]string{"Subject: a\n\none\n\n\n", "Subject: b\n\n\n"},
		},
		"mboxrd quoting": {
			from1 + "Subject: a\n\n>From here\n>>From there\n> From nowhere\n\n",
			[]string{"Subject: a\n\nFrom here\n>From there\n> From nowhere\n"},
		},
		"a text that begins with From": {
			from1 + "Subject: a\n\nThings:\n\nFrom now on we meet at 10:30.\n\nFrom Mon to Tue\nSubject: no\n\n",
			[]string{"Subject: a\n\nThings:\n\nFrom now on we meet at 10:30.\n\nFrom Mon to Tue\nSubject: no\n"},
		},
		"a dated line in a text without a field after it": {
			from1 + "Subject: a\n\nHe wrote\nFrom ada Mon Jan 23 10:00:00 2023\nhello\n\n",
			[]string{"Subject: a\n\nHe wrote\nFrom ada Mon Jan 23 10:00:00 2023\nhello\n"},
		},
		"no empty line before the separator": {
			from1 + "Subject: a\n\none\n" + from1 + "Subject: b\n\ntwo\n",
			[]string{"Subject: a\n\none\n", "Subject: b\n\ntwo\n"},
		},
		"a message without body": {
			from1 + "Subject: a\n\n" + from1 + "Subject: b\n\n" + from1 + "Subject: c\n\nthree\n",
			[]string{"Subject: a\n\n", "Subject: b\n\n", "Subject: c\n\nthree\n"},
		},
		"wrong Content-Length": {
			from1 + "Subject: a\nContent-Length: 99999\n\none\n\n" + from1 + "Content-Length: 0\nSubject: b\n\ntwo\n\n",
			[]string{"Subject: a\nContent-Length: 99999\n\none\n", "Content-Length: 0\nSubject: b\n\ntwo\n"},
		},
		"lines longer than the buffer": {
			from1 + long + "\n" + long + "\n" + from1 + long + "\n",
			[]string{long + "\n" + long, long + "\n"},
		},
		"no line end at the end": {
			from1 + "Subject: a\n\none\n\ntw",
			[]string{"Subject: a\n\none\n\ntw"},
		},
		"blank lines and a byte order mark first": {
			"\xef\xbb\xbf\n\n" + from1 + "Subject: a\n\none\n",
			[]string{"Subject: a\n\none\n"},
		},
		"a beginning overwritten by zero bytes": {
			strings.Repeat("\x00", 512) + "ost\n\n" + from1 + "Subject: a\n\none\n",
			[]string{"Subject: a\n\none\n"},
		},
		"From lines without a date, where the first has none": {
			"From nobody\nSubject: a\n\nFrom me\n\nFrom nobody\nSubject: b\n\n",
			[]string{"Subject: a\n\nFrom me\n", "Subject: b\n\n"},
		},
		"Thunderbird's bare From lines": {
			"From \r\nSubject: a\r\n\r\none\r\n\r\nFrom me to you\r\nand: so on\r\n\r\nFrom \r\nSubject: b\r\n\r\n>From \r\n\r\n",
			[]string{"Subject: a\r\n\r\none\r\n\r\nFrom me to you\r\nand: so on\r\n", "Subject: b\r\n\r\nFrom \r\n"},
		},
		"bare From lines after dated ones": {
			from1 + "Subject: a\n\none\n\nFrom \nSubject: b\n\nFrom \ntwo\n\n" + from1 + "Subject: c\n\nthree\n",
			[]string{"Subject: a\n\none\n", "Subject: b\n\nFrom \ntwo\n", "Subject: c\n\nthree\n"},
		},
		"a second From line, quoted, among the fields": {
			from1 + ">From ada Mon Jan 23 10:00:00 2023\nSubject: a\n\none\n",
			[]string{"Subject: a\n\none\n"},
		},
		"nothing": {"", nil},
	} {
		t.Run(name, func(t *testing.T) {
			got, _, _ := split(strings.NewReader(c.in))
			if !slices.Equal(got, c.want) {
				t.Errorf("messages:\n%.300q\nwant:\n%.300q", got, c.want)
			}
		})
	}
}

func TestSplitSkipsWhatVisitorsLeave(t *testing.T) {
	in := strings.Repeat(from1+"Subject: a\n\n"+strings.Repeat("x\n", 100_000)+"\n", 3)
	s := newSplitter(bufio.NewReaderSize(strings.NewReader(in), bufferSize))
	n := 0
	for s.next() {
		n++
		first := make([]byte, 10)
		if _, err := io.ReadFull(s, first); err != nil || string(first) != "Subject: a" {
			t.Fatalf("message %d begins %q, %v", n, first, err)
		}
	}
	if n != 3 {
		t.Errorf("%d messages, want 3", n)
	}
}

func TestFromLineDate(t *testing.T) {
	ten := time.Date(2023, 1, 23, 10, 0, 0, 0, time.UTC)
	for line, want := range map[string]time.Time{
		"From ada@sender.example Mon Jan 23 10:00:00 2023":            ten,
		"From - Mon Jan 23 10:00:00 2023":                             ten,
		"From ada@sender.example  Mon Jan 23 10:00 2023":              ten,
		"From MAILER-DAEMON Mon Jan 23 11:00:00 CET 2023":             ten,
		"From 1755@xxx Mon Jan 23 11:00:00 +0100 2023":                ten,
		"From ada Mon Jan 23 05:00:00 2023 -0500":                     ten,
		"From ada Mon, 23 Jan 2023 11:00:00 +0100":                    ten,
		"From ada Mon Jan 23 10:00:00 2023 remote from uucp":          ten,
		"From Ada L. <ada@sender.example> Mon Jan  2 03:04:05 2023\r": time.Date(2023, 1, 2, 3, 4, 5, 0, time.UTC),
		"From me to you":                    {},
		"From 10:00 on":                     {},
		"From ada Mon Jan 99 10:00:00 2023": {},
		"From ada Mon Jan 23 25:00:00 2023": {},
		"From " + strings.Repeat("1 ", 500) + "Mon Jan 23 10:00:00 2023":  {},
		"From our office at 23 Jan Street, 10:00 to 12:00, for 2023 days": {},
	} {
		got, ok := fromLineDate([]byte(line))
		if !got.Equal(want) || ok == want.IsZero() {
			t.Errorf("%.80q: %v %v, want %v", line, got, ok, want)
		}
	}
}

func TestArrivalInAnMbox(t *testing.T) {
	for line, want := range map[string]time.Time{
		"From ada@sender.example Mon Jan 23 10:00:00 2023": time.Date(2023, 1, 23, 10, 0, 0, 0, time.UTC),
		"From - Mon Jan 23 10:00:00 2023":                  {}, // when Thunderbird stored it
		"From -@sender.example Mon Jan 23 10:00:00 2023":   time.Date(2023, 1, 23, 10, 0, 0, 0, time.UTC),
		"From ": {},
	} {
		path := filepath.Join(t.TempDir(), "mbox")
		write(t, path, line+"\nSubject: a\n\na\n\n")
		for kind, source := range map[string]Source{"read": Path(path, RoleInbox), "followed": Local(LocalConfig{Paths: []LocalPath{{path, RoleInbox}}})} {
			n := 0
			_, err := source.Read(t.Context(), func(m Message) error {
				if n++; !m.ArrivedAt.Equal(want) {
					t.Errorf("%s, %q: %v, want %v", kind, line, m.ArrivedAt, want)
				}
				return nil
			})
			if err != nil || n != 1 {
				t.Errorf("%s, %q: %d messages, %v", kind, line, n, err)
			}
		}
	}
}

func TestTruncatedMbox(t *testing.T) {
	multi := from1 + "Subject: b\nContent-Type: multipart/report;\n boundary=\"=_x\"\n\n--=_x\n\none\n\n--=_x\n\ntwo\n\n--=_x--\n\n"
	whole := from1 + "Subject: a\n\none\n\n" + multi
	for name, c := range map[string]struct {
		in        string
		messages  int
		truncated string
	}{
		"whole":                        {whole, 2, ""},
		"whole, without the last line": {strings.TrimSuffix(whole, "\n"), 2, ""},
		"within a line":                {whole[:len(whole)-9], 2, "#2"},
		"at a line's end, multipart":   {whole[:strings.Index(whole, "two\n")+4], 2, "#2"},
		"within the header":            {whole[:strings.Index(whole, " boundary")], 2, "#2"},
		"after the From line":          {from1, 1, "#1"},
		"within the From line":         {from1 + "Subject: a\n\none\n\n" + from1[:20], 1, "#1"},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "mbox")
			write(t, path, c.in)
			got, cov, err := readAll(Path(path, RoleInbox))
			if err != nil || len(got) != c.messages {
				t.Fatalf("%d messages, %v, want %d", len(got), err, c.messages)
			}
			want := []string{}
			if c.truncated != "" {
				want = []string{"truncated " + path + c.truncated}
			}
			if notes := notes(cov); !slices.Equal(notes, want) {
				t.Errorf("unreadable %q, want %q", notes, want)
			}
		})
	}
}

func TestMboxDiskFailure(t *testing.T) {
	r := newReading(t.Context(), func(m Message) error { _, err := io.Copy(io.Discard, m.Body); return err })
	bad := io.MultiReader(strings.NewReader(from1+"Subject: a\n\none\n\n"+from1+"Subject: b\n\n"), iotest.ErrReader(errors.New("bad sector")))
	r.br.Reset(bad)
	if err := r.mbox(Message{Source: "box"}, nil); err != nil {
		t.Fatal(err)
	}
	if got := notes(r.cov); r.cov.Messages != 2 || !slices.Equal(got, []string{"read-failed box#2"}) {
		t.Errorf("%d messages, unreadable %q", r.cov.Messages, got)
	}
}

// FuzzSplit holds the splitter to this: it ends, in pieces of any size it says the same, and it gives no more than it got.
func FuzzSplit(f *testing.F) {
	f.Add([]byte(from1+"Subject: a\n\n>From x\n\n"+from1+"Subject: b\n\ntwo"), 1)
	f.Add([]byte("From nobody\r\nSubject: a\r\n\r\n\r\nFrom nobody\r\nX: y\r\n"), 3)
	f.Add([]byte("\x00\x00\n"+from1+">From me\n\n\n\n"+from1), 2)
	f.Fuzz(func(t *testing.T, in []byte, piece int) {
		texts, _, _ := split(bytes.NewReader(in))
		total := 0
		for _, text := range texts {
			total += len(text)
		}
		if total > len(in) {
			t.Fatalf("%d bytes out of %d", total, len(in))
		}
		s := newSplitter(bufio.NewReaderSize(iotest.OneByteReader(bytes.NewReader(in)), bufferSize))
		buf := make([]byte, 1+uint(piece)%64)
		for i := 0; s.next(); i++ {
			var text []byte
			for {
				n, err := s.Read(buf)
				text = append(text, buf[:n]...)
				if err != nil {
					break
				}
			}
			if i >= len(texts) || string(text) != texts[i] {
				t.Fatalf("message %d differs when read in pieces of %d: %q", i, len(buf), text)
			}
		}
	})
}

// BenchmarkMbox reads 20,000 messages of 3 KB each to their ends.
func BenchmarkMbox(b *testing.B) {
	path := filepath.Join(b.TempDir(), "mbox")
	f, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	w := bufio.NewWriter(f)
	text := strings.Repeat("A line of an ordinary length, as people write them.\n", 55)
	for i := range 20_000 {
		fmt.Fprintf(w, "%sMessage-ID: <%d@sender.example>\nSubject: number %d\n\n%s\n", from1, i, i, text)
	}
	if err := errors.Join(w.Flush(), f.Close()); err != nil {
		b.Fatal(err)
	}
	info, _ := os.Stat(path)
	b.SetBytes(info.Size())
	b.ReportAllocs()
	for b.Loop() {
		cov, err := Path(path, RoleInbox).Read(b.Context(), func(m Message) error {
			_, err := io.Copy(io.Discard, m.Body)
			return err
		})
		if err != nil || cov.Messages != 20_000 {
			b.Fatal(cov.Messages, err)
		}
	}
}
