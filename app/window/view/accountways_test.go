package view

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"rimbalzo/app/watcher"
	"rimbalzo/app/window/kit"
	"rimbalzo/app/window/session"
	"rimbalzo/internal/account"
	"rimbalzo/internal/account/oauth"
	"rimbalzo/internal/demo"
	"rimbalzo/internal/watch"
)

// part gives the first object of a kind in view that fits.
func part[T fyne.CanvasObject](win fyne.Window, fits func(T) bool) (found T, ok bool) {
	var look func(o fyne.CanvasObject)
	look = func(o fyne.CanvasObject) {
		if ok || o == nil {
			return
		}
		if t, is := o.(T); is && fits(t) {
			found, ok = t, true
			return
		}
		switch o := o.(type) {
		case *fyne.Container:
			for _, p := range o.Objects {
				look(p)
			}
		case *container.Scroll:
			look(o.Content)
		case *widget.Accordion:
			for _, item := range o.Items {
				look(item.Detail)
			}
		case fyne.Widget:
			for _, p := range test.WidgetRenderer(o).Objects() {
				look(p)
			}
		}
	}
	look(win.Content())
	return found, ok
}

// TestPrivateAuthority: what is pasted is looked at before anything is tried; with the right authority the mailbox is read.
func TestPrivateAuthority(t *testing.T) {
	test.NewApp().Settings().SetTheme(kit.NewLookIn(theme.VariantLight))
	s, err := demo.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	desk, _ := newDesk(t)
	f, win, pump := pumped(t, ownParams(desk))
	pump(func() bool { return f.own.clients != nil })
	host, port, _ := net.SplitHostPort(s.IMAPURL[strings.LastIndexByte(s.IMAPURL, '@')+1:])
	f.mail = session.Account{Address: s.User, Server: host, Port: port}
	f.away(f.addPage)
	more, ok := part(win, func(a *widget.Accordion) bool { return len(a.Items) == 2 })
	if !ok {
		t.Fatal("there is no place for an authority")
	}
	more.Open(0)
	more.Open(1)
	if !more.Items[0].Open {
		t.Error("what was typed before goes out of view")
	}
	lines, ok := part(win, func(*kit.Lines) bool { return true })
	if !ok {
		t.Fatal("there is no field for an authority")
	}
	if lines.AcceptsTab() {
		t.Error("the Tab key does not lead out of the field")
	}
	field := &lines.Entry
	_, password := entries(win)
	password.SetText(s.Password)
	if err := takeAuthority(io.NopCloser(strings.NewReader("not a certificate\x00\xff")), field); err != nil {
		t.Fatal(err)
	}
	if got := shownIn(win); !strings.Contains(got, "There is no certificate in PEM form here") {
		t.Errorf("shows %s", got)
	}
	press(t, win, "Try and keep")
	if f.trial != nil {
		t.Fatal("it is tried with an authority that is none")
	}
	field.SetText(string(s.CAPEM))
	if got := shownIn(win); !strings.Contains(got, "Trusted for this account:") {
		t.Errorf("shows %s", got)
	}
	press(t, win, "Try and keep")
	pump(func() bool { return f.reviewed && !f.own.busy })
	if list, _, err := desk.List(); err != nil || len(list) != 1 || strings.TrimSpace(list[0].CA) != strings.TrimSpace(string(s.CAPEM)) || len(f.report.Items) == 0 {
		t.Errorf("kept %+v, %v; shown is %s", list, err, shownIn(win))
	}
}

// TestWatchAProvider: a provider is watched without an account there, and the watcher is told.
func TestWatchAProvider(t *testing.T) {
	test.NewApp().Settings().SetTheme(kit.NewLookIn(theme.VariantLight))
	desk, keyring := newDesk(t)
	p := ownParams(desk)
	told := make(chan string, 100)
	p.Ask = func(_ context.Context, verb string, _, _ any) error { told <- verb; return nil }
	f, win, pump := pumped(t, p)
	pump(func() bool { return f.own.clients != nil })
	f.openAccounts()
	pump(func() bool { return f.cardsKnown })
	press(t, win, "Watch a provider")
	press(t, win, "Watch it")
	if got := shownIn(win); !strings.Contains(got, "Choose a provider first.") {
		t.Errorf("shows %s", got)
	}
	choice, _ := part(win, func(s *widget.Select) bool { return len(s.Options) > 10 })
	choice.SetSelected("Virgilio Mail")
	press(t, win, "Watch it")
	pump(func() bool { return strings.Contains(shownIn(win), "Libero Mail") })
	list, _, err := desk.List()
	if err != nil || len(list) != 1 || list[0].Kind != account.Watched || list[0].Operator != "italiaonline" || len(keyring.kept) != 0 {
		t.Errorf("kept %+v, %v, %v", list, keyring.kept, err)
	}
	if !strings.Contains(shownIn(win), "watched") {
		t.Errorf("shows %s", shownIn(win))
	}
	verbs := ""
	pump(func() bool {
		select {
		case v := <-told:
			verbs += v + " "
		default:
		}
		return strings.Contains(verbs, watcher.VerbAccounts)
	})
}

