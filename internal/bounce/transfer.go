package bounce

import (
	"bytes"
	"encoding/base64"
	"strings"
)

// decodeTransfer undoes a Content-Transfer-Encoding (RFC 2045 section 6) as far as it goes: what is not decodable stays as it is.
func decodeTransfer(raw []byte, encoding string) []byte {
	switch strings.ToLower(strings.TrimSpace(stripComment(encoding))) {
	case "base64":
		return decodeBase64(raw)
	case "quoted-printable":
		return decodeQuotedPrintable(raw, false)
	}
	return raw
}

func decodeBase64(raw []byte) []byte {
	clean := make([]byte, 0, len(raw))
	for _, c := range raw {
		switch {
		case c >= 'A' && c <= 'Z', c >= 'a' && c <= 'z', c >= '0' && c <= '9', c == '+', c == '/':
			clean = append(clean, c)
		case c == '=' || c == '\n' || c == '\r' || c == ' ' || c == '\t':
		default:
			return raw // text that was only labelled so
		}
	}
	clean = clean[:len(clean)-len(clean)%4+cutTail(len(clean)%4)]
	out := make([]byte, base64.RawStdEncoding.DecodedLen(len(clean)))
	n, err := base64.RawStdEncoding.Decode(out, clean)
	if err != nil && n == 0 {
		return raw
	}
	return out[:n]
}

// cutTail drops a lone last character, which encodes nothing.
func cutTail(n int) int {
	if n == 1 {
		return 0
	}
	return n
}

// decodeQuotedPrintable decodes RFC 2045 section 6.7, and with underscores as blanks RFC 2047 section 4.2.
func decodeQuotedPrintable(raw []byte, underscores bool) []byte {
	if bytes.IndexByte(raw, '=') < 0 && !underscores {
		return raw
	}
	out := make([]byte, 0, len(raw))
	for i := 0; i < len(raw); i++ {
		c := raw[i]
		switch {
		case c == '_' && underscores:
			out = append(out, ' ')
		case c != '=':
			out = append(out, c)
		case i+1 < len(raw) && raw[i+1] == '\n':
			i++ // soft line break
		case i+2 < len(raw) && raw[i+1] == '\r' && raw[i+2] == '\n':
			i += 2
		case i+2 < len(raw) && isHex(raw[i+1]) && isHex(raw[i+2]):
			out = append(out, unhex(raw[i+1])<<4|unhex(raw[i+2]))
			i += 2
		default:
			out = append(out, c)
		}
	}
	return out
}

func isHex(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'A' && c <= 'F' || c >= 'a' && c <= 'f'
}

func unhex(c byte) byte {
	switch {
	case c <= '9':
		return c - '0'
	case c <= 'F':
		return c - 'A' + 10
	}
	return c - 'a' + 10
}
