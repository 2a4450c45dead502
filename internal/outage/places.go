package outage

import (
	"strconv"
	"strings"
)

// places knows on which line each key of a TOML text stands. The TOML library does not tell positions of keys, and it
// recurses into nested values without a bound; so a tracer goes over the text first, which also keeps the nesting small.
type places map[string]int

const (
	keyMark  = "\x1f" // before a key in a path
	elemMark = "\x1e" // before an index in a path
)

func child(path, key string) string     { return path + keyMark + key }
func element(path string, i int) string { return path + elemMark + strconv.Itoa(i) }

// line is the line of a path, or of the nearest thing around it.
func (pl places) line(path string) int {
	for path != "" {
		if n, ok := pl[path]; ok {
			return n
		}
		path = path[:max(strings.LastIndexAny(path, keyMark+elemMark), 0)]
	}
	return 1
}

// tracer walks over a TOML 1.0 text token by token (https://toml.io/en/v1.0.0). It understands just enough to know keys
// and nesting; anything it does not expect ends the walk with a stop, so nothing unmeasured reaches the library.
type tracer struct {
	text   string
	at     int // byte offset
	row    int // line, from 1
	places places
	arrays map[string]int // path of an array of tables to its length so far
}

// stop is why and where a walk ended early: a problem's rule.
type stop struct {
	line int
	rule string
}

// tracePlaces finds the lines of all keys. The text must be valid UTF-8.
func tracePlaces(text string) (places, *stop) {
	t := &tracer{text: strings.TrimPrefix(text, "\ufeff"), row: 1, places: places{}, arrays: map[string]int{}}
	table := ""
	for {
		t.blank(true)
		if t.at >= len(t.text) {
			return t.places, nil
		}
		var end *stop
		if t.text[t.at] == '[' {
			table, end = t.header()
		} else {
			end = t.pair(table, 0)
		}
		if end == nil {
			end = t.lineEnd()
		}
		if end != nil {
			return t.places, end
		}
	}
}

func (t *tracer) fail(rule string) *stop { return &stop{line: t.row, rule: rule} }

func (t *tracer) peek() byte {
	if t.at < len(t.text) {
		return t.text[t.at]
	}
	return 0
}

// blank skips spaces, and line ends and comments too where they mean nothing.
func (t *tracer) blank(lines bool) {
	for t.at < len(t.text) {
		switch c := t.text[t.at]; {
		case c == ' ' || c == '\t' || (c == '\r' && strings.HasPrefix(t.text[t.at:], "\r\n")):
			t.at++
		case c == '\n' && lines:
			t.at++
			t.row++
		case c == '#' && lines:
			t.comment()
		default:
			return
		}
	}
}

func (t *tracer) comment() {
	for t.at < len(t.text) && t.text[t.at] != '\n' {
		t.at++
	}
}

// lineEnd is what must follow a header or a pair.
func (t *tracer) lineEnd() *stop {
	t.blank(false)
	if c := t.peek(); c != '#' && c != '\n' && t.at < len(t.text) {
		return t.fail("syntax")
	}
	return nil
}

// header reads [a.b] or [[a.b]] and gives the path of its table.
func (t *tracer) header() (string, *stop) {
	row := t.row
	opening := "["
	if strings.HasPrefix(t.text[t.at:], "[[") {
		opening = "[["
	}
	t.at += len(opening)
	keys, end := t.keys()
	if end != nil {
		return "", end
	}
	if !strings.HasPrefix(t.text[t.at:], strings.Repeat("]", len(opening))) {
		return "", t.fail("syntax-header")
	}
	t.at += len(opening)
	path := ""
	for i, key := range keys {
		path = child(path, key)
		if i == len(keys)-1 && opening == "[[" {
			if end := t.note(path, row); end != nil {
				return "", end
			}
			t.arrays[path]++
		}
		if n := t.arrays[path]; n > 0 {
			path = element(path, n-1)
		}
	}
	return path, t.note(path, row)
}

// note keeps the first line of a path.
func (t *tracer) note(path string, row int) *stop {
	if _, ok := t.places[path]; !ok {
		t.places[path] = row
	}
	switch {
	case len(t.places) > maxKeys:
		return t.fail("too-many-keys")
	case len(path) > maxPath:
		return t.fail("too-deep")
	}
	return nil
}

// pair reads key = value below a table.
func (t *tracer) pair(table string, depth int) *stop {
	row := t.row
	keys, end := t.keys()
	if end != nil {
		return end
	}
	if t.peek() != '=' {
		return t.fail("syntax-equals")
	}
	t.at++
	for _, key := range keys {
		table = child(table, key)
		if end := t.note(table, row); end != nil {
			return end
		}
	}
	return t.value(table, depth+1)
}

// value reads a value; arrays and inline tables are walked into.
func (t *tracer) value(path string, depth int) *stop {
	if depth > maxNesting {
		return t.fail("too-deep")
	}
	t.blank(false)
	switch t.peek() {
	case '"', '\'':
		return t.quoted()
	case '[':
		return t.array(path, depth)
	case '{':
		return t.inline(path, depth)
	}
	start := t.at
	for t.at < len(t.text) && !strings.ContainsRune(",]}#\n", rune(t.text[t.at])) {
		t.at++
	}
	if strings.TrimSpace(t.text[start:t.at]) == "" {
		return t.fail("syntax-value")
	}
	return nil
}

func (t *tracer) array(path string, depth int) *stop {
	t.at++
	for i := 0; ; i++ {
		t.blank(true)
		if t.peek() == ']' {
			t.at++
			return nil
		}
		inner := element(path, i)
		if end := t.note(inner, t.row); end != nil {
			return end
		}
		if end := t.value(inner, depth+1); end != nil {
			return end
		}
		t.blank(true)
		if t.peek() == ',' {
			t.at++
		} else if t.peek() != ']' {
			return t.fail("syntax-bracket")
		}
	}
}

func (t *tracer) inline(path string, depth int) *stop {
	t.at++
	for {
		t.blank(true)
		if t.peek() == '}' {
			t.at++
			return nil
		}
		if end := t.pair(path, depth); end != nil {
			return end
		}
		t.blank(true)
		if t.peek() == ',' {
			t.at++
		} else if t.peek() != '}' {
			return t.fail("syntax-bracket")
		}
	}
}
