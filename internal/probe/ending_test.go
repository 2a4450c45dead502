package probe

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// scene is a check that ends in one way.
type scene struct {
	target Target
	tls    func(*x509.Certificate) // what is odd about the server's certificate
	plain  bool                    // a server for TLS that does not speak it
	play   play                    // after TLS, where that comes first; nil: no server
	deps   func(*Deps)
	quick  bool // what the server does not say is not waited for long
	cancel bool
	code   int
	stage  StageName // the one that fails
}

// greeting is a server that says one thing and waits.
func greeting(text string) play {
	return func(s *stage) { s.say(text); s.rest() }
}

// submission is a good server that answers AUTH with auth.
func submission(auth ...string) play {
	return func(s *stage) {
		s.say("220 mail.example ESMTP")
		for line := s.hear(); line != ""; line = s.hear() {
			switch verb, _, _ := strings.Cut(line, " "); verb {
			case "EHLO":
				s.say("250-mail.example", "250-AUTH PLAIN LOGIN", "250 SIZE 1000")
			case "AUTH":
				s.say(auth...)
			case "QUIT":
				s.say("221 bye")
				return
			default:
				s.say("500 what?")
			}
		}
	}
}

// imap is a good IMAP server that answers commands by their verb with what answers holds, "%s" being the tag; under "" is
// its greeting.
func imap(answers map[string]string) play {
	return func(s *stage) {
		first := "* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR] ready"
		if other := answers[""]; other != "" {
			first = other
		}
		s.say(first)
		for line := s.hear(); line != ""; line = s.hear() {
			tag, rest, _ := strings.Cut(line, " ")
			verb, _, _ := strings.Cut(rest, " ")
			good := map[string]string{
				"CAPABILITY": "* CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR\r\n%s OK done", "LOGIN": "%s OK in", "AUTHENTICATE": "%s OK in",
				"EXAMINE": "* 3 EXISTS\r\n* OK [UIDVALIDITY 7] fine\r\n%s OK [READ-ONLY] open", "LOGOUT": "* BYE bye\r\n%s OK out", "STARTTLS": "%s BAD what?",
				"FETCH": "* 3 FETCH (INTERNALDATE \"23-Jan-2023 10:00:00 +0100\")\r\n%s OK done",
			}
			answer, ok := answers[verb]
			if !ok {
				answer = good[verb]
			}
			if strings.Contains(answer, "%s") {
				answer = fmt.Sprintf(answer, tag)
			}
			if answer == "cut" {
				return
			}
			s.say(answer)
		}
	}
}

// page is a web server that answers one request.
func page(lines ...string) play {
	return func(s *stage) {
		for line := s.hear(); line != ""; line = s.hear() {
		}
		s.say(append(lines, "Connection: close", "", "")...)
	}
}

var (
	smtps = Target{Kind: KindSMTP, Host: "127.0.0.1", Security: SecurityTLS}
	smtp  = Target{Kind: KindSMTP, Host: "127.0.0.1", Security: SecurityStartTLS}
	imaps = Target{Kind: KindIMAP, Host: "127.0.0.1", Security: SecurityTLS, Login: with("ada@mail.example", "secret")}
	pop3s = Target{Kind: KindPOP3, Host: "127.0.0.1", Security: SecurityTLS}
	mx    = Target{Kind: KindMX, Host: "127.0.0.1", LineOpen: true}
	web   = Target{Kind: KindWeb, Host: "https://127.0.0.1:%d/"}
)

// login gives a target with a login.
func login(t Target) Target {
	t.Login = with("ada@mail.example", "secret")
	return t
}

// dialFails makes every connection fail.
func dialFails(err error) func(*Deps) {
	return func(d *Deps) {
		d.Dial = func(context.Context, string, string) (net.Conn, error) {
			return nil, &net.OpError{Op: "dial", Net: "tcp", Err: err}
		}
	}
}

// asks makes a target ask the DNS for a name of which the world knows n.
func asks(kind Kind, n names) scene {
	t := Target{Kind: kind, Host: "mail.example", Port: 1, Security: SecurityTLS}
	if kind == KindMX {
		t.Port = 0
	}
	return scene{target: t, deps: func(d *Deps) { d.Resolver = n }}
}

var failing = map[string]*net.DNSError{"mail.example": {Err: "server misbehaving", IsTemporary: true}}

