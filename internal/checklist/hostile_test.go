package checklist

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"io"
	"os"
	"strconv"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	gmhtml "github.com/yuin/goldmark/renderer/html"
	"golang.org/x/net/html"

	"rimbalzo/internal/advice"
	"rimbalzo/internal/outage"
	"rimbalzo/internal/words"
)

func hostileStrings(t testing.TB) []string {
	t.Helper()
	data, err := os.ReadFile("testdata/hostile.txt")
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for i, line := range strings.Split(strings.TrimSpace(string(data)), "\n") {
		if strings.HasPrefix(line, "#") {
			continue
		}
		s, err := strconv.Unquote(line)
		if err != nil {
			t.Fatalf("testdata/hostile.txt, line %d: %v", i+1, err)
		}
		list = append(list, s)
	}
	return list
}

// poisoned is a report in which everything that comes from mail, from a catalogue of the person's own or from a path is s.
// The letter at the end keeps every field from being empty, so that the same places are filled whatever s is.
func poisoned(t testing.TB, s string) Report {
	s += "z"
	r := sample(t)
	item := r.Items[0]
	item.MessageID, item.Recipient, item.Subject = s, s, s
	item.Reasons = []advice.Reason{{Rule: s, Args: map[string]any{"Host": s}}}
	item.Bounces = []advice.Bounce{item.Bounces[1], item.Bounces[1]}
	for i := range item.Bounces {
		b := &item.Bounces[i]
		b.Source, b.Address, b.Reply, b.Text, b.Status, b.ReportedBy.Host = s, s, s, s, s, s
	}
	item.Bounces[1].Reply = ""
	other := item
	other.Outage, other.Phase, other.Verdict, other.Bounces = s, s, advice.Verdict(s), item.Bounces[1:]
	r.Items = []advice.Item{item, other}
	r.NotYours = []advice.Note{{Source: s, Why: s, Args: map[string]any{"Host": s}}}
	r.Unreadable = r.NotYours
	r.Outages[0].Outage.Name = outage.Text{It: s, En: s}
	for i := range r.Outages[0].Outage.Phases {
		r.Outages[0].Outage.Phases[i].Title = outage.Text{It: s, En: s}
	}
	return r
}

func written(t testing.TB, f Format, r Report, o Options) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := Write(&out, f, r, o); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func italian(t testing.TB) Options { return Options{Words: words.New("it"), Zone: rome(t)} }

// annotated are italian's options with a hostile note of every item, as a merged file may bring it.
func annotated(t testing.TB, r Report, s string) Options {
	o := italian(t)
	o.Ticks = new(Ticks)
	for i := range r.Items {
		o.Ticks.WriteNote(&r.Items[i], s+"z", r.At)
	}
	return o
}

// TestHostileText reads every form back with a parser of its own and compares it with the same report of harmless words:
// whatever a message says, the form keeps its shape.
func TestHostileText(t *testing.T) {
	checks := map[Format]func(t *testing.T, hostile, harmless []byte){
		Text: func(*testing.T, []byte, []byte) {}, JSON: sameJSON, CSV: sameCSV, Markdown: sameMarkdown, HTML: sameHTML, ICS: sameICS,
	}
	for _, f := range Formats {
		harmless := written(t, f, poisoned(t, "harmless"), annotated(t, poisoned(t, "harmless"), "harmless"))
		for i, s := range hostileStrings(t) {
			t.Run(string(f)+"/"+strconv.Itoa(i), func(t *testing.T) {
				r := poisoned(t, s)
				hostile := written(t, f, r, annotated(t, r, s))
				visible(t, hostile)
				checks[f](t, hostile, harmless)
				if t.Failed() {
					t.Logf("with %.200q", s)
				}
			})
		}
	}
}

// visible fails on bytes that a terminal, an editor or a browser would obey instead of showing.
func visible(t *testing.T, data []byte) {
	t.Helper()
	text := strings.TrimPrefix(string(data), "\ufeff")
	if !utf8.ValidString(text) {
		t.Error("not UTF-8")
	}
	for _, r := range strings.ReplaceAll(text, "\r\n", "\n") {
		switch {
		case unicode.IsControl(r) && r != '\n', unicode.Is(unicode.Bidi_Control, r), r >= 0xE0000 && r <= 0xE007F,
			r == '\u2028', r == '\u2029', r == '\ufeff', r == '\u200b':
			t.Fatalf("holds %U", r)
		}
	}
}

