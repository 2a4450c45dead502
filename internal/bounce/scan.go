package bounce

import (
	"bufio"
	"bytes"
	"io"
	"sync"
)

// Bounds on what is read and kept of one message, whatever its size. A message beyond them is read as if it ended there.
const (
	lineSize      = 32 << 10 // longest line handled in one piece
	maxRead       = 80 << 20 // bytes looked at
	maxLines      = 2 << 20  // lines looked at
	maxFieldBytes = 16 << 10 // bytes kept of one header field
	maxHeadBytes  = 192 << 10
	maxTextBytes  = 64 << 10  // bytes kept of one text part, before decoding
	maxReportPart = 512 << 10 // bytes kept of a delivery-status part
	maxKeptBytes  = 2 << 20   // bytes kept of a whole message
	maxParts      = 64        // parts looked at of one message
	maxDepth      = 8         // nesting of multiparts and messages
	maxBlanks     = 20        // blank lines passed over before a header
	maxRecipients = 2000      // recipients reported
)

// buffers gather what becomes a string in the end.
var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

var readers = sync.Pool{New: func() any { return bufio.NewReaderSize(nil, lineSize) }}

// lines reads a message line by line in constant memory. A line longer than the buffer comes in pieces, the later
// ones marked as rest, so that a boundary or a field is never seen in the middle of a line.
type lines struct {
	r     *bufio.Reader
	text  []byte // the line without its end, valid until next
	rest  bool   // text continues the line before
	cut   bool   // text is not the end of its line
	again bool   // next gives the same line once more
	read  int64
	count int
	err   error // of the reader, never io.EOF
}

func newLines(r io.Reader) *lines {
	br := readers.Get().(*bufio.Reader)
	br.Reset(r)
	return &lines{r: br}
}

// close gives the buffer back.
func (l *lines) close() {
	l.r.Reset(nil)
	readers.Put(l.r)
	l.r = nil
}

// next goes to the next line; false at the end of the message or of what is read of it.
func (l *lines) next() bool {
	if l.again {
		l.again = false
		return true
	}
	if l.read >= maxRead || l.count >= maxLines || l.err != nil {
		return false
	}
	text, err := l.r.ReadSlice('\n')
	l.read += int64(len(text))
	l.count++
	l.rest, l.cut = l.cut, err == bufio.ErrBufferFull
	if err != nil && err != bufio.ErrBufferFull {
		if err != io.EOF {
			l.err = err
		}
		if len(text) == 0 {
			return false
		}
	}
	if n := len(text); n > 0 && text[n-1] == '\n' {
		text = text[:n-1]
	}
	l.text = bytes.TrimSuffix(text, []byte{'\r'})
	return true
}

// copyRest adds what is left of the message to raw, at most so many bytes, and says how many it read; nothing is read after it.
func (l *lines) copyRest(raw *bytes.Buffer, most int) int {
	if l.again {
		raw.Write(l.text)
		raw.WriteByte('\n')
	}
	from := raw.Len()
	raw.Grow(min(most, lineSize))
	n, err := io.CopyN(raw, l.r, int64(max(most, 0)))
	if err != nil && err != io.EOF {
		l.err = err
	}
	l.stop()
	dropReturns(raw, from)
	return int(n)
}

// dropReturns takes the CR off each CRLF in a buffer, from an index on.
func dropReturns(raw *bytes.Buffer, from int) {
	text := raw.Bytes()
	at := from
	for i := from; i < len(text); {
		next := bytes.IndexByte(text[i:], '\r')
		if next < 0 {
			at += copy(text[at:], text[i:])
			break
		}
		at += copy(text[at:], text[i:i+next])
		i += next
		if i+1 == len(text) || text[i+1] != '\n' {
			text[at] = '\r'
			at++
		}
		i++
	}
	raw.Truncate(max(at, from))
}

// stop makes what is read so far all there is.
func (l *lines) stop() { l.read = maxRead }

// back makes next give the current line once more.
func (l *lines) back() { l.again = true }
