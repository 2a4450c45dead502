package checklist

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestPlain(t *testing.T) {
	for name, tc := range map[string]struct {
		in    string
		limit int
		want  string
	}{
		"as it is":                  {"Preventivo per la cucina", 200, "Preventivo per la cucina"},
		"line breaks and tabs":      {"one\r\n two\tthree\n", 200, "one two three"},
		"only blanks":               {" \t\n ", 200, ""},
		"escape sequences":          {"\x1b[31mred\x1b[0m", 200, "[31mred[0m"},
		"null":                      {"a\x00b", 200, "ab"},
		"one byte controls":         {"a\u009bb\x7fc", 200, "abc"},
		"overridden direction":      {"fattura\u202egpj.exe", 200, "fatturagpj.exe"},
		"invisible tags":            {"ok\U000e0069\U000e0067", 200, "ok"},
		"blank of no width":         {"a\u200bb\ufeffc", 200, "abc"},
		"joined emoji stay whole":   {"👩‍💻", 200, "👩‍💻"},
		"a Persian joiner stays":    {"می\u200cخواهم", 200, "می\u200cخواهم"},
		"broken UTF-8":              {"a\xffb", 200, "a\ufffdb"},
		"exactly as long as may be": {"12345", 5, "12345"},
		"one longer":                {"123456", 5, "1234…"},
		"blanks behind do not cut":  {"12345   ", 5, "12345"},
		"cut at a blank":            {"123 567", 5, "123…"},
		"accents are characters":    {"èèèèèè", 5, "èèèè…"},
		"a tower of accents":        {"e" + strings.Repeat("\u0301", 50), 200, "e" + strings.Repeat("\u0301", 8)},
	} {
		t.Run(name, func(t *testing.T) {
			if got := plain(tc.in, tc.limit); got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

func TestShorten(t *testing.T) {
	for in, want := range map[string]string{"": "", "12345": "12345", "123456": "1234…", "èèèèè": "èèèèè", "èèèèèè": "èèèè…"} {
		if got := shorten(in, 5); got != want {
			t.Errorf("%q gives %q, want %q", in, got, want)
		}
	}
}

// TestFit: a cell is exactly as wide as its column on a terminal, and no letter is torn from its marks.
func TestFit(t *testing.T) {
	for name, tc := range map[string]struct {
		in   string
		n    int
		want string
	}{
		"short":                         {"abc", 5, "abc  "},
		"exact":                         {"abcde", 5, "abcde"},
		"long":                          {"abcdef", 5, "abcd…"},
		"wide letters":                  {"会議", 5, "会議 "},
		"a wide letter does not fit":    {"会議室", 5, "会議…"},
		"half a wide letter is a blank": {"会議室", 4, "会… "},
		"combining marks take no room":  {"e\u0301e\u0301e\u0301", 5, "e\u0301e\u0301e\u0301  "},
		"cut after the mark":            {"e\u0301e\u0301e\u0301", 2, "e\u0301…"},
		"one emoji of four people":      {"👨‍👩‍👧‍👦ab", 5, "👨‍👩‍👧‍👦ab "},
	} {
		t.Run(name, func(t *testing.T) {
			got := fit(tc.in, tc.n)
			if got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
			if w := cells.StringWidth(got); w != tc.n {
				t.Errorf("%q is %d columns wide, want %d", got, w, tc.n)
			}
		})
	}
}

func TestAtMost(t *testing.T) {
	for name, tc := range map[string]struct {
		in, want string
		lines    int
	}{
		"one line":      {"a short one", "a short one", 2},
		"two lines":     {"a somewhat longer one", "a somewhat|longer one", 2},
		"cut":           {"a somewhat longer one that goes on", "a somewhat|longer one…", 2},
		"one long word": {"unbelievablylong x", "unbelievablylong|x", 2},
		"nothing":       {"", "", 2},
	} {
		if got := strings.Join(atMost(tc.lines, tc.in, 12), "|"); got != tc.want {
			t.Errorf("%s: got %q, want %q", name, got, tc.want)
		}
	}
}

// TestTextWidth: lines keep to the width asked for, whatever the letters; only a path or an address may stand out.
func TestTextWidth(t *testing.T) {
	for _, width := range []int{80, 100, 120, 200} {
		o := italian(t)
		o.Width = width
		r := many(t, 200)
		for i, s := range hostileStrings(t) {
			r.Items[i].Subject = s
		}
		for _, line := range strings.Split(string(written(t, Text, r, o)), "\n") {
			if n := cells.StringWidth(line); n > width {
				t.Errorf("%d columns, not %d: %s", n, width, line)
			}
		}
	}
}

func FuzzPlain(f *testing.F) {
	for _, s := range hostileStrings(f) {
		f.Add(s, 200)
	}
	f.Fuzz(func(t *testing.T, s string, limit int) {
		limit = 2 + (limit%1000+1000)%1000
		got := plain(s, limit)
		visible(t, []byte(got))
		if n := utf8.RuneCountInString(got); n > limit {
			t.Errorf("%d characters, more than %d", n, limit)
		}
		if again := plain(got, limit); again != got {
			t.Errorf("%q becomes %q when cleaned again", got, again)
		}
		for _, part := range strings.Split(disarm(got), ";") {
			if first, _ := utf8.DecodeRuneInString(strings.TrimLeft(part, " \"“")); startsFormula(first) {
				t.Errorf("%q holds the formula %q", got, part)
			}
		}
	})
}
