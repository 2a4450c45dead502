package outage

import "strings"

// keys reads a key, dotted or not, and the space around it.
func (t *tracer) keys() ([]string, *stop) {
	var keys []string
	for {
		t.blank(false)
		start := t.at
		if c := t.peek(); c == '"' || c == '\'' {
			if end := t.quoted(); end != nil {
				return nil, end
			}
			// An escape in a quoted key may keep its line from being found; the line of its table is named then.
			keys = append(keys, strings.Trim(t.text[start:t.at], `"'`))
		} else {
			for t.at < len(t.text) && bareKey(t.text[t.at]) {
				t.at++
			}
			keys = append(keys, t.text[start:t.at])
		}
		if start == t.at {
			return nil, t.fail("syntax-key")
		}
		if t.at-start > maxKey {
			return nil, t.fail("key-too-long")
		}
		if len(keys) > maxNesting {
			return nil, t.fail("too-deep")
		}
		t.blank(false)
		if t.peek() != '.' {
			return keys, nil
		}
		t.at++
	}
}

func bareKey(c byte) bool {
	return c == '-' || c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
}

// quoted skips a string of any of the four kinds.
func (t *tracer) quoted() *stop {
	mark := t.text[t.at : t.at+1]
	if strings.HasPrefix(t.text[t.at:], strings.Repeat(mark, 3)) {
		return t.longQuoted(strings.Repeat(mark, 3))
	}
	for t.at++; t.at < len(t.text); t.at++ {
		switch c := t.text[t.at]; {
		case c == '\n':
			return t.fail("syntax-quote")
		case c == '\\' && mark == `"`:
			t.at++
			if t.peek() == '\n' {
				return t.fail("syntax-quote")
			}
		case c == mark[0]:
			t.at++
			return nil
		}
	}
	return t.fail("syntax-quote")
}

// longQuoted skips a multi-line string; a problem in it is named at its first line, where the quote was opened.
func (t *tracer) longQuoted(mark string) *stop {
	row := t.row
	for t.at += 3; t.at < len(t.text); t.at++ {
		switch c := t.text[t.at]; {
		case c == '\n':
			t.row++
		case c == '\\' && mark[0] == '"':
			t.at++
			if t.peek() == '\n' {
				t.row++
			}
		case strings.HasPrefix(t.text[t.at:], mark):
			t.at += 3
			// Up to two quotes may stand just before the closing ones (TOML 1.0, "String").
			for i := 0; i < 2 && t.peek() == mark[0]; i++ {
				t.at++
			}
			return nil
		}
	}
	return &stop{line: row, rule: "syntax-quote"}
}
