package checklist

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"net/mail"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/htmlindex"
)

// Bounds of an original: of the whole (what mail servers accept ends at about 50 MB), of its header, of one field of it, and of a
// word in a field that cannot be broken into lines (RFC 5322 section 2.1.1 allows 998 with the field's name).
const (
	MaxLetter      = 64 << 20 // bytes
	maxLetterHead  = 512 << 10
	maxLetterField = 32 << 10
	maxLetterWord  = 900
)

// ErrLetter means that an original is too large, or its header is none that a copy could be made of.
var ErrLetter = errors.New("not a message that can be copied")

// Letter is an original message, as far as it is at hand.
type Letter struct {
	fields   []letterField // those that a copy may be made of
	body     *body         // nil with HeadOnly
	HeadOnly bool          // only its header is at hand
	Cut      bool          // its end is missing
}

// letterField is a field of a header: its value on one line, without control characters.
type letterField struct{ name, value string }

// lettersFields are the fields that are looked at.
var lettersFields = slices.Concat([]string{"From", "Reply-To", "To", "Cc", "Message-ID", "Subject"}, copiedFields, contentFields)

// ReadLetter reads an original message; with headOnly in is its header alone, as some bounces return it. It fails as in does, or with
// [ErrLetter].
func ReadLetter(in io.Reader, headOnly bool) (Letter, error) {
	first, err := io.ReadAll(io.LimitReader(in, bodyPiece))
	if err != nil {
		return Letter{}, err
	}
	head, rest := splitLetter(first)
	if len(head) > maxLetterHead {
		return Letter{}, ErrLetter
	}
	l := Letter{fields: letterFields(head), HeadOnly: headOnly}
	if len(l.fields) == 0 {
		return Letter{}, ErrLetter
	}
	if headOnly || rest == nil {
		return l, nil
	}
	l.body = &body{pieces: [][]byte{rest}, size: len(rest)}
	if err := l.body.readOn(in, len(first) == bodyPiece); err != nil {
		return Letter{}, err
	}
	l.Cut = l.unfinished()
	return l, nil
}

// splitLetter parts header and body at the first empty line, whatever ends the lines.
func splitLetter(raw []byte) (head, body []byte) {
	for at := 0; at < len(raw); {
		end := bytes.IndexByte(raw[at:], '\n')
		if end < 0 {
			break
		}
		if len(bytes.TrimRight(raw[at:at+end], "\r")) == 0 {
			return raw[:at], raw[at+end+1:]
		}
		at += end + 1
	}
	return raw, nil
}

// letterFields unfolds those fields of a header that a copy may be made of. A line that is no field, such as an mbox's "From ", is left out; so is a second field of a name
// that may stand once, since programs disagree on which one counts.
func letterFields(head []byte) []letterField {
	var list []letterField
	known := false // the line before belongs to a field that is kept
	for line := range strings.Lines(string(head)) {
		if line[0] == ' ' || line[0] == '\t' {
			if known {
				list[len(list)-1].value += " " + inertValue(line)
			}
			continue
		}
		name, value, ok := strings.Cut(line, ":")
		name = strings.TrimRight(name, " \t")
		known = ok && isFieldName(name) && slices.ContainsFunc(lettersFields, func(f string) bool { return strings.EqualFold(f, name) }) && !slices.ContainsFunc(list, func(f letterField) bool { return strings.EqualFold(f.name, name) })
		if known {
			list = append(list, letterField{name, inertValue(value)})
		}
	}
	for i := range list {
		list[i].value = strings.TrimSpace(list[i].value)
	}
	return list
}

// isFieldName checks a field's name (RFC 5322 section 2.2).
func isFieldName(s string) bool {
	return s != "" && len(s) < 100 && !strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r > '~' })
}

// inertValue gives a line of a field without what could end the line, or a program's reading of it.
func inertValue(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	return strings.Trim(s, " ")
}

// get gives a field's value, "" where there is none or it is longer than any program writes.
func (l *Letter) get(name string) string {
	for _, f := range l.fields {
		if strings.EqualFold(f.name, name) && len(f.value) <= maxLetterField {
			return f.value
		}
	}
	return ""
}

// MessageID gives its id without angle brackets.
func (l *Letter) MessageID() string { return strings.Trim(l.get("Message-ID"), "<> ") }

// addresses reads a field of addresses; what cannot be read is none.
func (l *Letter) addresses(name string) []*mail.Address {
	parser := mail.AddressParser{WordDecoder: &mime.WordDecoder{CharsetReader: func(charset string, in io.Reader) (io.Reader, error) {
		enc, err := htmlindex.Get(charset)
		if err != nil {
			return nil, err
		}
		return enc.NewDecoder().Reader(in), nil
	}}}
	list, err := parser.ParseList(l.get(name))
	if err != nil {
		return nil
	}
	return slices.DeleteFunc(list, func(a *mail.Address) bool {
		a.Name = plain(a.Name, maxSubject)
		return !isAddress(a.Address)
	})
}

// isAddress reports whether an address may stand in a header: one line of visible characters with one name and one domain.
func isAddress(s string) bool {
	if len(s) > 320 || !utf8.ValidString(s) || strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || invisible(r) || strings.ContainsRune("<>,;", r) }) {
		return false
	}
	a, err := mail.ParseAddress((&mail.Address{Address: s}).String())
	return err == nil && a.Address == s && !strings.HasSuffix(s, "@")
}

// unfinished reports whether a message of several parts ends before its last part does (RFC 2046 section 5.1.1).
func (l *Letter) unfinished() bool {
	kind, params, err := mime.ParseMediaType(l.get("Content-Type"))
	if err != nil || !strings.HasPrefix(kind, "multipart/") || params["boundary"] == "" || len(params["boundary"]) > maxLetterWord {
		return false
	}
	return !l.body.contains([]byte("--" + params["boundary"] + "--"))
}
