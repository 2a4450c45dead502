package account

import (
	"slices"
	"strings"

	"rimbalzo/internal/provider"
)

// Suggestion is what is known of an address without asking anybody.
type Suggestion struct {
	Account Account
	// Name is the provider's name for people. Notes are what the person needs to know, by language: that an app password is
	// wanted, where reading over IMAP is switched on.
	Name             string
	NotesIt, NotesEn []string
	// SignIn says that the provider takes no password but a sign-in in the browser.
	SignIn bool
}

// In gives the notes in a language, "it" or "en".
func (s Suggestion) In(lang string) []string {
	if lang == "it" {
		return s.NotesIt
	}
	return s.NotesEn
}

// ForAddress makes the account of an address as far as the presets know its provider; known is false where they do not,
// and then the account lacks its servers.
func ForAddress(d *provider.Directory, address string) (s Suggestion, known bool) {
	at := strings.LastIndexByte(address, '@')
	local, domain := address[:max(at, 0)], strings.ToLower(address[at+1:])
	s.Account = Account{ID: local + "@" + domain, Address: local + "@" + domain, User: local + "@" + domain, Kind: IMAP, Auth: Password}
	if o, ok := d.OperatorOf(domain); ok {
		s.Account.Operator = o.ID
	}
	p, ok := d.PresetFor(domain)
	if !ok || p.IMAP == nil {
		return s, false
	}
	s.Account.IMAP = fromPreset(*p.IMAP)
	if p.SMTP != nil {
		s.Account.SMTP = fromPreset(*p.SMTP)
	}
	if p.User == "localpart" {
		s.Account.User = local
	}
	if p.Operator != "" {
		s.Account.Operator = p.Operator
	}
	s.Name, s.NotesIt, s.NotesEn = p.Name, p.NotesIt, p.NotesEn
	s.SignIn = len(p.Auth) > 0 && !slices.Contains(p.Auth, "password") && !slices.Contains(p.Auth, "app-password")
	return s, true
}

func fromPreset(e provider.Endpoint) Endpoint {
	security := TLS
	if e.TLS == "starttls" {
		security = StartTLS
	}
	return Endpoint{e.Host, e.Port, security}
}

// IsAddress reports whether a text is one plain mail address.
func IsAddress(text string) bool { return isAddress(text) }
