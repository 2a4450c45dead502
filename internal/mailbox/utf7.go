package mailbox

import (
	"encoding/base64"
	"errors"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// modifiedBase64 is base64 with "," for "/" and without padding (RFC 3501 section 5.1.3).
var modifiedBase64 = base64.NewEncoding("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,").
	WithPadding(base64.NoPadding)

// errUTF7 is a name that is not in modified UTF-7.
var errUTF7 = errors.New("not modified UTF-7")

// decodeUTF7 decodes a folder name from modified UTF-7 (RFC 3501 section 5.1.3): "Entw&APw-rfe" is "Entwürfe".
func decodeUTF7(name string) (string, error) {
	var b strings.Builder
	for name != "" {
		plain, rest, shifted := strings.Cut(name, "&")
		if strings.ContainsFunc(plain, func(c rune) bool { return c < 0x20 || c > 0x7e }) {
			return "", errUTF7
		}
		b.WriteString(plain)
		if !shifted {
			break
		}
		code, after, closed := strings.Cut(rest, "-")
		if !closed {
			return "", errUTF7
		}
		text, err := decodeShifted(code)
		if err != nil {
			return "", err
		}
		b.WriteString(text)
		name = after
	}
	return b.String(), nil
}

// decodeShifted decodes what stands between "&" and "-": UTF-16, or nothing for "&" itself.
func decodeShifted(code string) (string, error) {
	if code == "" {
		return "&", nil
	}
	raw, err := modifiedBase64.DecodeString(code)
	if err != nil || len(raw)%2 != 0 {
		return "", errUTF7
	}
	units := make([]uint16, len(raw)/2)
	for i := range units {
		units[i] = uint16(raw[2*i])<<8 | uint16(raw[2*i+1])
	}
	text := string(utf16.Decode(units))
	if strings.ContainsRune(text, utf8.RuneError) {
		return "", errUTF7
	}
	return text, nil
}
