package mailbox

import (
	"context"
	"errors"
	"strings"

	"github.com/emersion/go-imap/v2"
)

// explain finds out what ended a command of a session: the library's own errors do not say. They hold the server's words, and
// a stack when its parser panicked: only a short, harmless text of them is kept.
func (s *session) explain(ctx, timed context.Context, stage Stage, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	e := &Error{Stage: stage, Host: s.address(), User: s.user, Folder: s.folder}
	var status *imap.Error
	switch {
	case timed.Err() != nil:
		e.Kind, e.Err = KindStalled, errSilence
	case errors.As(err, &status):
		e.Kind = statusKind(stage, string(status.Code), status.Text)
		s.guard.quote(e, status.Text)
	default:
		kind, bye, cause := s.guard.verdict()
		e.Kind, e.Err = kind, cause
		if cause == nil {
			e.Err = s.guard.harmless(err)
		}
		if bye != "" {
			code, text := responseCode(strings.TrimSpace(bye))
			s.guard.quote(e, text)
			if k := statusKind(StageGreeting, code, text); kind == KindBye && k != KindServerRefused {
				e.Kind = k
			}
		}
	}
	return e
}

// quote puts the server's words into an error, unless they repeat what the server was told in confidence.
func (g *guard) quote(e *Error, said string) {
	if g.secrets.in(said) {
		e.Server, e.Withheld = "", true
		return
	}
	e.Server = cleanText(said)
}

// answerError is what the library said about an answer, cut short.
type answerError string

// Error implements error.
func (e answerError) Error() string { return string(e) }

// errUnparsed is an answer about which nothing more is told.
var errUnparsed = errors.New("the answer cannot be understood")

// harmless is what may be kept of an error of the library's.
func (g *guard) harmless(err error) error {
	text, _, _ := strings.Cut(err.Error(), "\n")
	if g.secrets.in(text) || strings.Contains(text, "panic") {
		return errUnparsed
	}
	return answerError(cleanText(text))
}
