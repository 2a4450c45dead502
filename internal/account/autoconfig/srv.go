package autoconfig

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"slices"
	"time"
)

// Resolver asks the DNS; [net.DefaultResolver] is one.
type Resolver interface {
	LookupMX(ctx context.Context, name string) ([]*net.MX, error)
	LookupSRV(ctx context.Context, service, proto, name string) (string, []*net.SRV, error)
}

// services are the names asked for. TLS from the first byte comes before STARTTLS (RFC 8314 section 3).
var services = []struct{ name, kind, security string }{
	{"imaps", "imap", "tls"},           // RFC 6186 section 3.2
	{"imap", "imap", "starttls"},       // the same
	{"submissions", "smtp", "tls"},     // RFC 8314 section 5.1
	{"submission", "smtp", "starttls"}, // RFC 6186 section 3.1
}

// lookupTime bounds one question to the DNS.
const lookupTime = 5 * time.Second

// SRV asks the DNS for a domain's servers (RFC 6186). Its error says that there are none (wrapping what the DNS said) or that
// the domain is no mail domain.
func SRV(ctx context.Context, r Resolver, domain string) (Candidate, error) {
	domain, ok := mailDomain(domain)
	if !ok {
		return Candidate{}, &Error{Kind: "domain"}
	}
	c := Candidate{Origin: OriginSRV, Source: "_imaps._tcp." + domain}
	var failed []error
	for _, s := range services {
		servers, err := lookup(ctx, r, s.name, domain)
		if err != nil {
			failed = append(failed, err)
		}
		for i := range servers {
			servers[i].Security = s.security
		}
		if s.kind == "imap" {
			c.IMAP = append(c.IMAP, servers...)
		} else {
			c.SMTP = append(c.SMTP, servers...)
		}
	}
	if err := ctx.Err(); err != nil {
		return Candidate{}, err
	}
	if c.empty() {
		return Candidate{}, &Error{Kind: "nothing", Domain: domain, Err: errors.Join(failed...)}
	}
	c.Strange = c.strange(domain)
	return c, nil
}

// lookup asks for one service.
func lookup(ctx context.Context, r Resolver, service, domain string) ([]Server, error) {
	ctx, cancel := context.WithTimeout(ctx, lookupTime)
	defer cancel()
	// The dot at the end keeps the resolver from trying the name below the network's own domain.
	_, records, err := r.LookupSRV(ctx, service, "tcp", domain+".")
	if err != nil && len(records) == 0 {
		return nil, fmt.Errorf("look up _%s._tcp.%s: %w", service, domain, err)
	}
	var servers []Server
	for _, record := range inOrder(records[:min(len(records), maxServers)], rand.IntN) {
		host, ok := hostName(record.Target)
		if !ok || record.Port == 0 {
			continue // a lone "." says that the service is not offered (RFC 2782), and it is no host name either
		}
		servers = append(servers, Server{Host: host, Port: int(record.Port), Auth: []string{"password"}, user: "%EMAILADDRESS%"})
	}
	return servers, nil
}

// inOrder puts records in the order in which they are to be tried (RFC 2782): by priority, and within one by chance, so that
// many programs spread over the servers as their weights say. pick gives a number below n.
func inOrder(records []*net.SRV, pick func(n int) int) []*net.SRV {
	rest := slices.Clone(records)
	slices.SortStableFunc(rest, func(a, b *net.SRV) int {
		return cmp.Or(cmp.Compare(a.Priority, b.Priority), cmp.Compare(a.Weight, b.Weight)) // weight 0 first, as the RFC wants
	})
	out := make([]*net.SRV, 0, len(rest))
	for len(rest) > 0 {
		sum, end := 0, 0
		for end < len(rest) && rest[end].Priority == rest[0].Priority {
			sum += int(rest[end].Weight)
			end++
		}
		at, chosen := pick(sum+1), 0
		for chosen < end-1 && at > int(rest[chosen].Weight) {
			at -= int(rest[chosen].Weight)
			chosen++
		}
		out = append(out, rest[chosen])
		rest = slices.Delete(rest, chosen, chosen+1)
	}
	return out
}
