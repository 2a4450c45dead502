package bounce

import "strings"

// media is a Content-Type (RFC 2045 section 5.1), its names in lower case.
type media struct {
	kind   string
	params []param
}

type param struct{ name, value string }

// parseMedia reads a Content-Type leniently: it never fails, and what it cannot read is text/plain.
func parseMedia(v string) media {
	kind, rest, _ := strings.Cut(v, ";")
	m := media{kind: strings.ToLower(strings.TrimSpace(stripComment(kind)))}
	if m.kind == "" || m.kind == "text" {
		m.kind = "text/plain"
	}
	if rest != "" {
		m.params = make([]param, 0, 3)
	}
	for rest != "" {
		name, after, ok := strings.Cut(rest, "=")
		if !ok {
			break
		}
		name = strings.ToLower(strings.Trim(name, " \t;"))
		var value string
		value, rest = paramValue(strings.TrimLeft(after, " \t"))
		if len(m.params) < 20 {
			m.params = append(m.params, param{name, value})
		}
	}
	return m
}

// paramValue takes one parameter's value from the start of s and gives what follows it.
func paramValue(s string) (value, rest string) {
	if strings.HasPrefix(s, `"`) {
		if shut := strings.IndexAny(s[1:], "\"\\") + 1; shut > 0 && s[shut] == '"' {
			_, rest, _ = strings.Cut(s[shut+1:], ";")
			return s[1:shut], rest
		}
		var b strings.Builder
		for i := 1; i < len(s); i++ {
			switch {
			case s[i] == '\\' && i+1 < len(s):
				i++
				b.WriteByte(s[i])
			case s[i] == '"':
				_, rest, _ = strings.Cut(s[i+1:], ";")
				return b.String(), rest
			default:
				b.WriteByte(s[i])
			}
		}
		return b.String(), ""
	}
	value, rest, _ = strings.Cut(s, ";")
	return strings.TrimSpace(stripComment(value)), rest
}

// stripComment drops a comment in parentheses at the end (RFC 5322 section 3.2.2).
func stripComment(s string) string {
	if i := strings.Index(s, " ("); i >= 0 {
		return s[:i]
	}
	return s
}

// isReport tells the types of a report (RFC 6522) and of its parts.
func (m media) isReport() bool {
	return m.kind == "multipart/report" || isReportPart(m.kind) || m.param("report-type") != ""
}

// param gives a parameter's value, "" where there is none.
func (m media) param(name string) string {
	for _, p := range m.params {
		if p.name == name {
			return p.value
		}
	}
	return ""
}
