package provider

import (
	"encoding/base64"
	"fmt"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// maxFolder is the longest folder name looked at, in bytes.
const maxFolder = 512

// RoleOf tells what a folder is for by its name: "inbox", "sent", "junk", "trash", "drafts", "all", "archive", or "" where
// the name does not tell. It knows the languages of the presets, names below INBOX or [Gmail] with ".", "/" or "\" between,
// and names as IMAP4rev1 writes them (modified UTF-7, RFC 3501 section 5.1.3). A server's own word (RFC 6154) beats it.
func (d *Directory) RoleOf(folderName string) string {
	if len(folderName) > maxFolder {
		return ""
	}
	name := folderKey(decodeUTF7(folderName))
	if role, ok := d.folders[name]; ok {
		return role
	}
	for _, parent := range []string{"inbox", "[gmail]", "[google mail]", ""} {
		for _, sep := range []string{".", "/", "\\"} {
			if rest, ok := strings.CutPrefix(name, parent+sep); ok {
				return d.folders[strings.TrimSpace(rest)]
			}
		}
	}
	return ""
}

// folderKey folds the differences that people do not see: case, spaces, and accents written as two characters.
func folderKey(name string) string {
	name = strings.Join(strings.Fields(strings.ToLower(name)), " ")
	return accents.Replace(strings.Trim(name, "\"'"))
}

// accents composes the letters that Apple's programs write as a letter and a combining mark (Unicode NFD), as far as the
// names in folders.toml have them.
var accents = strings.NewReplacer(
	"e\u0301", "é", "e\u0300", "è", "i\u0302", "î", "o\u0308", "ö", "u\u0308", "ü", "a\u0308", "ä",
	"o\u0301", "ó", "o\u0302", "ô", "i\u0301", "í", "a\u0300", "à", "\u00a0", " ",
)

// decodeUTF7 reads modified UTF-7 (RFC 3501 section 5.1.3). What is not well-formed is returned as it is: servers with
// UTF-8 names have folders with a plain "&" as well.
func decodeUTF7(s string) string {
	if !strings.Contains(s, "&") {
		return s
	}
	var out strings.Builder
	for rest := s; rest != ""; {
		plain, after, found := strings.Cut(rest, "&")
		out.WriteString(plain)
		if !found {
			break
		}
		code, tail, closed := strings.Cut(after, "-")
		if !closed {
			return s
		}
		if code == "" {
			out.WriteByte('&')
		} else if text, ok := fromBase64(code); ok {
			out.WriteString(text)
		} else {
			return s
		}
		rest = tail
	}
	return out.String()
}

// modifiedBase64 uses "," for "/" and has no padding.
var modifiedBase64 = base64.NewEncoding("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,").WithPadding(base64.NoPadding)

func fromBase64(code string) (string, bool) {
	raw, err := modifiedBase64.DecodeString(code)
	if err != nil || len(raw)%2 != 0 {
		return "", false
	}
	units := make([]uint16, len(raw)/2)
	for i := range units {
		units[i] = uint16(raw[2*i])<<8 | uint16(raw[2*i+1])
	}
	text := string(utf16.Decode(units))
	return text, utf8.ValidString(text) && !strings.ContainsRune(text, utf8.RuneError)
}

func (d *Directory) loadFolders() error {
	var file map[string]map[string][]string // role, language, names
	if err := read("folders.toml", &file); err != nil {
		return err
	}
	for role, languages := range file {
		for _, names := range languages {
			for _, name := range names {
				if other, twice := d.folders[name]; twice && other != role {
					return fmt.Errorf("folders.toml: %q is both %s and %s", name, other, role)
				}
				d.folders[name] = role
			}
		}
	}
	return nil
}
