package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// result is what one way of reading took.
type result struct {
	down  int64 // bytes from the server, on the wire
	took  time.Duration
	found int
	peak  int64  // KB of memory of the reading process; 0 where nobody looked
	note  string // beside the number found
}

// way is one way of reading the mailbox.
type way struct {
	name       string
	compressed bool // the server offers compression
	measure    func(context.Context, *bench, *server) (result, error)
}

// ways are measured in this order. The first reads of a server fill Dovecot's caches, so the first is not over the link.
var ways = []way{
	{"Rimbalzo, all bounces, loopback, Dovecot's caches empty", false, rimbalzo(false, "bounces", "")},
	{"payload alone (bound)", false, payload},
	{"Rimbalzo, all bounces", false, rimbalzo(true, "bounces", "")},
	{"Rimbalzo, everything", false, rimbalzo(true, "all", "marks")},
	{"Rimbalzo, nothing new", false, rimbalzo(true, "all", "marks")},
	{"Python imaplib, SEARCH and whole bounces", false, python},
	{"mbsync, full pull", false, mbsync},
	{"payload alone (bound), deflated", true, payload},
	{"Rimbalzo, all bounces, deflated", true, rimbalzo(true, "bounces", "")},
	{"Rimbalzo, everything, deflated", true, rimbalzo(true, "all", "")},
}

// sample is how many messages are read where reading all takes too long; the rest is reckoned.
const sample = 1000

// rimbalzo reads in a process of its own, so that its memory is seen.
func rimbalzo(far bool, what, marks string) func(context.Context, *bench, *server) (result, error) {
	return func(ctx context.Context, b *bench, s *server) (r result, err error) {
		_, port, _ := strings.Cut(s.direct, ":")
		if far {
			port = s.port()
		}
		if marks != "" {
			marks = filepath.Join(b.dir, "marks.json")
		}
		before, start := s.down.Load(), time.Now()
		cmd := exec.CommandContext(ctx, b.exe, "read", port, s.ca, what, marks)
		cmd.Stderr = os.Stderr
		out, err := cmd.Output()
		if err != nil {
			return r, err
		}
		var said struct {
			Found int
			Peak  int64
		}
		if err := json.Unmarshal(out, &said); err != nil {
			return r, err
		}
		return result{down: s.down.Load() - before, took: time.Since(start), found: said.Found, peak: said.Peak}, nil
	}
}

const pythonLoop = `
import imaplib, ssl, sys, resource
port, ca, most = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
m = imaplib.IMAP4_SSL("localhost", port, ssl_context=ssl.create_default_context(cafile=ca))
m.login("ada@sender.example", "bench")
m.select("INBOX", readonly=True)
_, data = m.uid("SEARCH", None, 'OR OR OR HEADER From "mailer-daemon" HEADER From "postmaster" HEADER Return-Path "<>" HEADER Content-Type "delivery-status"')
uids = data[0].split()
found = 0
for uid in uids[:most]:
    _, data = m.uid("FETCH", uid, "(BODY.PEEK[])")
    found += data[0] is not None
print(len(uids), found, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
m.logout()
`

// python is the loop that everybody writes: a search, then each message whole. Some are fetched, the rest reckoned.
func python(ctx context.Context, b *bench, s *server) (r result, err error) {
	const some = 200
	before, start := s.down.Load(), time.Now()
	cmd := exec.CommandContext(ctx, "python3", "-c", pythonLoop, s.port(), s.ca, fmt.Sprint(some))
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return r, err
	}
	var all, got int
	if _, err := fmt.Fscan(bytes.NewReader(out), &all, &got, &r.peak); err != nil || got == 0 {
		return r, fmt.Errorf("it said %q: %w", out, err)
	}
	r.down, r.took, r.found = s.down.Load()-before, time.Since(start), all
	r.down = r.down * int64(all) / int64(got)
	r.took = time.Duration(float64(r.took) * float64(all) / float64(got))
	r.note = fmt.Sprintf(" (reckoned from %d)", got)
	return r, nil
}

// mbsync pulls a folder with the first messages; the whole inbox is reckoned.
func mbsync(ctx context.Context, b *bench, s *server) (r result, err error) {
	dir, err := os.MkdirTemp(b.dir, "mbsync")
	if err != nil {
		return r, err
	}
	defer os.RemoveAll(dir)
	config := fmt.Sprintf("IMAPAccount a\nHost localhost\nPort %s\nUser %s\nPass %s\nSSLType IMAPS\nCertificateFile %s\n\nIMAPStore far\nAccount a\n\nMaildirStore near\nPath %s/\nInbox %s/inbox\nSubFolders Verbatim\n\nChannel c\nFar :far:\nNear :near:\nPatterns Sample\nCreate Near\nSyncState *\nSync Pull\n",
		s.port(), account, password, s.ca, dir, dir)
	if err := os.WriteFile(filepath.Join(dir, "rc"), []byte(config), 0o600); err != nil {
		return r, err
	}
	before, start := s.down.Load(), time.Now()
	if out, err := exec.CommandContext(ctx, "mbsync", "-c", filepath.Join(dir, "rc"), "c").CombinedOutput(); err != nil {
		return r, fmt.Errorf("%w: %s", err, out)
	}
	pulled, err := filepath.Glob(filepath.Join(dir, "Sample", "*", "*bench*"))
	if err != nil || len(pulled) == 0 {
		if pulled, err = filepath.Glob(filepath.Join(dir, "Sample", "[cn]*", "*")); err != nil || len(pulled) == 0 {
			return r, fmt.Errorf("nothing was pulled: %w", err)
		}
	}
	scale := float64(len(b.list)) / float64(len(pulled))
	r.down = int64(float64(s.down.Load()-before) * scale)
	r.took = time.Duration(float64(time.Since(start)) * scale)
	for _, l := range b.list {
		if l.kind != ordinary {
			r.found++
		}
	}
	r.note = fmt.Sprintf(" (reckoned from %d messages)", len(pulled))
	return r, nil
}
