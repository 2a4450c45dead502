package review

import (
	"bytes"
	"mime"
	"net/mail"
	"regexp"
	"strings"
	"time"

	"github.com/emersion/go-message/charset"

	"rimbalzo/internal/bounce"
)

// header is a message's header as it stands, read without complaint: real mail has lines without a colon, "From " lines
// and bytes of any kind. Keys are in lower case, values unfolded, in their order.
type header map[string][]string

// Bounds of a header: more fields than real mail has, and a length that holds thousands of recipients.
const (
	maxFields     = 2000
	maxFieldBytes = 256 << 10
)

func readHeader(raw []byte) header {
	h := header{}
	var name string
	var value []byte
	n := 0
	flush := func() {
		if name != "" && n < maxFields {
			h[name] = append(h[name], strings.TrimSpace(string(value)))
			n++
		}
		name, value = "", nil
	}
	for len(raw) > 0 {
		line, rest, _ := bytes.Cut(raw, []byte{'\n'})
		raw = rest
		line = bytes.TrimRight(line, "\r")
		if len(line) > 0 && (line[0] == ' ' || line[0] == '\t') {
			if len(value)+len(line) < maxFieldBytes {
				value = append(append(value, ' '), bytes.TrimLeft(line, " \t")...)
			}
			continue
		}
		flush()
		colon := bytes.IndexByte(line, ':')
		if colon <= 0 || bytes.IndexByte(line[:colon], ' ') >= 0 || len(line) > maxFieldBytes {
			continue
		}
		name = strings.ToLower(string(line[:colon]))
		value = append([]byte{}, line[colon+1:]...)
	}
	flush()
	return h
}

func (h header) get(name string) string {
	if v := h[name]; len(v) > 0 {
		return v[0]
	}
	return ""
}

var wordDecoder = mime.WordDecoder{CharsetReader: charset.Reader}

// text gives a field with its encoded words decoded (RFC 2047); as it stands where that fails.
func (h header) text(name string) string {
	s := h.get(name)
	if !strings.Contains(s, "=?") {
		return strings.ToValidUTF8(s, "\uFFFD")
	}
	if d, err := wordDecoder.DecodeHeader(s); err == nil {
		return strings.ToValidUTF8(d, "\uFFFD")
	}
	return s
}

// bareAddress finds addresses where a field is not as RFC 5322 wants it.
var bareAddress = regexp.MustCompile(`[^\s<>,;:"()\[\]]+@[^\s<>,;:"()\[\]]+`)

// maxAddresses bounds a list of recipients.
const maxAddresses = 1000

// addresses gives the bare addresses of all fields of a name.
func (h header) addresses(name string) []string {
	var list []string
	parser := mail.AddressParser{WordDecoder: &wordDecoder}
	for _, v := range h[name] {
		if found, err := parser.ParseList(v); err == nil {
			for _, a := range found {
				list = append(list, a.Address)
			}
		} else {
			list = append(list, bareAddress.FindAllString(v, maxAddresses)...)
		}
	}
	if len(list) > maxAddresses {
		list = list[:maxAddresses]
	}
	return list
}

func (h header) address(name string) string {
	if list := h.addresses(name); len(list) > 0 {
		return strings.ToLower(list[0])
	}
	return ""
}

var messageID = regexp.MustCompile(`<([^<>\s]{1,900})>`)

// ids gives the message ids in a field, without angle brackets, at most a hundred.
func (h header) ids(name string) []string {
	var ids []string
	for _, m := range messageID.FindAllStringSubmatch(h.get(name), 100) {
		ids = append(ids, m[1])
	}
	return ids
}

// id gives the Message-ID without angle brackets, also where it was written without.
func (h header) id() string {
	if ids := h.ids("message-id"); len(ids) > 0 {
		return ids[0]
	}
	return strings.Trim(h.get("message-id"), "<> \t")
}

// date gives the Date field with its own zone; a zone written as "-0000" means that none is known (RFC 5322 section 3.3).
func (h header) date() bounce.Stamp {
	return bounce.ParseDate(h.get("date"))
}

// received gives the time at which the last server took the message (RFC 5321 section 4.4), zero when it says none.
func (h header) received() time.Time {
	v := h.get("received")
	if i := strings.LastIndexByte(v, ';'); i >= 0 {
		if s := bounce.ParseDate(v[i+1:]); s.Zoned {
			return s.At
		}
	}
	return time.Time{}
}

func (h header) has(name string) bool { return len(h[name]) > 0 }
