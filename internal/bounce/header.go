package bounce

import (
	"bytes"
	"strings"
	"sync"
)

// header is a block of fields (RFC 5322 section 2.2) as they came: names in any case, values folded and encoded.
type header struct {
	fields []field
}

type field struct{ name, value string }

// get gives the first field of that name, unfolded; "" where there is none.
func (h header) get(name string) string {
	for i := range h.fields {
		if f := &h.fields[i]; len(f.name) == len(name) && strings.EqualFold(f.name, name) {
			return unfold(h.fields[i].value)
		}
	}
	return ""
}

// has reports whether there is a field of that name.
func (h header) has(name string) bool {
	for i := range h.fields {
		if f := &h.fields[i]; len(f.name) == len(name) && strings.EqualFold(f.name, name) {
			return true
		}
	}
	return false
}

// first gives the first field of any of these names that says something.
func (h header) first(names ...string) string {
	for _, n := range names {
		if v := h.get(n); v != "" {
			return v
		}
	}
	return ""
}

// all gives every field of that name, unfolded, in order.
func (h header) all(name string) []string {
	var vs []string
	for i := range h.fields {
		if f := &h.fields[i]; len(f.name) == len(name) && strings.EqualFold(f.name, name) {
			vs = append(vs, unfold(h.fields[i].value))
		}
	}
	return vs
}

func unfold(v string) string {
	if strings.IndexByte(v, '\n') < 0 {
		return strings.TrimSpace(v)
	}
	var b strings.Builder
	b.Grow(len(v))
	for line := range strings.SplitSeq(v, "\n") {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(line)
	}
	return b.String()
}

// readHeader reads fields up to the blank line that ends them, or up to a boundary that comes too early. This is the one place that repairs what
// real mail does to headers and stricter readers refuse: mbox "From " lines, leading blanks and blank lines, lines without a colon,
// 8-bit names, fields and headers of any length.
func readHeader(in *lines, isBoundary func([]byte) bool, skipBlank bool) header {
	raw := buffers.Get().(*bytes.Buffer)
	raw.Reset()
	defer buffers.Put(raw)
	markPool := marksPool.Get().(*[]fieldMark)
	marks := (*markPool)[:0]
	defer func() {
		*markPool = marks
		marksPool.Put(markPool)
	}()
	fieldSize, blanks := 0, 0
	for in.next() {
		line := in.text
		if in.rest {
			continue
		}
		if isBoundary != nil && len(line) > 2 && line[0] == '-' && line[1] == '-' && isBoundary(line) {
			in.back()
			break
		}
		if len(bytes.TrimLeft(line, " \t")) == 0 {
			if len(marks) == 0 && skipBlank && blanks < maxBlanks {
				blanks++
				continue // before the first field
			}
			if len(line) == 0 || len(marks) > 0 {
				break
			}
			continue
		}
		if raw.Len() >= maxHeadBytes {
			continue
		}
		if (line[0] == ' ' || line[0] == '\t') && len(marks) > 0 {
			if fieldSize < maxFieldBytes {
				raw.WriteByte('\n')
				raw.Write(line)
				fieldSize += len(line)
				marks[len(marks)-1].end = raw.Len()
			}
			continue
		}
		colon := fieldColon(line)
		if colon < 0 {
			if len(marks) == 0 && !isMboxLine(line) {
				in.back() // no header at all: this is the body
				break
			}
			continue
		}
		line = line[:min(len(line), maxFieldBytes)]
		start := raw.Len()
		raw.Write(line)
		fieldSize = len(line)
		marks = append(marks, fieldMark{start, start + colon, raw.Len()})
	}
	return newHeader(raw.String(), marks)
}

var marksPool = sync.Pool{New: func() any { return new([]fieldMark) }}

// fieldMark says where in a header's text a field and its colon stand.
type fieldMark struct{ start, colon, end int }

func newHeader(raw string, marks []fieldMark) header {
	h := header{fields: make([]field, len(marks))}
	for i, m := range marks {
		h.fields[i] = field{strings.TrimSpace(raw[m.start:m.colon]), strings.TrimSpace(raw[m.colon+1 : m.end])}
	}
	return h
}

// isMboxLine tells the envelope line of an mbox file (RFC 4155), also as some programs quote it.
func isMboxLine(line []byte) bool {
	return bytes.HasPrefix(line, []byte("From ")) || bytes.HasPrefix(line, []byte(">From "))
}

// fieldColon gives the place of the colon that ends a field's name, -1 where the line is no field.
func fieldColon(line []byte) int {
	colon := bytes.IndexByte(line[:min(len(line), 120)], ':')
	if colon <= 0 {
		return -1
	}
	name := bytes.TrimSpace(line[:colon])
	if len(name) == 0 || bytes.IndexByte(name, ' ') >= 0 || bytes.IndexByte(name, '<') >= 0 {
		return -1
	}
	return colon
}

// headerOf reads fields from a text, as [readHeader] reads them from a message; rest is what follows the blank line.
func headerOf(text string) header {
	in := newLines(strings.NewReader(text))
	defer in.close()
	return readHeader(in, neverBoundary, true)
}

func neverBoundary([]byte) bool { return false }
