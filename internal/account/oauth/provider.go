// Package oauth signs a person in at Google or Microsoft in the system's browser, and keeps the access tokens coming
// that their mail servers ask for instead of a password (RFC 6749; RFC 8252 for programs like this one; RFC 7636).
package oauth

import (
	_ "embed"
	"net/http"
	"sync"

	"github.com/BurntSushi/toml"
	"golang.org/x/oauth2"
)

//go:embed providers.toml
var providersFile string

// Provider is one company at which people sign in.
type Provider struct {
	ID        string            `toml:"id"`   // "google" or "microsoft"
	Name      string            `toml:"name"` // as people know it
	Authorize string            `toml:"authorize"`
	Token     string            `toml:"token"`
	Scopes    []string          `toml:"scopes"`
	Offline   map[string]string `toml:"offline"` // what is added to the address of the sign-in page
	Sources   []string          `toml:"sources"`
}

// ByID gives a provider by its id, as an account's Auth names it.
func ByID(id string) (Provider, bool) {
	for _, p := range providers() {
		if p.ID == id {
			return p, true
		}
	}
	return Provider{}, false
}

// The file is part of the program and a test loads it; were it broken, nobody could sign in and a password would do.
var providers = sync.OnceValue(func() []Provider {
	var file struct {
		Provider []Provider `toml:"provider"`
	}
	if _, err := toml.Decode(providersFile, &file); err != nil {
		return nil
	}
	return file.Provider
})

// Client is how the program is known at a provider.
type Client struct {
	// ID is the client id. Secret is what Google hands out beside it for desktop programs and wants to see again; it is
	// no secret there (https://developers.google.com/identity/protocols/oauth2: "not treated as a secret"). Microsoft has none.
	ID, Secret string
	// HTTP makes the requests; nil for one that goes to the network. Tests hand in their own.
	HTTP *http.Client
}

// config is what x/oauth2 wants to know.
func (c Client) config(p Provider, redirect string) *oauth2.Config {
	return &oauth2.Config{
		ClientID: c.ID, ClientSecret: c.Secret, RedirectURL: redirect, Scopes: p.Scopes,
		// The style is fixed: finding it out would send the code twice, and a code works once.
		Endpoint: oauth2.Endpoint{AuthURL: p.Authorize, TokenURL: p.Token, AuthStyle: oauth2.AuthStyleInParams},
	}
}

// http gives the client for requests to the token endpoint. It follows no redirect: the secret in the request is for
// that endpoint alone.
func (c Client) http() *http.Client {
	client := http.Client{}
	if c.HTTP != nil {
		client = *c.HTTP
	}
	client.Timeout = exchangeTime
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &client
}
