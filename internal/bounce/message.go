package bounce

import (
	"bytes"
	"strings"
)

// message is a mail, or one that another one encloses: its header and the leaves of its body that matter here.
type message struct {
	head  header
	media media
	parts []part

	start    string // the beginning of a long text
	human    string // the text for people, once it is put together
	hasHuman bool
}

// part is a leaf of a message's body.
type part struct {
	kind     string // media type, lower case
	head     header
	raw      string // the body as it came, of parts that are kept
	charset  string
	encoding string
	decoded  string   // raw, decoded
	enclosed *message // of message/rfc822 and its kin
	file     string   // the name of an attachment
}

// text gives a part's body as UTF-8. Decoding waits for somebody who asks: most parts are never looked at.
func (p *part) text() string {
	if p.raw != "" {
		if isEncoded(p.encoding) {
			p.decoded = decodeCharset(decodeTransfer([]byte(p.raw), p.encoding), p.charset)
		} else {
			p.decoded = decodeText(p.raw, p.charset)
		}
		p.raw = ""
	}
	return p.decoded
}

// walker reads a message's body part by part (RFC 2046), keeping the little that is needed.
type walker struct {
	in         *lines
	boundaries [][]byte // open ones with their leading dashes, outermost first
	kept       int      // bytes kept so far
	leaves     int
	depth      int
}

// readBody reads the body of m, whose header is read.
func readBody(in *lines, m *message) {
	w := &walker{in: in}
	w.body(m, m.head, m.media)
}

// end says which open boundary ended a body; open is -1 at the end of the message.
type end struct {
	level  int
	closed bool
}

var atEOF = end{level: -1}

// boundary tells whether the line is one of the open boundaries, innermost first.
func (w *walker) boundary(line []byte) (end, bool) {
	if len(line) < 3 || line[0] != '-' || line[1] != '-' {
		return end{}, false
	}
	for i := len(w.boundaries) - 1; i >= 0; i-- {
		b := w.boundaries[i]
		if !bytes.HasPrefix(line, b) {
			continue
		}
		rest := bytes.TrimRight(line[len(b):], " \t")
		switch {
		case len(rest) == 0:
			return end{level: i}, true
		case len(rest) >= 2 && rest[0] == '-' && rest[1] == '-':
			return end{level: i, closed: true}, true
		}
	}
	return end{}, false
}

func (w *walker) isBoundary(line []byte) bool {
	_, ok := w.boundary(line)
	return ok
}

// body reads one entity's body into m and says what ended it.
func (w *walker) body(m *message, head header, md media) end {
	if w.leaves++; w.leaves > maxParts {
		w.in.stop()
		return atEOF
	}
	switch {
	case w.depth >= maxDepth:
		return w.skip()
	case strings.HasPrefix(md.kind, "multipart/"):
		return w.multipart(m, head, md)
	case isEnclosing(md.kind):
		return w.enclosed(m, head, md)
	case isHeaderPart(md.kind):
		return w.keep(m, head, md, maxTextBytes)
	case isReportPart(md.kind):
		return w.keep(m, head, md, maxReportPart)
	case strings.HasPrefix(md.kind, "text/") || strings.Contains(md.kind, "xml") || !strings.Contains(md.kind, "/"):
		return w.keep(m, head, md, maxTextBytes)
	}
	m.parts = append(m.parts, part{kind: md.kind, head: head, file: fileName(head, md)})
	return w.skip()
}

func fileName(head header, md media) string {
	if n := parseMedia(head.get("Content-Disposition")).param("filename"); n != "" {
		return n
	}
	return md.param("name")
}

// isEnclosing tells the types that hold a whole message (RFC 2046 section 5.2, RFC 6532 section 3.7).
func isEnclosing(kind string) bool {
	return kind == "message/rfc822" || kind == "message/global" || kind == "message/news" || kind == "message/partial"
}

// isHeaderPart tells the types that hold a message's header (RFC 6522 section 4, RFC 6533 section 6).
func isHeaderPart(kind string) bool {
	return kind == "text/rfc822-headers" || kind == "message/global-headers" || kind == "message/rfc822-headers" ||
		kind == "text/rfc822-header" || kind == "text/rfc822"
}

// isReportPart tells the types that hold fields for machines (RFC 3464, 6533, 8098, 5965).
func isReportPart(kind string) bool {
	switch kind {
	case "message/delivery-status", "message/global-delivery-status", "message/disposition-notification",
		"message/global-disposition-notification", "message/feedback-report", "text/delivery-status", "message/xdelivery-status":
		return true
	}
	return false
}

// skip passes over a body.
func (w *walker) skip() end {
	for w.in.next() {
		if w.in.rest {
			continue
		}
		if e, ok := w.boundary(w.in.text); ok {
			return e
		}
	}
	return atEOF
}

