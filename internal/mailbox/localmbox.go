package mailbox

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
)

// localFile reads what is new in one file.
func (r *localReading) localFile(mark LocalMark, info os.FileInfo) error {
	if mark.Size == info.Size() && mark.Modified.Equal(info.ModTime()) && !mark.Waiting && mark.Size > 0 {
		return nil
	}
	f, err := openRegular(mark.Path)
	if err != nil {
		return pathError(mark.Path, err)
	}
	defer f.Close()
	if info, err = f.Stat(); err != nil {
		return pathError(mark.Path, err)
	}
	// What is written from here on is for the next pass: the file is read as long as it is now.
	whole := io.NewSectionReader(f, 0, info.Size())
	r.br.Reset(whole)
	head, err := r.br.Peek(bufferSize)
	if err != nil && !errors.Is(err, io.EOF) {
		return pathError(mark.Path, err)
	}
	next := LocalMark{Path: mark.Path, Size: info.Size(), Modified: info.ModTime()}
	switch looks := shapeOf(head); {
	case looks == shapeEmpty:
		// A folder without mail, as every mail program has some.
		return r.marked(next)
	case looks == shapeMbox && !isEML(mark.Path):
		return r.localMbox(whole, mark, next, r.fresh(info))
	case looks == shapeMbox || looks == shapeMessage:
		return r.localMessage(whole, head, next, r.fresh(info))
	default:
		return &PathError{Path: mark.Path, Kind: looks.why(), Err: ErrNotMail}
	}
}

// localMessage reads a file that holds one message.
func (r *localReading) localMessage(whole *io.SectionReader, head []byte, next LocalMark, fresh bool) error {
	if fresh && unfinished(whole, startOfMessage(head)) {
		r.note(next.Path, whyUnfinished, errTruncated)
		next.Waiting = true
		return r.marked(next)
	}
	isMbox := shapeOf(head) == shapeMbox
	r.br.Reset(io.NewSectionReader(whole, 0, whole.Size()))
	if isMbox {
		r.skipFromLine()
	}
	if err := r.message(Message{Source: next.Path}); err != nil {
		return r.listed(next.Path, err)
	}
	next.Messages = 1
	return r.marked(next)
}

// startOfMessage is the offset of a message's first field in the file that begins with head.
func startOfMessage(head []byte) int64 {
	return int64(len(head) - len(trimBlankLines(bytes.TrimPrefix(head, byteOrderMark))))
}

// listed turns a file that could not be read into a note.
func (r *localReading) listed(path string, err error) error {
	var unread *unreadFile
	if !errors.As(err, &unread) {
		return err
	}
	r.note(path, unread.why, unread.err)
	return nil
}

// localMbox reads the messages of an mbox that the mark does not cover.
func (r *localReading) localMbox(whole *io.SectionReader, mark, next LocalMark, fresh bool) error {
	from, n := r.goOn(whole, mark)
	next.Messages, next.Offset = n, from
	if n > 0 {
		next.Last, next.Digest = mark.Last, mark.Digest
	}
	if from == whole.Size() {
		return r.marked(next)
	}
	end := whole.Size()
	if fresh {
		end = r.writtenUpTo(whole, from)
		next.Waiting = end < whole.Size()
	}
	s := r.splitAt(whole, from)
	for s.next() && s.line < end {
		if from == 0 && next.Messages == 0 && s.skipped {
			r.note(mark.Path, whyHeadless, errTruncated)
		}
		if err := r.markOnTheWay(next, s.line, n); err != nil {
			return err
		}
		next.Messages++
		m := Message{Source: fmt.Sprintf("%s#%d", mark.Path, next.Messages), ArrivedAt: s.arrived}
		next.Last = s.line
		m.Body = &body{src: s, r: r.reading, source: m.Source}
		if err := r.hand(m); err != nil {
			return err
		}
		next.Digest = r.key
	}
	return r.endMbox(whole, s, next, end)
}

// markOnTheWay hands on a mark in the middle of a file, so that a long first reading can be broken off. It has no size: the
// file is not read to its end.
func (r *localReading) markOnTheWay(next LocalMark, line int64, began int) error {
	if visited := next.Messages - began; visited == 0 || visited%markEvery != 0 {
		return nil
	}
	next.Size, next.Offset, next.Waiting = 0, line, false
	return r.marked(next)
}

// endMbox notes how an mbox ends, and hands on the mark of it.
func (r *localReading) endMbox(whole *io.SectionReader, s *splitter, next LocalMark, end int64) error {
	next.Offset = end
	switch {
	case s.err != nil:
		return pathError(next.Path, s.err) // and no mark: it is read again
	case next.Waiting:
		r.note(next.Path, whyUnfinished, errTruncated)
	case s.cut || s.start > 0 && multipartUnclosed(whole, s.start):
		r.note(fmt.Sprintf("%s#%d", next.Path, next.Messages), whyTruncated, errTruncated)
	}
	return r.marked(next)
}

// splitAt gives the messages of an mbox from an offset on.
func (r *localReading) splitAt(whole *io.SectionReader, from int64) *splitter {
	r.br.Reset(io.NewSectionReader(whole, from, whole.Size()-from))
	s := newSplitter(r.br)
	s.offset = from
	return s
}

// goOn gives where to read on: behind what the mark covers, where its last message still is and ends there; at that message,
// where more was added to it; else at the beginning. The number is of messages before it.
func (r *localReading) goOn(whole *io.SectionReader, mark LocalMark) (from int64, before int) {
	if mark.Offset <= 0 || mark.Offset > whole.Size() || mark.Last < 0 || mark.Last >= mark.Offset || mark.Messages < 1 {
		return 0, 0
	}
	s := r.splitAt(whole, mark.Last)
	if !s.next() || s.line != mark.Last {
		return 0, 0
	}
	head, err := readHead(s, r.head)
	if err != nil || keyOf(head) != mark.Digest {
		return 0, 0
	}
	after := make([]byte, maxFromLine+maxFieldName)
	n, err := whole.ReadAt(after, mark.Offset)
	if err != nil && !errors.Is(err, io.EOF) {
		return 0, 0
	}
	after = trimBlankLines(after[:n])
	if len(after) == 0 || isFromLine(after) {
		return mark.Offset, mark.Messages
	}
	return mark.Last, mark.Messages - 1
}

// writtenUpTo gives where the last message begins when it looks as if somebody were still writing it, else the end.
func (r *localReading) writtenUpTo(whole *io.SectionReader, from int64) int64 {
	s := r.splitAt(whole, from)
	found := false
	for s.next() {
		found = true
	}
	if found && (s.cut || unfinished(whole, s.start)) {
		return s.line
	}
	return whole.Size()
}

// unfinished reports whether the message that begins at start ends before its header or its last part does.
func unfinished(whole *io.SectionReader, start int64) bool {
	message := io.NewSectionReader(whole, start, whole.Size()-start)
	br := bufio.NewReaderSize(message, bufferSize)
	head, err := br.Peek(bufferSize)
	if headerEnd(head) < 0 && errors.Is(err, io.EOF) {
		return true
	}
	return multipartUnclosed(whole, start)
}
