package autoconfig

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"rimbalzo/internal/words"
)

const (
	ofDomain = "https://autoconfig.studio.example/mail/config-v1.1.xml"
	ofKnown  = "https://studio.example/.well-known/autoconfig/mail/config-v1.1.xml"
	ofList   = "https://autoconfig.thunderbird.net/v1.1/studio.example"
)

var everywhere = []string{
	"autoconfig.studio.example", "studio.example", "autoconfig.thunderbird.net", "www.studio.example", "autoconfig.hoster.test", "other.test",
}

// short gives candidates as "origin imap-host,…[!]"; "!" where the person has to say yes.
func short(found []Candidate) string {
	var out []string
	for _, c := range found {
		hosts := []string{}
		for _, s := range c.IMAP {
			hosts = append(hosts, fmt.Sprintf("%s:%d/%s", s.Host, s.Port, s.Security))
		}
		text := string(c.Origin) + " " + strings.Join(hosts, ",")
		if len(c.Strange) > 0 {
			text += "!"
		}
		out = append(out, text)
	}
	return strings.Join(out, "; ")
}

func TestFind(t *testing.T) {
	for name, tc := range map[string]struct {
		prepare func(*world)
		want    string // short
		kind    string // of the error
	}{
		"the domain says": {func(w *world) { w.says(ofDomain, config("mail.studio.example")) }, "domain mail.studio.example:993/tls", ""},
		"well-known says": {func(w *world) { w.says(ofKnown, config("mail.studio.example")) }, "domain mail.studio.example:993/tls", ""},
		"the list says":   {func(w *world) { w.says(ofList, config("imap.hoster.test")) }, "list imap.hoster.test:993/tls", ""},
		"all say the same": {func(w *world) {
			w.says(ofDomain, config("a.test"))
			w.says(ofKnown, config("a.test"))
			w.says(ofList, config("a.test"))
		}, "domain a.test:993/tls", ""},
		"the domain before all": {func(w *world) { w.says(ofList, config("b.test")); w.says(ofDomain, config("a.test")) }, "domain a.test:993/tls; list b.test:993/tls", ""},
		"one answers nonsense":  {func(w *world) { w.says(ofDomain, "<html>Welcome"); w.says(ofList, config("b.test")) }, "list b.test:993/tls", ""},
		"a redirect": {func(w *world) {
			w.moved(ofKnown, "https://www.studio.example/x")
			w.says("www.studio.example/x", config("a.test"))
		}, "domain a.test:993/tls", ""},
		"a redirect to HTTP": {func(w *world) {
			w.moved(ofKnown, "http://www.studio.example/x")
			w.says("www.studio.example/x", config("a.test"))
		}, "", "nothing"},
		"a redirect to an IP":    {func(w *world) { w.moved(ofKnown, "https://127.0.0.1/x") }, "", "nothing"},
		"a redirect to a port":   {func(w *world) { w.moved(ofKnown, "https://www.studio.example:8443/x") }, "", "nothing"},
		"a redirect with a name": {func(w *world) { w.moved(ofKnown, "https://me:pass@www.studio.example/x") }, "", "nothing"},
		"a circle of redirects":  {func(w *world) { w.moved(ofKnown, ofKnown) }, "", "nothing"},
		"a page without an end":  {func(w *world) { w.pages[strings.TrimPrefix(ofKnown, "https://")] = endless }, "", "nothing"},
		"nobody knows":           {func(*world) {}, "", "nothing"},
		"no network":             {func(w *world) { w.down = true }, "", "network"},
		"a hoster of the presets": {func(w *world) {
			w.mx["studio.example."] = []*net.MX{{Host: "later.test.", Pref: 20}, {Host: "mx.aruba.it.", Pref: 10}}
		}, "preset imaps.aruba.it:993/tls", ""},
		"a hoster of the list": {func(w *world) {
			w.mx["studio.example."] = []*net.MX{{Host: "mx1.eu.hoster.test.", Pref: 10}}
			w.says("autoconfig.thunderbird.net/v1.1/hoster.test", config("imap.hoster.test"))
		}, "hoster imap.hoster.test:993/tls!", ""},
		"a hoster that tells itself": {func(w *world) {
			w.mx["studio.example."] = []*net.MX{{Host: "mx1.hoster.test.", Pref: 10}}
			w.says("autoconfig.hoster.test/mail/config-v1.1.xml", config("imap.%EMAILDOMAIN%"))
		}, "hoster imap.studio.example:993/tls", ""},
		"a domain without mail": {func(w *world) { w.mx["studio.example."] = []*net.MX{{Host: ".", Pref: 0}} }, "", "nothing"},
		"the DNS says": {func(w *world) {
			w.srv["imaps.studio.example."] = []*net.SRV{{Target: "imap.studio.example.", Port: 993}}
			w.srv["imap.studio.example."] = []*net.SRV{{Target: ".", Port: 0}}
		}, "srv imap.studio.example:993/tls", ""},
		"the DNS says elsewhere": {func(w *world) {
			w.srv["imap.studio.example."] = []*net.SRV{{Target: "imap.hoster.test.", Port: 143}}
		}, "srv imap.hoster.test:143/starttls!", ""},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, everywhere...)
			tc.prepare(w)
			found, err := Find(t.Context(), w.client(), "Studio.Example.")
			if got := short(found); got != tc.want {
				t.Errorf("found %q, want %q", got, tc.want)
			}
			var e *Error
			if tc.kind == "" && err != nil || tc.kind != "" && (!errors.As(err, &e) || e.Kind != tc.kind) {
				t.Errorf("%v, want %q", err, tc.kind)
			}
			checkTold(t, found, err)
		})
	}
}

