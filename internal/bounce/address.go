package bounce

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// bareAddress gives the address in a field such as "rfc822;<A.B@Host.example>", its domain in lower case; "" where there is none.
func bareAddress(v string) string {
	v = strings.TrimSpace(v)
	if v == "" {
		return ""
	}
	typ, rest, typed := strings.Cut(v, ";")
	if typed && isAddressType(typ) {
		v = strings.TrimSpace(rest)
		if strings.EqualFold(strings.TrimSpace(typ), "utf-8") {
			v = decodeUnicodeXtext(v)
		}
	}
	return cleanAddress(v)
}

func isAddressType(typ string) bool {
	typ = strings.TrimSpace(typ)
	return typ != "" && !strings.ContainsAny(typ, "@<>\" ")
}

// cleanAddress takes the address out of what surrounds it: brackets, quotes, comments, a display name, "mailto:".
func cleanAddress(v string) string {
	if isBareAddress(v) {
		return withLowerDomain(v)
	}
	if open := strings.LastIndexByte(v, '<'); open >= 0 {
		inner, _, _ := strings.Cut(v[open+1:], ">")
		if isBareAddress(inner) {
			return withLowerDomain(inner)
		}
		if strings.Contains(inner, "@") || strings.TrimSpace(v[:open]) == "" {
			v = inner
		} else {
			v = v[:open]
		}
	}
	v = strings.Trim(v, " \t\r\n<>,;'")
	if len(v) >= 7 && strings.EqualFold(v[:7], "mailto:") {
		v = v[7:]
	}
	for len(v) >= 5 && (strings.EqualFold(v[:5], "smtp:") || strings.EqualFold(v[:5], "smtp=")) {
		v = v[5:]
	}
	v = strings.TrimPrefix(v, "rfc822;")
	v = strings.ReplaceAll(v, "&lt;", "")
	if i := strings.LastIndexByte(v, '@'); i >= 0 {
		local, domain := v[:i], v[i+1:]
		if j := strings.IndexAny(domain, " \t,;()<>\"'"); j >= 0 {
			domain = domain[:j]
		}
		if !strings.HasPrefix(local, `"`) {
			if j := strings.LastIndexAny(local, " \t(,;<\""); j >= 0 {
				local = local[j+1:]
			}
		}
		if route := strings.LastIndexByte(local, ':'); route >= 0 && strings.HasPrefix(local, "@") {
			local = local[route+1:] // source route, RFC 5321 appendix C
		}
		domain = strings.TrimRight(domain, ".:")
		local, domain = oneLine(local, 255), oneLine(domain, 255)
		if local == "" || domain == "" || strings.HasPrefix(domain, "-") {
			return ""
		}
		return local + "@" + strings.ToLower(domain)
	}
	return ""
}

// isBareAddress tells the common case: an address of ordinary characters with nothing around it.
func isBareAddress(v string) bool {
	at := -1
	for i := range len(v) {
		switch c := v[i] | 0x20; {
		case isLetter(c) || isDigit(v[i]):
		case v[i] == '@' && at < 0 && i > 0:
			at = i
		case (v[i] == '.' || v[i] == '-') && i > 0 && i != at+1 && i < len(v)-1:
		case (v[i] == '_' || v[i] == '+') && at < 0:
		default:
			return false
		}
	}
	return at > 0 && at < len(v)-1 && len(v) < 250
}

func withLowerDomain(v string) string {
	at := strings.LastIndexByte(v, '@') + 1
	for i := at; i < len(v); i++ {
		if v[i] >= 'A' && v[i] <= 'Z' {
			return v[:at] + strings.ToLower(v[at:])
		}
	}
	return v
}

// decodeXtext undoes xtext: "+" and two upper case hexadecimal digits (RFC 3461 section 4).
func decodeXtext(v string) string {
	if strings.IndexByte(v, '+') < 0 {
		return v
	}
	out := make([]byte, 0, len(v))
	for i := 0; i < len(v); i++ {
		if v[i] == '+' && i+2 < len(v) && isUpperHex(v[i+1]) && isUpperHex(v[i+2]) {
			c := unhex(v[i+1])<<4 | unhex(v[i+2])
			if c > ' ' && c != 0x7f {
				out = append(out, c)
				i += 2
				continue
			}
		}
		out = append(out, v[i])
	}
	return string(out)
}

func isUpperHex(c byte) bool { return c >= '0' && c <= '9' || c >= 'A' && c <= 'F' }

// decodeUnicodeXtext undoes the utf-8-addr-xtext of RFC 6533 section 3: \x{HEX}.
func decodeUnicodeXtext(v string) string {
	var b strings.Builder
	for {
		before, after, ok := strings.Cut(v, `\x{`)
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		hex, rest, closed := strings.Cut(after, "}")
		r, valid := hexRune(hex)
		if !closed || !valid {
			b.WriteString(`\x{`)
			v = after
			continue
		}
		b.WriteRune(r)
		v = rest
	}
}

