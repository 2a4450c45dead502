package mailbox

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"
)

const testToken = "ya29.canary-token-0123456789"

// tokens gives a token, and notes that it was asked for.
func tokens(asked *bool) func(context.Context, bool) (string, error) {
	return func(context.Context, bool) (string, error) { *asked = true; return testToken, nil }
}

// saslServer answers AUTHENTICATE and LOGIN and keeps what it was told.
type saslServer struct {
	caps string
	// ignoresInitial makes it ask for the response although it came with the command.
	ignoresInitial bool
	// challenge is sent to a response that is not accepted, before refusal.
	challenge string
	refusal   string
	// accepts says which responses, decoded, let in; nil: all.
	accepts func(response string) bool

	tag, mech string
	awaits    string   // "response" or "dummy"
	responses []string // decoded
	dummies   []string // as they came
	logins    []string
}

func (s *saslServer) answer(w io.Writer, tag, line string) bool {
	switch {
	case s.awaits == "dummy":
		s.awaits = ""
		s.dummies = append(s.dummies, tag)
		fmt.Fprintf(w, "%s %s\r\n", s.tag, s.refusal)
	case s.awaits == "response":
		s.awaits = ""
		s.take(w, tag)
	case strings.HasPrefix(line, "AUTHENTICATE "):
		fields := strings.Fields(line)
		s.tag, s.mech = tag, fields[1]
		if len(fields) == 3 && !s.ignoresInitial {
			s.take(w, fields[2])
		} else {
			s.awaits = "response"
			io.WriteString(w, "+ \r\n")
		}
	case strings.HasPrefix(line, "CAPABILITY"):
		fmt.Fprintf(w, "* CAPABILITY IMAP4rev1 %s\r\n%s OK done\r\n", s.caps, tag)
	default:
		if strings.HasPrefix(line, "LOGIN ") {
			s.logins = append(s.logins, line)
		}
		return ordinary(0, nil)(w, tag, line)
	}
	return true
}

func (s *saslServer) take(w io.Writer, encoded string) {
	response, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		fmt.Fprintf(w, "%s BAD no Base64\r\n", s.tag)
		return
	}
	s.responses = append(s.responses, s.mech+" "+string(response))
	switch {
	case s.accepts == nil || s.accepts(string(response)):
		fmt.Fprintf(w, "%s OK welcome\r\n", s.tag)
	case s.challenge != "":
		s.awaits = "dummy"
		fmt.Fprintf(w, "+ %s\r\n", base64.StdEncoding.EncodeToString([]byte(s.challenge)))
	default:
		fmt.Fprintf(w, "%s %s\r\n", s.tag, s.refusal)
	}
}

// bearer is what the mechanisms say, by their documents.
func bearer(mech, token string) string {
	if mech == "XOAUTH2" {
		return "XOAUTH2 user=" + testUser + "\x01auth=Bearer " + token + "\x01\x01"
	}
	return "OAUTHBEARER n,a=" + testUser + ",\x01host=localhost\x01port=PORT\x01auth=Bearer " + token + "\x01\x01"
}

