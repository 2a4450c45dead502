package oauth

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"golang.org/x/oauth2"

	"rimbalzo/internal/words"
)

const (
	// signInTime is how long a person has on the provider's page.
	signInTime = 5 * time.Minute
	// exchangeTime bounds one request to a token endpoint.
	exchangeTime = 30 * time.Second
	// unsaidLife is taken for an access token whose provider does not say how long it is good for (RFC 6749 section 5.1
	// only recommends that it does).
	unsaidLife = 10 * time.Minute
)

// errNoRefresh: the provider let the person in and handed out no refresh token, so that they would have to come back every hour.
var errNoRefresh = errors.New("no refresh token")

// SignIn lets the person sign in at the provider: openBrowser gets the address of the sign-in page, and the provider sends
// the browser back to a port of this computer (RFC 8252 section 7.3), with proof that it was asked from here (state, and
// PKCE by RFC 7636). The page on which it ends is in the language of w. It takes at most five minutes and ends at once with ctx.
// Errors are [*Error] ([ErrNoClient], [ErrDenied]) or the context's.
func SignIn(ctx context.Context, p Provider, client Client, openBrowser func(address string) error, w *words.Words) (Grant, error) {
	if client.ID == "" {
		return Grant{}, &Error{Provider: p.Name, Kind: "no-client", Err: ErrNoClient}
	}
	return signIn(ctx, p, client, openBrowser, w, signInTime)
}

func signIn(ctx context.Context, p Provider, client Client, openBrowser func(string) error, w *words.Words, patience time.Duration) (Grant, error) {
	timed, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	state := rand.Text()
	l, err := listen(state, p, w)
	if err != nil {
		return Grant{}, &Error{Provider: p.Name, Kind: "port", Err: err}
	}
	defer l.close()
	config, verifier := client.config(p, l.address), oauth2.GenerateVerifier()
	options := []oauth2.AuthCodeOption{oauth2.S256ChallengeOption(verifier)}
	for key, value := range p.Offline {
		options = append(options, oauth2.SetAuthURLParam(key, value))
	}
	if err := openBrowser(config.AuthCodeURL(state, options...)); err != nil {
		return Grant{}, &Error{Provider: p.Name, Kind: "browser", Err: err}
	}
	var back returned
	select {
	case back = <-l.returned:
	case <-timed.Done():
		if ctx.Err() != nil {
			return Grant{}, ctx.Err()
		}
		return Grant{}, &Error{Provider: p.Name, Kind: "too-late", Err: context.DeadlineExceeded}
	}
	if back.err != nil {
		return Grant{}, back.err
	}
	return exchange(ctx, p, client, config, back.code, verifier)
}

// exchange turns the code into tokens (RFC 6749 section 4.1.3).
func exchange(ctx context.Context, p Provider, client Client, config *oauth2.Config, code, verifier string) (Grant, error) {
	timed, cancel := context.WithTimeout(ctx, exchangeTime)
	defer cancel()
	asked := time.Now()
	t, err := config.Exchange(context.WithValue(timed, oauth2.HTTPClient, client.http()), code, oauth2.VerifierOption(verifier))
	if err != nil {
		if ctx.Err() != nil {
			return Grant{}, ctx.Err()
		}
		return Grant{}, signInError(p, err)
	}
	if t.RefreshToken == "" {
		return Grant{}, &Error{Provider: p.Name, Kind: "no-refresh", Err: errNoRefresh}
	}
	return Grant{Provider: p.ID, Refresh: t.RefreshToken, access: tokenOf(t, asked)}, nil
}

// signInError is tokenError at the end of a sign-in: there is no grant yet that could have been revoked, so a refused code
// is a sign-in that failed.
func signInError(p Provider, err error) error {
	err = tokenError(p, err)
	var e *Error
	if errors.As(err, &e) && e.Kind == "revoked" {
		return &Error{Provider: e.Provider, Kind: "refused", Code: e.Code}
	}
	return err
}

// tokenOf takes an access token over. It counts from the request on, by this computer's own clock: the provider says a
// duration and no instant, so that a clock that is wrong does no harm.
func tokenOf(t *oauth2.Token, asked time.Time) token {
	lasts := time.Duration(t.ExpiresIn) * time.Second
	if lasts <= 0 {
		lasts = unsaidLife
	}
	return token{text: t.AccessToken, issued: asked, lasts: lasts}
}

// denied words what the provider's page said when it sent the browser back without a code (RFC 6749 section 4.1.2.1).
func denied(p Provider, code string) error {
	code = codeOf(code)
	switch code {
	case "access_denied", "consent_required": // Microsoft says the second when an administrator has to agree
		return &Error{Provider: p.Name, Kind: "denied", Code: code, Err: ErrDenied}
	case "temporarily_unavailable", "server_error":
		return &Error{Provider: p.Name, Kind: "busy", Code: code}
	case "unauthorized_client", "invalid_client":
		return &Error{Provider: p.Name, Kind: "client", Code: code}
	}
	return &Error{Provider: p.Name, Kind: "refused", Code: code, Err: fmt.Errorf("the sign-in page sent %q back", code)}
}
