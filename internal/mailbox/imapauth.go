package mailbox

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"strconv"
	"strings"

	"github.com/emersion/go-sasl"
)

// Auth is how to log in where a password is not the way.
type Auth struct {
	// Token gives an OAuth2 access token for the account, for OAUTHBEARER (RFC 7628) or XOAUTH2. It is called when TLS is up;
	// refused says that the server would not take the last one, which happens once at most for one login. Its error ends the
	// reading. nil: the account has a password.
	Token func(ctx context.Context, refused bool) (string, error)
}

// credentials are what an account is entered with; both nil when there are none.
type credentials struct {
	password func() (string, error)
	token    func(ctx context.Context, refused bool) (string, error)
}

// enter goes all the way to the inside of an account.
func (c *course) enter(ctx context.Context, with credentials) (*talk, error) {
	t, err := c.dial(ctx)
	if err != nil {
		return nil, err
	}
	if err := c.logIn(ctx, t, with); err != nil {
		t.guard.abort()
		return nil, err
	}
	return t, nil
}

// logIn tells the server who asks, and learns what it can do before and after. A secret is asked for only when a way to say
// it is known.
func (c *course) logIn(ctx context.Context, t *talk, with credentials) error {
	if err := c.learn(ctx, t); err != nil || t.preauth {
		return err
	}
	if with.token != nil {
		if err := c.bearToken(ctx, t, with.token); err != nil {
			return err
		}
	} else if err := c.sayPassword(ctx, t, with.password); err != nil {
		return err
	}
	return c.learn(ctx, t)
}

// learn is the stage of the capabilities. After the login they are others (RFC 9051 section 6.2.2).
func (c *course) learn(ctx context.Context, t *talk) error {
	return c.step(ctx, StageCapabilities, func(ctx context.Context, result *StageResult) error {
		err := t.askCapabilities(ctx)
		result.Detail = cleanText(t.caps.String())
		return err
	})
}

// sayPassword logs in with a password. AUTHENTICATE PLAIN comes first where it is offered: it carries any password, while
// LOGIN is defined for ASCII only (RFC 9051 sections 6.2.2 and 6.2.3). A server that offers PLAIN and then does not know the
// command ("BAD") is asked with LOGIN.
func (c *course) sayPassword(ctx context.Context, t *talk, password func() (string, error)) error {
	plain, login := t.caps.has("AUTH=PLAIN"), !t.caps.has("LOGINDISABLED")
	if !plain && !login {
		kind := KindLoginDisabled
		if t.caps.has("AUTH=OAUTHBEARER") || t.caps.has("AUTH=XOAUTH2") {
			kind = KindOAuthOnly
		}
		return c.found(StageLogin, &Error{Kind: kind})
	}
	if password == nil {
		return c.found(StageLogin, &Error{Kind: KindNoPassword, Err: errNoPassword})
	}
	secret, err := password()
	if err != nil {
		return c.secretless(ctx, err)
	}
	if strings.ContainsRune(secret+c.user, 0) {
		// Neither PLAIN (RFC 4616 section 2) nor LOGIN can carry it, and what it would become is another password.
		return c.found(StageLogin, &Error{Kind: KindPasswordNUL})
	}
	t.guard.secrets.keep(secret)
	return c.step(ctx, StageLogin, func(ctx context.Context, result *StageResult) error {
		if plain {
			result.Detail = "AUTHENTICATE PLAIN"
			err := t.authenticate(ctx, sasl.Plain, []byte("\x00"+c.user+"\x00"+secret), nil)
			var e *Error
			if !login || !errors.As(err, &e) || !e.bad {
				return err
			}
		}
		result.Detail = "LOGIN"
		return t.login(ctx, c.user, secret)
	})
}

// secretless is the error of whoever should have given the password or the token.
func (c *course) secretless(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return c.found(StageLogin, &Error{Kind: KindNoPassword, Err: err})
}

// bearToken logs in with an access token, by the mechanism that the server offers; the standard's comes first. A token that
// is refused is asked for anew, once.
func (c *course) bearToken(ctx context.Context, t *talk, token func(context.Context, bool) (string, error)) error {
	mech := ""
	switch {
	case t.caps.has("AUTH=OAUTHBEARER"):
		mech = sasl.OAuthBearer
	case t.caps.has("AUTH=XOAUTH2"):
		mech = xoauth2
	default:
		return c.found(StageLogin, &Error{Kind: KindNoOAuth})
	}
	for _, refused := range []bool{false, true} {
		secret, err := token(ctx, refused)
		if err != nil {
			return c.secretless(ctx, err)
		}
		if secret == "" || strings.ContainsAny(secret, "\x00\x01\r\n") {
			return c.found(StageLogin, &Error{Kind: KindTokenRefused, Err: errBadToken})
		}
		t.guard.secrets.keep(secret)
		response, err := c.bearerResponse(mech, secret)
		if err != nil {
			return c.found(StageLogin, err)
		}
		err = c.step(ctx, StageLogin, func(ctx context.Context, result *StageResult) error {
			result.Detail = "AUTHENTICATE " + mech
			return t.bear(ctx, mech, response)
		})
		var e *Error
		if refused || !errors.As(err, &e) || e.Kind != KindTokenRefused && e.Kind != KindSignInRefused {
			return err
		}
	}
	return nil
}

