package session

import (
	"strings"
	"testing"
	"time"

	"rimbalzo/app/watcher"
	"rimbalzo/internal/probe"
	"rimbalzo/internal/watch"
	"rimbalzo/internal/words"
)

func TestPulses(t *testing.T) {
	now := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	looked := []watch.DirectionStatus{{Direction: probe.Receive}}
	status := watcher.Status{Status: watch.Status{Accounts: []watch.AccountStatus{
		{ID: "anna@libero.it", Name: "libero.it", State: watch.Down, Since: now.Add(-time.Hour), Next: now.Add(7 * time.Minute), Hand: now.Add(9 * time.Minute), Directions: looked},
		{ID: "files", Name: "files", State: watch.Unknown},
		{ID: "b@tim.it", Name: "tim.it", State: watch.Up, Since: now.Add(-time.Hour), Hand: now.Add(-time.Minute), Directions: looked},
	}}}
	lines, again := Pulses(status, now, words.New("en"), time.UTC)
	if len(lines) != 2 || !again.Equal(now.Add(9*time.Minute)) {
		t.Fatalf("%d lines, again at %v: %+v", len(lines), again, lines)
	}
	down, up := lines[0], lines[1]
	if !strings.Contains(down.Text, "out of service, since 11:00") || !strings.Contains(down.Next, "12:07") || down.CanCheck || !strings.Contains(down.Check, "12:09") {
		t.Errorf("down: %+v", down)
	}
	if !strings.Contains(up.Text, "works") || up.Next != "" || !up.CanCheck || up.Check != "Check now" {
		t.Errorf("up: %+v", up)
	}
	status.Paused = true
	lines, _ = Pulses(status, now, words.New("it"), time.UTC)
	if lines[1].CanCheck || !strings.Contains(lines[1].Next, "pausa") && lines[1].Next == "" {
		t.Errorf("paused: %+v", lines[1])
	}
}