func hexRune(hex string) (rune, bool) {
	if len(hex) < 2 || len(hex) > 6 {
		return 0, false
	}
	r := rune(0)
	for i := range len(hex) {
		if !isHex(hex[i]) {
			return 0, false
		}
		r = r<<4 | rune(unhex(hex[i]))
	}
	return r, r > ' '
}

// addressList gives the bare addresses of a To, Cc or From field (RFC 5322 section 3.4), leniently, at most so many.
func addressList(v string, most int) []string {
	if v == "" {
		return nil
	}
	var list []string
	if strings.IndexByte(v, ',') < 0 && strings.IndexByte(v, ';') < 0 {
		if a := cleanAddress(v); a != "" && most > 0 {
			list = []string{a}
		}
		return list
	}
	for _, item := range splitList(v) {
		if a := cleanAddress(item); a != "" && len(list) < most {
			list = append(list, a)
		}
	}
	return list
}

// splitList cuts at commas and semicolons outside quotes, brackets and comments.
func splitList(v string) []string {
	var items []string
	quoted, comment, angle, start := false, 0, false, 0
	for i := 0; i < len(v); i++ {
		switch c := v[i]; {
		case c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '(':
			comment++
		case c == ')' && comment > 0:
			comment--
		case comment > 0:
		case c == '<':
			angle = true
		case c == '>':
			angle = false
		case (c == ',' || c == ';') && !angle:
			items = append(items, v[start:i])
			start = i + 1
		}
	}
	return append(items, v[min(start, len(v)):])
}

// domainOf gives an address's domain.
func domainOf(addr string) string {
	return addr[strings.LastIndexByte(addr, '@')+1:]
}

// localOf gives an address's local part in lower case.
func localOf(addr string) string {
	i := strings.LastIndexByte(addr, '@')
	return strings.ToLower(addr[:max(i, 0)])
}

// sameAddress compares without regard to case.
func sameAddress(a, b string) bool { return strings.EqualFold(a, b) }

// spot is an address found in running text.
type spot struct {
	start, end int // of the address alone
	addr       string
}

// findAddresses finds what looks like mail addresses in a line of text.
func findAddresses(line string) []spot {
	var spots []spot
	for from := 0; ; {
		at := strings.IndexByte(line[from:], '@')
		if at < 0 {
			return spots
		}
		at += from
		start, end := at, at+1
		if at > from && line[at-1] == '"' {
			if open := strings.LastIndexByte(line[from:at-1], '"'); open >= 0 {
				start = from + open
			}
		} else {
			for start > from && isLocalChar(line[start-1]) {
				start--
			}
			for start < at && (line[start] == '.' || line[start] == '\'' || line[start] == '=' || line[start] == '/') {
				start++
			}
		}
		for end < len(line) && isDomainChar(line[end]) {
			end++
		}
		for end > at+1 && (line[end-1] == '.' || line[end-1] == '-') {
			end--
		}
		end = at + 1 + asciiEdge(line[at+1:end])
		from = max(end, at+1)
		start += wideEdge(line[start:at])
		if eq := strings.IndexByte(line[start:at], '='); eq == 4 && strings.EqualFold(line[start:start+5], "smtp=") {
			start += 5 // an X.400 address that holds an Internet one
		}
		if start == at || end == at+1 || end-start > 320 {
			continue
		}
		spots = append(spots, spot{start, end, foundAddress(line[start:end], at-start)})
		if len(spots) >= 64 {
			return spots
		}
	}
}

// foundAddress gives a found address on one line, its domain in lower case.
func foundAddress(v string, at int) string {
	if isBareAddress(v) {
		return withLowerDomain(v)
	}
	return oneLine(v[:at], 255) + "@" + strings.ToLower(v[at+1:])
}

// asciiEdge gives where a domain ends that text in another script follows without a blank: at what is no letter, and where a label in ASCII goes over into Chinese or Japanese.
func asciiEdge(domain string) int {
	ascii := false
	for i, r := range domain {
		switch {
		case r == '.':
			ascii = false
		case r < 0x80:
			ascii = true
		case r == utf8.RuneError || ascii && r >= 0x2e80 || !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsDigit(r):
			return i
		}
	}
	return len(domain)
}

// wideEdge gives where the local part begins that follows Chinese or Japanese text without a blank.
func wideEdge(local string) int {
	edge := 0
	for i, r := range local {
		if r >= 0x2e80 && r != '\uFFFD' {
			edge = i + utf8.RuneLen(r)
		}
	}
	if edge == len(local) {
		return 0 // the local part is in that script itself (RFC 6531)
	}
	return edge
}

func isLocalChar(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c >= 0x80 ||
		strings.IndexByte("!#$%&'*+-/=?^_`{|}~.", c) >= 0
}

func isDomainChar(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c >= 0x80 || c == '-' || c == '.' || c == '_'
}
