package probe

import (
	"context"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// exchange is the world of a check of an MX: what answers behind each name on port 25.
type exchange struct {
	t     *testing.T
	names names
	doors map[string]play // by address; nil: refused
	mu    sync.Mutex
	asked []string // addresses, in their order
}

// dial stands in for the network: port 25 of an address leads to the play behind it.
func (e *exchange) dial(ctx context.Context, _, address string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil || port != "25" {
		return nil, fmt.Errorf("nobody should connect to %s", address)
	}
	e.mu.Lock()
	e.asked = append(e.asked, host)
	e.mu.Unlock()
	p, open := e.doors[host]
	switch {
	case !open:
		<-ctx.Done()
		return nil, ctx.Err()
	case p == nil:
		return nil, &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}
	}
	n, _ := serve(e.t, nil, p)
	return new(net.Dialer).DialContext(ctx, "tcp", fmt.Sprintf("127.0.0.1:%d", n))
}

// mxNames: libero.it has two servers, gmail.com and tim.it one each.
var mxNames = names{
	mx: map[string][]*net.MX{
		"libero.it": {{Host: "mx1.libero.it.", Pref: 10}, {Host: "mx2.libero.it.", Pref: 20}},
		"gmail.com": {{Host: "mx.gmail.com.", Pref: 5}}, "tim.it": {{Host: "mx.tim.it.", Pref: 5}},
	},
	a: map[string][]string{"mx1.libero.it": {"192.0.2.1"}, "mx2.libero.it": {"192.0.2.2"}, "mx.gmail.com": {"192.0.2.3"}, "mx.tim.it": {"192.0.2.4"}},
}

// TestLineThatBlocks: a port 25 that does not answer counts against the provider only where something shows that this line
// lets it through.
func TestLineThatBlocks(t *testing.T) {
	good := submission()
	for name, tc := range map[string]struct {
		doors  map[string]play
		others []string
		open   bool
		want   Ending
		asked  []string
	}{
		"takes mail":            {map[string]play{"192.0.2.1": good}, []string{"gmail.com"}, false, EndingOK, []string{"192.0.2.1"}},
		"the second takes mail": {map[string]play{"192.0.2.1": nil, "192.0.2.2": good}, nil, false, EndingOK, []string{"192.0.2.1", "192.0.2.2"}},
		"refuses, and the other answers": {
			map[string]play{"192.0.2.1": nil, "192.0.2.2": nil, "192.0.2.3": good},
			[]string{"gmail.com"},
			false, EndingRefused,
			[]string{"192.0.2.1", "192.0.2.2", "192.0.2.3"},
		},
		"refuses, and the other turns this line away": {
			map[string]play{"192.0.2.1": nil, "192.0.2.2": nil, "192.0.2.3": greeting("554 5.7.1 blocked using zen.spamhaus.org")},
			[]string{"gmail.com"},
			false, EndingRefused,
			[]string{"192.0.2.1", "192.0.2.2", "192.0.2.3"},
		},
		"nobody answers": {
			map[string]play{}, []string{"gmail.com", "tim.it"}, false, EndingUnseen, []string{"192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4"},
		},
		"everything is refused": {
			map[string]play{"192.0.2.1": nil, "192.0.2.2": nil, "192.0.2.3": nil},
			[]string{"gmail.com"},
			false, EndingUnseen,
			[]string{"192.0.2.1", "192.0.2.2", "192.0.2.3"},
		},
		"a box on the line takes everything and is silent": {
			map[string]play{"192.0.2.1": (*stage).rest, "192.0.2.2": (*stage).rest, "192.0.2.3": (*stage).rest},
			[]string{"gmail.com"},
			false, EndingUnseen,
			[]string{"192.0.2.1", "192.0.2.2", "192.0.2.3"},
		},
		"nobody to compare with":          {map[string]play{"192.0.2.1": nil, "192.0.2.2": nil}, nil, false, EndingUnseen, []string{"192.0.2.1", "192.0.2.2"}},
		"the line is known":               {map[string]play{"192.0.2.1": nil, "192.0.2.2": nil}, []string{"gmail.com"}, true, EndingRefused, []string{"192.0.2.1", "192.0.2.2"}},
		"the other's names are not found": {map[string]play{"192.0.2.1": nil, "192.0.2.2": nil}, []string{"nobody.it"}, false, EndingUnseen, []string{"192.0.2.1", "192.0.2.2"}},
		"the same domain is no other":     {map[string]play{"192.0.2.1": nil, "192.0.2.2": nil}, []string{"libero.it"}, false, EndingUnseen, []string{"192.0.2.1", "192.0.2.2"}},
		"an answer is an answer":          {map[string]play{"192.0.2.1": greeting("421 storm"), "192.0.2.2": nil}, []string{"gmail.com"}, false, EndingGreeting421, []string{"192.0.2.1", "192.0.2.2"}},
		"the second answers":              {map[string]play{"192.0.2.1": nil, "192.0.2.2": greeting("554 closed")}, []string{"gmail.com"}, false, EndingGreeting554, []string{"192.0.2.1", "192.0.2.2"}},
		"at most two others are asked": {
			map[string]play{"192.0.2.1": nil, "192.0.2.2": nil, "192.0.2.3": nil, "192.0.2.4": nil},
			[]string{"gmail.com", "tim.it", "good.it"},
			false, EndingUnseen,
			[]string{"192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := &exchange{t: t, names: mxNames, doors: tc.doors}
			limits := quick
			limits.TCP = 400 * time.Millisecond
			got := Check(t.Context(), Target{Kind: KindMX, Host: "libero.it", Others: tc.others, LineOpen: tc.open}, Deps{Resolver: e.names, Dial: e.dial, Limits: limits})
			if got.Ending != tc.want {
				t.Errorf("it ended with %s, want %s: %+v", got.Ending, tc.want, got.Stages)
			}
			if !slices.Equal(e.asked, tc.asked) {
				t.Errorf("asked were %v, want %v", e.asked, tc.asked)
			}
		})
	}
}

