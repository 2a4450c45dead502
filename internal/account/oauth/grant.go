package oauth

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// Grant is what a person allowed: the refresh token, from which access tokens are had. It is the secret of an account
// and belongs into the vault, nowhere else.
type Grant struct {
	Provider string // Provider.ID
	Refresh  string
	access   token // of the sign-in itself, so that the first connection needs no further request
}

// token is an access token with the time it is good for.
type token struct {
	text   string
	issued time.Time
	lasts  time.Duration
}

// kept is a grant in the vault. The keys are short: Windows keeps 2,560 bytes
// (https://learn.microsoft.com/en-us/windows/win32/api/wincred/ns-wincred-credentialw, CRED_MAX_CREDENTIAL_BLOB_SIZE), and Microsoft's
// refresh tokens are about 1,500 long.
type kept struct {
	Provider string `json:"oauth"`
	Refresh  string `json:"r"`
}

// maxGrant bounds a grant in the vault, in bytes. Where it is longer than Windows takes, the vault splits it.
const maxGrant = 16 << 10

var errNoGrant = errors.New("not a sign-in")

// Encode gives the grant as the vault keeps it.
func (g Grant) Encode() string {
	// A struct of two strings always has a JSON form.
	text, _ := json.Marshal(kept{g.Provider, g.Refresh})
	return string(text)
}

// ParseGrant reads what Encode wrote. Its error never holds the text.
func ParseGrant(text string) (Grant, error) {
	var k kept
	if len(text) > maxGrant || json.Unmarshal([]byte(text), &k) != nil || k.Refresh == "" {
		return Grant{}, errNoGrant
	}
	if _, ok := ByID(k.Provider); !ok {
		return Grant{}, errNoGrant
	}
	return Grant{Provider: k.Provider, Refresh: k.Refresh}, nil
}

// A grant that is printed, whole or as part of something, shows no token.
var (
	_ fmt.Stringer   = Grant{}
	_ fmt.GoStringer = Grant{}
)

// String keeps a grant out of logs.
func (g Grant) String() string { return "grant of " + g.Provider }

// GoString keeps it out of %#v as well.
func (g Grant) GoString() string { return g.String() }