var errBadToken = errors.New("the access token is empty or holds control characters")

// bearerResponse is the first and only thing that is said with a token.
func (c *course) bearerResponse(mech, token string) ([]byte, error) {
	if mech == xoauth2 {
		return xoauth2Response(c.user, token), nil
	}
	port, err := strconv.Atoi(c.port)
	if err != nil {
		return nil, err
	}
	// RFC 5801 section 4: "," and "=" in the name would end it.
	user := strings.NewReplacer("=", "=3D", ",", "=2C").Replace(c.user)
	_, response, err := sasl.NewOAuthBearerClient(&sasl.OAuthBearerOptions{
		Username: user, Token: token, Host: c.host, Port: port,
	}).Start()
	return response, err
}

// bear says a token. Where the server explains its refusal in a challenge, it waits for an answer to it before it says NO: an
// empty line for XOAUTH2, a lone 0x01 for OAUTHBEARER (RFC 7628 section 3.2.3).
func (t *talk) bear(ctx context.Context, mech string, response []byte) error {
	dummy := []byte{}
	if mech == sasl.OAuthBearer {
		dummy = []byte("\x01")
	}
	explained := false
	err := t.authenticate(ctx, mech, response, func(challenge []byte) []byte {
		if explained {
			return nil
		}
		explained = true
		return dummy
	})
	var e *Error
	switch {
	case !errors.As(err, &e):
	case e.Kind == KindPassword, explained && e.Kind == KindLoginRefused:
		e.Kind = KindTokenRefused
	case e.Kind == KindLoginRefused:
		e.Kind = KindSignInRefused // Exchange Online says no more than "AUTHENTICATE failed." to an expired token
	}
	return err
}

// maxCommand is how long a command may be that servers surely take (RFC 7162 section 4).
const maxCommand = 8192

// authenticate says a SASL response (RFC 9051 section 6.2.2), together with the command where the server takes that
// (SASL-IR, RFC 4959) and the line stays short, else when it asks. A server that asks although it was told is told again.
// answer gives what a challenge with content is answered with; nil: such a challenge has no answer.
func (t *talk) authenticate(ctx context.Context, mech string, response []byte, answer func(challenge []byte) []byte) error {
	encoded := base64.StdEncoding.AppendEncode(nil, response)
	t.guard.secrets.keep(string(encoded))
	args, asked := mech, false
	if t.caps.has("SASL-IR") && len(encoded)+len(mech)+32 <= maxCommand {
		args += " " + string(encoded)
	}
	t.caps = nil
	return t.command(ctx, verbAuthenticate, args, nil, func(challenge string) []byte {
		text, err := base64.StdEncoding.DecodeString(strings.TrimSpace(challenge))
		if !asked && (err != nil || len(bytes.TrimSpace(text)) == 0) {
			asked = true
			return bytes.Clone(encoded)
		}
		if answer == nil {
			return nil
		}
		said := answer(text)
		if said == nil {
			return nil
		}
		return base64.StdEncoding.AppendEncode([]byte{}, said)
	})
}

// login says name and password with LOGIN: quoted where they are plain ASCII, else as literals (RFC 9051 section 4.3).
func (t *talk) login(ctx context.Context, user, password string) error {
	t.caps = nil
	pieces := []string{""}
	for i, word := range []string{user, password} {
		if i > 0 {
			pieces[len(pieces)-1] += " "
		}
		if quotable(word) {
			pieces[len(pieces)-1] += `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(word) + `"`
		} else {
			pieces[len(pieces)-1] += "{" + strconv.Itoa(len(word)) + "}"
			pieces = append(pieces, word)
		}
	}
	next := 0
	return t.command(ctx, verbLogin, pieces[0], nil, func(string) []byte {
		if next++; next >= len(pieces) {
			return nil
		}
		return []byte(pieces[next])
	})
}

// quotable reports whether a text can stand between quotes (RFC 9051 section 9, "quoted").
func quotable(text string) bool {
	for _, c := range []byte(text) {
		if c < ' ' || c > '~' {
			return false
		}
	}
	return len(text) <= 1024
}
