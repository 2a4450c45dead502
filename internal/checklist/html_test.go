package checklist

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"rimbalzo/internal/words"
)

// element is one element of a page: its attributes, and the text inside.
type element struct {
	name string
	attr map[string]string
	text string
}

func elements(t *testing.T, page []byte) []element {
	t.Helper()
	root, err := html.Parse(bytes.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	var list []element
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		e := element{name: n.Data, attr: map[string]string{}}
		for _, a := range n.Attr {
			e.attr[a.Key] = a.Val
		}
		for d := range n.Descendants() {
			if d.Type == html.TextNode {
				e.text += d.Data
			}
		}
		list = append(list, e)
	}
	return list
}

func byName(list []element, name string) []element {
	return slices.DeleteFunc(slices.Clone(list), func(e element) bool { return e.name != name })
}

// TestPageIsSealed: the page has no script and fetches nothing, and its policy lets it neither.
func TestPageIsSealed(t *testing.T) {
	page := elements(t, written(t, HTML, sample(t), italian(t)))
	for _, e := range page {
		switch e.name {
		case "script", "img", "link", "iframe", "object", "embed", "form", "input", "a", "base", "audio", "video", "image", "use":
			t.Errorf("holds <%s>", e.name)
		}
		for key, value := range e.attr {
			if strings.HasPrefix(key, "on") || key == "style" || key == "href" || key == "src" || strings.Contains(value, "//") {
				t.Errorf("<%s %s=%q>", e.name, key, value)
			}
		}
	}
	var policy string
	for _, e := range byName(page, "meta") {
		if e.attr["http-equiv"] == "Content-Security-Policy" {
			policy = e.attr["content"]
		}
	}
	style := byName(page, "style")
	if len(style) != 1 {
		t.Fatalf("%d style sheets", len(style))
	}
	// Without the very digest the browser would drop the style sheet.
	digest := sha256.Sum256([]byte(style[0].text))
	want := "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(digest[:]) + "'; base-uri 'none'; form-action 'none'"
	if policy != want {
		t.Errorf("policy %q, want %q", policy, want)
	}
	if strings.Contains(style[0].text, "url(") || strings.Contains(style[0].text, "@import") {
		t.Error("the style sheet fetches something")
	}
}

// TestPageIsAccessible: read aloud, the page makes sense: language, headings in order, tables with named columns and rows,
// boxes and drawings with a name.
func TestPageIsAccessible(t *testing.T) {
	for _, lang := range words.Languages {
		w := words.New(lang)
		r := sample(t)
		o := Options{Words: w, Zone: rome(t), Ticks: new(Ticks)}
		o.Ticks.Set(&r.Items[0], r.At)
		page := elements(t, written(t, HTML, r, o))
		if got := byName(page, "html")[0].attr["lang"]; got != lang {
			t.Errorf("language %q, want %q", got, lang)
		}
		if n := len(byName(page, "h1")); n != 1 {
			t.Errorf("%d main headings", n)
		}
		for _, e := range page {
			switch {
			case e.name == "th" && e.attr["scope"] == "":
				t.Errorf("a heading of a table says not what it heads: %s", e.text)
			case e.attr["role"] == "img" && e.attr["aria-label"] == "":
				t.Errorf("a <%s> has no name", e.name)
			}
		}
		boxes := map[string]int{}
		for _, e := range byName(page, "span") {
			if e.attr["class"] == "box" {
				boxes[e.attr["aria-label"]+e.text]++
			}
		}
		if boxes[w.T("checklist.done")+"✓"] != 1 || boxes[w.T("checklist.notdone")] != 4 {
			t.Errorf("boxes %v: one ticked and four empty belong there, none for what needs nothing", boxes)
		}
		for _, id := range []string{"verdict.resend", "verdict.wait", "verdict.check", "verdict.fix", "verdict.delivered", "verdict.resent"} {
			found := slices.ContainsFunc(byName(page, "h2"), func(e element) bool { return strings.HasPrefix(e.text, w.T(id)+" (") })
			if !found {
				t.Errorf("no heading %q", w.T(id))
			}
		}
	}
}

func TestAxis(t *testing.T) {
	zone := rome(t)
	r := sample(t)
	at := func(s string) time.Time { return clock(t, zone, s) }
	draw := func(change func(*Report)) *axis {
		r := sample(t)
		change(&r)
		return newAxis(r, italian(t), &r.Outages[0].Outage)
	}
	full := newAxis(r, italian(t), &r.Outages[0].Outage)
	if full == nil || len(full.Bars) != 5 || full.Marker == nil {
		t.Fatalf("an axis of %+v", full)
	}
	if full.Bars[0].X != 0 || full.Bars[4].X+full.Bars[4].Width != axisWidth {
		t.Errorf("the axis does not reach from the first phase to the last: %+v", full.Bars)
	}
	for i, b := range full.Bars[1:] {
		if b.X != full.Bars[i].X+full.Bars[i].Width {
			t.Errorf("a gap before phase %d", b.Number)
		}
	}
	if m := full.Marker; m.X < full.Bars[3].X || m.X > full.Bars[4].X || m.Text != "questo elenco: 27 gen 18:00" {
		t.Errorf("the list's own moment is drawn at %+v", m)
	}
	for _, b := range full.Bars {
		if d := b.Middle - full.Marker.X; b.Numbered && d < numberWidth/2 && d > -numberWidth/2 {
			t.Errorf("the list's own moment is drawn across number %d", b.Number)
		}
	}
	if full.Ticks[0].Text != "23 gen" {
		t.Errorf("the first day is %q", full.Ticks[0].Text)
	}
	if a := draw(func(r *Report) { r.At = at("2023-04-01 00:00") }); a.Marker != nil {
		t.Error("a moment outside the outage is drawn")
	}
	if a := draw(func(r *Report) { r.Outages[0].Outage.Phases = nil }); a != nil {
		t.Error("an outage without phases is drawn")
	}
	long := draw(func(r *Report) { r.Outages[0].Outage.Phases[4].To.At = at("2093-01-01 00:00") })
	if len(long.Ticks) > maxTimes+1 || long.Bars[0].Numbered {
		t.Errorf("seventy years have %d words and a number in a sliver", len(long.Ticks))
	}
}