// scenes has one or more for every ending.
var scenes = map[Ending][]scene{
	EndingOK: {
		{target: smtps, play: submission()},
		{target: login(smtps), play: submission("235 in")},
		{target: imaps, play: imap(nil)},
		{target: pop3s, play: pop("+OK ready")},
		{target: mx, play: submission()},
		{target: web, play: page("HTTP/1.1 200 OK"), code: 200},
	},
	EndingDNSUnknown: {asks(KindSMTP, names{}), asks(KindMX, names{})},
	EndingDNS:        {asks(KindPOP3, names{fails: failing}), asks(KindMX, names{fails: failing})},
	EndingDNSTimeout: {asks(KindSMTP, names{hangs: map[string]bool{"mail.example": true}}), asks(KindMX, names{hangs: map[string]bool{"mail.example": true}})},
	EndingNoMX:       {asks(KindMX, names{ns: map[string]bool{"mail.example": true}})},
	EndingNullMX:     {asks(KindMX, names{mx: map[string][]*net.MX{"mail.example": {{Host: "."}}}})},

	EndingRefused: {{target: smtps, stage: StageTCP}, {target: imaps, stage: StageTCP}, {target: mx, stage: StageTCP}, {target: web, stage: StageTCP}},
	EndingTimeout: {{target: smtps, stage: StageTCP, deps: func(d *Deps) {
		d.Dial = func(ctx context.Context, _, _ string) (net.Conn, error) { <-ctx.Done(); return nil, ctx.Err() }
	}}},
	EndingUnreachable: {{target: smtps, stage: StageTCP, deps: dialFails(syscall.EHOSTUNREACH)}, {target: pop3s, deps: dialFails(syscall.ENETUNREACH)}},
	EndingConnect:     {{target: smtps, stage: StageTCP, deps: dialFails(syscall.EACCES)}},
	EndingUnseen:      {{target: Target{Kind: KindMX, Host: "127.0.0.1"}}},

	EndingTLSStripped: {
		{target: smtp, play: submission(), stage: StageTLS},
		{target: smtp, play: script("220 hi", "EHLO", "250-x\r\n250 STARTTLS", "STARTTLS", "502 no"), code: 502, stage: StageTLS},
		{target: smtp, play: script("220 hi", "EHLO", "250-x\r\n250 STARTTLS", "STARTTLS", "220 go\r\n250 injected"), stage: StageTLS},
		{target: Target{Kind: KindPOP3, Host: "127.0.0.1", Security: SecurityStartTLS}, play: pop("+OK ready")},
		{target: Target{Kind: KindIMAP, Host: "127.0.0.1", Security: SecurityStartTLS}, play: imap(nil)},
	},
	EndingTLSHost: {
		{target: smtps, play: submission(), tls: func(c *x509.Certificate) { c.IPAddresses = nil }, stage: StageTLS},
		{target: imaps, play: imap(nil), tls: func(c *x509.Certificate) { c.IPAddresses = nil }, stage: StageTLS},
	},
	EndingTLSExpired: {
		{target: smtps, play: submission(), tls: func(c *x509.Certificate) { c.NotAfter = time.Now().Add(-time.Hour) }, stage: StageTLS},
		{target: imaps, play: imap(nil), tls: func(c *x509.Certificate) { c.NotAfter = time.Now().Add(-time.Hour) }, stage: StageTLS},
	},
	EndingTLSEarly: {
		{target: smtps, play: submission(), tls: func(c *x509.Certificate) { c.NotBefore = time.Now().Add(time.Hour) }, stage: StageTLS},
		{target: imaps, play: imap(nil), tls: func(c *x509.Certificate) { c.NotBefore = time.Now().Add(time.Hour) }, stage: StageTLS},
	},
	EndingTLSUnknownCA: {
		{target: stranger(smtps), play: submission(), stage: StageTLS}, {target: stranger(imaps), play: imap(nil), stage: StageTLS},
	},
	EndingTLSInvalid: {{target: smtps, play: submission(), stage: StageTLS, tls: func(c *x509.Certificate) {
		c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
	}}},
	EndingTLSOld: {
		{target: smtps, plain: true, play: oldTLS, stage: StageTLS}, {target: imaps, plain: true, play: oldTLS, stage: StageTLS},
	},
	EndingTLSPlain: {
		{target: smtps, plain: true, play: submission(), stage: StageTLS},
		{target: imaps, plain: true, play: greeting("* OK hi"), stage: StageTLS},
		{target: web, plain: true, play: greeting("HTTP/1.1 400 Bad Request\r\n\r\n"), stage: StageTLS},
	},
	EndingTLSFailed: {{target: smtps, plain: true, stage: StageTLS, play: func(s *stage) {
		s.Write([]byte{0x15, 3, 3, 0, 2, 2, 40}) // the alert handshake_failure (RFC 8446 section 6)
		s.rest()
	}}},

	EndingGreeting421: {{target: smtps, play: greeting("421 too busy"), code: 421, stage: StageGreeting}, {target: mx, play: greeting("421-a\r\n421 b"), code: 421}},
	EndingGreeting554: {{target: smtps, play: greeting("554 No SMTP service here"), code: 554, stage: StageGreeting}, {target: mx, play: greeting("554 no"), code: 554}},
	EndingGreeting4xx: {{target: mx, play: greeting("450 later"), code: 450, stage: StageGreeting}},
	EndingGreeting5xx: {{target: mx, play: greeting("521 no mail here"), code: 521, stage: StageGreeting}, {target: pop3s, play: greeting("-ERR no")}},
	EndingPolicy:      {{target: mx, play: greeting("554 5.7.1 blocked using zen.spamhaus.org"), code: 554, stage: StageGreeting}},
	EndingBye:         {{target: imaps, play: greeting("* BYE gone fishing"), stage: StageGreeting}},
	EndingSilent: {
		{target: smtps, play: (*stage).rest, stage: StageGreeting},
		{target: smtp, play: (*stage).rest, stage: StageGreeting},
		{target: smtps, plain: true, play: (*stage).rest, stage: StageTLS},
		{target: imaps, play: (*stage).rest, stage: StageGreeting},
		{target: pop3s, play: (*stage).rest, stage: StageGreeting},
		{target: web, play: (*stage).rest, stage: StageHTTP},
	},

	EndingReply4xx: {
		{target: smtps, play: script("220 hi", "EHLO", "451 later"), code: 451, stage: StageCapabilities},
		{target: smtp, play: script("220 hi", "EHLO", "250-x\r\n250 STARTTLS", "STARTTLS", "454 4.3.0 TLS not available due to local problem"), code: 454, stage: StageTLS},
	},
	EndingReply5xx: {{target: smtps, play: script("220 hi", "EHLO", "550 no"), code: 550, stage: StageCapabilities}},
	EndingStalled: {
		{target: smtps, play: func(s *stage) { fmt.Fprint(s, "220-half a gree"); s.rest() }, stage: StageGreeting},
		{target: smtps, play: func(s *stage) { s.say("220 hi"); s.rest() }, stage: StageCapabilities},
		{target: login(smtps), play: script("220 hi", "EHLO", "250-x\r\n250 AUTH PLAIN"), stage: StageLogin},
		{target: imaps, play: imap(map[string]string{"AUTHENTICATE": "* OK still thinking"}), stage: StageLogin},
		{target: pop3s, play: func(s *stage) { s.say("+OK"); s.hear(); s.say("+OK", "UIDL"); s.rest() }, stage: StageCapabilities},
		{target: web, play: func(s *stage) { fmt.Fprint(s, "HTTP/1.1 200 OK\r\nX: "); s.rest() }, stage: StageHTTP},
	},
	EndingCut: {
		{target: smtps, play: func(*stage) {}, stage: StageGreeting},
		{target: smtps, play: func(s *stage) { fmt.Fprint(s, "220-half") }, stage: StageGreeting},
		{target: smtps, play: func(s *stage) { s.say("220 hi"); s.hear() }, stage: StageCapabilities},
		{target: smtps, plain: true, play: func(*stage) {}, stage: StageTLS},
		{target: imaps, play: imap(map[string]string{"AUTHENTICATE": "cut"}), stage: StageLogin},
		{target: imaps, play: func(*stage) {}, stage: StageGreeting},
		{target: web, play: func(s *stage) { s.hear() }, stage: StageHTTP},
	},
	EndingGarbage: {
		{target: smtps, play: greeting("\x00\xff\x00"), stage: StageGreeting},
		{target: smtps, play: greeting("220-a\r\nwhat"), stage: StageGreeting},
		{target: imaps, play: greeting("what is this"), stage: StageGreeting},
		{target: pop3s, play: greeting("* OK IMAP"), stage: StageGreeting},
		{target: web, play: greeting("220 mail.example ESMTP"), stage: StageHTTP},
		{target: login(smtps), play: submission("334 not base64!"), code: 334, stage: StageLogin},
		{target: login(smtps), play: endlessChallenges, stage: StageLogin},
	},
	EndingIsSMTP: {{target: imaps, play: greeting("220 mail.example ESMTP"), stage: StageGreeting}},
	EndingIsPOP3: {{target: imaps, play: greeting("+OK ready"), stage: StageGreeting}},
	EndingIsHTTP: {{target: imaps, play: greeting("HTTP/1.1 400 Bad Request"), stage: StageGreeting}},
	EndingFlood: {
		{target: smtps, play: greeting(strings.Repeat("x", 100_000)), stage: StageGreeting},
		{target: smtps, play: endless("", "220-more\r\n"), stage: StageGreeting},
		{target: pop3s, play: endless("+OK\r\n+OK\r\n", strings.Repeat("x\r\n", 1000)), stage: StageCapabilities},
		{target: web, play: endless("HTTP/1.1 200 OK\r\n", strings.Repeat("X: y\r\n", 100)), stage: StageHTTP},
	},

	EndingUnavailable: {{target: imaps, play: imap(map[string]string{"AUTHENTICATE": "%s NO [UNAVAILABLE] later"}), stage: StageLogin}, {target: pop3s, play: greeting("-ERR [SYS/TEMP] later")}},
	EndingLimit: {
		{target: imaps, play: imap(map[string]string{"AUTHENTICATE": "%s NO [LIMIT] too many"}), stage: StageLogin},
		{target: web, play: page("HTTP/1.1 429 Too Many Requests", "Retry-After: 60"), code: 429, stage: ""},
	},
	EndingInUse:        {{target: imaps, play: imap(map[string]string{"AUTHENTICATE": "%s NO [INUSE] busy"}), stage: StageLogin}},
	EndingServerBug:    {{target: imaps, play: imap(map[string]string{"AUTHENTICATE": "%s NO [SERVERBUG] oops"}), stage: StageLogin}},
	EndingAuthFailed:   {{target: imaps, play: imap(map[string]string{"AUTHENTICATE": "%s NO [AUTHENTICATIONFAILED] no"}), stage: StageLogin}},
	EndingRefusedLogin: {{target: imaps, play: imap(map[string]string{"AUTHENTICATE": "%s NO no"}), stage: StageLogin}},
	EndingNotAllowed:   {{target: imaps, play: imap(map[string]string{"AUTHENTICATE": "%s NO [CONTACTADMIN] ask"}), stage: StageLogin}, {target: login(smtps), play: submission("538 encrypt"), code: 538}},
	EndingPassExpired:  {{target: imaps, play: imap(map[string]string{"AUTHENTICATE": "%s NO [EXPIRED] old"}), stage: StageLogin}},
	EndingAppPassword:  {{target: login(smtps), play: submission("534 5.7.9 Application-specific password required"), code: 534, stage: StageLogin}},
	EndingNoLogin:      {{target: login(smtps), play: script("220 hi", "EHLO", "250-x\r\n250 AUTH CRAM-MD5"), stage: StageLogin}, {target: login(smtps), play: script("220 hi", "EHLO", "250 x"), stage: StageLogin}},
	EndingNoSecret:     {{target: secretless(smtps), play: submission(), stage: StageLogin}, {target: secretless(imaps), play: imap(nil), stage: ""}},
	EndingRefusedOpen:  {{target: imaps, play: imap(map[string]string{"EXAMINE": "%s NO not now"}), stage: StageExamine}},

	EndingTempAuth: {{target: login(smtps), play: submission("454 4.7.0 Temporary authentication failure"), code: 454, stage: StageLogin}},
	EndingAuth:     {{target: login(smtps), play: submission("535 5.7.8 no"), code: 535, stage: StageLogin}},

	EndingMaintenance: {{target: web, play: page("HTTP/1.1 503 Service Unavailable"), code: 503}, {target: web, play: page("HTTP/1.1 500 Oops", "Retry-After: 120"), code: 500}},
	EndingWeb4xx:      {{target: web, play: page("HTTP/1.1 404 Not Found"), code: 404}},
	EndingWeb5xx:      {{target: web, play: page("HTTP/1.1 502 Bad Gateway"), code: 502}},
	EndingWebInsecure: {{target: web, play: page("HTTP/1.1 302 Found", "Location: http://127.0.0.1/"), code: 302}},
	EndingWebLoop:     {{target: web, play: page("HTTP/1.1 302 Found", "Location: /again"), code: 302}},

	EndingTarget: {
		{target: Target{Kind: "gopher", Host: "mail.example"}},
		{target: Target{Kind: KindSMTP, Host: "two words"}},
		{target: Target{Kind: KindWeb, Host: "http://mail.example/"}},
		{target: Target{Kind: KindSMTP, Host: "mail.example", Port: 70000}},
		{target: Target{Kind: KindMX, Host: "a@b"}},
		{target: Target{Kind: KindPOP3, Host: "mail.example", Security: "none"}},
	},
	EndingCancelled: {{target: smtps, play: (*stage).rest, cancel: true}, {target: imaps, play: (*stage).rest, cancel: true}},
}

