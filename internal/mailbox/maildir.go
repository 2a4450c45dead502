package mailbox

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// maxFiles is how many files of one folder are read; what is beyond is listed as such.
const maxFiles = 1_000_000

var errTooMany = fmt.Errorf("more than %d files", maxFiles)

// isMaildir reports whether dir has what a Maildir has; "tmp" holds no message and may be missing in a copy.
func isMaildir(dir string) bool {
	return isDir(filepath.Join(dir, "cur")) || isDir(filepath.Join(dir, "new"))
}

func isDir(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// maildirFile is a message's file in "new" or "cur".
type maildirFile struct {
	name string
	cur  bool
}

// unique is the part of a file's name that stays when a mail program moves it from "new" to "cur" or sets a flag: what
// stands before ":2," (";2," or "!2," where a file system does not allow the colon).
func (f maildirFile) unique() string {
	if i := strings.LastIndex(f.name, "2,"); i > 0 && strings.IndexByte(":;!", f.name[i-1]) >= 0 {
		return f.name[:i-1]
	}
	return f.name
}

func (f maildirFile) path(dir string) string {
	if f.cur {
		return filepath.Join(dir, "cur", f.name)
	}
	return filepath.Join(dir, "new", f.name)
}

// maildir reads the messages of one Maildir in the order of their names, which begin with the time of delivery.
func (r *reading) maildir(dir, folder string, role Role) error {
	for _, file := range r.listMaildir(dir) {
		if _, err := r.maildirFile(dir, folder, role, file); err != nil {
			return err
		}
	}
	return nil
}

// maildirFile reads one file of a Maildir wherever it is by now, and reports whether it could be read.
func (r *reading) maildirFile(dir, folder string, role Role, file maildirFile) (bool, error) {
	m := Message{Source: file.path(dir), Folder: folder, Role: role}
	err := r.maildirMessage(m)
	if isVanished(err) {
		err = r.movedMessage(m, dir, file)
	}
	var unread *unreadFile
	if errors.As(err, &unread) {
		r.note(m.Source, unread.why, unread.err)
		return false, nil
	}
	return err == nil, err
}

// listMaildir lists "new" before "cur": a file moved in between is met twice and counted once, never missed.
func (r *reading) listMaildir(dir string) []maildirFile {
	var files []maildirFile
	for _, sub := range []string{"new", "cur"} {
		names, err := readNames(filepath.Join(dir, sub))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			r.note(filepath.Join(dir, sub), whyUnread(err), err)
		}
		for _, name := range names {
			files = append(files, maildirFile{name: name, cur: sub == "cur"})
		}
	}
	slices.SortFunc(files, func(a, b maildirFile) int {
		if c := strings.Compare(a.unique(), b.unique()); c != 0 || a.cur == b.cur {
			return c
		}
		if a.cur {
			return -1 // the later place of the same file comes first and is kept
		}
		return 1
	})
	files = slices.CompactFunc(files, func(a, b maildirFile) bool { return a.unique() == b.unique() })
	if len(files) > maxFiles {
		r.note(dir, whyTooMany, errTooMany)
		files = files[:maxFiles]
	}
	return files
}

// maildirMessage reads one file as one message, whatever its first line.
func (r *reading) maildirMessage(m Message) error {
	f, looks, err := r.open(m.Source)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return &unreadFile{whyUnread(err), err}
	}
	m.ArrivedAt = info.ModTime()
	if looks == shapeMbox {
		r.skipFromLine()
	}
	return r.message(m)
}

func isVanished(err error) bool {
	var unread *unreadFile
	return errors.As(err, &unread) && unread.why == whyVanished
}

// movedMessage looks for a file that is no longer where it was: mail programs move files from "new" to "cur" and rename
// them when a flag is set, at any moment.
func (r *reading) movedMessage(m Message, dir string, file maildirFile) error {
	for range 3 {
		moved, ok := findMoved(dir, file)
		if !ok {
			break
		}
		m.Source = moved.path(dir)
		if err := r.maildirMessage(m); !isVanished(err) {
			return err
		}
	}
	return &unreadFile{whyVanished, fs.ErrNotExist}
}

func findMoved(dir string, file maildirFile) (maildirFile, bool) {
	for _, sub := range []string{"cur", "new"} {
		names, _ := readNames(filepath.Join(dir, sub)) // a folder that vanished has no files
		for _, name := range names {
			if moved := (maildirFile{name: name, cur: sub == "cur"}); moved.unique() == file.unique() {
				return moved, true
			}
		}
	}
	return maildirFile{}, false
}

// readNames gives the names in a folder, unsorted, without hidden ones (in a Maildir they are no messages), and at most
// one more than [maxFiles].
func readNames(dir string) ([]string, error) {
	if !isDir(dir) {
		_, err := os.Stat(dir)
		return nil, err
	}
	f, err := os.Open(dir)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var names []string
	for len(names) <= maxFiles {
		batch, err := f.Readdirnames(4096)
		for _, name := range batch {
			if !strings.HasPrefix(name, ".") {
				names = append(names, name)
			}
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return names, err
		}
	}
	return names, nil
}
