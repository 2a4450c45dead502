package words

import (
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"text/template"
	"text/template/parse"

	"github.com/BurntSushi/toml"
)

// sentence is one entry of a locale file; forms are by plural category, or under "" where there is one form only.
type sentence struct {
	room  string
	forms map[string]string
}

// plural reports whether the sentence has a form for one and a form for many.
func (s sentence) plural() bool { return s.forms[""] == "" }

// variables gives the names that the sentence's templates take, sorted; an error where a template is none.
func (s sentence) variables() ([]string, error) {
	names := map[string]bool{}
	for _, text := range s.forms {
		t, err := template.New("").Parse(text)
		if err != nil {
			return nil, err
		}
		if t.Tree == nil || t.Root == nil {
			continue
		}
		collect(t.Root, names)
	}
	return slices.Sorted(maps.Keys(names)), nil
}

func collect(n parse.Node, names map[string]bool) {
	switch n := n.(type) {
	case *parse.ListNode:
		if n == nil {
			return
		}
		for _, each := range n.Nodes {
			collect(each, names)
		}
	case *parse.ActionNode:
		collect(n.Pipe, names)
	case *parse.PipeNode:
		for _, c := range n.Cmds {
			for _, arg := range c.Args {
				collect(arg, names)
			}
		}
	case *parse.IfNode:
		collect(n.Pipe, names)
		collect(n.List, names)
		collect(n.ElseList, names)
	case *parse.FieldNode:
		names[strings.Join(n.Ident, ".")] = true
	}
}

// reserved are the names that go-i18n takes for parts of a message; as a key at the top level, one of them makes the
// library take the whole file for a single message.
var reserved = []string{"id", "description", "hash", "leftdelim", "rightdelim", "zero", "one", "two", "few", "many", "other"}

// read reads the locale files of one language; what is wrong with them goes to report.
func read(files fs.FS, lang string, report func(format string, args ...any)) map[string]sentence {
	all := map[string]sentence{}
	paths, err := fs.Glob(files, path.Join("locale", lang, "*.toml"))
	if err != nil {
		report("%v", err)
	}
	for _, p := range paths {
		text, err := fs.ReadFile(files, p)
		if err != nil {
			report("%v", err)
			continue
		}
		var tree map[string]any
		if err := toml.Unmarshal(text, &tree); err != nil {
			report("%s: %v", p, err)
			continue
		}
		room := strings.TrimSuffix(path.Base(p), ".toml")
		for id, s := range flatten("", tree, func(format string, args ...any) { report(p+": "+format, args...) }) {
			if first, twice := all[id]; twice {
				report("%s: %q stands in %s.toml already", p, id, first.room)
			}
			s.room = room
			all[id] = s
		}
	}
	return all
}

func flatten(prefix string, tree map[string]any, report func(string, ...any)) map[string]sentence {
	found := map[string]sentence{}
	for key, value := range tree {
		id := prefix + key
		if prefix == "" && slices.Contains(reserved, strings.ToLower(key)) {
			report("%q is a word that the library keeps for itself", key)
		}
		switch value := value.(type) {
		case string:
			found[id] = sentence{forms: map[string]string{"": value}}
		case map[string]any:
			if forms, ok := pluralForms(value); ok {
				found[id] = sentence{forms: forms}
				continue
			}
			maps.Copy(found, flatten(id+".", value, report))
		default:
			report("%q is no sentence", id)
		}
	}
	return found
}

// pluralForms gives the forms of a sentence with plurals; false where value is a table of sentences.
func pluralForms(value map[string]any) (map[string]string, bool) {
	forms := map[string]string{}
	for key, v := range value {
		text, ok := v.(string)
		if !ok || !slices.Contains(reserved, key) {
			return nil, false
		}
		forms[key] = text
	}
	return forms, true
}

