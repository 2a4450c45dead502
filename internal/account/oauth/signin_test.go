package oauth

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"rimbalzo/internal/words"
)

// person visits the address that the program opens, as a browser would, and gives the page on which it ends.
func (a *authority) person(t *testing.T, page chan<- string) func(string) error {
	return func(address string) error {
		go func() {
			answer, err := a.Client().Get(address)
			if err != nil {
				t.Error("the browser:", err)
				return
			}
			defer answer.Body.Close()
			text, _ := io.ReadAll(answer.Body)
			page <- string(text)
		}()
		return nil
	}
}

func TestSignIn(t *testing.T) {
	for lang, says := range map[string]string{"it": "Puoi chiudere questa pagina", "en": "You can close this page"} {
		a := newAuthority(t)
		pages := make(chan string, 1)
		g, err := SignIn(t.Context(), a.provider(), a.registered(), a.person(t, pages), words.New(lang))
		if err != nil {
			t.Fatal(err)
		}
		if !a.refresh[g.Refresh] || g.Provider != "google" {
			t.Errorf("%s: a grant that the server does not know", lang)
		}
		// The token of the sign-in itself is used first.
		src := NewSource(a.provider(), a.registered(), Keeper{}, g)
		text, err := src.Token(t.Context(), false)
		if err != nil || !a.access[text] || a.count() != 1 {
			t.Errorf("%s: %v, %d tokens", lang, err, a.count())
		}
		if page := <-pages; !strings.Contains(page, says) || strings.Contains(page, canary) || !strings.Contains(page, `<html lang="`+lang+`">`) {
			t.Errorf("%s: the page says %q", lang, page)
		}
	}
}

// answered opens the page and sends the browser back with a query of the test's.
func answered(t *testing.T, query func(state string) string) func(string) error {
	return func(address string) error {
		u, err := url.Parse(address)
		if err != nil {
			return err
		}
		go func() {
			answer, err := http.Get(u.Query().Get("redirect_uri") + "/?" + query(u.Query().Get("state")))
			if err == nil {
				answer.Body.Close()
			}
		}()
		return nil
	}
}

func TestSignInEndsInWords(t *testing.T) {
	withState := func(rest string) func(string) string {
		return func(state string) string { return rest + "&state=" + state }
	}
	for name, tc := range map[string]struct {
		prepare func(*authority)
		client  func(*Client)
		browser func(*testing.T, *authority) func(string) error
		kind    string
		is      error
	}{
		"the person says no": {browser: func(t *testing.T, _ *authority) func(string) error {
			return answered(t, withState("error=access_denied&error_description="+canary))
		}, kind: "denied", is: ErrDenied},
		"the server is in trouble": {browser: func(t *testing.T, _ *authority) func(string) error {
			return answered(t, withState("error=temporarily_unavailable"))
		}, kind: "busy"},
		"an unknown word": {browser: func(t *testing.T, _ *authority) func(string) error {
			return answered(t, withState("error=%3Cscript%3E"+strings.Repeat("x", 500)))
		}, kind: "refused"},
		"no code": {browser: func(t *testing.T, _ *authority) func(string) error {
			return answered(t, withState("x=1"))
		}, kind: "garbled"},
		"a huge code": {browser: func(t *testing.T, _ *authority) func(string) error {
			return answered(t, withState("code="+strings.Repeat("x", maxCode+1)))
		}, kind: "garbled"},
		"a code of somebody else's": {browser: func(t *testing.T, _ *authority) func(string) error {
			return answered(t, withState("code="+canary+"-stolen"))
		}, kind: "refused"},
		"a wrong state, and nothing else": {browser: func(t *testing.T, _ *authority) func(string) error {
			return answered(t, func(string) string { return "code=x&state=guessed" })
		}, kind: "too-late", is: context.DeadlineExceeded},
		"no browser": {browser: func(*testing.T, *authority) func(string) error {
			return func(string) error { return errors.New("no browser") }
		}, kind: "browser"},
		"no client":                   {client: func(c *Client) { c.ID = "" }, kind: "no-client", is: ErrNoClient},
		"a client that was withdrawn": {client: func(c *Client) { c.Secret = "another" }, kind: "client"},
		"no refresh token":            {prepare: func(a *authority) { a.offline = false }, kind: "no-refresh"},
		"the network's welcome page": {prepare: func(a *authority) {
			a.body, a.status = "<html>welcome "+canary+"</html>", http.StatusOK
		}, kind: "garbled"},
		"trouble at the token endpoint": {prepare: func(a *authority) { a.body, a.status = canary, http.StatusBadGateway }, kind: "busy"},
	} {
		t.Run(name, func(t *testing.T) {
			a := newAuthority(t)
			if tc.prepare != nil {
				tc.prepare(a)
			}
			client := a.registered()
			if tc.client != nil {
				tc.client(&client)
			}
			browser := a.person(t, make(chan string, 1))
			if tc.browser != nil {
				browser = tc.browser(t, a)
			}
			attempt := func() (Grant, error) {
				return signIn(t.Context(), a.provider(), client, browser, words.New("en"), 400*time.Millisecond)
			}
			if client.ID == "" {
				attempt = func() (Grant, error) { return SignIn(t.Context(), a.provider(), client, nil, words.New("en")) }
			}
			_, err := attempt()
			checkError(t, err, tc.kind, tc.is)
		})
	}
}

