package help

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"rimbalzo/internal/outage"
	"rimbalzo/internal/provider"
	"rimbalzo/internal/words"
)

func open(lang string) *Book { return Open(words.New(lang), time.UTC, outage.Builtin()) }

// whole is everything that a topic says.
func whole(t Topic) string { return strings.Join(strings.Fields(t.Text(96)), " ") }

// TestLanguages: each topic is there in both languages and says the same things in the same order: headings, items, commands.
func TestLanguages(t *testing.T) {
	it, en := open("it").Topics(), open("en").Topics()
	if len(it) != len(ids) || len(en) != len(ids) {
		t.Fatalf("%d Italian and %d English topics of %d", len(it), len(en), len(ids))
	}
	for i := range ids {
		if it[i].Title == "" || en[i].Title == "" || it[i].Title == en[i].Title {
			t.Errorf("%s is called %q and %q", ids[i], it[i].Title, en[i].Title)
		}
		var shape [2]string
		for j, topic := range []Topic{it[i], en[i]} {
			for _, b := range topic.Blocks {
				shape[j] += string(b.Kind) + " "
			}
		}
		if shape[0] != shape[1] {
			t.Errorf("%s is built differently:\nit %s\nen %s", ids[i], shape[0], shape[1])
		}
	}
}

// TestEveryTextIsATopic: no text lies about that nobody can read, and none has an insert that nobody knows.
func TestEveryTextIsATopic(t *testing.T) {
	err := fs.WalkDir(texts, "texts", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		id := strings.TrimSuffix(d.Name(), ".md")
		if !slices.Contains(ids, id) {
			t.Errorf("%s is no topic", p)
		}
		data, err := texts.ReadFile(p)
		title, blocks := parse(string(data))
		if title == "" {
			t.Errorf("%s has no title", p)
		}
		for _, b := range blocks {
			if b.Kind == insert && len((inserts{words.New("en"), time.UTC, outage.Builtin()}).of(b.Text)) == 0 {
				t.Errorf("%s puts in %q, which is nothing", p, b.Text)
			}
			if strings.ContainsAny(b.Text, "*`_#") && b.Kind != Command {
				t.Errorf("%s has markup that is not read: %s", p, b.Text)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestFacts: what the program's data knows stands in the help, for each provider and each outage with its sources.
func TestFacts(t *testing.T) {
	for _, lang := range words.Languages {
		b := open(lang)
		topic, _ := b.Topic("providers")
		text := whole(topic)
		for _, p := range provider.Builtin().Presets() {
			notes := p.NotesEn
			if lang == "it" {
				notes = p.NotesIt
			}
			for _, want := range append([]string{p.Name}, notes...) {
				if !strings.Contains(text, strings.Join(strings.Fields(want), " ")) {
					t.Errorf("%s: nothing of %q", lang, want)
				}
			}
			if p.IMAP != nil && !strings.Contains(text, p.IMAP.Host) {
				t.Errorf("%s: no server of %s", lang, p.Name)
			}
		}
		topic, _ = b.Topic("what-happened")
		text = whole(topic)
		var links []string
		for _, block := range topic.Blocks {
			if block.Kind == Link {
				links = append(links, block.Text)
			}
		}
		for _, o := range outage.Builtin().Outages {
			for _, p := range o.Phases {
				if !strings.Contains(text, p.Title.In(lang)) {
					t.Errorf("%s: nothing of phase %s", lang, p.ID)
				}
				for _, key := range p.Sources {
					if _, link := Cite(outage.Builtin().Sources[key]); link != "" && !slices.Contains(links, link) {
						t.Errorf("%s: the source %s of %s is not named", lang, key, p.ID)
					}
				}
			}
		}
	}
}

func TestPagesHaveTopics(t *testing.T) {
	for page, id := range pages {
		if !slices.Contains(ids, id) || ForPage(page) != id {
			t.Errorf("page %s leads to %q", page, ForPage(page))
		}
	}
	if ForPage("no such page") != "start" {
		t.Error("a page without a topic does not lead to the first one")
	}
}

func TestParse(t *testing.T) {
	for name, tc := range map[string]struct {
		text, title string
		want        []Block
	}{
		"all": {
			"# Title\n\n## Head\nOne\ntwo.\n\n- item\n  goes on\n- next\n\n    type this\n### Part\n<https://a.example/x>\n{{things}}\n", "Title",
			[]Block{{Heading, "Head"}, {Paragraph, "One two."}, {Item, "item goes on"}, {Item, "next"}, {Command, "type this"}, {Part, "Part"}, {Link, "https://a.example/x"}, {insert, "things"}},
		},
		"nothing":       {"", "", nil},
		"no title":      {"just this", "", []Block{{Paragraph, "just this"}}},
		"a second one":  {"# A\ntext\n\n# B", "A", []Block{{Paragraph, "text"}, {Paragraph, "# B"}}},
		"hostile":       {"# T\u202e\x07itle\n\n**bold** <b>x</b> [a](javascript:x)\u200b", "Title", []Block{{Paragraph, "**bold** <b>x</b> [a](javascript:x)"}}},
		"other schemes": {"<javascript:alert(1)>\n", "", []Block{{Paragraph, "<javascript:alert(1)>"}}},
		"empty heading": {"##  \n- \n", "", nil},
	} {
		title, blocks := parse(tc.text)
		if title != tc.title || !slices.Equal(blocks, tc.want) {
			t.Errorf("%s: %q, %q", name, title, blocks)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("# Title\n\n## Head\ntext\n- item\n    command\n<https://a.example>\n{{x}}\n")
	f.Add("- \n##\n### \n\u202e\xff\x00")
	f.Fuzz(func(t *testing.T, text string) {
		title, blocks := parse(text)
		if len(blocks) > maxBlocks {
			t.Fatalf("%d blocks", len(blocks))
		}
		for _, b := range append(blocks, Block{Paragraph, title}) {
			if !utf8.ValidString(b.Text) || strings.ContainsAny(b.Text, "\n\r\t\x00\x1b\u202e") {
				t.Fatalf("%s %q", b.Kind, b.Text)
			}
		}
	})
}

func TestSearch(t *testing.T) {
	b := open("it")
	for query, want := range map[string]string{
		"":                       strings.Join(ids, " "),
		"PERCHÉ bussa":           "watching",
		"perche bussa":           "watching",
		"tasti":                  "keys",
		"copia nascosta":         "resending missing-mail",
		"apppasswords":           "providers",
		"zzz":                    "",
		strings.Repeat("è", 500): "",
	} {
		var got []string
		for _, topic := range b.Search(query) {
			got = append(got, topic.ID)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q finds %v, want %s", query, got, want)
		}
	}
	topic, _ := b.Topic("WATCHING")
	hits := topic.Hits("bussa")
	for i, block := range topic.Blocks {
		if hits[i] != strings.Contains(strings.ToLower(block.Text), "bussa") {
			t.Errorf("a hit is %v in %q", hits[i], block.Text)
		}
	}
	if slices.Contains(topic.Hits(""), true) {
		t.Error("nothing looked for is found")
	}
}

// TestOwnCatalogue: what a person wrote into the catalogue stays text, in its bounds, without an address that is none.
func TestOwnCatalogue(t *testing.T) {
	c := &outage.Catalogue{
		Sources: map[string]string{"A": "Note\u202e\x1b[31m, https://a.example/1", "B": "javascript:alert(1) only a note"},
		Outages: []outage.Outage{{
			ID: "x", Name: outage.Text{It: "## No heading\n- no item\u202e"}, Domains: []string{"a.example"},
			Phases: []outage.Phase{{Title: outage.Text{It: strings.Repeat("long ", 5000)}, Behaviour: outage.Reopening, Sources: []string{"A", "B", "gone"}}},
		}},
	}
	topic, _ := Open(words.New("it"), time.UTC, c).Topic("what-happened")
	var links []string
	for _, b := range topic.Blocks {
		if strings.ContainsAny(b.Text, "\n\x1b\u202e") || utf8.RuneCountInString(b.Text) > maxSaid+100 {
			t.Errorf("%s %q", b.Kind, b.Text)
		}
		if b.Kind == Link {
			links = append(links, b.Text)
		}
	}
	if fmt.Sprint(links) != "[https://a.example/1]" {
		t.Errorf("links are %v", links)
	}
	if text := whole(topic); !strings.Contains(text, "## No heading - no item") || strings.Contains(text, "gone") {
		t.Errorf("the name is not what was written:\n%.600s", text)
	}
}

func TestText(t *testing.T) {
	for _, lang := range words.Languages {
		for _, topic := range open(lang).Topics() {
			for line := range strings.Lines(topic.Text(80)) {
				line = strings.TrimRight(line, "\n")
				if utf8.RuneCountInString(line) > 80 && !strings.HasPrefix(line, "    ") && strings.Contains(strings.TrimPrefix(line, "- "), " ") {
					t.Errorf("%s %s: %d columns: %s", lang, topic.ID, utf8.RuneCountInString(line), line)
				}
			}
		}
	}
}
