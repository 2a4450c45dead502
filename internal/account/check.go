package account

import (
	"crypto/x509"
	"net"
	"net/mail"
	"path/filepath"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/net/idna"
)

// roles are what a local path may be said to hold, as in internal/mailbox.
var roles = []string{"", "inbox", "junk", "sent", "trash", "all", "archive", "other"}

// fault says what is wrong with an account beside those that are there already: the key, the rule of the sentence and its
// arguments; "" for nothing.
func fault(a Account, beside []Account) (key, rule string, args []any) {
	for _, f := range []struct{ key, value string }{
		{"id", a.ID}, {"address", a.Address}, {"user", a.User}, {"operator", a.Operator}, {"auth", a.Auth},
	} {
		switch {
		case len(f.value) > maxText:
			return f.key, "too-long", []any{"Limit", maxText}
		case strings.ContainsFunc(f.value, hidden):
			return f.key, "hidden", nil
		}
	}
	switch {
	case a.ID == "":
		return "id", "missing", nil
	case strings.ContainsFunc(a.ID, unicode.IsSpace):
		return "id", "space", nil
	case slices.ContainsFunc(beside, func(b Account) bool { return sameID(a.ID, b.ID) }):
		return "id", "twice", []any{"Value", a.ID}
	case a.Address != "" && !isAddress(a.Address):
		return "address", "bad-address", []any{"Value", a.Address}
	case len(a.CA) > maxCA:
		return "ca", "too-long", []any{"Limit", maxCA}
	case a.CA != "" && !x509.NewCertPool().AppendCertsFromPEM([]byte(a.CA)):
		return "ca", "bad-ca", nil
	}
	if key, rule, args := listFault(a); rule != "" {
		return key, rule, args
	}
	return kindFault(a)
}

// kindFault looks at what each kind of account must have and may not have.
func kindFault(a Account) (key, rule string, args []any) {
	for _, e := range []struct {
		key string
		Endpoint
		needed bool
	}{{"imap", a.IMAP, a.Kind == IMAP}, {"smtp", a.SMTP, false}} {
		if e.Endpoint != (Endpoint{}) || e.needed {
			if rule, args := e.fault(); rule != "" {
				return e.key, rule, args
			}
		}
	}
	switch a.Kind {
	case IMAP:
		switch {
		case a.User == "":
			return "user", "missing", nil
		case !slices.Contains([]string{Password, Google, Microsoft}, a.Auth):
			return "auth", "bad-auth", []any{"Value", a.Auth}
		}
	case Local:
		if len(a.Paths) == 0 {
			return "paths", "missing", nil
		}
	case Watched:
		if a.Operator == "" && a.IMAP == (Endpoint{}) && a.SMTP == (Endpoint{}) {
			return "operator", "missing", nil
		}
	default:
		return "kind", "bad-kind", []any{"Value", string(a.Kind)}
	}
	return "", "", nil
}

// listFault looks at folders and paths.
func listFault(a Account) (key, rule string, args []any) {
	if len(a.Folders) > maxList || len(a.Paths) > maxList {
		return "folders", "too-many-entries", []any{"Limit", maxList}
	}
	for _, f := range a.Folders {
		if f == "" || len(f) > maxText || strings.ContainsFunc(f, hidden) {
			return "folders", "bad-folder", []any{"Value", f}
		}
	}
	if len(a.Sent) > maxText || strings.ContainsFunc(a.Sent, hidden) {
		return "sent", "bad-folder", []any{"Value", a.Sent}
	}
	for _, p := range a.Paths {
		switch {
		case p.Path == "" || len(p.Path) > 4*maxText || strings.ContainsRune(p.Path, 0) || !filepath.IsAbs(p.Path):
			return "paths", "bad-path", []any{"Value", p.Path}
		case !slices.Contains(roles, p.Role):
			return "paths", "bad-role", []any{"Value", p.Role}
		}
	}
	return "", "", nil
}

func (e Endpoint) fault() (rule string, args []any) {
	switch {
	case !isHost(e.Host):
		return "bad-host", []any{"Value", e.Host}
	case e.Port < 1 || e.Port > 65535:
		return "bad-port", nil
	case e.Security != TLS && e.Security != StartTLS:
		return "bad-security", []any{"Value", e.Security}
	}
	return "", nil
}

// hidden reports a character that cannot be seen, and that could make a name look like another one.
func hidden(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) }

// isHost reports whether a text is an IP address or a name that can be looked up (RFC 1035, RFC 5891).
func isHost(s string) bool {
	if net.ParseIP(s) != nil {
		return true
	}
	ascii, err := idna.Lookup.ToASCII(s)
	return err == nil && ascii != "" && len(ascii) <= 253
}

// isAddress reports whether a text is one plain address (RFC 5321 section 4.1.2) and no more.
func isAddress(s string) bool {
	a, err := mail.ParseAddress(s)
	if err != nil || a.Name != "" || a.Address != s {
		return false
	}
	return isHost(s[strings.LastIndexByte(s, '@')+1:])
}

// sameID reports whether two names are one: nobody should have to know in which case he wrote it.
func sameID(a, b string) bool { return strings.EqualFold(a, b) }
