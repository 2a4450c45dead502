package autoconfig

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode"
)

func server(kind, inner string) string {
	element := "incomingServer"
	if kind == "smtp" {
		element = "outgoingServer"
	}
	return `<` + element + ` type="` + kind + `">` + inner + `</` + element + `>`
}

func around(inner string) string {
	return `<clientConfig version="1.1"><emailProvider id="x"><displayName>X</displayName>` + inner + `</emailProvider></clientConfig>`
}

func parts(host, port, socket, user, auth string) string {
	return `<hostname>` + host + `</hostname><port>` + port + `</port><socketType>` + socket + `</socketType><username>` + user +
		`</username><authentication>` + auth + `</authentication>`
}

func TestParse(t *testing.T) {
	const h = "mail.studio.example"
	fine := server("imap", parts(h, "993", "SSL", "%EMAILADDRESS%", "password-cleartext"))
	for name, tc := range map[string]struct {
		text string
		want string // of every server: kind host:port/security auth…; "" for an error
	}{
		"plain":     {around(fine), "imap " + h + ":993/tls [password]"},
		"a prolog":  {`<?xml version="1.0" encoding="utf-8"?>` + "\n<!-- hello -->" + around(fine), "imap " + h + ":993/tls [password]"},
		"Latin-1":   {"<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>" + strings.Replace(around(fine), ">X<", ">Citt\xe0<", 1), "imap " + h + ":993/tls [password]"},
		"all kinds": {around(fine + server("pop3", parts(h, "995", "SSL", "x", "plain")) + server("smtp", parts(h, "587", "STARTTLS", "x", "none"))), "imap " + h + ":993/tls [password]; pop3 " + h + ":995/tls [password]; smtp " + h + ":587/starttls [none]"},
		"two ways to log in": {
			around(server("imap", parts(h, "993", "SSL", "x", "OAuth2</authentication><authentication>password-cleartext</authentication><authentication>GSSAPI"))),
			"imap " + h + ":993/tls [oauth2 password]",
		},
		"hashed passwords":     {around(server("imap", parts(h, "143", "STARTTLS", "x", "password-encrypted"))), "imap " + h + ":143/starttls [password]"},
		"plain text left out":  {around(server("imap", parts(h, "143", "plain", "x", "password-cleartext")) + fine), "imap " + h + ":993/tls [password]"},
		"only plain text":      {around(server("imap", parts(h, "143", "plain", "x", "password-cleartext"))), ""},
		"only Kerberos":        {around(server("imap", parts(h, "993", "SSL", "x", "GSSAPI"))), ""},
		"Exchange beside it":   {around(server("exchange", parts(h, "443", "SSL", "x", "OAuth2")) + fine), "imap " + h + ":993/tls [password]"},
		"only Exchange":        {around(server("exchange", parts(h, "443", "SSL", "x", "OAuth2"))), ""},
		"the domain in it":     {around(server("imap", parts("imap.%EMAILDOMAIN%", "993", "SSL", "x", "plain"))), "imap imap.studio.example:993/tls [password]"},
		"a host in figures":    {around(server("imap", parts("10.0.0.1", "993", "SSL", "x", "plain"))), ""},
		"localhost":            {around(server("imap", parts("localhost", "993", "SSL", "x", "plain"))), ""},
		"a host with a path":   {around(server("imap", parts("a.test/x", "993", "SSL", "x", "plain"))), ""},
		"the address in it":    {around(server("imap", parts("%EMAILADDRESS%.test", "993", "SSL", "x", "plain"))), ""},
		"port 0":               {around(server("imap", parts(h, "0", "SSL", "x", "plain"))), ""},
		"port 70000":           {around(server("imap", parts(h, "70000", "SSL", "x", "plain"))), ""},
		"port in words":        {around(server("imap", parts(h, "nine", "SSL", "x", "plain"))), ""},
		"a user of two lines":  {around(server("imap", parts(h, "993", "SSL", "x&#10;y", "plain"))), ""},
		"a huge user":          {around(server("imap", parts(h, "993", "SSL", strings.Repeat("x", 5000), "plain"))), ""},
		"no provider":          {`<clientConfig version="1.1"></clientConfig>`, ""},
		"another format":       {`<Autodiscover></Autodiscover>`, ""},
		"a web page":           {`<!DOCTYPE html><html><body>Welcome</body></html>`, ""},
		"nothing":              {"", ""},
		"an entity of its own": {`<!DOCTYPE x [<!ENTITY a "mail.studio.example">]>` + around(strings.Replace(fine, h, "&a;", 1)), ""},
		"an unknown entity":    {around(strings.Replace(fine, h, "&a;", 1)), ""},
		"a billion laughs": {
			`<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]><x>&c;</x>`, "",
		},
		"a file of the person's": {`<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>` + around("<displayName>&a;</displayName>"+fine), ""},
		"deep":                   {strings.Repeat("<a>", 20_000), ""},
		"deep and closed":        {around(strings.Repeat("<a>", 30) + strings.Repeat("</a>", 30) + fine), ""},
		"many parts":             {around(strings.Repeat("<a/>", 6000) + fine), ""},
		"long":                   {around(fine + "<!--" + strings.Repeat("x", maxFile) + "-->"), ""},
		"an odd encoding":        {`<?xml version="1.0" encoding="UTF-7"?>` + around(fine), ""},
		"cut":                    {around(fine)[:200], ""},
	} {
		t.Run(name, func(t *testing.T) {
			c, err := parse([]byte(tc.text), "studio.example")
			var got []string
			for _, list := range []struct {
				kind    string
				servers []Server
			}{{"imap", c.IMAP}, {"pop3", c.POP3}, {"smtp", c.SMTP}} {
				for _, s := range list.servers {
					got = append(got, fmt.Sprintf("%s %s:%d/%s %v", list.kind, s.Host, s.Port, s.Security, s.Auth))
				}
			}
			if strings.Join(got, "; ") != tc.want || (err == nil) != (tc.want != "") {
				t.Errorf("%q, %v; want %q", got, err, tc.want)
			}
			if name == "Latin-1" && c.Name != "Città" {
				t.Errorf("called %q", c.Name)
			}
		})
	}
	many, err := parse([]byte(around(strings.Repeat(fine, 100))), "studio.example")
	if err != nil || len(many.IMAP) != maxServers {
		t.Errorf("%d servers, %v", len(many.IMAP), err)
	}
	if _, err := parse([]byte(`<!DOCTYPE x>`+around(fine)), "studio.example"); !errors.Is(err, errHostile) {
		t.Errorf("a document type: %v", err)
	}
}

