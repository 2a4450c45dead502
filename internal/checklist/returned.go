package checklist

import (
	"bytes"
	"encoding/base64"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"strings"
)

// maxReturnedDepth and maxReturnedParts bound the search for a returned message inside a bounce.
const (
	maxReturnedDepth = 5
	maxReturnedParts = 100
)

// Returned finds the message that a bounce returns (RFC 6522): whole, or its header alone. What it finds is the
// bounce's word, and not the person's own copy.
func Returned(bounced []byte) (Letter, bool) {
	head, body := splitLetter(bounced)
	if len(bounced) > MaxLetter || len(head) > maxLetterHead {
		return Letter{}, false
	}
	outer := Letter{fields: letterFields(head)}
	left := maxReturnedParts
	return returnedIn(outer.get("Content-Type"), outer.get("Content-Transfer-Encoding"), body, maxReturnedDepth, &left)
}

func returnedIn(contentType, encoding string, body []byte, depth int, left *int) (Letter, bool) {
	kind, params, err := mime.ParseMediaType(contentType)
	if err != nil || depth == 0 {
		return Letter{}, false
	}
	switch {
	case kind == "message/rfc822" || kind == "message/global":
		return returnedLetter(body, encoding, false)
	case kind == "text/rfc822-headers" || kind == "message/global-headers":
		return returnedLetter(body, encoding, true)
	case !strings.HasPrefix(kind, "multipart/"):
		return Letter{}, false
	}
	parts := multipart.NewReader(bytes.NewReader(body), params["boundary"])
	for *left > 0 {
		*left--
		part, err := parts.NextRawPart()
		if err != nil {
			return Letter{}, false
		}
		// A bounce that is cut short still returns what it has.
		inside, err := io.ReadAll(part)
		if err != nil && len(inside) == 0 {
			return Letter{}, false
		}
		if l, ok := returnedIn(part.Header.Get("Content-Type"), part.Header.Get("Content-Transfer-Encoding"), inside, depth-1, left); ok {
			return l, true
		}
	}
	return Letter{}, false
}

// returnedLetter undoes what some servers do though they should not (RFC 2046 section 5.2.1): encode a message in a message.
func returnedLetter(body []byte, encoding string, headOnly bool) (Letter, bool) {
	in := decodedPart(bytes.NewReader(body), encoding)
	raw, err := io.ReadAll(in)
	if err != nil && len(raw) == 0 {
		return Letter{}, false
	}
	l, broken := ParseLetter(raw, headOnly)
	l.Cut = l.Cut || err != nil
	return l, broken == nil
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
