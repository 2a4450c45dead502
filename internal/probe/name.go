package probe

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"time"
)

// patience is how much longer the second family of addresses is waited for once the first has come.
const patience = time.Second

// maxAddresses bounds how many addresses of a name are tried.
const maxAddresses = 6

// answer is what one look-up of addresses gave.
type answer struct {
	addrs []netip.Addr
	took  time.Duration
	err   error
}

// addresses looks up a host's IPv4 and IPv6 addresses, both at once, as two stages. An address is its own answer.
func (r *run) addresses(ctx context.Context, host string) ([]netip.Addr, error) {
	if addr, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{addr}, nil
	}
	ctx, cancel := context.WithTimeout(ctx, r.limits.DNS)
	defer cancel()
	four, six := make(chan answer, 1), make(chan answer, 1)
	go func() { four <- r.lookUp(ctx, "ip4", host) }()
	go func() { six <- r.lookUp(ctx, "ip6", host) }()
	var a, aaaa answer
	select { // both are waited for: whoever is late is called off
	case a = <-four:
		aaaa = await(six, a.err == nil, cancel)
	case aaaa = <-six:
		a = await(four, aaaa.err == nil, cancel)
	}
	r.note(StageA, a, aaaa.err == nil)
	r.note(StageAAAA, aaaa, a.err == nil)
	if a.err != nil && aaaa.err != nil {
		return nil, r.worse(host, a.err, aaaa.err)
	}
	return interleave(aaaa.addrs, a.addrs), nil
}

// await waits for the second answer, with patience only where the first one has brought addresses.
func await(second <-chan answer, enough bool, cancel func()) answer {
	if !enough {
		return <-second
	}
	timer := time.AfterFunc(patience, cancel)
	defer timer.Stop()
	return <-second
}

func (r *run) lookUp(ctx context.Context, network, host string) answer {
	begin := r.deps.Now()
	addrs, err := r.deps.Resolver.LookupNetIP(ctx, network, host)
	if err == nil && len(addrs) == 0 {
		err = &net.DNSError{Err: "no address", Name: host, IsNotFound: true}
	}
	return answer{addrs: addrs, took: r.deps.Now().Sub(begin), err: err}
}

// note adds the stage of one family. That a host has addresses of the other family only is no fault.
func (r *run) note(name StageName, a answer, other bool) {
	s := Stage{Name: name, Took: a.took, Ending: EndingOK}
	switch {
	case a.err == nil:
		list := make([]string, 0, len(a.addrs))
		for _, addr := range a.addrs[:min(len(a.addrs), maxAddresses)] {
			list = append(list, addr.Unmap().String())
		}
		s.Detail = clean(strings.Join(list, " "))
	case other && dnsEnding(a.err) == EndingDNSUnknown:
		s.Detail = "none"
	default:
		s.Ending, s.Detail = r.understand(fail(dnsEnding(a.err), a.err)).ending, clean(a.err.Error())
	}
	r.result.Stages = append(r.result.Stages, s)
}

// worse says why a name has no address of either family: that nobody answers counts more than a failing server, and
// both more than "there is none", since the other family may exist.
func (r *run) worse(host string, errs ...error) error {
	worst := fail(EndingDNSUnknown, errs[0])
	rank := map[Ending]int{EndingDNSUnknown: 0, EndingDNS: 1, EndingDNSTimeout: 2}
	for _, err := range errs {
		if e := dnsEnding(err); rank[e] > rank[worst.ending] {
			worst = fail(e, err)
		}
	}
	worst.err = fmt.Errorf("look up %s: %w", host, worst.err)
	return worst
}

// dnsEnding tells what a look-up's error means. Go tells "there is no such name" and "it has no such record" alike; who
// has to know the one from the other asks for another record.
func dnsEnding(err error) Ending {
	var dns *net.DNSError
	switch {
	case errors.As(err, &dns) && dns.IsTimeout, errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return EndingDNSTimeout
	case dns != nil && dns.IsNotFound:
		return EndingDNSUnknown
	}
	return EndingDNS // SERVFAIL, REFUSED, an answer that is none, no server to ask
}

// interleave takes addresses of the families in turn, as many as are worth trying (RFC 8305 section 4).
func interleave(six, four []netip.Addr) []netip.Addr {
	var all []netip.Addr
	for i := 0; i < max(len(six), len(four)) && len(all) < maxAddresses; i++ {
		if i < len(six) {
			all = append(all, six[i].Unmap())
		}
		if i < len(four) {
			all = append(all, four[i].Unmap())
		}
	}
	return all[:min(len(all), maxAddresses)]
}

// exchangers looks up the servers that take in a domain's mail, the preferred first (RFC 5321 section 5.1).
func (r *run) exchangers(ctx context.Context, domain string) (hosts []string, err error) {
	err = r.stage(StageMX, func() (string, error) {
		ctx, cancel := context.WithTimeout(ctx, r.limits.DNS)
		defer cancel()
		// The dot keeps the resolver from trying the name below the machine's own domain.
		name := strings.TrimSuffix(domain, ".") + "."
		list, err := r.deps.Resolver.LookupMX(ctx, name)
		if err != nil && len(list) == 0 {
			hosts, err = r.withoutMX(ctx, domain, err)
			return strings.Join(hosts, " "), err
		}
		for _, mx := range list {
			if host := strings.TrimSuffix(mx.Host, "."); validHost(host) {
				hosts = append(hosts, host)
			}
		}
		switch {
		case len(list) == 1 && list[0].Host == ".":
			return "", fail(EndingNullMX, errors.New("the domain's only MX is the root"))
		case len(hosts) == 0:
			return "", fail(EndingNoMX, errors.New("no usable name among the MX"))
		}
		return strings.Join(hosts, " "), nil
	})
	return hosts, err
}

// withoutMX finds out what it means that no MX was found: the domain's own address takes the mail where it has one
// (RFC 5321 section 5.1); else the domain is there without a server for mail, or is not there at all.
func (r *run) withoutMX(ctx context.Context, domain string, err error) ([]string, error) {
	if e := dnsEnding(err); e != EndingDNSUnknown {
		return nil, fail(e, err)
	}
	name := strings.TrimSuffix(domain, ".") + "."
	addrs, addrErr := r.deps.Resolver.LookupNetIP(ctx, "ip", name)
	if addrErr == nil && len(addrs) > 0 {
		return []string{strings.TrimSuffix(domain, ".")}, nil
	}
	if e := dnsEnding(addrErr); addrErr != nil && e != EndingDNSUnknown {
		return nil, fail(e, addrErr)
	}
	if _, nsErr := r.deps.Resolver.LookupNS(ctx, name); nsErr == nil {
		return nil, fail(EndingNoMX, err)
	}
	return nil, fail(EndingDNSUnknown, err)
}
