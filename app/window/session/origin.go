package session

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"rimbalzo/app/accounts"
	"rimbalzo/internal/account"
	"rimbalzo/internal/review"
)

// Files is what the person chose on the page for mail files.
type Files struct {
	Received string // a file or a folder
	Sent     string // "" for none, or where Received is a whole mailbox
}

// A Refusal says what is wrong with what the person chose or typed: an id for words, and a path for its sentence.
type Refusal struct {
	ID, Path string
	err      error
}

func (r *Refusal) Error() string {
	if r.err != nil {
		return fmt.Sprintf("%s: %v", r.ID, r.err)
	}
	return r.ID
}

func (r *Refusal) Unwrap() error { return r.err }

// Request makes a request out of files; the error is a *Refusal.
func (f Files) Request(base review.Request) (review.Request, error) {
	f.Received, f.Sent = strings.TrimSpace(f.Received), strings.TrimSpace(f.Sent)
	if f.Received == "" {
		return base, &Refusal{ID: "window.refused.no-file"}
	}
	for _, path := range []string{f.Received, f.Sent} {
		if path == "" {
			continue
		}
		if _, err := os.Stat(path); err != nil {
			if errors.Is(err, os.ErrNotExist) {
				return base, &Refusal{ID: "window.refused.missing", Path: path, err: err}
			}
			return base, &Refusal{ID: "window.refused.unreachable", Path: path, err: err}
		}
	}
	if WholeMailbox(f.Received) {
		base.Mailboxes = append(base.Mailboxes, f.Received)
	} else {
		base.Inbox = append(base.Inbox, f.Received)
	}
	if f.Sent != "" {
		base.Sent = append(base.Sent, f.Sent)
	}
	return base, nil
}

// Account makes an account of mail kept on this computer out of files; its errors are a *Refusal and the system's.
func (f Files) Account() (account.Account, error) {
	if _, err := f.Request(review.Request{}); err != nil {
		return account.Account{}, err
	}
	paths := []account.Path{{Path: strings.TrimSpace(f.Received)}}
	if !WholeMailbox(paths[0].Path) {
		paths[0].Role = "inbox"
	}
	if sent := strings.TrimSpace(f.Sent); sent != "" {
		paths = append(paths, account.Path{Path: sent, Role: "sent"})
	}
	return accounts.Files(paths...)
}

// WholeMailbox reports whether path is a Maildir with folders of its own (Maildir++), such as .Sent: then nobody needs to be
// asked which of them is which.
func WholeMailbox(path string) bool {
	if info, err := os.Stat(filepath.Join(path, "cur")); err != nil || !info.IsDir() {
		return false
	}
	entries, err := os.ReadDir(path)
	if err != nil {
		return false
	}
	for _, e := range entries {
		if e.IsDir() && strings.HasPrefix(e.Name(), ".") && len(e.Name()) > 1 {
			return true
		}
	}
	return false
}