// authorization is an authorization server that lets everybody in (RFC 6749 section 4.1).
func authorization(t *testing.T) *httptest.Server {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /authorize", func(w http.ResponseWriter, r *http.Request) {
		back, err := url.Parse(r.URL.Query().Get("redirect_uri"))
		if err != nil || back.Hostname() != "127.0.0.1" {
			t.Errorf("sent back to %v", back)
			return
		}
		back.RawQuery = url.Values{"code": {"the-code"}, "state": {r.URL.Query().Get("state")}}.Encode()
		http.Redirect(w, r, back.String(), http.StatusFound)
	})
	mux.HandleFunc("POST /token", func(w http.ResponseWriter, r *http.Request) {
		if r.ParseForm() != nil || r.Form.Get("code") != "the-code" || r.Form.Get("code_verifier") == "" {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"access_token":"access","token_type":"Bearer","expires_in":3600,"refresh_token":"the-refresh-token"}`)
	})
	s := httptest.NewTLSServer(mux)
	t.Cleanup(s.Close)
	return s
}

// TestSignIn: from the address to the provider's page in the browser and back, and on to the trial with what the sign-in gave; the
// provider is in trouble, which the watcher knows, so that the account can be kept all the same.
func TestSignIn(t *testing.T) {
	test.NewApp().Settings().SetTheme(kit.NewLookIn(theme.VariantLight))
	desk, keyring := newDesk(t)
	s := authorization(t)
	desk.Known = func(operator string) (oauth.Provider, oauth.Client, bool, error) {
		return oauth.Provider{ID: operator, Name: "Microsoft", Authorize: s.URL + "/authorize", Token: s.URL + "/token", Scopes: []string{"mail"}},
			oauth.Client{ID: "the-client", HTTP: s.Client()}, true, nil
	}
	// What the trial wants to know before it reaches a server.
	if err := os.MkdirAll(desk.Data, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(desk.Data, oauth.SettingsFile), []byte("[oauth.microsoft]\nclient_id = \"the-client\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	p := ownParams(desk)
	pages := make(chan error, 1)
	p.OpenBrowser = func(address string) error {
		go func() {
			res, err := s.Client().Get(address)
			if err == nil {
				err = res.Body.Close()
			}
			pages <- err
		}()
		return nil
	}
	p.Ask = func(_ context.Context, verb string, _, answer any) error {
		if status, ok := answer.(*watcher.Status); ok && verb == watcher.VerbStatus {
			status.Incidents = []watch.IncidentStatus{{Operator: "microsoft"}}
		}
		return nil
	}
	f, win, pump := pumped(t, p)
	pump(func() bool { return f.own.clients != nil })
	f.away(f.addPage)
	address, _ := entries(win)
	address.SetText("anna@outlook.it")
	f.mail.Server, f.mail.Port = "127.0.0.1", "1" // where nobody answers
	press(t, win, "Sign in with the browser")
	pump(func() bool { return f.trial != nil && !f.trial.signing && !f.trial.busy })
	if err := <-pages; err != nil {
		t.Fatalf("the browser: %v", err)
	}
	if f.trial.Account.Auth != account.Microsoft || !strings.Contains(f.trial.Secret, "the-refresh-token") {
		t.Fatalf("tried is %+v", f.trial.Account)
	}
	if got := shownIn(win); !strings.Contains(got, "Reach the server") || !strings.Contains(got, "It did not work") || !strings.Contains(got, "outage") || strings.Contains(got, "the-refresh-token") {
		t.Fatalf("shows %s", got)
	}
	press(t, win, "Keep it anyway")
	pump(func() bool { return !f.trial.busy && f.trial.done })
	if list, _, err := desk.List(); err != nil || len(list) != 1 || list[0].Auth != account.Microsoft || !strings.Contains(keyring.kept["anna@outlook.it"], "the-refresh-token") {
		t.Errorf("kept %+v, %v, %v", list, keyring.kept, err)
	}
}
