package checklist

import (
	"bytes"
	"io"
	"mime"
	"mime/multipart"
	"net/textproto"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/htmlindex"
)

// ShortText gives the text of a message of plain text alone, or of plain text beside the same as HTML (RFC 2046 section 5.1.4), with
// line feeds and without trailing blanks. ok is false where there is more to the message than that, where it is not all there, or
// where the text is longer than limit bytes.
func (l *Letter) ShortText(limit int) (text string, ok bool) {
	if l.HeadOnly || l.Cut || l.body == nil {
		return "", false
	}
	head := textproto.MIMEHeader{}
	for _, name := range contentFields {
		head.Set(name, l.get(name))
	}
	raw, err := io.ReadAll(io.LimitReader(l.body.reader(), shortBody))
	if err != nil || l.body.size > shortBody {
		return "", false
	}
	kind, params := mediaType(head)
	if kind == "multipart/alternative" {
		if head, raw, ok = plainPart(params["boundary"], raw); !ok {
			return "", false
		}
		kind, params = mediaType(head)
	}
	if kind != "text/plain" || strings.HasPrefix(strings.ToLower(head.Get("Content-Disposition")), "attachment") {
		return "", false
	}
	text, ok = decodeText(raw, head.Get("Content-Transfer-Encoding"), params["charset"])
	if ok && strings.EqualFold(params["format"], "flowed") {
		text = unflow(text, strings.EqualFold(params["delsp"], "yes"))
	}
	text = strings.TrimRight(text, " \n")
	return text, ok && len(text) <= limit
}

// shortBody bounds the body of a message that is looked at for a short text: beside the text there may be much HTML.
const shortBody = 1 << 20

// mediaType reads a Content-Type; none is plain text in ASCII (RFC 2045 section 5.2).
func mediaType(head textproto.MIMEHeader) (string, map[string]string) {
	value := head.Get("Content-Type")
	if value == "" {
		return "text/plain", nil
	}
	kind, params, err := mime.ParseMediaType(value)
	if err != nil {
		return "", nil
	}
	return kind, params
}

// plainPart takes the plain text out of alternatives, of which any other than HTML means that there is more to the message.
func plainPart(boundary string, body []byte) (head textproto.MIMEHeader, raw []byte, ok bool) {
	if boundary == "" {
		return nil, nil, false
	}
	parts := multipart.NewReader(bytes.NewReader(body), boundary)
	for range maxReturnedParts {
		part, err := parts.NextRawPart()
		if err != nil {
			return head, raw, ok && err == io.EOF //nolint:errorlint // the reader gives it bare at the end
		}
		switch kind, _ := mediaType(part.Header); {
		case kind == "text/plain" && !ok:
			if raw, err = io.ReadAll(part); err != nil {
				return nil, nil, false
			}
			head, ok = part.Header, true
		case kind != "text/html":
			return nil, nil, false
		}
	}
	return nil, nil, false
}

// decodeText gives a text in UTF-8 with bare line feeds.
func decodeText(raw []byte, encoding, charset string) (string, bool) {
	in := decodedPart(bytes.NewReader(raw), encoding)
	if charset != "" && !strings.EqualFold(charset, "us-ascii") {
		enc, err := htmlindex.Get(charset)
		if err != nil {
			return "", false
		}
		in = enc.NewDecoder().Reader(in)
	}
	data, err := io.ReadAll(in)
	if err != nil || !utf8.Valid(data) || bytes.ContainsRune(data, utf8.RuneError) {
		return "", false
	}
	return strings.Map(func(r rune) rune {
		if r != '\n' && r != '\t' && invisible(r) {
			return -1
		}
		return r
	}, strings.ReplaceAll(string(data), "\r\n", "\n")), true
}

// unflow joins the lines of a paragraph that were broken for the way (RFC 3676 section 4).
func unflow(text string, delete bool) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		line, ended := strings.CutSuffix(line, "\n")
		line = strings.TrimPrefix(line, " ") // stuffed
		if strings.HasSuffix(line, " ") && line != "-- " && !strings.HasPrefix(line, ">") {
			if delete {
				line = line[:len(line)-1]
			}
			b.WriteString(line)
			continue
		}
		b.WriteString(line)
		if ended {
			b.WriteByte('\n')
		}
	}
	return b.String()
}