func sameJSON(t *testing.T, hostile, harmless []byte) {
	var a, b any
	if err := json.Unmarshal(hostile, &a); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(harmless, &b); err != nil {
		t.Fatal(err)
	}
	if got, want := shape(a), shape(b); got != want {
		t.Errorf("shape\n%s\nwant\n%s", got, want)
	}
	if bytes.ContainsAny(hostile, "<>&") {
		t.Error("holds <, > or & as they are")
	}
}

// shape is a JSON value without what its strings say.
func shape(v any) string {
	switch v := v.(type) {
	case map[string]any:
		keys := make([]string, 0, len(v))
		for _, k := range []string{
			"at", "outages", "items", "not_yours", "unreadable", "recipient", "subject", "message_id", "reasons", "bounces", "reply", "source", "why",
		} {
			if _, ok := v[k]; ok {
				keys = append(keys, k+":"+shape(v[k]))
			}
		}
		return "{" + strings.Join(keys, ",") + "}"
	case []any:
		parts := make([]string, len(v))
		for i := range v {
			parts[i] = shape(v[i])
		}
		return "[" + strings.Join(parts, ",") + "]"
	case string:
		return "s"
	case nil:
		return "null"
	}
	return "v"
}

func sameCSV(t *testing.T, hostile, harmless []byte) {
	rows := func(data []byte, comma rune) [][]string {
		r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\ufeff"))))
		r.Comma, r.FieldsPerRecord, r.LazyQuotes = comma, -1, comma != ','
		all, err := r.ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	got, want := rows(hostile, ','), rows(harmless, ',')
	if len(got) != len(want) {
		t.Fatalf("%d rows, want %d", len(got), len(want))
	}
	for i := range got {
		if len(got[i]) != len(want[i]) {
			t.Fatalf("row %d has %d cells, want %d", i, len(got[i]), len(want[i]))
		}
	}
	if bytes.Count(hostile, []byte("\n")) != bytes.Count(hostile, []byte("\r\n")) {
		t.Error("a line does not end in CR LF")
	}
	// Where a comma is the decimal sign a spreadsheet parts cells at semicolons instead.
	for _, comma := range ",;" {
		for _, row := range rows(hostile, comma) {
			for _, cell := range row {
				first, _ := utf8.DecodeRuneInString(strings.TrimLeft(cell, " \u00a0\"“”«»`"))
				if strings.ContainsRune("=+-@＝＋－＠\t\r\n", first) {
					t.Errorf("cell %.40q begins like a formula", cell)
				}
			}
		}
	}
}

func sameMarkdown(t *testing.T, hostile, harmless []byte) {
	// GFM links bare addresses, WithUnsafe lets HTML through: what is markup shows as elements.
	md := goldmark.New(goldmark.WithExtensions(extension.GFM, extension.Footnote), goldmark.WithRendererOptions(gmhtml.WithUnsafe()))
	render := func(data []byte) string {
		var out bytes.Buffer
		if err := md.Convert(data, &out); err != nil {
			t.Fatal(err)
		}
		return skeleton(t, &out)
	}
	if got, want := render(hostile), render(harmless); got != want {
		t.Errorf("elements\n%s\nwant\n%s\nin\n%s", got, want, hostile)
	}
}

func sameHTML(t *testing.T, hostile, harmless []byte) {
	if got, want := skeleton(t, bytes.NewReader(hostile)), skeleton(t, bytes.NewReader(harmless)); got != want {
		t.Errorf("elements\n%s\nwant\n%s", got, want)
	}
}

// skeleton gives the elements of a page with their attributes, and where text stands, but not what it says. Code spans
// are left out where Markdown decides by a word whether it needs one: nothing inside is markup.
func skeleton(t *testing.T, in io.Reader) string {
	t.Helper()
	root, err := html.Parse(in)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	var walk func(n *html.Node, depth int)
	walk = func(n *html.Node, depth int) {
		switch n.Type {
		case html.ElementNode:
			if n.Data == "code" && n.FirstChild != nil && n.FirstChild == n.LastChild && n.FirstChild.Type == html.TextNode {
				return
			}
			b.WriteString(strings.Repeat(" ", depth) + n.Data)
			for _, a := range n.Attr {
				b.WriteString(" " + a.Key + "=" + a.Val)
			}
			b.WriteByte('\n')
		case html.CommentNode:
			b.WriteString(strings.Repeat(" ", depth) + "comment\n")
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c, depth+1)
		}
	}
	walk(root, 0)
	return b.String()
}
