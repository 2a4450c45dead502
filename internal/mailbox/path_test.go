package mailbox

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// read is a message with its text.
type read struct {
	Message
	text string
}

// readAll reads a source to its end.
func readAll(src Source) (got []read, cov Coverage, err error) {
	cov, err = src.Read(context.Background(), func(m Message) error {
		text, err := io.ReadAll(m.Body)
		got = append(got, read{m, string(text)})
		return err
	})
	return got, cov, err
}

// notes gives what was unreadable as "reason source".
func notes(cov Coverage) []string {
	out := []string{}
	for _, u := range cov.Unreadable {
		out = append(out, u.Why+" "+u.Source)
	}
	return out
}

func write(t testing.TB, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

const eml = "Received: from x\nFrom: ada@sender.example\nSubject: a\n\none\n"

func TestPathOfOneFile(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want []string // sources behind the path, as "suffix text"
		kind string   // of the error
		is   error
	}{
		"message":                       {eml, []string{" " + eml}, "", nil},
		"message with CRLF":             {strings.ReplaceAll(eml, "\n", "\r\n"), []string{" " + strings.ReplaceAll(eml, "\n", "\r\n")}, "", nil},
		"message behind empty lines":    {"\xef\xbb\xbf\r\n\n" + eml, []string{" " + eml}, "", nil},
		"message with a bad first line": {"8-bit \xe8 rubbish\n" + eml, []string{" 8-bit \xe8 rubbish\n" + eml}, "", nil},
		"mbox":                          {from1 + eml, []string{"#1 " + eml}, "", nil},
		"JPEG":                          {"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01", nil, "binary", ErrNotMail},
		"passwd":                        {"root:x:0:0:root:/root:/bin/sh\ndaemon:x:1:1::/:/bin/false\n", nil, "not-mail", ErrNotMail},
		"package list":                  {"Package: rimbalzo\nStatus: install ok installed\nVersion: 1\n", nil, "not-mail", ErrNotMail},
		"letter":                        {"Dear Ada,\n\nthe train leaves at 10:00.\n", nil, "not-mail", ErrNotMail},
		"zip":                           {"PK\x03\x04\x14\x00", nil, "packed", ErrNotMail},
		"Outlook's own":                 {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00", nil, "outlook", ErrNotMail},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "file")
			write(t, path, c.text)
			got, cov, err := readAll(Path(path, RoleSent))
			var sources []string
			for _, m := range got {
				sources = append(sources, strings.TrimPrefix(m.Source, path)+" "+m.text)
				if m.Role != RoleSent {
					t.Errorf("role %q", m.Role)
				}
			}
			if !slices.Equal(sources, c.want) || len(cov.Unreadable) > 0 {
				t.Errorf("messages %q, want %q; unreadable %v", sources, c.want, cov.Unreadable)
			}
			var bad *PathError
			if c.is != nil && (!errors.Is(err, c.is) || !errors.As(err, &bad) || bad.Kind != c.kind || bad.Path != path) {
				t.Errorf("error %v", err)
			}
			if (err == nil) != cov.Roles[RoleSent] || (err == nil) != (c.is == nil) {
				t.Errorf("error %v, roles %v", err, cov.Roles)
			}
		})
	}
}

func TestEmptyFileIsListed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "mbox")
	write(t, path, "")
	got, cov, err := readAll(Path(path, RoleJunk))
	if err != nil || len(got) != 0 || !slices.Equal(notes(cov), []string{"empty " + path}) || !cov.Roles[RoleJunk] {
		t.Errorf("%v, %v, %v", got, cov, err)
	}
}

func TestVisitorEndsReading(t *testing.T) {
	path := filepath.Join(t.TempDir(), "mbox")
	write(t, path, strings.Repeat(from1+eml+"\n", 5))
	enough := errors.New("enough")
	n := 0
	_, err := Path(path, RoleInbox).Read(t.Context(), func(Message) error {
		if n++; n == 2 {
			return enough
		}
		return nil
	})
	if !errors.Is(err, enough) || n != 2 {
		t.Errorf("%d visits, %v", n, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	_, err = Path(path, RoleInbox).Read(ctx, func(m Message) error {
		cancel()
		_, err := io.Copy(io.Discard, m.Body)
		return err
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("after the end of the context: %v", err)
	}
}

// TestLargeMessageTakesLittleMemory reads a sparse message of 200 MB, alone and within an mbox.
func TestLargeMessageTakesLittleMemory(t *testing.T) {
	for name, start := range map[string]string{"message": eml, "mbox": from1 + eml} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "big")
			write(t, path, start)
			const size = 200 << 20
			if err := os.Truncate(path, size); err != nil {
				t.Fatal(err)
			}
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			var n int64
			_, err := Path(path, RoleInbox).Read(t.Context(), func(m Message) (err error) {
				n, err = io.Copy(io.Discard, m.Body)
				return err
			})
			runtime.ReadMemStats(&after)
			if err != nil || n < size-1000 {
				t.Fatalf("%d bytes, %v", n, err)
			}
			if grown := after.TotalAlloc - before.TotalAlloc; grown > 2<<20 {
				t.Errorf("%d bytes of memory for a message of %d", grown, n)
			}
		})
	}
}