// multipart reads the parts of a multipart. A boundary that is declared wrongly, or not at all, is taken from the line that looks like one.
func (w *walker) multipart(m *message, head header, md media) end {
	w.depth++
	defer func() { w.depth-- }()
	level := len(w.boundaries)
	w.boundaries = append(w.boundaries, []byte("--"+md.param("boundary")))
	defer func() { w.boundaries = w.boundaries[:level] }()
	if md.param("boundary") == "" {
		w.boundaries[level] = nil
	}
	e := w.preamble(m, head, level)
	for e.level == level && !e.closed {
		h := readHeader(w.in, w.isBoundary, false)
		ph := parseMedia(h.get("Content-Type"))
		if md.kind == "multipart/digest" && h.get("Content-Type") == "" {
			ph.kind = "message/rfc822"
		}
		e = w.body(m, h, ph)
	}
	if e.level != level {
		return e
	}
	return w.skip() // the epilogue, up to the boundary of the multipart around
}

// preamble reads what stands before the first boundary. Where no declared boundary is found, the text is kept: it is all there is.
func (w *walker) preamble(m *message, head header, level int) end {
	var text bytes.Buffer
	var guess []byte // a line that may be the true boundary, if a Content- field follows it
	if len(w.boundaries[level]) == 0 {
		w.boundaries[level] = []byte("--\x00")
	}
	for w.in.next() {
		line := w.in.text
		if w.in.rest {
			continue
		}
		if e, ok := w.boundary(line); ok {
			return e
		}
		if guess != nil && len(line) > 8 && bytes.EqualFold(line[:8], []byte("content-")) {
			w.boundaries[level] = guess
			w.in.back()
			return end{level: level}
		}
		guess = nil
		if len(line) > 3 && line[0] == '-' && line[1] == '-' && bytes.IndexByte(line, ' ') < 0 {
			guess = bytes.Clone(line)
		}
		if text.Len() < maxTextBytes && w.kept < maxKeptBytes {
			text.Write(line)
			text.WriteByte('\n')
			w.kept += len(line) + 1
		}
	}
	m.parts = append(m.parts, part{kind: "text/plain", head: head, raw: text.String()})
	return atEOF
}

// keep reads a leaf whose text matters.
func (w *walker) keep(m *message, head header, md media, most int) end {
	buf := buffers.Get().(*bytes.Buffer)
	buf.Reset()
	defer buffers.Put(buf)
	e := w.collect(buf, most, isReportPart(md.kind))
	m.parts = append(m.parts, part{
		kind: md.kind, head: head, raw: buf.String(), charset: md.param("charset"),
		encoding: head.get("Content-Transfer-Encoding"), file: fileName(head, md),
	})
	return e
}

// looksLikeBoundary tells a boundary that was declared otherwise, by the field that follows it. Fields of a report hold no such line.
func (w *walker) looksLikeBoundary() bool {
	line := w.in.text
	if len(line) < 8 || line[0] != '-' || line[1] != '-' || bytes.IndexByte(line, ' ') >= 0 || len(w.boundaries) == 0 {
		return false
	}
	line = bytes.Clone(line) // peeking may move the buffer
	next, _ := w.in.r.Peek(8)
	w.in.text = line
	return bytes.EqualFold(next, []byte("content-"))
}

// collect gathers a body's lines, at most so many bytes of them; of fields also up to a boundary that was declared otherwise.
func (w *walker) collect(raw *bytes.Buffer, most int, fields bool) end {
	if len(w.boundaries) == 0 && !fields {
		w.kept += w.in.copyRest(raw, min(most, maxKeptBytes-w.kept))
		return atEOF
	}
	for w.in.next() {
		if !w.in.rest {
			if e, ok := w.boundary(w.in.text); ok {
				return e
			}
			if fields && w.looksLikeBoundary() {
				return end{level: len(w.boundaries) - 1}
			}
		}
		if raw.Len()+len(w.in.text) < most && w.kept < maxKeptBytes {
			raw.Write(w.in.text)
			if !w.in.cut {
				raw.WriteByte('\n')
			}
			w.kept += len(w.in.text) + 1
		}
	}
	return atEOF
}

// enclosed reads a message inside the message: its header, and its body only where it is itself a report.
func (w *walker) enclosed(m *message, head header, md media) end {
	w.depth++
	defer func() { w.depth-- }()
	inner := &message{}
	m.parts = append(m.parts, part{kind: md.kind, head: head, enclosed: inner, file: fileName(head, md)})
	if isEncoded(head.get("Content-Transfer-Encoding")) && !isReturned(head) {
		var raw bytes.Buffer
		e := w.collect(&raw, maxTextBytes, false)
		sub := newLines(bytes.NewReader(decodeTransfer(raw.Bytes(), head.get("Content-Transfer-Encoding"))))
		defer sub.close()
		in := w.in
		w.in = sub
		defer func() { w.in = in }()
		w.open(inner, header{})
		return e
	}
	return w.open(inner, head)
}

// isReturned tells a part's header into which the returned message's own has run.
func isReturned(head header) bool {
	return head.has("Received") || head.has("From") && head.has("Subject")
}

func (w *walker) open(inner *message, head header) end {
	if isReturned(head) {
		inner.head = head // the blank line between the part's fields and the message's was lost
	} else {
		inner.head = readHeader(w.in, w.isBoundary, true)
	}
	inner.media = parseMedia(inner.head.get("Content-Type"))
	if !inner.media.isReport() {
		return w.skip()
	}
	return w.body(inner, inner.head, inner.media)
}

func isEncoded(enc string) bool {
	enc = strings.ToLower(strings.TrimSpace(enc))
	return enc == "base64" || enc == "quoted-printable"
}
