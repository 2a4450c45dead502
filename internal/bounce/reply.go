package bounce

import (
	"strings"
	"unicode/utf8"
)

// answer is what a text says of an SMTP reply.
type answer struct {
	code   int    // 0 when untold
	status string // enhanced status (RFC 3463), "" when untold
	at     int    // where the code, or else the status, begins; -1 when neither is told
}

// findAnswer finds the SMTP reply in a text: a reply code (RFC 5321 section 4.2) and an enhanced status.
// Numbers that only look like one (addresses of hosts, ports, sizes) are passed over.
func findAnswer(s string) answer {
	a := answer{at: -1}
	for i := 0; i+3 <= len(s); i++ {
		c := s[i]
		if c != '2' && c != '4' && c != '5' || i > 0 && isWordByte(s[i-1]) {
			continue
		}
		if st := statusAt(s, i); st != "" {
			if a.status == "" {
				a.status = st
				if a.at < 0 {
					a.at = i
				}
			}
			i += len(st) - 1
			continue
		}
		if a.code == 0 && codeAt(s, i) {
			if st := statusAfter(s, i+3); st != "" && a.status != "" && st != a.status {
				a.status = st // the status beside the code is the reply's
			}
			a.code, a.at = int(c-'0')*100+int(s[i+1]-'0')*10+int(s[i+2]-'0'), i
		}
	}
	return a
}

func statusAfter(s string, i int) string {
	for i < len(s) && (s[i] == ' ' || s[i] == '-' || s[i] == '\t') {
		i++
	}
	if i < len(s) {
		return statusAt(s, i)
	}
	return ""
}

func isWordByte(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '.' || c == '_' || c == '@' || c == '/' || c == '+' || c == '$'
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// codeAt tells a reply code at i: three digits, the second at most 5, followed by what follows a code.
func codeAt(s string, i int) bool {
	if !isDigit(s[i+1]) || s[i+1] > '5' || !isDigit(s[i+2]) {
		return false
	}
	if i > 0 && (s[i-1] == '-' || s[i-1] == ',' || s[i-1] == '*' || s[i-1] == '=') {
		return false
	}
	if i >= 2 && s[i-1] == ':' && isDigit(s[i-2]) {
		return false // a port or a clock
	}
	if i+3 == len(s) {
		return i == 0 || i >= 2 && s[i-1] == ' ' && (s[i-2] == ':' || s[i-2] == ';')
	}
	switch next := s[i+3]; next {
	case '-', '\t', '\n':
		return true
	case ' ':
		return !isUnit(s[i+4:])
	case '#', ':', ',', ';', '"', '\'', ')', ']', '<', '_':
		return true
	default:
		return false
	}
}

// isUnit tells a count from a code by the word behind it: "500 KB", "250 recipients".
func isUnit(after string) bool {
	word, _, _ := strings.Cut(after, " ")
	switch strings.ToLower(strings.Trim(word, ".,)")) {
	case "kb", "mb", "gb", "bytes", "byte", "recipients", "messages", "hours", "minutes", "seconds", "days", "k", "m", "characters", "lines", "times", "kbytes", "mbytes", "octets":
		return true
	}
	return false
}

// statusAt gives the enhanced status that stands at i (RFC 3463 section 2): class.subject.detail.
func statusAt(s string, i int) string {
	if i+5 > len(s) || s[i+1] != '.' || (s[i] != '2' && s[i] != '4' && s[i] != '5') {
		return ""
	}
	j, n := i+2, 0
	for j < len(s) && isDigit(s[j]) && n < 3 {
		j, n = j+1, n+1
	}
	if n == 0 || j >= len(s) || s[j] != '.' {
		return ""
	}
	j, n = j+1, 0
	for j < len(s) && isDigit(s[j]) && n < 3 {
		j, n = j+1, n+1
	}
	if n == 0 || j < len(s) && (isDigit(s[j]) || s[j] == '.' && j+1 < len(s) && isDigit(s[j+1]) || s[j] == '@' || s[j] == '/') {
		return ""
	}
	return s[i:j]
}

// oneLine puts a text on one line without control characters, at most so many bytes, never cutting a character.
func oneLine(s string, most int) string {
	if len(s) <= most && isPlainLine(s) {
		return s
	}
	var b strings.Builder
	b.Grow(min(len(s), most))
	writeLine(&b, s, most)
	return b.String()
}

// writeLine adds a text to b on one line, as [oneLine] gives it.
func writeLine(b *strings.Builder, s string, most int) {
	if len(s) <= most && isPlainLine(s) {
		b.WriteString(s)
		return
	}
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\uFFFD")
	}
	start, blank := b.Len(), false
	for i := 0; i < len(s); {
		n := plainRun(s[i:])
		if n == 0 {
			r, size := utf8.DecodeRuneInString(s[i:])
			i += size
			if r <= ' ' || r == 0x7f || r == '\u00a0' || r >= 0x80 && r < 0xa0 || r == '\u200b' || r == '\ufeff' {
				blank = b.Len() > start
				continue
			}
			if isBidiControl(r) {
				continue
			}
			if b.Len()-start+5 > most {
				return
			}
			if blank {
				b.WriteByte(' ')
				blank = false
			}
			b.WriteRune(r)
			continue
		}
		room := most - 4 - (b.Len() - start)
		if blank && room > 0 {
			b.WriteByte(' ')
			blank = false
			room--
		}
		if n > room {
			n = max(room, 0)
			for n > 0 && !utf8.RuneStart(s[i+n]) {
				n--
			}
			b.WriteString(s[i : i+n])
			return
		}
		b.WriteString(s[i : i+n])
		i += n
	}
}

// plainRun gives how many bytes a text begins with that are neither blanks nor characters to look at one by one. Those begin with 0xC2 (C1 controls and
// the no-break space), 0xE2 (marks of direction, blanks without width) or 0xEF (the byte order mark).
func plainRun(s string) int {
	n := 0
	for n < len(s) && s[n] > ' ' && s[n] != 0x7f && s[n] != 0xc2 && s[n] != 0xe2 && s[n] != 0xef {
		n++
	}
	return n
}

// isPlainLine tells the common case: ASCII words with one blank between them.
func isPlainLine(s string) bool {
	for i := range len(s) {
		c := s[i]
		if c-'!' < 0x7f-'!' {
			continue
		}
		if c != ' ' || i == 0 || s[i-1] == ' ' || i == len(s)-1 {
			return false
		}
	}
	return true
}

// isBidiControl tells the characters that turn the direction of writing, with which a text can disguise what it says.
func isBidiControl(r rune) bool {
	return r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069' || r == '\u200e' || r == '\u200f'
}
