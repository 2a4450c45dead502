package autoconfig

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"
)

const (
	// findTime bounds the whole search, fetchTime one answer.
	findTime  = 30 * time.Second
	fetchTime = 10 * time.Second
	// maxRedirects is how often an answer may lie elsewhere.
	maxRedirects = 3
)

var (
	errFindTime = errors.New("the search took too long")
	errAbsent   = errors.New("it does not know this domain")
	errRedirect = errors.New("the answer lies where it is not looked for")
)

// Client is how the world is asked. The zero Client uses the system's network, resolver and authorities; tests hand in theirs.
type Client struct {
	Dial     func(ctx context.Context, network, address string) (net.Conn, error)
	Roots    *x509.CertPool
	Resolver Resolver
}

func (c Client) resolver() Resolver {
	if c.Resolver == nil {
		return net.DefaultResolver
	}
	return c.Resolver
}

// http gives a client that speaks HTTPS only, keeps no cookies, and follows few redirects.
func (c Client) http() *http.Client {
	transport := &http.Transport{
		Proxy: http.ProxyFromEnvironment, DialContext: c.Dial, TLSClientConfig: &tls.Config{RootCAs: c.Roots, MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout: fetchTime, MaxResponseHeaderBytes: 64 << 10, ForceAttemptHTTP2: true,
	}
	return &http.Client{Transport: transport, Timeout: fetchTime, CheckRedirect: redirect}
}

// redirect lets an answer lie on another host, over HTTPS, at the usual port: an answer must not make the program knock at
// other doors, of the person's own network for one.
func redirect(r *http.Request, via []*http.Request) error {
	if len(via) > maxRedirects {
		return fmt.Errorf("%w: more than %d redirects", errRedirect, maxRedirects)
	}
	return plainAddress(r.URL)
}

func plainAddress(u *url.URL) error {
	if u.Scheme != "https" || u.User != nil || (u.Port() != "" && u.Port() != "443") {
		return fmt.Errorf("%w: not plain HTTPS", errRedirect)
	}
	if _, ok := hostName(u.Hostname()); !ok {
		return fmt.Errorf("%w: not a host name", errRedirect)
	}
	return nil
}

// ask fetches and reads one answer.
func ask(ctx context.Context, client *http.Client, q question) (Candidate, error) {
	text, err := fetch(ctx, client, q.url)
	if err != nil {
		return Candidate{}, fmt.Errorf("ask %s: %w", q.url, err)
	}
	c, err := parse(text, q.domain)
	if err != nil {
		return Candidate{}, fmt.Errorf("answer of %s: %w", q.url, err)
	}
	c.Origin, c.Source = q.origin, q.url
	return c, nil
}

func fetch(ctx context.Context, client *http.Client, address string) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return nil, err
	}
	// Said to nobody: which program, version or system asks.
	r.Header.Set("User-Agent", "")
	r.Header.Set("Accept", "text/xml, application/xml")
	answer, err := client.Do(r)
	if err != nil {
		var request *url.Error
		if errors.As(err, &request) {
			err = request.Err // the address is told by the caller
		}
		return nil, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%w (%d)", errAbsent, answer.StatusCode)
	}
	return io.ReadAll(io.LimitReader(answer.Body, maxFile+1))
}
