package session

import (
	"errors"
	"os"

	"rimbalzo/internal/review"
)

// Dropped makes a request out of files and folders that somebody dropped onto the window; the error is a *Refusal. What was
// sent among them is told from what was received by itself: a file that is sent mail holds no bounces.
func Dropped(paths []string, base review.Request) (review.Request, error) {
	for _, path := range paths {
		if _, err := os.Stat(path); err != nil {
			id := "window.refused.unreachable"
			if errors.Is(err, os.ErrNotExist) {
				id = "window.refused.missing"
			}
			return base, &Refusal{ID: id, Path: path, err: err}
		}
		if WholeMailbox(path) {
			base.Mailboxes = append(base.Mailboxes, path)
		} else {
			base.Inbox = append(base.Inbox, path)
		}
	}
	return base, nil
}
