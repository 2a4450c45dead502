package account

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/BurntSushi/toml"
)

// formVersion is the version of the file's form. A newer one is refused, so that nothing of it is lost.
const formVersion = 1

// parse reads the file of accounts. It gives the accounts without a fault and, where there is any, what is wrong.
func parse(data []byte) ([]Account, []Problem) {
	var wrong problems
	if len(data) > maxFile {
		wrong.add(0, "too-large", "Limit", maxFile>>10)
		return nil, wrong
	}
	if i := firstBad(data); i >= 0 {
		wrong.add(1+strings.Count(string(data[:i]), "\n"), "not-text")
		return nil, wrong
	}
	found := findLines(string(data), &wrong)
	if len(wrong) > 0 {
		return nil, wrong
	}
	root := map[string]any{}
	if err := decode(string(data), &root); err != nil {
		var at toml.ParseError
		if errors.As(err, &at) {
			wrong.add(at.Position.Line, "syntax")
		} else {
			wrong.add(0, "syntax")
		}
		return nil, wrong
	}
	r := &reader{lines: found, wrong: &wrong}
	return r.root(root), wrong
}

// firstBad is the offset of the first byte that is not text, or -1.
func firstBad(data []byte) int {
	for i := 0; i < len(data); {
		c, size := utf8.DecodeRune(data[i:])
		if c == 0 || (c == utf8.RuneError && size == 1) {
			return i
		}
		i += size
	}
	return -1
}

// decode keeps a panic of the library from reaching a person.
func decode(text string, root *map[string]any) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("decoding TOML: %v", r)
		}
	}()
	if _, err := toml.Decode(text, root); err != nil {
		return fmt.Errorf("decoding TOML: %w", err)
	}
	return nil
}

// reader takes the tables of the file apart.
type reader struct {
	lines lines
	wrong *problems
}

func (r *reader) root(root map[string]any) []Account {
	top := r.table(-1, "", root)
	switch v := top.take("version").(type) {
	case nil:
	case int64:
		if v != formVersion {
			r.wrong.add(r.lines.of(-1, "", "version"), "newer")
			return nil
		}
	default:
		top.fault("version", "not-number")
	}
	tables, ok := asTables(top.take("account"))
	if !ok {
		top.fault("account", "not-table")
	}
	top.done()
	if len(tables) > maxAccounts {
		r.wrong.add(r.lines.of(maxAccounts, "", ""), "too-many", "Limit", maxAccounts)
		tables = tables[:maxAccounts]
	}
	var list []Account
	for i, t := range tables {
		before := len(*r.wrong)
		a := r.account(i, t)
		if key, rule, args := fault(a, list); rule != "" {
			r.wrong.add(r.lines.of(i, "", key), rule, append(args, "Key", key)...)
		}
		if len(*r.wrong) == before {
			list = append(list, a)
		}
	}
	return list
}

func (r *reader) account(i int, fields map[string]any) Account {
	t := r.table(i, "", fields)
	a := Account{
		ID: t.text("id"), Address: t.text("address"), User: t.text("user"), Kind: Kind(t.text("kind")), Auth: t.text("auth"),
		CA: t.text("ca"), Operator: t.text("operator"), Sent: t.text("sent"), IMAP: t.endpoint("imap"), SMTP: t.endpoint("smtp"),
	}
	switch list := t.take("folders").(type) {
	case nil:
	case []any:
		for _, v := range list {
			s, ok := v.(string)
			if !ok {
				t.fault("folders", "not-words")
				break
			}
			a.Folders = append(a.Folders, s)
		}
	default:
		t.fault("folders", "not-list")
	}
	paths, ok := asTables(t.take("paths"))
	if !ok {
		t.fault("paths", "not-table")
	}
	for _, p := range paths {
		inner := r.table(i, "paths", p)
		a.Paths = append(a.Paths, Path{inner.text("path"), inner.text("role")})
		inner.done()
	}
	t.done()
	return a
}

// table is one table of the file while it is read.
type table struct {
	*reader
	account int
	name    string
	fields  map[string]any
	known   []string
}

func (r *reader) table(account int, name string, fields map[string]any) *table {
	return &table{reader: r, account: account, name: name, fields: fields}
}

func (t *table) fault(key, rule string, args ...any) {
	t.wrong.add(t.lines.of(t.account, t.name, key), rule, append(args, "Key", key)...)
}

func (t *table) take(key string) any {
	t.known = append(t.known, key)
	return t.fields[key]
}

func (t *table) text(key string) string {
	v := t.take(key)
	s, ok := v.(string)
	if v != nil && !ok {
		t.fault(key, "not-words")
	}
	return s
}

func (t *table) endpoint(key string) Endpoint {
	v := t.take(key)
	fields, ok := v.(map[string]any)
	if !ok {
		if v != nil {
			t.fault(key, "not-table")
		}
		return Endpoint{}
	}
	inner := t.table(t.account, key, fields)
	e := Endpoint{Host: inner.text("host"), Security: inner.text("security")}
	switch port := inner.take("port").(type) {
	case nil:
	case int64:
		if e.Port = int(port); port < 1 || port > 65535 {
			inner.fault("port", "bad-port")
		}
	default:
		inner.fault("port", "not-number")
	}
	inner.done()
	return e
}

// done reports keys that nobody asked for: misspelled, or a newer program's.
func (t *table) done() {
	for _, key := range slices.Sorted(maps.Keys(t.fields)) {
		if !slices.Contains(t.known, key) {
			t.fault(key, "unknown-key")
		}
	}
}

// asTables gives a list of tables, however it was written; nil is an empty one.
func asTables(v any) ([]map[string]any, bool) {
	switch v := v.(type) {
	case nil:
		return nil, true
	case []map[string]any:
		return v, true
	case []any:
		tables := make([]map[string]any, 0, len(v))
		for _, e := range v {
			t, ok := e.(map[string]any)
			if !ok {
				return nil, false
			}
			tables = append(tables, t)
		}
		return tables, true
	}
	return nil, false
}