// TestBlockedLine: where the line is known to block port 25, the provider's servers are tried and nobody else's.
func TestBlockedLine(t *testing.T) {
	for name, tc := range map[string]struct {
		doors map[string]play
		want  Ending
		asked []string
	}{
		"it still does":   {map[string]play{"192.0.2.3": submission()}, EndingUnseen, []string{"192.0.2.1", "192.0.2.2"}},
		"it does no more": {map[string]play{"192.0.2.1": submission()}, EndingOK, []string{"192.0.2.1"}},
		"an answer stays": {map[string]play{"192.0.2.1": greeting("421 storm")}, EndingGreeting421, []string{"192.0.2.1", "192.0.2.2"}},
	} {
		e := &exchange{t: t, names: mxNames, doors: tc.doors}
		limits := quick
		limits.TCP = 400 * time.Millisecond
		got := Check(t.Context(), Target{Kind: KindMX, Host: "libero.it", Others: []string{"gmail.com"}, LineBlocked: true}, Deps{Resolver: e.names, Dial: e.dial, Limits: limits})
		if got.Ending != tc.want || !slices.Equal(e.asked, tc.asked) {
			t.Errorf("%s: %s after asking %v, want %s after %v", name, got.Ending, e.asked, tc.want, tc.asked)
		}
	}
}

// TestSilentExchanger: a server that takes the connection and is silent leaves time to ask another operator's, and counts
// against the provider when that one answers.
func TestSilentExchanger(t *testing.T) {
	limits := Limits{Whole: 3 * time.Second, Greeting: 1500 * time.Millisecond, Quit: 100 * time.Millisecond}
	e := &exchange{t: t, names: mxNames, doors: map[string]play{"192.0.2.1": (*stage).rest, "192.0.2.2": (*stage).rest, "192.0.2.3": submission()}}
	got := Check(t.Context(), Target{Kind: KindMX, Host: "libero.it", Others: []string{"gmail.com"}}, Deps{Resolver: e.names, Dial: e.dial, Limits: limits})
	if got.Ending != EndingSilent || !slices.Equal(e.asked, []string{"192.0.2.1", "192.0.2.3"}) {
		t.Errorf("%s after asking %v: %+v", got.Ending, e.asked, got.Stages)
	}
}

// TestNothingButAGreeting: what a check says to an MX is a greeting and a goodbye.
func TestNothingButAGreeting(t *testing.T) {
	port, heard := serve(t, nil, submission())
	got := Check(t.Context(), Target{Kind: KindMX, Host: "127.0.0.1", Port: port}, local())
	heard.mu.Lock()
	defer heard.mu.Unlock()
	if got.Ending != EndingOK || strings.Join(heard.lines, "|") != "EHLO [127.0.0.1]|QUIT" {
		t.Errorf("%s, after %q", got.Ending, heard.lines)
	}
}
