package mailbox

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// ways are all the ways in which the program speaks IMAP.
var ways = map[string]func(ctx context.Context, cfg IMAPConfig) error{
	"reading": func(_ context.Context, cfg IMAPConfig) error {
		_, _, err := readAll(IMAP(cfg))
		return err
	},
	"reading since a day": func(_ context.Context, cfg IMAPConfig) error {
		cfg.Since = january.AddDate(0, 0, -3)
		_, _, err := readAll(IMAP(cfg))
		return err
	},
	"check": func(ctx context.Context, cfg IMAPConfig) error { return Check(ctx, cfg, nil) },
	"check without credentials": func(ctx context.Context, cfg IMAPConfig) error {
		cfg.Password = nil
		return Check(ctx, cfg, nil)
	},
	"check, held": func(ctx context.Context, cfg IMAPConfig) error {
		held, err := CheckAndHold(ctx, cfg, nil)
		if err != nil {
			return err
		}
		defer held.Close()
		return held.Noop(ctx)
	},
	"watching": func(ctx context.Context, cfg IMAPConfig) error {
		cfg.lookEvery = 50 * time.Millisecond
		held, err := CheckAndHold(ctx, cfg, nil)
		if err != nil {
			return err
		}
		defer held.Close()
		for range 3 {
			limited, cancel := context.WithTimeout(ctx, 200*time.Millisecond)
			err := held.Wait(limited)
			cancel()
			if !errors.Is(err, context.DeadlineExceeded) {
				return fmt.Errorf("watching: %w", err)
			}
			if err := held.Noop(ctx); err != nil {
				return err
			}
		}
		cfg.Held = held
		_, _, err = readAll(IMAP(cfg))
		return err
	},
	"wrong password": func(_ context.Context, cfg IMAPConfig) error {
		cfg.Password = func() (string, error) { return "wrong", nil }
		var e *Error
		if _, _, err := readAll(IMAP(cfg)); !errors.As(err, &e) || e.Stage != StageLogin {
			return fmt.Errorf("with a wrong password: %w", err)
		}
		return nil
	},
}

// TestNoWritingVerb goes every way through a recorder that ends TLS: all that is ever said reads, and the mailbox is afterwards
// as it was.
func TestNoWritingVerb(t *testing.T) {
	a := newAuthority(t)
	m := serveMemory(t, a, true)
	fill(t, m)
	m.put(t, "INBOX", longBounce(300_000), january)
	before := m.state(t, a)
	u, err := url.Parse(m.url)
	if err != nil {
		t.Fatal(err)
	}
	for _, plain := range []bool{false, true} {
		for name, way := range ways {
			t.Run(fmt.Sprintf("%s, STARTTLS %v", name, plain), func(t *testing.T) {
				r := startRecorder(t, a, u.Host, plain)
				if err := way(t.Context(), config(a, r.url)); err != nil {
					t.Error(err)
				}
				commands := r.commands(t)
				if len(commands) == 0 {
					t.Error("nothing was recorded")
				}
				checkOnlyReads(t, commands)
			})
		}
	}
	if after := m.state(t, a); !slices.Equal(before, after) {
		t.Errorf("the mailbox was\n%q, is\n%q", before, after)
	}
}

// state lists every message with its place, number and flags, and what each folder says of itself.
func (m *memory) state(t testing.TB, a *authority) (list []string) {
	t.Helper()
	u, err := url.Parse(m.url)
	if err != nil {
		t.Fatal(err)
	}
	client, err := imapclient.DialTLS(u.Host, &imapclient.Options{TLSConfig: clientTLS(a)})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	if err := client.Login(testUser, testPassword).Wait(); err != nil {
		t.Fatal(err)
	}
	folders, err := client.List("", "*", nil).Collect()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range folders {
		data, err := client.Select(f.Mailbox, &imap.SelectOptions{ReadOnly: true}).Wait()
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, fmt.Sprintf("%s: %d messages, validity %d, next %d, flags %v", f.Mailbox, data.NumMessages, data.UIDValidity, data.UIDNext, data.Flags))
		if data.NumMessages == 0 {
			continue
		}
		messages, err := client.Fetch(imap.SeqSet{{Start: 1}}, &imap.FetchOptions{UID: true, Flags: true, InternalDate: true, RFC822Size: true}).Collect()
		if err != nil {
			t.Fatal(err)
		}
		for _, msg := range messages {
			list = append(list, fmt.Sprintf("%s %d %v %v %d", f.Mailbox, msg.UID, msg.Flags, msg.InternalDate, msg.RFC822Size))
		}
	}
	if len(list) < 15 || !strings.Contains(list[len(list)-1], " ") {
		t.Fatalf("only %q", list)
	}
	return list
}