func endless(out http.ResponseWriter, r *http.Request) {
	for r.Context().Err() == nil {
		if _, err := out.Write([]byte(strings.Repeat("<a>", 1000))); err != nil {
			return
		}
	}
}

// checkTold holds candidates and errors to have words in both languages.
func checkTold(t *testing.T, found []Candidate, err error) {
	t.Helper()
	for _, lang := range words.Languages {
		w := words.New(lang)
		for _, c := range found {
			text := c.Told("studio.example", w)
			if strings.Contains(text, "autoconfig.") || strings.Contains(text, "<no") || !strings.Contains(text, "studio.example") {
				t.Errorf("%s: %q", lang, text)
			}
			for _, host := range c.Strange {
				if !strings.Contains(text, host) {
					t.Errorf("%s: %q does not name %s", lang, text, host)
				}
			}
		}
		if err == nil {
			continue
		}
		if text, ok := Describe(err, w); !ok || len(text) < 40 || strings.Contains(text, "autoconfig.") {
			t.Errorf("%s: %q", lang, text)
		}
	}
}

// TestCompanyOnGoogle: people with a domain of their own at Google or Microsoft are led to the sign-in there.
func TestCompanyOnGoogle(t *testing.T) {
	for mx, want := range map[string]string{
		"aspmx.l.google.com.":                         "google imap.gmail.com [oauth2 password] maria@studio.example",
		"studio-example.mail.protection.outlook.com.": "microsoft outlook.office365.com [oauth2] maria@studio.example",
		"mx.pec.aruba.it.":                            "aruba imaps.pec.aruba.it [password] maria@studio.example",
	} {
		w := newWorld(t)
		w.mx["studio.example."] = []*net.MX{{Host: mx}}
		found, err := Find(t.Context(), w.client(), "studio.example")
		if err != nil || len(found) != 1 || len(found[0].IMAP) != 1 {
			t.Fatalf("%s: %v, %v", mx, short(found), err)
		}
		s := found[0].IMAP[0]
		user, _ := s.Login("maria@studio.example")
		if got := fmt.Sprint(found[0].Operator, " ", s.Host, " ", s.Auth, " ", user); got != want {
			t.Errorf("%s: %s, want %s", mx, got, want)
		}
	}
}

