package probe

import (
	"context"
	"net"
	"slices"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"
)

// zone answers for one name, in the wire format of the DNS.
type zone struct {
	code  dnsmessage.RCode
	mx    []string
	a     bool
	aaaa  bool
	ns    bool
	mute  bool // for everything
	muteA bool // for IPv4 addresses
}

// zones are what the test's name server knows.
var zones = map[string]zone{
	"good.test.":   {mx: []string{"mx1.good.test.", "mx2.good.test."}, ns: true},
	"null.test.":   {mx: []string{"."}, ns: true},
	"nomx.test.":   {ns: true},
	"a-only.test.": {a: true, ns: true},
	"both.test.":   {a: true, aaaa: true},
	"six.test.":    {aaaa: true},
	"servfail.test.": {
		code: dnsmessage.RCodeServerFailure,
	},
	"refused.test.": {code: dnsmessage.RCodeRefused},
	"mute.test.":    {mute: true},
	"half.test.":    {muteA: true, aaaa: true},
}

// nameServer starts a name server on loopback and gives Go's own resolver, which asks it and nobody else.
func nameServer(t *testing.T) *net.Resolver {
	t.Helper()
	conn, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		buf := make([]byte, 1500)
		for {
			n, from, err := conn.ReadFrom(buf)
			if err != nil {
				return
			}
			if answer := answerTo(buf[:n]); answer != nil {
				conn.WriteTo(answer, from)
			}
		}
	}()
	t.Cleanup(func() {
		conn.Close()
		<-done
	})
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "udp4", conn.LocalAddr().String())
	}}
}

// answerTo gives the answer to a question; nil for none.
func answerTo(query []byte) []byte {
	var q dnsmessage.Message
	if q.Unpack(query) != nil || len(q.Questions) != 1 {
		return nil
	}
	ask := q.Questions[0]
	z, known := zones[ask.Name.String()]
	if z.mute || (z.muteA && ask.Type == dnsmessage.TypeA) {
		return nil
	}
	m := dnsmessage.Message{Header: dnsmessage.Header{ID: q.ID, Response: true, RecursionAvailable: true, RCode: z.code}, Questions: q.Questions}
	if !known {
		m.RCode = dnsmessage.RCodeNameError
	}
	add := func(body dnsmessage.ResourceBody) {
		m.Answers = append(m.Answers, dnsmessage.Resource{Header: dnsmessage.ResourceHeader{Name: ask.Name, Class: ask.Class, TTL: 1}, Body: body})
	}
	switch ask.Type {
	case dnsmessage.TypeMX:
		for i, host := range z.mx {
			add(&dnsmessage.MXResource{Pref: uint16(i), MX: dnsmessage.MustNewName(host)})
		}
	case dnsmessage.TypeA:
		if z.a {
			add(&dnsmessage.AResource{A: [4]byte{127, 0, 0, 1}})
		}
	case dnsmessage.TypeAAAA:
		if z.aaaa {
			add(&dnsmessage.AAAAResource{AAAA: [16]byte{15: 1}})
		}
	case dnsmessage.TypeNS:
		if z.ns {
			add(&dnsmessage.NSResource{NS: dnsmessage.MustNewName("ns.test.")})
		}
	}
	packed, err := m.Pack()
	if err != nil {
		return nil
	}
	return packed
}

// TestMailDomains: Go's own resolver, over the wire, tells the ways apart in which a domain has no server for its mail.
func TestMailDomains(t *testing.T) {
	resolver := nameServer(t)
	for domain, want := range map[string]struct {
		ending Ending
		hosts  []string
	}{
		"good.test": {EndingOK, []string{"mx1.good.test", "mx2.good.test"}}, "null.test": {EndingNullMX, nil}, "nomx.test": {EndingNoMX, nil},
		"a-only.test": {EndingOK, []string{"a-only.test"}}, "nobody.test": {EndingDNSUnknown, nil}, "servfail.test": {EndingDNS, nil},
		"refused.test": {EndingDNS, nil}, "mute.test": {EndingDNSTimeout, nil},
	} {
		t.Run(domain, func(t *testing.T) {
			t.Parallel()
			r := newRun(t.Context(), Target{Kind: KindMX, Host: domain}, Deps{Resolver: resolver, Limits: quick})
			hosts, err := r.exchangers(t.Context(), domain)
			got, _ := endingOf(err)
			if got != want.ending || !slices.Equal(hosts, want.hosts) {
				t.Errorf("%s %v, want %s %v: %v", got, hosts, want.ending, want.hosts, err)
			}
			if s := r.result.Stages; len(s) != 1 || s[0].Name != StageMX || s[0].Ending != want.ending {
				t.Errorf("the stages are %+v", s)
			}
		})
	}
}

// TestAddresses: the two families are asked apart; that one is missing is no fault, and one that does not answer holds up the
// other for a moment only.
func TestAddresses(t *testing.T) {
	resolver := nameServer(t)
	limits := quick
	limits.DNS = 3 * time.Second
	for host, want := range map[string]struct {
		ending, a, aaaa Ending
		addrs           int
		atMost          time.Duration
	}{
		"both.test": {EndingOK, EndingOK, EndingOK, 2, time.Second}, "a-only.test": {EndingOK, EndingOK, EndingOK, 1, time.Second},
		"six.test": {EndingOK, EndingOK, EndingOK, 1, time.Second}, "nobody.test": {EndingDNSUnknown, EndingDNSUnknown, EndingDNSUnknown, 0, time.Second},
		"servfail.test": {EndingDNS, EndingDNS, EndingDNS, 0, time.Second}, "mute.test": {EndingDNSTimeout, EndingDNSTimeout, EndingDNSTimeout, 0, 5 * time.Second},
		"half.test": {EndingOK, EndingDNSTimeout, EndingOK, 1, 2 * time.Second}, "127.0.0.1": {EndingOK, "", "", 1, time.Second},
	} {
		t.Run(host, func(t *testing.T) {
			t.Parallel()
			r := newRun(t.Context(), Target{Kind: KindSMTP, Host: host}, Deps{Resolver: resolver, Limits: limits})
			begin := time.Now()
			addrs, err := r.addresses(t.Context(), host)
			if took := time.Since(begin); took > want.atMost {
				t.Errorf("it took %v", took)
			}
			if got, _ := endingOf(err); got != want.ending || len(addrs) != want.addrs {
				t.Errorf("%s %v, want %s and %d: %v", got, addrs, want.ending, want.addrs, err)
			}
			var a, aaaa Ending
			for _, s := range r.result.Stages {
				switch s.Name {
				case StageA:
					a = s.Ending
				case StageAAAA:
					aaaa = s.Ending
				}
			}
			if a != want.a || aaaa != want.aaaa {
				t.Errorf("A is %s, AAAA is %s; want %s, %s", a, aaaa, want.a, want.aaaa)
			}
		})
	}
}
