package watcher

import (
	"cmp"
	"context"
	"strings"
	"time"
	"unicode"

	"rimbalzo/app/watcher/ipc"
	"rimbalzo/app/watcher/notice"
)

// startFor is how long after its start a window that ends badly has not opened at all, for a person.
const startFor = 30 * time.Second

// open brings the window to the front, or starts one. Whoever chose that in the tray or on a notice sees nothing when it cannot
// start, as where the graphics are missing: so he is told.
func (d *process) open(ctx context.Context) error {
	if d.server.Tell(ipc.EventRaise) > 0 {
		return nil
	}
	// The answer to a question ends with it; a window may fail later.
	ctx = context.WithoutCancel(ctx)
	begun := time.Now()
	err := d.OpenWindow(func(said string) {
		if time.Since(begun) < startFor {
			d.tellOfWindow(ctx, said)
		}
	})
	if err != nil {
		d.tellOfWindow(ctx, err.Error())
	}
	return err
}

// noticePatience is how long the desktop may take to show a notice of the watcher's own.
const noticePatience = 10 * time.Second

func (d *process) tellOfWindow(ctx context.Context, said string) {
	ctx, cancel := context.WithTimeout(ctx, noticePatience)
	defer cancel()
	w := d.words()
	body := w.T("watcher.window-failed.body")
	if reason := reasonOf(said); reason != "" {
		body = reason + " — " + body
	}
	_ = d.show(ctx, notice.Notice{ // it was logged
		Key: "window", Title: w.T("watcher.window-failed"), Body: body, Actions: []notice.Action{{ID: "open", Label: w.T("watcher.again")}},
	})
}

// longestReason is how much of a reason is shown, in letters.
const longestReason = 300

// reasonOf finds the line of what a process said last that tells why it ended: what it was about to say to a person, else how
// Go's runtime begins to tell of a crash, else the last line.
func reasonOf(said string) string {
	var own, crash, last string
	for line := range strings.Lines(said) {
		line = strings.TrimSpace(line)
		switch text, ok := strings.CutPrefix(line, "rimbalzo: "); {
		case ok:
			own = text
		case crash == "" && (strings.HasPrefix(line, "panic: ") || strings.HasPrefix(line, "fatal error: ")):
			crash = line
		case line != "":
			last = line
		}
	}
	last = cmp.Or(own, crash, last)
	last = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(last, "\uFFFD"))
	if letters := []rune(last); len(letters) > longestReason {
		last = string(letters[:longestReason]) + "…"
	}
	return last
}
