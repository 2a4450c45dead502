package cli

import (
	"context"
	"io"
	"path/filepath"
	"strings"
	"testing"
)

// TestWatcherIsToldOfAccounts sets an account up, and takes it away, while a watcher runs that a window has started.
func TestWatcherIsToldOfAccounts(t *testing.T) {
	h := newHouse(t)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan int, 1)
	go func() {
		done <- Run(ctx, h.env(ctx, "", io.Discard, io.Discard), []string{"--data", h.data, "watch", "--background"})
	}()
	h.until(ctx, func(o outcome) bool { return o.status == exitDone }, "status")
	for _, c := range []struct {
		command []string
		watched bool
	}{
		{[]string{"account", "add", "--watch", "shop", "--imap", "127.0.0.1:1"}, true},
		{[]string{"account", "remove", "watch-shop"}, false},
		{[]string{"account", "add", "--watch", "shop", "--imap", "127.0.0.1:1"}, true},
		{[]string{"account", "forget", "watch-shop"}, false},
	} {
		if o := h.run(ctx, "", c.command...); o.status != exitDone {
			t.Fatalf("%q: %+v", c.command, o)
		}
		h.until(ctx, func(o outcome) bool { return strings.Contains(o.out, `"id": "watch-shop"`) == c.watched }, "status", "--format", "json")
	}
	cancel()
	<-done
}

// TestDataStaysWhereItWas has the window's toolkit pointed to another folder, as app/window does it.
func TestDataStaysWhereItWas(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("AppData", home)
	t.Setenv("XDG_CONFIG_HOME", home)
	a := &app{config: configDir()}
	before, err := a.dataDir()
	if err != nil {
		t.Fatal(err)
	}
	elsewhere := filepath.Join(home, "window")
	t.Setenv("AppData", elsewhere)
	t.Setenv("XDG_CONFIG_HOME", elsewhere)
	if after, err := a.dataDir(); err != nil || after != before {
		t.Errorf("the data folder was %s and is %s: %v", before, after, err)
	}
}
