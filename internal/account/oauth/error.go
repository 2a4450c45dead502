package oauth

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"golang.org/x/oauth2"

	"rimbalzo/internal/words"
)

// What a caller decides on. Each is wrapped in an [*Error].
var (
	// ErrNoClient: the program is not registered at the provider, so nobody can sign in there; a password made for the
	// purpose or mail files do.
	ErrNoClient = errors.New("no client id")
	// ErrDenied: the person said no on the provider's page.
	ErrDenied = errors.New("the person declined")
	// ErrRevoked: the provider no longer takes the grant; the person has to sign in again.
	ErrRevoked = errors.New("the grant is no longer valid")
)

// Error says why a sign-in or a fresh token was not had. It holds neither tokens nor codes nor what the server answered
// beyond its error code: the library's own errors carry the whole answer, and are not wrapped.
type Error struct {
	Provider string // name
	// Kind is the last part of the id of its sentence: "oauth.error." + Kind.
	Kind string
	Code string // the provider's error code (RFC 6749 sections 4.1.2.1 and 5.2), "" where there is none
	Path string // of the settings file, where that is at fault
	Err  error
}

// Error gives the cause in English, for logs; people read [Describe].
func (e *Error) Error() string {
	text := fmt.Sprintf("sign in with %s: %s", e.Provider, e.Kind)
	if e.Code != "" {
		text += " (" + e.Code + ")"
	}
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// Describe says in words what happened and what to do next. It reports false for an error that is none of this room's.
func Describe(err error, w *words.Words) (string, bool) {
	var e *Error
	if !errors.As(err, &e) {
		return "", false
	}
	text := w.T("oauth.error."+e.Kind, "Provider", e.Provider, "Path", e.Path)
	if e.Code != "" && (e.Kind == "refused" || e.Kind == "client") {
		text += " " + w.T("oauth.error.code", "Code", e.Code)
	}
	return text, true
}

// codeOf makes an error code of the provider's fit to be shown: codes are short and of plain letters.
func codeOf(code string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '_' || r == '-' || r == '.' {
			return r
		}
		return -1
	}, code[:min(len(code), 60)])
}

// tokenError turns what the library says of a request to the token endpoint into an error without secrets.
func tokenError(p Provider, err error) error {
	var answer *oauth2.RetrieveError
	if errors.As(err, &answer) {
		return answerError(p, answer)
	}
	var request *url.Error
	switch {
	case errors.Is(err, context.Canceled):
		return context.Canceled
	case errors.As(err, &request):
		// Only the cause: the address is known, and nothing of the request is repeated.
		return &Error{Provider: p.Name, Kind: "network", Err: request.Err}
	}
	return &Error{Provider: p.Name, Kind: "garbled"}
}

// answerError sorts the refusals of a token endpoint (RFC 6749 section 5.2).
func answerError(p Provider, answer *oauth2.RetrieveError) error {
	e := &Error{Provider: p.Name, Kind: "refused", Code: codeOf(answer.ErrorCode)}
	status := 0
	if answer.Response != nil {
		status = answer.Response.StatusCode
	}
	switch {
	case status >= 500 || status == http.StatusTooManyRequests || e.Code == "temporarily_unavailable" || e.Code == "server_error":
		e.Kind = "busy"
	case e.Code == "":
		// A page of a hotel's or a company's network, or of a server in trouble: no word of the provider's.
		e.Kind = "garbled"
	case e.Code == "invalid_client" || e.Code == "unauthorized_client":
		e.Kind = "client"
	case e.Code == "access_denied":
		e.Kind, e.Err = "denied", ErrDenied
	case needsPerson(e.Code):
		e.Kind, e.Err = "revoked", ErrRevoked
	}
	return e
}

// needsPerson are the codes after which only the person can help: the grant ended (RFC 6749 section 5.2), or Microsoft
// wants to see the person again (https://learn.microsoft.com/en-us/entra/identity-platform/v2-oauth2-auth-code-flow, error codes).
func needsPerson(code string) bool {
	switch code {
	case "invalid_grant", "interaction_required", "login_required", "consent_required":
		return true
	}
	return false
}
