package checklist

import (
	"bufio"
	"encoding/base64"
	"errors"
	"io"
	"mime/multipart"
	"mime/quotedprintable"
	"net/textproto"
	"strings"
)

// maxReturnedDepth and maxReturnedParts bound the search for a returned message inside a bounce.
const (
	maxReturnedDepth = 5
	maxReturnedParts = 100
)

// Returned finds the message that a bounce returns (RFC 6522): whole, or its header alone; in a bounce without parts, below the text.
// What it finds is the bounce's word, and not the person's own copy. Of the bounce only that is held in memory.
func Returned(bounced io.Reader) (Letter, bool) {
	in := bufio.NewReaderSize(bounced, 64<<10)
	head, ok := bounceHead(in)
	if !ok {
		return Letter{}, false
	}
	outer := Letter{fields: letterFields(head)}
	left := maxReturnedParts
	return returnedIn(outer.get("Content-Type"), outer.get("Content-Transfer-Encoding"), in, maxReturnedDepth, &left)
}

// bounceHead reads a header with its empty line.
func bounceHead(in *bufio.Reader) (head []byte, ok bool) {
	for len(head) <= maxLetterHead {
		line, err := in.ReadSlice('\n')
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return nil, false
		}
		if s := strings.TrimRight(string(line), "\r\n"); s == "" && err == nil {
			return head, true
		}
		head = append(head, line...)
	}
	return nil, false
}

func returnedIn(contentType, encoding string, in io.Reader, depth int, left *int) (Letter, bool) {
	if depth == 0 {
		return Letter{}, false
	}
	kind, params := mediaType(textproto.MIMEHeader{"Content-Type": {contentType}})
	switch {
	case kind == "message/rfc822" || kind == "message/global":
		return returnedLetter(in, encoding, false)
	case kind == "text/rfc822-headers" || kind == "message/global-headers":
		return returnedLetter(in, encoding, true)
	case kind == "text/plain":
		return returnedBelow(decodedPart(in, encoding))
	case !strings.HasPrefix(kind, "multipart/") || params["boundary"] == "":
		return Letter{}, false
	}
	return returnedAmong(multipart.NewReader(in, params["boundary"]), depth, left)
}

// returnedAmong looks through parts. One that is a message counts before what may stand below a text.
func returnedAmong(parts *multipart.Reader, depth int, left *int) (below Letter, found bool) {
	for *left > 0 {
		*left--
		// A bounce that is cut short still returns what it has.
		part, err := parts.NextRawPart()
		if err != nil {
			break
		}
		contentType := part.Header.Get("Content-Type")
		l, ok := returnedIn(contentType, part.Header.Get("Content-Transfer-Encoding"), part, depth-1, left)
		kind, _ := mediaType(part.Header)
		switch {
		case ok && kind != "text/plain":
			return l, true
		case ok && !found:
			below, found = l, true
		}
	}
	return below, found
}

// returnedLetter undoes what some servers do though they should not (RFC 2046 section 5.2.1): encode a message in a message.
func returnedLetter(in io.Reader, encoding string, headOnly bool) (Letter, bool) {
	rest := &untilTrouble{in: decodedPart(in, encoding)}
	l, err := ReadLetter(rest, headOnly)
	l.Cut = l.Cut || rest.trouble
	return l, err == nil
}

// untilTrouble takes an error for the end, and tells of it.
type untilTrouble struct {
	in      io.Reader
	trouble bool
}

// Read implements [io.Reader].
func (u *untilTrouble) Read(p []byte) (int, error) {
	n, err := u.in.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		u.trouble, err = true, io.EOF
	}
	return n, err
}

// decodedPart undoes a transfer encoding (RFC 2045 section 6).
func decodedPart(in io.Reader, encoding string) io.Reader {
	switch strings.ToLower(strings.TrimSpace(encoding)) {
	case "base64":
		return base64.NewDecoder(base64.StdEncoding, in)
	case "quoted-printable":
		return quotedprintable.NewReader(in)
	}
	return in
}

// returnedBelow finds a message that a server put below its own words, as qmail and Exim do
// (https://cr.yp.to/proto/qsbmf.txt): after an empty line or a line of dashes, a header that tells an original's id.
func returnedBelow(in io.Reader) (Letter, bool) {
	lines := bufio.NewReaderSize(in, 64<<10)
	begins := true // a header could begin here
	for range maxWordsLines {
		if begins {
			if head, ok := peekHead(lines); ok {
				l, err := ReadLetter(lines, !head.followed)
				return l, err == nil
			}
		}
		line, err := lines.ReadSlice('\n')
		if err != nil {
			return Letter{}, false
		}
		text := strings.TrimSpace(string(line))
		begins = text == "" || strings.HasPrefix(text, "---") || strings.HasPrefix(text, "___") || strings.HasPrefix(text, "===")
	}
	return Letter{}, false
}

// maxWordsLines bounds the words of a server above the message that it returns, in lines.
const maxWordsLines = 2_000

// maxPeekedHead is how much of a header is looked at, in bytes.
const maxPeekedHead = 16 << 10

// headBelow is a header that begins where one looks; followed says that an empty line comes after it.
type headBelow struct{ followed bool }

// peekHead looks whether a message begins: fields one after the other, an id and a sender among them.
func peekHead(in *bufio.Reader) (h headBelow, ok bool) {
	start, _ := in.Peek(maxPeekedHead) // what there is, at the end of the text
	fields, id, from := 0, false, false
	for line := range strings.Lines(string(start)) {
		text := strings.TrimRight(line, "\r\n")
		if text == "" || len(start) == maxPeekedHead && text == line {
			h.followed = true
			break
		}
		if text[0] == ' ' || text[0] == '\t' {
			if fields == 0 {
				return h, false
			}
			continue
		}
		name, _, colon := strings.Cut(text, ":")
		if !colon || !isFieldName(name) {
			if fields == 0 && strings.HasPrefix(text, "From ") {
				continue // an mbox's line above the first field
			}
			return h, false
		}
		fields++
		id = id || strings.EqualFold(name, "Message-ID")
		from = from || strings.EqualFold(name, "From")
	}
	return h, id && from && fields > 2
}
