package cli

import (
	"context"
	"encoding/json"
	"io"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"rimbalzo/internal/account"
	"rimbalzo/internal/demo"
	"rimbalzo/internal/probe"
	"rimbalzo/internal/words"
)

// demoServers gives the demo's servers as HOST:PORT, and the file of their authority.
func demoServers(t *testing.T) (s *demo.Server, imap, ca string) {
	t.Helper()
	s, err := demo.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	ca = filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(ca, s.CAPEM, 0o600); err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(s.IMAPURL)
	if err != nil {
		t.Fatal(err)
	}
	return s, u.Host, ca
}

// closedPort is one that nobody listens on.
func closedPort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// TestProbe: the exit status and the first line are those of a Nagios plugin, whatever comes out.
func TestProbe(t *testing.T) {
	s, imap, ca := demoServers(t)
	closed := closedPort(t)
	first := regexp.MustCompile(`^PROBE (OK|WARNING|CRITICAL|UNKNOWN): [^|]+ \| ('[^'=|]+'=[0-9.]+(s;;;0;20|d) ?)+$`)
	for name, tc := range map[string]struct {
		args   []string
		status int
		says   []string
	}{
		"all well":       {[]string{"--imap", imap, "--smtp", s.SMTPAddr, "--ca", ca}, 0, []string{"PROBE OK: 2 of 2", "works.", "greeting", "capabilities"}},
		"stranger":       {[]string{"--imap", imap}, 2, []string{"PROBE CRITICAL: 0 of 1", "vouches for", "tls-unknown-ca"}},
		"one down":       {[]string{"--imap", imap, "--smtp", closed, "--ca", ca}, 2, []string{"PROBE CRITICAL: 1 of 2", closed + " takes no connections"}},
		"named twice":    {[]string{"--imap", imap, "--imap", imap, "--ca", ca}, 0, []string{"1 of 1"}},
		"MX of nobody":   {[]string{"--mx", "127.0.0.1"}, 2, []string{"no server by the name 127.0.0.1"}},
		"insecure page":  {[]string{"--web", "http://mail.example/?secret"}, 3, []string{"PROBE UNKNOWN", "nothing that can be checked"}},
		"worst of three": {[]string{"--web", "http://x", "--imap", imap, "--pop3", closed, "--ca", ca}, 2, []string{"PROBE CRITICAL: 1 of 3"}},
	} {
		t.Run(name, func(t *testing.T) {
			got := run(t, "", append([]string{"probe"}, tc.args...)...)
			if got.status != tc.status || got.errors != "" {
				t.Errorf("status %d, want %d; %s", got.status, tc.status, got.errors)
			}
			line, _, _ := strings.Cut(got.out, "\n")
			if !first.MatchString(line) {
				t.Errorf("Nagios does not understand %q", line)
			}
			for _, says := range tc.says {
				if !strings.Contains(got.out, says) {
					t.Errorf("it does not say %q:\n%s", says, got.out)
				}
			}
			if strings.Contains(got.out, "secret") {
				t.Errorf("it tells what may be private:\n%s", got.out)
			}
		})
	}
}

// TestProbeMisused: bad usage is 3 here, never 2, which would say that a server is down.
func TestProbeMisused(t *testing.T) {
	for name, tc := range map[string]struct {
		args []string
		says string
	}{
		"nothing":         {nil, "Say what to check"},
		"a word":          {[]string{"libero"}, "libero"},
		"unknown flag":    {[]string{"--host", "x"}, "--host"},
		"format":          {[]string{"--imap", "x", "--format", "xml"}, "xml"},
		"port":            {[]string{"--imap", "x:0"}, "x:0"},
		"address":         {[]string{"--smtp", "ada@mail.example"}, "ada@mail.example"},
		"provider":        {[]string{"--provider", "nobody"}, "libero"},
		"account":         {[]string{"--account", "nobody"}, "no account of that name"},
		"missing CA":      {[]string{"--imap", "x", "--ca", "/nonexistent/ca.pem"}, "/nonexistent/ca.pem"},
		"no server":       {[]string{"--imap", ""}, "no server"},
		"value forgotten": {[]string{"--imap"}, "--imap"},
	} {
		got := run(t, "", append([]string{"probe"}, tc.args...)...)
		if got.status != 3 || got.out != "" || !strings.Contains(got.errors, tc.says) {
			t.Errorf("%s: status %d, %q, %q", name, got.status, got.out, got.errors)
		}
	}
	if help := run(t, "", "help", "probe"); !strings.Contains(help.out, "exit status is theirs") {
		t.Errorf("the help does not tell the exit status: %s", help.out)
	}
}

// TestProbeJSON: every key is there, and what is not known is null.
func TestProbeJSON(t *testing.T) {
	_, imap, ca := demoServers(t)
	got := run(t, "", "probe", "--imap", imap, "--smtp", closedPort(t), "--ca", ca, "--format", "json")
	var all struct {
		Status   int
		Severity string
		Checks   []map[string]json.RawMessage
	}
	if err := json.Unmarshal([]byte(got.out), &all); err != nil || all.Status != 2 || got.status != 2 || all.Severity != "CRITICAL" || len(all.Checks) != 2 {
		t.Fatalf("%v: %s", err, got.out)
	}
	for _, c := range all.Checks {
		for _, key := range []string{
			"kind", "direction", "account", "target", "security", "at", "took_ms", "ending", "class", "severity", "code", "said", "peer",
			"certificate_until", "newest", "retry_after", "stages", "text", "next",
		} {
			if c[key] == nil {
				t.Errorf("%s has no %s", c["target"], key)
			}
		}
	}
	good, bad := all.Checks[0], all.Checks[1]
	if string(good["ending"]) != `"ok"` || string(bad["ending"]) != `"refused"` || string(bad["class"]) != `"refused"` ||
		string(bad["certificate_until"]) != "null" || string(good["certificate_until"]) == "null" {
		t.Errorf("%s", got.out)
	}
}

