package session

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"rimbalzo/internal/account"
)

func TestTypedAccount(t *testing.T) {
	for name, tc := range map[string]struct {
		typed Account
		want  string // user, server and security, and whether the server is known; or the id of what is wrong
	}{
		"known":               {Account{Address: " Anna@Libero.it "}, "Anna@libero.it imapmail.libero.it:993 tls true smtp italiaonline"},
		"known, STARTTLS":     {Account{Address: "anna@tim.it"}, "anna@tim.it imap.tim.it:143 starttls true smtp tim"},
		"another name":        {Account{Address: "anna@icloud.com"}, "anna imap.mail.me.com:993 tls true smtp apple"},
		"typed":               {Account{Address: "anna@studio.example", Server: "mail.studio.example"}, "anna@studio.example mail.studio.example:993 tls false  "},
		"a user and a port":   {Account{Address: "anna@studio.example", Server: "mail.studio.example", User: "anna", Port: "1993", STARTTLS: true}, "anna mail.studio.example:1993 starttls false  "},
		"known, other server": {Account{Address: "anna@libero.it", Server: "mail.studio.example"}, "anna@libero.it mail.studio.example:993 tls false  italiaonline"},
		"an IPv6 server":      {Account{Address: "anna@studio.example", Server: "[::1]"}, "anna@studio.example ::1:993 tls false  "},
		"no address":          {Account{}, "window.refused.address"},
		"half an address":     {Account{Address: "anna@"}, "window.refused.address"},
		"two addresses":       {Account{Address: "a@studio.example,b@studio.example"}, "window.refused.address"},
		"no server":           {Account{Address: "anna@studio.example", Server: " "}, "window.refused.server"},
		"a URL for a server":  {Account{Address: "anna@studio.example", Server: "https://libero.it/"}, "window.refused.server"},
		"a port out of range": {Account{Address: "anna@libero.it", Port: "70000", Server: "x.example"}, "window.refused.port"},
		"a word for a port":   {Account{Address: "anna@libero.it", Port: "imap", Server: "x.example"}, "window.refused.port"},
	} {
		t.Run(name, func(t *testing.T) {
			a := tc.typed
			if a.Server == "" {
				a.Suggest()
			}
			acc, sure, err := a.Account()
			var got string
			var refusal *Refusal
			if errors.As(err, &refusal) {
				got = refusal.ID
			} else {
				smtp := ""
				if acc.SMTP.Host != "" {
					smtp = "smtp"
				}
				got = fmt.Sprintf("%s %s:%d %s %v %s %s", acc.User, acc.IMAP.Host, acc.IMAP.Port, acc.IMAP.Security, sure, smtp, acc.Operator)
			}
			if got != tc.want {
				t.Errorf("gives %q (%v), want %q", got, err, tc.want)
			}
		})
	}
}

func TestSuggest(t *testing.T) {
	var a Account
	for _, tc := range []struct {
		address, server, user string
		starttls              bool
	}{
		{"anna@libero.it", "imapmail.libero.it", "", false}, {"anna@icloud.com", "imap.mail.me.com", "anna", false}, {"anna@tim.it", "imap.tim.it", "", true},
	} {
		a.Address = tc.address
		if changed := a.Suggest(); !changed || a.Server != tc.server || a.Port != "" || a.User != tc.user || a.STARTTLS != tc.starttls {
			t.Errorf("%s gave %+v", tc.address, a)
		}
	}
	a.Server, a.Address = "mail.mine.example", "anna@libero.it"
	if changed := a.Suggest(); changed || a.Server != "mail.mine.example" {
		t.Errorf("a typed server was overwritten: %+v", a)
	}
	if changed := (&Account{Address: "anna@unknown.example"}).Suggest(); changed {
		t.Error("an unknown provider changed something")
	}
}

// TestWays: who takes a password, who wants a sign-in, and what its customers need to know.
func TestWays(t *testing.T) {
	for address, want := range map[string]Ways{
		"anna@libero.it":      {Known: true, Password: true},
		"anna@gmail.com":      {Known: true, Password: true, SignIn: account.Google},
		"anna@outlook.it":     {Known: true, SignIn: account.Microsoft},
		"anna@studio.example": {Password: true},
	} {
		a := Account{Address: address}
		got := a.Ways("it")
		if got.Known != want.Known || got.Password != want.Password || got.SignIn != want.SignIn || (len(got.Notes) > 0) != want.Known {
			t.Errorf("%s: %+v", address, got)
		}
	}
	a := Account{Address: "anna@studio.example"}
	a.Take(account.Account{Address: "anna@studio.example", IMAP: account.Endpoint{Host: "outlook.office365.com", Port: 993, Security: account.TLS}, Operator: account.Microsoft}, true, "Somebody says so.")
	if got := a.Ways("en"); got.Password || got.SignIn != account.Microsoft || !strings.Contains(strings.Join(got.Notes, " "), "Somebody") {
		t.Errorf("servers found that want a sign-in: %+v", got)
	}
	if acc, sure, err := a.Account(); err != nil || sure || acc.Operator != account.Microsoft || acc.IMAP.Host != "outlook.office365.com" {
		t.Errorf("it becomes %+v, %v, %v", acc, sure, err)
	}
}
