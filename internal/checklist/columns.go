package checklist

import (
	"strings"

	"github.com/mattn/go-runewidth"
)

// cells measures text in columns of a terminal. Its own Condition makes the result independent of the machine's locale:
// signs of ambiguous width (Unicode TR 11) count one column, as terminals outside East Asia show them. Flags count one column
// where many terminals show two: in such a line the columns behind shift by one.
var cells = &runewidth.Condition{StrictEmojiNeutral: true}

// fit gives s in exactly n columns, cut with "…" or filled up with spaces. A letter is never parted from its marks.
func fit(s string, n int) string {
	s = cut(s, n)
	return s + strings.Repeat(" ", max(0, n-cells.StringWidth(s)))
}

// cut gives s in at most n columns, with "…" where it was cut.
func cut(s string, n int) string { return cells.Truncate(s, n, "…") }

// atMost wraps s and keeps n lines, the last one ending in "…" where there were more.
func atMost(lines int, s string, n int) []string {
	all := wrap(s, n)
	if len(all) <= lines {
		return all
	}
	all[lines-1] = cut(all[lines-1]+" "+all[lines], n-1)
	if !strings.HasSuffix(all[lines-1], "…") {
		all[lines-1] += "…"
	}
	return all[:lines]
}

// wrap breaks s at spaces into lines of at most n columns. A word that is longer gets a line of its own.
func wrap(s string, n int) []string {
	var lines []string
	line, width := "", 0
	for _, word := range strings.Fields(s) {
		size := cells.StringWidth(word)
		switch {
		case line == "":
			line, width = word, size
		case width+1+size > n:
			lines = append(lines, line)
			line, width = word, size
		default:
			line += " " + word
			width += 1 + size
		}
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}
