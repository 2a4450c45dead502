// Package mailbox reads messages and never changes anything: mail files (mbox, Maildir, .eml) and IMAP accounts.
package mailbox

import (
	"context"
	"io"
	"time"

	"rimbalzo/internal/bounce"
)

// Role is what a folder is for.
type Role string

// The roles of folders; RoleOther is a folder of the person's own.
const (
	RoleInbox   Role = "inbox"
	RoleJunk    Role = "junk"
	RoleSent    Role = "sent"
	RoleTrash   Role = "trash"
	RoleAll     Role = "all"
	RoleDrafts  Role = "drafts"
	RoleArchive Role = "archive"
	RoleOther   Role = "other"
)

// Message is one message on its way through a review. Body is valid only during the visit.
type Message struct {
	// Source names it for people and programs: "path", "path#n" in an mbox (n from 1),
	// "folder;UIDVALIDITY/UID" on IMAP.
	Source string
	Folder string
	Role   Role
	// ArrivedAt is when it arrived: the file's mtime in a Maildir, the "From " line in an mbox (not Thunderbird's), INTERNALDATE on
	// IMAP; zero where only the message's own fields can tell.
	ArrivedAt time.Time
	// Body is the message from its first header field on. From an IMAP server it may be cut after the parts that matter.
	Body io.Reader
	// Parts are those parts of a long bounce that matter, for [bounce.DecodeParts], each cut after 16 KB. They are nil unless
	// the message is from an IMAP server, was cut before all that matters, and the server handed them over.
	Parts []bounce.Part
	// UID and Validity are the message's number in its folder and the folder's UIDVALIDITY on IMAP (RFC 9051 section 2.3.1.1);
	// zero for files.
	UID, Validity uint32
	// Digest is the same for the same message in each folder on IMAP, for [RoleAll] repeats what others hold; 0 for files.
	Digest uint64
	// Key tells a message of a [Local] source from others: the same for the same message wherever it lies and whatever flags it
	// got, so that what is read twice is known as one. "" elsewhere.
	Key string
}

// Unreadable is a message or a piece of a source that could not be read; the rest was.
type Unreadable struct {
	Source string
	Why    string // an id for words: "note." + Why
	Err    error
}

// Coverage says what was read, so that silence can be weighed.
type Coverage struct {
	Roles      map[Role]bool
	Messages   int
	Unreadable []Unreadable
	// Accounts are the addresses known to be the account's own (from the URL), lower case.
	Accounts []string
}

// Source is a read-only source of messages. Read calls visit for each message, one at a time, and stops at visit's
// first error or when ctx ends.
type Source interface {
	Read(ctx context.Context, visit func(Message) error) (Coverage, error)
}

// TriedAgain are the reasons of what every reading tries again, so that each lists them anew where they still hold.
func TriedAgain() []string {
	return []string{
		whyVanished, whyPermission, whyLoop, whySpecial, whyReadFailed, whyEmpty, whyBinary, whyPacked, whyOutlook, whyNotMail, whySubfolder,
		whyFolderGone, whyUnfinished,
	}
}

// MissesFolder reports whether u stands for a whole folder that was not read, so that messages in it are not known of.
func MissesFolder(u Unreadable) bool {
	switch u.Why {
	case whyFolderRefused, whyFolderList, whyPermission, whyTooMany, whyFolderGone:
		return true
	}
	return false
}
