//go:build unix

package mailbox

import (
	"compress/flate"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
)

// TestDovecotNothingNew reads from a real Dovecot that has nothing new: no folder is opened, and what is said of each before TLS
// is little.
func TestDovecotNothingNew(t *testing.T) {
	if os.Getenv("RIMBALZO_SLOW") == "" {
		t.Skip("a slow test: set RIMBALZO_SLOW=1 to run it with a real Dovecot")
	}
	a := newAuthority(t)
	d := startDovecot(t, a)
	for i := range 40 {
		d.put(t, "", i, strings.Replace(ordinaryMessage, "<1@", fmt.Sprintf("<%d@", i), 1))
	}
	d.put(t, ".Junk", 1, ordinaryMessage)
	d.handOver(t)
	rec := startRecorder(t, a, "localhost:"+d.imaps, false)
	cfg := config(a, rec.url)
	cfg.Timeouts = Timeouts{}
	r := newReader(cfg)
	for range 2 {
		if err := r.read(t, -1); err != nil {
			t.Fatal(err)
		}
	}
	if len(r.order) != 41 {
		t.Errorf("%d visits to 41 messages", len(r.order))
	}
	said := rec.answers(t)
	for _, folder := range []string{"INBOX", "Junk"} {
		at := strings.Index(said, "* STATUS "+folder+" ")
		if at < 0 {
			t.Fatalf("nothing is said of %s: %q", folder, said)
		}
		answer := strings.Join(strings.SplitAfterN(said[at:], "\r\n", 3)[:2], "")
		if !strings.Contains(answer, " OK Status completed") || len(answer) > 250 {
			t.Errorf("%s takes %d bytes: %q", folder, len(answer), answer)
		}
		t.Logf("%s takes %d bytes", folder, len(answer))
	}
	if strings.Contains(said, "EXISTS") {
		t.Errorf("a folder was opened: %q", said)
	}
	// A new message is noticed and read, and nothing else.
	d.put(t, ".Junk", 2, strings.Replace(ordinaryMessage, "<1@", "<new@", 1))
	d.handOver(t)
	if err := r.read(t, -1); err != nil || len(r.order) != 42 {
		t.Errorf("%d visits to 42 messages, %v", len(r.order), err)
	}
	if said := rec.answers(t); strings.Count(said, " EXISTS") != 1 {
		t.Errorf("not one folder was opened: %q", said)
	}
}

// answers gives what the server said in the last conversation, as it was before TLS and, where that was agreed on, inflated.
func (r *recorder) answers(t testing.TB) string {
	t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	said := r.said[len(r.said)-1].String()
	at := strings.Index(said, " OK Begin compression")
	if at < 0 {
		return said
	}
	at += strings.Index(said[at:], "\n") + 1
	rest, _ := io.ReadAll(flate.NewReader(strings.NewReader(said[at:]))) // it ends without an end
	return said[:at] + string(rest)
}
