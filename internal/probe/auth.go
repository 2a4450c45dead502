package probe

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/emersion/go-sasl"
)

// maxChallenges bounds how often a server may ask during one login: LOGIN takes two.
const maxChallenges = 4

// authenticate logs in to a submission server (RFC 4954). It is called on a secure connection only.
func (r *run) authenticate(ctx context.Context, d *dialogue, offers map[string]string) (string, error) {
	mechanisms := strings.Fields(offers["AUTH"])
	refused := false
	for {
		client, err := r.mechanism(ctx, mechanisms, refused)
		if err != nil {
			return "", err
		}
		name, err := r.logIn(ctx, d, client)
		var f *failure
		retry := errors.As(err, &f) && f.ending == EndingAuth && r.target.Login.Token != nil && !refused
		if !retry {
			return name, err
		}
		refused = true // an access token lives for an hour: the one at hand may have ended
	}
}

// mechanism picks how to log in, and asks for what it takes.
func (r *run) mechanism(ctx context.Context, offered []string, refused bool) (sasl.Client, error) {
	has := func(name string) bool { return slices.Contains(offered, name) }
	who := r.target.Login
	secret := func(ask func() (string, error)) (string, error) {
		s, err := ask()
		if err != nil {
			return "", fail(EndingNoSecret, fmt.Errorf("get what it takes to log in: %w", err))
		}
		return s, nil
	}
	if who.Token != nil {
		if !has(sasl.OAuthBearer) && !has(xoauth2Name) {
			return nil, fail(EndingNoLogin, fmt.Errorf("no OAuth2 among %v", offered))
		}
		token, err := secret(func() (string, error) { return who.Token(ctx, refused) })
		if err != nil {
			return nil, err
		}
		if has(xoauth2Name) { // the one that every provider with OAuth2 has
			return xoauth2{who.User, token}, nil
		}
		return sasl.NewOAuthBearerClient(&sasl.OAuthBearerOptions{
			Username: who.User, Token: token, Host: r.target.Host, Port: r.target.Port,
		}), nil
	}
	if who.Password == nil || (!has(sasl.Plain) && !has(sasl.Login)) {
		return nil, fail(EndingNoLogin, fmt.Errorf("no login by password among %v", offered))
	}
	password, err := secret(func() (string, error) { return who.Password(ctx) })
	if err != nil {
		return nil, err
	}
	if has(sasl.Plain) {
		return sasl.NewPlainClient("", who.User, password), nil
	}
	return sasl.NewLoginClient(who.User, password), nil
}

// logIn holds the conversation of one AUTH command and gives the mechanism's name.
func (r *run) logIn(ctx context.Context, d *dialogue, client sasl.Client) (string, error) {
	name, initial, err := client.Start()
	if err != nil {
		return "", fail(EndingNoLogin, err)
	}
	d.within(ctx, r.limits.Login)
	argument := name
	if initial != nil {
		argument += " " + base64.StdEncoding.EncodeToString(initial)
	}
	if err := d.say(sayAuth, argument); err != nil {
		return name, err
	}
	for range maxChallenges {
		rep, err := d.reply()
		if err != nil {
			return name, err
		}
		if rep.code != 334 {
			return name, rep.authFailure()
		}
		challenge, err := base64.StdEncoding.DecodeString(rep.text())
		if err != nil {
			return name, &failure{ending: EndingGarbage, code: rep.code, err: fmt.Errorf("%w: a challenge that is not base64", errGarbage)}
		}
		answer, err := client.Next(challenge)
		if err != nil { // the mechanism does not go on, and the server has still to say why
			if err := r.giveIn(d, name); err != nil {
				return name, err
			}
			continue
		}
		if err := d.respond(answer); err != nil {
			return name, err
		}
	}
	return name, fail(EndingGarbage, fmt.Errorf("%w: a login without end", errGarbage))
}

// giveIn ends a login that the mechanism does not go on with. OAUTHBEARER has an answer of its own for it (RFC 7628
// section 3.2.3).
func (r *run) giveIn(d *dialogue, mechanism string) error {
	if mechanism == sasl.OAuthBearer {
		return d.respond([]byte{1})
	}
	return d.say(sayCancel, "")
}

// xoauth2Name is the mechanism of Google's and Microsoft's that go-sasl does not have.
const xoauth2Name = "XOAUTH2"

// xoauth2 logs in with an access token (https://developers.google.com/workspace/gmail/imap/xoauth2-protocol).
type xoauth2 struct{ user, token string }

// Start implements [sasl.Client].
func (x xoauth2) Start() (string, []byte, error) {
	if strings.ContainsRune(x.user+x.token, 1) {
		return "", nil, errors.New("a name or token with control characters")
	}
	return xoauth2Name, []byte("user=" + x.user + "\x01auth=Bearer " + x.token + "\x01\x01"), nil
}

// Next implements [sasl.Client]: the one challenge says in JSON what is wrong, and wants an empty answer.
func (x xoauth2) Next([]byte) ([]byte, error) { return []byte{}, nil }
