package bounce

import (
	"bytes"
	"strings"
)

// Part is one body part of a message as an IMAP server hands it over (BODY.PEEK[n]), still encoded; it may be cut off anywhere.
type Part struct {
	Type     string // media type such as "message/delivery-status" (RFC 2045), in any case
	Encoding string // Content-Transfer-Encoding, "" for none
	Charset  string // "" when untold
	Name     string // file name, "" when untold
	Body     []byte // of a message/rfc822 part, the enclosed message's header is enough
}

// DecodeParts is [Decode] for a message of which only the header and some parts are at hand: those worth fetching are the report for machines,
// the returned header, and the first text.
func DecodeParts(head []byte, parts []Part) Report {
	m := &message{head: headerOf(string(head[:min(len(head), maxHeadBytes)]))}
	m.media = parseMedia(m.head.get("Content-Type"))
	rep := Report{Kind: KindNotABounce, BouncedAt: parseDate(m.head.get("Date"))}
	if len(m.head.fields) == 0 {
		rep.Kind, rep.Why = KindUnreadable, "no-header"
		return rep
	}
	s := sift(m.head, m.media)
	if !s.worthReading() {
		rep.Why, rep.Confidence = "ordinary", Certain
		return rep
	}
	for _, p := range parts[:min(len(parts), maxParts)] {
		m.parts = append(m.parts, p.leaf())
	}
	interpret(&rep, m, s)
	return rep
}

// leaf turns a fetched part into what the walker makes of one.
func (p Part) leaf() part {
	kind := strings.ToLower(strings.TrimSpace(p.Type))
	most := maxTextBytes
	if isReportPart(kind) {
		most = maxReportPart
	}
	raw := decodeTransfer(bytes.ReplaceAll(p.Body[:min(len(p.Body), most)], []byte("\r\n"), []byte("\n")), p.Encoding)
	out := part{kind: kind, file: p.Name}
	if isEnclosing(kind) {
		out.enclosed = &message{head: headerOf(string(raw))}
		out.enclosed.media = parseMedia(out.enclosed.head.get("Content-Type"))
		return out
	}
	out.raw, out.charset = string(raw), p.Charset
	return out
}