// vault is a keyring with one secret.
type vault string

func (v vault) Get(context.Context, string) (string, error) {
	if v == "" {
		return "", account.ErrNoSecret
	}
	return string(v), nil
}
func (vault) Set(context.Context, string, string) error { return nil }
func (vault) Delete(context.Context, string) error      { return nil }
func (vault) State(context.Context) account.State       { return account.Ready }
func endpointAt(t *testing.T, at string) account.Endpoint {
	t.Helper()
	host, port, err := net.SplitHostPort(at)
	if err != nil {
		t.Fatal(err)
	}
	n, _ := strconv.Atoi(port)
	return account.Endpoint{Host: host, Port: n, Security: account.TLS}
}

// TestProbeAccount: without a terminal an account's servers are looked at; with one, it logs in as far as the newest message.
func TestProbeAccount(t *testing.T) {
	s, imap, _ := demoServers(t)
	acc := account.Account{
		ID: "elena", Address: s.User, User: s.User, Kind: account.IMAP, IMAP: endpointAt(t, imap), SMTP: endpointAt(t, s.SMTPAddr),
		Auth: account.Password, CA: string(s.CAPEM),
	}
	data := t.TempDir()
	book, err := account.Open(data)
	if err != nil {
		t.Fatal(err)
	}
	if err := book.Add(acc); err != nil {
		t.Fatal(err)
	}
	got := run(t, "", "--data", data, "probe", "--account", "elena")
	if got.status != 0 || !strings.Contains(got.out, "PROBE OK: 2 of 2") || strings.Contains(got.out, "login") {
		t.Errorf("status %d: %s%s", got.status, got.out, got.errors)
	}
	asked := 0
	a := &app{words: words.New("en"), data: data, env: Env{Stderr: io.Discard, ReadPassword: func(string) (string, error) { asked++; return s.Password, nil }}}
	for name, tc := range map[string]struct {
		kept  vault
		asked int
		want  []probe.Ending
	}{
		"kept": {vault(s.Password), 0, []probe.Ending{probe.EndingOK, probe.EndingOK}}, "typed": {"", 1, []probe.Ending{probe.EndingOK, probe.EndingOK}},
		"wrong": {"guess", 0, []probe.Ending{probe.EndingAuthFailed, probe.EndingAuth}},
	} {
		asked = 0
		login, err := a.login(t.Context(), acc, tc.kept)
		if err != nil {
			t.Fatal(name, err)
		}
		var targets []probe.Target
		for _, own := range serversOf(acc) {
			own.Login, own.Roots = login, s.CA
			targets = append(targets, own)
		}
		var got []probe.Ending
		for _, r := range checkAll(t.Context(), targets) {
			got = append(got, r.Ending)
			if r.Kind == probe.KindIMAP && r.Ending == probe.EndingOK && r.Newest.IsZero() {
				t.Errorf("%s: the newest message was not looked at: %+v", name, r.Stages)
			}
		}
		if !slices.Equal(got, tc.want) || asked != tc.asked {
			t.Errorf("%s: %v, asked %d times; want %v, %d", name, got, asked, tc.want, tc.asked)
		}
	}
}

// TestProbeProvider: a provider's servers come from the presets, and who is asked whether port 25 is blocked is another
// operator that was named or is configured, never a stranger.
func TestProbeProvider(t *testing.T) {
	a := &app{words: words.New("en")}
	libero, err := a.preset("LIBERO")
	if err != nil {
		t.Fatal(err)
	}
	list := once(presetTargets(libero), nil)
	compareLines(list, []account.Account{{Address: "ada@virgilio.it"}, {Address: "ada@gmail.com"}})
	var kinds []probe.Kind
	for _, target := range list {
		kinds = append(kinds, target.Kind)
		if want := []string{"gmail.com"}; target.Kind == probe.KindMX && (target.Host != "libero.it" || !slices.Equal(target.Others, want)) {
			t.Errorf("%s would ask %v, want %v: virgilio.it is run by the same people", target.Host, target.Others, want)
		}
	}
	if want := []probe.Kind{probe.KindIMAP, probe.KindSMTP, probe.KindPOP3, probe.KindMX, probe.KindWeb}; !slices.Equal(kinds, want) {
		t.Errorf("checked are %v, want %v", kinds, want)
	}
	if byDomain, err := a.preset("libero.it"); err != nil || byDomain.ID != "libero" {
		t.Errorf("libero.it is %v, %v", byDomain.ID, err)
	}
	watched := account.Account{Kind: account.Watched, Operator: "italiaonline"}
	if own := serversOf(watched); len(own) < 6 {
		t.Errorf("a watched operator has %d servers, want those of Libero and Virgilio", len(own))
	}
}
