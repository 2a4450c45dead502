package mailbox

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"rimbalzo/internal/provider"
)

// LocalPath is mail kept on this computer: an mbox file, a Maildir (with its folders, see [Unfold]), a folder of message files, or
// one message file.
type LocalPath struct {
	Path string
	// Role is what it is for; "" where that is told by its name or by the labels in it (Google Takeout).
	Role Role
}

// LocalMark is how far one path has been read, so that the next reading goes on there.
type LocalMark struct {
	Path     string
	Size     int64     // of the file when it was read, in bytes
	Modified time.Time // its mtime then
	// Of an mbox: bytes below Offset were visited, in Messages messages; the last of them begins at Last, and Digest is its
	// [Message.Key]. It is what shows that the file only grew: a mail program that compacts an mbox moves what comes after
	// a deleted message, and one that marks a message as read changes a few bytes of it in place.
	Offset, Last int64
	Messages     int
	Digest       string
	// Seen are the files of a Maildir (by name) or of a folder (by name, size and mtime) that were visited: 8 bytes of each one's
	// digest, in order.
	Seen []byte
	// Roles are the roles that messages were found in, where labels tell.
	Roles []Role
	// Waiting: a message at the end was still being written, so that one has to look again even where nothing changed.
	Waiting bool
}

// LocalConfig says what mail of this computer is read.
type LocalConfig struct {
	Paths []LocalPath
	Marks []LocalMark // where earlier readings ended
	// Marked is called from the reading goroutine after every message that the mark covers was visited; its error ends the
	// reading. nil where nobody remembers.
	Marked func(LocalMark) error
}

// settled is how long a file has to stay as it is before a message cut at its end is taken for all there is of it.
const settled = 2 * time.Minute

// markEvery is how many messages are visited between two marks of one file.
const markEvery = 500

// Local is mail kept on this computer, read once and then followed as it changes: an mbox that grew from where it was read to,
// one that was compacted or rewritten from its beginning, folders by the names of their files. Visited again, a message has the
// same [Message.Key]. A message that Thunderbird deleted and did not compact away yet (X-Mozilla-Status 0008) is visited as any
// other: that its owner cleared it away changes nothing about its having been sent, or having come.
//
// A path that is gone is listed as unreadable, and the others are read; only where all of them are gone does Read fail, with a
// [*PathError].
func Local(cfg LocalConfig) Source { return local{cfg, time.Now} }

type local struct {
	cfg LocalConfig
	now func() time.Time
}

// Read implements [Source].
func (l local) Read(ctx context.Context, visit func(Message) error) (Coverage, error) {
	lr := &localReading{local: l, visit: visit, head: make([]byte, 0, maxHead)}
	lr.reading = newReading(ctx, lr.enrich)
	var first error
	failed := 0
	paths := Unfold(l.cfg.Paths)
	for _, p := range paths {
		err := lr.one(p)
		var path *PathError
		if errors.As(err, &path) {
			failed++
			if first == nil {
				first = err
			}
			lr.note(p.Path, whyOfPath(path), path.Err)
			continue
		}
		if err != nil {
			return lr.cov, err
		}
	}
	if failed > 0 && failed == len(paths) {
		return lr.cov, first
	}
	return lr.cov, nil
}

// whyOfPath is the reason under which a path that cannot be read is listed.
func whyOfPath(err *PathError) string {
	if errors.Is(err, ErrMissing) {
		return whyFolderGone
	}
	return err.Kind
}

// localReading is one pass over the paths.
type localReading struct {
	*reading
	local
	visit func(Message) error
	head  []byte

	// Of the path that is being read:
	role   Role   // as the person or its name tells; "" where labels may
	folder string // as messages name it
	roles  []Role
	key    string // of the message visited last
}

// one reads what is new at one path.
func (r *localReading) one(p LocalPath) error {
	mark := LocalMark{Path: p.Path}
	if i := slices.IndexFunc(r.cfg.Marks, func(m LocalMark) bool { return m.Path == p.Path }); i >= 0 {
		mark = r.cfg.Marks[i]
	}
	info, err := os.Stat(p.Path)
	if err != nil {
		return pathError(p.Path, err)
	}
	r.role, r.folder, r.roles = p.Role, p.Path, slices.Clone(mark.Roles)
	if r.role == "" && !isTakeout(p.Path) {
		r.role = roleOfFile(p.Path)
	}
	before := r.cov.Messages
	covers := true
	switch {
	case !info.IsDir():
		err = r.localFile(mark, info)
	case isMaildir(p.Path):
		err = r.localMaildir(mark)
	default:
		err = r.localFolder(mark)
		covers = r.cov.Messages > before || len(mark.Seen) > 0 // a folder that never held mail stands for nothing
	}
	if err == nil && covers {
		r.cover(p)
	}
	return err
}

// cover says which roles were read. The files of an IMAP account hold only what the mail program fetched, which is no proof
// that nothing else came.
func (r *localReading) cover(p LocalPath) {
	if keptInPart(p.Path) {
		return
	}
	roles := append(r.roles, r.role)
	if isTakeout(p.Path) {
		roles = append(roles, RoleInbox, RoleSent, RoleJunk, RoleTrash, RoleAll)
	}
	for _, role := range roles {
		if role != "" {
			r.cov.Roles[role] = true
		}
	}
}

// keptInPart reports whether a path lies in what Thunderbird keeps of an IMAP account: messages of which it has the headers
// only are not in these files.
func keptInPart(path string) bool {
	return slices.Contains(strings.Split(filepath.ToSlash(path), "/"), "ImapMail")
}

// isTakeout reports whether a file is Gmail's export of everything, by the name that Google gives it.
func isTakeout(path string) bool {
	return strings.HasPrefix(strings.ToLower(filepath.Base(path)), "all mail including spam and trash")
}

// roleOfFile is what a file or folder is for by its name; "" where the name does not tell.
func roleOfFile(path string) Role {
	name := filepath.Base(path)
	if ext := strings.ToLower(filepath.Ext(name)); ext == ".mbox" || ext == ".mbx" {
		name = name[:len(name)-len(ext)]
	}
	return Role(provider.Builtin().RoleOf(name))
}

// enrich looks at a message's header on its way to the visitor: its key, and its role where labels tell.
func (r *localReading) enrich(m Message) error {
	head, err := readHead(m.Body, r.head)
	if err != nil {
		return err
	}
	r.key = keyOf(head)
	m.Key, m.Folder, m.Role = r.key, r.folder, r.role
	if labels := labelsOf(head); len(labels) > 0 && (r.role == "" || r.role == RoleAll) {
		m.Role = roleOfLabels(labels)
		if !slices.Contains(r.roles, m.Role) {
			r.roles = append(r.roles, m.Role)
		}
	}
	if m.Role == "" {
		m.Role = RoleOther
	}
	m.Body = io.MultiReader(bytes.NewReader(head), m.Body)
	return r.visit(m)
}

// marked hands a mark on.
func (r *localReading) marked(m LocalMark) error {
	if r.cfg.Marked == nil {
		return nil
	}
	m.Roles = slices.Clone(r.roles)
	return r.cfg.Marked(m)
}

// fresh reports whether a file was changed so lately that somebody may still be writing it.
func (r *localReading) fresh(info os.FileInfo) bool {
	age := r.now().Sub(info.ModTime())
	return age < settled && age > -settled
}