// script is a server that says a first line, then waits for each command and answers it; at its end it waits.
func script(first string, steps ...string) play {
	return func(s *stage) {
		s.say(first)
		for i := 0; i+1 < len(steps); i += 2 {
			if line := s.hear(); !strings.HasPrefix(line, steps[i]) {
				return
			}
			s.say(steps[i+1])
		}
		s.rest()
	}
}

func pop(first string) play {
	return func(s *stage) {
		s.say(first)
		for line := s.hear(); line != ""; line = s.hear() {
			switch line {
			case "CAPA":
				s.say("+OK", "UIDL", "SASL PLAIN", ".")
			case "QUIT":
				s.say("+OK bye")
				return
			}
		}
	}
}

// endless says the same, after a beginning, for as long as anybody listens.
func endless(first, text string) play {
	return func(s *stage) {
		s.Write([]byte(first))
		for {
			if _, err := s.Write([]byte(text)); err != nil {
				return
			}
		}
	}
}

func endlessChallenges(s *stage) {
	s.say("220 hi")
	s.hear()
	s.say("250-x", "250 AUTH LOGIN")
	for s.hear() != "" {
		s.say("334 VXNlcm5hbWU6")
	}
}

// oldTLS is a server that knows TLS 1.1 and nothing newer.
func oldTLS(s *stage) {
	config := s.tls.Clone()
	config.MaxVersion = tls.VersionTLS11
	tls.Server(s.Conn, config).Handshake()
	s.rest()
}