func TestTokens(t *testing.T) {
	a := newAuthority(t)
	const googleSays = `{"status":"400","schemes":"Bearer","scope":"https://mail.google.com/"}`
	fresh := func(response string) bool { return strings.Contains(response, "Bearer second") }
	nobody := func(string) bool { return false }
	huge := strings.Repeat("x", 8<<10)
	for name, c := range map[string]struct {
		server    saslServer
		tokens    []string // given one after another
		kind      string
		responses []string
		dummies   []string
	}{
		"OAUTHBEARER":           {saslServer{caps: "AUTH=OAUTHBEARER SASL-IR"}, []string{"first"}, "", []string{bearer("OAUTHBEARER", "first")}, nil},
		"XOAUTH2":               {saslServer{caps: "AUTH=XOAUTH2 SASL-IR"}, []string{"first"}, "", []string{bearer("XOAUTH2", "first")}, nil},
		"the standard's first":  {saslServer{caps: "AUTH=PLAIN AUTH=XOAUTH2 AUTH=OAUTHBEARER"}, []string{"first"}, "", []string{bearer("OAUTHBEARER", "first")}, nil},
		"without SASL-IR":       {saslServer{caps: "AUTH=XOAUTH2"}, []string{"first"}, "", []string{bearer("XOAUTH2", "first")}, nil},
		"SASL-IR is a lie":      {saslServer{caps: "AUTH=XOAUTH2 SASL-IR", ignoresInitial: true}, []string{"first"}, "", []string{bearer("XOAUTH2", "first")}, nil},
		"8 KB":                  {saslServer{caps: "AUTH=XOAUTH2 SASL-IR"}, []string{huge}, "", []string{bearer("XOAUTH2", huge)}, nil},
		"8 KB, without SASL-IR": {saslServer{caps: "AUTH=OAUTHBEARER"}, []string{huge}, "", []string{bearer("OAUTHBEARER", huge)}, nil},
		"refused, then good": {
			saslServer{caps: "AUTH=XOAUTH2 SASL-IR", accepts: fresh, challenge: googleSays, refusal: "NO [AUTHENTICATIONFAILED] Invalid credentials (Failure)"},
			[]string{"first", "second"},
			"",
			[]string{bearer("XOAUTH2", "first"), bearer("XOAUTH2", "second")},
			[]string{""},
		},
		"refused, then good, OAUTHBEARER": {
			saslServer{caps: "AUTH=OAUTHBEARER", accepts: fresh, challenge: `{"status":"invalid_token"}`, refusal: "NO no"},
			[]string{"first", "second"},
			"",
			[]string{bearer("OAUTHBEARER", "first"), bearer("OAUTHBEARER", "second")},
			[]string{"AQ=="},
		},
		"refused without a challenge, then good": {
			saslServer{caps: "AUTH=XOAUTH2 SASL-IR", accepts: fresh, refusal: "NO AUTHENTICATE failed."},
			[]string{"first", "second"},
			"",
			[]string{bearer("XOAUTH2", "first"), bearer("XOAUTH2", "second")},
			nil,
		},
		"withdrawn": {
			saslServer{caps: "AUTH=XOAUTH2", accepts: nobody, challenge: googleSays, refusal: "NO no"},
			[]string{"first", "second"},
			KindTokenRefused,
			[]string{bearer("XOAUTH2", "first"), bearer("XOAUTH2", "second")},
			[]string{"", ""},
		},
		"refused without a reason": {
			saslServer{caps: "AUTH=XOAUTH2", accepts: nobody, refusal: "NO AUTHENTICATE failed."},
			[]string{"first", "second"},
			KindSignInRefused,
			[]string{bearer("XOAUTH2", "first"), bearer("XOAUTH2", "second")},
			nil,
		},
		"the server is in trouble": {
			saslServer{caps: "AUTH=XOAUTH2", accepts: nobody, refusal: "NO [UNAVAILABLE] later"},
			[]string{"first"},
			KindUnavailable,
			[]string{bearer("XOAUTH2", "first")},
			nil,
		},
		"passwords only":     {saslServer{caps: "AUTH=PLAIN SASL-IR"}, nil, KindNoOAuth, nil, nil},
		"a token with lines": {saslServer{caps: "AUTH=XOAUTH2"}, []string{"one\r\ntwo"}, KindTokenRefused, nil, nil},
		"an empty token":     {saslServer{caps: "AUTH=XOAUTH2"}, []string{""}, KindTokenRefused, nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			address, _ := serveScript(t, script{greeting: "* OK hi\r\n", tls: a.good(t), answer: c.server.answer})
			cfg := config(a, address)
			given := 0
			cfg.Auth.Token = func(_ context.Context, refused bool) (string, error) {
				if given >= len(c.tokens) || refused != (given > 0) {
					t.Errorf("token %d, refused: %v", given, refused)
					return "", io.EOF
				}
				given++
				return c.tokens[given-1], nil
			}
			err := Check(t.Context(), cfg, nil)
			var e *Error
			if c.kind == "" && err != nil || c.kind != "" && (!errors.As(err, &e) || e.Kind != c.kind || e.Stage != StageLogin) {
				t.Fatalf("%v, want %q", err, c.kind)
			}
			if err != nil {
				checkWords(t, err)
			}
			port := address[strings.LastIndexByte(address, ':')+1:]
			for i := range c.responses {
				c.responses[i] = strings.ReplaceAll(c.responses[i], "PORT", port)
			}
			if !slices.Equal(c.server.responses, c.responses) || !slices.Equal(c.server.dummies, c.dummies) || given != len(c.tokens) {
				t.Errorf("the server heard %.200q and %q, want %.200q and %q; %d tokens", c.server.responses, c.server.dummies, c.responses, c.dummies, given)
			}
		})
	}
}