func TestLogin(t *testing.T) {
	for user, want := range map[string]string{
		"%EMAILADDRESS%": "maria.rossi@studio.example", "%EMAILLOCALPART%": "maria.rossi", "%EMAILLOCALPART%.%EMAILDOMAIN%": "maria.rossi.studio.example",
		"%EMAILDOMAIN%\\%EMAILLOCALPART%": "studio.example\\maria.rossi", "": "maria.rossi@studio.example", "fixed": "fixed", "%OWN%": "", "%REALNAME%": "",
	} {
		got, ok := Server{user: user}.Login("Maria Rossi <maria.rossi@studio.example>")
		if got != want || ok != (want != "") {
			t.Errorf("%q becomes %q, want %q", user, got, want)
		}
	}
	if got, ok := (Server{}).Login("no address"); ok {
		t.Errorf("no address becomes %q", got)
	}
}

// FuzzParse holds the reader of files from outside to end in servers that encrypt, on names that can be certified.
func FuzzParse(f *testing.F) {
	f.Add([]byte(config("mail.studio.example")))
	f.Add([]byte(around(server("pop3", parts("imap.%EMAILDOMAIN%", "995", "SSL", "%OTHER%", "OAuth2")))))
	f.Add([]byte("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><clientConfig>\xe0</clientConfig>"))
	f.Add([]byte(`<!DOCTYPE x [<!ENTITY a "b">]><clientConfig>&a;</clientConfig>`))
	f.Fuzz(func(t *testing.T, text []byte) {
		c, err := parse(text, "studio.example")
		if err != nil {
			return
		}
		if c.empty() || len([]rune(c.Name)) > maxName || strings.ContainsFunc(c.Name, unicode.IsControl) {
			t.Errorf("%+v", c)
		}
		for _, list := range [][]Server{c.IMAP, c.POP3, c.SMTP} {
			for _, s := range list {
				name, ok := hostName(s.Host)
				if !ok || name != s.Host || s.Port < 1 || s.Port > 65535 || (s.Security != "tls" && s.Security != "starttls") || len(s.Auth) == 0 {
					t.Errorf("%+v", s)
				}
				if user, ok := s.Login("maria@studio.example"); ok && strings.ContainsAny(user, "\r\n%\x00") {
					t.Errorf("user %q", user)
				}
			}
		}
	})
}
