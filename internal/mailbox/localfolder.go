package mailbox

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
)

// markSize is how many bytes of a digest stand for a file in [LocalMark.Seen].
const markSize = 8

// seenFiles are the files of a folder that were visited before.
type seenFiles map[uint64]bool

func readSeen(marks []byte) seenFiles {
	seen := make(seenFiles, len(marks)/markSize)
	for ; len(marks) >= markSize; marks = marks[markSize:] {
		seen[binary.BigEndian.Uint64(marks)] = true
	}
	return seen
}

func (s seenFiles) marks() []byte {
	all := make([]uint64, 0, len(s))
	for n := range s {
		all = append(all, n)
	}
	slices.Sort(all)
	out := make([]byte, 0, len(all)*markSize)
	for _, n := range all {
		out = binary.BigEndian.AppendUint64(out, n)
	}
	return out
}

// standsFor is the number by which a file is known in a mark.
func standsFor(name string) uint64 {
	sum := sha256.Sum256([]byte(name))
	return binary.BigEndian.Uint64(sum[:])
}

// folderPass is one pass over a folder's files.
type folderPass struct {
	before seenFiles
	now    seenFiles // what is there and was visited, now or before
	next   LocalMark
	count  int // visited since the last mark
	every  int // how many are visited between two marks: the more there are the longer a mark is
}

func newFolderPass(mark LocalMark, files int) *folderPass {
	return &folderPass{
		before: readSeen(mark.Seen), now: seenFiles{}, next: LocalMark{Path: mark.Path}, every: max(markEvery, files/10),
	}
}

// known reports whether a file was visited before, and keeps it in the mark if so.
func (p *folderPass) known(id uint64) bool {
	if p.before[id] {
		p.now[id] = true
	}
	return p.before[id]
}

// visited takes a file into the mark, and hands the mark on now and then.
func (p *folderPass) visited(r *localReading, id uint64) error {
	p.now[id] = true
	if p.count++; p.count%p.every != 0 {
		return nil
	}
	// What was visited before and has not been met yet in this pass must not be forgotten in between.
	on := p.next
	all := seenFiles{}
	for _, from := range []seenFiles{p.before, p.now} {
		for n := range from {
			all[n] = true
		}
	}
	on.Seen = all.marks()
	return r.marked(on)
}

func (p *folderPass) end(r *localReading) error {
	p.next.Seen = p.now.marks()
	return r.marked(p.next)
}

// localMaildir reads the files of a Maildir that were not there before. A file is known by the part of its name that stays
// (https://cr.yp.to/proto/maildir.html): its content never changes. Thunderbird's folders of this kind have names that stay.
func (r *localReading) localMaildir(mark LocalMark) error {
	files := r.listMaildir(mark.Path)
	pass := newFolderPass(mark, len(files))
	for _, file := range files {
		id := standsFor(file.unique())
		if pass.known(id) {
			continue
		}
		read, err := r.maildirFile(mark.Path, mark.Path, r.role, file)
		if err != nil {
			return err
		}
		if !read {
			continue // listed; it is tried again
		}
		if err := pass.visited(r, id); err != nil {
			return err
		}
	}
	return pass.end(r)
}

// localFolder reads the files of a plain folder that are new or were changed.
func (r *localReading) localFolder(mark LocalMark) error {
	names, err := readNames(mark.Path)
	if err != nil {
		return pathError(mark.Path, err)
	}
	if len(names) > maxFiles {
		names = names[:maxFiles]
		r.note(mark.Path, whyTooMany, errTooMany)
	}
	slices.Sort(names)
	pass := newFolderPass(mark, len(names))
	for _, name := range names {
		if err := r.localFolderFile(pass, filepath.Join(mark.Path, name)); err != nil {
			return err
		}
	}
	return pass.end(r)
}

func (r *localReading) localFolderFile(pass *folderPass, path string) error {
	info, err := os.Stat(path)
	if err == nil && info.IsDir() {
		r.note(path, whySubfolder, ErrNoMail)
		return nil
	}
	if err != nil {
		r.note(path, whyUnread(err), err)
		return nil
	}
	id := standsFor(fmt.Sprintf("%s\x00%d\x00%d", filepath.Base(path), info.Size(), info.ModTime().UnixNano()))
	if pass.known(id) {
		return nil
	}
	if r.fresh(info) && r.beingWritten(path) {
		r.note(path, whyUnfinished, errTruncated)
		pass.next.Waiting = true
		return nil
	}
	before := len(r.cov.Unreadable)
	if err := r.fileOfFolder(Message{Source: path}); err != nil {
		return err
	}
	if len(r.cov.Unreadable) > before {
		return nil // listed; it is tried again
	}
	return pass.visited(r, id)
}

// beingWritten reports whether a file looks like a message whose end is not there yet.
func (r *localReading) beingWritten(path string) bool {
	f, err := openRegular(path)
	if err != nil {
		return false // reading it says why
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return false
	}
	head := make([]byte, min(bufferSize, info.Size()))
	if _, err := io.ReadFull(f, head); err != nil {
		return false
	}
	return shapeOf(head) == shapeMessage && unfinished(io.NewSectionReader(f, 0, info.Size()), startOfMessage(head))
}