func TestTokenThatIsNotToBeHad(t *testing.T) {
	a := newAuthority(t)
	server := saslServer{caps: "AUTH=XOAUTH2"}
	address, _ := serveScript(t, script{greeting: "* OK hi\r\n", tls: a.good(t), answer: server.answer})
	cfg := config(a, address)
	away := errors.New("nobody signed in")
	cfg.Auth.Token = func(context.Context, bool) (string, error) { return "", away }
	var e *Error
	if err := Check(t.Context(), cfg, nil); !errors.As(err, &e) || e.Kind != KindNoPassword || !errors.Is(err, away) || len(server.responses) > 0 {
		t.Errorf("%v, %q", err, server.responses)
	}
}

func TestPasswords(t *testing.T) {
	a := newAuthority(t)
	plain := func(password string) []string { return []string{"PLAIN \x00" + testUser + "\x00" + password} }
	quoted := `LOGIN "` + testUser + `" `
	for name, c := range map[string]struct {
		server    saslServer
		password  string
		kind      string
		responses []string
		logins    []string
	}{
		"PLAIN":                {saslServer{caps: "AUTH=PLAIN SASL-IR"}, "simple", "", plain("simple"), nil},
		"PLAIN, as asked":      {saslServer{caps: "AUTH=PLAIN"}, "simple", "", plain("simple"), nil},
		"PLAIN, not ASCII":     {saslServer{caps: "AUTH=PLAIN"}, "però ☂ \"quoted\" back\\slash", "", plain("però ☂ \"quoted\" back\\slash"), nil},
		"PLAIN, 8 KB":          {saslServer{caps: "AUTH=PLAIN SASL-IR"}, strings.Repeat("p", 8<<10), "", plain(strings.Repeat("p", 8<<10)), nil},
		"LOGIN":                {saslServer{}, "simple", "", nil, []string{quoted + `"simple"`}},
		"LOGIN, quotes":        {saslServer{}, `q"uo\te`, "", nil, []string{quoted + `"q\"uo\\te"`}},
		"LOGIN, not ASCII":     {saslServer{}, "però", "", nil, []string{quoted + "{5}"}},
		"LOGIN, 8 KB":          {saslServer{}, strings.Repeat("p", 8<<10), "", nil, []string{quoted + "{8192}"}},
		"PLAIN is a lie":       {saslServer{caps: "AUTH=PLAIN", accepts: func(string) bool { return false }, refusal: "BAD unknown mechanism"}, "simple", "", plain("simple"), []string{quoted + `"simple"`}},
		"PLAIN says NO":        {saslServer{caps: "AUTH=PLAIN", accepts: func(string) bool { return false }, refusal: "NO [AUTHENTICATIONFAILED] no"}, "simple", KindPassword, plain("simple"), nil},
		"PLAIN only":           {saslServer{caps: "AUTH=PLAIN LOGINDISABLED"}, "simple", "", plain("simple"), nil},
		"neither":              {saslServer{caps: "LOGINDISABLED"}, "simple", KindLoginDisabled, nil, nil},
		"a sign-in only":       {saslServer{caps: "LOGINDISABLED AUTH=XOAUTH2"}, "simple", KindOAuthOnly, nil, nil},
		"neither, in TLS too":  {saslServer{caps: "LOGINDISABLED STARTTLS AUTH=GSSAPI"}, "simple", KindLoginDisabled, nil, nil},
		"a zero byte":          {saslServer{caps: "AUTH=PLAIN"}, "a\x00b", KindPasswordNUL, nil, nil},
		"a zero byte, LOGIN":   {saslServer{}, "a\x00b", KindPasswordNUL, nil, nil},
		"a challenge to PLAIN": {saslServer{caps: "AUTH=PLAIN SASL-IR", accepts: func(string) bool { return false }, challenge: "what else?"}, "simple", KindBroken, plain("simple"), nil},
	} {
		t.Run(name, func(t *testing.T) {
			address, _ := serveScript(t, script{greeting: "* OK hi\r\n", tls: a.good(t), answer: c.server.answer})
			cfg := config(a, address)
			cfg.Password = func() (string, error) { return c.password, nil }
			err := Check(t.Context(), cfg, nil)
			var e *Error
			if c.kind == "" && err != nil || c.kind != "" && (!errors.As(err, &e) || e.Kind != c.kind) {
				t.Fatalf("%v, want %q", err, c.kind)
			}
			if err != nil {
				checkWords(t, err)
			}
			if !slices.Equal(c.server.responses, c.responses) || !slices.Equal(c.server.logins, c.logins) {
				t.Errorf("the server heard %.100q and %.100q, want %.100q and %.100q", c.server.responses, c.server.logins, c.responses, c.logins)
			}
		})
	}
}

