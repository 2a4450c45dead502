package session

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestLine(t *testing.T) {
	for name, tc := range map[string]struct{ in, want string }{
		"plain":               {"Auguri!", "Auguri!"},
		"line breaks":         {"a\r\n b\tc", "a b c"},
		"an address reversed": {"\u202emoc.live@anna\u202c", "moc.live@anna"},
		"isolates and marks":  {"a\u2066b\u2069\u200f\u061cc", "abc"},
		"terminal escapes":    {"a\x1b[31mred\x07", "a[31mred"},
		"zero width":          {"lib\u200bero.it", "libero.it"},
		"line separators":     {"a\u2028b\u2029c", "a b c"},
		"a pile of marks":     {"e" + strings.Repeat("\u0301", 50), "e" + strings.Repeat("\u0301", maxMarks)},
		"too long":            {strings.Repeat("è", 30), strings.Repeat("è", 20) + "…"},
		"not UTF-8":           {"caff\xe8", "caff\ufffd"},
		"markup stays text":   {"**x** [a](https://b.example) <b>", "**x** [a](https://b.exa…"},
	} {
		t.Run(name, func(t *testing.T) {
			limit := 20
			if name == "markup stays text" {
				limit = 23
			}
			if got := Line(tc.in, limit); got != tc.want {
				t.Errorf("shows %q, want %q", got, tc.want)
			}
		})
	}
}

func TestLinesKeepTheirEnds(t *testing.T) {
	if got, want := Lines("\n\nGentile signora,\r\n\r\n\r\nil messaggio  \n non è arrivato.\n\n", 100), "Gentile signora,\n\nil messaggio\n non è arrivato."; got != want {
		t.Errorf("shows %q, want %q", got, want)
	}
}

func FuzzLine(f *testing.F) {
	f.Add("Re: \u202epreventivo\x00")
	f.Fuzz(func(t *testing.T, s string) {
		for _, got := range []string{Line(s, 50), Lines(s, 50)} {
			if n := utf8.RuneCountInString(got); n > 51 || !utf8.ValidString(got) {
				t.Errorf("%d characters: %q", n, got)
			}
			if strings.ContainsAny(got, "\x00\x1b\r\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u200e\u200f") {
				t.Errorf("lets through %q", got)
			}
		}
		if strings.ContainsAny(Line(s, 50), "\n\t") {
			t.Errorf("breaks the line: %q", Line(s, 50))
		}
	})
}
