package mailbox

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"
)

func TestIMAPErrors(t *testing.T) {
	a, stranger := newAuthority(t), newAuthority(t)
	good := a.good(t)
	old := a.good(t)
	old.MaxVersion = tls.VersionTLS11
	login := func(answer string) func(io.Writer, string, string) bool {
		plain := ordinary(0, nil)
		return func(w io.Writer, tag, line string) bool {
			if !strings.HasPrefix(line, "LOGIN") {
				return plain(w, tag, line)
			}
			if answer == "" {
				return false
			}
			_, err := io.WriteString(w, strings.ReplaceAll(answer, "TAG", tag))
			return err == nil
		}
	}
	const hello = "* OK hello\r\n"
	for name, c := range map[string]struct {
		script
		kind   string
		asked  bool // for the password
		server string
	}{
		"no STARTTLS":            {script{greeting: hello, plain: true, answer: refuseStartTLS}, "no-starttls", false, "BAD what?"},
		"PREAUTH in clear text":  {script{greeting: "* PREAUTH come in\r\n", plain: true, answer: refuseStartTLS}, "preauth-clear", false, ""},
		"another host":           {script{greeting: hello, tls: a.issue(t, "other.example", time.Now().Add(time.Hour))}, "cert-host", false, ""},
		"another host, STARTTLS": {script{greeting: hello, plain: true, tls: a.issue(t, "other.example", time.Now().Add(time.Hour))}, "cert-host", false, ""},
		"expired":                {script{greeting: hello, tls: a.issue(t, "localhost", time.Now().Add(-time.Hour))}, "cert-expired", false, ""},
		"unknown authority":      {script{greeting: hello, tls: stranger.good(t)}, "cert-unknown", false, ""},
		"TLS 1.1":                {script{greeting: hello, tls: old}, "tls-old", false, ""},
		"clear text":             {script{greeting: hello}, "not-tls", false, ""},
		"silent before TLS":      {script{}, "timeout", false, ""},
		"silent, STARTTLS":       {script{plain: true}, "silent", false, ""},
		"silent in TLS":          {script{tls: good}, "silent", false, ""},
		"another service":        {script{greeting: "SSH-2.0-OpenSSH_9\r\n", tls: good}, "not-imap", false, "SSH-2.0-OpenSSH_9"},
		"endless greeting":       {script{greeting: strings.Repeat("* OK", 1<<14), tls: good}, "not-imap", false, ""},
		"BYE": {
			script{greeting: "* BYE \x1b[31mback at 18:00\x07\u202e\r\n", tls: good},
			"bye", false, "[31mback at 18:00",
		},
		"BYE, unavailable": {script{greeting: "* BYE [UNAVAILABLE] maintenance\r\n", tls: good}, "unavailable", false, "maintenance"},
		"BYE, limit":       {script{greeting: "* BYE [LIMIT] too many\r\n", tls: good}, "limit", false, "too many"},
		"login disabled": {
			script{greeting: "* OK [CAPABILITY IMAP4rev1 LOGINDISABLED] hi\r\n", tls: good},
			"login-disabled", false, "",
		},
		"wrong password":     {script{greeting: hello, tls: good, answer: login("TAG NO [AUTHENTICATIONFAILED] no\r\n")}, "password", true, "no"},
		"unavailable":        {script{greeting: hello, tls: good, answer: login("TAG NO [UNAVAILABLE] later\r\n")}, "unavailable", true, "later"},
		"limit":              {script{greeting: hello, tls: good, answer: login("TAG NO [LIMIT] slow down\r\n")}, "limit", true, "slow down"},
		"refused, no reason": {script{greeting: hello, tls: good, answer: login("TAG NO no\r\n")}, "login-refused", true, "no"},
		"app password": {
			script{greeting: hello, tls: good, answer: login("TAG NO [ALERT] Application-specific password required\r\n")},
			"app-password", true, "Application-specific password required",
		},
		"dropped at login": {script{greeting: hello, tls: good, answer: login("")}, "dropped", true, ""},
		"BYE at login":     {script{greeting: hello, tls: good, answer: login("* BYE [UNAVAILABLE] going down\r\n")}, "unavailable", true, "going down"},
		"silent at login":  {script{greeting: hello, tls: good, answer: login("* OK wait\r\n")}, "stalled", true, ""},
		"garbage at login": {script{greeting: hello, tls: good, answer: login("?? (\r\n")}, "broken", true, ""},
		"endless at login": {script{greeting: hello, tls: good, answer: login("* LIST " + strings.Repeat("(", 1000))}, "hostile", true, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			address, sent := serveScript(t, c.script)
			cfg := config(a, address)
			asked := false
			cfg.Password = func() (string, error) { asked = true; return testPassword, nil }
			_, cov, err := readAll(IMAP(cfg))
			var e *Error
			if !errors.As(err, &e) || e.Kind != c.kind || asked != c.asked || len(cov.Roles) > 0 {
				t.Fatalf("%v (asked for the password: %v), want %s", err, asked, c.kind)
			}
			if !strings.HasPrefix(e.Server, c.server) || e.User != testUser || !strings.HasPrefix(e.Host, "localhost:") {
				t.Errorf("server %q, user %q, host %q", e.Server, e.User, e.Host)
			}
			checkWords(t, err)
			if strings.Contains(sent.String(), testPassword) {
				t.Error("the password went over the wire in clear text")
			}
		})
	}
}

