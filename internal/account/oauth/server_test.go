package oauth

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
)

// authority is an authorization server (RFC 6749 with PKCE, RFC 7636) that runs in the test. It is strict: one wrong thing
// and nobody gets a token.
type authority struct {
	*httptest.Server
	t *testing.T

	mu        sync.Mutex
	challenge map[string]string // by code; a code works once
	redirect  map[string]string
	refresh   map[string]bool // refresh tokens that are good
	access    map[string]bool
	rotates   bool   // a refresh token works once
	says      string // an error code for the next answers, "" for none
	body      string // a whole answer instead, "" for none
	status    int
	lasts     int // seconds; 0: not said
	offline   bool
	issued    int // tokens handed out
}

const canary = "CANARY-7f3a"

func newAuthority(t *testing.T) *authority {
	a := &authority{
		t: t, challenge: map[string]string{}, redirect: map[string]string{}, refresh: map[string]bool{}, access: map[string]bool{},
		lasts: 3600, offline: true,
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /authorize", a.authorize)
	mux.HandleFunc("POST /token", a.token)
	a.Server = httptest.NewTLSServer(mux)
	t.Cleanup(a.Close)
	return a
}

func (a *authority) provider() Provider {
	return Provider{
		ID: "google", Name: "Google", Authorize: a.URL + "/authorize", Token: a.URL + "/token",
		Scopes: []string{"mail"}, Offline: map[string]string{"access_type": "offline"},
	}
}

func (a *authority) registered() Client {
	return Client{ID: "the-client", Secret: "the-client-secret", HTTP: a.Client()}
}

// authorize is the page on which the person says yes.
func (a *authority) authorize(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	back, err := url.Parse(q.Get("redirect_uri"))
	if err != nil || back.Scheme != "http" || back.Hostname() != "127.0.0.1" || back.Port() == "" {
		a.t.Errorf("redirected to %q", q.Get("redirect_uri"))
	}
	if q.Get("client_id") != "the-client" || q.Get("response_type") != "code" || q.Get("scope") != "mail" || q.Get("access_type") != "offline" ||
		q.Get("code_challenge_method") != "S256" || len(q.Get("state")) < 20 {
		a.t.Errorf("asked with %v", q)
	}
	code := canary + "-code-" + rand.Text()
	a.mu.Lock()
	a.challenge[code], a.redirect[code] = q.Get("code_challenge"), q.Get("redirect_uri")
	a.mu.Unlock()
	back.Path, back.RawQuery = "/", url.Values{"code": {code}, "state": {q.Get("state")}}.Encode()
	http.Redirect(w, r, back.String(), http.StatusFound)
}

func (a *authority) token(w http.ResponseWriter, r *http.Request) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.body != "" {
		w.WriteHeader(a.status)
		_, _ = w.Write([]byte(a.body))
		return
	}
	if err := r.ParseForm(); err != nil || r.Form.Get("client_id") != "the-client" || r.Form.Get("client_secret") != "the-client-secret" || a.says != "" {
		a.refuse(w, a.says)
		return
	}
	switch r.Form.Get("grant_type") {
	case "authorization_code":
		code := r.Form.Get("code")
		sum := sha256.Sum256([]byte(r.Form.Get("code_verifier")))
		if a.challenge[code] == "" || a.challenge[code] != base64.RawURLEncoding.EncodeToString(sum[:]) || a.redirect[code] != r.Form.Get("redirect_uri") {
			a.refuse(w, "invalid_grant")
			return
		}
		delete(a.challenge, code)
		a.grant(w, a.offline)
	case "refresh_token":
		old := r.Form.Get("refresh_token")
		if !a.refresh[old] {
			a.refuse(w, "invalid_grant")
			return
		}
		if a.rotates {
			delete(a.refresh, old)
		}
		a.grant(w, a.rotates)
	default:
		a.refuse(w, "unsupported_grant_type")
	}
}

func (a *authority) grant(w http.ResponseWriter, withRefresh bool) {
	a.issued++
	answer := map[string]any{"access_token": canary + "-access-" + rand.Text(), "token_type": "Bearer"}
	if a.lasts > 0 {
		answer["expires_in"] = a.lasts
	}
	a.access[answer["access_token"].(string)] = true
	if withRefresh {
		refresh := canary + "-refresh-" + rand.Text()
		answer["refresh_token"] = refresh
		a.refresh[refresh] = true
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(answer)
}

// refuse answers as real servers do, with a description that repeats what it was sent.
func (a *authority) refuse(w http.ResponseWriter, code string) {
	if code == "" {
		code = "invalid_client"
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusBadRequest)
	_ = json.NewEncoder(w).Encode(map[string]string{"error": code, "error_description": "the token " + canary + "-described is not good"})
}

func (a *authority) set(change func()) {
	a.mu.Lock()
	defer a.mu.Unlock()
	change()
}

func (a *authority) count() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.issued
}
