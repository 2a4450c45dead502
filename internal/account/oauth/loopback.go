package oauth

import (
	"context"
	"crypto/subtle"
	_ "embed"
	"fmt"
	"html/template"
	"net"
	"net/http"
	"net/url"
	"sync"
	"time"

	"rimbalzo/internal/words"
)

//go:embed page.html
var pageFile string

// loopback waits on a port of this computer for the browser to come back.
type loopback struct {
	address  string // "http://127.0.0.1:PORT", as the provider is told; never a name, which others could claim (RFC 8252 section 8.3)
	host     string
	state    string
	provider Provider
	words    *words.Words
	page     *template.Template
	server   *http.Server
	served   chan struct{} // closed when the server ended
	once     sync.Once
	returned chan returned
}

// returned is what the browser brought back.
type returned struct {
	code string
	err  error
}

// maxCode bounds an authorization code, in bytes.
const maxCode = 8 << 10

func listen(state string, p Provider, w *words.Words) (*loopback, error) {
	page, err := template.New("page").Parse(pageFile)
	if err != nil {
		return nil, fmt.Errorf("read the page for the browser: %w", err)
	}
	port, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("wait for the browser on a port of this computer: %w", err)
	}
	host := port.Addr().String()
	l := &loopback{
		address: "http://" + host, host: host, state: state, provider: p, words: w, page: page,
		served: make(chan struct{}), returned: make(chan returned, 1),
	}
	l.server = &http.Server{Handler: l, ReadTimeout: 10 * time.Second, WriteTimeout: 10 * time.Second, MaxHeaderBytes: 64 << 10}
	l.server.SetKeepAlivesEnabled(false)
	go func() {
		defer close(l.served)
		_ = l.server.Serve(port) // ends with close, and there is nobody to tell
	}()
	return l, nil
}

// close stops waiting; a page on its way to the browser gets a moment to arrive.
func (l *loopback) close() {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	if l.server.Shutdown(ctx) != nil {
		_ = l.server.Close()
	}
	<-l.served
}

// ServeHTTP takes the browser's return. Whoever does not know the state is turned away and nothing ends: any program on
// this computer can knock here, and any page in the browser can.
func (l *loopback) ServeHTTP(out http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	switch {
	case r.Host != l.host, r.URL.Path != "/", r.Method != http.MethodGet:
		http.NotFound(out, r)
		return
	case subtle.ConstantTimeCompare([]byte(query.Get("state")), []byte(l.state)) != 1:
		l.show(out, http.StatusBadRequest, "oauth.page.stray")
		return
	}
	back := l.read(query)
	said := "oauth.page.done"
	if back.err != nil {
		said = "oauth.page.not-done"
	}
	l.show(out, http.StatusOK, said)
	l.once.Do(func() { l.returned <- back })
}

// read takes the answer out of the address (RFC 6749 section 4.1.2).
func (l *loopback) read(query url.Values) returned {
	if code := query.Get("error"); code != "" {
		return returned{err: denied(l.provider, code)}
	}
	code := query.Get("code")
	if code == "" || len(code) > maxCode {
		return returned{err: &Error{Provider: l.provider.Name, Kind: "garbled"}}
	}
	return returned{code: code}
}

// show writes the page. Its address holds the code: it is not stored, and told to no other page.
func (l *loopback) show(out http.ResponseWriter, status int, said string) {
	head := out.Header()
	head.Set("Content-Type", "text/html; charset=utf-8")
	head.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
	head.Set("Referrer-Policy", "no-referrer")
	head.Set("Cache-Control", "no-store")
	head.Set("X-Content-Type-Options", "nosniff")
	out.WriteHeader(status)
	// A browser that went away does not need the page.
	_ = l.page.Execute(out, map[string]string{
		"Lang": l.words.Lang(), "Title": l.words.T("oauth.page.title"), "Text": l.words.T(said, "Provider", l.provider.Name),
	})
}
