package autoconfig

import (
	"context"
	"errors"
	"net"
	"reflect"
	"slices"
	"strings"
	"sync"

	"rimbalzo/internal/provider"
)

// list is Mozilla's public list of providers, made for mail programs to ask.
const list = "autoconfig.thunderbird.net"

// wellKnown is where a domain tells of its servers below its own name.
const wellKnown = "/.well-known/autoconfig/mail/config-v1.1.xml"

// question is one address that may know a domain's servers.
type question struct {
	origin Origin
	url    string
	domain string // what %EMAILDOMAIN% stands for
}

// Find asks for a domain's servers, best answer first: the domain itself and the public list; where they know nothing, the
// provider that receives its mail; at last the domain's DNS. The person has agreed before ([Consent]).
// Errors are [*Error] or the context's; it takes half a minute at most.
func Find(ctx context.Context, c Client, domain string) ([]Candidate, error) {
	domain, ok := mailDomain(domain)
	if !ok {
		return nil, &Error{Kind: "domain"}
	}
	ctx, cancel := context.WithTimeoutCause(ctx, findTime, errFindTime)
	defer cancel()
	found, listErr, failed := c.askAll(ctx, []question{
		{OriginDomain, "https://autoconfig." + domain + "/mail/config-v1.1.xml", domain},
		{OriginDomain, "https://" + domain + wellKnown, domain},
		{OriginList, "https://" + list + "/v1.1/" + domain, domain},
	})
	if len(found) == 0 {
		var more error
		found, more = c.hoster(ctx, domain)
		failed = errors.Join(failed, more)
	}
	if len(found) == 0 {
		candidate, err := SRV(ctx, c.resolver(), domain)
		if err == nil {
			found = []Candidate{candidate}
		}
		failed = errors.Join(failed, err)
	}
	if err := ctx.Err(); err != nil && !errors.Is(context.Cause(ctx), errFindTime) {
		return nil, err
	}
	if len(found) > 0 {
		return found, nil
	}
	if listErr != nil && !errors.Is(listErr, errAbsent) {
		// The list answers for every domain, if only that it does not know it: without that the network is in the way.
		return nil, &Error{Kind: "network", Domain: domain, Err: failed}
	}
	return nil, &Error{Kind: "nothing", Domain: domain, Err: failed}
}

// askAll asks everybody at once and gives the answers in the order of the questions, each set of servers once. listErr is
// what the public list said, where it was asked.
func (c Client) askAll(ctx context.Context, questions []question) (found []Candidate, listErr, failed error) {
	candidates, errs := make([]Candidate, len(questions)), make([]error, len(questions))
	client := c.http()
	defer client.CloseIdleConnections()
	var all sync.WaitGroup
	for i, q := range questions {
		all.Go(func() { candidates[i], errs[i] = ask(ctx, client, q) })
	}
	all.Wait()
	for i, candidate := range candidates {
		if questions[i].origin == OriginList {
			listErr = errs[i]
		}
		if errs[i] == nil && !slices.ContainsFunc(found, candidate.same) {
			found = append(found, candidate)
		}
	}
	return found, listErr, errors.Join(errs...)
}

// same reports whether two candidates name the same servers.
func (c Candidate) same(other Candidate) bool {
	return reflect.DeepEqual([][]Server{c.IMAP, c.POP3, c.SMTP}, [][]Server{other.IMAP, other.POP3, other.SMTP})
}

// hoster asks who receives the domain's mail, as people with a domain of their own have it with some provider: one that the
// presets know, or one that the public list or the provider itself tells of. The link is DNS alone, signed by nobody.
func (c Client) hoster(ctx context.Context, domain string) ([]Candidate, error) {
	lookup, cancel := context.WithTimeout(ctx, lookupTime)
	defer cancel()
	records, err := c.resolver().LookupMX(lookup, domain+".")
	if len(records) == 0 {
		return nil, err
	}
	slices.SortStableFunc(records, func(a, b *net.MX) int { return int(a.Pref) - int(b.Pref) })
	host, ok := hostName(records[0].Host)
	if !ok {
		return nil, nil // a lone "." says that the domain takes no mail (RFC 7505)
	}
	if p, ok := provider.Builtin().PresetByMX(host); ok && p.IMAP != nil {
		return []Candidate{fromPreset(p, host)}, nil
	}
	operator := registered(host)
	if operator == "" || operator == registered(domain) {
		return nil, nil
	}
	found, _, err := c.askAll(ctx, []question{
		{OriginHoster, "https://" + list + "/v1.1/" + operator, domain},
		{OriginHoster, "https://autoconfig." + operator + "/mail/config-v1.1.xml", domain},
	})
	for i := range found {
		found[i].Strange = found[i].strange(domain)
		if found[i].Name == "" {
			found[i].Name = operator
		}
	}
	return found, err
}

// fromPreset makes a candidate of what the program knows of a provider. A provider's own sources vouch for its servers, so
// that they are strange to nobody.
func fromPreset(p provider.Preset, mx string) Candidate {
	c := Candidate{Origin: OriginPreset, Source: mx, Name: p.Name, Operator: p.Operator}
	for _, s := range []struct {
		from *provider.Endpoint
		to   *[]Server
	}{{p.IMAP, &c.IMAP}, {p.POP3, &c.POP3}, {p.SMTP, &c.SMTP}} {
		if s.from == nil {
			continue
		}
		server := Server{Host: s.from.Host, Port: s.from.Port, Security: strings.Replace(s.from.TLS, "implicit", "tls", 1)}
		for _, way := range p.Auth {
			if way = strings.TrimPrefix(way, "app-"); !slices.Contains(server.Auth, way) {
				server.Auth = append(server.Auth, way)
			}
		}
		// "%OWN%" is nothing that Login can fill: the provider's own name has to be typed.
		server.user = map[string]string{"email": "%EMAILADDRESS%", "localpart": "%EMAILLOCALPART%", "": "%OWN%"}[p.User]
		*s.to = []Server{server}
	}
	return c
}
