package mailbox

import (
	"errors"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"golang.org/x/net/idna"
)

// account is where an IMAP URL leads.
type account struct {
	host     string // ASCII, for DNS and the certificate
	port     string
	user     string
	implicit bool // TLS from the start
}

var (
	errURL         = errors.New("not of the form imaps://user@host:port")
	errURLPassword = errors.New("it holds a password")
)

// parseURL reads the IMAP URL of an account (RFC 5092, of which only server and user are taken). Errors never hold the URL:
// it may have a password in it.
func parseURL(raw string) (account, error) {
	a, err := parseEndpoint(raw)
	if err == nil && a.user == "" {
		err = &Error{Stage: StageURL, Kind: KindURL, Err: errURL}
	}
	if err != nil {
		return account{}, err
	}
	return a, nil
}

// parseEndpoint reads the same where there may be no user.
func parseEndpoint(raw string) (account, error) {
	u, err := url.Parse(raw)
	if err != nil || strings.Trim(u.Path, "/") != "" {
		return account{}, &Error{Stage: StageURL, Kind: KindURL, Err: errURL}
	}
	if _, has := u.User.Password(); has {
		return account{}, &Error{Stage: StageURL, Kind: KindURLPassword, Err: errURLPassword}
	}
	a := account{user: u.User.Username(), host: u.Hostname(), port: u.Port()}
	switch strings.ToLower(u.Scheme) {
	case "imaps":
		a.implicit = true
		a.port = orPort(a.port, tlsPort)
	case "imap":
		a.port = orPort(a.port, "143")
	default:
		return account{}, &Error{Stage: StageURL, Kind: KindURL, Err: errURL}
	}
	if _, err := netip.ParseAddr(a.host); err != nil {
		if a.host, err = idna.Lookup.ToASCII(a.host); err != nil {
			return account{}, &Error{Stage: StageURL, Kind: KindURL, Err: errURL}
		}
	}
	if port, err := strconv.Atoi(a.port); err != nil || port < 1 || port > 65535 || a.host == "" || strings.HasPrefix(a.host, ".") || strings.Contains(a.host, "..") {
		return account{}, &Error{Stage: StageURL, Kind: KindURL, Err: errURL}
	}
	return a, nil
}

// tlsPort is where TLS comes first (RFC 8314 section 3.2).
const tlsPort = "993"

func orPort(port, standard string) string {
	if port == "" {
		return standard
	}
	return port
}

// address is host and port, as dialled and as shown.
func (a account) address() string { return net.JoinHostPort(a.host, a.port) }

// addresses are the account's own as far as the user name tells.
func (a account) addresses() []string {
	if !strings.Contains(a.user, "@") {
		return nil
	}
	return []string{strings.ToLower(a.user)}
}
