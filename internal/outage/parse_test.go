package outage

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"rimbalzo/internal/words"
)

// a correct file, to be spoiled line by line.
const good = `[sources]
SEEN = "what I saw"

[[outage]]
id = "example-2024-05"
name = { it = "Esempio", en = "Example" }
domains = ["example.org"]
zone = "Europe/Rome"
sources = ["SEEN"]

[[outage.phase]]
id = "refuse"
title = "Refused"
behaviour = "refuse-connection"
from = { at = 2024-05-02T10:00:00+02:00, precision = "about", sources = ["SEEN"] }
to = 2024-05-03T18:00:00+02:00
replies = [{ code = 550, enhanced = ["5.1.1"], texts = ["User unknown"] }]

[[outage.phase]]
id = "back"
title = "Back"
behaviour = "normal-degraded"
from.at = 2024-05-03T18:00:00+02:00
from.precision = "bound"
from.earliest = 2024-05-03T12:00:00+02:00
to = 2024-05-06T00:00:00+02:00

[[outage.access]]
channel = "webmail"
state = "down"
from = 2024-05-02T10:00:00+02:00
`

func TestParseGood(t *testing.T) {
	c, problems := Parse("good.toml", []byte(good))
	if len(problems) > 0 || len(c.Outages) != 1 {
		t.Fatalf("%d outages, %+v", len(c.Outages), problems)
	}
	o := c.Outages[0]
	refuse, back := o.Phases[0], o.Phases[1]
	for name, ok := range map[string]bool{
		"about is an hour to either side":   refuse.From.Earliest.Equal(at(t, "2024-05-02 09:00")) && refuse.From.Latest.Equal(at(t, "2024-05-02 11:00")),
		"a bare time is exact":              refuse.To.Precision == Exact && refuse.To.Earliest.Equal(refuse.To.Latest),
		"a bound keeps the side it lacks":   back.From.Precision == Bound && back.From.Latest.Equal(at(t, "2024-05-03 18:00")),
		"start and end are the phases'":     o.Start.At.Equal(refuse.From.At) && o.End.At.Equal(back.To.At),
		"times stand on the zone's clocks":  o.Start.At.Format("15:04 MST") == "10:00 CEST",
		"one sentence serves two languages": refuse.Title == Text{It: "Refused", En: "Refused"},
		"reply texts are in lower case":     refuse.Replies[0].Texts[0] == "user unknown",
		"who gives notice may be unsaid":    refuse.BounceBy == "either" && slices.Equal(refuse.Fate, []string{"unknown"}),
		"an absent end is open":             o.Access[0].To.Open(),
	} {
		if !ok {
			t.Errorf("not so: %s\n%+v", name, o)
		}
	}
}

// The example in the documentation is a file that works.
func TestDocumentedExample(t *testing.T) {
	doc, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	var example strings.Builder
	for line := range strings.Lines(string(doc)) {
		if code, ok := strings.CutPrefix(line, "//\t"); ok || line == "//\n" {
			example.WriteString(code)
		}
	}
	c, problems := Parse("doc.go", []byte(strings.ReplaceAll(example.String(), "//\n", "\n")))
	if len(problems) > 0 || len(c.Outages) != 1 || c.Outages[0].Phases[0].Behaviour != RefuseConnection {
		t.Errorf("%+v %+v from\n%s", c.Outages, problems, example.String())
	}
}

