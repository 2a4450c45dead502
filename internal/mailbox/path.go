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
)

// Path is the mail at path, all of it in one role: an mbox file (mboxo or mboxrd, RFC 4155), a Maildir
// (https://cr.yp.to/proto/maildir.html), a folder of message files, or one message file (RFC 5322). Which of them it is,
// is seen when it is read. Reading fails with a [*PathError] where the path is missing ([ErrMissing]), a folder holds no
// mail ([ErrNoMail]), or a file is no mail ([ErrNotMail]).
func Path(path string, role Role) Source { return pathSource{path, role} }

type pathSource struct {
	path string
	role Role
}

// Read implements [Source].
func (p pathSource) Read(ctx context.Context, visit func(Message) error) (Coverage, error) {
	r := newReading(ctx, visit)
	err := r.path(p.path, p.role)
	return r.cov, err
}

// path reads whatever stands at path.
func (r *reading) path(path string, role Role) error {
	info, err := os.Stat(path)
	if err != nil {
		return pathError(path, err)
	}
	if info.IsDir() {
		err = r.folder(path, role)
	} else {
		err = r.namedFile(path, role)
	}
	if err == nil {
		r.cov.Roles[role] = true
	}
	return err
}

// namedFile reads a file that a person named, so that what it is not is an error and not a note.
func (r *reading) namedFile(path string, role Role) error {
	err := r.file(Message{Source: path, Folder: path, Role: role})
	var unread *unreadFile
	if !errors.As(err, &unread) {
		return err
	}
	switch unread.why {
	case whyEmpty:
		r.note(path, whyEmpty, unread.err)
		return nil
	case whyBinary, whyPacked, whyOutlook, whyNotMail:
		return &PathError{Path: path, Kind: unread.why, Err: ErrNotMail}
	}
	return pathError(path, unread.err)
}

// unreadFile is a file that could not be read as mail at all; nothing of it was handed on.
type unreadFile struct {
	why string
	err error
}

func (e *unreadFile) Error() string { return e.why + ": " + e.err.Error() }

// file reads a message file or an mbox. Its error is an *unreadFile, the visitor's, or the context's.
func (r *reading) file(m Message) error {
	f, looks, err := r.open(m.Source)
	if err != nil {
		return err
	}
	defer f.Close()
	switch {
	case looks == shapeMbox && isEML(m.Source):
		// One message saved with its "From " line; others in it were enclosed.
		r.skipFromLine()
	case looks == shapeMbox:
		return r.mbox(m, f)
	}
	return r.message(m)
}

func isEML(path string) bool { return strings.EqualFold(filepath.Ext(path), ".eml") }

// skipFromLine drops the "From " line that some programs leave in the file of a single message.
func (r *reading) skipFromLine() { newSplitter(r.br).next() }

// open opens a file and looks at its beginning; r.br stands at the first byte. Its error is an *unreadFile.
func (r *reading) open(path string) (*os.File, shape, error) {
	f, err := openRegular(path)
	if err != nil {
		return nil, 0, &unreadFile{whyUnread(err), err}
	}
	r.br.Reset(f)
	head, err := r.br.Peek(bufferSize)
	if err != nil && !errors.Is(err, io.EOF) {
		f.Close()
		return nil, 0, &unreadFile{whyUnread(err), err}
	}
	looks := shapeOf(head)
	if looks != shapeMessage && looks != shapeMbox {
		f.Close()
		return nil, 0, &unreadFile{looks.why(), ErrNotMail}
	}
	return f, looks, nil
}

// message hands on the one message that r.br stands at, from its first field on.
func (r *reading) message(m Message) error {
	head, _ := r.br.Peek(bufferSize)
	first := trimBlankLines(bytes.TrimPrefix(head, byteOrderMark))
	if _, err := r.br.Discard(len(head) - len(first)); err != nil {
		return &unreadFile{whyReadFailed, err}
	}
	m.Body = &body{src: r.br, r: r, source: m.Source}
	return r.hand(m)
}

// folder reads a Maildir or a folder of files.
func (r *reading) folder(path string, role Role) error {
	if isMaildir(path) {
		return r.maildir(path, path, role)
	}
	return r.folderOfFiles(path, role)
}

// folderOfFiles reads every file of a folder that is mail.
func (r *reading) folderOfFiles(path string, role Role) error {
	names, err := readNames(path)
	if err != nil {
		return pathError(path, err)
	}
	if len(names) > maxFiles {
		names = names[:maxFiles]
		r.note(path, whyTooMany, errTooMany)
	}
	slices.Sort(names)
	before := r.seen()
	var inside []string
	for _, name := range names {
		file := filepath.Join(path, name)
		if info, err := os.Stat(file); err == nil && info.IsDir() {
			inside = append(inside, file)
			continue
		}
		if err := r.fileOfFolder(Message{Source: file, Folder: path, Role: role}); err != nil {
			return err
		}
	}
	if r.seen() == before {
		return &PathError{Path: path, Kind: "no-mail", Err: ErrNoMail}
	}
	// Folders inside are not read, since nobody named them; they are listed, so that mail in them is not lost in silence.
	for _, dir := range inside {
		r.note(dir, whySubfolder, ErrNoMail)
	}
	return nil
}

// seen counts what was read or listed.
func (r *reading) seen() int { return len(r.cov.Unreadable) + r.cov.Messages }

// fileOfFolder reads one file of a folder. What is no mail is listed when its name says that it should be; others (a
// README, an index) are none of ours.
func (r *reading) fileOfFolder(m Message) error {
	err := r.file(m)
	var unread *unreadFile
	if !errors.As(err, &unread) {
		return err
	}
	switch unread.why {
	case whyEmpty, whyBinary, whyNotMail:
		if !isEML(m.Source) {
			return nil
		}
	}
	r.note(m.Source, unread.why, unread.err)
	return nil
}
