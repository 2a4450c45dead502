package session

import (
	"slices"
	"strconv"
	"strings"

	"rimbalzo/app/accounts"
	"rimbalzo/internal/account"
	"rimbalzo/internal/provider"
)

// Account is what the person typed on the page for a mail account.
type Account struct {
	Address  string
	User     string // "" for the address
	Server   string
	Port     string // "" for the usual one
	STARTTLS bool
	CA       string // certificates of a private authority as PEM; "" for the system's

	suggested string            // the server that was filled in
	found     account.Endpoint  // where others named the server: their submission server
	operator  string            // and who runs it
	signIn    map[string]bool   // domains whose servers want a sign-in, as others say
	about     map[string]string // what others said, by domain
}

// Ways are the ways into an address's mailbox.
type Ways struct {
	Notes []string // what the provider's customers need to know
	Known bool     // its servers are known without asking anybody
	// Password says that a password does, or one made for the purpose.
	Password bool
	// SignIn is the id of the provider that people sign in with in the browser; "" for none.
	SignIn string
}

// Ways says how the mailbox of the typed address can be read, in a language.
func (a *Account) Ways(lang string) Ways {
	address := strings.TrimSpace(a.Address)
	s, known := account.ForAddress(provider.Builtin(), address)
	w := Ways{Known: known, Password: !s.SignIn}
	if known {
		w.Notes = s.In(lang)
	}
	operator := s.Account.Operator
	if operator == "" {
		operator = a.operator
	}
	domain := strings.ToLower(accounts.Domain(address))
	if a.signIn[domain] {
		w.Password = false
	}
	if said := a.about[domain]; said != "" {
		w.Notes = append(slices.Clone(w.Notes), said)
	}
	if slices.Contains([]string{account.Google, account.Microsoft}, operator) {
		w.SignIn = operator
	}
	return w
}

// Suggest fills in what is known of the address's provider, over an earlier suggestion but never over what the person typed.
// It reports whether anything changed.
func (a *Account) Suggest() (changed bool) {
	s, known := account.ForAddress(provider.Builtin(), strings.TrimSpace(a.Address))
	if !known || (a.Server != "" && a.Server != a.suggested) {
		return false
	}
	before := *a
	a.fill(s.Account)
	return before.Server != a.Server || before.Port != a.Port || before.User != a.User || before.STARTTLS != a.STARTTLS
}

// fill shows an account's server in the fields.
func (a *Account) fill(acc account.Account) {
	a.Server, a.suggested = acc.IMAP.Host, acc.IMAP.Host
	a.STARTTLS = acc.IMAP.Security == account.StartTLS
	if a.Port = strconv.Itoa(acc.IMAP.Port); a.Port == a.UsualPort() {
		a.Port = ""
	}
	if a.User = acc.User; strings.EqualFold(acc.User, acc.Address) {
		a.User = ""
	}
}

// Take fills in what others said of the address's servers; said is that in words.
func (a *Account) Take(acc account.Account, signIn bool, said string) {
	a.fill(acc)
	a.found, a.operator = acc.SMTP, acc.Operator
	domain := strings.ToLower(accounts.Domain(acc.Address))
	a.signIn, a.about = map[string]bool{domain: signIn}, map[string]string{domain: said}
}

// Complete refuses an address that is none.
func (a *Account) Complete() error {
	if !account.IsAddress(strings.TrimSpace(a.Address)) {
		return &Refusal{ID: "window.refused.address"}
	}
	return nil
}

// NeedsServer reports whether nobody has said yet where the mail of the address is.
func (a *Account) NeedsServer() bool {
	return strings.TrimSpace(a.Server) == ""
}

// Account makes an account of what was typed; the error is a *Refusal. sure says that the name of its server is one that the
// program knows.
func (a *Account) Account() (acc account.Account, sure bool, err error) {
	if err := a.Complete(); err != nil {
		return acc, false, err
	}
	s, known := account.ForAddress(provider.Builtin(), strings.TrimSpace(a.Address))
	acc = s.Account
	server, user, port := strings.Trim(strings.TrimSpace(a.Server), "[]"), strings.TrimSpace(a.User), strings.TrimSpace(a.Port)
	if server == "" || strings.ContainsAny(server, " /@") {
		return acc, false, &Refusal{ID: "window.refused.server"}
	}
	if port == "" {
		port = a.UsualPort()
	}
	n, err := strconv.Atoi(port)
	if err != nil || n < 1 || n > 65535 {
		return acc, false, &Refusal{ID: "window.refused.port"}
	}
	if _, err := ReadAuthorities(a.CA); err != nil {
		return acc, false, err
	}
	acc.CA = lined(a.CA)
	if sure = known && server == acc.IMAP.Host; !sure {
		acc.SMTP = account.Endpoint{}
	}
	if server == a.suggested && !known {
		acc.SMTP = a.found
		if acc.Operator == "" {
			acc.Operator = a.operator
		}
	}
	acc.IMAP = account.Endpoint{Host: server, Port: n, Security: account.TLS}
	if a.STARTTLS {
		acc.IMAP.Security = account.StartTLS
	}
	if user != "" {
		acc.User = user
	} else if !sure {
		acc.User = acc.Address
	}
	return acc, sure, nil
}

// UsualPort is the port that servers use for the account's kind of connection (RFC 8314 section 3.2, RFC 9051 section 2.1).
func (a *Account) UsualPort() string {
	if a.STARTTLS {
		return "143"
	}
	return "993"
}