// Each row spoils the good file in one place and says what the person is told, and for which line.
func TestProblems(t *testing.T) {
	for name, c := range map[string]struct {
		old, new string
		line     int
		rule     string
		tells    []string // both languages have these words
	}{
		"id missing":          {"id = \"example-2024-05\"\n", "\n", 4, "missing", []string{"id", "libero-2023-01"}},
		"id with spaces":      {"\"example-2024-05\"", "\"Example May\"", 5, "bad-id", []string{"Example May"}},
		"id a number":         {"\"example-2024-05\"", "7", 5, "not-text", []string{"id"}},
		"name missing":        {"name = { it = \"Esempio\", en = \"Example\" }\n", "\n", 4, "missing", []string{"name"}},
		"language misspelled": {"en = \"Example\"", "eng = \"Example\"", 6, "unknown-key", []string{"eng", "en, it"}},
		"domain with address": {"[\"example.org\"]", "[\"me@example.org\"]", 7, "bad-domain", []string{"me@example.org"}},
		"domain one label":    {"[\"example.org\"]", "[\"example\"]", 7, "bad-domain", []string{"example"}},
		"domains no list":     {"[\"example.org\"]", "\"example.org\"", 7, "not-list", []string{"domains"}},
		"domains empty":       {"[\"example.org\"]", "[]", 7, "no-domains", []string{"libero.it"}},
		"zone unknown":        {"Europe/Rome", "Europe/Roma", 8, "bad-zone", []string{"Europe/Roma", "Europe/Rome"}},
		"source unknown":      {"sources = [\"SEEN\"]\n\n[[outage.phase]]", "sources = [\"SEN\"]\n\n[[outage.phase]]", 9, "unknown-source", []string{"SEN"}},
		"boundary's source":   {"precision = \"about\", sources = [\"SEEN\"]", "precision = \"about\", sources = [\"X\"]", 15, "unknown-source", []string{"X"}},
		"key misspelled":      {"behaviour = \"refuse-connection\"", "behavior = \"refuse-connection\"", 14, "unknown-key", []string{"behavior", "behaviour"}},
		"behaviour unknown":   {"refuse-connection", "refuse", 14, "unknown-value", []string{"refuse", "refuse-connection"}},
		"precision unknown":   {"\"about\"", "\"circa\"", 15, "unknown-value", []string{"circa", "about"}},
		"time without offset": {"to = 2024-05-03T18:00:00+02:00", "to = 2024-05-03T18:00:00", 16, "time-without-offset", []string{"2024-05-03T18:00:00+01:00", "2024-05-03T18:00:00+02:00"}},
		"only a date":         {"to = 2024-05-03T18:00:00+02:00", "to = 2024-05-03", 16, "time-without-offset", []string{"to"}},
		"time in quotes":      {"to = 2024-05-03T18:00:00+02:00", "to = \"2024-05-03T18:00:00+02:00\"", 16, "not-time", []string{"to"}},
		"time of no calendar": {"to = 2024-05-03T18:00:00+02:00", "to = 2024-05-43T18:00:00+02:00", 16, "syntax-time", []string{"2024-05-43"}},
		"time in another age": {"to = 2024-05-03T18:00:00+02:00", "to = 9024-05-03T18:00:00+02:00", 16, "time-far", []string{"9024"}},
		"end before start":    {"to = 2024-05-03T18:00:00+02:00", "to = 2024-05-01T18:00:00+02:00", 16, "to-before-from", []string{"from"}},
		"earliest after late": {"from.precision = \"bound\"", "from.latest = 2024-05-03T10:00:00+02:00", 25, "earliest-after-latest", []string{"earliest", "latest"}},
		"at outside its span": {"from.earliest = 2024-05-03T12:00:00+02:00", "from.earliest = 2024-05-03T18:30:00+02:00\nfrom.latest = 2024-05-03T19:00:00+02:00", 23, "at-outside-span", []string{"at"}},
		"exact with a span":   {"\"bound\"", "\"exact\"", 24, "exact-with-span", []string{"about"}},
		"phases out of order": {"at = 2024-05-02T10:00:00+02:00, precision = \"about\"", "at = 2024-05-03T19:00:00+02:00, precision = \"about\"", 23, "phases-out-of-order", []string{"refuse", "back"}},
		"phases overlap":      {"to = 2024-05-03T18:00:00+02:00", "to = 2024-05-03T18:00:01+02:00", 23, "phases-overlap", []string{"refuse", "back"}},
		"phase id twice":      {"id = \"back\"", "id = \"refuse\"", 20, "duplicate-id", []string{"refuse", "12"}},
		"title missing":       {"title = \"Back\"\n", "\n", 19, "missing", []string{"title"}},
		"from missing":        {"from = { at = 2024-05-02T10:00:00+02:00, precision = \"about\", sources = [\"SEEN\"] }\n", "\n", 11, "missing", []string{"from"}},
		"at missing":          {"from.at = 2024-05-03T18:00:00+02:00\n", "\n", 24, "missing", []string{"at"}},
		"code in quotes":      {"code = 550", "code = \"550\"", 17, "bad-code", []string{"550"}},
		"code of two digits":  {"code = 550", "code = 55", 17, "bad-code", []string{"550"}},
		"status odd":          {"\"5.1.1\"", "\"511\"", 17, "bad-status", []string{"511", "5.1.1"}},
		"channel unknown":     {"\"webmail\"", "\"web\"", 29, "unknown-value", []string{"web", "webmail"}},
		"state missing":       {"state = \"down\"\n", "\n", 28, "missing", []string{"state"}},
		"invisible character": {"\"Back\"", "\"Back\\u001b[2J\"", 21, "control-character", nil},
		"table for a text":    {"title = \"Back\"", "title = [\"Back\"]", 21, "not-text", []string{"title"}},
		"phase not a table":   {"[[outage.access]]", "[outage.access]", 28, "not-list", []string{"access"}},
		"phase as a word":     {"zone = \"Europe/Rome\"", "warning = 3", 8, "not-text", []string{"warning"}},
		"bracket open":        {"[\"example.org\"]", "[\"example.org\"", 8, "syntax-bracket", nil},
		"heading open":        {"[[outage.access]]", "[[outage.access]", 28, "syntax-header", []string{"[[outage"}},
		"quote open":          {"title = \"Refused\"", "title = \"Refused", 13, "syntax-quote", []string{"Refused"}},
		"equals missing":      {"title = \"Refused\"", "title \"Refused\"", 13, "syntax-equals", []string{"="}},
		"value missing":       {"title = \"Refused\"", "title =", 13, "syntax-value", []string{"="}},
		"words after value":   {"title = \"Refused\"", "title = \"Refused\" indeed", 13, "syntax", []string{"indeed"}},
		"no name":             {"title = \"Refused\"", "= \"Refused\"", 13, "syntax-key", nil},
		"bare word":           {"title = \"Refused\"", "title = Refused", 13, "syntax", []string{"Refused"}},
		"key twice":           {"title = \"Refused\"", "title = \"Refused\"\ntitle = \"Again\"", 14, "syntax-twice", []string{"title"}},
		"odd backslash":       {"title = \"Refused\"", "title = \"C:\\Refused\"", 13, "syntax-escape", []string{"C:"}},
		"not UTF-8":           {"\"Refused\"", "\"Rifi\xfato\"", 13, "not-utf8", []string{"UTF-8"}},
		"UTF-16":              {"[sources]", "\xff\xfe[\x00s\x00", 1, "not-utf8", []string{"UTF-8"}},
		"too deep":            {"\"what I saw\"", strings.Repeat("[", 5000), 2, "too-deep", []string{"8"}},
		"too deep a heading":  {"[sources]", "[" + strings.Repeat("a.", 5000) + "a]", 1, "too-deep", nil},
		"name of 65 letters":  {"SEEN = \"what", strings.Repeat("S", 65) + " = \"what", 2, "key-too-long", []string{"64"}},
		"sentence of 5 KB":    {"\"Refused\"", "\"" + strings.Repeat("x", 5000) + "\"", 13, "too-long", []string{"4000"}},
		"201 domains":         {"[\"example.org\"]", "[" + strings.Repeat("\"example.org\", ", 201) + "]", 7, "too-many", []string{"200"}},
		"101 phases":          {"[[outage.access]]", phasesText(99) + "[[outage.access]]", 518, "too-many", []string{"100"}},
		"1,001 outages":       {"[[outage.access]]", outagesText(1000) + "[[outage.access]]", 9019, "too-many", []string{"1000"}},
		"outage id twice":     {"[[outage.access]]", "[[outage]]\n" + outageBody("example-2024-05") + "[[outage.access]]", 29, "duplicate-id", []string{"5"}},
		"over a megabyte":     {"[sources]", "#" + strings.Repeat("x", 1<<20) + "\n[sources]", 1, "too-large", []string{"1 MB"}},
		"50,000 keys":         {"[sources]", "[sources]\n" + manyKeys(50_000), 40_001, "too-many-keys", nil},
	} {
		t.Run(name, func(t *testing.T) {
			if !strings.Contains(good, c.old) {
				t.Fatalf("the good file has no %q", c.old)
			}
			_, problems := Parse("mine.toml", []byte(strings.Replace(good, c.old, c.new, 1)))
			i := slices.IndexFunc(problems, func(p Problem) bool { return p.Rule == c.rule })
			if i < 0 {
				t.Fatalf("no %s among %.600s", c.rule, fmt.Sprint(problems))
			}
			if problems[i].Line != c.line {
				t.Errorf("line %d, want %d", problems[i].Line, c.line)
			}
			for _, lang := range words.Languages {
				said := sentence(words.New(lang), problems[i])
				for _, part := range c.tells {
					if !strings.Contains(said, part) {
						t.Errorf("%s: %q does not speak of %q", lang, said, part)
					}
				}
				if strings.HasPrefix(said, "outage.problem") || strings.Contains(said, "<no value>") || strings.Contains(said, "\x1b") {
					t.Errorf("%s: %q", lang, said)
				}
			}
		})
	}
}