func refuseStartTLS(w io.Writer, tag, _ string) bool {
	fmt.Fprintf(w, "%s BAD what?\r\n", tag)
	return true
}

func TestIMAPRefusedAndUnknownHost(t *testing.T) {
	a := newAuthority(t)
	l, port := listen(t)
	l.Close()
	for address, kind := range map[string]string{
		"imaps://ada@localhost:" + port:    "refused",
		"imaps://ada@no-such-host.invalid": "dns",
	} {
		_, _, err := readAll(IMAP(config(a, address)))
		var e *Error
		if !errors.As(err, &e) || e.Kind != kind || e.Stage != StageConnect && e.Stage != StageA {
			t.Errorf("%s: %v, want %s", address, err, kind)
		}
		checkWords(t, err)
	}
}

func TestIMAPNoPassword(t *testing.T) {
	a := newAuthority(t)
	m := serveMemory(t, a, true)
	away := errors.New("nobody at the keyboard")
	for _, password := range []func() (string, error){nil, func() (string, error) { return "", nil }, func() (string, error) { return "", away }} {
		cfg := config(a, m.url)
		cfg.Password = password
		_, _, err := readAll(IMAP(cfg))
		var e *Error
		if !errors.As(err, &e) || e.Kind != "no-password" || !(errors.Is(err, errNoPassword) || errors.Is(err, away)) {
			t.Errorf("%v", err)
		}
	}
	for _, command := range m.commands() {
		if strings.HasPrefix(command, "LOGIN") || strings.HasPrefix(command, "AUTHENTICATE") {
			t.Errorf("a login without a password: %q", command)
		}
	}
}

func TestIMAPContextEndsAtOnce(t *testing.T) {
	a := newAuthority(t)
	for name, s := range map[string]script{
		"before TLS":  {},
		"at greeting": {tls: a.good(t)},
		"at login":    {tls: a.good(t), greeting: "* OK hi\r\n", answer: func(io.Writer, string, string) bool { return true }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			address, _ := serveScript(t, s)
			cfg := config(a, address)
			cfg.Timeouts = Timeouts{}
			ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
			defer cancel()
			start := time.Now()
			_, err := IMAP(cfg).Read(ctx, func(Message) error { return nil })
			if !errors.Is(err, context.DeadlineExceeded) || time.Since(start) > 2*time.Second {
				t.Errorf("%v after %v", err, time.Since(start))
			}
		})
	}
}

func TestIMAPPasswordComesLate(t *testing.T) {
	a := newAuthority(t)
	connections := 0
	plain := ordinary(0, nil)
	address, _ := serveScript(t, script{greeting: "* OK hi\r\n", tls: a.good(t), answer: func(w io.Writer, tag, line string) bool {
		if line == "CAPABILITY" {
			connections++
		}
		if strings.HasPrefix(line, "LOGIN") && connections == 1 {
			return false
		}
		return plain(w, tag, line)
	}})
	cfg := config(a, address)
	asked := 0
	cfg.Password = func() (string, error) {
		asked++
		time.Sleep(1200 * time.Millisecond)
		return testPassword, nil
	}
	cfg.Timeouts.Dial = time.Second
	_, cov, err := readAll(IMAP(cfg))
	if err != nil || asked != 1 || !cov.Roles[RoleInbox] {
		t.Errorf("asked %d times, %v, %v", asked, cov.Roles, err)
	}
}