// TestLetInAtOnce has a server that needs no login once TLS is up: no secret is asked for.
func TestLetInAtOnce(t *testing.T) {
	a := newAuthority(t)
	address, _ := serveScript(t, script{greeting: "* PREAUTH [CAPABILITY IMAP4rev1] welcome\r\n", tls: a.good(t), answer: ordinary(0, nil)})
	cfg := config(a, address)
	cfg.Password = func() (string, error) { t.Error("the password was asked for"); return testPassword, nil }
	if err := Check(t.Context(), cfg, nil); err != nil {
		t.Error(err)
	}
	if _, cov, err := readAll(IMAP(cfg)); err != nil || !cov.Roles[RoleInbox] {
		t.Error(cov, err)
	}
}

// TestReadingWithAToken reads mail with a token, over a lost connection.
func TestReadingWithAToken(t *testing.T) {
	a := newAuthority(t)
	server := saslServer{caps: "AUTH=XOAUTH2 SASL-IR"}
	broke := false
	address, _ := serveScript(t, script{greeting: "* OK hi\r\n", tls: a.good(t), answer: func(w io.Writer, tag, line string) bool {
		if strings.HasPrefix(line, "LIST") && !broke {
			broke = true
			return false
		}
		return server.answer(w, tag, line)
	}})
	cfg := config(a, address)
	cfg.Timeouts.Retry = time.Millisecond
	asked := false
	cfg.Auth.Token = tokens(&asked)
	_, cov, err := readAll(IMAP(cfg))
	if err != nil || !cov.Roles[RoleInbox] || len(server.responses) != 2 || !asked {
		t.Errorf("%v, %v, %d logins", cov.Roles, err, len(server.responses))
	}
}

// FuzzChallenge lets a server say anything while a token is said to it: the answer is short, and nothing of it is shown.
func FuzzChallenge(f *testing.F) {
	f.Add([]byte("+ eyJzdGF0dXMiOiI0MDAifQ==\r\nC1 NO no\r\n"))
	f.Add([]byte("+ \r\n+ \r\n+ \r\n"))
	f.Add([]byte("+\r\n* BYE ya29.canary-token-0123456789\r\n"))
	f.Fuzz(func(t *testing.T, says []byte) {
		near, far := newPipe(t, says)
		talk := newTalk(account{user: testUser, host: "localhost", port: "993"}, newGuard(near, near), "* OK [CAPABILITY SASL-IR] hi")
		talk.guard.secrets.keep(testToken)
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		err := talk.bear(ctx, xoauth2, xoauth2Response(testUser, testToken))
		near.Close()
		if said := far.String(); len(said) > 1024 || strings.Count(said, "\n") > 5 {
			t.Errorf("the client said %q", said)
		}
		if ctx.Err() != nil {
			t.Error("it took until the end of time")
		}
		if err != nil && strings.Contains(err.Error(), testToken[:8]) {
			t.Errorf("the token is in %v", err)
		}
	})
}