// compare says what the two languages do not have alike.
func compare(it, en map[string]sentence) []string {
	var wrong []string
	say := func(format string, args ...any) { wrong = append(wrong, fmt.Sprintf(format, args...)) }
	for _, id := range slices.Sorted(maps.Keys(it)) {
		other, there := en[id]
		if !there {
			say("%s.toml: %q is in Italian only", it[id].room, id)
			continue
		}
		if it[id].room != other.room {
			say("%q is in %s.toml in Italian, in %s.toml in English", id, it[id].room, other.room)
		}
		if it[id].plural() != other.plural() {
			say("%s.toml: %q has plurals in one language only", other.room, id)
		}
		itNames, itErr := it[id].variables()
		enNames, enErr := other.variables()
		switch {
		case itErr != nil || enErr != nil:
			say("%s.toml: %q is no template: %v %v", other.room, id, itErr, enErr)
		case !slices.Equal(itNames, enNames):
			say("%s.toml: %q takes %v in Italian, %v in English", other.room, id, itNames, enNames)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(en)) {
		if _, there := it[id]; !there {
			say("%s.toml: %q is in English only", en[id].room, id)
		}
	}
	return append(wrong, slices.Concat(forms("it", it), forms("en", en), untranslated(it, en))...)
}

// forms says which sentences of a language lack a form, or have an empty one.
func forms(lang string, all map[string]sentence) []string {
	var wrong []string
	for _, id := range slices.Sorted(maps.Keys(all)) {
		s := all[id]
		want := []string{""}
		if s.plural() {
			want = []string{"one", "other"} // the categories of both languages (CLDR)
		}
		for _, form := range want {
			text := s.forms[form]
			if strings.TrimSpace(text) == "" {
				wrong = append(wrong, fmt.Sprintf("%s/%s.toml: %q has nothing under %q", lang, s.room, id, form))
			}
			if text != strings.TrimSpace(text) {
				wrong = append(wrong, fmt.Sprintf("%s/%s.toml: %q begins or ends with a blank", lang, s.room, id))
			}
		}
		if len(s.forms) > len(want) {
			wrong = append(wrong, fmt.Sprintf("%s/%s.toml: %q has a form that the language does not know", lang, s.room, id))
		}
	}
	return wrong
}

// untranslated says which sentences of four words or more are the same in both languages.
func untranslated(it, en map[string]sentence) []string {
	var wrong []string
	for _, id := range slices.Sorted(maps.Keys(it)) {
		for form, text := range it[id].forms {
			if len(strings.Fields(text)) >= 4 && en[id].forms[form] == text {
				wrong = append(wrong, fmt.Sprintf("%s.toml: %q says the same in both languages", it[id].room, id))
			}
		}
	}
	return wrong
}

// TestLanguagesSayTheSame: every sentence is there in both languages, whole, and takes the same arguments.
func TestLanguagesSayTheSame(t *testing.T) {
	it, en := read(locale, "it", t.Errorf), read(locale, "en", t.Errorf)
	if len(en) < 30 {
		t.Fatalf("only %d sentences were found", len(en))
	}
	for _, wrong := range compare(it, en) {
		t.Error(wrong)
	}
}

// TestWrongLocalesAreSeen: each of these pairs of files has one fault, which the looks above have to tell.
func TestWrongLocalesAreSeen(t *testing.T) {
	for name, tc := range map[string]struct{ it, en, want string }{
		"one language only":     {`"a.b" = "ciao"`, ``, "in Italian only"},
		"other language only":   {``, `"a.b" = "hello"`, "in English only"},
		"variables":             {`"a.b" = "ciao {{.Name}}"`, `"a.b" = "hello {{.Who}}"`, "takes [Name] in Italian, [Who] in English"},
		"variable in one form":  {"[\"a.b\"]\none=\"uno\"\nother=\"{{.N}} {{.X}}\"", "[\"a.b\"]\none=\"one\"\nother=\"{{.N}}\"", "takes [N X]"},
		"no template":           {`"a.b" = "ciao {{.Name"`, `"a.b" = "hello {{.Name}}"`, "is no template"},
		"empty":                 {`"a.b" = ""`, `"a.b" = "hello"`, "has nothing under"},
		"blank at the end":      {`"a.b" = "ciao "`, `"a.b" = "hello"`, "ends with a blank"},
		"plural form missing":   {"[\"a.b\"]\nother=\"{{.N}}\"", "[\"a.b\"]\none=\"one\"\nother=\"{{.N}}\"", `has nothing under "one"`},
		"plural here only":      {"[\"a.b\"]\none=\"uno\"\nother=\"{{.N}}\"", `"a.b" = "{{.N}}"`, "plurals in one language only"},
		"left in English":       {`"a.b" = "send it again now"`, `"a.b" = "send it again now"`, "the same in both"},
		"key twice in one file": {"\"a.b\" = \"x\"\n\"a.b\" = \"y\"", `"a.b" = "hello"`, "has already been defined"},
		"the library's word":    {`Description = "x"`, `Description = "y"`, "keeps for itself"},
		"no sentence":           {`"a.b" = 3`, `"a.b" = "hello"`, "is no sentence"},
		"nested tables":         {"[a]\nb = \"ciao\"", `"a.c" = "hello"`, `"a.b" is in Italian only`},
	} {
		t.Run(name, func(t *testing.T) {
			var said []string
			report := func(format string, args ...any) { said = append(said, fmt.Sprintf(format, args...)) }
			files := mapFS(map[string]string{"locale/it/room.toml": tc.it, "locale/en/room.toml": tc.en})
			said = append(said, compare(read(files, "it", report), read(files, "en", report))...)
			if !strings.Contains(strings.Join(said, "\n"), tc.want) {
				t.Errorf("said %q, want %q in it", said, tc.want)
			}
		})
	}
	var said []string
	report := func(format string, args ...any) { said = append(said, fmt.Sprintf(format, args...)) }
	read(mapFS(map[string]string{"locale/it/a.toml": `"a.b" = "x"`, "locale/it/b.toml": `"a.b" = "y"`}), "it", report)
	if len(said) != 1 || !strings.Contains(said[0], "already") {
		t.Errorf("a key in two files: said %q", said)
	}
}

func mapFS(files map[string]string) fs.FS {
	m := fstest.MapFS{}
	for name, text := range files {
		m[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return m
}
