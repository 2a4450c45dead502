//go:build unix

package mailbox

import (
	"encoding/pem"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestDovecotHearsNoWritingVerb goes every way, and lets the real program go its own, to a real server through a recorder that
// ends TLS; the mailbox's files are afterwards where and as they were.
func TestDovecotHearsNoWritingVerb(t *testing.T) {
	if os.Getenv("RIMBALZO_SLOW") == "" {
		t.Skip("a slow test: set RIMBALZO_SLOW=1 to run it with a real Dovecot")
	}
	a := newAuthority(t)
	d := startDovecot(t, a)
	for i := range 40 {
		d.put(t, "", i, strings.Replace(ordinaryMessage, "<1@", fmt.Sprintf("<%d@", i), 1))
		d.put(t, "", 100+i, strings.Replace(bounceMessage, "<3@", fmt.Sprintf("<b%d@", i), 1))
	}
	d.put(t, "", 200, longBounce(300_000))
	d.put(t, ".Zugestellt", 1, ordinaryMessage)
	d.put(t, ".Junk", 1, ordinaryMessage)
	d.handOver(t)
	before := d.messages(t)
	hear := func(name string, plain bool, way func(*recorder) error) {
		t.Run(fmt.Sprintf("%s, STARTTLS %v", name, plain), func(t *testing.T) {
			r := startRecorder(t, a, "localhost:"+d.imaps, plain)
			if err := way(r); err != nil {
				t.Error(err)
			}
			commands := r.commands(t)
			if len(commands) == 0 {
				t.Error("nothing was recorded")
			}
			checkOnlyReads(t, commands)
		})
	}
	for _, plain := range []bool{false, true} {
		for name, way := range ways {
			hear(name, plain, func(r *recorder) error {
				cfg := config(a, r.url)
				cfg.Timeouts = Timeouts{} // Dovecot takes its time after a wrong password
				return way(t.Context(), cfg)
			})
		}
	}
	p := buildProgram(t)
	ca := filepath.Join(p.home, "ca.pem")
	write(t, ca, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.cert.Raw})))
	hear("the program's report", false, func(r *recorder) error {
		out := p.run(t, testPassword+"\n", nil, 0, "report", "--imap", r.url, "--ca", ca, "--password-stdin", "--at", "2023-01-27 18:00")
		if !strings.Contains(out, "rcpt.example") {
			return fmt.Errorf("it said %s", out)
		}
		return nil
	})
	hear("the program's account", false, func(r *recorder) error {
		host := r.url[strings.LastIndexByte(r.url, '@')+1:]
		out := p.run(t, testPassword+"\n", nil, 0, "account", "add", testUser, "--imap", host, "--ca", ca, "--password-stdin")
		out += p.run(t, testPassword+"\n", nil, 0, "account", "test", testUser, "--password-stdin")
		if strings.Count(out, testUser) < 2 {
			return fmt.Errorf("it said %s", out)
		}
		return nil
	})
	if after := d.messages(t); !slices.Equal(before, after) {
		t.Error("the mailbox changed: a message moved, or its flags or text changed")
	}
}
