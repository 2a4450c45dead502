//go:build unix

package mailbox

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"
)

// TestDovecotGoesOn dies in the middle of a reading from a real Dovecot that compresses, goes on, and waits for new mail.
func TestDovecotGoesOn(t *testing.T) {
	if os.Getenv("RIMBALZO_SLOW") == "" {
		t.Skip("a slow test: set RIMBALZO_SLOW=1 to run it with a real Dovecot")
	}
	a := newAuthority(t)
	d := startDovecot(t, a)
	const messages = 900
	for i := range messages {
		text := strings.Replace(ordinaryMessage, "<1@", fmt.Sprintf("<%d@", i), 1)
		if i%3 == 0 {
			text = strings.Replace(longBounce(20_000), "<9@", fmt.Sprintf("<b%d@", i), 1)
		}
		d.put(t, "", i, text)
	}
	d.handOver(t)
	cfg := config(a, "imaps://"+testUser+"@localhost:"+d.imaps)
	cfg.Timeouts = Timeouts{}
	r := newReader(cfg)
	for _, dies := range []int{150, 250} {
		if err := r.read(t, dies); !errors.Is(err, errDied) {
			t.Fatalf("it ended with %v", err)
		}
	}
	if err := r.read(t, -1); err != nil {
		t.Fatal(err)
	}
	if len(r.seen) != messages || len(r.order) >= messages+2*markStep {
		t.Errorf("%d of %d messages in %d visits; mark %+v", len(r.seen), messages, len(r.order), r.marks["INBOX"])
	}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	held, err := CheckAndHold(ctx, cfg, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer held.Close()
	time.AfterFunc(2*time.Second, func() {
		d.put(t, "", messages, ordinaryMessage)
		d.handOver(t)
	})
	start := time.Now()
	if err := held.Wait(ctx); err != nil || time.Since(start) < time.Second {
		t.Errorf("the wait ended with %v after %v", err, time.Since(start))
	}
	before := len(r.order)
	r.cfg.Held = held // what came is read over the same connection
	if err := r.read(t, -1); err != nil || len(r.order) != before+1 {
		t.Errorf("a reading of one new message: %d visits, %v", len(r.order)-before, err)
	}
}

// TestDovecotCompresses looks that what comes is compressed where the server can.
func TestDovecotCompresses(t *testing.T) {
	if os.Getenv("RIMBALZO_SLOW") == "" {
		t.Skip("a slow test: set RIMBALZO_SLOW=1 to run it with a real Dovecot")
	}
	a := newAuthority(t)
	d := startDovecot(t, a)
	d.put(t, "", 1, longBounce(20_000))
	d.handOver(t)
	cfg := config(a, "imaps://"+testUser+"@localhost:"+d.imaps)
	cfg.Timeouts = Timeouts{}.orDefault()
	for _, plainly := range []bool{false, true} {
		r := &imapReading{cfg: &cfg, plainly: plainly}
		var err error
		if r.account, err = parseURL(cfg.URL); err != nil {
			t.Fatal(err)
		}
		if err := r.connect(t.Context()); err != nil {
			t.Fatal(err)
		}
		if r.s.deflated == plainly {
			t.Errorf("plainly %v: compressed is %v", plainly, r.s.deflated)
		}
		o, err := r.s.examine(t.Context(), "INBOX")
		if err != nil || o.messages != 1 || o.next != 2 {
			t.Errorf("plainly %v: %+v, %v", plainly, o, err)
		}
		r.hangUp(t.Context())
	}
}
