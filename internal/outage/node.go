package outage

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"
)

// node is a table of the file while it is read. Each reader of a key reports what is wrong with its value and then
// gives a zero value, so that all problems of a file come out in one go.
type node struct {
	rd    *reading
	path  string
	table map[string]any
	known []string // keys asked for so far
}

func (n *node) line(key string) int { return n.rd.places.line(child(n.path, key)) }

func (n *node) wrong(key, rule string, args ...any) {
	n.rd.report(n.line(key), rule, append([]any{"Key", key}, args...)...)
}

// get is a key's value, nil where it is absent.
func (n *node) get(key string) any {
	n.known = append(n.known, key)
	return n.table[key]
}

func (n *node) keys() []string { return slices.Sorted(maps.Keys(n.table)) }

// done reports the keys that nobody asked for; they are most often misspelled.
func (n *node) done() {
	for _, key := range n.keys() {
		if !slices.Contains(n.known, key) {
			n.wrong(key, "unknown-key", "Known", strings.Join(slices.Sorted(slices.Values(n.known)), ", "))
		}
	}
}

// need reports a key that must be there and is not, with an example of what to write.
func (n *node) need(key, example string) bool {
	if _, ok := n.table[key]; ok {
		return true
	}
	n.rd.report(n.rd.places.line(n.path), "missing", "Key", key, "Example", example)
	return false
}

// str is a sentence or word: one line of text without control characters.
func (n *node) str(key string) string {
	v := n.get(key)
	if v == nil {
		return ""
	}
	return n.plain(key, v)
}

func (n *node) plain(key string, v any) string {
	s, ok := v.(string)
	switch {
	case !ok:
		n.wrong(key, "not-text")
		return ""
	case len(s) > maxText:
		n.wrong(key, "too-long", "Limit", maxText)
		return ""
	case strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) && r != '\n' }):
		n.wrong(key, "control-character")
		return ""
	}
	return strings.Join(strings.Fields(s), " ")
}

// word is a string out of a fixed vocabulary, "" where the key is absent.
func (n *node) word(key string, allowed ...string) string {
	s := n.str(key)
	if s != "" && !slices.Contains(allowed, s) {
		n.wrong(key, "unknown-value", "Value", s, "Known", strings.Join(allowed, ", "))
		return ""
	}
	return s
}

// strs is a list of words.
func (n *node) strs(key string) []string {
	list := n.list(key, maxList)
	words := make([]string, 0, len(list))
	for _, v := range list {
		words = append(words, n.plain(key, v))
	}
	return words
}

// list is an array, of at most limit entries.
func (n *node) list(key string, limit int) []any {
	var list []any
	switch v := n.get(key).(type) {
	case nil:
	case []any:
		list = v
	case []map[string]any:
		for _, t := range v {
			list = append(list, t)
		}
	default:
		n.wrong(key, "not-list")
	}
	if len(list) > limit {
		n.rd.report(n.rd.places.line(element(child(n.path, key), limit)), "too-many", "Key", key, "Limit", limit)
		return list[:limit]
	}
	return list
}

// text is a sentence in both languages: a table with it and en, or one string that stands for both.
func (n *node) text(key string) Text {
	v := n.get(key)
	if v == nil {
		return Text{}
	}
	return n.asText(key, v, child(n.path, key))
}

func (n *node) asText(key string, v any, path string) Text {
	if t, ok := v.(map[string]any); ok {
		inner := &node{rd: n.rd, path: path, table: t}
		text := Text{It: inner.str("it"), En: inner.str("en")}
		inner.done()
		return text
	}
	s := n.plain(key, v)
	return Text{It: s, En: s}
}

func (n *node) texts(key string) []Text {
	list := n.list(key, maxList)
	texts := make([]Text, 0, len(list))
	for i, v := range list {
		texts = append(texts, n.asText(key, v, element(child(n.path, key), i)))
	}
	return texts
}

// sub is a table inside this one, nil where it is absent.
func (n *node) sub(key string) *node {
	switch v := n.get(key).(type) {
	case nil:
	case map[string]any:
		return &node{rd: n.rd, path: child(n.path, key), table: v}
	default:
		n.wrong(key, "not-table")
	}
	return nil
}

// tables is a list of tables.
func (n *node) tables(key string, limit int) []*node {
	var nodes []*node
	for i, v := range n.list(key, limit) {
		path := element(child(n.path, key), i)
		if t, ok := v.(map[string]any); ok {
			nodes = append(nodes, &node{rd: n.rd, path: path, table: t})
		} else {
			n.rd.report(n.rd.places.line(path), "not-table", "Key", key)
		}
	}
	return nodes
}

// instant is a time with an offset.
func (n *node) instant(key string) time.Time {
	v := n.get(key)
	if v == nil {
		return time.Time{}
	}
	return n.asInstant(key, v)
}

func (n *node) asInstant(key string, v any) time.Time {
	t, ok := v.(time.Time)
	if !ok {
		n.wrong(key, "not-time")
		return time.Time{}
	}
	// The library marks times without an offset by the names of their locations.
	switch name := t.Location().String(); name {
	case "datetime-local", "date-local", "time-local":
		n.wrong(key, "time-without-offset", "Value", t.Format("2006-01-02T15:04:05"))
		return time.Time{}
	}
	if y := t.UTC().Year(); y < 1970 || y > 2200 {
		n.wrong(key, "time-far", "Value", fmt.Sprint(y))
		return time.Time{}
	}
	return t
}

// flag is true or false.
func (n *node) flag(key string) bool {
	switch v := n.get(key).(type) {
	case nil:
		return false
	case bool:
		return v
	}
	n.wrong(key, "not-boolean")
	return false
}

// citations is the list of source keys.
func (n *node) citations() []string {
	keys := n.strs("sources")
	for _, key := range keys {
		if _, ok := n.rd.sources[key]; !ok && key != "" {
			n.wrong("sources", "unknown-source", "Value", key)
		}
	}
	return keys
}
