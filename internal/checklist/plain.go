package checklist

import (
	"strings"
	"unicode"
)

// Bounds of what is shown of a message, in characters. Names and addresses longer than a line of mail may be
// (RFC 5322 section 2.1.1) are cut there.
const (
	maxSubject = 200
	maxReply   = 400
	maxText    = 1200
	maxName    = 998
)

// maxMarks is how many combining marks may sit on one letter; more are meant to run over the lines around.
const maxMarks = 8

// plain gives s as harmless text on one line of at most limit characters, the last one "…" where it was cut: line breaks
// and tabs become spaces, runs of spaces one; control characters, direction marks and overrides (Unicode TR 9 and
// TR 36), and other invisible characters are dropped, bytes that are not UTF-8 shown as U+FFFD.
func plain(s string, limit int) string {
	var b strings.Builder
	n, cut, marks, space := 0, 0, 0, false
	put := func(r rune) {
		b.WriteRune(r)
		if n++; n < limit {
			cut = b.Len()
		}
	}
	for _, r := range s {
		if unicode.IsSpace(r) {
			space = n > 0
			continue
		}
		if invisible(r) {
			continue
		}
		if unicode.In(r, unicode.Mn, unicode.Me) {
			if marks++; marks > maxMarks {
				continue
			}
		} else {
			marks = 0
		}
		if space {
			put(' ')
			space = false
		}
		if put(r); n > limit {
			return strings.TrimRight(b.String()[:cut], " ") + "…"
		}
	}
	return b.String()
}

// invisible reports whether r has no look of its own: controls, and format characters but for the joiners that Persian
// and emoji need and the Arabic signs that enclose numbers.
func invisible(r rune) bool {
	switch r {
	case '\u200c', '\u200d':
		return false
	}
	return unicode.Is(unicode.Cc, r) ||
		unicode.Is(unicode.Cf, r) && !unicode.Is(unicode.Prepended_Concatenation_Mark, r)
}

// shorten cuts s to limit characters and changes nothing else.
func shorten(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	n := 0
	cut := 0
	for i := range s {
		if n == limit-1 {
			cut = i
		}
		if n == limit {
			return s[:cut] + "…"
		}
		n++
	}
	return s
}
