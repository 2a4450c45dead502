package store

import (
	"errors"

	"rimbalzo/internal/checklist"
	"rimbalzo/internal/words"
)

// Describe gives an error of the store as a sentence and a next step; false for errors of other kinds.
func Describe(err error, w *words.Words) (string, bool) {
	switch {
	case errors.Is(err, ErrNewer), errors.Is(err, checklist.ErrTicksVersion):
		return w.T("store.error.newer"), true
	case errors.Is(err, ErrInUse):
		return w.T("store.error.in-use"), true
	case errors.Is(err, ErrRebuilt):
		return w.T("store.error.rebuilt"), true
	case full(err):
		return w.T("store.error.full"), true
	case damaged(err):
		return w.T("store.error.damaged"), true
	case code(err) != 0 && forbidden(err):
		return w.T("store.error.forbidden"), true
	case code(err) != 0:
		return w.T("store.error.other", "What", err.Error()), true
	}
	return "", false
}

// Describe says what became of a damaged file, and that nothing needs doing.
func (a Aside) Describe(w *words.Words) string {
	switch {
	case a.Name == "mail.db":
		return w.T("store.aside.mail", "Path", a.Path)
	case a.Name == ticksFile:
		return w.T("store.aside.copy", "Path", a.Path)
	case a.Words > 0:
		return w.N("store.aside.person", a.Words, "Path", a.Path)
	}
	return w.T("store.aside.person-empty", "Path", a.Path)
}
