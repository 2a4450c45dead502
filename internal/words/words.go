// Package words holds every sentence that a person reads, in Italian and English, with plurals, dates and numbers.
//
// Sentences live in locale/LANG/ROOM.toml, one file per room and language, with the same keys in both. Ids of rules,
// phases and verdicts, and the keys of JSON, are never translated.
package words

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"sync"
	"time"

	"github.com/BurntSushi/toml"
	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

//go:embed locale
var locale embed.FS

// Languages are the languages of the program, the default last.
var Languages = []string{"it", "en"}

// Words speaks one language. It is safe for concurrent use.
type Words struct {
	lang      string
	localizer *i18n.Localizer
	// plain caches sentences without arguments: lists ask for the same few words thousands of times.
	plain sync.Map
}

var bundle = sync.OnceValues(func() (*i18n.Bundle, error) {
	b := i18n.NewBundle(language.English)
	b.RegisterUnmarshalFunc("toml", toml.Unmarshal)
	err := fs.WalkDir(locale, "locale", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Ext(p) != ".toml" {
			return err
		}
		data, err := locale.ReadFile(p)
		if err != nil {
			return err
		}
		lang := path.Base(path.Dir(p))
		room := strings.TrimSuffix(path.Base(p), ".toml")
		if _, err := b.ParseMessageFileBytes(data, room+"."+lang+".toml"); err != nil {
			return fmt.Errorf("words: %s: %w", p, err)
		}
		return nil
	})
	return b, err
})

// New gives the words of lang, "it" or "en"; any other language gets English.
func New(lang string) *Words {
	if lang != "it" {
		lang = "en"
	}
	w := &Words{lang: lang}
	// The locale files are part of the program and a test reads every one: an error here cannot reach a person, and
	// without a localizer every sentence is its own id.
	if b, err := bundle(); err == nil {
		w.localizer = i18n.NewLocalizer(b, lang)
	}
	return w
}

// Match picks the language of the program from a setting such as LANG ("it_IT.UTF-8"); English where it says nothing known.
func Match(setting string) string {
	if strings.HasPrefix(strings.ToLower(setting), "it") {
		return "it"
	}
	return "en"
}

// Lang gives the language spoken: "it" or "en".
func (w *Words) Lang() string { return w.lang }

// T gives the sentence id, with args as key and value pairs. An unknown id is given back as it is.
func (w *Words) T(id string, args ...any) string {
	if len(args) > 0 {
		return elided(w.say(&i18n.LocalizeConfig{MessageID: id, TemplateData: w.data(args)}))
	}
	if s, ok := w.plain.Load(id); ok {
		return s.(string)
	}
	s := w.say(&i18n.LocalizeConfig{MessageID: id})
	if s != id {
		w.plain.Store(id, s)
	}
	return s
}

// N gives the sentence id in the plural form for n, which stands as {{.N}} in it.
func (w *Words) N(id string, n int, args ...any) string {
	data := w.data(args)
	data["N"] = w.Number(n)
	return elided(w.say(&i18n.LocalizeConfig{MessageID: id, PluralCount: n, TemplateData: data}))
}

// Map is T with the arguments of a reason or a note.
func (w *Words) Map(id string, args map[string]any) string {
	list := make([]any, 0, 2*len(args))
	for k, v := range args {
		list = append(list, k, v)
	}
	return w.T(id, list...)
}

// Has reports whether there is a sentence id.
func (w *Words) Has(id string) bool { return w.T(id) != id }

func (w *Words) say(c *i18n.LocalizeConfig) string {
	if w.localizer == nil {
		return c.MessageID
	}
	s, err := w.localizer.Localize(c)
	if err != nil || s == "" {
		return c.MessageID
	}
	return s
}

func (w *Words) data(args []any) map[string]any {
	data := make(map[string]any, len(args)/2+1)
	for i := 0; i+1 < len(args); i += 2 {
		key, ok := args[i].(string)
		if !ok {
			continue
		}
		switch v := args[i+1].(type) {
		case time.Time:
			data[key] = w.vowel(w.Time(v))
		case time.Duration:
			data[key] = w.Duration(v)
		case interface{ In(lang string) string }:
			// A text that exists in both languages, such as a phase's title.
			data[key] = v.In(w.lang)
		case string:
			data[key] = w.vowel(v)
		default:
			data[key] = v
		}
	}
	return data
}
