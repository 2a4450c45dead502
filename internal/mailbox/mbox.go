package mailbox

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"time"
)

// splitter cuts an mbox (RFC 4155; mboxo and mboxrd, lines ended by LF or CRLF) into messages while it streams: a
// message of any size, with lines of any length, passes through one buffer.
//
// A Content-Length field is not looked at: it is wrong wherever a mail was edited or its line ends changed, and mboxo and
// mboxrd do not need it. What counts is a "From " line with a date, or a bare one, with a header field after it.
type splitter struct {
	br *bufio.Reader // at least maxFromLine+maxFieldName large
	// arrived is the date on the current message's "From " line, zero when there is none.
	arrived time.Time
	// start is the offset in the file at which the current message's first field begins; line is that of its "From " line.
	start, line int64
	// skipped is true where bytes that are no message stood before the first separator.
	skipped bool
	// cut is true where the last message ends without a line end or within its header.
	cut bool
	err error // what the disk said, never io.EOF

	offset   int64
	out      []byte // a piece of the current line, within br's buffer
	held     []byte // an empty line not handed on yet: before a separator it is no part of the message
	lead     []byte // a held line on its way out before out
	midLine  bool
	inHeader bool
	blank    bool // the line before was empty, or this is the beginning
	dateless bool // the first "From " line has no date: then others need none
	ended    bool // the current message is over
	eof      bool
	began    bool
}

var (
	lineLF   = []byte("\n")
	lineCRLF = []byte("\r\n")
)

func newSplitter(br *bufio.Reader) *splitter {
	return &splitter{br: br, blank: true, ended: true}
}

// next moves to the next message, over what is left of the current one. It reports false at the end.
func (s *splitter) next() bool {
	if !s.began {
		s.began = true
		if !s.findFirst() {
			return false
		}
	}
	for !s.ended {
		s.step()
	}
	if s.eof {
		return false
	}
	s.line = s.offset
	line, _ := s.br.ReadSlice('\n')
	s.offset += int64(len(line))
	s.arrived = arrivalIn(line)
	s.skipEscapedFrom()
	s.start = s.offset
	s.out, s.lead, s.held = nil, nil, nil
	s.inHeader, s.blank, s.ended = true, false, false
	return true
}

// findFirst moves to the first separator.
func (s *splitter) findFirst() bool {
	if mark, _ := s.br.Peek(len(byteOrderMark)); bytes.Equal(mark, byteOrderMark) {
		s.discard(len(byteOrderMark))
	}
	head, _ := s.br.Peek(maxFromLine + maxFieldName)
	blanks := len(head) - len(trimBlankLines(head))
	s.discard(blanks)
	if head = head[blanks:]; isFromLine(head) {
		_, dated := fromLineDate(firstLine(head))
		s.dateless = !dated && !isBareFrom(firstLine(head))
		return true
	}
	s.skipped = true
	s.ended, s.blank = false, false
	for !s.ended {
		s.step()
	}
	return !s.eof
}

// skipEscapedFrom drops a ">From " line that stands where the first field should: a trace of a second "From " line that
// some servers leave, and no field.
func (s *splitter) skipEscapedFrom() {
	for {
		head, _ := s.br.Peek(len(">From "))
		if string(head) != ">From " {
			return
		}
		line, err := s.br.ReadSlice('\n')
		s.offset += int64(len(line))
		if err != nil {
			return
		}
	}
}

func (s *splitter) discard(n int) {
	n, _ = s.br.Discard(n)
	s.offset += int64(n)
}

// Read gives the current message's bytes, ">From " unquoted in its body (mboxrd; in mboxo nearly always right too).
func (s *splitter) Read(p []byte) (int, error) {
	n := 0
	for n < len(p) {
		if len(s.lead) > 0 {
			c := copy(p[n:], s.lead)
			s.lead, n = s.lead[c:], n+c
			continue
		}
		if len(s.out) > 0 {
			c := copy(p[n:], s.out)
			s.out, n = s.out[c:], n+c
			continue
		}
		if s.ended {
			break
		}
		s.step()
	}
	if n == 0 && len(p) > 0 {
		return 0, io.EOF
	}
	return n, nil
}

