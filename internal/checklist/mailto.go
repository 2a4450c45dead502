package checklist

import (
	"mime"
	"net/mail"
	"strings"
)

// maxMailto bounds a link, in bytes. Outlook, and browsers that hand it a link, take some 2,000 of them; what is longer is cut or not
// opened at all (https://support.microsoft.com/kb/208427 names 2,083 for a link, and less arrived in tests of browsers).
const maxMailto = 1_900

// Mailto gives a link that opens a new message with the copy's recipients, subject and text (RFC 6068). ok is false where the
// message is more than a short plain text, or is not all there.
func (c Copy) Mailto() (link string, ok bool) {
	text, ok := c.letter.ShortText(maxMailto)
	if !ok {
		return "", false
	}
	var words mime.WordDecoder
	subject, err := words.DecodeHeader(c.subject)
	if err != nil {
		subject = c.subject
	}
	link = "mailto:" + addressList(c.to)
	for i, field := range []struct{ name, value string }{
		{"cc", addressList(c.cc)}, {"subject", mailtoText(plain(subject, maxName))}, {"body", mailtoText(text)},
	} {
		if field.value == "" {
			continue
		}
		sign := "&"
		if i == 0 || !strings.Contains(link, "?") {
			sign = "?"
		}
		link += sign + field.name + "=" + field.value
	}
	return link, len(link) <= maxMailto
}

func addressList(list []*mail.Address) string {
	parts := make([]string, len(list))
	for i, a := range list {
		parts[i] = strings.ReplaceAll(mailtoText(a.Address), "%40", "@")
	}
	return strings.Join(parts, ",")
}

// mailtoText encodes all that is not unreserved (RFC 3986 section 2.3); lines end as in mail (RFC 6068 section 5).
func mailtoText(s string) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for _, c := range []byte(strings.ReplaceAll(s, "\n", "\r\n")) {
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '-', c == '.', c == '_', c == '~':
			b.WriteByte(c)
		default:
			b.WriteByte('%')
			b.WriteByte(hex[c>>4])
			b.WriteByte(hex[c&15])
		}
	}
	return b.String()
}
