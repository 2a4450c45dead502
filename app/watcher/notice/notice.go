// Package notice shows a notification on the desktop: over D-Bus on Linux (through the portal inside Flatpak), as a toast on
// Windows, by osascript on macOS.
//
// Text from mail is hostile. It is made harmless for all of them alike, and it never becomes part of a script: on Windows
// and macOS a constant script takes it from its environment or its arguments.
package notice

import (
	"context"
	"errors"
	"time"

	"rimbalzo/internal/checklist"
)

// Notice is one notification. Its texts may hold words from mail.
type Notice struct {
	// Key names what it is about: a notice with the key of an earlier one takes its place, where the desktop can do that.
	Key     string
	Title   string
	Body    string
	Urgent  bool
	Actions []Action // shown as buttons where the desktop has them; the first is also what a click on the notice means
}

// Action is a button.
type Action struct{ ID, Label string }

// Chosen is a button that the person pressed.
type Chosen struct{ Key, Action string }

// Desktop shows notices. It is safe for use by several goroutines.
type Desktop interface {
	// Show shows a notice and gives [ErrNoDesktop] where nothing can show one.
	Show(ctx context.Context, n Notice) error
	Close()
}

// ErrNoDesktop means that nobody here shows notifications.
var ErrNoDesktop = errors.New("nothing here shows notifications")

// Params say whose notices they are.
type Params struct {
	ID, Name string
	// OnAction is called for each button pressed, from a goroutine of the desktop's; nil when nobody asks.
	OnAction func(Chosen)
}

// Bounds of what is shown, in characters: more is cut by every desktop.
const (
	maxTitle   = 100
	maxBody    = 300
	maxActions = 3
	maxLabel   = 40
)

// limit is how long a desktop may take to answer.
const limit = 5 * time.Second

// harmless gives the notice with texts of one line, short, without controls and direction marks.
func (n Notice) harmless() Notice {
	n.Title, n.Body = checklist.Plain(n.Title, maxTitle), checklist.Plain(n.Body, maxBody)
	actions := make([]Action, 0, maxActions)
	for _, a := range n.Actions[:min(len(n.Actions), maxActions)] {
		actions = append(actions, Action{a.ID, checklist.Plain(a.Label, maxLabel)})
	}
	n.Actions = actions
	return n
}