func sentence(w *words.Words, p Problem) string {
	var args []any
	for k, v := range p.Args {
		args = append(args, k, v)
	}
	return w.T("outage.problem."+p.Rule, args...)
}

func phasesText(n int) string {
	var s strings.Builder
	for i := range n {
		fmt.Fprintf(&s, "[[outage.phase]]\nid = \"p%d\"\ntitle = \"P\"\nbehaviour = \"reopening\"\nfrom = 2024-05-07T00:00:00+02:00\n", i)
	}
	return s.String()
}

func outageBody(id string) string {
	return fmt.Sprintf("id = %q\nname = \"E\"\ndomains = [\"example.org\"]\n%s", id, phasesText(1))
}

func outagesText(n int) string {
	var s strings.Builder
	for i := range n {
		s.WriteString("[[outage]]\n" + outageBody(fmt.Sprint("e", i)))
	}
	return s.String()
}

func manyKeys(n int) string {
	var s strings.Builder
	for i := range n {
		fmt.Fprintf(&s, "k%d = \"\"\n", i)
	}
	return s.String()
}

// All problems come at once, in the order of their lines, and what is right is kept.
func TestProblemsOfOneFile(t *testing.T) {
	bad := strings.NewReplacer("refuse-connection", "refuse", "\"webmail\"", "\"web\"", "Europe/Rome", "Rome").Replace(good)
	c, problems := Parse("mine.toml", []byte(bad+strings.ReplaceAll(strings.ReplaceAll(good, "example-2024-05", "second-2024"), "[sources]\nSEEN = \"what I saw\"\n", "")))
	var lines []int
	for _, p := range problems {
		lines = append(lines, p.Line)
	}
	if !slices.Equal(lines, []int{8, 14, 29}) {
		t.Errorf("problems in lines %v, want 8, 14 and 29: %+v", lines, problems)
	}
	if len(c.Outages) != 1 || c.Outages[0].ID != "second-2024" {
		t.Errorf("the outage without problems was not kept: %+v", c.Outages)
	}
	empty, problems := Parse("mine.toml", nil)
	if empty == nil || len(problems) != 1 || problems[0].Rule != "no-outages" {
		t.Errorf("an empty file: %+v", problems)
	}
	if _, problems = Parse("mine.toml", []byte("[[outage]]\n"+strings.Repeat("[[outage]]\n", 500))); len(problems) != maxProblems+1 || problems[len(problems)-1].Rule != "more" {
		t.Errorf("%d problems were told", len(problems))
	}
}

