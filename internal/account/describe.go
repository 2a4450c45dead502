package account

import (
	"errors"
	"io/fs"
	"strings"

	"rimbalzo/internal/words"
)

// described are the errors with a sentence of their own, "account.error." + id, the more particular ones first.
var described = []struct {
	err error
	id  string
}{
	{ErrNoAccount, "none"},
	{ErrExists, "exists"},
	{ErrBusy, "busy"},
	{ErrNotRegular, "odd"},
	{ErrNotIMAP, "not-imap"},
	{ErrDamaged, "damaged"},
	{ErrTooLong, "too-long"},
	{ErrNoSecret, "no-secret"},
	{ErrDismissed, "dismissed"},
	{ErrPromptOpen, "prompt-open"},
	{ErrLocked, "locked"},
	{ErrNoBus, "no-bus"},
	{ErrNoService, "no-service"},
	{ErrNoKeyring, "no-keyring"},
	{ErrMute, "mute"},
	{ErrDied, "died"},
	{ErrReplaced, "replaced"},
	{ErrRefused, "refused"},
}

// Describe turns an error of this room into what a person reads: what happened, and what to do next. It reports false for
// an error that is none of this room's.
func Describe(err error, w *words.Words) (string, bool) {
	var file *FileError
	var invalid *InvalidError
	var path *fs.PathError
	switch {
	case errors.As(err, &file):
		lines := []string{w.T("account.error.file", "Path", file.Path)}
		for _, p := range file.Problems {
			lines = append(lines, p.Text(w))
		}
		return strings.Join(lines, "\n"), true
	case errors.As(err, &invalid):
		return w.T("account.error.invalid", "What", w.Map("account.problem."+invalid.Rule, invalid.Args)), true
	}
	for _, d := range described {
		if !errors.Is(err, d.err) {
			continue
		}
		where := ""
		if errors.As(err, &path) {
			where = path.Path
		}
		text := w.T("account.error."+d.id, "Path", where)
		if errors.Is(err, ErrOnlyMemory) {
			text += " " + w.T("account.only-memory")
		}
		return text, true
	}
	return "", false
}

// Text words a problem of the file, with its line.
func (p Problem) Text(w *words.Words) string {
	what := w.Map("account.problem."+p.Rule, p.Args)
	if p.Line == 0 {
		return what
	}
	return w.T("account.problem.line", "Line", p.Line, "What", what)
}
