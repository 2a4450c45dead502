package outage

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// The bounds of a catalogue file. A file is read whole, and a friend may have sent it.
const (
	maxFile     = 1 << 20 // bytes
	maxNesting  = 8       // tables and arrays inside each other, and parts of a key
	maxKey      = 64      // bytes of a part of a key
	maxPath     = 600     // bytes of a key with all the tables around it
	maxKeys     = 40_000  // keys and list entries
	maxOutages  = 1000
	maxPhases   = 100
	maxList     = 200  // entries of any other list
	maxText     = 4000 // bytes of a sentence
	maxProblems = 100
)

// Problem is one thing wrong in a catalogue file. Rule names the sentence "outage.problem."+Rule of internal/words, Args
// are its arguments (strings and ints; "File" and "Line" are always there). Line counts from 1.
type Problem struct {
	Line int
	Rule string
	Args map[string]any
}

// report notes a problem at a line; args are key, value pairs.
func (rd *reading) report(line int, rule string, args ...any) {
	if len(rd.problems) > maxProblems {
		return
	}
	if len(rd.problems) == maxProblems {
		rule, args = "more", []any{"Limit", maxProblems}
	}
	p := Problem{Line: max(line, 1), Rule: rule, Args: map[string]any{"File": rd.file, "Line": max(line, 1)}}
	for i := 0; i+1 < len(args); i += 2 {
		if s, ok := args[i+1].(string); ok {
			args[i+1] = shown(s)
		}
		p.Args[fmt.Sprint(args[i])] = args[i+1]
	}
	rd.problems = append(rd.problems, p)
}

// shown makes a piece of a stranger's file fit for a sentence: one line, no control characters, not long.
func shown(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "?"))
	if runes := []rune(s); len(runes) > 200 {
		return string(runes[:200]) + "…"
	}
	return s
}

// byLine sorts problems as the person meets them in the file.
func byLine(problems []Problem) []Problem {
	slices.SortStableFunc(problems, func(a, b Problem) int { return a.Line - b.Line })
	return problems
}
