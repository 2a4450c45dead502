package mailbox

import (
	"bytes"
	"strconv"
	"strings"
	"unicode/utf8"
)

// The bounds of Thunderbird's settings; a profile of twenty years has some 200 KB of them.
const (
	maxPrefs     = 8 << 20 // bytes
	maxPrefLine  = 64 << 10
	maxPrefValue = 4 << 10
	maxPrefCount = 20_000
)

// prefs are Thunderbird's settings about accounts, by name; numbers and truths as they are written.
type prefs map[string]string

// parsePrefs reads a profile's prefs.js, lines such as user_pref("mail.server.server1.type", "pop3");
// (https://kb.mozillazine.org/Prefs.js_file). It is looked at line by line and never run; what is no such line, or too long,
// is passed over. Only settings about accounts are kept. Passwords are in another file, which is never opened.
func parsePrefs(text []byte) prefs {
	out := prefs{}
	text = text[:min(len(text), maxPrefs)]
	for len(text) > 0 && len(out) < maxPrefCount {
		line, rest, _ := bytes.Cut(text, newline)
		text = rest
		if len(line) > maxPrefLine {
			continue
		}
		name, value, ok := parsePref(strings.TrimSpace(string(line)))
		if ok && aboutAccounts(name) && len(value) <= maxPrefValue {
			out[name] = value
		}
	}
	return out
}

func aboutAccounts(name string) bool {
	for _, prefix := range []string{"mail.server.", "mail.account.", "mail.identity."} {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return false
}

// parsePref reads one line.
func parsePref(line string) (name, value string, ok bool) {
	rest, ok := strings.CutPrefix(line, "user_pref(")
	if !ok {
		return "", "", false
	}
	name, rest, ok = scriptString(rest)
	if !ok {
		return "", "", false
	}
	if rest, ok = strings.CutPrefix(strings.TrimSpace(rest), ","); !ok {
		return "", "", false
	}
	rest = strings.TrimSpace(rest)
	if strings.HasPrefix(rest, `"`) || strings.HasPrefix(rest, "'") {
		value, rest, ok = scriptString(rest)
		return name, value, ok && strings.HasPrefix(strings.TrimSpace(rest), ")")
	}
	value, _, ok = strings.Cut(rest, ")")
	value = strings.TrimSpace(value)
	if _, err := strconv.Atoi(value); err != nil && value != "true" && value != "false" {
		return "", "", false
	}
	return name, value, ok
}

// scriptString reads a string of JavaScript at the beginning of s, and gives what follows.
func scriptString(s string) (value, rest string, ok bool) {
	if s == "" || (s[0] != '"' && s[0] != '\'') {
		return "", "", false
	}
	var out strings.Builder
	for i := 1; i < len(s); i++ {
		switch c := s[i]; c {
		case s[0]:
			value = out.String()
			return value, s[i+1:], utf8.ValidString(value) && !strings.Contains(value, "\x00")
		case '\\':
			n, escaped := scriptEscape(s[i+1:])
			if n == 0 {
				return "", "", false
			}
			out.WriteString(escaped)
			i += n
		default:
			out.WriteByte(c)
		}
	}
	return "", "", false
}

// scriptEscape reads what follows a backslash, and gives how many bytes that is; 0 where it is nothing that Thunderbird writes.
func scriptEscape(s string) (int, string) {
	if s == "" {
		return 0, ""
	}
	digits := map[byte]int{'x': 2, 'u': 4}[s[0]]
	if digits == 0 {
		if plain := map[byte]string{'n': "\n", 'r': "\r", 't': "\t"}[s[0]]; plain != "" {
			return 1, plain
		}
		return 1, s[:1] // a quote or a backslash
	}
	if len(s) <= digits {
		return 0, ""
	}
	n, err := strconv.ParseUint(s[1:1+digits], 16, 32)
	if err != nil || !utf8.ValidRune(rune(n)) {
		return 0, ""
	}
	return 1 + digits, string(rune(n))
}
