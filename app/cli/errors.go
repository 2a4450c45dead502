package cli

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"strings"
	"syscall"
	"unicode"

	"github.com/spf13/pflag"

	"rimbalzo/app/resend"
	"rimbalzo/app/settings"
	"rimbalzo/internal/account"
	"rimbalzo/internal/account/autoconfig"
	"rimbalzo/internal/account/oauth"
	"rimbalzo/internal/mailbox"
	"rimbalzo/internal/queue"
	"rimbalzo/internal/review"
	"rimbalzo/internal/store"
	"rimbalzo/internal/words"
)

// sentence turns any error into what a person reads, what happened to what and what to do next, with the exit status.
func (a *app) sentence(err error) (string, int) {
	w := a.words
	var usage errUsage
	var said errSaid
	var path *mailbox.PathError
	var file *fs.PathError
	var listing *review.QueueError
	var marks errMarks
	switch {
	case errors.As(err, &marks):
		return w.T(marks.id, "Path", w.T("export.marks.file")), exitUsage
	case errors.As(err, &usage):
		return usage.text, exitUsage
	case errors.As(err, &said):
		return said.text, exitFailed
	case errors.As(err, &path):
		return w.T("mailbox.error."+path.Kind, "Path", clean(path.Path)), exitUsage
	case errors.As(err, &listing) && errors.Is(err, queue.ErrFormat):
		return w.T("cli.error.queue", "Path", clean(listing.Path)), exitUsage
	case errors.Is(err, context.DeadlineExceeded):
		return w.T("cli.error.deadline"), exitFailed
	case errors.As(err, &file) && !errors.Is(err, account.ErrNotRegular):
		return a.fileError(file)
	}
	if text, status, ok := a.accountError(err); ok {
		return text, status
	}
	if text, ok := mailbox.Describe(err, w); ok {
		var account *mailbox.Error
		if errors.As(err, &account) && account.Stage == mailbox.StageURL {
			return text, exitUsage
		}
		return text, exitFailed
	}
	return w.T("cli.error.other", "What", clean(err.Error())), exitFailed
}

// accountError words what goes wrong with accounts, their secrets, and finding their servers.
func (a *app) accountError(err error) (string, int, bool) {
	status := exitFailed
	var invalid *account.InvalidError
	if errors.Is(err, account.ErrNoAccount) || errors.Is(err, account.ErrExists) || errors.As(err, &invalid) {
		status = exitUsage
	}
	for _, describe := range []func(error, *words.Words) (string, bool){account.Describe, oauth.Describe, autoconfig.Describe, store.Describe, settings.Describe, resend.Describe} {
		if text, ok := describe(err, a.words); ok {
			return text, status, true
		}
	}
	return "", 0, false
}

func (a *app) fileError(err *fs.PathError) (string, int) {
	path := clean(err.Path)
	switch {
	case errors.Is(err, fs.ErrNotExist) && err.Op == "open":
		return a.words.T("cli.error.missing", "Path", path), exitUsage
	case errors.Is(err, fs.ErrNotExist):
		return a.words.T("cli.error.no-folder", "Path", path), exitUsage
	case errors.Is(err, syscall.ENOSPC):
		return a.words.T("store.error.full"), exitFailed
	case errors.Is(err, syscall.EROFS) && err.Op == "write":
		return a.words.T("store.error.forbidden"), exitFailed
	case errors.Is(err, os.ErrPermission):
		return a.words.T("cli.error.permission", "Path", path), exitFailed
	}
	return a.words.T("cli.error.file", "Path", path, "What", clean(err.Err.Error())), exitFailed
}

// flagError words what is wrong with a flag.
func (a *app) flagError(err error) string {
	var unknown *pflag.NotExistError
	var value *pflag.ValueRequiredError
	var invalid *pflag.InvalidValueError
	switch {
	case errors.As(err, &unknown):
		name := unknown.GetSpecifiedName()
		if len(name) > 1 {
			name = "--" + name
		} else {
			name = "-" + name
		}
		return a.words.T("cli.error.flag", "Name", clean(name))
	case errors.As(err, &value):
		return a.words.T("cli.error.flag-value", "Name", "--"+clean(value.GetSpecifiedName()))
	case errors.As(err, &invalid):
		return a.words.T("cli.error.flag-invalid", "Name", "--"+clean(invalid.GetFlag().Name), "Value", clean(invalid.GetValue()))
	}
	return a.words.T("cli.error.flag", "Name", clean(err.Error()))
}

// maxShown bounds what is shown of a name or text that comes from outside.
const maxShown = 300

// clean makes a text from outside fit for one line of a terminal: no control characters, no marks that turn the
// direction of writing, not too long.
func clean(s string) string { return cleanUpTo(s, maxShown) }

// cleanUpTo does so with a bound of its own, in letters.
func cleanUpTo(s string, most int) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	if runes := []rune(s); len(runes) > most {
		s = string(runes[:most]) + "…"
	}
	return s
}