// step reads a line or a piece of one into out, or finds the end of the message.
func (s *splitter) step() {
	if !s.midLine && s.atSeparator() {
		s.ended = true
		return
	}
	line, err := s.br.ReadSlice('\n')
	s.offset += int64(len(line))
	if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
		s.finish(line, err)
		return
	}
	s.takeLine(line, errors.Is(err, bufio.ErrBufferFull))
}

// takeLine decides what of a line goes to the message.
func (s *splitter) takeLine(line []byte, partial bool) {
	atStart := !s.midLine
	s.midLine = partial
	s.lead, s.held = s.held, nil
	s.out = line
	if !atStart {
		return
	}
	s.blank = len(line) <= 2 && len(bytes.TrimRight(line, "\r\n")) == 0
	switch {
	case s.blank && s.inHeader:
		s.inHeader = false // the line that ends the header is part of the message
	case s.blank:
		s.out = nil
		if s.held = lineLF; len(line) == 2 {
			s.held = lineCRLF
		}
	case line[0] == '>' && !s.inHeader && isQuotedFrom(line):
		s.out = line[1:]
	}
}

// finish takes what stood before the end of the file.
func (s *splitter) finish(line []byte, err error) {
	if !errors.Is(err, io.EOF) {
		s.err = err
	}
	s.cut = len(line) > 0 || s.midLine || s.inHeader
	s.lead = nil
	if len(line) > 0 {
		s.takeLine(line, false)
	}
	s.held = nil // the empty line that ends an mbox
	s.ended, s.eof = true, true
}

// atSeparator looks, without moving, whether the next line starts a message.
func (s *splitter) atSeparator() bool {
	if head, _ := s.br.Peek(len(fromSpace)); !bytes.Equal(head, fromSpace) {
		return false
	}
	head, _ := s.br.Peek(maxFromLine + maxFieldName)
	return isSeparator(head, s.blank, s.dateless)
}

// isSeparator judges a "From " line by its date and by the line after it; blank says whether an empty line is before it.
// A text that was not quoted can have such a line, so without the empty line a field that mail has must follow.
func isSeparator(head []byte, blank, dateless bool) bool {
	end := bytes.IndexByte(head, '\n')
	if end < 0 || end > maxFromLine {
		return false
	}
	after := head[end+1:]
	field := fieldName(after) != nil || bytes.HasPrefix(after, []byte(">From "))
	if _, dated := fromLineDate(head[:end]); !dated {
		return (dateless || isBareFrom(head[:end])) && blank && field
	}
	if !blank {
		return knownField(after)
	}
	return field || len(after) == 0 || after[0] == '\n' || after[0] == '\r'
}

// isBareFrom reports whether a line is "From " and nothing else. Newer Thunderbirds write their separators so, after dated ones
// in the same file, and quote every such line of a message
// (https://searchfox.org/comm-central/source/mailnews/base/src/MboxMsgOutputStream.cpp).
func isBareFrom(line []byte) bool {
	return bytes.Equal(bytes.TrimRight(line, "\r\n"), fromSpace)
}

// hasSeparator reports whether a whole separator stands anywhere in head.
func hasSeparator(head []byte) bool {
	for {
		i := bytes.Index(head, []byte("\nFrom "))
		if i < 0 {
			return false
		}
		head = head[i+1:]
		if isSeparator(head[:min(len(head), maxFromLine+maxFieldName)], false, false) {
			return true
		}
	}
}

// isQuotedFrom reports whether a line is "From " behind one or more ">".
func isQuotedFrom(line []byte) bool {
	return bytes.HasPrefix(bytes.TrimLeft(line, ">"), fromSpace)
}

func firstLine(b []byte) []byte {
	line, _, _ := bytes.Cut(b, newline)
	return line
}