func stranger(t Target) Target {
	t.Roots = x509.NewCertPool()
	return t
}

func secretless(t Target) Target {
	t.Login = &Login{User: "ada@mail.example", Password: func(context.Context) (string, error) { return "", errors.New("locked") }}
	return t
}

// run plays a scene and gives how the check went.
func (sc scene) run(t *testing.T, a *authority) Result {
	target, deps := sc.target, local()
	if target.Roots == nil {
		target.Roots = a.pool
	}
	port := 1 // nobody listens there
	if sc.play != nil {
		p := sc.play
		if direct := target.Security == SecurityTLS || target.Kind == KindWeb; direct && !sc.plain {
			inner := p
			p = func(s *stage) {
				if s.secure() {
					inner(s)
				}
			}
		}
		port, _ = serve(t, a.issue(t, sc.tls), p)
	}
	switch {
	case target.Kind == KindWeb && strings.Contains(target.Host, "%d"):
		target.Host = fmt.Sprintf(target.Host, port)
	case target.Port == 0 && target.Host == "127.0.0.1":
		target.Port = port
	}
	if sc.quick {
		deps.Limits = quick
	}
	if sc.deps != nil {
		sc.deps(&deps)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	if sc.cancel {
		time.AfterFunc(100*time.Millisecond, cancel)
	}
	return Check(ctx, target, deps)
}

// TestEveryEnding: each way in which a check can end is shown by a server that makes it end so.
func TestEveryEnding(t *testing.T) {
	a := newAuthority(t)
	for ending := range meanings {
		if len(scenes[ending]) == 0 {
			t.Errorf("nothing shows how a check ends with %s", ending)
		}
	}
	for ending, list := range scenes {
		for i, sc := range list {
			t.Run(fmt.Sprintf("%s/%s-%d", ending, sc.target.Kind, i), func(t *testing.T) {
				t.Parallel()
				sc.quick = slices.Contains([]Ending{EndingSilent, EndingStalled, EndingTimeout, EndingDNSTimeout}, ending)
				got := sc.run(t, a)
				if got.Ending != ending || got.Code != sc.code {
					t.Errorf("it ended with %s %d, want %s %d\n%+v", got.Ending, got.Code, ending, sc.code, got.Stages)
				}
				if sc.stage != "" {
					sc.failsAt(t, got)
				}
				if got.Took > DefaultLimits.Whole+time.Second {
					t.Errorf("it took %v", got.Took)
				}
			})
		}
	}
}

// failsAt looks that the stage that should fail is the first one that does.
func (sc scene) failsAt(t *testing.T, got Result) {
	t.Helper()
	for _, s := range got.Stages {
		if s.Ending != EndingOK {
			if s.Name != sc.stage || s.Ending != got.Ending || s.Detail == "" {
				t.Errorf("the first stage that failed is %+v, want %s", s, sc.stage)
			}
			return
		}
	}
	t.Errorf("no stage failed, want %s: %+v", sc.stage, got.Stages)
}
