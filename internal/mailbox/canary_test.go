package mailbox

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2/imapclient"

	"rimbalzo/internal/words"
)

// canary is a password that is looked for where no password may be.
const canary = "Canary-7f3a!Qx"

// canaryForms are the shapes in which it may show up.
func canaryForms() []string {
	forms := []string{canary, strings.ToLower(canary), hex.EncodeToString([]byte(canary)), url.QueryEscape(canary)}
	for _, before := range []string{"", "x", "xx"} {
		text := base64.StdEncoding.EncodeToString([]byte(before + canary))
		forms = append(forms, text[4:len(text)-4]) // what does not depend on its neighbours
	}
	return forms
}

// findCanary gives the first form of the canary in a text, "" when there is none.
func findCanary(text string) string {
	for _, form := range canaryForms() {
		if strings.Contains(text, form) {
			return form
		}
	}
	return ""
}

// TestServersThatEcho has servers repeat what they were told in confidence, in every shape and at every occasion: it shows up
// neither in errors nor in sentences nor in coverage.
func TestServersThatEcho(t *testing.T) {
	a := newAuthority(t)
	shapes := map[string]string{
		"as it is":    canary,
		"in capitals": strings.ToUpper(canary),
		"spaced out":  strings.Join(strings.Split(canary, ""), " "),
		"in pieces":   canary[:8] + "\x00\x07" + canary[8:],
		"Base64":      base64.StdEncoding.EncodeToString([]byte(canary)),
		"SASL":        base64.StdEncoding.EncodeToString([]byte("\x00" + testUser + "\x00" + canary)),
		"hexadecimal": hex.EncodeToString([]byte(canary)),
		"in a URL":    url.QueryEscape(canary),
		"its tail":    canary[5:],
		"among much":  strings.Repeat("x", 190) + canary,
	}
	occasions := map[string]string{
		"LOGIN, NO":    "LOGIN\nTAG NO wrong password ECHO",
		"LOGIN, code":  "LOGIN\nTAG NO [AUTHENTICATIONFAILED] ECHO",
		"LOGIN, BAD":   "LOGIN\nTAG BAD LOGIN ECHO",
		"LOGIN, BYE":   "LOGIN\n* BYE ECHO",
		"EXAMINE, NO":  "EXAMINE\nTAG NO ECHO",
		"EXAMINE, BYE": "EXAMINE\n* BYE [LIMIT] ECHO",
		"LIST, NO":     "LIST\nTAG NO ECHO",
		"LIST, broken": "LIST\n* LIST ECHO (ECHO",
		"SEARCH, BAD":  "UID SEARCH\nTAG BAD ECHO",
		"FETCH, NO":    "UID FETCH\nTAG NO ECHO",
		"a line":       "UID FETCH\nECHO",
	}
	for shape, echo := range shapes {
		for occasion, text := range occasions {
			t.Run(occasion+", "+shape, func(t *testing.T) {
				t.Parallel()
				verb, answer, _ := strings.Cut(text, "\n")
				address, _ := serveScript(t, script{greeting: "* OK hi\r\n", tls: a.good(t), answer: saying(map[string]string{
					verb: strings.ReplaceAll(answer, "ECHO", echo) + "\r\n",
				})})
				cfg := config(a, address)
				cfg.Password = func() (string, error) { return canary, nil }
				cfg.Timeouts = Timeouts{Dial: time.Second, Idle: 300 * time.Millisecond, Command: time.Second, Retry: time.Millisecond}
				_, cov, err := readAll(IMAP(cfg))
				lookForEcho(t, "coverage", cov, nil, echo)
				lookForEcho(t, "reading", nil, err, echo)
				lookForEcho(t, "check", nil, Check(t.Context(), cfg, func(r StageResult) { lookForEcho(t, "stage", r, r.Err, echo) }), echo)
			})
		}
	}
}

// lookForEcho searches an error, its sentences, and a value for the canary and for the echo.
func lookForEcho(t *testing.T, what string, value any, err error, echo string) {
	t.Helper()
	texts := []string{fmt.Sprintf("%+v", value), fmt.Sprintf("%+v %#v", err, err)}
	if cov, ok := value.(Coverage); ok {
		for _, u := range cov.Unreadable {
			texts = append(texts, fmt.Sprint(u.Err))
		}
	}
	for _, lang := range words.Languages {
		if err != nil {
			said, ok := Describe(err, words.New(lang))
			if !ok {
				t.Errorf("%s: no sentence for %v", what, err)
			}
			texts = append(texts, said)
		}
	}
	for _, text := range texts {
		if form := findCanary(text); form != "" || strings.Contains(fold(text), fold(echo)) {
			t.Errorf("%s: the password is in %q", what, text)
		}
	}
}

// TestEchoOfAToken is the same for a token, which comes back in the challenge or the refusal.
func TestEchoOfAToken(t *testing.T) {
	a := newAuthority(t)
	server := saslServer{
		caps: "AUTH=XOAUTH2", accepts: func(string) bool { return false },
		challenge: testToken, refusal: "NO [AUTHENTICATIONFAILED] " + testToken,
	}
	address, _ := serveScript(t, script{greeting: "* OK hi\r\n", tls: a.good(t), answer: server.answer})
	cfg := config(a, address)
	asked := false
	cfg.Auth.Token = tokens(&asked)
	err := Check(t.Context(), cfg, nil)
	var e *Error
	if !errors.As(err, &e) || e.Kind != KindTokenRefused || !e.Withheld || strings.Contains(fmt.Sprintf("%+v %#v", err, e), testToken) {
		t.Errorf("%+v", err)
	}
	checkWords(t, err)
}

// TestOrdinaryWordsAreKept holds that what a server says is only left out where it repeats a secret.
func TestOrdinaryWordsAreKept(t *testing.T) {
	for said, kept := range map[string]bool{
		"Authentication failed.":          true,
		"":                                true,
		"wrong: " + canary:                false,
		"Canary Islands":                  false, // begins like the password: better left out
		"no such user ada@sender.example": true,
		base64.StdEncoding.EncodeToString([]byte("some words of no use")): true,
	} {
		var s secrets
		s.keep(canary)
		if s.in(said) == kept {
			t.Errorf("%q: kept is %v", said, !kept)
		}
	}
	var none secrets
	if none.in("anything") {
		t.Error("a secret is found where none was told")
	}
	var short secrets
	short.keep("ab")
	if !short.in("no A b!") || short.in("no such thing") {
		t.Error("a short secret is not told from ordinary words")
	}
}

// panicking is a connection in which reading panics, with a secret at hand.
type panicking struct{ net.Conn }

func (panicking) Read([]byte) (int, error) { panic("reading " + canary) }

// TestPanicInTheReader lets the library's reader panic: what it makes of that, a stack, goes no further.
func TestPanicInTheReader(t *testing.T) {
	near, far := net.Pipe()
	defer far.Close()
	go io.Copy(io.Discard, far)
	g := newGuard(panicking{near}, near)
	g.secrets.keep(canary)
	s := &session{account: account{user: testUser, host: "localhost", port: "993"}, guard: g, client: imapclient.New(g, nil), limits: Timeouts{}.orDefault()}
	defer s.close()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	_, err := s.list(ctx)
	var e *Error
	if !errors.As(err, &e) || e.Kind != KindBroken || ctx.Err() != nil {
		t.Fatal(err)
	}
	if text := err.Error(); findCanary(text) != "" || strings.Contains(text, "goroutine") || strings.Contains(text, ".go:") || len(text) > 300 {
		t.Errorf("%q", text)
	}
	lookForEcho(t, "panic", nil, err, canary)
}
