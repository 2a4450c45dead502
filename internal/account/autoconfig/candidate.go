// Package autoconfig finds a mail domain's servers by asking, where the presets do not know them: the domain itself and
// Mozilla's public list (https://benbucksch.github.io/autoconfig-spec/draft-ietf-mailmaint-autoconfig.html), then the names in
// its DNS (RFC 6186, RFC 8314). It is given a domain and never an address, so that it cannot tell one.
package autoconfig

import (
	"net/mail"
	"strings"
)

// Origin says who named the servers of a candidate, best first.
type Origin string

// The origins. What comes from the DNS alone is not signed by anybody: see [Candidate.Strange].
const (
	OriginDomain Origin = "domain" // the domain's own answer, over HTTPS
	OriginList   Origin = "list"   // Mozilla's public list, by the domain
	OriginPreset Origin = "preset" // the domain's mail is received by a provider that the program knows
	OriginHoster Origin = "hoster" // the same, by a provider that Mozilla's list or the provider itself tells of
	OriginSRV    Origin = "srv"    // the domain's DNS
)

// Candidate is one set of servers that somebody names for a domain. Every server in it is one that encrypts.
type Candidate struct {
	Origin Origin
	Source string // what was asked: an address, or a name in the DNS
	Name   string // what the provider calls itself, "" where it does not say; one line, at most 100 characters
	// Operator is the provider's id in internal/provider, "" where it is none of those; "google" and "microsoft" are also who
	// people sign in with.
	Operator string
	IMAP     []Server
	POP3     []Server
	SMTP     []Server
	// Strange are the servers outside the domain that nothing but unsigned DNS vouches for. The person is shown them and
	// has to say yes before anything is sent there (RFC 6186 section 6).
	Strange []string
}

// Server is one server of a candidate.
type Server struct {
	Host     string // a host name in ASCII
	Port     int
	Security string   // "tls" from the first byte, or "starttls"
	Auth     []string // "password" and "oauth2", in the order in which the provider prefers them; for SMTP also "none"
	user     string   // how the user name is made, with placeholders; "" where nobody says
}

// Login gives the user name for an address, made here: the address goes nowhere. It reports false where the provider's form
// cannot be filled from the address, and then the person has to type the name. Where no form is known it is the address.
func (s Server) Login(address string) (string, bool) {
	a, err := mail.ParseAddress(address)
	if err != nil {
		return "", false
	}
	if s.user == "" {
		return a.Address, true
	}
	at := strings.LastIndexByte(a.Address, '@')
	user := strings.NewReplacer(
		"%EMAILADDRESS%", a.Address, "%EMAILLOCALPART%", a.Address[:at], "%EMAILDOMAIN%", a.Address[at+1:],
	).Replace(s.user)
	if strings.Contains(user, "%") && !strings.Contains(a.Address, "%") {
		return "", false
	}
	return user, true
}

// strange lists the servers that lie outside the domain.
func (c *Candidate) strange(domain string) []string {
	var out []string
	seen := map[string]bool{}
	for _, list := range [][]Server{c.IMAP, c.POP3, c.SMTP} {
		for _, s := range list {
			if s.Host != domain && !strings.HasSuffix(s.Host, "."+domain) && !seen[s.Host] {
				seen[s.Host] = true
				out = append(out, s.Host)
			}
		}
	}
	return out
}

// empty reports whether a candidate has no server to read mail from.
func (c *Candidate) empty() bool { return len(c.IMAP)+len(c.POP3) == 0 }
