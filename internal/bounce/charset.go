package bounce

import (
	"encoding/base64"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/japanese"
)

// decodeCharset gives text as valid UTF-8. A wrong or unknown charset never loses the text: what is valid UTF-8 is taken so, the rest as windows-1252.
func decodeCharset(raw []byte, name string) string { return decodeText(string(raw), name) }

// decodeText is decodeCharset for bytes that are a string already.
func decodeText(raw, name string) string {
	name = strings.ToLower(strings.TrimSpace(name))
	if name == "utf-7" || name == "unicode-1-1-utf-7" {
		return decodeUTF7(raw)
	}
	if strings.HasPrefix(name, "utf-16") {
		if enc := lookupCharset(name); enc != nil {
			return decodeWith(enc, raw)
		}
	}
	if isPlainASCII(raw) {
		return raw
	}
	if utf8.ValidString(raw) {
		if strings.IndexByte(raw, 0x1b) >= 0 && isASCII(raw) {
			return decodeWith(japanese.ISO2022JP, raw)
		}
		return raw
	}
	if enc := lookupCharset(name); enc != nil {
		return decodeWith(enc, raw)
	}
	return decodeWith(charmap.Windows1252, raw)
}

func lookupCharset(name string) encoding.Encoding {
	switch name {
	case "", "us-ascii", "ascii", "utf-8", "utf8", "unknown", "unknown-8bit", "8bit", "x-unknown":
		return nil
	case "cp932", "ms932", "windows-31j", "x-sjis", "shift-jis":
		return japanese.ShiftJIS
	case "cp850", "ibm850":
		return charmap.CodePage850
	case "cp437", "ibm437":
		return charmap.CodePage437
	}
	enc, err := htmlindex.Get(strings.TrimPrefix(name, "x-"))
	if err != nil {
		return nil
	}
	return enc
}

func decodeWith(enc encoding.Encoding, raw string) string {
	if table, ok := enc.(*charmap.Charmap); ok {
		var b strings.Builder
		b.Grow(len(raw) + len(raw)/8)
		for len(raw) > 0 {
			n := 0
			for n < len(raw) && raw[n] < 0x80 {
				n++
			}
			b.WriteString(raw[:n])
			if n < len(raw) {
				b.WriteRune(table.DecodeByte(raw[n]))
				n++
			}
			raw = raw[n:]
		}
		return b.String()
	}
	out, err := enc.NewDecoder().String(raw)
	if err != nil {
		return strings.ToValidUTF8(raw, "\uFFFD")
	}
	return strings.ToValidUTF8(out, "\uFFFD")
}

// singleByte tells the charsets that can be cut anywhere without harm.
func singleByte(name string) bool {
	name = strings.ToLower(name)
	return name == "" || name == "us-ascii" || strings.HasPrefix(name, "iso-8859-") || strings.HasPrefix(name, "windows-125")
}

// isPlainASCII tells text that means the same in every charset but UTF-7.
func isPlainASCII(s string) bool { return isASCII(s) && strings.IndexByte(s, 0x1b) < 0 }

// isASCII looks at eight bytes at a time: it goes over every text as a whole.
func isASCII(s string) bool {
	for len(s) >= 8 {
		if (s[0]|s[1]|s[2]|s[3]|s[4]|s[5]|s[6]|s[7])&0x80 != 0 {
			return false
		}
		s = s[8:]
	}
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

// decodeUTF7 decodes RFC 2152 leniently.
func decodeUTF7(s string) string {
	var b strings.Builder
	for {
		plus := strings.IndexByte(s, '+')
		if plus < 0 {
			b.WriteString(s)
			return strings.ToValidUTF8(b.String(), "\uFFFD")
		}
		b.WriteString(s[:plus])
		s = s[plus+1:]
		n := 0
		for n < len(s) && isBase64(s[n]) {
			n++
		}
		b.WriteString(utf7Run(s[:n]))
		s = s[n:]
		s = strings.TrimPrefix(s, "-")
	}
}

// utf7Run decodes what stands between "+" and "-"; nothing there is a plus itself.
func utf7Run(run string) string {
	if run == "" {
		return "+"
	}
	raw, err := base64.RawStdEncoding.DecodeString(run)
	if err != nil && len(raw) == 0 {
		return "+" + run
	}
	units := make([]uint16, len(raw)/2)
	for i := range units {
		units[i] = uint16(raw[2*i])<<8 | uint16(raw[2*i+1])
	}
	return string(utf16.Decode(units))
}

func isBase64(c byte) bool {
	return c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '+' || c == '/'
}

// decodeWords decodes the encoded words of a header's value (RFC 2047), also where they stand against the rules.
func decodeWords(v string) string {
	if !strings.Contains(v, "=?") {
		if isPlainASCII(v) {
			return v
		}
		return decodeText(v, "")
	}
	var b strings.Builder
	var run []byte // bytes of neighbouring words in one charset, decoded together: a character may be split between two
	charset, afterWord := "", false
	flush := func() {
		b.WriteString(decodeCharset(run, charset))
		run, charset = nil, ""
	}
	for v != "" {
		i := strings.Index(v, "=?")
		if i < 0 {
			break
		}
		name, content, rest, ok := cutWord(v[i:])
		if !ok {
			flush()
			b.WriteString(decodeText(v[:i+2], ""))
			v, afterWord = v[i+2:], false
			continue
		}
		if gap := v[:i]; !afterWord || strings.TrimSpace(gap) != "" {
			flush()
			b.WriteString(decodeText(gap, ""))
		}
		if !strings.EqualFold(name, charset) {
			flush()
		}
		run, charset, v, afterWord = append(run, content...), name, rest, true
	}
	flush()
	b.WriteString(decodeText(v, ""))
	return b.String()
}

// cutWord takes one encoded word from the start of s.
func cutWord(s string) (charset string, content []byte, rest string, ok bool) {
	f := strings.SplitN(s[2:], "?", 3)
	if len(f) < 3 {
		return "", nil, "", false
	}
	body, rest, ok := strings.Cut(f[2], "?=")
	if !ok || len(f[0]) == 0 || len(f[0]) > 40 || strings.ContainsAny(f[0], " \t") {
		return "", nil, "", false
	}
	charset, _, _ = strings.Cut(f[0], "*") // RFC 2231 section 5
	switch f[1] {
	case "B", "b":
		return charset, decodeBase64([]byte(body)), rest, true
	case "Q", "q":
		return charset, decodeQuotedPrintable([]byte(body), true), rest, true
	}
	return "", nil, "", false
}