// checkError holds an error to its kind, to words in both languages, and to hold no token.
func checkError(t *testing.T, err error, kind string, is error) {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) || e.Kind != kind || (is != nil && !errors.Is(err, is)) {
		t.Fatalf("%v, want %s (%v)", err, kind, is)
	}
	for _, lang := range words.Languages {
		text, ok := Describe(fmt.Errorf("on the way: %w", err), words.New(lang))
		if !ok || len(text) < 40 || strings.Contains(text, "oauth.error") || strings.ContainsAny(text, "{<") {
			t.Errorf("%s: %q", lang, text)
		}
		for _, shown := range []string{text, err.Error(), fmt.Sprintf("%v %+v %#v %q", err, err, err, err)} {
			if strings.Contains(shown, canary) || strings.Contains(shown, "the-client-secret") {
				t.Errorf("a secret is told: %s", shown)
			}
		}
	}
}

func TestSignInIsCancelledAtOnce(t *testing.T) {
	a := newAuthority(t)
	ctx, cancel := context.WithCancel(t.Context())
	address := ""
	began := time.Now()
	_, err := SignIn(ctx, a.provider(), a.registered(), func(u string) error { address = u; cancel(); return nil }, words.New("it"))
	if !errors.Is(err, context.Canceled) || time.Since(began) > 2*time.Second {
		t.Errorf("%v after %s", err, time.Since(began))
	}
	// Nobody listens any more.
	u, _ := url.Parse(address)
	if answer, err := http.Get(u.Query().Get("redirect_uri")); err == nil {
		answer.Body.Close()
		t.Error("the port is still open")
	}
}

// TestStraysEndNothing: whoever knocks without the state, under another name or elsewhere gets no further, and the person still can.
func TestStraysEndNothing(t *testing.T) {
	a := newAuthority(t)
	g, err := SignIn(t.Context(), a.provider(), a.registered(), func(address string) error {
		u, _ := url.Parse(address)
		back := u.Query().Get("redirect_uri")
		for _, stray := range []struct{ method, path, host string }{
			{"GET", "/?state=guess&code=x", ""},
			{"GET", "/?error=access_denied", ""},
			{"GET", "/favicon.ico?state=" + u.Query().Get("state"), ""},
			{"POST", "/?code=x&state=" + u.Query().Get("state"), ""},
			{"GET", "/?code=x&state=" + u.Query().Get("state"), "evil.example"},
		} {
			r, _ := http.NewRequest(stray.method, back+stray.path, http.NoBody)
			if stray.host != "" {
				r.Host = stray.host
			}
			answer, err := http.DefaultClient.Do(r)
			if err != nil {
				return err
			}
			answer.Body.Close()
			if answer.StatusCode < 400 || answer.StatusCode >= 500 {
				t.Errorf("%v is answered %d", stray, answer.StatusCode)
			}
		}
		return a.person(t, make(chan string, 1))(address)
	}, words.New("it"))
	if err != nil || !a.refresh[g.Refresh] {
		t.Error(err)
	}
}

func TestProvidersAreSound(t *testing.T) {
	for _, id := range []string{"google", "microsoft"} {
		p, ok := ByID(id)
		if !ok || p.Name == "" || len(p.Scopes) == 0 || len(p.Sources) == 0 {
			t.Errorf("%s: %+v", id, p)
		}
		for _, address := range append([]string{p.Authorize, p.Token}, p.Sources...) {
			if !strings.HasPrefix(address, "https://") {
				t.Errorf("%s: %q", id, address)
			}
		}
	}
	if _, ok := ByID("nobody"); ok {
		t.Error("there is a provider called nobody")
	}
}

func TestBrowserGetsTheAddressAsAnArgument(t *testing.T) {
	const hostile = "https://accounts.example/?a=1&b=$(touch x);\"|%26"
	for goos, name := range map[string]string{"linux": "xdg-open", "windows": "rundll32", "darwin": "open", "freebsd": "xdg-open"} {
		program, args := opener(goos, hostile)
		if program != name || args[len(args)-1] != hostile {
			t.Errorf("%s: %s %q", goos, program, args)
		}
	}
	for _, bad := range []string{"http://accounts.example/", "file:///etc/passwd", "--version", "https:", ""} {
		if err := OpenBrowser(bad); !errors.Is(err, errNotHTTPS) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}
