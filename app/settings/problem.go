package settings

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"rimbalzo/internal/words"
)

// Problem is one thing that is wrong in the file.
type Problem struct {
	Line int    // 0 where it is no line's
	Rule string // the sentence is "settings.problem." + Rule
	Args map[string]any
}

// FileError says what is wrong in the file of settings.
type FileError struct {
	Path     string
	Problems []Problem // never empty
}

// Error gives it in English, for logs; people read [Describe].
func (e *FileError) Error() string {
	first := e.Problems[0]
	return fmt.Sprintf("%s: line %d: %s %v", e.Path, first.Line, first.Rule, first.Args)
}

// InvalidError says why settings cannot be kept as they are.
type InvalidError struct {
	Key string
	Problem
}

// Error gives it in English, for logs; people read [Describe].
func (e *InvalidError) Error() string {
	return fmt.Sprintf("%s is not valid: %s %v", e.Key, e.Rule, e.Args)
}

// Describe turns an error of this room into what a person reads: what happened, and what to do next. It reports false for
// an error that is none of this room's.
func Describe(err error, w *words.Words) (string, bool) {
	var file *FileError
	var invalid *InvalidError
	var path *fs.PathError
	switch {
	case errors.As(err, &file):
		lines := []string{w.T("settings.error.file", "Path", file.Path)}
		for _, p := range file.Problems {
			text := w.Map("settings.problem."+p.Rule, p.Args)
			if p.Line > 0 {
				text = w.T("settings.error.line", "Line", p.Line, "What", text)
			}
			lines = append(lines, text)
		}
		return strings.Join(lines, "\n"), true
	case errors.As(err, &invalid):
		return w.Map("settings.problem."+invalid.Rule, invalid.Args), true
	case errors.Is(err, ErrNotRegular) && errors.As(err, &path):
		return w.T("settings.error.odd", "Path", path.Path), true
	}
	return "", false
}