// Lines are right whatever stands between: comments, long strings, windows line ends, quoted and dotted keys.
func TestLinesInOddLayouts(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		line int
	}{
		"comment with brackets": {"# [[[ \" '''\n[[outage]] # ]\nid = 1\n", 3},
		"long string":           {"[sources]\nA = \"\"\"one\ntwo \\\" \"\"three\n\"\"\"\n[[outage]]\nid = 1\n", 6},
		"long literal string":   {"[sources]\nA = '''one\n\"\n'''''\n[[outage]]\nid = 1\n", 6},
		"windows line ends":     {"[sources]\r\nA = \"a\"\r\n[[outage]]\r\nid = 1\r\n", 4},
		"quoted keys":           {"[[\"outage\"]]\n'id' = 1\n", 2},
		"list over lines":       {"[[outage]]\ndomains = [\n  \"a.example\", # one\n  \"b.example\",\n]\nid = 1\n", 6},
		"byte order mark":       {"\ufeff[[outage]]\nid = 1\n", 2},
		"dotted":                {"[[outage]]\nname.it = \"a\"\nname.en = \"b\"\nid = 1\n", 4},
	} {
		_, problems := Parse("mine.toml", []byte(c.text))
		i := slices.IndexFunc(problems, func(p Problem) bool { return p.Rule == "not-text" })
		if i < 0 || problems[i].Line != c.line {
			t.Errorf("%s: want not-text in line %d, got %+v", name, c.line, problems)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(good))
	for _, e := range []string{"libero-2023-01.toml", "libero-2023-06.toml"} {
		data, err := builtinFiles.ReadFile("catalogue/" + e)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	if data, err := os.ReadFile("testdata/comparables.toml"); err == nil {
		f.Add(data)
	}
	it := words.New("it")
	f.Fuzz(func(t *testing.T, data []byte) {
		c, problems := Parse("fuzz.toml", data)
		lines := strings.Count(string(data), "\n") + 1
		for _, p := range problems {
			if p.Line < 1 || p.Line > lines {
				t.Fatalf("a problem in line %d of %d: %+v", p.Line, lines, p)
			}
			if said := sentence(it, p); strings.HasPrefix(said, "outage.problem") || strings.Contains(said, "<no value>") {
				t.Fatalf("no sentence for %+v: %q", p, said)
			}
		}
		if len(problems) == 0 && len(c.Outages) == 0 {
			t.Fatal("no outage and no problem")
		}
		for _, o := range Builtin().Merge(c).Outages {
			for _, p := range o.Phases {
				for _, b := range []Boundary{p.From, p.To} {
					if !b.Open() && (b.Earliest.After(b.At) || b.Latest.Before(b.At)) {
						t.Fatalf("%s/%s: %+v", o.ID, p.ID, b)
					}
				}
				o.PhaseFor(p.From.At, 550, "reply")
			}
		}
	})
}
