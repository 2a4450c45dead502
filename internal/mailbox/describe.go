package mailbox

import (
	"errors"

	"rimbalzo/internal/words"
)

// Describe turns an error of this room into what a person reads: what happened to what, and what to do next. It reports
// false for an error that is none of this room's.
func Describe(err error, w *words.Words) (string, bool) {
	var file *PathError
	if errors.As(err, &file) {
		return w.T("mailbox.error."+file.Kind, "Path", file.Path), true
	}
	var e *Error
	if !errors.As(err, &e) {
		return "", false
	}
	text := w.T("mailbox.error."+e.Kind, "Host", e.Host, "User", e.User, "Folder", e.Folder)
	switch {
	case e.Withheld:
		text += " " + w.T("mailbox.error.withheld")
	case e.Server != "":
		text += " " + w.T("mailbox.error.said", "Server", e.Server)
	}
	return text, true
}
