package mailbox

import (
	"errors"
	"fmt"
	"io/fs"
	"syscall"
)

// What is wrong with a path that a person named. Each is wrapped in a [PathError].
var (
	// ErrMissing: there is nothing at that path.
	ErrMissing = errors.New("no such file or folder")
	// ErrNoMail: the folder is there and holds no mail at all.
	ErrNoMail = errors.New("no mail in this folder")
	// ErrNotMail: the file is there and is not mail.
	ErrNotMail = errors.New("not a mail file")
)

// PathError says why a path that a person named cannot be read as mail.
type PathError struct {
	Path string
	// Kind is the last part of the id of its sentence: "mailbox.error." + Kind.
	Kind string
	Err  error
}

// Error gives path and cause in English, for logs; people read [Describe].
func (e *PathError) Error() string { return fmt.Sprintf("read mail at %s: %v", e.Path, e.Err) }

// Unwrap gives the cause: one of the sentinels above or an error of the file system.
func (e *PathError) Unwrap() error { return e.Err }

// pathError classifies what the file system said about a path that a person named.
func pathError(path string, err error) *PathError {
	switch why := whyUnread(err); why {
	case whyVanished:
		return &PathError{Path: path, Kind: "missing", Err: ErrMissing}
	default:
		return &PathError{Path: path, Kind: why, Err: err}
	}
}

// Reasons why a piece of a source was not read; the sentences are "note." + the reason.
const (
	whyVanished   = "vanished"
	whyPermission = "permission"
	whyLoop       = "loop"
	whySpecial    = "special"
	whyReadFailed = "read-failed"
	whyEmpty      = "empty"
	whyBinary     = "binary"
	whyPacked     = "packed"
	whyOutlook    = "outlook"
	whyNotMail    = "not-mail"
	whyTruncated  = "truncated"
	whyHeadless   = "headless"
	whySubfolder  = "subfolder"
	whyTooMany    = "too-many"
	whyFolderGone = "folder-gone"
	whyUnfinished = "unfinished"

	// From IMAP servers only.
	whyGarbled       = "garbled"
	whyHostile       = "hostile"
	whyNotHandedOver = "not-handed-over"
	whyFolderRefused = "folder-refused"
	whyFolderList    = "folder-list"
)

var errSpecial = errors.New("not a regular file")

// whyUnread turns an error of the file system into a reason.
func whyUnread(err error) string {
	switch {
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ENOTDIR):
		return whyVanished
	case errors.Is(err, fs.ErrPermission):
		return whyPermission
	case errors.Is(err, syscall.ELOOP):
		return whyLoop
	case errors.Is(err, errSpecial):
		return whySpecial
	}
	return whyReadFailed
}
