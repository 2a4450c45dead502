package session

import (
	"strings"
	"unicode"
)

// maxMarks is how many combining marks in a row are kept: no written language needs more, and piles of them cover
// the lines above and below.
const maxMarks = 4

// Line makes text from mail fit for one line of a window: no control or direction characters (a subject may try to
// show an address backwards, https://www.unicode.org/reports/tr36/), blanks folded, at most limit characters.
func Line(s string, limit int) string {
	return strings.Join(strings.Fields(filter(s, limit, false)), " ")
}

// Lines is Line for several lines: line ends stay, at most two in a row.
func Lines(s string, limit int) string {
	s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	lines := strings.Split(filter(s, limit, true), "\n")
	kept := lines[:0]
	for _, l := range lines {
		l = strings.TrimRightFunc(l, unicode.IsSpace)
		if l == "" && (len(kept) == 0 || kept[len(kept)-1] == "") {
			continue
		}
		kept = append(kept, l)
	}
	return strings.TrimRight(strings.Join(kept, "\n"), "\n")
}

// filter stops at limit characters without looking at the rest, which may be megabytes.
func filter(s string, limit int, ends bool) string {
	var b strings.Builder
	n, marks := 0, 0
	for _, r := range s {
		if n >= limit {
			return strings.TrimRightFunc(b.String(), unicode.IsSpace) + "…"
		}
		switch {
		case r == '\n' && ends:
		case unicode.IsSpace(r):
			r = ' '
		case unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Cs, unicode.Zl, unicode.Zp):
			continue
		}
		if unicode.In(r, unicode.Mn, unicode.Me) {
			if marks++; marks > maxMarks {
				continue
			}
		} else {
			marks = 0
		}
		b.WriteRune(r)
		n++
	}
	return b.String()
}