// TestAddressIsNeverTold: only the domain goes out, only over HTTPS and DNS, and only to whom the question named.
func TestAddressIsNeverTold(t *testing.T) {
	w := newWorld(t, everywhere...)
	_, _ = Find(t.Context(), w.client(), "studio.example")
	if strings.Contains(w.told, "@") || strings.Contains(strings.ToLower(w.told), "emailaddress") || strings.Contains(w.told, "Go-http") {
		t.Errorf("told: %s", w.told)
	}
	slices.Sort(w.asked)
	want := []string{
		"MX studio.example.", "SRV _imap._tcp.studio.example.", "SRV _imaps._tcp.studio.example.", "SRV _submission._tcp.studio.example.",
		"SRV _submissions._tcp.studio.example.", ofDomain, ofList, ofKnown,
	}
	slices.Sort(want)
	if !slices.Equal(w.asked, want) {
		t.Errorf("asked\n%q, want\n%q", w.asked, want)
	}
	for _, lang := range words.Languages {
		text := Consent("studio.example", words.New(lang))
		if !strings.Contains(text, "studio.example") || !strings.Contains(text, list) {
			t.Errorf("%s: the question is %q", lang, text)
		}
	}
}

func TestWhatIsNoMailDomain(t *testing.T) {
	w := newWorld(t)
	for _, domain := range []string{
		"", "it", "co.uk", "maria@studio.example", "127.0.0.1", "[::1]", "studio.example/x", "studio..example", "-a.example", "a b.example", "studio.example:443",
		"studio.example?x", "evil.example#", strings.Repeat("a.", 200) + "example", strings.Repeat("a", 64) + ".example", strings.Repeat("x", 1<<20), "a\x00.example",
	} {
		var e *Error
		if _, err := Find(t.Context(), w.client(), domain); !errors.As(err, &e) || e.Kind != "domain" {
			t.Errorf("%.40q: %v", domain, err)
		} else {
			checkTold(t, nil, err)
		}
	}
	if len(w.asked) > 0 {
		t.Errorf("asked %q", w.asked)
	}
	// A domain with letters beyond ASCII is asked for in ASCII (RFC 5890).
	_, _ = Find(t.Context(), w.client(), "perché.example")
	if !slices.Contains(w.asked, "MX xn--perch-fsa.example.") {
		t.Errorf("asked %q", w.asked)
	}
}

func TestFindIsCancelledAtOnce(t *testing.T) {
	w := newWorld(t, everywhere...)
	w.pages[strings.TrimPrefix(ofKnown, "https://")] = func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(50*time.Millisecond, cancel)
	began := time.Now()
	if _, err := Find(ctx, w.client(), "studio.example"); !errors.Is(err, context.Canceled) || time.Since(began) > 2*time.Second {
		t.Errorf("%v after %s", err, time.Since(began))
	}
}

// TestOtherCertificates: a server whose certificate does not name it is not believed.
func TestOtherCertificates(t *testing.T) {
	w := newWorld(t, "other.test")
	w.names = everywhere
	w.says(ofDomain, config("a.test"))
	w.says(ofList, config("a.test"))
	var e *Error
	if found, err := Find(t.Context(), w.client(), "studio.example"); !errors.As(err, &e) || e.Kind != "network" || len(w.told) > 0 && strings.Contains(w.told, "GET") {
		t.Errorf("%v, %v", short(found), err)
	}
}

func TestOrderOfRecords(t *testing.T) {
	records := []*net.SRV{
		{Target: "c", Priority: 20, Weight: 1000}, {Target: "a", Priority: 10, Weight: 90}, {Target: "b", Priority: 10, Weight: 10}, {Target: "z", Priority: 10, Weight: 0},
	}
	first := map[string]int{}
	for n := range 101 { // every answer that chance can give once
		calls := 0
		out := inOrder(records, func(limit int) int {
			calls++
			if calls == 1 {
				if limit != 101 {
					t.Fatalf("drawn out of %d", limit)
				}
				return n
			}
			return 0
		})
		if len(out) != 4 || out[3].Target != "c" {
			t.Fatalf("order %v", out)
		}
		first[out[0].Target]++
	}
	if first["a"] != 90 || first["b"] != 10 || first["z"] != 1 {
		t.Errorf("first were %v, want them as their weights say", first)
	}
}
