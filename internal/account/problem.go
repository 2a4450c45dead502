package account

import (
	"fmt"
	"strings"
	"unicode"
)

// The bounds of the file of accounts and of what is in it.
const (
	maxFile     = 1 << 20 // bytes
	maxAccounts = 50
	maxText     = 1000     // bytes of an address, a name, a path
	maxCA       = 16 << 10 // bytes of a private authority's certificates
	maxList     = 200      // folders or paths of one account
	maxProblems = 20
)

// Problem is one thing wrong in the file of accounts. Rule names the sentence "account.problem." + Rule of internal/words
// and Args are its arguments. Line counts from 1; 0 is none in particular.
type Problem struct {
	Line int
	Rule string
	Args map[string]any
}

// FileError says what is wrong in the file of accounts. While anything is, the file is not written: what a person or a
// newer program put there is never lost.
type FileError struct {
	Path     string
	Problems []Problem // at least one, in the order of their lines
}

// Error gives it in English, for logs; people read [Describe].
func (e *FileError) Error() string {
	p := e.Problems[0]
	return fmt.Sprintf("%s, line %d: %s (%d problems)", e.Path, p.Line, p.Rule, len(e.Problems))
}

// problems collects what is wrong.
type problems []Problem

// add notes a problem; args are key and value pairs.
func (l *problems) add(line int, rule string, args ...any) {
	if len(*l) >= maxProblems {
		return
	}
	p := Problem{Line: line, Rule: rule, Args: map[string]any{}}
	for i := 0; i+1 < len(args); i += 2 {
		if s, ok := args[i+1].(string); ok {
			args[i+1] = shown(s)
		}
		p.Args[fmt.Sprint(args[i])] = args[i+1]
	}
	*l = append(*l, p)
}

// shown makes a text from outside fit for a sentence: one line, nothing that cannot be seen, not long.
func shown(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "?"))
	if runes := []rune(s); len(runes) > 100 {
		return string(runes[:100]) + "…"
	}
	return s
}
