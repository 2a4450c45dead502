package help

import (
	"embed"
	"slices"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"

	"rimbalzo/internal/outage"
	"rimbalzo/internal/words"
)

//go:embed texts
var texts embed.FS

// ids are the topics in the order in which they are offered. None is the name of a command: "rimbalzo help" takes both.
var ids = []string{
	"start", "providers", "verdicts", "list", "resending", "missing-mail", "what-happened", "helping", "sharing", "watching", "settings-and-data", "never", "keys",
}

// pages are the topics of the window's pages.
var pages = map[string]string{
	"now": "watching", "checklist": "list", "why": "resending", "outage": "what-happened", "missing": "missing-mail", "accounts": "providers",
	"settings": "settings-and-data", "connections": "watching", "log": "settings-and-data", "about": "never", "welcome": "start",
}

// ForPage gives the topic that explains a page of the window; "start" for one that has none of its own.
func ForPage(page string) string {
	if id, ok := pages[page]; ok {
		return id
	}
	return "start"
}

// Topic is one text.
type Topic struct {
	ID     string
	Title  string
	Blocks []Block
}

// Book is all topics in one language.
type Book struct{ topics []Topic }

// Open reads the topics in the language of w; times are told in zone, and the outages are those of c.
func Open(w *words.Words, zone *time.Location, c *outage.Catalogue) *Book {
	b := &Book{}
	in := inserts{words: w, zone: zone, catalogue: c}
	for _, id := range ids {
		// A test reads every text in both languages; one that is missing is left out.
		data, err := texts.ReadFile("texts/" + w.Lang() + "/" + id + ".md")
		if err != nil {
			continue
		}
		t := Topic{ID: id}
		var raw []Block
		t.Title, raw = parse(string(data))
		for _, block := range raw {
			if block.Kind == insert {
				t.Blocks = append(t.Blocks, in.of(block.Text)...)
				continue
			}
			t.Blocks = append(t.Blocks, block)
		}
		b.topics = append(b.topics, t)
	}
	return b
}

// Topics gives all of them, in the order in which they are offered.
func (b *Book) Topics() []Topic { return b.topics }

// Topic gives one by its id, in small letters or capitals.
func (b *Book) Topic(id string) (Topic, bool) {
	i := slices.IndexFunc(b.topics, func(t Topic) bool { return strings.EqualFold(t.ID, id) })
	if i < 0 {
		return Topic{}, false
	}
	return b.topics[i], true
}

// maxQuery is longer than what anybody looks for.
const maxQuery = 200

// Search gives the topics in which every word of a query stands, those first that have it in their title. Accents and capitals
// make no difference. An empty query gives all.
func (b *Book) Search(query string) []Topic {
	wanted := sought(query)
	var titled, others []Topic
	for _, t := range b.topics {
		switch {
		case t.holds(wanted, fold(t.Title)):
			titled = append(titled, t)
		case t.holds(wanted, t.folded()):
			others = append(others, t)
		}
	}
	return append(titled, others...)
}

// Hits tells of each block whether the words of a query stand in it: all of them, or one where no block has them all.
func (t Topic) Hits(query string) []bool {
	wanted, all, some := sought(query), make([]bool, len(t.Blocks)), make([]bool, len(t.Blocks))
	for i, b := range t.Blocks {
		text := fold(b.Text)
		all[i] = len(wanted) > 0 && t.holds(wanted, text)
		some[i] = slices.ContainsFunc(wanted, func(w string) bool { return strings.Contains(text, w) })
	}
	if slices.Contains(all, true) {
		return all
	}
	return some
}

func sought(query string) []string {
	if len(query) > maxQuery {
		query = strings.ToValidUTF8(query[:maxQuery], "")
	}
	return strings.Fields(fold(query))
}

func (t Topic) holds(wanted []string, text string) bool {
	return !slices.ContainsFunc(wanted, func(w string) bool { return !strings.Contains(text, w) })
}

func (t Topic) folded() string {
	var s strings.Builder
	s.WriteString(t.ID + " " + t.Title)
	for _, b := range t.Blocks {
		s.WriteString("\n" + b.Text)
	}
	return fold(s.String())
}

// fold takes capitals and accents away: "perche" finds "perché".
func fold(s string) string {
	// A transformer keeps state, so that each call has its own. What it cannot read stays as it is.
	bare, _, err := transform.String(transform.Chain(norm.NFD, runes.Remove(runes.In(unicode.Mn)), norm.NFC), s)
	if err != nil {
		bare = s
	}
	return strings.ToLower(bare)
}
