//go:build unix

package mailbox

import (
	"crypto/sha256"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

// TestDovecotFetch: a real server hands over a message of 50 MB whole, and nothing in its mailbox is marked.
func TestDovecotFetch(t *testing.T) {
	if os.Getenv("RIMBALZO_SLOW") == "" {
		t.Skip("a slow test: set RIMBALZO_SLOW=1 to run it with a real Dovecot")
	}
	a := newAuthority(t)
	d := startDovecot(t, a)
	long := sentMessage("long@x", strings.Repeat("0123456789abcdef\n", 3_000_000))
	for i, text := range []string{sentMessage("one@x.example", "other"), sentMessage("one@x", "one"), long} {
		d.put(t, ".Zugestellt", i+1, text)
	}
	d.put(t, "", 1, bounceMessage)
	d.handOver(t)
	before := d.messages(t)
	cfg := config(a, "imaps://"+testUser+"@localhost:"+d.imaps)
	cfg.Timeouts = Timeouts{}
	var place string
	if _, _, err := readAll(IMAP(cfg)); err != nil {
		t.Fatal(err)
	}
	got, _, err := readAll(IMAP(cfg))
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range got {
		if m.Role == RoleInbox {
			place = m.Source
		}
	}
	crlf := func(text string) string { return strings.ReplaceAll(text, "\n", "\r\n") }
	list, err := taken(t, cfg, Wanted{ID: "one@x", Role: RoleSent}, Wanted{ID: "long@x", Role: RoleSent}, Wanted{Source: place})
	want := []string{
		"Zugestellt sent true " + crlf(sentMessage("one@x", "one")),
		fmt.Sprintf("Zugestellt sent true %x", sha256.Sum256([]byte(crlf(long)))), "INBOX  false " + crlf(bounceMessage),
	}
	if err != nil || !slices.Equal(list, want) {
		t.Errorf("%v: got %.300q", err, list)
	}
	if after := d.messages(t); !slices.Equal(before, after) {
		t.Error("fetching changed the mailbox: a message moved, or its flags or text changed")
	}
}
