package mailbox

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"os"
	"strings"
)

var errTruncated = errors.New("ends in the middle of a message")

// mbox hands on the messages of an mbox that r.br stands at the beginning of; m is what they have in common.
func (r *reading) mbox(m Message, f *os.File) error {
	path := m.Source
	s := newSplitter(r.br)
	n := 0
	for s.next() {
		if n == 0 && s.skipped {
			r.note(path, whyHeadless, errTruncated)
		}
		n++
		m.Source = fmt.Sprintf("%s#%d", path, n)
		m.ArrivedAt = s.arrived
		m.Body = &body{src: s, r: r, source: m.Source}
		if err := r.hand(m); err != nil {
			return err
		}
	}
	switch {
	case s.err != nil:
		r.note(m.Source, whyUnread(s.err), s.err)
	case n > 0 && (s.cut || multipartUnclosed(f, s.start)):
		r.note(m.Source, whyTruncated, errTruncated)
	}
	return nil
}

// multipartUnclosed reads the last message of an mbox once more, from its offset on, and reports whether it is a
// multipart (RFC 2046 section 5.1.1) without its closing line: a file cut at a line's end shows it only there.
func multipartUnclosed(f io.ReadSeeker, start int64) bool {
	if _, err := f.Seek(start, io.SeekStart); err != nil {
		return false
	}
	br := bufio.NewReaderSize(f, bufferSize)
	head, _ := br.Peek(bufferSize)
	boundary := multipartBoundary(head)
	if boundary == "" {
		return false
	}
	closing := []byte("--" + boundary + "--")
	for midLine := false; ; {
		line, err := br.ReadSlice('\n')
		if !midLine && bytes.HasPrefix(line, closing) {
			return false
		}
		midLine = errors.Is(err, bufio.ErrBufferFull)
		if err != nil && !midLine {
			return true
		}
	}
}

// multipartBoundary gives the boundary in a message's own Content-Type, "" when it is no multipart.
func multipartBoundary(head []byte) string {
	value, in := "", false
	for len(head) > 0 {
		line, rest, _ := bytes.Cut(head, newline)
		line, head = bytes.TrimRight(line, "\r"), rest
		if len(line) == 0 {
			break
		}
		if in && (line[0] == ' ' || line[0] == '\t') {
			value += " " + string(bytes.TrimSpace(line))
			continue
		}
		if in = strings.EqualFold(string(fieldName(line)), "content-type"); in {
			_, after, _ := bytes.Cut(line, []byte(":"))
			value = string(bytes.TrimSpace(after))
		}
	}
	media, params, err := mime.ParseMediaType(value)
	if err != nil || !strings.HasPrefix(media, "multipart/") {
		return ""
	}
	return params["boundary"]
}
